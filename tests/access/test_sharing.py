"""One login at a time: among threads, tasks, and processes of which one is killed.

The processes are real and talk to a real server on loopback.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.sending.support import KINDS, Arguments, Kind, value_of

from gridwright_runtime.access.files import FileLoginStore
from gridwright_runtime.client import BaseAsyncClient, BaseClient
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import AuthenticationError
from gridwright_runtime.mock.serve import running

from .cas import TicketServer
from .support import GET_TICKETED, PASSWORD, SERVICE, USER, with_tickets

both = pytest.mark.parametrize("kind", KINDS)


class Place:
    """A ticket server and a service that takes its tickets, on one address."""

    def __init__(self) -> None:
        self.server = TicketServer(users={USER: PASSWORD}, services=[SERVICE], clock=SystemClock())
        self.calls: list[str | None] = []
        self.app: ASGIApp = Starlette(
            routes=[*self.server.routes(), Route("/get_ticketed", self._serve)]
        )

    async def _serve(self, request: Request) -> JSONResponse:
        wrong = self.server.consume(request.headers.get("X-Ticket"), SERVICE)
        self.calls.append(wrong)
        return JSONResponse({"value": wrong or "served"})


@pytest.fixture
def place() -> Place:
    """A place where a login takes long enough for everybody to come."""
    place = Place()
    place.server.login_seconds = 0.1
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logins"


def options(url: str, folder: Path, password: str = PASSWORD) -> dict[str, Any]:
    return {
        "credentials": {"username": USER, "password": password},
        "base_url": url,
        "login_url": url,
        "login_folder": folder,
        "timeout_seconds": 10.0,
    }


def in_threads(count: int, clients: list[BaseClient]) -> list[Any]:
    """Call from threads that begin together, with these clients in turns."""
    barrier = threading.Barrier(count)

    def begin(number: int) -> Any:
        barrier.wait()
        try:
            client = clients[number % len(clients)]
            return value_of(client._record(GET_TICKETED, Arguments("1")))
        except AuthenticationError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


async def in_tasks(count: int, clients: list[BaseAsyncClient]) -> list[Any]:
    """Call from tasks that begin together, with these clients in turns."""
    async with contextlib.AsyncExitStack() as stack:
        for client in clients:
            await stack.enter_async_context(client)
        calls = (
            clients[number % len(clients)]._record(GET_TICKETED, Arguments("1"))
            for number in range(count)
        )
        found = await asyncio.gather(*calls, return_exceptions=True)
    return [getattr(getattr(one, "body", None), "value", one) for one in found]


def called(kind: Kind, count: int, *clients: dict[str, Any]) -> list[Any]:
    """Call at once, by clients with these options in turns."""
    if kind == "async":
        made = [BaseAsyncClient(with_tickets(), **facts) for facts in clients]
        return asyncio.run(in_tasks(count, made))
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(BaseClient(with_tickets(), **facts)) for facts in clients]
        return in_threads(count, opened)


@both
@pytest.mark.parametrize("clients", [1, 6])
def test_calls_that_come_together_log_in_once(
    kind: Kind, clients: int, place: Place, folder: Path
) -> None:
    with running(place.app) as url:
        found = called(kind, 12, *[options(url, folder)] * clients)
    assert found == ["served"] * 12
    assert (place.server.logins, place.server.consumed) == (1, 12)


@both
def test_a_refused_login_is_refused_for_all_who_wait_for_it(
    kind: Kind, place: Place, folder: Path
) -> None:
    with running(place.app) as url:
        found = called(kind, 12, options(url, folder, "INVENTED-other"))
    assert all(isinstance(one, AuthenticationError) for one in found)
    assert len({id(one) for one in found}) == 12
    assert place.server.refused_logins == 1


@both
def test_a_refused_password_refuses_nobody_who_waits_with_another(
    kind: Kind, place: Place, folder: Path
) -> None:
    passwords = ("INVENTED-other", PASSWORD)
    with running(place.app) as url:
        facts = [options(url, folder, password) for password in passwords]
        found = called(kind, 12, *facts)
    assert all(isinstance(one, AuthenticationError) for one in found[::2])
    assert found[1::2] == ["served"] * 6


def test_waiting_for_a_login_leaves_the_loop_free(place: Place, folder: Path) -> None:
    async def run(url: str) -> str:
        async with BaseAsyncClient(with_tickets(), **options(url, folder)) as client:
            access = client._settings.access
            assert access is not None
            release = FileLoginStore(folder).try_hold(access.accounts["grant"].name)
            assert release is not None
            call = asyncio.create_task(client._record(GET_TICKETED, Arguments("1")))
            for _ in range(20):
                await asyncio.sleep(0.005)
            assert not call.done()
            release()
            return value_of(await call)

    with running(place.app) as url:
        assert asyncio.run(run(url)) == "served"


def test_a_cancelled_login_blocks_nobody(place: Place, folder: Path) -> None:
    place.server.login_seconds = 30

    async def run(url: str) -> str:
        async with BaseAsyncClient(with_tickets(), **options(url, folder)) as client:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(client._record(GET_TICKETED, Arguments("1")), 0.05)
            place.server.login_seconds = 0
            return value_of(await client._record(GET_TICKETED, Arguments("1")))

    with running(place.app) as url:
        assert asyncio.run(run(url)) == "served"
        with BaseClient(with_tickets(), **options(url, folder)) as client:
            assert value_of(client._record(GET_TICKETED, Arguments("1"))) == "served"


# Processes


class Worker:
    """Another Python process that makes calls; see `worker`."""

    def __init__(
        self, url: str, folder: Path | str, kind: Kind, calls: int, login: str = "tickets"
    ) -> None:
        words = [url, str(folder), kind, str(calls), login]
        root = Path(__file__).parents[2]
        paths = [str(root), str(root / "runtime"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.access.worker", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def await_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def results(self) -> list[str]:
        """Return what each call came to."""
        out, _ = self.process.communicate(timeout=60)
        found: list[str] = json.loads(out)
        return found


@contextmanager
def workers(
    count: int, url: str, folder: Path | str, kind: Kind, calls: int = 1, login: str = "tickets"
) -> Iterator[list[Worker]]:
    """Yield processes that wait to be started, and end those that are left."""
    made = [Worker(url, folder, kind, calls, login) for _ in range(count)]
    try:
        for one in made:
            one.await_ready()
        yield made
    finally:
        for one in made:
            if one.process.poll() is None:
                one.process.kill()
            one.process.wait()
            for stream in (one.process.stdin, one.process.stdout):
                if stream is not None and not stream.closed:
                    stream.close()


@both
def test_processes_log_in_once_and_renew_a_forgotten_login_once(
    place: Place, folder: Path, kind: Kind
) -> None:
    place.server.login_seconds = 0.3
    with running(place.app) as url:
        for expected in (1, 2):
            with workers(4, url, folder, kind, calls=3) as started:
                for worker in started:
                    worker.start()
                for worker in started:
                    assert worker.results() == ["served"] * 3
            assert place.server.logins == expected
            place.server.forget()
    assert place.calls == [None] * 24
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert USER not in path.name
        assert PASSWORD not in path.read_text()


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
def test_killing_a_process_in_its_login_does_not_stop_the_others(folder: Path, kind: Kind) -> None:
    place = Place()
    app = HoldsFirstLogin(place.app)
    with running(app) as url, workers(3, url, folder, kind, calls=2) as started:
        holder, *others = started
        holder.start()
        assert app.has_come.wait(10)
        for worker in others:
            worker.start()
        time.sleep(0.2)  # they come to wait; were they late, the test would still hold
        assert place.server.logins == 0
        os.kill(holder.process.pid, signal.SIGKILL)
        for worker in others:
            assert worker.results() == ["served"] * 2
    assert place.server.logins == 1


# Forks

FORKING_HOLDER = """
import os, sys, time
from pathlib import Path
from gridwright_runtime.access.files import FileLoginStore
from gridwright_runtime.access.login_lock import Login, LoginLock
release = FileLoginStore(Path(sys.argv[1])).try_hold("0" * 32)
if os.fork() == 0:
    print(os.getpid(), flush=True)
    time.sleep(60)
    os._exit(0)
time.sleep(60)
"""


@pytest.fixture
def forking_holder(folder: Path) -> Iterator[tuple[int, int]]:
    """A process that holds an account and has forked; its id and its child's."""
    with subprocess.Popen(
        [sys.executable, "-c", FORKING_HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            yield parent.pid, child
        finally:
            for process in (parent.pid, child):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)


def test_a_forked_child_does_not_keep_the_lock_of_a_killed_parent(
    folder: Path, forking_holder: tuple[int, int]
) -> None:
    parent, child = forking_holder
    store = FileLoginStore(folder)
    assert store.try_hold("0" * 32) is None
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    os.kill(child, 0)  # it lives
    release = store.try_hold("0" * 32)
    assert release is not None
    release()


def test_a_fork_does_not_leave_a_gate_locked() -> None:
    script = """
import os, sys, threading
from gridwright_runtime.access.login_lock import LoginLocks
gates = LoginLocks()
assert gates["a"] is gates["a"]
gates["a"].lock.acquire()
child = os.fork()
if child == 0:
    os._exit(0 if gates["a"].lock.acquire(timeout=0) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
