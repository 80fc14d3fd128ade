"""What a lake tells of rows that came in several replies."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.report import changes, compact, gaps, newest
from gridwright_runtime.harvest.run import harvest

SPEC = b"""
gridwright: 1
system: meters
title: {text: Meters, en: Meters, at: 1}
document: {file: meters.txt, title: Meters, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
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
    request:
      day: {name: day, type: date, format: yyyy-MM-dd, required: M, at: 2}
      meter: {name: meter, type: text, required: M, at: 2}
    reply:
      record: Load
      list: {element: ".", at: 3}
      fields:
        area: {name: area, type: text, at: 3}
        start: {name: starts_at, type: datetime, pattern: rfc3339, at: 3}
        end: {name: ends_at, type: datetime, pattern: rfc3339, at: 3}
        unit: {name: unit_code, type: text, at: 3}
        load:
          name: load
          type: decimal
          unit: {field: unit, values: {MWh: MWh, kWh: kWh}}
          instant: {start: start, end: end}
          at: 3
"""
BERLIN = ZoneInfo("Europe/Berlin")
# The last has 23 hours.
DAYS = (date(2024, 3, 30), date(2024, 3, 31))
KEY = ("meter", "area", "interval_start", "quantity")
Row = dict[str, Any]
Answer = Callable[[date, str], list[Row]]


@pytest.fixture(scope="module")
def meters() -> Any:
    (package,) = load_package(SPEC, "lake_apis.meters", "client")
    return package


def rows(
    day: date, step: timedelta, value: Any = 1, *, area: str = "A", lacking: Sequence[int] = ()
) -> list[Row]:
    """Return a row for each step of a day, without the value of some."""
    return [
        {
            "area": area,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "load": None if number in lacking else value,
            "unit": "MWh",
        }
        for number, (start, end) in enumerate(steps(day, step))
    ]


def steps(day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    start, last = (
        datetime(one.year, one.month, one.day, tzinfo=BERLIN).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    while start < last:
        end = min(start + step, last)
        yield start, end
        start = end


def harvested(
    folder: Path,
    meters: Any,
    answer: Answer,
    *,
    key: tuple[str, ...] = KEY,
    subjects: Sequence[str] = ("1",),
    now: datetime = datetime(2024, 11, 20, tzinfo=UTC),
) -> None:
    """Harvest the days from a service that answers so, for a week again and again."""

    def served(request: httpx2.Request) -> httpx2.Response:
        day = date.fromisoformat(request.url.params["day"])
        return httpx2.Response(200, json=answer(day, request.url.params["meter"]))

    plan = Plan(
        system="meters",
        operation="list_loads",
        subject="meter",
        window=Window(first="day"),
        key=key,
        since=DAYS[0],
        zone="Europe/Berlin",
        corrected_seconds=7 * 86400,
    )
    with meters.Client(transport=httpx2.MockTransport(served)) as client:
        outcome = harvest(
            folder,
            plan,
            client.list_loads,
            {"day": date, "meter": str},
            subjects,
            until=DAYS[-1] + timedelta(days=1),
            now=lambda: now,
        )
    assert outcome.exit_status == 0


def test_a_key_that_names_no_subject_loses_none(tmp_path: Path, meters: Any) -> None:
    hour, key = timedelta(hours=1), ("interval_start", "quantity")
    harvested(
        tmp_path, meters, lambda day, meter: rows(day, hour, meter), key=key, subjects=("1", "2")
    )
    compact(tmp_path)
    values = newest(tmp_path).column("value").to_pylist()
    assert [values.count(meter) for meter in (1, 2)] == [24 + 23, 24 + 23]


def test_a_key_without_the_interval_loses_no_day_of_one_row(tmp_path: Path, meters: Any) -> None:
    harvested(
        tmp_path, meters, lambda day, _: rows(day, timedelta(days=1), day.day), key=("quantity",)
    )
    compact(tmp_path)
    assert newest(tmp_path).column("value").to_pylist() == [30, 31]


def test_no_value_loses_decimals_beside_values_with_fewer(tmp_path: Path, meters: Any) -> None:
    values = {DAYS[0]: "1.5", DAYS[1]: "1.123456789012345"}
    harvested(tmp_path, meters, lambda day, _: rows(day, timedelta(days=2), values[day]))
    for _ in ("as they were read", "compacted"):
        found = newest(tmp_path).column("value").to_pylist()
        assert found == [Decimal("1.5"), Decimal("1.123456789012345")]
        compact(tmp_path)


def lacks(folder: Path) -> list[tuple[str, int]]:
    return [(gap.start, gap.intervals) for gap in gaps(folder) if gap.why == "missing"]


def test_hours_of_others_hide_no_quarter_hours_that_are_missing(
    tmp_path: Path, meters: Any
) -> None:
    hour, quarter = timedelta(hours=1), timedelta(minutes=15)

    def answer(day: date, _: str) -> list[Row]:
        hours = [row for area in "ABCDE" for row in rows(day, hour, area=area)]
        return [*hours, *rows(day, quarter, area="Q", lacking=range(50))]

    harvested(tmp_path, meters, answer)
    assert lacks(tmp_path) == [(str(DAYS[0]), 50), (str(DAYS[1]), 50)]


def test_the_value_of_a_day_of_23_hours_is_missed_too(tmp_path: Path, meters: Any) -> None:
    harvested(
        tmp_path,
        meters,
        lambda day, _: rows(day, timedelta(days=2), lacking=[0] if day == DAYS[1] else []),
    )
    assert lacks(tmp_path) == [(str(DAYS[1]), 1)]


def test_a_value_of_several_days_is_that_of_each(tmp_path: Path, meters: Any) -> None:
    start = datetime(2024, 3, 30, tzinfo=BERLIN)
    end = datetime(2024, 4, 1, tzinfo=BERLIN)
    both = {"area": "A", "start": start.isoformat(), "end": end.isoformat(), "load": 2}
    both["unit"] = "MWh"
    harvested(tmp_path, meters, lambda day, _: [both] if day == DAYS[0] else [])
    assert lacks(tmp_path) == []


def of_two_areas(step: timedelta, day: date, _: str) -> list[Row]:
    return [*rows(day, step, step.seconds), *rows(day, timedelta(minutes=15), area="B")]


@pytest.mark.parametrize("minutes", [(15, 60), (60, 15), (15, 30)], ids=str)
def test_no_older_interval_stays_beside_newer_ones_of_another_length(
    tmp_path: Path, meters: Any, minutes: tuple[int, int]
) -> None:
    for length, read in zip(minutes, (2, 3), strict=True):
        answer = partial(of_two_areas, timedelta(minutes=length))
        harvested(tmp_path, meters, answer, now=datetime(2024, 4, read, tzinfo=UTC))
    for _ in ("as they were read", "compacted"):
        table = newest(tmp_path)
        found = [row for row in table.to_pylist() if row["area"] == "A"]
        assert len(found) == 47 * 60 // minutes[1]
        assert sum(row["value"] for row in found) == 47 * 3600
        assert table.num_rows - len(found) == 47 * 4
        compact(tmp_path)
    assert lacks(tmp_path) == []


def test_intervals_of_one_reply_that_overlap_all_stay(tmp_path: Path, meters: Any) -> None:
    def answer(day: date, _: str) -> list[Row]:
        hours, quarters = (rows(day, timedelta(minutes=length)) for length in (60, 15))
        return [*hours, *(row for number, row in enumerate(quarters) if number % 4)]

    harvested(tmp_path, meters, answer)
    assert newest(tmp_path).num_rows == 47 * 4


def test_a_value_that_is_of_another_unit_now_has_changed(tmp_path: Path, meters: Any) -> None:
    for unit, read in (("MWh", 2), ("kWh", 3)):

        def answer(day: date, _: str, unit: str = unit) -> list[Row]:
            return [{**row, "unit": unit} for row in rows(day, timedelta(days=2))]

        harvested(tmp_path, meters, answer, now=datetime(2024, 4, read, tzinfo=UTC))
    found = changes(tmp_path).to_pylist()
    assert [(row["value"], row["unit_before"], row["unit"]) for row in found] == [
        (1, "MWh", "kWh")
    ] * 2
