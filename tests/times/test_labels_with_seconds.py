"""Labels whose pattern has seconds, or parts of them, are exact."""

import importlib
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import ContradictedEndError
from gridwright_runtime.mock.transport import MockTransport

PACKAGE = "second_apis.seconds"
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2024, 5, 1)
SPRING = date(2026, 3, 29)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("seconds")
    write_package(Path(__file__).with_name("seconds.yaml").read_bytes(), folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)


def client_of(package: ModuleType, text: str, format: str = "json") -> Any:
    kind = {"json": "application/json", "csv": "text/csv"}[format]
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(200, text=text, headers={"content-type": kind})
    )
    return package.Client(transport=transport, format=format)


def rows(package: ModuleType, day: date, label: str, format: str = "json") -> Any:
    row = {"day": f"{day}", "to": label, "value": "1"}
    text = json.dumps([row]) if format == "json" else f"day;to;value\n{day};{label};1\n"
    return client_of(package, text, format).list_rows(day=day)


@pytest.mark.parametrize("format", ["json", "csv"])
@pytest.mark.parametrize(
    ("label", "end"),
    [
        ("10:15:30.250", datetime(2024, 5, 1, 10, 15, 30, 250_000, BERLIN)),
        ("10:15:59.999", datetime(2024, 5, 1, 10, 15, 59, 999_000, BERLIN)),
        ("24:00:00.000", datetime(2024, 5, 2, tzinfo=BERLIN)),
        # This is no midnight, so that nothing has to say which one is meant.
        ("00:00:30.000", datetime(2024, 5, 1, 0, 0, 30, tzinfo=BERLIN)),
    ],
)
def test_a_label_beside_its_value_is_placed_to_the_part_of_a_second(
    package: ModuleType, label: str, end: datetime, format: str
) -> None:
    reply = rows(package, DAY, label, format)
    assert reply.deviations == ()
    reading = reply.records[0].reading()
    assert (reading.interval_start, reading.interval_end) == (end - timedelta(minutes=15), end)


def test_a_midnight_to_the_second_still_needs_the_word_that_says_which(package: ModuleType) -> None:
    assert [one.rule for one in rows(package, DAY, "00:00:00.000").deviations] == [
        "unplaced-reading"
    ]


def test_the_validator_judges_skipped_hours_to_the_second(package: ModuleType) -> None:
    """The clocks show a part of the quarter hour until 03:00:30, none of that until 03:00:00."""
    assert rows(package, SPRING, "03:00:30.000").deviations == ()
    assert [one.rule for one in rows(package, SPRING, "03:00:00.000").deviations] == [
        "skipped-time"
    ]


def test_a_label_whose_day_stands_around_it_is_placed_to_the_second(package: ModuleType) -> None:
    day = {"day": f"{DAY}", "samples": [{"time": f"1000{s}", "value": "1"} for s in ("05", "50")]}
    readings = client_of(package, json.dumps(day)).get_day(day=DAY).body.readings()
    assert [reading.interval_start.second for reading in readings] == [5, 50]


@pytest.mark.parametrize(("end", "is_refused"), [("10:15:30", False), ("10:15:59", True)])
def test_a_printed_end_is_compared_to_the_second(
    package: ModuleType, end: str, is_refused: bool
) -> None:
    row = {"day": f"{DAY}", "from": "10:00:30", "to": end, "value": "1"}
    reply = client_of(package, json.dumps([row])).list_spans(day=DAY)
    assert bool(reply.deviations) is is_refused
    if is_refused:
        with pytest.raises(ContradictedEndError):
            reply.records[0].reading()
    else:
        assert reply.records[0].reading().interval_start.second == 30


def test_the_mock_writes_labels_with_seconds_that_the_client_reads(package: ModuleType) -> None:
    application = importlib.import_module(f"{PACKAGE}.mock").application(seed=1)
    with package.Client(transport=MockTransport(application), strict=True) as client:
        body = client.get_day(day=DAY).body
        spans = client.list_spans(day=DAY).records
        records = client.list_rows(day=DAY).records
    assert {len(sample.label) for sample in body.samples} == {6}
    assert len({reading.interval_start for reading in body.readings()}) == 96
    assert len({span.reading().interval_start for span in spans}) == 96
    assert records[-1].end_time == "24:00:00.000"
    assert max(one.reading().interval_end for one in records) == datetime(2024, 5, 2, tzinfo=BERLIN)
