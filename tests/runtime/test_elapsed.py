from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.elapsed import elapsed

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [UTC, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Seoul"), ZoneInfo("Asia/Tehran")]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2024, 3, 1), datetime(2024, 4, 1), 743),
        (datetime(2024, 10, 1), datetime(2024, 11, 1), 745),
        (datetime(2024, 3, 31), datetime(2024, 4, 1), 23),
        (datetime(2024, 10, 27), datetime(2024, 10, 28), 25),
        (datetime(2024, 10, 27, 2, 30), datetime(2024, 10, 27, 2, 30, fold=1), 1),
        (datetime(2024, 5, 1), datetime(2024, 5, 2), 24),
        (datetime(2024, 4, 1), datetime(2024, 3, 31), -23),
    ],
)
def test_a_change_of_the_clocks_counts(start: datetime, end: datetime, hours: int) -> None:
    found = elapsed(start.replace(tzinfo=BERLIN), end.replace(tzinfo=BERLIN))
    assert found == timedelta(hours=hours)


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from(ZONES)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from(ZONES)),
)
def test_it_is_the_difference_in_utc(start: datetime, end: datetime) -> None:
    assert elapsed(start, end) == end.astimezone(UTC) - start.astimezone(UTC)


def test_the_ends_of_the_calendar_are_moments_too() -> None:
    east = timezone(timedelta(hours=14))
    first, last = datetime.min.replace(tzinfo=east), datetime.max.replace(tzinfo=UTC)
    assert elapsed(first, last) > timedelta(days=3_652_058)


@pytest.mark.parametrize("naive", [0, 1])
def test_a_moment_without_a_zone_is_refused(naive: int) -> None:
    moments = [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)]
    moments[naive] = moments[naive].replace(tzinfo=None)
    with pytest.raises(ValueError, match="need a time zone"):
        elapsed(*moments)
