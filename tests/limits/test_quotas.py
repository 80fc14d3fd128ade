"""Quotas are counted by the calendar, by clients and by mocks, with code of their own."""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits import quotas
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import QuotaLimit, RateLimit
from gridwright_runtime.limits.quotas import window_of
from gridwright_runtime.limits.rules import Quota
from gridwright_runtime.limits.state import KEY_BITS, State
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore
from gridwright_runtime.mock.limits.measures import Visit
from gridwright_runtime.mock.limits.terms import measures_of

from .support import limiter_of

MICROSECOND = timedelta(microseconds=1)
SEOUL = ZoneInfo("Asia/Seoul")
DAILY = QuotaLimit(
    name="daily", requests=3, each="day", resets="09:00", zone="Asia/Seoul", operations=("ask",)
)


class Wall(Clock):
    """A clock that moves when somebody waits, or when it is told."""

    def __init__(self, now: datetime) -> None:
        self.time = now
        self.began = now

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return 1000.0 + (self.time - self.began).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=max(seconds, 0.001))

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def spend(limiter: Any, count: int, operation: str = "ask", **how: Any) -> None:
    for _ in range(count):
        with limiter.take(operation, **how):
            pass


def test_a_quota_that_is_used_up_is_an_error_that_says_until_when() -> None:
    clock = Wall(at("2026-09-14T08:00:00"))
    limiter = limiter_of(DAILY, clock=clock)
    spend(limiter, 3)
    with pytest.raises(LimitError, match=r"quota is used up.*daily") as caught:
        limiter.take("ask")
    assert caught.value.retry_at == at("2026-09-14T09:00:00")
    assert clock.time == at("2026-09-14T08:00:00")
    spend(limiter, 5, operation="other")
    clock.time = at("2026-09-14T09:00:00")
    spend(limiter, 3)
    with pytest.raises(LimitError):
        limiter.take("ask")


@pytest.mark.parametrize("is_first", [True, False])
def test_of_several_quotas_the_one_that_resets_last_says_until_when(is_first: bool) -> None:
    monthly = msgspec.structs.replace(DAILY, name="monthly", each="month")
    limits = (monthly, DAILY) if is_first else (DAILY, monthly)
    limiter = limiter_of(*limits, clock=Wall(at("2026-09-14T08:00:00")))
    spend(limiter, 3)
    with pytest.raises(LimitError, match="monthly") as caught:
        limiter.take("ask")
    assert caught.value.retry_at == at("2026-10-01T09:00:00")


def test_who_allows_it_waits_for_the_quota_to_reset() -> None:
    clock = Wall(at("2026-09-14T08:00:00"))
    limiter = limiter_of(DAILY, clock=clock)
    spend(limiter, 4, within_seconds=7200)
    assert clock.time >= at("2026-09-14T09:00:00")


def test_a_wait_of_less_than_a_minute_is_nobody_asked_about() -> None:
    clock = Wall(at("2026-09-14T08:59:30"))
    limiter = limiter_of(DAILY, clock=clock)
    spend(limiter, 4)
    assert clock.time >= at("2026-09-14T09:00:00")


def test_who_does_not_wait_at_all_is_told_at_once() -> None:
    limiter = limiter_of(DAILY, clock=Wall(at("2026-09-14T08:59:59")))
    spend(limiter, 3)
    with pytest.raises(LimitError):
        limiter.take("ask", wait=False)


def test_two_processes_share_a_quota(tmp_path: Path) -> None:
    clock = Wall(at("2026-09-14T08:00:00"))
    # Each store is what another process has of the same file.
    one, other = (
        limiter_of(DAILY, clock=clock, store=FileLimitStore(tmp_path / "limits")) for _ in range(2)
    )
    spend(one, 2)
    spend(other, 1)
    for limiter in (one, other):
        with pytest.raises(LimitError):
            limiter.take("ask")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_quota_holds_beside_a_rate(kind: str, tmp_path: Path) -> None:
    store: LimitStore = (
        MemoryLimitStore() if kind == "memory" else FileLimitStore(tmp_path / "limits")
    )
    clock = Wall(at("2026-09-14T08:00:00"))
    rate = RateLimit(name="slow", requests=1, per_seconds=10.0)
    limiter = limiter_of(DAILY, rate, clock=clock, store=store)
    spend(limiter, 3)
    assert clock.time >= at("2026-09-14T08:00:20")
    with pytest.raises(LimitError, match="daily"):
        limiter.take("ask")


def test_counts_of_an_earlier_day_are_forgotten_once_another_value_is_asked_for() -> None:
    one, other, next_one = (5 | value << KEY_BITS for value in (1, 2, 3))
    elsewhere = 6 | 1 << KEY_BITS
    state = State()
    for key in (one, other, elsewhere):
        quotas.spend(state, [Quota(key, DAILY)], at("2026-09-14T10:00:00"))
    assert set(state.spent) == {one, other, elsewhere}
    quotas.spend(state, [Quota(next_one, DAILY)], at("2026-09-15T10:00:00"))
    assert set(state.spent) == {next_one, elsewhere}


def test_a_state_without_counts_is_read_as_before() -> None:
    state = State(names=["daily"])
    old = msgspec.json.decode(msgspec.json.encode(state))[:-1]
    assert msgspec.convert(old, State).spent == {}


ZONES = ["UTC", "Asia/Seoul", "Europe/Vienna", "Australia/Lord_Howe", "America/St_Johns"]
EACH = ["hour", "day", "week", "month", "year"]


@given(
    moment=st.datetimes(datetime(2020, 1, 2), datetime(2030, 1, 1)),
    each=st.sampled_from(EACH),
    zone=st.sampled_from(ZONES),
    resets=st.sampled_from(["00:00", "01:45", "02:30", "09:00", "12:30", "23:59"]),
)
@settings(max_examples=300, deadline=None)
def test_every_moment_is_in_the_stretch_that_is_said(
    moment: datetime, each: Any, zone: str, resets: str
) -> None:
    limit = QuotaLimit(name="q", requests=1, each=each, resets=resets, zone=zone)
    wall = moment.replace(tzinfo=UTC)
    start, end = window_of(limit, wall)
    assert start <= wall < end
    if each != "hour":  # where clocks are put back by half an hour, hours overlap
        assert {window_of(limit, one) for one in (start, end - MICROSECOND)} == {(start, end)}
        assert window_of(limit, end)[0] == end


@pytest.mark.parametrize(
    ("each", "moment", "start", "end"),
    [
        ("hour", "2024-05-15T10:29", "2024-05-15T09:30", "2024-05-15T10:30"),
        ("hour", "2024-05-15T10:30", "2024-05-15T10:30", "2024-05-15T11:30"),
        ("day", "2024-05-15T02:29", "2024-05-14T02:30", "2024-05-15T02:30"),
        ("day", "2024-05-15T02:30", "2024-05-15T02:30", "2024-05-16T02:30"),
        ("week", "2024-05-13T02:29", "2024-05-06T02:30", "2024-05-13T02:30"),
        ("week", "2024-05-13T02:30", "2024-05-13T02:30", "2024-05-20T02:30"),
        ("month", "2024-05-01T02:29", "2024-04-01T02:30", "2024-05-01T02:30"),
        ("month", "2024-01-31T12:00", "2024-01-01T02:30", "2024-02-01T02:30"),
        ("month", "2024-12-31T12:00", "2024-12-01T02:30", "2025-01-01T02:30"),
        ("year", "2024-01-01T02:29", "2023-01-01T02:30", "2024-01-01T02:30"),
        ("year", "2024-02-29T12:00", "2024-01-01T02:30", "2025-01-01T02:30"),
    ],
)
def test_a_stretch_begins_when_the_clock_shows_its_reset(
    each: Any, moment: str, start: str, end: str
) -> None:
    resets = "00:30" if each == "hour" else "02:30"
    limit = QuotaLimit(name="q", requests=1, each=each, resets=resets, zone="Asia/Seoul")
    assert window_of(limit, at(moment)) == (at(start), at(end))


@pytest.mark.parametrize(
    ("moment", "start", "end"),
    [
        # In Vienna 02:00 to 03:00 comes twice on 27 October 2024, and is skipped on 31 March.
        ("2024-10-27T00:29", "2024-10-26T00:30", "2024-10-27T00:30"),
        ("2024-10-27T00:30", "2024-10-27T00:30", "2024-10-28T01:30"),
        ("2024-10-27T01:10", "2024-10-27T00:30", "2024-10-28T01:30"),
        ("2024-10-27T01:30", "2024-10-27T00:30", "2024-10-28T01:30"),
        ("2024-03-31T00:59", "2024-03-30T01:30", "2024-03-31T01:00"),
        ("2024-03-31T01:00", "2024-03-31T01:00", "2024-04-01T00:30"),
    ],
)
def test_a_day_begins_once_where_the_clocks_skip_its_reset_or_show_it_twice(
    moment: str, start: str, end: str
) -> None:
    limit = QuotaLimit(name="q", requests=1, each="day", resets="02:30", zone="Europe/Vienna")
    texts = [datetime.fromisoformat(f"{text}+00:00") for text in (moment, start, end)]
    assert window_of(limit, texts[0]) == (texts[1], texts[2])


def test_the_night_of_winter_time_has_no_quota_more() -> None:
    limit = QuotaLimit(name="q", requests=2, each="day", resets="02:30", zone="Europe/Vienna")
    clock = Wall(datetime(2024, 10, 27, tzinfo=UTC))
    limiter = limiter_of(limit, clock=clock)
    (measure,) = measures_of([limit])
    sent = 0
    for _ in range(24):
        clock.time += timedelta(minutes=5)
        with contextlib.suppress(LimitError):
            limiter.take("ask", wait=False).done()
            visit = Visit(operation="ask", now=clock.time, seconds=clock.monotonic())
            assert measure.arrive(visit) is None
            sent += 1
    assert sent == 4


@given(
    steps=st.lists(st.integers(0, 200_000), min_size=1, max_size=60),
    each=st.sampled_from(EACH),
    zone=st.sampled_from(ZONES),
    requests=st.integers(1, 4),
)
@settings(max_examples=100, deadline=None)
def test_what_the_client_lets_go_keeps_the_quota_as_the_mock_measures_it(
    steps: list[int], each: Any, zone: str, requests: int
) -> None:
    limit = QuotaLimit(name="q", requests=requests, each=each, resets="02:30", zone=zone)
    clock = Wall(datetime(2024, 10, 26, 20, tzinfo=UTC))
    limiter = limiter_of(limit, clock=clock)
    (measure,) = measures_of([limit])
    refused = 0
    for step in steps:
        clock.time += timedelta(seconds=step)
        try:
            turn = limiter.take("ask", wait=False)
        except LimitError:
            refused += 1
            continue
        turn.done()
        visit = Visit(operation="ask", now=clock.time, seconds=clock.monotonic())
        assert measure.arrive(visit) is None
    # Where all were let go there was room; where not, one more would have been too many.
    if refused:
        assert measure.figures()["most_in_one"] == requests
