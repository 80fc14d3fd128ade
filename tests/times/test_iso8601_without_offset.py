"""Values of ISO 8601 without an offset are of the wall clock: placed, or told why they are not."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package
from tests.generator.support import BASE, understood

from gridwright.notes import notes_of
from gridwright_runtime.errors import DeviationError
from gridwright_runtime.mock.transport import MockTransport

FIELD = "        seen: {name: seen_at, type: datetime, pattern: iso8601, at: 6}\n"
SPEC = BASE.replace("Asia/Seoul", "Europe/London") + FIELD
REPEATED, SKIPPED = "2023-10-29T01:30:00", "2023-03-26T01:30:00"


def answered(package: str, spec: str, text: str, *, strict: bool = False) -> Any:
    [client] = load_package(spec.encode(), package, "client")
    reply = {"readings": [{"energy": 1, "seen": text}]}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    with client.Client(transport=transport) as opened:
        return opened.list_readings(meter_number="1", strict=strict)


@pytest.mark.parametrize(
    ("text", "rule"), [(REPEATED, "undecided-time"), (SKIPPED, "skipped-time")]
)
def test_what_is_no_instant_or_two_is_a_deviation(text: str, rule: str) -> None:
    reply = answered("iso_wall.demo", SPEC, text)
    assert reply.records[0].seen_at is None
    assert [(found.path, found.rule) for found in reply.deviations] == [
        ("records[0].seen_at", rule)
    ]
    with pytest.raises(DeviationError):
        answered("iso_wall.demo", SPEC, text, strict=True)


@pytest.mark.parametrize(
    ("text", "hour"), [(f"{REPEATED}Z", 1), (f"{REPEATED}+01:00", 0), ("2023-07-01T01:30:00", 0)]
)
def test_what_is_one_instant_is_no_deviation(text: str, hour: int) -> None:
    reply = answered("iso_wall.demo", SPEC, text, strict=True)
    seen = reply.records[0].seen_at.astimezone(UTC)
    assert (seen.hour, seen.minute, reply.deviations) == (hour, 30, ())


ZONED = SPEC.replace("record: Reading", "record: Reading\n      zone: {field: tz}", 1) + (
    "        tz: {name: zone_name, type: text, presence: optional, at: 6}\n"
)


@pytest.mark.parametrize(
    ("zone", "text", "expected"),
    [
        ("America/New_York", "2023-07-01T01:30:00", "2023-07-01T01:30:00-04:00"),
        ("America/New_York", "2023-07-01", "2023-07-01T00:00:00-04:00"),
        ("America/New_York", "2023-07-01T01:30:00Z", "2023-06-30T21:30:00-04:00"),
        (None, "2023-07-01T01:30:00Z", "2023-07-01T02:30:00+01:00"),
        (None, "2023-07-01T01:30:00", None),
        ("nowhere", "2023-07-01T01:30:00", None),
    ],
)
def test_the_zone_that_the_record_names_is_that_of_a_value_without_an_offset(
    zone: str | None, text: str, expected: str | None
) -> None:
    [client, mock] = load_package(ZONED.encode(), "iso_zoned.demo", "client", "mock")
    reply = {"readings": [{"energy": 1, "seen": text} | ({"tz": zone} if zone else {})]}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    with client.Client(transport=transport) as opened:
        found = opened.list_readings(meter_number="1")
    seen = found.records[0].seen_at
    assert (seen and seen.isoformat()) == expected
    rules = [] if expected else ["unknown-zone"]
    assert [problem.rule for problem in found.deviations] == rules
    with client.Client(transport=MockTransport(mock.application())) as opened:
        assert opened.list_readings(meter_number="1", strict=True).records


@pytest.mark.parametrize(("word", "hour"), [("first", 0), ("second", 1)])
def test_a_spec_says_which_is_meant(word: str, hour: int) -> None:
    spec = SPEC.replace("iso8601", f"iso8601, repeated: {word}")
    reply = answered(f"iso_{word}.demo", spec, REPEATED, strict=True)
    assert reply.records[0].seen_at.astimezone(UTC) == datetime(2023, 10, 29, hour, 30, tzinfo=UTC)


def test_who_writes_a_spec_is_told_that_nothing_says_which_is_meant() -> None:
    interface, problems = understood(SPEC)
    assert interface is not None and not problems
    [note] = [found for found in notes_of(interface) if found.code == "hour-undecided"]
    assert "without an offset" in note.message
