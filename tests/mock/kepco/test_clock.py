"""The manual clock moves when it is told to, and for those who wait."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from gridwright_runtime.clock import Clock
from gridwright_runtime.mock.clock import ManualClock

START = datetime(2024, 10, 1, tzinfo=UTC)


def test_it_stands_still_until_told_otherwise() -> None:
    clock: Clock = ManualClock(START)
    assert clock.now() == clock.now() == START


def test_waiting_takes_no_time_but_passes_it() -> None:
    clock = ManualClock(START)
    before = clock.monotonic()
    clock.sleep(90)
    asyncio.run(clock.async_sleep(0.5))
    assert clock.waits == [90, 0.5]
    assert clock.now() == START + timedelta(seconds=90.5)
    assert clock.monotonic() - before == 90.5


def test_it_can_be_set_and_moved_in_any_zone() -> None:
    clock = ManualClock(START)
    clock.set(datetime(2024, 10, 2, 9, tzinfo=timezone(timedelta(hours=9))))
    assert clock.now() == datetime(2024, 10, 2, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(-60)
    assert clock.now() == datetime(2024, 10, 1, 23, 59, tzinfo=UTC)


def test_a_present_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(datetime(2024, 10, 1))
