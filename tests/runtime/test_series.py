from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_apis.kepco_opm.series import DAY_LOAD_PROFILE_ENERGY_KWH, EnergyKwhReading
from gridwright_runtime.errors import GridwrightError, MissingDayError
from gridwright_runtime.record import Record
from gridwright_runtime.series import LabelMarks, SingleReading, interval_readings, single_reading

from .wire import day_record, json_body, only

SEOUL = ZoneInfo("Asia/Seoul")


def profile(**changes: object) -> DayLoadProfile:
    return only(json_body([day_record(**changes)]))


def test_the_first_label_is_the_first_quarter_of_the_day() -> None:
    first, *_, last = profile(pwr_qty0015=1.25, pwr_qty2400=2.5).readings()
    assert first.interval_start == datetime(2024, 10, 1, 0, 0, tzinfo=SEOUL)
    assert first.interval_end == datetime(2024, 10, 1, 0, 15, tzinfo=SEOUL)
    assert first.energy_kwh == Decimal("1.25")
    assert last.interval_end == datetime(2024, 10, 2, 0, 0, tzinfo=SEOUL)
    assert last.energy_kwh == Decimal("2.5")


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_readings_cover_the_day_without_a_gap(day: date) -> None:
    readings = profile(mr_ymd=f"{day:%Y%m%d}").readings()
    starts = [reading.interval_start.astimezone(UTC) for reading in readings]
    ends = [reading.interval_end.astimezone(UTC) for reading in readings]
    midnight = datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    assert len(readings) == 96
    assert starts[0] == midnight
    assert starts[1:] == ends[:-1]
    assert ends[-1] == midnight + timedelta(days=1)


@pytest.mark.parametrize("missing", ["", None])
def test_a_missing_reading_is_none_and_not_zero(missing: object) -> None:
    readings = profile(pwr_qty0030=missing, pwr_qty0045=0).readings()
    assert readings[1].energy_kwh is None
    assert readings[2].energy_kwh == 0


def test_a_record_without_a_day_has_no_readings() -> None:
    with pytest.raises(MissingDayError, match="reading_date is missing") as caught:
        profile(mr_ymd="").readings()
    assert isinstance(caught.value, GridwrightError)


def test_labels_may_mark_the_start() -> None:
    from msgspec.structs import replace

    series = replace(DAY_LOAD_PROFILE_ENERGY_KWH, marks="start", minutes=tuple(range(0, 1440, 15)))
    assert interval_readings(profile(), series) == profile().readings()


def test_register_readings_stand_at_their_hour() -> None:
    first, *_, last = profile(vld_pwr0100=7, vld_pwr2400=8).cumulative_kwh_readings()
    assert first == (datetime(2024, 10, 1, 1, tzinfo=SEOUL), Decimal(7))
    assert last == (datetime(2024, 10, 2, tzinfo=SEOUL), Decimal(8))


class _Moment(Record, frozen=True, kw_only=True):
    day: date | None
    time: str | None
    value: Decimal | None


ONE = SingleReading(
    reading=EnergyKwhReading,
    value="value",
    day="day",
    time="time",
    step=timedelta(minutes=15),
    zone="Asia/Seoul",
)


@pytest.mark.parametrize(
    ("label", "marks", "start"),
    [
        ("0015", "end", datetime(2024, 10, 1, tzinfo=SEOUL)),
        ("2400", "end", datetime(2024, 10, 1, 23, 45, tzinfo=SEOUL)),
        ("0015", "start", datetime(2024, 10, 1, 0, 15, tzinfo=SEOUL)),
    ],
)
def test_a_single_reading_lies_before_or_after_its_label(
    label: str, marks: LabelMarks, start: datetime
) -> None:
    record = _Moment(day=date(2024, 10, 1), time=label, value=Decimal(1))
    assert single_reading(record, ONE, marks) == (start, start + ONE.step, Decimal(1))


@pytest.mark.parametrize("label", [None, "", "2415", "9999", "00:15", "００１５"])
def test_a_single_reading_needs_a_time(label: str | None) -> None:
    record = _Moment(day=date(2024, 10, 1), time=label, value=None)
    with pytest.raises(MissingDayError, match="time is missing or no time"):
        single_reading(record, ONE, "end")


@pytest.mark.parametrize("marks", ["END", "", "middle", 1])
def test_label_marks_are_start_or_end_and_nothing_else(marks: Any) -> None:
    record = _Moment(day=date(2024, 10, 1), time="0015", value=None)
    with pytest.raises(ValueError, match="label_marks"):
        single_reading(record, ONE, marks)
    with pytest.raises(ValueError, match="label_marks"):
        interval_readings(profile(), DAY_LOAD_PROFILE_ENERGY_KWH, marks)


def test_readings_beyond_the_calendar_have_no_place_in_time() -> None:
    last = profile(mr_ymd="99991231")
    for ask in (last.readings, last.cumulative_kwh_readings):
        with pytest.raises(MissingDayError, match="beyond the calendar"):
            ask()
    first = _Moment(day=date(1, 1, 1), time="0000", value=None)
    with pytest.raises(MissingDayError, match="beyond the calendar") as caught:
        single_reading(first, ONE, "end")
    assert caught.value.__context__ is None
