"""Which midnight the label 00:00 means at the end of an interval."""

import importlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import DeviationError, MissingDayError
from gridwright_runtime.mock.transport import MockTransport

SPEC = Path(__file__).with_name("midnights.yaml")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2024, 5, 1)
WORDS = ("undecided", "ends_day", "begins_day")
JSON = '[{"day": "2024-05-01", "to": "%s", "value": 1, "labelled": 2}]'
CSV = "day;to;value;labelled\n2024-05-01;%s;1;2\n"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ModuleType]]:
    folder = tmp_path_factory.mktemp("midnights")
    for word in WORDS:
        said = "" if word == "undecided" else f", midnight: {word}"
        text = SPEC.read_text().replace("label_marks: end", f"label_marks: end{said}")
        write_package(text.encode(), folder, f"midnight_apis.{word}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield {word: importlib.import_module(f"midnight_apis.{word}") for word in WORDS}


def asked(package: ModuleType, label: str, format: str, **more: Any) -> Any:
    body, kind = (JSON, "application/json") if format == "json" else (CSV, "text/csv")
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(200, text=body % label, headers={"content-type": kind})
    )
    with package.Client(transport=transport, format=format, **more) as client:
        return client.list_ends(day=DAY)


@pytest.mark.parametrize("format", ["json", "csv"])
@pytest.mark.parametrize(
    ("word", "label", "end"),
    [
        ("ends_day", "00:00", datetime(2024, 5, 2, tzinfo=BERLIN)),
        ("begins_day", "00:00", datetime(2024, 5, 1, tzinfo=BERLIN)),
        ("ends_day", "24:00", datetime(2024, 5, 2, tzinfo=BERLIN)),
        ("begins_day", "24:00", datetime(2024, 5, 2, tzinfo=BERLIN)),
        ("undecided", "24:00", datetime(2024, 5, 2, tzinfo=BERLIN)),
        ("undecided", "00:15", datetime(2024, 5, 1, 0, 15, tzinfo=BERLIN)),
    ],
)
def test_the_label_ends_at_the_midnight_that_is_said(
    packages: dict[str, ModuleType], word: str, label: str, end: datetime, format: str
) -> None:
    (record,) = asked(packages[word], label, format, strict=True).records
    assert record.reading().interval_end == end
    assert record.labelled_mw_reading().interval_end == end


@pytest.mark.parametrize("format", ["json", "csv"])
def test_a_midnight_that_nothing_decides_is_not_guessed(
    packages: dict[str, ModuleType], format: str
) -> None:
    reply = asked(packages["undecided"], "00:00", format)
    found = [(one.path, one.rule) for one in reply.deviations]
    assert found == [
        ("records[0].amount_mw", "unplaced-reading"),
        ("records[0].labelled_mw", "unplaced-reading"),
    ]
    for read in (reply.records[0].reading, reply.records[0].labelled_mw_reading):
        with pytest.raises(MissingDayError, match="00:00"):
            read()
    with pytest.raises(DeviationError):
        asked(packages["undecided"], "00:00", format, strict=True)


@pytest.mark.parametrize("word", WORDS)
def test_the_mocked_day_is_whole(packages: dict[str, ModuleType], word: str) -> None:
    application = importlib.import_module(f"midnight_apis.{word}.mock").application()
    with packages[word].Client(transport=MockTransport(application), format="json") as client:
        records = client.list_ends(day=DAY, strict=True).records
    ends = [record.reading().interval_end for record in records]
    assert len(set(ends)) == len(records) == 96
    assert max(ends) == datetime(2024, 5, 2, tzinfo=BERLIN)
    labels = {record.end_time for record in records} & {"00:00", "24:00"}
    assert labels == {"00:00" if word == "ends_day" else "24:00"}
