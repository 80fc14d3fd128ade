"""The end of an interval that is printed beside its start: it is checked, and makes nothing."""

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright_runtime.errors import (
    ContradictedEndError,
    DeviationError,
    MissingDayError,
    UndecidedTimeError,
)
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.tables import table
from gridwright_runtime.tables.column_metadata import interval_columns_of

SPEC = Path(__file__).with_name("untils.yaml")
Row: TypeAlias = dict[str, str]
BERLIN = ZoneInfo("Europe/Berlin")
WAYS = {
    "rows": ("json", '{element: ".", at: 5}'),
    "tables": ("csv", '{element: ".", at: 5}'),
    "lines": ("jsonl", '{element: ".", at: 5}'),
    "elements": ("xml", "{element: rows, at: 5}, root: {element: reply, at: 5}, "
                        "item: {element: row, at: 5}"),
    "arrays": ("json", '{element: ".", layout: arrays, at: 5}'),
    "columns": ("json", '{element: ".", layout: columns, at: 5}'),
}  # fmt: skip
TYPES = {"json": "application/json", "csv": "text/csv", "jsonl": "application/x-ndjson",
         "xml": "application/xml"}  # fmt: skip
ZONED: Row = {"day": "2024-05-01", "from": "00:15", "zone": "CEST", "to": "00:30", "value": "1"}
LOCAL: Row = {"day": "2024-05-01", "from": "00:00", "to": "2024-05-01 01:00", "value": "1"}
STARTED: Row = {"from": "2024-05-01T00:15:00Z", "to": "2024-05-01T02:30:00+02:00", "value": "1"}
BOTH: Row = {**ZONED, "tz": "CEST"}
ZONES = {"CET": timedelta(hours=1), "CEST": timedelta(hours=2)}


def spec() -> bytes:
    operations = [
        f"  {kind.lower()}_in_{way}: {{en: values, kind: read, at: 5, method: GET, "
        f"address: {{text: /{kind}/{way}, at: 5}}, formats: [{format}], "
        f"reply: {{of: {kind}Value, list: {layout}}}}}\n"
        for kind in ("Zoned", "Local", "Started", "Both")
        for way, (format, layout) in WAYS.items()
    ]
    return (SPEC.read_text() + "operations:\n" + "".join(operations)).encode()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("untils")
    write_package(spec(), folder, "until_apis.untils")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("until_apis.untils")


def written(rows: list[Row], way: str, format: str) -> str:
    """Write rows as a service does, by means of their own."""
    if format == "csv":
        return "\n".join([";".join(rows[0]), *(";".join(row.values()) for row in rows)]) + "\n"
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


def asked(package: ModuleType, kind: str, rows: list[Row], way: str = "rows", **more: Any) -> Any:
    format = WAYS[way][0]
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(
            200,
            content=written(rows, way, format).encode(),
            headers={"content-type": TYPES[format]},
        )
    )
    with package.Client(transport=transport, **more) as client:
        return getattr(client, f"{kind}_in_{way}")()


def told(reply: Any) -> list[tuple[str, str]]:
    return [(one.path, one.rule) for one in reply.deviations]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "right", "to", "name"),
    [
        ("zoned", ZONED, "01:15", "amount_mw"),
        ("zoned", ZONED, "00:15", "amount_mw"),
        ("local", LOCAL, "2024-05-01 00:15", "load_mw"),
        ("local", LOCAL, "2024-05-02 01:00", "load_mw"),
        ("started", STARTED, "2024-05-01T03:15:00+02:00", "feed_mw"),
        ("started", STARTED, "2024-05-01T00:30:00+02:00", "feed_mw"),
    ],
)
def test_a_row_whose_printed_end_is_another_is_not_placed_in_any_format(
    package: ModuleType, kind: str, right: Row, to: str, name: str, way: str
) -> None:
    rows = [right, {**right, "to": to}]
    reply = asked(package, kind, rows, way)
    assert told(reply) == [(f"records[1].{name}", "interval-contradicts-end")]
    assert reply.records[0].reading().interval_start.minute % 15 == 0
    with pytest.raises(ContradictedEndError, match=reply.deviations[0].message):
        reply.records[1].reading()
    with pytest.raises(DeviationError):
        asked(package, kind, rows, way, strict=True)


@pytest.mark.parametrize(
    ("day", "start", "zone", "to"),
    [
        ("2024-05-01", "00:15", "CEST", "00:30"),
        ("2024-05-01", "23:45", "CEST", "24:00"),
        ("2024-05-01", "23:45", "CEST", "00:00"),
        ("2024-10-27", "02:45", "CEST", "02:00"),
        ("2024-10-27", "02:45", "CEST", "03:00"),
        ("2024-10-27", "02:45", "CET", "03:00"),
        ("2024-03-31", "01:45", "CET", "03:00"),
        ("2024-03-31", "01:45", "CET", "02:00"),
        ("2024-05-01", "00:15", "CEST", ""),
    ],
)
def test_each_way_to_print_the_true_end_is_taken(
    package: ModuleType, day: str, start: str, zone: str, to: str
) -> None:
    row = {**ZONED, "day": day, "from": start, "zone": zone, "to": to}
    (record,) = asked(package, "zoned", [row], "tables", strict=True).records
    begin = (datetime.fromisoformat(f"{day}T{start}") - ZONES[zone]).replace(tzinfo=UTC)
    reading = record.reading()
    assert reading.interval_start == begin
    assert reading.interval_end == begin + timedelta(minutes=15)


def test_a_printed_end_does_not_decide_which_of_two_hours_is_meant(package: ModuleType) -> None:
    row = {**LOCAL, "day": "2024-10-27", "from": "02:00", "to": "2024-10-27 03:00"}
    reply = asked(package, "local", [row])
    assert told(reply) == []
    with pytest.raises(UndecidedTimeError):
        reply.records[0].reading()
    for word in ("first", "second"):
        assert reply.records[0].reading(repeated=word).elapsed == timedelta(hours=1)
    wrong = asked(package, "local", [{**row, "to": "2024-10-27 03:15"}])
    assert told(wrong) == [("records[0].load_mw", "interval-contradicts-end")]


def test_the_end_of_the_one_hour_is_not_that_of_the_other(package: ModuleType) -> None:
    row = {**LOCAL, "day": "2024-10-27", "from": "02:00", "to": "2024-10-27 02:00"}
    (record,) = asked(package, "local", [row]).records
    assert record.reading(repeated="first").interval_end.astimezone(UTC).hour == 1
    with pytest.raises(ContradictedEndError):
        record.reading(repeated="second")


@pytest.mark.parametrize(
    ("to", "tz", "rules"),
    [
        ("02:00", "CET", []),
        ("03:00", "CEST", []),
        ("02:00", "", []),
        ("03:00", "", []),
        ("02:00", "CEST", ["interval-contradicts-end"]),
        ("03:00", "CET", ["interval-contradicts-end"]),
        ("02:00", "MESZ", ["unplaced-reading"]),
    ],
)
def test_the_zone_of_a_printed_end_is_read(
    package: ModuleType, to: str, tz: str, rules: list[str]
) -> None:
    row = {**BOTH, "day": "2024-10-27", "from": "02:45", "to": to, "tz": tz}
    reply = asked(package, "both", [row], "tables")
    assert [rule for _, rule in told(reply)] == rules
    if rules:
        with pytest.raises(MissingDayError):
            reply.records[0].reading()
    else:
        assert reply.records[0].reading().interval_end == datetime(2024, 10, 27, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["zoned", "local", "started", "both"])
def test_the_mock_prints_the_true_end(package: ModuleType, kind: str) -> None:
    application = importlib.import_module("until_apis.untils.mock").application()
    with package.Client(transport=MockTransport(application), strict=True) as client:
        for way in WAYS:
            for record in getattr(client, f"{kind}_in_{way}")().records:
                reading = record.reading()
                end = record.end_time if kind in ("zoned", "both") else record.ends_at
                assert end in (
                    reading.interval_end,
                    reading.interval_end.astimezone(BERLIN).strftime("%H:%M"),
                )


def test_the_printed_end_identifies_no_series(package: ModuleType) -> None:
    pytest.importorskip("pyarrow")
    rows = [BOTH, {**BOTH, "from": "00:30", "to": "00:45"}]
    schema = table(asked(package, "both", rows)).schema
    found = interval_columns_of(schema.metadata) or frozenset()
    assert {"end_time", "end_zone", "start_zone", "start_time"} <= found


def test_a_month_that_begins_an_interval_is_refused_with_what_to_do() -> None:
    text = spec().replace(
        b'type: datetime, format: "yyyy-MM-ddTHH:mm:ssZ"', b"type: month, format: yyyyMM"
    )
    _, problems = understand(*amend_text(text, "interface.yaml", ()))
    assert [(one.code, one.help[-24:]) for one in problems] == [
        ("wrong-field", "`instant: {month: from}`")
    ]
