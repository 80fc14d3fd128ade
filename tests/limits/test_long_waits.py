"""A long wait for a turn is logged when it begins: why, how long, until when; never about whom."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from gridwright_runtime.limits.kinds import QuotaLimit, RateLimit
from gridwright_runtime.limits.turn_request import Delay

from .support import SUNDAY, limiter_of
from .test_penalties import RATE
from .test_quotas import Wall

CLOSED = datetime(2024, 10, 5, 16, 30, tzinfo=UTC)  # 01:30 on Sunday in Japan
OPENS = datetime(2024, 10, 5, 18, tzinfo=UTC)
HOURLY = QuotaLimit(name="hourly", requests=1, each="hour", zone="Asia/Tokyo")


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "gridwright")
    return caplog


def delays(logged: pytest.LogCaptureFixture) -> list[Delay]:
    return [one.delay for one in logged.records]  # type: ignore[attr-defined]  # which the limiter adds


def test_closed_hours_are_logged_once_with_their_end(logged: pytest.LogCaptureFixture) -> None:
    clock = Wall(CLOSED)
    limiter = limiter_of(SUNDAY, clock=clock)
    limiter.take("ask", "0100000001").done()
    assert clock.time >= OPENS
    (line,) = logged.records
    assert line.getMessage() == (
        "sample: ask waits until 2024-10-05T18:00:00+00:00: "
        "the service is closed (limit sunday_night)"
    )
    assert delays(logged) == [Delay(OPENS, 5400.0, "the service is closed (limit sunday_night)")]
    assert "0100000001" not in repr(vars(line))


def test_so_are_those_that_a_task_waits_for(logged: pytest.LogCaptureFixture) -> None:
    limiter = limiter_of(SUNDAY, clock=Wall(CLOSED))
    asyncio.run(limiter.take_async("ask"))
    assert [one.until for one in delays(logged)] == [OPENS]


def test_each_time_that_it_is_closed_is_logged_anew(logged: pytest.LogCaptureFixture) -> None:
    clock = Wall(CLOSED)
    limiter = limiter_of(SUNDAY, clock=clock)
    limiter.take("ask").done()
    clock.time = CLOSED + timedelta(days=7)
    limiter.take("ask").done()
    assert [one.until for one in delays(logged)] == [OPENS, OPENS + timedelta(days=7)]


def test_a_quota_and_a_penalty_are_logged_by_their_names(logged: pytest.LogCaptureFixture) -> None:
    clock = Wall(CLOSED)
    quota = limiter_of(HOURLY, clock=clock)
    for _ in range(2):
        quota.take("ask", within_seconds=7200).done()
    barred = limiter_of(RATE, clock=clock)
    barred.note_used_up("ask", "per_minute")
    barred.take("ask", within_seconds=7200).done()
    assert [one.said for one in delays(logged)] == [
        "the quota is used up (limit hourly)",
        "the service has said that the limit is used up (limit per_minute)",
    ]
    assert [round(one.seconds) for one in delays(logged)] == [1800, 600]


def test_a_rate_that_makes_wait_for_long_is_logged(logged: pytest.LogCaptureFixture) -> None:
    slow = RateLimit(name="per_hour", requests=1, per_seconds=3600.0)
    limiter = limiter_of(slow, clock=Wall(CLOSED))
    for _ in range(2):
        limiter.take("ask").done()
    (found,) = delays(logged)
    assert (found.said, round(found.seconds)) == ("it is not its turn (limit per_hour)", 3600)


def test_short_waits_and_what_need_not_wait_log_nothing(logged: pytest.LogCaptureFixture) -> None:
    limiter = limiter_of(
        RateLimit(name="each_minute", requests=1, per_seconds=59.0), clock=Wall(CLOSED)
    )
    for _ in range(3):
        limiter.take("ask").done()
    assert logged.records == []
