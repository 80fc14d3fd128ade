"""Wide views say the time of each value on the clock by which its day is counted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pyarrow as pa
import pytest
from tests.generated_packages import load_package

from gridwright_runtime import tables

SPEC = b"""
gridwright: 1
system: sites
title: {text: Sites, en: Sites, at: 1}
document: {file: sites.txt, title: Sites, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: UTC, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
operations:
  list_loads:
    en: loads of a day
    kind: read
    at: 2
    method: GET
    address: {text: /loads, at: 2}
    formats: [json]
    reply:
      record: Load
      zone: {field: zone}
      list: {element: ".", at: 3}
      fields:
        zone: {name: zone_name, type: text, at: 3}
        start: {name: starts_at, type: datetime, pattern: "yyyy-MM-dd HH:mm:ss", at: 3}
        load: {name: load_mw, type: decimal, unit: MW, instant: {start: start, step: PT1M}, at: 3}
"""


@pytest.fixture(scope="module")
def sites() -> Any:
    (package,) = load_package(SPEC, "wide_apis.sites", "client")
    return package


def table_of(sites: Any, *rows: tuple[str, str]) -> pa.Table:
    body = [{"zone": zone, "start": start, "load": n} for n, (zone, start) in enumerate(rows)]
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=body))
    with sites.Client(transport=transport) as client:
        return client.list_loads().table()


def readings_at(starts: pa.Array) -> pa.Table:
    days = [start.date() for start in starts.to_pylist()]
    return pa.table(
        {"interval_start": starts, "service_date": days, "value": list(range(len(days)))}
    )


def times_of(view: pa.Table) -> list[str]:
    return [name for name in view.column_names if ":" in name]


@pytest.mark.parametrize(
    ("length", "names"),
    [
        (timedelta(seconds=15), ["02:00:00", "02:00:15", "02:00:30", "02:00:45", "02:01:00"]),
        (
            timedelta(milliseconds=500),
            [f"02:00:0{n // 2}.{n % 2 * 500000:06}" for n in range(5)],
        ),
    ],
    ids=str,
)
def test_no_interval_shorter_than_a_minute_takes_the_place_of_another(
    length: timedelta, names: list[str]
) -> None:
    first = datetime(2024, 7, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    starts = pa.array([first + n * length for n in range(5)], pa.timestamp("us", "Europe/Berlin"))
    view = tables.wide(readings_at(starts))
    assert times_of(view) == names
    assert [view.column(name)[0].as_py() for name in names] == list(range(5))


def test_seconds_of_an_hour_that_comes_twice_are_told_apart() -> None:
    zone = ZoneInfo("Europe/Berlin")
    both = [datetime(2024, 10, 27, 2, 0, 30, tzinfo=zone, fold=fold) for fold in (0, 1)]
    starts = pa.array(both, pa.timestamp("us", "Europe/Berlin"))
    view = tables.wide(readings_at(starts))
    assert times_of(view) == ["02:00:30", "02:00:30+01:00"]


def test_the_later_of_two_hours_is_named_so_where_it_is_alone() -> None:
    late = datetime(2024, 10, 27, 2, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    view = tables.wide(readings_at(pa.array([late], pa.timestamp("us", "Europe/Berlin"))))
    assert times_of(view) == ["02:00+01:00"]


def test_values_of_one_day_are_one_row_whenever_their_pages_had_come() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2024, 7, 1, tzinfo=zone)
    starts = pa.array([first + timedelta(hours=n) for n in range(4)], pa.timestamp("us", str(zone)))
    came = [datetime(2024, 7, 2, hour, tzinfo=UTC) for hour in (1, 2, 3, 2)]
    view = tables.wide(
        readings_at(starts).append_column("fetched_at", pa.array(came, pa.timestamp("us", "UTC")))
    )
    assert view.column("fetched_at").to_pylist() == [max(came)]
    assert [view.column(name)[0].as_py() for name in times_of(view)] == [0, 1, 2, 3]


@pytest.mark.parametrize(("other", "rows"), [("MWh", 1), ("kWh", 3)])
def test_a_missing_value_without_a_unit_is_in_the_row_of_the_only_unit(
    other: str, rows: int
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2024, 7, 1, tzinfo=zone)
    table = pa.table(
        {
            "interval_start": pa.array(
                [first + timedelta(hours=n) for n in range(3)], pa.timestamp("us", str(zone))
            ),
            "unit": ["MWh", None, other],
            "value": [1, None, 3],
        }
    )
    view = tables.wide(table)
    assert view.num_rows == rows


def test_records_that_all_name_one_zone_have_its_times(sites: Any) -> None:
    berlin = "Europe/Berlin"
    table = table_of(sites, (berlin, "2024-07-01 00:00:00"), (berlin, "2024-07-01 23:45:00"))
    assert table.schema.field("interval_start").type.tz == berlin
    view = tables.wide(table)
    assert times_of(view) == ["00:00", "23:45"]
    assert view.column("service_date").to_pylist() == [date(2024, 7, 1)]


def test_times_are_of_no_other_zone_than_their_day(sites: Any) -> None:
    table = table_of(
        sites, ("Europe/Berlin", "2024-07-01 00:00:00"), ("Asia/Seoul", "2024-07-01 00:00:00")
    )
    assert table.schema.field("interval_start").type.tz == "UTC"
    with pytest.raises(ValueError, match="interval_start is of UTC, and service_date"):
        tables.wide(table)
