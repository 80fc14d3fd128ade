"""How far back a call may ask, as clients check it and as mocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.interface import Reach
from gridwright_runtime.mock.requests.reach import too_far_back
from gridwright_runtime.record import Record
from gridwright_runtime.requests.reach import reach_problems
from gridwright_runtime.times.lengths import Length

SEOUL = ZoneInfo("Asia/Seoul")
TWO_YEARS = Length(months=24)
NOON = datetime(2024, 10, 2, 12, tzinfo=SEOUL)


class Span(Record, frozen=True, kw_only=True):
    start: date | datetime | None = None


class Question(Record, frozen=True, kw_only=True):
    first: date | datetime | None = None
    spans: list[Span] | None = None


def reach(length: Length, path: str = "first", is_of_months: bool = False) -> Reach:
    return Reach(
        path=tuple(path.split(".")),
        wire="from",
        at_most=length,
        zone="Asia/Seoul",
        is_of_months=is_of_months,
    )


def is_refused(value: date | datetime, how_far: Reach, now: datetime = NOON) -> bool:
    """Say whether the client refuses it, and make sure that the mock says the same."""
    found = bool(reach_problems([how_far], Question(first=value), now))
    assert bool(too_far_back([how_far], {"first": value}, now)) is found
    return found


@pytest.mark.parametrize(
    ("now", "length", "first"),
    [
        (NOON, Length(months=24), date(2022, 10, 2)),
        (NOON, Length(days=7), date(2024, 9, 25)),
        (NOON, Length(seconds=13 * 3600), date(2024, 10, 1)),
        (datetime(2024, 8, 31, 12, tzinfo=SEOUL), Length(months=6), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 12, tzinfo=SEOUL), Length(months=12), date(2023, 2, 28)),
        (datetime(2024, 3, 1, 12, tzinfo=SEOUL), Length(months=1, days=1), date(2024, 1, 31)),
        # In Seoul it is the next day already.
        (datetime(2024, 10, 1, 15, 30, tzinfo=UTC), Length(months=24), date(2022, 10, 2)),
    ],
)
def test_the_first_day_is_the_one_so_long_ago(now: datetime, length: Length, first: date) -> None:
    assert not is_refused(first, reach(length), now)
    assert is_refused(first - timedelta(days=1), reach(length), now)


def test_a_moment_goes_by_the_moment_so_long_ago() -> None:
    first = datetime(2022, 10, 2, 12, tzinfo=SEOUL)
    assert not is_refused(first, reach(TWO_YEARS))
    assert is_refused(first - timedelta(seconds=1), reach(TWO_YEARS))
    assert is_refused((first - timedelta(seconds=1)).astimezone(UTC), reach(TWO_YEARS))


def test_a_month_is_asked_for_as_a_whole() -> None:
    how_far = reach(TWO_YEARS, is_of_months=True)
    assert not is_refused(date(2022, 10, 1), how_far)
    assert is_refused(date(2022, 9, 1), how_far)


def test_each_item_of_a_list_is_looked_at_and_no_value_is_shown() -> None:
    spans = [Span(start=date(2024, 1, 1)), Span(), Span(start=date(1999, 1, 1))]
    (problem,) = reach_problems([reach(TWO_YEARS, "spans.start")], Question(spans=spans), NOON)
    assert (problem.path, problem.rule) == ("spans[2].start", "too-far-back")
    assert "2022-10-02" in problem.message
    assert "1999" not in problem.message
    asked = {"spans": [{"start": span.start} for span in spans]}
    assert len(too_far_back([reach(TWO_YEARS, "spans.start")], asked, NOON)) == 1


def test_what_is_not_asked_for_is_not_too_far_back() -> None:
    assert (
        reach_problems([reach(TWO_YEARS), reach(Length(days=1), "spans.start")], Question(), NOON)
        == []
    )
    assert too_far_back([reach(TWO_YEARS), reach(Length(days=1), "spans.start")], {}, NOON) == []


def test_a_reach_beyond_the_calendar_refuses_nothing() -> None:
    assert not is_refused(date(1, 1, 1), reach(Length(months=12 * 3000)))


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    months=st.integers(0, 60),
    days=st.integers(0, 400),
    hours=st.integers(0, 30),
    back=st.integers(-40, 40),
    is_moment=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_client_and_mock_agree(
    now: datetime, months: int, days: int, hours: int, back: int, is_moment: bool
) -> None:
    present = now.replace(tzinfo=UTC)
    how_far = reach(Length(months=months, days=days, seconds=hours * 3600))
    near = present - timedelta(days=30.4 * months + days + back, hours=hours)
    is_refused(near if is_moment else near.date(), how_far, present)
