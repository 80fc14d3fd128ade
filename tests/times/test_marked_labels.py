"""Labels that say themselves which of two hours they mean, from the spec to the reading."""

import importlib
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import UndecidedTimeError
from gridwright_runtime.mock.transport import MockTransport

PACKAGE = "mark_apis.marks"
AUTUMN = date(2026, 10, 25)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("marks")
    write_package(Path(__file__).with_name("marks.yaml").read_bytes(), folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)


def answering(package: ModuleType, reply: object) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    return package.Client(transport=transport)


def test_a_mark_says_which_of_two_hours_a_label_means(package: ModuleType) -> None:
    hours = [{"hour": label, "v": 1} for label in ("01", "02B", "02A", "03")]
    reply = answering(package, {"date": "20261025", "hours": hours}).get_day(day=AUTUMN)
    assert reply.deviations == ()
    told = [(r.label, r.interval_start.astimezone(UTC).hour) for r in reply.body.readings()]
    assert told == [("01", 23), ("02B", 1), ("02A", 0), ("03", 2)]


def test_a_label_that_should_have_a_mark_and_has_none_is_undecided(package: ModuleType) -> None:
    hours = [{"hour": "02", "v": 1}]
    body = answering(package, {"date": "20261025", "hours": hours}).get_day(day=AUTUMN).body
    with pytest.raises(UndecidedTimeError):
        body.readings()
    (reading,) = body.readings(repeated="second")
    assert reading.interval_start.astimezone(UTC).hour == 1


def test_a_mark_of_the_second_alone_means_the_first_where_it_is_missing(
    package: ModuleType,
) -> None:
    rows = [{"date": "20261025", "time": label, "v": 1} for label in ("03:00", "03:00*")]
    records = answering(package, {"rows": rows}).list_rows(day=AUTUMN).records
    hours = [record.reading().interval_start.astimezone(UTC).hour for record in records]
    assert hours == [0, 1]


def test_mocks_send_a_day_of_25_hours_with_marks(package: ModuleType) -> None:
    application = importlib.import_module(f"{PACKAGE}.mock").application(seed=1)
    client = package.Client(transport=MockTransport(application), strict=True)
    body = client.get_day(day=AUTUMN).body
    assert [hour.hour for hour in body.hours if hour.hour.startswith("02")] == ["02A", "02B"]
    starts = [reading.interval_start.astimezone(UTC) for reading in body.readings()]
    assert len(set(starts)) == 25
