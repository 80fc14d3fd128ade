"""What was known of limits before a machine was started again still holds, by the wall clock."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits import files
from gridwright_runtime.limits.files import FileLedger, FileLimitStore
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limit,
    QuotaLimit,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.private_folder import PrivateFolder

from .support import ACCOUNT, limiter_of

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
HOUR = 3600.0
HOURLY = RateLimit(name="hourly", requests=2, per_seconds=HOUR)
BY_METER = RateLimit(name="by_meter", requests=1, per_seconds=HOUR, same="number")
PAUSE = SpacingLimit(name="pause", wait_seconds=HOUR, same="number", after="request")
DAILY = QuotaLimit(name="daily", requests=2, each="day")
SHUT_OUT = RateLimit(name="shut_out", requests=9, per_seconds=60.0, penalty_seconds=HOUR)
ONE = ConcurrencyLimit(name="one", at_most=1)
KEY = "1234567890"


class Machine(Clock):
    """A machine that can be switched off: its seconds then begin anew, and the wall's go on."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._boots = count(1)
        self._patch = patch
        self.wall = NOON
        self.seconds = 50_000.0
        self._start()

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    async def async_sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds

    def switch_off_for(self, seconds: float) -> None:
        """Start again after so long, by the clock on the wall, with all processes gone."""
        self.wall += timedelta(seconds=seconds)
        self.seconds = 20.0
        self._start()

    def _start(self) -> None:
        boot = f"start {next(self._boots)}"
        self._patch.setattr(files, "_boot", lambda: boot)
        self._patch.setattr(files, "_QUEUES", {})

    def limiter(self, *limits: Limit) -> Limiter:
        """Return what a process has that is started now."""
        return limiter_of(*limits, clock=self, store=FileLimitStore(self._folder))

    def ledger(self) -> FileLedger:
        return FileLedger(self._folder / f"{ACCOUNT}.limits", PrivateFolder("limits", self._folder))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path / "limits", monkeypatch)


def use_up(limiter: Limiter, limit: Limit) -> None:
    if limit is SHUT_OUT:
        limiter.take("ask", KEY).done()
        limiter.note_used_up("ask", "shut_out")
        return
    while may_go(limiter):
        pass


def may_go(limiter: Limiter) -> bool:
    try:
        limiter.take("ask", KEY, wait=False).done()
    except LimitError:
        return False
    return True


LONG = pytest.mark.parametrize(
    "limit", [HOURLY, BY_METER, PAUSE, SHUT_OUT], ids=lambda limit: limit.name
)


@LONG
@pytest.mark.parametrize("off", [0.0, 60.0, 3000.0])
def test_what_was_used_up_stays_so_until_its_time_is_over(
    machine: Machine, limit: Limit, off: float
) -> None:
    use_up(machine.limiter(limit), limit)
    until = machine.wall + timedelta(seconds=HOUR)
    machine.switch_off_for(off)
    later = machine.limiter(limit)
    with pytest.raises(LimitError) as raised:
        later.take("ask", KEY, wait=False)
    assert raised.value.retry_at is not None
    assert abs(raised.value.retry_at - until) < timedelta(seconds=1)
    machine.pass_by(HOUR - off - 1.0)
    assert not may_go(later)
    machine.pass_by(1.5)
    assert may_go(later)


@LONG
def test_what_was_over_before_the_machine_came_back_holds_nobody_up(
    machine: Machine, limit: Limit
) -> None:
    use_up(machine.limiter(limit), limit)
    machine.switch_off_for(HOUR + 1.0)
    assert may_go(machine.limiter(limit))


def test_a_quota_counts_what_was_sent_before(machine: Machine) -> None:
    assert may_go(machine.limiter(DAILY))
    machine.switch_off_for(HOUR)
    later = machine.limiter(DAILY)
    assert [may_go(later), may_go(later)] == [True, False]
    machine.switch_off_for(24 * HOUR)
    assert may_go(machine.limiter(DAILY))


@LONG
@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=20_000)])
def test_a_clock_that_was_set_back_shortens_no_wait_and_makes_none_endless(
    machine: Machine, limit: Limit, back: timedelta
) -> None:
    use_up(machine.limiter(limit), limit)
    machine.switch_off_for(600.0)
    machine.wall = NOON - back
    later = machine.limiter(limit)
    assert not may_go(later)
    machine.pass_by(HOUR - 1.0)
    assert not may_go(later)
    machine.pass_by(1.5)
    assert may_go(later)


@LONG
def test_a_clock_that_was_set_while_the_machine_ran_counts_as_it_was_set(
    machine: Machine, limit: Limit
) -> None:
    machine.wall -= timedelta(days=7)  # as after a start without a network
    use_up(machine.limiter(limit), limit)
    machine.wall += timedelta(days=7)
    machine.pass_by(60.0)
    machine.limiter(ONE).take("ask", KEY).done()
    machine.switch_off_for(60.0)
    later = machine.limiter(limit)
    assert not may_go(later)
    machine.pass_by(HOUR)
    assert may_go(later)


@LONG
@pytest.mark.parametrize("epoch", [0.0, math.nan, math.inf, 1e300])
def test_who_does_not_know_how_long_it_was_off_waits_as_if_it_was_not(
    machine: Machine, limit: Limit, epoch: float
) -> None:
    """Such is a file of an older release, and one that somebody has changed."""
    use_up(machine.limiter(limit), limit)
    change_state(machine, lambda state: setattr(state, "epoch", epoch))
    machine.switch_off_for(10 * HOUR)
    later = machine.limiter(limit)
    assert not may_go(later)
    machine.pass_by(HOUR + 1.0)
    assert may_go(later)


def change_state(machine: Machine, change: Callable[[Any], None]) -> None:
    ledger = machine.ledger()
    held = ledger.hold(machine)
    assert held is not None
    change(held.state)
    # Saved as it is: the ledger would set the time itself.
    ledger._write(files._ENCODER.encode(held.state), frees=False)
    ledger.let_go()


def test_calls_and_places_of_processes_that_ended_with_the_machine_come_back(
    machine: Machine,
) -> None:
    before = machine.limiter(ONE)
    turn = before.take("ask", KEY)
    assert not may_go(before)
    # The process of this test lives on, and so does its lock: another has none.
    change_state(machine, give_to_another)
    machine.switch_off_for(60.0)
    assert may_go(machine.limiter(ONE))
    turn.done()


def give_to_another(state: Any) -> None:
    (call,) = state.calls
    call.owner += 1


def test_a_second_start_counts_from_the_first_use(machine: Machine) -> None:
    use_up(machine.limiter(HOURLY), HOURLY)
    for _ in range(3):
        machine.switch_off_for(600.0)
        assert not may_go(machine.limiter(HOURLY))
    machine.switch_off_for(HOUR - 3 * 600.0 + 1.0)
    assert may_go(machine.limiter(HOURLY))
