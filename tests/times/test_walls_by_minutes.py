"""What is computed of days is what a walk over them, minute by minute, shows."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from campaign.day_forms import FORMS
from campaign.minutes import day_of, shown_of, times_of, walk
from campaign.times import days_of_change, try_day

from gridwright_runtime.mock.inventing.day_walk import wall_slots
from gridwright_runtime.times.durations import Duration
from gridwright_runtime.times.steps import boundaries, day_span, steps_between
from gridwright_runtime.times.wall_clock import intervals_at, moments_at

ZONES = sorted(available_timezones())
STEPS = [timedelta(minutes=minutes) for minutes in (15, 30, 60, 180, 1440)]


def sample(seed: int, count: int) -> list[tuple[str, date, timedelta]]:
    chance = random.Random(seed)  # chooses tests
    found: list[tuple[str, date, timedelta]] = []
    while len(found) < count:
        zone = chance.choice(ZONES)
        days = days_of_change(zone) or [date(1999, 12, 31)]
        day = chance.choice(days) + timedelta(days=chance.choice((-1, 0, 0, 0, 1)))
        found.append((zone, day, chance.choice(STEPS)))
    return found


CASES = [
    *sample(14, 25),
    ("Australia/Lord_Howe", date(2026, 4, 5), timedelta(hours=1)),
    ("America/Santiago", date(2026, 4, 4), timedelta(hours=1)),
    ("America/Havana", date(2026, 11, 1), timedelta(minutes=15)),
    ("America/St_Johns", date(2006, 10, 29), timedelta(hours=1)),
    ("Pacific/Apia", date(2011, 12, 30), timedelta(hours=1)),
]


@pytest.mark.parametrize(("zone", "day", "step"), CASES, ids=str)
def test_labels_name_what_the_clocks_show(zone: str, day: date, step: timedelta) -> None:
    minutes = list(walk(day, zone))
    midnight = datetime(day.year, day.month, day.day)
    whole: list[tuple[datetime, datetime]] = []
    for number in range(-1, timedelta(days=1) // step):
        shown = midnight + number * step
        expected = shown_of(minutes, shown, shown + step)
        found = [
            (start.astimezone(UTC), end.astimezone(UTC))
            for start, end in intervals_at(day, number * step, step, zone)
        ]
        assert found == expected
        moments = [moment.astimezone(UTC) for moment in moments_at(day, number * step, zone)]
        assert moments == (times_of(minutes, shown) or moments)
        whole += expected if number >= 0 else []
    slots = [(s.start.astimezone(UTC), s.end.astimezone(UTC)) for s in wall_slots(day, step, zone)]
    assert slots == sorted(whole)


@pytest.mark.parametrize(("zone", "day", "step"), CASES, ids=str)
def test_steps_of_elapsed_time_cut_a_day(zone: str, day: date, step: timedelta) -> None:
    local, length = ZoneInfo(zone), Duration(elapsed=step)
    start, end = day_of(list(walk(day, zone)), day)
    span = day_span(day, zone)
    assert (span[0].astimezone(UTC), span[1].astimezone(UTC)) == (start, end)
    edges = [start + number * step for number in range(-(-(end - start) // step))]
    found = steps_between(*span, length, zone)
    assert [moment.astimezone(UTC) for moment in found] == [*edges, end]
    # With the fold of an hour that comes again.
    before = start - timedelta(hours=5)
    expected = [(before + number * step).astimezone(local) for number in range(100)]
    told = boundaries(before.astimezone(local), length, 99, zone)
    assert [(m.isoformat(), m.fold) for m in told] == [(m.isoformat(), m.fold) for m in expected]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        *dict.fromkeys((zone, day) for zone, day, _ in CASES),
        # The clocks skip midnight, and a day.
        ("Africa/Casablanca", date(1974, 6, 23)),
        ("Pacific/Enderbury", date(1994, 12, 30)),
        # They go back to before a midnight that has passed, and have an offset with seconds.
        ("America/St_Johns", date(2011, 11, 6)),
        ("Africa/Monrovia", date(1972, 1, 7)),
        # An hour comes again in part.
        ("Pacific/Chatham", date(2018, 4, 1)),
        ("Asia/Hong_Kong", date(1974, 10, 20)),
        # A day of 27 hours.
        ("Antarctica/Casey", date(2020, 3, 8)),
    ],
    ids=str,
)
def test_every_form_reads_what_the_clocks_show(zone: str, day: date) -> None:
    tried = [(name, broken) for name, _, _, broken in try_day(zone, day, 14)]
    assert {name for name, _ in tried} == set(FORMS)
    assert [one for one in tried if one[1]] == []


def test_a_reading_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else the table of the campaign would show no break whatever happens.
    monkeypatch.setattr("gridwright_runtime.series.shows_every_time_once", lambda *_: True)
    tried = try_day("Europe/Berlin", date(2026, 10, 25), 14)
    broken = {name: said for name, _, _, said in tried if said}
    said = broken.get("labels in names", "")
    assert said.startswith("seed 14: Europe/Berlin 2026-10-25"), said
