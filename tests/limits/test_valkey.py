"""Limits at a server that machines share: their clocks differ, they die, the server forgets."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest
from msgspec import structs
from tests.shared_server.servers import (
    OwnServer,
    begin_long_ago,
    own_server,
    twelve_hours_away,
)

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import ConfigurationError, LimitError, StoreError
from gridwright_runtime.limits import valkey
from gridwright_runtime.limits.kinds import Limits, QuotaLimit, RateLimit, SpacingLimit
from gridwright_runtime.limits.ledger import Held
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.queue import RuleContext
from gridwright_runtime.limits.rules import RuleBook
from gridwright_runtime.limits.valkey import ValkeyLedger, ValkeyLimitStore
from gridwright_runtime.shared_server.server import Unreachable
from gridwright_runtime.shared_server.start_mark import write_mark

from .judge import broken
from .support import ACCOUNT, limiter_of
from .test_processes import ask, line, stress, tell, worker
from .worker import (
    CALLS,
    FOUR_AT_ONCE,
    LEASE_SECONDS,
    LONG_PAUSE,
    ONE_AT_ONCE,
    RATE,
    STRESS,
    SkewedClock,
    limiter,
)

ROOT = Path(__file__).resolve().parents[2]
SKEWS = ("0", "-420", "185.5")
DAILY = QuotaLimit(
    name="daily", requests=100, each="day", resets=twelve_hours_away(), operations=("change",)
)

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnServer]:
    """Return a server that begins."""
    with own_server(tmp_path) as found:
        begin_long_ago(found.server)
        yield found


@pytest.fixture
def keeping_server(tmp_path: Path) -> Iterator[OwnServer]:
    """Return a server that begins, and remembers all when it starts again."""
    with own_server(tmp_path, keeps=True) as found:
        begin_long_ago(found.server)
        yield found


def test_machines_whose_clocks_differ_by_minutes_break_no_limit_and_reach_the_rate(
    tmp_path: Path,
) -> None:
    rates = []
    for attempt in range(6):  # a machine that is busy with other things may be late
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with own_server(folder) as server:
            begin_long_ago(server.server)
            served, rate = stress(server.url, SKEWS)
        assert len(served) == 6 * CALLS
        # The server goes by the time at which it began to look at all that had come.
        assert broken(Limits(STRESS), served, slack_seconds=0.001) == []
        rates.append(rate)
        if rate >= 0.95 * RATE.requests / RATE.per_seconds:
            return
    raise AssertionError(f"calls a second: {rates}")


def test_what_a_killed_machine_held_comes_back_once_its_lease_is_over(server: OwnServer) -> None:
    mine = limiter(server.url, ONE_AT_ONCE)
    with worker(server.url, "hold", "-420") as holder:
        assert line(holder) == "held"
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with pytest.raises(LimitError):
            mine.take("look", wait=False)
        mine.take("look", within_seconds=20).done()


def test_a_killed_machine_whose_call_may_still_run_is_waited_for(server: OwnServer) -> None:
    mine = limiter(server.url, ONE_AT_ONCE)
    with worker(server.url, "hold long") as holder:
        assert line(holder) == "held"
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with pytest.raises(LimitError):
            mine.take("look", within_seconds=2 * LEASE_SECONDS)


def test_a_machine_that_is_alive_keeps_its_turn_longer_than_a_lease(server: OwnServer) -> None:
    mine = limiter(server.url, ONE_AT_ONCE)
    with worker(server.url, "hold") as holder:
        assert line(holder) == "held"
        with pytest.raises(LimitError):
            mine.take("look", within_seconds=2 * LEASE_SECONDS)
        tell(holder)
        assert line(holder) == "done"
        mine.take("look", within_seconds=20).done()


def test_what_a_machine_gives_back_right_before_it_ends_is_free_at_once(server: OwnServer) -> None:
    mine = limiter(server.url, ONE_AT_ONCE)
    with worker(server.url, "wait") as caller:
        assert [line(caller), line(caller)] == ["waiting", "done"]
        caller.wait()
        mine.take("look", wait=False).done()


def test_who_came_first_goes_first_though_its_clock_is_late(server: OwnServer) -> None:
    mine = limiter(server.url, ONE_AT_ONCE)
    turn = mine.take("look")
    with ExitStack() as stack:
        workers = []
        for number, skew in enumerate(("420", "-420", "0")):
            workers.append(stack.enter_context(worker(server.url, "wait then hold", skew)))
            assert line(workers[-1]) == "waiting"
            wait_until_queued(server.url, number + 1)
        turn.done()
        for process in workers:
            assert line(process) == "held"
            with pytest.raises(LimitError):
                mine.take("look", wait=False)
            tell(process)
            assert line(process) == "done"


def test_a_server_at_which_nobody_began_keeps_no_limits(tmp_path: Path) -> None:
    with own_server(tmp_path) as server:
        one = limiter(server.url, ONE_AT_ONCE)
        with pytest.raises(StoreError, match="gridwright store begin"):
            one.take("look")
        write_mark(server.server)
        one.take("look").done()


def test_an_emptied_server_lets_nobody_go_until_somebody_says_that_it_begins(
    server: OwnServer,
) -> None:
    with worker(server.url, "obey") as one, worker(server.url, "obey") as other:
        assert [line(one), line(other)] == ["ready", "ready"]
        assert ask(one, "change 4") == 4
        server.kill()
        server.start()
        with pytest.raises(StoreError, match="has forgotten them"):
            limiter(server.url, FOUR_AT_ONCE, LONG_PAUSE).take("change", wait=False)
        write_mark(server.server)
        # Nobody forgot what it holds itself, and the first that comes waits for the others.
        assert [ask(other, "change 1"), ask(one, "change 1")] == [0, 0]


def test_a_server_that_starts_again_with_what_it_knew_lets_nobody_take_more(
    keeping_server: OwnServer,
) -> None:
    url = keeping_server.url
    with worker(url, "obey") as one, worker(url, "obey", "-420") as other:
        assert [line(one), line(other)] == ["ready", "ready"]
        assert [ask(one, "change 2"), ask(one, "touch A1")] == [2, 1]
        assert ask(other, "change 4") == 2
        keeping_server.kill()
        keeping_server.start()
        # A newcomer sees that turns may be missing from what it finds.
        new = limiter(url, FOUR_AT_ONCE, LONG_PAUSE)
        for operation in ("change", "touch"):
            with pytest.raises(LimitError):
                new.take(operation, "A2", wait=False)
        assert [ask(one, "change 1"), ask(other, "change 1")] == [0, 0]
        # Once all that live have entered again what they hold, what they give back is free.
        one.kill()
        new.take("change", within_seconds=20).done()


def test_after_a_restart_a_rate_counts_as_just_used(keeping_server: OwnServer) -> None:
    slow = RateLimit(name="slow", requests=9, per_seconds=60.0)
    limiter(keeping_server.url, slow).take("look").done()
    keeping_server.kill()
    keeping_server.start()
    valkey._QUEUES.clear()  # as another process would begin
    with pytest.raises(LimitError):
        limiter(keeping_server.url, slow).take("look", wait=False)


def test_a_count_that_may_be_too_low_counts_as_used_up(keeping_server: OwnServer) -> None:
    limiter(keeping_server.url, DAILY).take("change").done()
    keeping_server.kill()
    keeping_server.start()
    with pytest.raises(LimitError) as caught:
        limiter(keeping_server.url, DAILY).take("change")
    assert caught.value.retry_at is not None


def test_a_quota_is_counted_by_the_day_of_the_server(server: OwnServer) -> None:
    for skew in ("-90000", "0", "90000"):
        limiter(server.url, structs.replace(DAILY, requests=3), skew=skew).take("change").done()
    with pytest.raises(LimitError):
        limiter(server.url, structs.replace(DAILY, requests=3), skew="180000").take("change")


def test_a_deleted_state_counts_as_lost_also_for_who_comes_first(server: OwnServer) -> None:
    pause = SpacingLimit(name="long", wait_seconds=60.0, same="number", after="request")
    limiter(server.url, pause).take("look", "A1").done()
    server.server.ask("DEL", f"{{gridwright}}:limits:{ACCOUNT}")
    valkey._QUEUES.clear()  # as another process would begin
    with pytest.raises(LimitError):
        limiter(server.url, pause).take("look", "A1", wait=False)


def test_a_damaged_state_counts_as_lost(server: OwnServer) -> None:
    limiter(server.url, ONE_AT_ONCE).take("look").done()
    server.server.ask("HSET", f"{{gridwright}}:limits:{ACCOUNT}", "state", b"\xc1")
    valkey._QUEUES.clear()
    with pytest.raises(LimitError):
        limiter(server.url, ONE_AT_ONCE).take("look", wait=False)
    limiter(server.url, ONE_AT_ONCE).take("look", within_seconds=20).done()


def test_a_server_that_is_gone_is_an_error_that_says_what_to_do(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "_PATIENCE_SECONDS", 0.1)
    one = limiter(server.url, ONE_AT_ONCE)
    one.take("look").done()
    server.kill()
    with pytest.raises(StoreError, match=r"does not answer .*nothing was sent.*gridwright store"):
        one.take("look")


def test_a_server_that_is_back_in_time_is_waited_for(keeping_server: OwnServer) -> None:
    one = limiter(keeping_server.url, FOUR_AT_ONCE)
    one.take("change").done()
    keeping_server.signal(signal.SIGSTOP)
    with worker(keeping_server.url, "wait") as waiter:
        assert line(waiter) == "waiting"
        keeping_server.signal(signal.SIGCONT)
        assert line(waiter) == "done"


def test_no_password_of_an_address_is_shown() -> None:
    url = "valkey://invented:INVENTED-password@127.0.0.1:1/0"
    one = limiter_of(ONE_AT_ONCE, clock=SkewedClock(0), store=ValkeyLimitStore(url))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(valkey, "_PATIENCE_SECONDS", 0.0)
        with pytest.raises(StoreError) as caught:
            one.take("look")
    shown = f"{ValkeyLimitStore(url)!r} {one!r} {caught.value} {caught.value.__context__!r}"
    assert "127.0.0.1:1" in shown
    assert "INVENTED" not in shown and "invented:" not in shown


def test_a_wrong_password_is_an_error_that_says_so(server: OwnServer) -> None:
    server.server.ask("CONFIG", "SET", "requirepass", "INVENTED-secret")
    url = server.url.replace("//", "//:INVENTED-wrong@")
    with pytest.raises(StoreError, match="refuses") as caught:
        limiter(url, ONE_AT_ONCE).take("look")
    assert "INVENTED" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:6379", "http://host", "valkey://", "valkey://h:port"])
def test_what_is_no_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match="must be such as valkey://") as caught:
        ValkeyLimitStore(url)
    assert not url.strip("valkey:/") or url not in str(caught.value)


def test_a_task_that_waits_for_the_server_leaves_the_event_loop_free(server: OwnServer) -> None:
    one = limiter(server.url, ONE_AT_ONCE)
    one.take("look").done()

    async def main() -> int:
        server.signal(signal.SIGSTOP)
        rounds = 0
        async with anyio.create_task_group() as group:
            group.start_soon(take, one)
            for _ in range(10):
                await anyio.sleep(0.01)
                rounds += 1
            server.signal(signal.SIGCONT)
        return rounds

    began = time.monotonic()
    assert asyncio.run(main()) == 10
    assert time.monotonic() - began < 2.0


async def take(one: Limiter) -> None:
    (await one.take_async("look")).done()


def test_a_task_that_is_cancelled_while_it_asks_gives_back_what_comes_of_it(
    server: OwnServer,
) -> None:
    one = limiter(server.url, ONE_AT_ONCE)
    one.take("look").done()

    async def main() -> None:
        server.signal(signal.SIGSTOP)
        task = asyncio.create_task(take(one))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.signal(signal.SIGCONT)

    asyncio.run(main())
    one.take("look", within_seconds=20).done()
    wait_until(lambda: state_of(server.url).state.calls == [])


class Forgetful(ValkeyLedger):
    """Loses the answer of the server once, after it has saved."""

    is_remote = False
    losses = 1

    def __init__(self, server: OwnServer) -> None:
        super().__init__(server.server, ACCOUNT, 15.0)
        real: Any = self._server
        stand_in: Any = self  # the ledger asks it, and it asks the real server
        self._server = stand_in
        self._real = real
        self.ask = real.ask

    def run(self, script: Any, *arguments: Any) -> object:
        found = self._real.run(script, *arguments)
        if script is valkey._SAVE and self.losses:
            self.losses -= 1
            raise Unreachable("the connection was lost")
        return found


def test_a_turn_is_granted_once_though_the_answer_of_the_server_is_lost(
    server: OwnServer,
) -> None:
    class Store(ValkeyLimitStore):
        def _ledger(self, account: str) -> ValkeyLedger:
            return Forgetful(server)

    one = limiter_of(FOUR_AT_ONCE, clock=SkewedClock(0), store=Store(server.url))
    turn = one.take("change")
    assert len(state_of(server.url).state.calls) == 1
    turn.done()
    wait_until(lambda: state_of(server.url).state.calls == [])


def state_of(url: str, clock: Clock | None = None) -> Held:
    """Return what another process would find."""
    store = ValkeyLimitStore(url)
    held = ValkeyLedger(store._server, ACCOUNT, 15.0).hold(clock or SkewedClock(0))
    assert held is not None
    return held


def wait_until_queued(url: str, count: int) -> None:
    """Look until so many wait."""
    wait_until(lambda: len(state_of(url).state.queue) == count)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_process_that_keeps_limits_in_files_loads_no_client_of_a_server() -> None:
    code = (
        "import sys, tempfile; from pathlib import Path\n"
        "from gridwright_runtime.limits.files import FileLimitStore\n"
        "from tests.limits.worker import *\n"
        "limiter(tempfile.mkdtemp(), ONE_AT_ONCE).take('look').done()\n"
        "print('valkey' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert found.stdout.strip() == "False"


def test_the_server_is_let_know_that_a_process_ends(server: OwnServer) -> None:
    with worker(server.url, "wait") as caller:
        assert [line(caller), line(caller)] == ["waiting", "done"]
        caller.wait()
    living = server.server.ask("ZCARD", f"{{gridwright}}:limits:{ACCOUNT}:living")
    assert living == 0


def test_limits_are_looked_at_without_a_change_by_who_only_looks(server: OwnServer) -> None:
    limiter(server.url, ONE_AT_ONCE).take("look").done()
    store = ValkeyLimitStore(server.url)
    context = RuleContext(RuleBook(Limits((ONE_AT_ONCE,)), 0.0, 0.0), SkewedClock(0))
    queue = store.queue(ACCOUNT, context.clock)
    queue.run(context, lambda state, rules, now: None)
    before = server.server.ask("HGET", f"{{gridwright}}:limits:{ACCOUNT}", "version")
    queue.run(context, lambda state, rules, now: None)
    assert server.server.ask("HGET", f"{{gridwright}}:limits:{ACCOUNT}", "version") == before
