"""Who breaks a rate is shut out for longer than it counts: clients wait, and mocks shut out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.kinds import RateLimit
from gridwright_runtime.limits.store import LimitStore
from gridwright_runtime.mock.limits.measures import Visit
from gridwright_runtime.mock.limits.terms import measures_of

from .support import limiter_of
from .test_quotas import Wall

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
RATE = RateLimit(name="per_minute", requests=2, per_seconds=60.0, penalty_seconds=600.0)
SLOW = RateLimit(name="per_hour", requests=2, per_seconds=3600.0, penalty_seconds=600.0)


def test_after_a_refusal_nothing_leaves_until_the_penalty_is_over(
    stores: list[LimitStore],
) -> None:
    clock = Wall(NOON)
    one, other = (limiter_of(RATE, clock=clock, store=store) for store in stores)
    one.take("ask").done()
    until = one.note_used_up("ask", "per_minute")
    assert until == NOON + timedelta(minutes=10)
    for limiter in (one, other):
        with pytest.raises(LimitError, match="the service has said that the limit is used up"):
            limiter.take("ask")
        with pytest.raises(LimitError):
            limiter.take("ask", within_seconds=590)


def test_who_allows_it_waits_for_the_penalty_to_be_over() -> None:
    clock = Wall(NOON)
    limiter = limiter_of(RATE, clock=clock)
    limiter.note_used_up("ask", "per_minute")
    limiter.take("ask", within_seconds=3600).done()
    assert clock.time >= NOON + timedelta(minutes=10)


def test_a_penalty_shorter_than_the_rate_does_not_shorten_it() -> None:
    limiter = limiter_of(SLOW, clock=Wall(NOON))
    assert limiter.note_used_up("ask", "per_hour") == NOON + timedelta(hours=1)


def test_a_client_that_keeps_the_rate_knows_of_no_penalty() -> None:
    clock = Wall(NOON)
    limiter = limiter_of(RATE, clock=clock)
    for _ in range(3):
        limiter.take("ask").done()
    assert clock.time < NOON + timedelta(minutes=2)


def broken_by(limit: RateLimit, *seconds: float) -> list[Any]:
    (measure,) = measures_of([limit])
    found = []
    for after in seconds:
        visit = Visit(operation="ask", now=NOON + timedelta(seconds=after), seconds=after)
        breach = measure.arrive(visit)
        found.append(breach and breach.seconds_too_early)
    return found


def test_the_mock_shuts_out_who_breaks_the_rate_for_the_penalty() -> None:
    assert broken_by(RATE, 0, 1, 2, 100, 601, 602, 603) == [None, None, 600, 502, 1, None, None]


def test_what_is_refused_meanwhile_neither_counts_nor_prolongs_it() -> None:
    assert broken_by(RATE, 0, 1, 2, *range(3, 600, 10), 602, 603)[-2:] == [None, None]


def test_the_mock_shuts_out_the_same_values_alone() -> None:
    limit = RateLimit(name="one", requests=1, per_seconds=1.0, same="meter", penalty_seconds=60.0)
    (measure,) = measures_of([limit])

    def ask(meter: str, seconds: float) -> bool:
        visit = Visit(operation="ask", now=NOON, seconds=seconds)
        visit.subjects["meter"] = meter
        return measure.about(visit) is not None

    assert [ask("A", 0), ask("A", 0.5), ask("B", 0.6), ask("A", 30), ask("A", 61)] == [
        False, True, False, True, False,
    ]  # fmt: skip
