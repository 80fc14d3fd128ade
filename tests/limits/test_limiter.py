"""One limiter from outside: turns, errors, cancelling, what is given back and when."""

import asyncio
import gc
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import ClosedHoursError, ConfigurationError, LimitError
from gridwright_runtime.limits.granted_turn import STALE_SECONDS
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limits,
    RateLimit,
    Scope,
    SpacingLimit,
    closed_weekly,
)
from gridwright_runtime.limits.limiter import Limiter, Turn
from gridwright_runtime.limits.store import PROCESS_STORE, MemoryLimitStore
from gridwright_runtime.limits.wakeups import ThreadWakeup
from gridwright_runtime.mock.clock import ManualClock

from .clocks import START, LoopClock, ThreadClock, run_in_virtual_time
from .support import ONE_A_SECOND, PAUSE, SUNDAY, TWO_AT_ONCE, limiter_of, store_of

TWINS = ("sync", "async")
STORES = ("memory", "files", "valkey")
NUMBER = "1234567890"


class Caller:
    """Takes turns, sync or async, in the same words, by a clock that waiting moves."""

    def __init__(self, twin: str, limiter: Limiter) -> None:
        self.twin = twin
        self.limiter = limiter

    def take(self, operation: str = "look", key: str | None = None, **rest: Any) -> Turn:
        if self.twin == "sync":
            return self.limiter.take(operation, key, **rest)
        return asyncio.run(self.limiter.take_async(operation, key, **rest))


@pytest.fixture(params=TWINS)
def twin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=STORES)
def store_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def passed(clock: ManualClock) -> float:
    return (clock.now() - START).total_seconds()


def test_a_turn_waits_for_the_rate(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    caller = Caller(
        twin, limiter_of(ONE_A_SECOND, clock=clock, store=store_of(store_kind, tmp_path))
    )
    for number in range(4):
        caller.take().done()
        assert passed(clock) == pytest.approx(number, abs=1e-3)


def test_the_margin_is_added_to_rates_and_spacings(twin: str, clock: ManualClock) -> None:
    caller = Caller(twin, limiter_of(ONE_A_SECOND, PAUSE, clock=clock, margin_seconds=0.05))
    caller.take("look").done()
    caller.take("change", NUMBER).done()
    assert passed(clock) == pytest.approx(1.05, abs=1e-3)
    clock.advance(0.5)
    caller.take("undo", NUMBER).done()
    assert passed(clock) == pytest.approx(2.10, abs=1e-3)


@pytest.mark.parametrize("per_seconds", [0.1, 1 / 3, 1.02, 0.0000014])
def test_waiting_ends_with_a_clock_that_counts_microseconds(
    twin: str, per_seconds: float, clock: ManualClock
) -> None:
    limit = RateLimit(name="rate", requests=1, per_seconds=per_seconds)
    caller = Caller(twin, limiter_of(limit, clock=clock))
    for _ in range(40):
        caller.take().done()
    assert 39 * per_seconds <= passed(clock) + 1e-6 <= 39 * (per_seconds + 3e-5)


def test_a_pause_counts_from_the_reply(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    caller = Caller(twin, limiter_of(PAUSE, clock=clock, store=store_of(store_kind, tmp_path)))
    first = caller.take("change", NUMBER)
    caller.take("change", "another").done()
    caller.take("look", NUMBER).done()  # not an operation of the limit
    clock.advance(3.0)
    first.done()
    assert passed(clock) == 3.0
    caller.take("undo", NUMBER).done()
    assert passed(clock) == pytest.approx(4.0, abs=1e-3)


def test_a_pause_may_count_from_the_request(twin: str, clock: ManualClock) -> None:
    limit = SpacingLimit(name="pause", wait_seconds=1.0, same="number", after="request")
    caller = Caller(twin, limiter_of(limit, clock=clock))
    caller.take("change", NUMBER)  # and is not answered
    caller.take("change", NUMBER)
    assert passed(clock) == pytest.approx(1.0, abs=1e-3)


def test_the_next_for_the_same_waits_for_a_reply_that_is_not_there_yet() -> None:
    async def main() -> None:
        limiter = limiter_of(PAUSE, clock=LoopClock())
        first = await limiter.take_async("change", NUMBER)
        second = asyncio.create_task(limiter.take_async("undo", NUMBER))
        await asyncio.sleep(7.0)
        assert not second.done()
        first.done()
        await second
        assert asyncio.get_running_loop().time() == pytest.approx(8.0, abs=1e-3)

    run_in_virtual_time(main())


@pytest.mark.parametrize(("unknown_is_same", "waited"), [(False, 0.0), (True, 1.0)])
def test_calls_of_which_the_application_is_not_known(
    twin: str, clock: ManualClock, unknown_is_same: bool, waited: float
) -> None:
    caller = Caller(twin, limiter_of(PAUSE, clock=clock, unknown_is_same=unknown_is_same))
    caller.take("change", None).done()
    caller.take("change", "?").done()  # a number that reads like what stands for unknown ones
    caller.take("change", None).done()
    assert passed(clock) == pytest.approx(waited, abs=1e-3)


def test_keys_may_be_given_by_field(clock: ManualClock) -> None:
    by_number = SpacingLimit(name="by_number", wait_seconds=1.0, same="number")
    by_group = SpacingLimit(name="by_group", wait_seconds=5.0, same="group")
    limiter = limiter_of(by_number, by_group, clock=clock)
    keys: Mapping[str, str | None] = {"number": "1", "group": "1"}
    limiter.take("change", keys).done()
    limiter.take("change", {"number": "1", "group": None}).done()
    assert passed(clock) == pytest.approx(1.0, abs=1e-3)
    limiter.take("change", {"group": "1"}).done()
    assert passed(clock) == pytest.approx(5.0, abs=1e-3)


def test_turns_are_given_back_once(twin: str, store_kind: str, tmp_path: Path) -> None:
    clock = ManualClock(START)
    store = store_of(store_kind, tmp_path)
    caller = Caller(twin, limiter_of(TWO_AT_ONCE, clock=clock, store=store))
    first, second = caller.take(), caller.take()
    first.done()
    first.done()
    third = caller.take(wait=False)
    with pytest.raises(LimitError):
        caller.take(wait=False)
    second.done()
    third.done()


def test_an_exception_gives_the_turn_back(twin: str, clock: ManualClock) -> None:
    caller = Caller(twin, limiter_of(ConcurrencyLimit(name="one", at_most=1), clock=clock))
    with pytest.raises(KeyError), caller.take():
        raise KeyError
    caller.take(wait=False).done()


def test_a_turn_that_is_forgotten_is_given_back(twin: str, store_kind: str, tmp_path: Path) -> None:
    clock = ManualClock(START)
    limit = ConcurrencyLimit(name="one", at_most=1)
    caller = Caller(twin, limiter_of(limit, clock=clock, store=store_of(store_kind, tmp_path)))
    caller.take()
    gc.collect()
    with caller.take(wait=False), pytest.raises(LimitError):
        caller.take(wait=False)


def test_a_turn_that_is_forgotten_while_the_queue_is_looked_at_is_given_back(
    store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    """As by the collector of garbage, which may come at any moment."""
    limit = ConcurrencyLimit(name="one", at_most=1)
    limiter = limiter_of(limit, clock=clock, store=store_of(store_kind, tmp_path))
    turns = [limiter.take("look")]
    queue = limiter._queue
    assert queue is not None
    queue.run(limiter._context, lambda state, rules, now: turns.clear())
    limiter.take("look", wait=False).done()


def test_what_was_not_answered_is_held_a_little_longer(twin: str, clock: ManualClock) -> None:
    limit = ConcurrencyLimit(name="one", at_most=1)
    caller = Caller(twin, limiter_of(limit, PAUSE, clock=clock, unanswered_seconds=2.0))
    caller.take("change", NUMBER).done(answered=False)
    with pytest.raises(LimitError):
        caller.take(wait=False)
    caller.take()
    assert passed(clock) == pytest.approx(2.0, abs=0.01)
    with pytest.raises(LimitError, match="pause"):
        caller.take("change", NUMBER, wait=False)


def test_who_does_not_wait_is_told_when_it_may_go(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    caller = Caller(
        twin, limiter_of(ONE_A_SECOND, clock=clock, store=store_of(store_kind, tmp_path))
    )
    caller.take().done()
    clock.advance(0.25)
    with pytest.raises(LimitError) as raised:
        caller.take(wait=False)
    error = raised.value
    assert error.retry_at is not None
    assert abs(error.retry_at - (START + timedelta(seconds=1))) < timedelta(milliseconds=1)
    assert error.retry_at.utcoffset() is not None
    assert (error.sent, error.limit, error.operation) == (False, "one_a_second", "look")
    assert str(error).startswith(
        "sample.look: nothing was sent: it is not its turn (limit one_a_second); not before 2024"
    )
    clock.set(error.retry_at)
    caller.take(wait=False).done()


def test_who_does_not_wait_does_not_overtake() -> None:
    async def main() -> None:
        limiter = limiter_of(ONE_A_SECOND, clock=LoopClock())
        (await limiter.take_async("look")).done()
        waiting = asyncio.create_task(limiter.take_async("look"))
        await asyncio.sleep(0.5)
        with pytest.raises(LimitError) as raised:
            await limiter.take_async("look", wait=False)
        assert raised.value.retry_at is not None
        assert (raised.value.retry_at - START).total_seconds() == pytest.approx(2.0, abs=1e-3)
        await waiting

    run_in_virtual_time(main())


def test_nobody_knows_when_a_place_is_free(clock: ManualClock) -> None:
    limiter = limiter_of(TWO_AT_ONCE, clock=clock)
    _held = [limiter.take("look") for _ in range(2)]
    with pytest.raises(LimitError, match=r"\(limit two_at_once\)$") as raised:
        limiter.take("look", wait=False)
    assert raised.value.retry_at is None


def test_errors_name_no_application(twin: str, clock: ManualClock) -> None:
    caller = Caller(twin, limiter_of(PAUSE, clock=clock))
    turn = caller.take("change", NUMBER)
    for rest in ({"wait": False}, {"within_seconds": 0.5}):
        with pytest.raises(LimitError) as raised:
            caller.take("change", NUMBER, **rest)
        assert NUMBER not in str(raised.value)
        assert NUMBER not in repr(raised.value.__dict__)
    assert NUMBER not in repr(turn) + repr(caller.limiter)


def test_a_wait_past_the_deadline_is_an_error_before_any_waiting(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    caller = Caller(
        twin, limiter_of(ONE_A_SECOND, clock=clock, store=store_of(store_kind, tmp_path))
    )
    caller.take(within_seconds=0.0).done()
    with pytest.raises(LimitError, match="longer for its turn than it may"):
        caller.take(within_seconds=0.9)
    assert passed(clock) == 0.0
    caller.take(within_seconds=1.1).done()
    assert passed(clock) == pytest.approx(1.0, abs=1e-3)


def test_the_deadline_counts_those_in_front() -> None:
    async def main() -> None:
        limiter = limiter_of(ONE_A_SECOND, clock=LoopClock())
        waiting = [asyncio.create_task(limiter.take_async("look")) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(LimitError):
            await limiter.take_async("look", within_seconds=4.5)
        assert asyncio.get_running_loop().time() == 0.0
        (await limiter.take_async("look", within_seconds=5.5)).done()
        for task in waiting:
            assert task.done()

    run_in_virtual_time(main())


def test_a_deadline_ends_a_wait_of_unknown_length() -> None:
    async def main() -> None:
        limiter = limiter_of(TWO_AT_ONCE, clock=LoopClock())
        held = [await limiter.take_async("look") for _ in range(2)]
        with pytest.raises(LimitError):
            await limiter.take_async("look", within_seconds=3.0)
        assert asyncio.get_running_loop().time() == pytest.approx(3.0, abs=1e-3)
        for turn in held:
            turn.done()

    run_in_virtual_time(main())


def test_a_call_waits_until_the_service_opens(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    opens_at = datetime(2024, 10, 5, 18, tzinfo=UTC)
    clock.set(datetime(2024, 10, 5, 17, 50, tzinfo=UTC))
    caller = Caller(twin, limiter_of(SUNDAY, clock=clock, store=store_of(store_kind, tmp_path)))
    caller.take(timeout_seconds=30).done()
    assert timedelta(0) <= clock.now() - opens_at < timedelta(seconds=1)


def test_a_call_to_a_closed_service_that_may_not_wait_is_told_when_it_opens(
    twin: str, clock: ManualClock
) -> None:
    now = datetime(2024, 10, 5, 17, tzinfo=UTC)
    clock.set(now)
    caller = Caller(twin, limiter_of(SUNDAY, clock=clock))
    for rest in ({"wait": False}, {"within_seconds": 3599.0}):
        with pytest.raises(ClosedHoursError) as raised:
            caller.take(**rest)
        error = raised.value
        assert error.opens_at == error.retry_at == datetime(2024, 10, 5, 18, tzinfo=UTC)
        assert (error.limit, error.sent) == ("sunday_night", False)
        assert "it opens at 2024-10-06T03:00:00+09:00" in str(error)
    assert clock.now() == now


def test_a_call_that_could_still_run_when_the_service_closes_is_refused_at_once(
    twin: str, clock: ManualClock
) -> None:
    clock.set(datetime(2024, 10, 5, 15, 59, 31, tzinfo=UTC))
    caller = Caller(twin, limiter_of(SUNDAY, clock=clock))
    with pytest.raises(ClosedHoursError, match="could still be running when the service closes"):
        caller.take(timeout_seconds=30)
    caller.take(timeout_seconds=29).done()
    assert clock.waits == []


def test_a_call_whose_turn_would_come_too_late_to_end_is_refused_at_once() -> None:
    async def main() -> None:
        start = datetime(2024, 10, 5, 15, 59, 50, tzinfo=UTC)
        limiter = limiter_of(ONE_A_SECOND, SUNDAY, clock=LoopClock(start))
        early = [
            asyncio.create_task(limiter.take_async("look", timeout_seconds=5)) for _ in range(5)
        ]
        await asyncio.sleep(0.1)
        with pytest.raises(ClosedHoursError):
            await limiter.take_async("look", timeout_seconds=6)
        assert asyncio.get_running_loop().time() == pytest.approx(0.1)
        await asyncio.gather(*early)

    run_in_virtual_time(main())


def test_who_waits_for_the_opening_does_not_hold_up_other_operations() -> None:
    async def main() -> None:
        start = datetime(2024, 10, 5, 17, tzinfo=UTC)
        closed = closed_weekly("closed", "sunday 01:00-03:00", "Asia/Tokyo", ("change",))
        limiter = limiter_of(ONE_A_SECOND, closed, clock=LoopClock(start))
        waiting = asyncio.create_task(limiter.take_async("change"))
        await asyncio.sleep(1)
        (await limiter.take_async("look", wait=False)).done()
        await waiting
        assert asyncio.get_running_loop().time() == pytest.approx(3600, abs=0.01)

    run_in_virtual_time(main())


def test_a_clock_on_the_wall_that_is_corrected_is_noticed_while_waiting() -> None:
    class Corrected(LoopClock):
        def now(self) -> datetime:
            late = timedelta(minutes=30) if self.monotonic() > 100 else timedelta(0)
            return super().now() + late

    async def main() -> None:
        limiter = limiter_of(SUNDAY, clock=Corrected(datetime(2024, 10, 5, 17, tzinfo=UTC)))
        (await limiter.take_async("look")).done()
        assert 1800 <= asyncio.get_running_loop().time() < 1861

    run_in_virtual_time(main())


def test_an_operation_without_limits_needs_nothing(twin: str, clock: ManualClock) -> None:
    class Nowhere:
        def queue(self, account: str, clock: object) -> Any:
            raise AssertionError("asked for")

    turn = Caller(twin, limiter_of(PAUSE, clock=clock, store=Nowhere())).take("look")
    turn.done()
    assert turn.is_current()


def test_a_task_that_is_cancelled_gives_its_place_back() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        limiter = limiter_of(ONE_A_SECOND, clock=LoopClock())
        (await limiter.take_async("look")).done()
        first, second, third = (asyncio.create_task(limiter.take_async("look")) for _ in range(3))
        await asyncio.sleep(0.5)
        second.cancel()
        await first
        await third
        assert second.cancelled()
        assert loop.time() == pytest.approx(2.0, abs=1e-3)

    run_in_virtual_time(main())


def test_a_task_that_is_cancelled_while_it_sends_gives_its_turn_back() -> None:
    async def main() -> None:
        limiter = limiter_of(ConcurrencyLimit(name="one", at_most=1), clock=LoopClock())

        async def call() -> None:
            with await limiter.take_async("look"):
                await asyncio.sleep(1000)

        task = asyncio.create_task(call())
        await asyncio.sleep(1)
        task.cancel()
        (await limiter.take_async("look", within_seconds=1)).done()
        assert task.cancelled()
        assert asyncio.get_running_loop().time() == pytest.approx(1.0, abs=1e-3)

    run_in_virtual_time(main())


def test_a_loop_that_ends_while_a_task_waits_gives_its_place_back() -> None:
    limiter = limiter_of(ConcurrencyLimit(name="one", at_most=1), clock=SystemClock())
    turn = limiter.take("look")

    async def abandon() -> None:
        asyncio.create_task(limiter.take_async("look"))  # noqa: RUF006  # abandoned on purpose
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(abandon())
    turn.done()
    with limiter.take("look", wait=False), pytest.raises(LimitError):
        limiter.take("look", wait=False)


def test_a_waiter_that_never_comes_although_it_could_go_holds_up_nobody() -> None:
    """One whose event loop stands still: it is woken, and does not ask again."""
    clock = ThreadClock()
    limiter = limiter_of(ConcurrencyLimit(name="one", at_most=1), clock=clock)
    turn = limiter.take("look")
    stuck = limiter._turn_request(limiter._request("look", None, 0.0, None, True))
    stuck.step(ThreadWakeup)
    stuck.step(ThreadWakeup)
    went: list[float] = []

    def answered() -> None:
        clock.sleep(1.0)
        turn.done()

    def behind() -> None:
        clock.sleep(0.5)
        limiter.take("look").done()
        went.append(clock.monotonic())

    clock.run([answered, behind])
    assert 101.0 < went[0] < 103.0
    assert isinstance(stuck.step(ThreadWakeup), Turn)  # its place was kept


def test_an_interrupt_while_waiting_gives_the_place_back() -> None:
    class Interrupting(ManualClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    clock = Interrupting(START)
    limiter = limiter_of(ONE_A_SECOND, clock=clock)
    limiter.take("look").done()
    with pytest.raises(KeyboardInterrupt):
        limiter.take("look")
    clock.advance(1.0)
    limiter.take("look", wait=False).done()


def test_threads_and_tasks_wake_each_other() -> None:
    """In real time, but nothing is waited for: who waits is woken by who is done."""
    limiter = limiter_of(ConcurrencyLimit(name="one", at_most=1), clock=SystemClock())
    order: list[str] = []
    first = limiter.take("look")
    entered = threading.Event()

    def in_thread() -> None:
        entered.set()
        with limiter.take("look", within_seconds=20):
            order.append("thread")

    async def in_tasks() -> None:
        async def call(name: str) -> None:
            with await limiter.take_async("look", within_seconds=20):
                order.append(name)

        tasks = [asyncio.create_task(call("one"))]
        while _queued(limiter) < 1:
            await asyncio.sleep(0)
        thread.start()
        while _queued(limiter) < 2:
            await asyncio.sleep(0)
        tasks.append(asyncio.create_task(call("two")))
        while _queued(limiter) < 3:
            await asyncio.sleep(0)
        first.done()
        await asyncio.gather(*tasks)

    thread = threading.Thread(target=in_thread)
    asyncio.run(in_tasks())
    thread.join(20)
    assert order == ["one", "thread", "two"]


def test_gates_of_one_account_share_and_others_do_not(
    store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    store = store_of(store_kind, tmp_path)
    one, same = (limiter_of(ONE_A_SECOND, clock=clock, store=store) for _ in range(2))
    other = limiter_of(ONE_A_SECOND, clock=clock, store=store, account="another company")
    one.take("look").done()
    with pytest.raises(LimitError):
        same.take("look", wait=False)
    other.take("look", wait=False).done()


def test_clients_of_different_releases_share_what_both_know(
    store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    store = store_of(store_kind, tmp_path)
    old = limiter_of(PAUSE, ONE_A_SECOND, clock=clock, store=store)
    new = limiter_of(TWO_AT_ONCE, ONE_A_SECOND, clock=clock, store=store)
    held = old.take("change", NUMBER)
    with pytest.raises(LimitError, match="one_a_second"):
        new.take("look", wait=False)
    clock.advance(1.0)
    turn = new.take("look", wait=False)
    clock.advance(1.0)
    with pytest.raises(LimitError, match="pause"):
        old.take("change", NUMBER, wait=False)
    held.done()
    turn.done()


def test_a_turn_of_a_process_that_was_stopped_is_not_handed_out(twin: str) -> None:
    class Stopping(ManualClock):
        left = -1

        def monotonic(self) -> float:
            self.left -= 1
            if self.left == 0:
                self.advance(60.0)
            return super().monotonic()

    stopped = 0
    for left in range(1, 15):
        clock = Stopping(START)
        limiter = limiter_of(ONE_A_SECOND, clock=clock)
        clock.left = left
        turn = Caller(twin, limiter).take()
        stopped += clock.left <= 0
        clock.left = -1
        assert turn.is_current()
    assert stopped >= 3  # wherever time was asked for


def test_a_turn_says_when_it_is_too_old(clock: ManualClock) -> None:
    turn = limiter_of(ONE_A_SECOND, clock=clock).take("look")
    assert turn.is_current()
    clock.advance(STALE_SECONDS + 0.01)
    assert not turn.is_current()


@pytest.mark.parametrize("margin", [0.01, 0.04, 0.2, 1.0])
def test_a_turn_that_is_used_as_late_as_it_may_be_keeps_the_rate(
    clock: ManualClock, margin: float
) -> None:
    limiter = limiter_of(ONE_A_SECOND, clock=clock, margin_seconds=margin)
    turn = limiter.take("look")
    while turn.is_current():
        sent_at = clock.monotonic()
        clock.advance(0.005)
    turn.done()
    limiter.take("look").done()
    assert clock.monotonic() - sent_at >= ONE_A_SECOND.per_seconds - 1e-6


class AbsurdClock(ManualClock):
    """Shows an impossible date, as a machine without a battery does; seconds pass as ever."""

    def __init__(self, shown: datetime) -> None:
        super().__init__(START)
        self.shown = shown

    def now(self) -> datetime:
        return self.shown


@pytest.mark.parametrize("start", [datetime.min, datetime.max])
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=9))])
def test_limits_are_kept_by_a_clock_at_the_end_of_the_calendar(
    start: datetime, zone: timezone
) -> None:
    limiter = limiter_of(ONE_A_SECOND, PAUSE, clock=AbsurdClock(start.replace(tzinfo=zone)))
    limiter.take("change", NUMBER).done()
    with pytest.raises(LimitError):
        limiter.take("change", NUMBER, wait=False)


@pytest.mark.parametrize("start", [datetime.min, datetime.max])
def test_closed_hours_are_not_kept_by_a_clock_at_the_end_of_the_calendar(start: datetime) -> None:
    limiter = limiter_of(SUNDAY, clock=AbsurdClock(start.replace(tzinfo=UTC)))
    with pytest.raises(ConfigurationError, match="the clock says"):
        limiter.take("change", NUMBER)


def limiter_for(scope: Scope, store: MemoryLimitStore, clock: ManualClock, **who: str) -> Limiter:
    return Limiter(
        Limits((structs.replace(ONE_A_SECOND, scope=scope),)),
        system="sample",
        server=f"{who.get('host', 'one.invalid')}/{who.get('path', 'a')}",
        account=who.get("company", ""),
        credentials=who.get("credentials", "one login"),
        host=who.get("host", "one.invalid"),
        store=store,
        clock=clock,
    )


@pytest.mark.parametrize(
    ("scope", "other", "is_shared"),
    [
        ("company", {"credentials": "another login"}, True),
        ("company", {"company": "another company"}, False),
        ("account", {"company": "another company"}, True),
        ("account", {"credentials": "another login"}, False),
        ("host", {"credentials": "another login", "company": "another company"}, True),
        ("host", {"path": "b"}, True),
        ("host", {"host": "other.invalid"}, False),
    ],
)
def test_a_limit_counts_the_calls_of_its_scope(
    clock: ManualClock, scope: Scope, other: dict[str, str], is_shared: bool
) -> None:
    store = MemoryLimitStore()
    limiter_for(scope, store, clock).take("look", wait=False).done()
    another = limiter_for(scope, store, clock, **other)
    if not is_shared:
        another.take("look", wait=False).done()
        return
    with pytest.raises(LimitError):
        another.take("look", wait=False)


def test_limits_of_several_scopes_are_all_kept_for_the_widest() -> None:
    narrow = structs.replace(ONE_A_SECOND, name="narrow", scope="account")
    wide = structs.replace(ONE_A_SECOND, name="wide", scope="host")
    assert Limits((narrow, ONE_A_SECOND)).scope == "company"
    assert Limits((narrow, ONE_A_SECOND, wide)).scope == "host"
    assert Limits((narrow, SUNDAY)).scope == "account"


def test_the_store_of_the_process_is_shared_by_those_with_one_clock() -> None:
    one = limiter_of(ONE_A_SECOND, clock=SystemClock(), store=PROCESS_STORE, account="in test")
    two = limiter_of(ONE_A_SECOND, clock=SystemClock(), store=PROCESS_STORE, account="in test")
    mock = limiter_of(
        ONE_A_SECOND, clock=ManualClock(START), store=PROCESS_STORE, account="in test"
    )
    one.take("look", wait=False).done()
    with pytest.raises(LimitError):
        two.take("look", wait=False)
    mock.take("look", wait=False).done()


def test_a_clock_of_a_test_that_is_set_back_does_not_hold_up_for_years(clock: ManualClock) -> None:
    limiter = limiter_of(ONE_A_SECOND, clock=clock)
    limiter.take("look").done()
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    limiter.take("look").done()
    assert sum(clock.waits) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("rest", [{"margin_seconds": -1.0}, {"unanswered_seconds": -1.0}])
def test_times_below_zero_are_refused(rest: dict[str, float], clock: ManualClock) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        limiter_of(ONE_A_SECOND, clock=clock, **rest)  # type: ignore[arg-type]  # the values fit


def _queued(limiter: Limiter) -> int:
    queue = limiter._queue
    assert queue is not None
    return len(queue.wakeups)


def test_what_a_reply_names_is_left_alone_for_as_long_as_what_a_request_names(
    twin: str, store_kind: str, tmp_path: Path, clock: ManualClock
) -> None:
    limiter = limiter_of(PAUSE, clock=clock, store=store_of(store_kind, tmp_path))
    caller = Caller(twin, limiter)
    caller.take("change").done()
    limiter.note_reply("change", NUMBER)
    caller.take("change", "another").done()
    assert passed(clock) == 0
    caller.take("undo", NUMBER).done()
    assert passed(clock) == pytest.approx(1, abs=1e-3)


def test_a_reply_of_an_operation_without_limits_is_not_noted(clock: ManualClock) -> None:
    limiter = limiter_of(PAUSE, clock=clock)
    limiter.note_reply("look", NUMBER)
    limiter.take("change", NUMBER).done()
    assert passed(clock) == 0
