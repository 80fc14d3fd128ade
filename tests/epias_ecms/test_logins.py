"""One login for all: many calls, many threads, tasks and processes, one of them killed."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gridwright_apis.epias_ecms import AsyncClient, Client
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import AuthenticationError, ConnectError
from gridwright_runtime.mock.serve import running
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

from .support import (
    KINDS,
    NOW,
    PASSWORD,
    ROOT,
    USERNAME,
    Desk,
    Kind,
    clock_of,
    index,
    make_app,
    mock_of,
    server_of,
)

both = pytest.mark.parametrize("kind", KINDS)
BASE = "/ecms-index-metering-data/rest"


@both
def test_many_calls_need_one_login_and_a_ticket_each(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        for _ in range(5):
            desk.call("find_indexes", index_ids=[700_000])
    server = server_of(app)
    assert (server.logins, server.tickets, server.consumed) == (1, 5, 5)


@both
def test_a_login_lasts_while_it_is_used_and_is_renewed_after_a_pause(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        for _ in range(4):
            desk.call("find_indexes", index_ids=[700_000])
            clock_of(app).advance(40 * 60)
        assert server_of(app).logins == 1
        clock_of(app).advance(10 * 60)
        desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


@both
def test_a_login_that_the_server_has_forgotten_is_renewed_once(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        desk.call("find_indexes", index_ids=[700_000])
        server_of(app).forget()
        desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


@both
def test_a_wrong_password_is_tried_once_a_call(kind: Kind) -> None:
    app = make_app()
    desk = Desk(kind, app, password="INVENTED-wrong")
    with desk, pytest.raises(AuthenticationError) as caught:
        desk.call("find_indexes", index_ids=[700_000])
    assert (server_of(app).refused_logins, server_of(app).tickets) == (1, 0)
    assert caught.value.transaction_id
    assert "INVENTED-wrong" not in str(caught.value)


def test_clients_share_a_login_through_the_folder(tmp_path: Path) -> None:
    app = make_app()
    for kind in (*KINDS, *KINDS):
        with Desk(kind, app, ticket_folder=tmp_path) as desk:
            desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 1


def test_production_and_test_never_share_a_login(tmp_path: Path) -> None:
    app = make_app()
    for environment in ("production", "test", "production", "test"):
        with Desk("sync", app, ticket_folder=tmp_path, environment=environment) as desk:
            desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2


def test_what_is_saved_in_test_is_not_in_production() -> None:
    app = make_app()
    with Desk("sync", app, environment="test") as test, Desk("sync", app) as production:
        (saved,) = test.call("save_indexes", indexes=[index()]).body.indexes
        assert test.call("find_indexes", index_ids=[saved.index_id]).body.indexes
        assert not production.call("find_indexes", index_ids=[saved.index_id]).body.indexes


def test_a_production_ticket_is_no_good_for_the_test_host() -> None:
    app = make_app()
    desk = Desk("sync", app, base_url="https://testtysapi.epias.com.tr" + BASE)
    with desk, pytest.raises(AuthenticationError, match="mock-1005"):
        desk.call("find_indexes", index_ids=[700_000])


def test_threads_log_in_once() -> None:
    app = make_app(clock=None)
    with Client(
        username=USERNAME,
        password=PASSWORD,
        transport=MockTransport(app),
        clock=SystemClock(),
    ) as client:

        def call(_: int) -> object:
            return client.find_indexes(index_ids=[700_000]).body

        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(call, range(64)))
    assert all(body == found[0] for body in found)
    server = server_of(app)
    assert (server.logins, server.consumed) == (1, 64)


def test_tasks_log_in_once() -> None:
    app = make_app()

    async def run() -> list[object]:
        async with AsyncClient(
            username=USERNAME,
            password=PASSWORD,
            transport=AsyncMockTransport(app),
            clock=clock_of(app),
        ) as client:
            calls = [client.find_indexes(index_ids=[700_000]) for _ in range(40)]
            return [result.body for result in await asyncio.gather(*calls)]

    found = asyncio.run(run())
    assert all(body == found[0] for body in found)
    server = server_of(app)
    assert (server.logins, server.consumed) == (1, 40)


# Processes, over loopback.


class Worker:
    """Another Python process with a client of its own; see `worker`."""

    def __init__(self, url: str, folder: Path, kind: Kind, format: str = "json") -> None:
        command = [sys.executable, "-m", "tests.epias_ecms.worker", url, str(folder), kind, format]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_env()
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout

    def start(self) -> None:
        self.stdin.write("go\n")
        self.stdin.flush()

    def results(self) -> list[str]:
        out, _ = self.process.communicate(timeout=30)
        found: list[str] = json.loads(out)
        return found


def _env() -> dict[str, str]:
    paths = [str(ROOT), *(path for path in sys.path if path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@contextlib.contextmanager
def workers(count: int, url: str, folder: Path, kind: Kind) -> Iterator[list[Worker]]:
    """Start processes that wait for their start."""
    formats = ["json", "xml"]
    started = [Worker(url, folder, kind, formats[number % 2]) for number in range(count)]
    try:
        for worker in started:
            assert worker.stdout.readline() == "ready\n"
        yield started
    finally:
        for worker in started:
            worker.process.kill()
            worker.process.wait()
            for stream in (worker.stdin, worker.stdout):
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


@both
def test_two_processes_started_together_log_in_once(tmp_path: Path, kind: Kind) -> None:
    app = make_app(clock=SystemClock())
    server_of(app).login_seconds = 0.3
    with running(app) as url, workers(2, url, tmp_path, kind) as started:
        for worker in started:
            worker.start()
        for worker in started:
            assert worker.results() == ["ACTIVE", "PASSIVE"]
    server = server_of(app)
    assert server.logins == 1
    assert server.tickets == server.consumed == 8


class HoldsFirstLogin:
    """Never answers the first login."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.has_come = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/tickets") and not self.has_come.is_set():
            self.has_come.set()
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        await self.app(scope, receive, send)


@both
def test_killing_a_process_in_its_login_does_not_stop_the_other(tmp_path: Path, kind: Kind) -> None:
    app = make_app(clock=SystemClock())
    holding = HoldsFirstLogin(app)
    with running(holding) as url, workers(2, url, tmp_path, kind) as started:
        holder, other = started
        holder.start()
        assert holding.has_come.wait(10)
        other.start()
        assert server_of(app).logins == 0
        os.kill(holder.process.pid, signal.SIGKILL)
        assert other.results() == ["ACTIVE", "PASSIVE"]
    assert server_of(app).logins == 1


def test_a_ticket_server_that_is_down_is_a_connection_error(tmp_path: Path) -> None:
    client = Client(
        username=USERNAME,
        password=PASSWORD,
        base_url="http://127.0.0.1:9" + BASE,
        ticket_url="http://127.0.0.1:9",
        ticket_folder=tmp_path,
        clock=clock_of(make_app()),
    )
    with client, pytest.raises(ConnectError):
        client.find_indexes(index_ids=[700_000])


def test_the_mock_has_started_at_its_own_time() -> None:
    app = make_app()
    with Desk("sync", app) as desk:
        desk.call("find_indexes", index_ids=[700_000])
    assert mock_of(app).journal[-1].time == NOW
