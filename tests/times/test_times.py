"""Times in composed patterns, and days of all lengths, from the spec to the reading."""

import importlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import UndecidedTimeError
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.series import readings_in_order
from gridwright_runtime.times.durations import Duration

PACKAGE = "times_apis"
SPEC = Path(__file__).with_name("times.yaml")
BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN, SPRING, SUMMER = date(2026, 10, 25), date(2026, 3, 29), date(2026, 7, 1)
HOURS = {AUTUMN: 25, SPRING: 23, SUMMER: 24}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("times")
    write_package(SPEC.read_bytes(), folder, f"{PACKAGE}.times")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(f"{PACKAGE}.times")


@pytest.fixture
def application(package: ModuleType) -> Any:
    return importlib.import_module(f"{PACKAGE}.times.mock").application()


def answering(reply: object) -> httpx2.MockTransport:
    return httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))


@pytest.mark.parametrize("format", ["json", "xml"])
def test_patterns_are_sent_in_every_place_and_come_back(
    package: ModuleType, application: Any, format: str
) -> None:
    with package.Client(transport=MockTransport(application), format=format) as client:
        reply = client.list_readings(
            day=AUTUMN,
            at_time=datetime(2026, 10, 25, 4, tzinfo=BERLIN),
            since=datetime(2026, 1, 1, tzinfo=UTC),
            clock_time="14:00",
            step=Duration(months=1),
            wait=Duration(elapsed=timedelta(seconds=1, milliseconds=500)),
            month=date(2026, 10, 1),
        )
    assert list(application.state.mock.journal)[-1].parameters == {
        "day": "25-10-2026",
        "at": "2026-10-25T04:00:00+01:00",
        "since": "1767225600",
        "clock": "14:00",
        "step": "P1M",
        "wait": "1.5",
        "X-Month": "2026-10",
    }
    assert reply.deviations == ()
    record = reply.records[0]
    for name in ("stamp", "local", "millis", "http"):
        assert getattr(record, name).tzinfo == BERLIN
    assert (type(record.day), record.week.weekday(), record.month.day) == (date, 0, 1)
    assert isinstance(record.step, Duration) and isinstance(record.silence, Duration)
    reading = record.reading(repeated="first")
    assert (reading.elapsed, reading.unit) == (timedelta(hours=1), "kWh")


def test_patterns_of_a_body_come_back_as_they_were_sent(
    package: ModuleType, application: Any
) -> None:
    stored = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with package.Client(transport=MockTransport(application)) as client:
        step, silence = Duration(days=1), Duration(elapsed=timedelta(minutes=90))
        saved = client.save_stamps(day=AUTUMN, stored_at=stored, step=step, silence=silence)
    assert (saved.body.day, saved.body.stored_at.astimezone(UTC)) == (AUTUMN, stored)
    assert (saved.body.step, saved.body.silence) == (step, silence)


def day_of(day: date, **values: object) -> dict[str, object]:
    given = {f"q{hour:02d}00": hour for hour in range(1, 25)}
    return {"day": f"{day:%Y%m%d}", **given, **values}


@pytest.mark.parametrize("day", HOURS, ids=str)
def test_a_day_has_as_many_readings_as_hours(package: ModuleType, day: date) -> None:
    sent = day_of(day, q0300=None) if day == SPRING else day_of(day)
    with package.Client(transport=answering({"days": [sent]})) as client:
        reply = client.list_days(meter_number="1")
    readings = reply.records[0].readings(repeated="first")
    assert reply.deviations == ()
    assert len(readings) == HOURS[day]
    assert {reading.elapsed for reading in readings} == {timedelta(hours=1)}
    ends = [reading.interval_end.astimezone(UTC) for reading in readings]
    assert [r.interval_start.astimezone(UTC) for r in readings[1:]] == ends[:-1]
    assert sum(r.energy_kwh or 0 for r in readings) == 300 - (3 if day == SPRING else 0)


def test_a_day_of_25_hours_is_not_placed_by_guessing(package: ModuleType) -> None:
    with package.Client(transport=answering({"days": [day_of(AUTUMN)]})) as client:
        reply = client.list_days(meter_number="1")
    with pytest.raises(UndecidedTimeError):
        reply.records[0].readings()


def test_a_value_of_an_hour_that_the_clocks_skip_is_a_deviation(package: ModuleType) -> None:
    with package.Client(transport=answering({"days": [day_of(SPRING)]})) as client:
        reply = client.list_days(meter_number="1")
    [deviation] = reply.deviations
    assert (deviation.rule, deviation.wire) == ("skipped-time", "q0300")
    assert Decimal(3) not in {r.energy_kwh for r in reply.records[0].readings()}


def test_hours_that_come_in_order_are_the_first_and_the_second(package: ModuleType) -> None:
    records = [
        {"day": "25.10.2026", "hour": hour, "energy": number}
        for number, hour in enumerate(["02:00", "03:00", "03:00", "04:00"])
    ]
    with package.Client(transport=answering({"readings": records})) as client:
        reply = client.list_readings(day=AUTUMN, at_time=datetime(2026, 1, 1, tzinfo=UTC))

    def read(record: Any, word: str) -> Any:
        return record.reading(repeated=word)

    read_in: Callable[..., Any] = read
    readings = readings_in_order(reply.records, read_in)
    hours = [reading.interval_start.astimezone(UTC).hour for reading in readings]
    assert hours == [23, 0, 1, 2]


def test_the_mock_gives_no_value_at_an_hour_that_is_skipped(
    package: ModuleType, application: Any
) -> None:
    with package.Client(transport=MockTransport(application)) as client:
        reply = client.list_days(meter_number="1")
    assert reply.deviations == ()


@pytest.mark.parametrize(
    ("sent", "rule"),
    [("25.10.2026 02:30", "undecided-time"), ("29.03.2026 02:30", "skipped-time")],
)
def test_a_local_time_that_is_no_instant_or_two_is_no_value_and_a_deviation(
    package: ModuleType, sent: str, rule: str
) -> None:
    with package.Client(transport=answering({"readings": [{"local": sent}]})) as client:
        reply = client.list_readings(day=AUTUMN, at_time=datetime(2026, 1, 1, tzinfo=UTC))
    found = [d for d in reply.deviations if d.rule != "missing-field"]
    assert [(d.rule, d.wire) for d in found] == [(rule, "local")]
    assert reply.records[0].local is None
