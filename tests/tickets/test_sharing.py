"""One login at a time: among threads, tasks, and processes of which one is killed.

The processes are real and talk to a real server on loopback.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gridwright_runtime.access.files import FileTicketStore
from gridwright_runtime.access.gate import Gate
from gridwright_runtime.access.store import MemoryTicketStore, TicketStore
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import AuthenticationError
from gridwright_runtime.mock.serve import running

from .support import KINDS, REQUEST, Desk, Kind, Outcome, Place, is_served, workers

both = pytest.mark.parametrize("kind", KINDS)
stores = pytest.mark.parametrize("make_store", [MemoryTicketStore, None], ids=["memory", "files"])
MakeStore = Callable[[], TicketStore] | None


@pytest.fixture
def place() -> Place:
    """A place where a login takes long enough for everybody to come."""
    place = Place(SystemClock())
    place.server.login_seconds = 0.1
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tickets"


def in_threads(count: int, call: Callable[[int], object]) -> list[object]:
    """Call from threads that begin together."""
    barrier = threading.Barrier(count)

    def begin(number: int) -> object:
        barrier.wait()
        try:
            return call(number)
        except AuthenticationError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


@stores
def test_threads_of_one_client_log_in_once(
    place: Place, folder: Path, make_store: MakeStore
) -> None:
    desk = Desk("sync", place, store=make_store() if make_store else FileTicketStore(folder))
    assert all(is_served(found) for found in in_threads(24, lambda _: desk.send()))  # type: ignore[arg-type]
    assert place.server.logins == 1
    assert place.server.consumed == 24


def test_threads_with_a_client_each_log_in_once(place: Place, folder: Path) -> None:
    desks = [Desk("sync", place, store=FileTicketStore(folder)) for _ in range(12)]
    found = in_threads(12, lambda number: desks[number].send())
    assert all(is_served(one) for one in found)  # type: ignore[arg-type]
    assert place.server.logins == 1


async def in_tasks(desks: list[Desk]) -> list[Outcome | BaseException]:
    calls = [desk.async_office.begin("x", timeout_seconds=10).send(REQUEST) for desk in desks]
    return await asyncio.gather(*calls, return_exceptions=True)


@stores
def test_tasks_of_one_client_log_in_once(place: Place, folder: Path, make_store: MakeStore) -> None:
    store = make_store() if make_store else FileTicketStore(folder)
    found = asyncio.run(in_tasks([Desk("async", place, store=store)] * 24))
    assert all(is_served(one) for one in found)  # type: ignore[arg-type]
    assert place.server.logins == 1


def test_tasks_with_a_client_each_log_in_once(place: Place, folder: Path) -> None:
    desks = [Desk("async", place, store=FileTicketStore(folder)) for _ in range(12)]
    found = asyncio.run(in_tasks(desks))
    assert all(is_served(one) for one in found)  # type: ignore[arg-type]
    assert place.server.logins == 1


def test_tasks_with_an_injected_clock_that_never_leaves_the_loop_log_in_once() -> None:
    place, store = Place(), MemoryTicketStore()
    found = asyncio.run(in_tasks([Desk("async", place, store=store) for _ in range(12)]))
    assert all(is_served(one) for one in found)  # type: ignore[arg-type]
    assert place.server.logins == 1


def test_threads_and_loops_together_log_in_once(place: Place, folder: Path) -> None:
    def call(number: int) -> object:
        kind: Kind = "sync" if number % 2 else "async"
        return Desk(kind, place, store=FileTicketStore(folder)).send()

    assert all(is_served(one) for one in in_threads(12, call))  # type: ignore[arg-type]
    assert place.server.logins == 1


def test_waiting_for_a_login_leaves_the_loop_free(folder: Path) -> None:
    place, store = Place(SystemClock()), FileTicketStore(folder)
    desk = Desk("async", place, store=store)
    release = FileTicketStore(folder).try_hold(desk.async_office._account.name)
    assert release is not None

    async def run() -> tuple[int, Outcome]:
        call = asyncio.create_task(desk.async_office.begin("x", timeout_seconds=10).send(REQUEST))
        turns = 0
        while turns < 20:
            await asyncio.sleep(0.005)
            turns += 1
        assert not call.done()
        release()
        return turns, await call

    turns, outcome = asyncio.run(run())
    assert turns == 20
    assert is_served(outcome)


def test_a_cancelled_login_blocks_nobody(place: Place, folder: Path) -> None:
    place.server.login_seconds = 30
    desk = Desk("async", place, store=FileTicketStore(folder))

    async def run() -> Outcome:
        call = desk.async_office.begin("x", timeout_seconds=10)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(call.send(REQUEST), 0.05)
        place.server.login_seconds = 0
        return await desk.async_office.begin("x", timeout_seconds=1).send(REQUEST)

    assert is_served(asyncio.run(run()))
    assert is_served(Desk("sync", place, store=FileTicketStore(folder)).send())


@both
def test_a_refused_login_is_refused_for_all_who_wait_for_it(place: Place, kind: Kind) -> None:
    store = MemoryTicketStore()
    desk = Desk(kind, place, store=store, password="INVENTED-other")
    if kind == "sync":
        found = in_threads(12, lambda _: desk.send())
    else:
        found = list(asyncio.run(in_tasks([desk] * 12)))
    assert all(isinstance(one, AuthenticationError) for one in found)
    assert len({id(one) for one in found}) == 12
    assert place.server.refused_logins == 1


def test_a_right_password_does_not_fail_with_a_wrong_one(place: Place) -> None:
    store = MemoryTicketStore()
    right = Desk("sync", place, store=store)
    wrong = Desk("sync", place, store=store, password="INVENTED-other")
    found = in_threads(8, lambda number: (right if number % 2 else wrong).send())
    assert all(is_served(one) for one in found[1::2])  # type: ignore[arg-type]


def test_a_failure_is_not_for_those_who_come_later() -> None:
    from gridwright_runtime.call import Failed

    from gridwright_runtime.access.gate import Login

    gate, login = Gate(), Login("u", "p")
    early = gate.rounds
    gate.note_failure(login, Failed("connect", "refused"))
    assert gate.failure_since(early, login) is not None
    assert gate.failure_since(early, Login("u", "other")) is None
    assert gate.failure_since(gate.rounds, login) is None


# processes


@both
def test_processes_started_together_log_in_once(place: Place, folder: Path, kind: Kind) -> None:
    place.server.login_seconds = 0.3
    with running(place.app) as url, workers(5, url, folder, kind, calls=4) as started:
        for worker in started:
            worker.start()
        for worker in started:
            assert worker.results() == ["served"] * 4
    assert place.server.logins == 1
    assert place.server.consumed == 20
    assert place.calls == [None] * 20


@both
def test_processes_renew_a_forgotten_login_once(place: Place, folder: Path, kind: Kind) -> None:
    with running(place.app) as url:
        with workers(1, url, folder, kind) as started:
            started[0].start()
            assert started[0].results() == ["served"]
        place.server.forget()
        place.server.login_seconds = 0.3
        with workers(4, url, folder, kind, calls=3) as started:
            for worker in started:
                worker.start()
            for worker in started:
                assert worker.results() == ["served"] * 3
    assert place.server.logins == 2


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
    place = Place(SystemClock())
    app = HoldsFirstLogin(place.app)
    with running(app) as url, workers(3, url, folder, kind, calls=2) as started:
        holder, *others = started
        holder.start()
        assert app.has_come.wait(10)
        for worker in others:
            worker.start()
        time.sleep(0.2)  # they come to wait; were they late, the test would still hold
        assert place.server.logins == 0
        assert all(worker.process.poll() is None for worker in others)
        os.kill(holder.process.pid, signal.SIGKILL)
        killed_at = time.monotonic()
        for worker in others:
            assert worker.results() == ["served"] * 2
        assert time.monotonic() - killed_at < 5
    assert place.server.logins == 1


FORKING_HOLDER = """
import os, sys, time
from pathlib import Path
from gridwright_runtime.access.files import FileTicketStore
release = FileTicketStore(Path(sys.argv[1])).try_hold("0" * 32)
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
    store = FileTicketStore(folder)
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
from gridwright_runtime.access.gate import Gates
gates = Gates()
assert gates["a"] is gates["a"]
gates["a"].lock.acquire()
child = os.fork()
if child == 0:
    os._exit(0 if gates["a"].lock.acquire(timeout=0) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
