from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_apis.kepco_opm.series import DAY_LOAD_PROFILE_ENERGY_KWH, EnergyKwhReading
from gridwright_runtime.elapsed import elapsed
from gridwright_runtime.errors import GridwrightError, MissingDayError, UndecidedTimeError
from gridwright_runtime.record import Record
from gridwright_runtime.series import (
    LabelMarks,
    RegisterSeries,
    Repeated,
    Series,
    SingleReading,
    interval_readings,
    readings_in_order,
    register_readings,
    single_reading,
)

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


# A zone whose clocks change. Berlin: 2026-10-25 has the hour from 2 to 3 twice, 2026-03-29 never.


class Hours(Record, frozen=True, kw_only=True):
    reading_date: date | None = None
    energy_kwh_0100: Decimal | None = None
    energy_kwh_0200: Decimal | None = None
    energy_kwh_0300: Decimal | None = None
    energy_kwh_0400: Decimal | None = None


class Hour(Record, frozen=True, kw_only=True):
    reading_date: date | None = None
    reading_time: str | None = None
    clock: str | None = None
    energy_kwh: Decimal | None = None


class HourReading(NamedTuple):
    interval_start: datetime
    interval_end: datetime
    energy_kwh: Decimal | None


class StateReading(NamedTuple):
    read_at: datetime
    energy_kwh: Decimal | None


LABELS = ("0100", "0200", "0300", "0400")
BERLIN = Series(
    reading=HourReading,
    fields=tuple(f"energy_kwh_{label}" for label in LABELS),
    minutes=(60, 120, 180, 240),
    step=timedelta(hours=1),
    day="reading_date",
    zone="Europe/Berlin",
)
BERLIN_STATES = RegisterSeries(
    reading=StateReading,
    fields=BERLIN.fields,
    minutes=BERLIN.minutes,
    day="reading_date",
    zone="Europe/Berlin",
)
BERLIN_HOUR = SingleReading(
    reading=HourReading,
    value="energy_kwh",
    day="reading_date",
    time="reading_time",
    step=timedelta(hours=1),
    zone="Europe/Berlin",
)
AUTUMN, SPRING = date(2026, 10, 25), date(2026, 3, 29)


def hours_of(day: date, **values: Decimal | None) -> Hours:
    given = {f"energy_kwh_{label}": Decimal(n + 1) for n, label in enumerate(LABELS)}
    return Hours(**{"reading_date": day, **given, **values})  # type: ignore[arg-type]


def in_utc(readings: Sequence[HourReading]) -> list[tuple[int, int, Any]]:
    return [
        (r.interval_start.astimezone(UTC).hour, r.interval_end.astimezone(UTC).hour, r.energy_kwh)
        for r in readings
    ]


def test_an_hour_that_comes_twice_has_two_readings_of_which_one_has_the_value() -> None:
    hours = hours_of(AUTUMN)
    first = interval_readings(hours, BERLIN, repeated="first")
    assert in_utc(first) == [(22, 23, 1), (23, 0, 2), (0, 1, 3), (1, 2, None), (2, 3, 4)]
    second = interval_readings(hours, BERLIN, repeated="second")
    assert in_utc(second) == [(22, 23, 1), (23, 0, 2), (0, 1, None), (1, 2, 3), (2, 3, 4)]
    assert {elapsed(r.interval_start, r.interval_end) for r in first} == {timedelta(hours=1)}


def test_a_value_of_an_hour_that_comes_twice_is_never_placed_by_guessing() -> None:
    with pytest.raises(UndecidedTimeError, match="energy_kwh_0300"):
        interval_readings(hours_of(AUTUMN), BERLIN)
    # Without a value, there is nothing to decide.
    readings = interval_readings(hours_of(AUTUMN, energy_kwh_0300=None), BERLIN)
    assert [r.energy_kwh for r in readings] == [1, 2, None, None, 4]


def test_an_hour_that_the_clocks_skip_has_no_reading() -> None:
    readings = interval_readings(hours_of(SPRING), BERLIN)
    assert in_utc(readings) == [(23, 0, 1), (0, 1, 2), (1, 2, 4)]


def test_labels_of_starts_name_the_hour_that_begins_with_them() -> None:
    readings = interval_readings(hours_of(SPRING), BERLIN, "start")
    assert in_utc(readings) == [(0, 1, 1), (1, 2, 3), (2, 3, 4)]


def test_a_register_is_read_when_the_wall_shows_the_label() -> None:
    states = register_readings(hours_of(AUTUMN), BERLIN_STATES, repeated="second")
    shown = [(state.read_at.astimezone(UTC).hour, state.energy_kwh) for state in states]
    assert shown == [(23, 1), (0, None), (1, 2), (2, 3), (3, 4)]
    with pytest.raises(UndecidedTimeError, match="energy_kwh_0200"):
        register_readings(hours_of(AUTUMN), BERLIN_STATES)


def hour_of(day: date, time: str, *, clock: str | None = None) -> Hour:
    return Hour(reading_date=day, reading_time=time, clock=clock, energy_kwh=Decimal(1))


def test_a_single_reading_of_an_hour_that_comes_twice_is_decided_by_the_caller() -> None:
    hour = hour_of(AUTUMN, "0300")
    with pytest.raises(UndecidedTimeError, match="reading_time"):
        single_reading(hour, BERLIN_HOUR, "end")
    words: tuple[Repeated, ...] = ("first", "second")
    readings = [single_reading(hour, BERLIN_HOUR, "end", repeated=word) for word in words]
    assert in_utc(readings) == [(0, 1, 1), (1, 2, 1)]


def test_a_single_reading_of_an_hour_that_comes_twice_is_decided_by_a_field() -> None:
    by_clock = msgspec.structs.replace(BERLIN_HOUR, repeated_field="clock", second=("W",))
    readings = [
        single_reading(hour_of(AUTUMN, "0300", clock=c), by_clock, "end") for c in ("S", "W")
    ]
    assert in_utc(readings) == [(0, 1, 1), (1, 2, 1)]
    with pytest.raises(UndecidedTimeError):
        single_reading(hour_of(AUTUMN, "0300"), by_clock, "end")


def test_a_single_reading_of_a_skipped_hour_has_no_place_in_time() -> None:
    with pytest.raises(MissingDayError, match="skip"):
        single_reading(hour_of(SPRING, "0300"), BERLIN_HOUR, "end")


def test_readings_in_order_are_the_first_hour_and_then_the_second() -> None:
    def read(hour: Hour, repeated: Repeated) -> HourReading:
        return single_reading(hour, BERLIN_HOUR, "end", repeated=repeated)

    hours = [hour_of(AUTUMN, time) for time in ("0200", "0300", "0300", "0400")]
    assert [start for start, _, _ in in_utc(readings_in_order(hours, read))] == [23, 0, 1, 2]
    two = [hour_of(AUTUMN, "0300", clock=meter) for meter in "ABAB"]
    readings = readings_in_order(two, read, key=lambda hour: hour.clock)
    assert [start for start, _, _ in in_utc(readings)] == [0, 0, 1, 1]
    for number in (1, 3):
        with pytest.raises(UndecidedTimeError):
            readings_in_order([hour_of(AUTUMN, "0300")] * number, read)


def test_a_word_for_repeated_hours_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="repeated must be"):
        interval_readings(hours_of(SPRING), BERLIN, repeated="last")  # type: ignore[arg-type]
