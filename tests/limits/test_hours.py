"""Closed hours as instants: midnight, changes of the clocks, any zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.limits.hours import Timetable
from gridwright_runtime.limits.kinds import (
    WEEKDAYS,
    ClosedHours,
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
    closed_weekly,
    minute_of_day,
)


def closing(weekly: str, zone: str, now: str) -> tuple[str, str]:
    """Return start and end of the closing that is on or comes next, in UTC."""
    found = Timetable((closed_weekly("closed", weekly, zone),)).next(datetime.fromisoformat(now))
    assert found is not None
    return found.starts_at.isoformat()[:16], found.opens_at.isoformat()[:16]


@pytest.mark.parametrize(
    ("now", "starts_at", "opens_at"),
    [
        ("2024-10-02T00:00+00:00", "2024-10-05T16:00", "2024-10-05T18:00"),
        ("2024-10-05T15:59:59+00:00", "2024-10-05T16:00", "2024-10-05T18:00"),
        ("2024-10-05T16:00+00:00", "2024-10-05T16:00", "2024-10-05T18:00"),
        ("2024-10-05T17:59:59+00:00", "2024-10-05T16:00", "2024-10-05T18:00"),
        ("2024-10-05T18:00+00:00", "2024-10-12T16:00", "2024-10-12T18:00"),
    ],
)
def test_sunday_night_in_japan(now: str, starts_at: str, opens_at: str) -> None:
    assert closing("sunday 01:00-03:00", "Asia/Tokyo", now) == (starts_at, opens_at)


@pytest.mark.parametrize(
    ("weekly", "starts_at", "opens_at"),
    [
        ("saturday 23:00-01:30", "2024-10-05T23:00", "2024-10-06T01:30"),
        ("saturday 22:00-24:00", "2024-10-05T22:00", "2024-10-06T00:00"),
        ("saturday 22:00-00:00", "2024-10-05T22:00", "2024-10-06T00:00"),
        ("saturday 00:00-24:00", "2024-10-05T00:00", "2024-10-06T00:00"),
        ("saturday 05:00-05:00", "2024-10-05T05:00", "2024-10-06T05:00"),
    ],
)
def test_a_closing_may_end_on_the_next_day(weekly: str, starts_at: str, opens_at: str) -> None:
    assert closing(weekly, "UTC", "2024-10-04T00:00+00:00") == (starts_at, opens_at)
    last_minute = (datetime.fromisoformat(opens_at) - timedelta(minutes=1)).replace(tzinfo=UTC)
    assert closing(weekly, "UTC", last_minute.isoformat()) == (starts_at, opens_at)


@pytest.mark.parametrize(
    ("weekly", "now", "starts_at", "opens_at"),
    [
        # In Berlin 02:00 to 03:00 is skipped on 31 March 2024, and comes twice on 27 October.
        ("sunday 01:00-04:00", "2024-03-30", "2024-03-31T00:00", "2024-03-31T02:00"),
        ("sunday 01:00-04:00", "2024-10-26", "2024-10-26T23:00", "2024-10-27T03:00"),
        ("sunday 02:30-04:00", "2024-03-30", "2024-03-31T01:00", "2024-03-31T02:00"),
        ("sunday 01:00-02:30", "2024-03-30", "2024-03-31T00:00", "2024-03-31T01:00"),
        ("sunday 02:30-04:00", "2024-10-26", "2024-10-27T00:30", "2024-10-27T03:00"),
        ("sunday 01:00-02:30", "2024-10-26", "2024-10-26T23:00", "2024-10-27T01:30"),
        ("sunday 02:15-02:45", "2024-10-26", "2024-10-27T00:15", "2024-10-27T01:45"),
        ("saturday 23:00-03:30", "2024-03-30", "2024-03-30T22:00", "2024-03-31T01:30"),
    ],
)
def test_what_the_clocks_skip_or_show_twice(
    weekly: str, now: str, starts_at: str, opens_at: str
) -> None:
    assert closing(weekly, "Europe/Berlin", f"{now}T12:00+00:00") == (starts_at, opens_at)


def test_a_closing_that_the_clocks_skip_whole_does_not_take_place() -> None:
    found = closing("sunday 02:15-02:45", "Europe/Berlin", "2024-03-30T12:00+00:00")
    assert found == ("2024-04-07T00:15", "2024-04-07T00:45")


def test_a_day_that_a_country_skips_is_not_closed() -> None:
    found = closing("friday 10:00-11:00", "Pacific/Apia", "2011-12-29T12:00+00:00")
    assert found == ("2012-01-05T20:00", "2012-01-05T21:00")


def test_closings_that_meet_are_one() -> None:
    hours = (
        closed_weekly("one", "saturday 22:00-24:00", "UTC"),
        closed_weekly("two", "sunday 00:00-02:00", "UTC"),
        closed_weekly("three", "sunday 01:00-01:30", "UTC"),
    )
    found = Timetable(hours).next(datetime(2024, 10, 1, tzinfo=UTC))
    assert found is not None
    assert found.opens_at - found.starts_at == timedelta(hours=4)


@given(
    zone=st.sampled_from(
        ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
    ),
    weekday=st.sampled_from(WEEKDAYS),
    start=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 24 * 60),
    now=st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1)),
)
@settings(max_examples=200, deadline=None)
def test_it_is_closed_whenever_the_clocks_say_so(
    zone: str, weekday: str, start: int, length: int, now: datetime
) -> None:
    end = (start + length) % (24 * 60)
    weekly = f"{weekday} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    instant = now.replace(tzinfo=UTC)
    found = Timetable((closed_weekly("closed", weekly, zone),)).next(instant)
    assert found is not None
    assert found.opens_at > instant
    local = instant.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    today, yesterday = WEEKDAYS[local.weekday()], WEEKDAYS[local.weekday() - 1]
    if end > start:
        shown = today == weekday and start <= minute < end
    else:
        shown = (today == weekday and minute >= start) or (yesterday == weekday and minute < end)
    if shown:
        assert found.starts_at <= instant
    elif found.starts_at <= instant:  # only between two times that the clocks show
        assert found.opens_at - found.starts_at > timedelta(minutes=length)


def test_an_answer_that_is_kept_is_still_right_later() -> None:
    table = Timetable((closed_weekly("closed", "sunday 01:00-03:00", "Asia/Tokyo"),))
    now = datetime(2024, 10, 1, tzinfo=UTC)
    for _ in range(200):
        fresh = Timetable((closed_weekly("closed", "sunday 01:00-03:00", "Asia/Tokyo"),))
        assert table.next(now) == fresh.next(now)
        now += timedelta(hours=1)
    back = datetime(2024, 9, 1, tzinfo=UTC)
    found = table.next(back)
    assert found is not None
    assert found.starts_at.day == 7  # a clock that is set back is not told of October


@pytest.mark.parametrize(
    ("text", "minute"),
    [("00:00", 0), ("01:30", 90), ("24:00", 1440), ("24:01", -1), ("1:00", -1), ("01:60", -1)],
)
def test_times_of_day(text: str, minute: int) -> None:
    assert minute_of_day(text) == minute


@pytest.mark.parametrize("weekly", ["sunday", "sunday 01:00", "funday 01:00-02:00", "sunday 1-2"])
def test_what_is_not_written_as_closed_hours_is_refused(weekly: str) -> None:
    with pytest.raises(ValueError, match="limit closed: "):
        closed_weekly("closed", weekly, "UTC")


def test_a_limit_that_makes_no_sense_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="limit fast: requests"):
        RateLimit(name="fast", requests=0, per_seconds=1.0)
    with pytest.raises(ValueError, match="limit fast: per_seconds"):
        RateLimit(name="fast", requests=1, per_seconds=0.0)
    with pytest.raises(ValueError, match="limit many: at_most"):
        ConcurrencyLimit(name="many", at_most=0)
    with pytest.raises(ValueError, match="limit pause: wait_seconds"):
        SpacingLimit(name="pause", wait_seconds=float("nan"), same="number")
    with pytest.raises(ValueError, match="limit pause: same"):
        SpacingLimit(name="pause", wait_seconds=1.0, same="")
    with pytest.raises(ValueError, match="limit closed: zone"):
        ClosedHours(name="closed", weekday="sunday", start="01:00", end="03:00", zone="Mars/Base")
    with pytest.raises(ValueError, match="two limits are named many"):
        Limits((ConcurrencyLimit(name="many", at_most=1), ConcurrencyLimit(name="many", at_most=2)))
