"""The mock writes the zone, or the mark, that is true of each row."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date
from types import ModuleType

import pytest
from tests.generated_packages import load_package

from gridwright_runtime.mock.transport import MockTransport

SPEC = """
gridwright: 1
system: zones
title: {text: Loads, en: Loads, at: 1}
document: {file: loads.txt, title: Loads, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
  csv: {separator: ";", at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
CODES
operations:
  list_loads:
    en: loads
    kind: read
    at: 3
    method: GET
    address: {text: /loads, at: 3}
    formats: [csv, json]
    request: {day: {name: day, type: date, format: yyyy-MM-dd, required: M, at: 3}}
    reply:
      record: Load
      list: {element: ".", at: 4}
      fields:
        day: {name: day, type: date, format: yyyy-MM-dd, at: 4}
        from: {name: start_time, type: time, format: "HH:mm", at: 4}
        clock: {name: clock, TYPE, at: 4}
        load:
          name: load_mw
          type: decimal
          unit: MW
          at: 4
          instant:
            day: day
            time: from
            step: PT15M
            label_marks: start
            repeated: {field: clock, second: [SECOND]}
"""
LISTED = "codes: {which: {en: clock, at: 2, values: {%s: {name: winter}, %s: {name: summer}}}}"
KINDS = {
    "listed": (LISTED % ("CET", "CEST"), "type: code, codes: which", "CET"),
    "text": ("", "type: text", "CET"),
    "flag": ("", "type: boolean", '"true"'),
    "number": ("", "type: integer", '"1"'),
    "marks": (LISTED % ("B", "A"), "type: code, codes: which", "B"),
}


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, tuple[ModuleType, ModuleType]]]:
    found = {}
    for kind, (codes, type_, second) in KINDS.items():
        text = SPEC.replace("CODES", codes).replace("TYPE", type_).replace("SECOND", second)
        client, mock = load_package(text.encode(), f"mocked_zone_apis.{kind}", "client", "mock")
        found[kind] = (client, mock)
    yield found


@pytest.mark.parametrize("format", ["csv", "json"])
@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        ("listed", date(2025, 10, 26), {"CEST": 12, "CET": 88}),
        ("listed", date(2025, 7, 2), {"CEST": 96}),
        ("listed", date(2025, 1, 2), {"CET": 96}),
        ("listed", date(2025, 3, 30), {"CET": 8, "CEST": 84}),
        ("text", date(2025, 10, 26), {"CEST": 12, "CET": 88}),
        ("marks", date(2025, 10, 26), {"A": 96, "B": 4}),
        ("flag", date(2025, 10, 26), {False: 96, True: 4}),
        ("number", date(2025, 10, 26), {0: 96, 1: 4}),
    ],
)
def test_each_row_says_its_own_clock(
    mocks: dict[str, tuple[ModuleType, ModuleType]],
    kind: str,
    day: date,
    said: dict[object, int],
    format: str,
) -> None:
    client, mock = mocks[kind]
    with client.Client(transport=MockTransport(mock.application()), format=format) as calls:
        records = calls.list_loads(day=day, strict=True).records
    assert Counter(record.clock for record in records) == said
    starts = [record.reading().interval_start.astimezone(UTC) for record in records]
    assert starts == sorted(set(starts)) and len(starts) == len(records)


@pytest.mark.parametrize(
    ("name", "keys", "last"),
    [
        ("two_digits", 'format: "HH:mm"', "24:00"),
        ("one_digit", 'format: "H:mm"', "24:00"),
        ("hour", "format: H", "24"),
        ("number", "format: H, json: number", "24"),
    ],
)
def test_the_midnight_that_ends_a_day_is_its_hour_24(name: str, keys: str, last: str) -> None:
    spec = SPEC.replace("CODES", "").replace("TYPE", "type: boolean").replace("SECOND", '"true"')
    spec = spec.replace('  csv: {separator: ";", at: 1}\n', "").replace("[csv, json]", "[json]")
    spec = spec.replace('format: "HH:mm"', keys).replace("step: PT15M", "step: PT1H")
    spec = spec.replace("label_marks: start", "label_marks: end")
    client, mock = load_package(spec.encode(), f"mocked_midnight_apis.{name}", "client", "mock")
    with client.Client(transport=MockTransport(mock.application())) as calls:
        records = calls.list_loads(day=date(2025, 7, 2), strict=True).records
    assert records[-1].start_time == last
    assert len(records) == 24
