"""A lake of rows that say their own intervals: what says when a reading is says not whose it is."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
from tests.generated_packages import load_package

from gridwright_runtime.harvest.plan import Plan, Window
from gridwright_runtime.harvest.report import export, gaps, newest
from gridwright_runtime.harvest.run import harvest
from gridwright_runtime.tables import wide

SPEC = b"""
gridwright: 1
system: rows
title: {text: Rows, en: Rows, at: 1}
document: {file: rows.txt, title: Rows, language: en, at: 1}
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
    request: {day: {name: day, type: date, format: yyyy-MM-dd, required: M, at: 2}}
    reply:
      record: Load
      list: {element: ".", at: 3}
      fields:
        area: {name: area, type: text, at: 3}
        start: {name: starts_at, type: datetime, pattern: epoch_s, at: 3}
        load: {name: load_mw, type: decimal, unit: MW, instant: {start: start, step: PT1H}, at: 3}
"""
BERLIN = ZoneInfo("Europe/Berlin")
# The last has 25 hours.
DAYS = (date(2024, 10, 25), date(2024, 10, 26), date(2024, 10, 27))


def answer(request: httpx2.Request) -> httpx2.Response:
    day = date.fromisoformat(request.url.params["day"])
    first, last = (
        int(datetime(one.year, one.month, one.day, tzinfo=BERLIN).timestamp())
        for one in (day, day + timedelta(days=1))
    )
    lacking = {first + 3600 * 5} if day == DAYS[1] else set()
    rows = [
        {"area": area, "start": start, "load": 0}
        for area in ("A", "B")
        for start in range(first, last, 3600)
        if area == "A" or start not in lacking
    ]
    return httpx2.Response(200, json=rows)


def test_only_what_is_missing_is_a_gap_and_a_day_is_one_wide_row(tmp_path: Path) -> None:
    (package,) = load_package(SPEC, "row_apis.rows", "client")
    plan = Plan(
        system="rows",
        operation="list_loads",
        subject="",
        window=Window(first="day"),
        key=("area", "starts_at", "interval_start", "quantity"),
        since=DAYS[0],
        zone="Europe/Berlin",
    )
    with package.Client(transport=httpx2.MockTransport(answer)) as client:
        outcome = harvest(
            tmp_path,
            plan,
            client.list_loads,
            {"day": date},
            ("",),
            until=DAYS[-1] + timedelta(days=1),
            now=lambda: datetime(2024, 11, 20, tzinfo=UTC),
        )
    assert outcome.counts == {"done": 3}
    found = [(gap.start, gap.why, gap.intervals) for gap in gaps(tmp_path)]
    assert found == [(str(DAYS[1]), "missing", 1)]
    export(tmp_path, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {Decimal(row["value"]) for row in rows} == {Decimal(0)}
    assert not any("E" in row["value"] for row in rows)
    assert {datetime.fromisoformat(row["fetched_at"]).utcoffset() for row in rows} == {timedelta(0)}
    starts = {datetime.fromisoformat(row["interval_start"]).astimezone(UTC) for row in rows}
    assert len(starts) == 24 + 24 + 25
    table = newest(tmp_path)
    assert str(table.schema.field("fetched_at").type) == "timestamp[us, tz=UTC]"
    assert table.num_rows == 24 + 24 + 24 + 23 + 25 + 25
    assert wide(table.drop_columns(["fetched_at"])).num_rows == 6
