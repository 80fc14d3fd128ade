"""What is wrong with intervals and units is told alike, whatever the format and layout."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated_packages import load_package

from gridwright_runtime.errors import DeviationError
from gridwright_runtime.walks.anchored import key_of

SPEC = Path(__file__).with_name("told_alike.yaml")
Row: TypeAlias = dict[str, str]
WAYS = [
    ("rows", "json"), ("rows", "csv"), ("lines", "jsonl"), ("elements", "xml"), ("arrays", "json"),
    ("columns", "json"),
]  # fmt: skip
TYPES = {"json": "application/json", "csv": "text/csv", "jsonl": "application/x-ndjson",
         "xml": "application/xml"}  # fmt: skip
ZONED: Row = {"day": "2024-05-01", "zone": "UTC", "from": "00:15", "unit": "MW", "value": "1"}


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    (client,) = load_package(SPEC.read_bytes(), "alike_apis.told_alike", "client")
    yield client


def written(rows: list[Row], way: str, format: str) -> str:
    """Write rows as a service does, by means of their own."""
    if format == "csv":
        lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
        return "\n".join(lines) + "\n"
    if format == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows)
    if format == "xml":
        cells = ("".join(f"<{k}>{v}</{k}>" for k, v in row.items()) for row in rows)
        return f"<reply><rows>{''.join(f'<row>{one}</row>' for one in cells)}</rows></reply>"
    if way == "arrays":
        return json.dumps([list(row.values()) for row in rows])
    if way == "columns":
        return json.dumps({name: [row[name] for row in rows] for name in rows[0]})
    return json.dumps(rows)


def asked(
    package: ModuleType, name: str, rows: list[Row], way: str, format: str, **more: Any
) -> Any:
    def answer(_: httpx2.Request) -> httpx2.Response:
        body = written(rows, way, format).encode()
        return httpx2.Response(200, content=body, headers={"content-type": TYPES[format]})

    with package.Client(transport=httpx2.MockTransport(answer), **more) as client:
        given = {"format": format} if way == "rows" else {}
        return getattr(client, f"{name}_in_{way}")(**given)


def told(package: ModuleType, name: str, rows: list[Row], way: str, format: str) -> list[Any]:
    """Return path, rule and message of what is told of the intervals of rows."""
    reply = asked(package, name, rows, way, format)
    return [(one.path, one.rule, one.message) for one in reply.deviations if one.rule in RULES]


RULES = {"unplaced-reading", "unknown-unit", "skipped-time", "repeated-reading"}


@pytest.mark.parametrize(("way", "format"), WAYS)
@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"zone": "CEST"}, "unplaced-reading"),
        ({"zone": ""}, "unplaced-reading"),
        ({"unit": "kWh"}, "unknown-unit"),
        ({"from": ""}, "unplaced-reading"),
        ({"zone": "Europe/Berlin", "day": "2024-03-31", "from": "02:15"}, "skipped-time"),
    ],
)
def test_a_row_that_cannot_be_placed_is_told_of_in_each_format_and_layout(
    package: ModuleType, way: str, format: str, wrong: Row, rule: str
) -> None:
    rows = [ZONED, {**ZONED, **wrong}]
    found = told(package, "zoned", rows, way, format)
    assert [(path, one) for path, one, _ in found] == [("records[1].amount", rule)]
    with pytest.raises(DeviationError):
        asked(package, "zoned", rows, way, format, strict=True)


@pytest.mark.parametrize(("way", "format"), WAYS)
def test_a_label_that_comes_again_is_told_of_once_per_meter(
    package: ModuleType, way: str, format: str
) -> None:
    row = {"day": "2024-05-01", "from": "00:15", "meter": "A", "value": "1"}
    rows = [row, {**row, "meter": "B"}, {**row, "value": "2"}]
    found = told(package, "labelled", rows, way, format)
    assert [one[:2] for one in found] == [("records[2].amount_mw", "repeated-reading")]


@pytest.mark.parametrize(("way", "format"), WAYS)
def test_the_instants_of_a_day_of_25_hours_are_no_repetitions(
    package: ModuleType, way: str, format: str
) -> None:
    midnight = datetime(2024, 10, 26, 22, tzinfo=UTC)
    starts = [midnight + number * timedelta(minutes=15) for number in range(100)]
    rows = [
        {"start": one.strftime("%Y-%m-%dT%H:%M:%SZ"), "meter": "A", "value": "1"} for one in starts
    ]
    reply = asked(package, "started", rows, way, format, strict=True)
    assert len({one.reading().interval_start.astimezone(UTC) for one in reply.records}) == 100
    found = told(package, "started", [*rows, rows[14]], way, format)
    assert [one[:2] for one in found] == [("records[100].load_mw", "repeated-reading")]


def test_a_walk_tells_apart_records_of_the_hour_that_comes_twice(package: ModuleType) -> None:
    starts = ("2024-10-27T00:15:00Z", "2024-10-27T01:15:00Z", "2024-10-27T01:15:00Z")
    rows = [{"start": one, "meter": "A", "value": "1"} for one in starts]
    records = asked(package, "started", rows, "rows", "json").records
    for name in ("starts_at", ("starts_at", "meter"), ""):
        keys = [key_of(record, name) for record in records]
        assert keys[0] != keys[1] == keys[2], name


ROWS = st.lists(
    st.fixed_dictionaries({
        "day": st.sampled_from(["2024-05-01", "2024-03-31", "2024-10-27"]),
        "zone": st.sampled_from(["UTC", "Europe/Berlin", "CEST", "EST", ""]),
        "from": st.sampled_from(["00:15", "02:15", "", "24:00"]),
        "unit": st.sampled_from(["MW", "kWh", ""]),
        "value": st.sampled_from(["1", "2"]),
    }).map(lambda row: {name: row[name] for name in ZONED}),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=ROWS)
def test_all_formats_and_layouts_tell_the_same_of_the_same_rows(
    package: ModuleType, rows: list[Row]
) -> None:
    plain = told(package, "zoned", rows, *WAYS[0])
    for way, format in WAYS[1:]:
        assert told(package, "zoned", rows, way, format) == plain
