"""What a walk cuts, the check of the request takes, wherever the clocks are changed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.times.lengths import Length, added, is_before
from gridwright_runtime.validation import RecordValidator
from gridwright_runtime.walks.chunks import chunks_of
from gridwright_runtime.walks.cuts import Cuts, PeriodCut

ZONES = (
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Seoul",
    "Africa/Casablanca", "UTC",
)  # fmt: skip
LENGTHS = (
    Length(days=1), Length(days=7), Length(months=1), Length(seconds=3600), Length(seconds=604800),
    Length(days=1, seconds=3600),
)  # fmt: skip
FIELDS = (("from", "start", "", "start"), ("to", "end", "", "end"))
ToIs = Literal["included", "excluded", "undecided"]


def problems(start: str, end: str, pattern: str, length: Length, zone: str) -> list[str]:
    validator = RecordValidator({"from": start, "to": end})
    validator.longest_period(
        FIELDS, pattern=pattern, zone=zone, months=length.months, days=length.days,
        at_most_seconds=int(length.seconds),
    )  # fmt: skip
    return [one.rule for one in validator.problems(open=True)]


def parts_of(
    start: datetime, end: datetime, length: Length, zone: str, to_is: ToIs
) -> list[tuple[datetime, datetime]]:
    cut = PeriodCut(at_most=length, to_is=to_is, step=Length(seconds=1), zone=zone)
    return [(one.start, one.end) for one in chunks_of(Cuts(period=cut), (start, end), None)]


@given(
    zone=st.sampled_from(ZONES),
    length=st.sampled_from(LENGTHS),
    to_is=st.sampled_from(["included", "excluded", "undecided"]),
    first=st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 1)),
    hours=st.integers(1, 60 * 24),
)
def test_every_part_of_a_walk_is_short_enough_for_the_check(
    zone: str, length: Length, to_is: ToIs, first: datetime, hours: int
) -> None:
    start = first.replace(microsecond=0, tzinfo=UTC)
    end = start + timedelta(hours=hours)
    parts = parts_of(start, end, length, zone, to_is)
    # To Python, a time in an hour that comes twice equals no time of another zone.
    assert [at.astimezone(UTC) for at in (parts[0][0], parts[-1][1])] == [start, end]
    for begin, last in parts:
        texts = (begin.isoformat(), last.isoformat())
        assert problems(*texts, "rfc3339", length, zone) == []
    # One second more than a part that was cut is too long.
    for begin, last in parts[:-1]:
        least = timedelta(seconds=1 if to_is == "excluded" else 2)
        later = (last.astimezone(UTC) + least).isoformat()
        if added(begin, length) > begin + timedelta(seconds=2):
            assert problems(begin.isoformat(), later, "rfc3339", length, zone) == ["too-long"]
    gaps = {"excluded": 0, "included": 1}
    if to_is in gaps:
        for (_, last), (begin, _) in pairwise(parts):
            step = begin.astimezone(UTC) - last.astimezone(UTC)
            assert step == timedelta(seconds=gaps[to_is])


@pytest.mark.parametrize(
    ("length", "is_taken"),
    [
        (Length(days=7), True),
        (Length(seconds=604800), False),
        (Length(seconds=608400), True),
    ],
)
def test_seven_days_over_a_day_of_25_hours_are_seven_days(length: Length, is_taken: bool) -> None:
    paris = ZoneInfo("Europe/Paris")
    start, end = (datetime(2026, *day, tzinfo=paris) for day in ((10, 22), (10, 29)))
    found = problems(start.isoformat(), end.isoformat(), "rfc3339", length, "Europe/Paris")
    assert (found == []) == is_taken
    # The same period, in texts that name the offset of elsewhere, and in those that name none.
    first, last = (one.astimezone(UTC).isoformat() for one in (start, end))
    assert (problems(first, last, "rfc3339", length, "Europe/Paris") == []) == is_taken
    first, last = "202610220000", "202610290000"
    assert (problems(first, last, "yyyyMMddHHmm", length, "Europe/Paris") == []) == is_taken


def test_a_walk_passes_the_last_sunday_of_october() -> None:
    paris = ZoneInfo("Europe/Paris")
    month = (datetime(2026, 10, 1, tzinfo=paris), datetime(2026, 11, 1, tzinfo=paris))
    parts = parts_of(*month, Length(days=7), "Europe/Paris", "excluded")
    assert [(begin.day, end.day) for begin, end in parts] == [
        (1, 8), (8, 15), (15, 22), (22, 29), (29, 1),
    ]  # fmt: skip
    assert {begin.hour for begin, _ in parts} == {0}


def test_of_two_times_of_one_zone_the_earlier_is_the_one_that_came_first() -> None:
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 45, tzinfo=paris)
    second = datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=paris)
    assert is_before(first, second) and not is_before(second, first)
