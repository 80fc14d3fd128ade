"""The mock measures each limit by itself, and says by how much a call broke it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.limits.kinds import (
    ClosedHours,
    ConcurrencyLimit,
    Limit,
    Limits,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.limits.terms import measures_of
from gridwright_runtime.mock.limits.watch import BrokenLimit, LimitsWatch

NOON = datetime(2024, 10, 5, 3, tzinfo=UTC)
RATE = RateLimit(name="rate", requests=1, per_seconds=1.0)
EIGHT = ConcurrencyLimit(name="eight", at_most=8, operations=("a", "b"))
SPACING = SpacingLimit(name="same", wait_seconds=1.0, same="number", operations=("a", "b"))
CLOSED = ClosedHours(name="closed", weekday="sunday", start="01:00", end="03:00", zone="Asia/Tokyo")


class Watched:
    """A watch, and the clock that it looks at."""

    def __init__(self, *limits: Limit, now: datetime = NOON) -> None:
        self.clock = ManualClock(now)
        self.watch = LimitsWatch(measures_of(Limits(limits).limits), clock=self.clock)

    def call(self, operation: str, about: str = "", takes: float = 0.0) -> list[str]:
        """Make one whole call, and return what it broke."""
        visit, found = self.watch.arrive(operation)
        if about:
            found += self.watch.about(visit, {"number": about})
        self.clock.advance(takes)
        return shown((*found, *self.watch.leave(visit)))


def shown(found: tuple[BrokenLimit, ...]) -> list[str]:
    return [f"{broken.limit}: {broken.breach}" for broken in found]


def at(weekday: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a time of the week of Monday 2024-09-30 in Tokyo; 6 is Sunday."""
    local = datetime(2024, 9, 30, hour, minute, second) + timedelta(days=weekday)
    return (local - timedelta(hours=9)).replace(tzinfo=UTC)


def test_a_request_a_second_keeps_the_rate() -> None:
    watched = Watched(RATE)
    for _ in range(5):
        assert watched.call("any") == []
        watched.clock.advance(1.0)


def test_a_request_too_early_says_by_how_much() -> None:
    watched = Watched(RATE)
    watched.call("any")
    watched.clock.advance(0.75)
    assert watched.call("any") == ["rate: 0.25 s too early"]
    assert watched.call("other") == ["rate: 1 s too early"]
    assert watched.watch.broken_counts == {"rate": 2}


def test_a_rate_of_several_looks_at_the_one_so_many_before() -> None:
    watched = Watched(RateLimit(name="three", requests=3, per_seconds=10.0))
    for _ in range(3):
        assert watched.call("any") == []
        watched.clock.advance(2)
    assert watched.call("any") == ["three: 4 s too early"]
    watched.clock.advance(6)
    assert watched.call("any") == []


@given(
    st.lists(st.integers(0, 3_000_000), min_size=1, max_size=30),
    st.integers(1, 4),
)
def test_a_rate_is_broken_just_where_a_stretch_holds_too_many(pauses: list[int], most: int) -> None:
    watched = Watched(RateLimit(name="rate", requests=most, per_seconds=2.0))
    arrivals: list[int] = []
    now = 0
    for pause in pauses:
        watched.clock.advance(pause / 1_000_000)
        now += pause
        arrivals.append(now)
        within = [one for one in arrivals if one > now - 2_000_000]
        assert bool(watched.call("any")) == (len(within) > most)


def test_the_ninth_call_at_once_is_one_too_many_over_the_whole_group() -> None:
    watched = Watched(EIGHT)
    visits = [watched.watch.arrive("ab"[number % 2])[0] for number in range(8)]
    assert watched.watch.broken == ()
    assert shown(watched.watch.arrive("a")[1]) == ["eight: 1 call too many"]
    assert shown(watched.watch.arrive("b")[1]) == ["eight: 2 calls too many"]
    assert shown(watched.watch.arrive("outside")[1]) == []
    for visit in visits[:3]:
        watched.watch.leave(visit)
    assert shown(watched.watch.arrive("a")[1]) == []
    assert watched.watch.figures()["eight"] == {"requests": 11, "most_at_once": 10}


def test_a_pause_counts_from_the_reply() -> None:
    watched = Watched(SPACING)
    assert watched.call("a", "A1", takes=5.0) == []
    watched.clock.advance(0.4)
    assert watched.call("b", "A1") == ["same: 0.6 s too early"]
    assert watched.call("b", "A2") == []
    watched.clock.advance(1.0)
    assert watched.call("a", "A1") == []


def test_a_pause_may_count_from_the_request() -> None:
    watched = Watched(SpacingLimit(name="same", wait_seconds=1.0, same="number", after="request"))
    assert watched.call("a", "A1", takes=0.75) == []
    assert watched.call("a", "A1", takes=5.0) == ["same: 0.25 s too early"]
    assert watched.call("a", "A1") == []


def test_a_call_while_another_about_the_same_runs_is_early_by_the_whole_pause() -> None:
    watched = Watched(SPACING)
    visit, _ = watched.watch.arrive("a")
    watched.watch.about(visit, {"number": "A1"})
    watched.clock.advance(60)
    assert watched.call("b", "A1") == ["same: 1 s too early"]
    watched.watch.leave(visit)
    assert watched.call("b", "A1") == ["same: 1 s too early"]


def test_operations_outside_the_group_do_not_touch_it() -> None:
    watched = Watched(SPACING)
    watched.call("a", "A1")
    assert watched.call("c", "A1") == []
    assert watched.call("a", "A1") == ["same: 1 s too early"]


def test_a_number_that_a_reply_issues_is_touched_by_that_reply() -> None:
    watched = Watched(SPACING)
    visit, _ = watched.watch.arrive("a")
    watched.clock.advance(2)
    assert watched.watch.leave(visit, ("number", "A7")) == ()
    watched.clock.advance(0.25)
    assert watched.call("b", "A7") == ["same: 0.75 s too early"]


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(0, 2_000_000)), max_size=30))
def test_a_pause_is_broken_just_where_the_last_reply_is_too_near(
    calls: list[tuple[str, int]],
) -> None:
    watched = Watched(SPACING)
    left: dict[str, int] = {}
    now = 0
    for number, pause in calls:
        watched.clock.advance(pause / 1_000_000)
        now += pause
        expected = number in left and now - left[number] < 1_000_000
        assert bool(watched.call("a", number, takes=0.3)) == expected
        now += 300_000
        left[number] = now


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(6, 0, 59, 59), []),
        (at(6, 1), ["closed: 7200 s too early"]),
        (at(6, 2, 59, 59), ["closed: 1 s too early"]),
        (at(6, 3), []),
        (at(5, 2), []),
        (at(0, 2), []),
    ],
)
def test_closed_hours_are_those_of_the_zone_and_say_when_they_end(
    now: datetime, expected: list[str]
) -> None:
    assert Watched(CLOSED, now=now).call("any") == expected


def test_closed_hours_may_last_into_the_next_day_and_the_next_week() -> None:
    over_midnight = ClosedHours(
        name="closed", weekday="sunday", start="23:00", end="01:00", zone="Asia/Tokyo"
    )
    assert Watched(over_midnight, now=at(7, 0, 30)).call("any") == ["closed: 1800 s too early"]
    assert Watched(over_midnight, now=at(6, 23)).call("any") == ["closed: 7200 s too early"]
    assert Watched(over_midnight, now=at(7, 1)).call("any") == []


def test_a_call_that_runs_into_closed_hours_says_for_how_long() -> None:
    watched = Watched(CLOSED, now=at(6, 0, 59, 50))
    assert watched.call("any", takes=10.0) == []
    watched = Watched(CLOSED, now=at(6, 0, 59, 50))
    assert watched.call("any", takes=12.5) == ["closed: 2.5 s too long"]


def test_the_journal_is_bounded_and_the_counts_are_not() -> None:
    clock = ManualClock(NOON)
    watch = LimitsWatch(measures_of((RATE,)), clock=clock, size=3)
    for _ in range(9):
        watch.leave(watch.arrive("any")[0])
    assert len(watch.broken) == 3
    assert watch.broken_counts == {"rate": 8}
    assert watch.requests == {"any": 9}
    watch.clear()
    assert (watch.broken, watch.broken_counts) == ((), {"rate": 0})


def test_the_figures_tell_whether_a_rate_was_reached() -> None:
    watched = Watched(RATE, SPACING)
    for _ in range(4):
        watched.call("a", "A1")
        watched.clock.advance(1.25)
    assert watched.watch.figures() == {
        "rate": {"requests": 4, "seconds_from_first_to_last": 3.75, "least_seconds": 1.25},
        "same": {"requests": 4, "least_seconds": 1.25},
    }


def test_a_broken_limit_names_what_and_when_and_nothing_that_was_sent() -> None:
    watched = Watched(SPACING)
    watched.call("a", "A1")
    watched.call("a", "A1")
    (one,) = watched.watch.broken
    assert str(one) == "2024-10-05T03:00:00+00:00 a: same: 1 s too early"
    assert "A1" not in repr(one)
