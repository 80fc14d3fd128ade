"""What the clocks on the wall show, against a day that is walked minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from gridwright_runtime.elapsed import elapsed
from gridwright_runtime.times.wall_clock import Interval, intervals_at, moments_at

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DAYS = [
    # zone, day, its length in hours
    ("Europe/Berlin", date(2026, 10, 25), 25),
    ("Europe/Berlin", date(2026, 3, 29), 23),
    ("Europe/Berlin", date(2026, 10, 24), 24),
    ("Europe/London", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("America/Havana", date(2026, 3, 8), 23),  # at midnight
    ("America/Havana", date(2026, 11, 1), 25),
    ("Africa/Cairo", date(2026, 10, 29), 25),  # the hour before midnight comes twice
    ("Africa/Cairo", date(2026, 4, 24), 23),
    ("America/Sao_Paulo", date(2018, 11, 4), 23),
    ("America/Sao_Paulo", date(2018, 2, 17), 25),
    ("Africa/Casablanca", date(2026, 2, 15), 25),
    ("Pacific/Apia", date(2011, 12, 30), 0),  # a day that never was
    ("Asia/Seoul", date(2026, 10, 25), 24),
]


def walked(day: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield each minute of a day: when it is, and what the wall shows. Slow, to be read."""
    local = ZoneInfo(zone)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    for _ in range(84 * 60):
        shown = instant.astimezone(local).replace(tzinfo=None, fold=0)
        if shown.date() == day:
            yield instant, shown
        instant += MINUTE


def intervals_of_day(day: date, step: timedelta, zone: str) -> tuple[Interval, ...]:
    count = int(timedelta(days=1) / step)
    found = [i for n in range(count) for i in intervals_at(day, n * step, step, zone)]
    return tuple(sorted(found, key=lambda interval: interval[0].astimezone(UTC)))


def in_minutes(intervals: tuple[tuple[datetime, datetime], ...]) -> list[datetime]:
    minutes = []
    for start, end in intervals:
        instant = start.astimezone(UTC)
        while instant < end.astimezone(UTC):
            minutes.append(instant)
            instant += MINUTE
    return minutes


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
@pytest.mark.parametrize("step", [QUARTER, 2 * QUARTER, HOUR, 24 * HOUR], ids=str)
def test_the_intervals_of_a_day_are_the_day(
    zone: str, day: date, hours: float, step: timedelta
) -> None:
    intervals = intervals_of_day(day, step, zone)
    assert in_minutes(intervals) == [instant for instant, _ in walked(day, zone)]
    assert sum((elapsed(*i) for i in intervals), timedelta(0)) == hours * HOUR
    if step <= 2 * QUARTER:
        assert {elapsed(*interval) for interval in intervals} <= {step}


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_label_names_the_minutes_in_which_the_wall_shows_its_interval(
    zone: str, day: date, hours: float
) -> None:
    minutes = list(walked(day, zone))
    midnight = datetime.combine(day, datetime.min.time())
    for number in range(24):
        wall = midnight + number * HOUR
        expected = [instant for instant, shown in minutes if wall <= shown < wall + HOUR]
        assert in_minutes(intervals_at(day, number * HOUR, HOUR, zone)) == expected


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_moment_is_when_the_wall_shows_it(zone: str, day: date, hours: float) -> None:
    minutes = list(walked(day, zone))
    midnight = datetime.combine(day, datetime.min.time())
    for number in range(1, 96):
        expected = [instant for instant, shown in minutes if shown == midnight + number * QUARTER]
        found = moments_at(day, number * QUARTER, zone)
        assert [moment.astimezone(UTC) for moment in found] == expected


def test_an_hour_that_comes_twice_is_two_intervals_of_an_hour() -> None:
    first, second = intervals_at(date(2026, 10, 25), 2 * HOUR, HOUR, "Europe/Berlin")
    assert [moment.astimezone(UTC).hour for moment in (*first, *second)] == [0, 1, 1, 2]
    assert elapsed(*first) == elapsed(*second) == HOUR


def test_an_hour_that_the_clocks_skip_is_none() -> None:
    assert intervals_at(date(2026, 3, 29), 2 * HOUR, HOUR, "Europe/Berlin") == ()


def test_an_hour_that_the_wall_shows_in_part_is_as_long_as_it_lasts() -> None:
    [shorter] = intervals_at(date(2026, 10, 4), 2 * HOUR, HOUR, "Australia/Lord_Howe")
    [longer] = intervals_at(date(2026, 4, 5), 1 * HOUR, HOUR, "Australia/Lord_Howe")
    assert (elapsed(*shorter), elapsed(*longer)) == (2 * QUARTER, 6 * QUARTER)


def test_the_midnights_of_a_day_are_moments_even_where_the_wall_skips_them() -> None:
    [start] = moments_at(date(2018, 11, 4), timedelta(0), "America/Sao_Paulo")
    [end] = moments_at(date(2018, 11, 3), 24 * HOUR, "America/Sao_Paulo")
    assert start.astimezone(UTC) == end.astimezone(UTC) == datetime(2018, 11, 4, 3, tzinfo=UTC)


def test_days_of_zones_drawn_by_lot_are_the_sum_of_their_intervals() -> None:
    lot = Random(14)
    zones = ["Europe/Warsaw", "America/St_Johns", "Asia/Tehran", "Australia/Lord_Howe"]
    zones += ["Pacific/Chatham", "America/Santiago", "Africa/Casablanca", "Asia/Gaza"]
    for _ in range(60):
        zone, day = lot.choice(zones), date(1970, 1, 2) + timedelta(days=lot.randrange(25_000))
        step = lot.choice([QUARTER, 2 * QUARTER, HOUR])
        found = in_minutes(intervals_of_day(day, step, zone))
        assert found == [instant for instant, _ in walked(day, zone)], (zone, day, step)
