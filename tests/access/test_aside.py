"""Tasks go on while one of them waits for the server at which logins are kept."""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.to_thread import run_sync
from msgspec.structs import replace
from tests.sending.support import Arguments, FakeClock
from tests.shared_server.servers import own_server

from gridwright_runtime.access.kept_result import KeptResult
from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.access.valkey import ValkeyLoginStore
from gridwright_runtime.client import BaseAsyncClient
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.interface import Step
from gridwright_runtime.sending.run_in_thread import run_in_thread
from gridwright_runtime.shared_server.encryption import new_key

from .support import AGENT, ASK, CLIENT_ID, SECRET, SESSION, SessionService, with_session

pytestmark = pytest.mark.xdist_group("processes")
LOGIN = {"client_id": CLIENT_ID, "client_secret": SECRET, "agent_id": AGENT}
LONG = 20.0
"""Seconds after which a test that hangs has failed; none waits for that long."""


class Waiting(MemoryLoginStore):
    """Answers as a server does that is far away: when another task says so."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.begun = threading.Semaphore(0)
        self.may_go_on = threading.Semaphore(0)
        self.was_late = False
        self.holds = 0

    def may_wait(self, account: str, *, is_load: bool) -> bool:
        return True

    def wait(self, what: str) -> None:
        self.begun.release()
        if not self.may_go_on.acquire(timeout=LONG):
            self.was_late = True
        self.done.append(what)

    def try_hold(self, account: str) -> Callable[[], None] | None:
        self.wait("hold")
        release = super().try_hold(account)
        if release is None:
            return None
        self.holds += 1
        return partial(self._release, release)

    def _release(self, release: Callable[[], None]) -> None:
        self.wait("release")
        self.holds -= 1
        release()

    def load(self, account: str) -> KeptResult | None:
        if threading.current_thread() is threading.main_thread():
            self.done.append("load in the loop")
        return super().load(account)

    def save(self, account: str, kept_result: KeptResult) -> None:
        self.wait("save")
        super().save(account, kept_result)

    async def let_on(self, count: int) -> None:
        """Let so many waits end, each when it has begun: only a loop that is free gets here."""
        for _ in range(count):
            await run_sync(partial(self.begun.acquire, timeout=LONG))
            self.may_go_on.release()


def client_of(
    service: SessionService, store: Any, step: Step = SESSION, **options: Any
) -> BaseAsyncClient:
    known = {"credentials": LOGIN, "login_store": store, "transport": service.transport}
    return BaseAsyncClient(with_session(step), **(known | options))


def test_a_login_leaves_the_loop_free_from_the_first_question_to_the_last() -> None:
    service, store = SessionService(), Waiting()
    client = client_of(service, store)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(partial(client._record, ASK, Arguments("1")))
            group.start_soon(store.let_on, 4)

    anyio.run(main)
    assert store.done == ["hold", "save", "save", "release"]
    assert (len(service.logins), len(service.seen), store.holds) == (1, 1, 0)
    assert not store.was_late


class Noting(Waiting):
    """Waits for nobody, and notes what is asked in the loop itself."""

    def wait(self, what: str) -> None:
        in_loop = threading.current_thread() is threading.main_thread()
        self.done.append(f"{what} in the loop" if in_loop else what)


class Nobody(set[str]):
    """The sessions of a service that takes none."""

    def add(self, element: str) -> None:
        pass


@pytest.mark.parametrize("alive", [set(), Nobody()])
def test_what_is_kept_of_a_refused_login_is_noted_aside(alive: set[str]) -> None:
    service, store = SessionService(), Noting()

    async def main() -> None:
        await client_of(service, store)._record(ASK, Arguments("1"))
        service.alive = alive
        with suppress(GridwrightError):
            await client_of(service, store)._record(ASK, Arguments("1"))

    asyncio.run(main())
    assert (len(service.logins), store.holds) == (2, 0)
    assert len(store.done) > 6 and not any("in the loop" in one for one in store.done)


def test_a_use_is_noted_aside_and_after_the_request_has_left() -> None:
    step = replace(SESSION, lifetime_seconds=1200, counts_from="last_use")
    service, store, clock = SessionService(), Noting(), FakeClock()

    async def main() -> None:
        for _ in range(2):
            client = client_of(service, store, step, clock=clock)
            await client._record(ASK, Arguments("1"))
            store.done.append(f"{len(service.seen)} calls")
            clock.seconds += 900

    asyncio.run(main())
    first, second = store.done.index("1 calls"), store.done.index("2 calls")
    assert store.done[first + 1 : second] == ["hold", "save", "release"]
    assert len(service.logins) == 1


def test_who_is_cancelled_while_it_takes_an_account_gives_it_back() -> None:
    service, store = SessionService(), Waiting()
    client = client_of(service, store)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(partial(client._record, ASK, Arguments("1")))
            await run_sync(partial(store.begun.acquire, timeout=LONG))
            for _ in range(2):
                store.may_go_on.release()
            group.cancel_scope.cancel()

    anyio.run(main)
    assert (store.done, store.holds, service.logins) == (["hold", "release"], 0, [])


def test_so_does_a_task_that_asyncio_cancels() -> None:
    service, store = SessionService(), Waiting()
    client = client_of(service, store)

    async def main() -> None:
        call = asyncio.create_task(client._record(ASK, Arguments("1")))
        await run_sync(partial(store.begun.acquire, timeout=LONG))
        for _ in range(3):
            call.cancel()
            await asyncio.sleep(0)
        for _ in range(2):
            store.may_go_on.release()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())
    assert (store.done, store.holds, service.logins) == (["hold", "release"], 0, [])


def test_a_login_that_has_come_is_kept_by_who_is_cancelled() -> None:
    service, store = SessionService(), Waiting()
    client = client_of(service, store)

    async def main() -> None:
        call = asyncio.create_task(client._record(ASK, Arguments("1")))
        await store.let_on(2)
        await run_sync(partial(store.begun.acquire, timeout=LONG))  # it saves what came
        call.cancel()
        for _ in range(2):
            store.may_go_on.release()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())
    assert (store.done, store.holds) == (["hold", "save", "save", "release"], 0)
    (account,) = store._kept
    found = store._kept[account]
    assert found is not None and found.value == "session-1/+="


def test_what_goes_wrong_aside_is_raised_where_it_is_waited_for() -> None:
    def work() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            await run_in_thread(work)

    asyncio.run(main())


def test_another_task_goes_on_while_the_server_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDWRIGHT_STORE_KEY", new_key())
    service = SessionService()
    with own_server(tmp_path) as server:
        client = client_of(service, ValkeyLoginStore(server.url))
        server.signal(signal.SIGSTOP)

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(client._record(ASK, Arguments("1")))
                await asyncio.sleep(0)  # it asks; only a loop that is free lets the server go on
                server.signal(signal.SIGCONT)

        asyncio.run(main())
    assert (len(service.logins), len(service.seen)) == (1, 1)
