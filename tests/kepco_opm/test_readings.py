"""Days and single values, placed in time."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from gridwright_runtime.errors import MissingDayError
from gridwright_runtime.interface import Format

from .support import (
    DAY,
    FACTORY,
    FORMATS,
    HIGH_AND_LOW,
    HOUSEHOLD,
    HOUSEHOLD_CUSTOMER,
    HOUSEHOLD_WITH_GAPS,
    SEOUL,
    TWO_METERS,
    WITH_GAPS,
    call,
    make_app,
    responding,
)

QUARTER = timedelta(minutes=15)
every_format = pytest.mark.parametrize("format", FORMATS)
DAYS = [DAY, date(2023, 12, 31), date(2024, 2, 28), date(2024, 2, 29)]


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL)


@every_format
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("get_day_load_profile", {"customer_number": FACTORY}),
        ("get_day_load_profile_dr", {"customer_number": WITH_GAPS}),
        ("get_day_load_profile", {"customer_number": HOUSEHOLD_CUSTOMER}),
        ("get_household_day_load_profile", {"household_number": HOUSEHOLD}),
    ],
)
def test_a_day_has_96_readings_without_break_from_midnight_to_midnight_in_seoul(
    name: str, whose: dict[str, Any], day: date, format: Format
) -> None:
    [record] = call("sync", make_app(), name, format=format, date=day, **whose).records
    readings = record.readings()
    assert len(readings) == 96
    assert readings[0].interval_start == midnight(day)
    assert readings[-1].interval_end == midnight(day + timedelta(days=1))
    assert all(one.interval_end - one.interval_start == QUARTER for one in readings)
    assert all(one.interval_end == other.interval_start for one, other in pairwise(readings))
    assert {str(one.interval_start.tzinfo) for one in readings} == {"Asia/Seoul"}
    assert {str(one.interval_end.tzinfo) for one in readings} == {"Asia/Seoul"}


def test_label_0015_is_the_first_quarter_hour_and_2400_ends_at_the_next_midnight() -> None:
    [record] = call("sync", make_app(), "get_day_load_profile").records
    first, *_rest, last = record.readings()
    assert first == (midnight(DAY), midnight(DAY) + QUARTER, record.energy_kwh_0015)
    assert last == (
        midnight(DAY) + timedelta(hours=23, minutes=45),
        datetime(2024, 10, 2, tzinfo=SEOUL),
        record.energy_kwh_2400,
    )
    assert first.energy_kwh is not None
    assert last.energy_kwh is not None


@every_format
@pytest.mark.parametrize("customer", [FACTORY, WITH_GAPS, HOUSEHOLD_CUSTOMER])
def test_a_day_and_the_period_that_covers_it_place_the_same_readings(
    customer: str, format: Format
) -> None:
    # In the mock, a label names the end of the interval in every operation; in the service that
    # is only known of the series, which is why the caller has to say it for single readings.
    app = make_app()
    [day] = call(
        "sync", app, "get_day_load_profile", format=format, customer_number=customer, date=DAY
    ).records
    period = call(
        "sync",
        app,
        "get_period_readings",
        format=format,
        customer_number=customer,
        start_date=DAY,
        end_date=DAY,
        start_time="0000",
        end_time="2400",
    ).records
    assert tuple(record.reading(label_marks="end") for record in period) == day.readings()


@every_format
@pytest.mark.parametrize(
    "name",
    [
        "get_quarter_hour_reading_dr",
        "get_quarter_hour_reading",
        "get_all_customers_hour",
        "get_period_readings",
        "get_household_quarter_hour_reading",
    ],
)
def test_a_single_value_is_placed_as_the_caller_says(name: str, format: Format) -> None:
    records = call("sync", make_app(), name, format=format).records
    for record in records:
        label = midnight(record.reading_date) + timedelta(
            hours=int(record.reading_time[:2]), minutes=int(record.reading_time[2:])
        )
        assert record.reading(label_marks="end") == (label - QUARTER, label, record.energy_kwh)
        assert record.reading(label_marks="start") == (label, label + QUARTER, record.energy_kwh)


def test_a_single_value_is_never_placed_without_saying_what_its_label_marks() -> None:
    [record] = call("sync", make_app(), "get_quarter_hour_reading").records
    with pytest.raises(TypeError, match="label_marks"):
        record.reading()
    assert not hasattr(record, "readings")


@every_format
def test_a_low_voltage_meter_has_values_on_the_hour_and_a_register(format: Format) -> None:
    [record] = call(
        "sync",
        make_app(),
        "get_day_load_profile",
        format=format,
        customer_number=HOUSEHOLD_CUSTOMER,
    ).records
    readings = record.readings()
    on_the_hour = [one.energy_kwh for one in readings if one.interval_end.minute == 0]
    between = [one.energy_kwh for one in readings if one.interval_end.minute != 0]
    assert between == [None] * 72
    registers = record.cumulative_kwh_readings()
    assert [one.read_at for one in registers] == [
        midnight(DAY) + timedelta(hours=hour) for hour in range(1, 25)
    ]
    states = [one.cumulative_kwh for one in registers]
    assert all(isinstance(value, Decimal) for value in [*on_the_hour, *states])
    assert [late - early for early, late in pairwise(states)] == on_the_hour[1:]


def test_a_high_voltage_meter_has_no_register() -> None:
    [record] = call("sync", make_app(), "get_day_load_profile").records
    assert {one.cumulative_kwh for one in record.cumulative_kwh_readings()} == {None}
    assert None not in {one.energy_kwh for one in record.readings()}


@every_format
@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("get_day_load_profile", {"customer_number": WITH_GAPS}),
        ("get_household_day_load_profile", {"household_number": HOUSEHOLD_WITH_GAPS}),
    ],
)
def test_a_gap_is_none_and_keeps_its_place(
    name: str, whose: dict[str, Any], format: Format
) -> None:
    [record] = call("sync", make_app(), name, format=format, **whose).records
    readings = record.readings()
    gaps = [one for one in readings if one.energy_kwh is None]
    assert 0 < len(gaps) < 96
    assert len(readings) == 96
    assert sum(one.energy_kwh for one in readings if one.energy_kwh is not None) > 0


def test_the_quarter_hours_of_today_that_are_to_come_are_missing() -> None:
    [record] = call("sync", make_app(), "get_day_load_profile", date=date(2024, 10, 10)).records
    known = [one.energy_kwh is not None for one in record.readings()]
    # It is 12:07 in Seoul.
    assert known == [True] * 48 + [False] * 48


@every_format
def test_a_customer_with_two_meters_has_two_records(format: Format) -> None:
    records = call(
        "sync", make_app(), "get_day_load_profile", format=format, customer_number=TWO_METERS
    ).records
    assert [record.is_multi_meter for record in records] == ["Y", "Y"]
    assert len({record.meter_number for record in records}) == 2
    assert records[0].readings() != records[1].readings()


def test_the_meters_of_one_customer_may_be_of_both_kinds() -> None:
    high, low = call(
        "sync", make_app(), "get_day_load_profile", customer_number=HIGH_AND_LOW
    ).records
    assert sum(one.energy_kwh is not None for one in high.readings()) == 96
    assert sum(one.energy_kwh is not None for one in low.readings()) == 24


def test_readings_of_a_record_without_a_day_are_refused_rather_than_guessed() -> None:
    single = '{"minuteLpDataInfoList": [{"custNo": "1", "meterNo": "2", "mr_ymd": "", '
    reply = call(
        "sync",
        responding(single + '"mr_hhmi": "0015", "multi_meter_yn": "N", "pwr_qty": 1}]}'),
        "get_quarter_hour_reading",
    )
    with pytest.raises(MissingDayError, match="reading_date is missing"):
        reply.records[0].reading(label_marks="end")
    reply = call(
        "sync",
        responding(single.replace('""', '"20241001"') + '"multi_meter_yn": "N", "pwr_qty": 1}]}'),
        "get_quarter_hour_reading",
    )
    assert reply.records[0].energy_kwh == 1
    with pytest.raises(MissingDayError, match="reading_time"):
        reply.records[0].reading(label_marks="end")
