"""Zones that each reply names, from the spec to the reading."""

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright_runtime.errors import MissingDayError, UndecidedTimeError
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.tables import table

PACKAGE = "zone_apis.zones"
NAMED_PACKAGE = "named_zone_apis.zones"
SPEC = Path(__file__).with_name("zones.yaml").read_text()
NAMED = SPEC.replace(
    "name: Europe/Berlin,",
    "name: Europe/Berlin, "
    "names: {MEZ: Etc/GMT-1, CEST: Etc/GMT-2, CET: Etc/GMT-1, D: Europe/Berlin},",
)
# A day on which the clocks of Berlin go forward, those of New York do not, and Kyiv's do too.
SPRING = "20260329"
HOURS = {"Europe/Berlin": 23, "America/New_York": 24, "Europe/Kyiv": 23, "UTC": 24}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("zones")
    write_package(SPEC.encode(), folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """Return a package of the same interface, whose document has names of its own for zones."""
    folder = tmp_path_factory.mktemp("named")
    write_package(NAMED.encode(), folder, NAMED_PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(NAMED_PACKAGE)


def answering(package: ModuleType, reply: object) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    return package.Client(transport=transport, format="json")


def day(package: ModuleType, zone: object, of: str = SPRING, **fields: object) -> Any:
    message = {"day": of, "site": {"tz": zone}, "hours": [], "steps": []} | fields
    return answering(package, message).get_day(day=date(2026, 3, 29))


def meter(package: ModuleType, zone: object, of: str = SPRING, **fields: object) -> Any:
    one = {"timezone": zone, "day": of} | fields
    return answering(package, {"meters": [one]}).list_meters(day=date(2026, 3, 29))


def in_utc(*text: str) -> list[datetime]:
    return [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in text]


@pytest.mark.parametrize("zone", HOURS)
def test_a_day_of_positions_is_as_long_as_it_is_in_the_zone_of_the_reply(
    package: ModuleType, zone: str
) -> None:
    readings = day(package, zone).body.load_kw_readings()
    assert len(readings) == HOURS[zone]
    assert sum((reading.elapsed for reading in readings), timedelta(0)) == timedelta(
        hours=HOURS[zone]
    )


def test_labels_are_of_the_zone_that_a_record_around_names(package: ModuleType) -> None:
    hours = [{"hour": "03:00", "v": 1}]
    berlin, york = (
        day(package, zone, hours=hours).body.readings()
        for zone in ("Europe/Berlin", "America/New_York")
    )
    starts = [one[0].interval_start.astimezone(UTC) for one in (berlin, york)]
    assert starts == in_utc("2026-03-29 01:00", "2026-03-29 07:00")


def test_a_label_that_the_zone_of_the_reply_skips_is_a_deviation(package: ModuleType) -> None:
    hours = [{"hour": "02:00", "v": 1}]
    for zone, rules in (("Europe/Berlin", ["skipped-time"]), ("America/New_York", [])):
        found = day(package, zone, hours=hours).deviations
        assert [d.rule for d in found if d.rule != "missing-position"] == rules


def test_a_series_is_of_the_zone_that_its_record_names(package: ModuleType) -> None:
    for zone, count in HOURS.items():
        record = meter(package, zone, h1200=4, p3=3, s0600=6).records[0]
        readings = record.energy_kwh_readings()
        assert len(readings) == len(record.steps_kwh_readings()) == count
        (four,) = (reading for reading in readings if reading.energy_kwh == Decimal(4))
        assert four.interval_end.hour == 12
        assert str(four.interval_start.tzinfo) == zone
        assert record.state_kwh_readings()[0].read_at.hour == 6


def test_a_label_of_a_series_that_the_zone_skips_is_a_deviation(package: ModuleType) -> None:
    for zone, rules in (("Europe/Berlin", ["skipped-time"]), ("America/New_York", [])):
        assert [d.rule for d in meter(package, zone, h0300=1).deviations] == rules
        positions = ["no-such-position"] if rules else []
        assert [d.rule for d in meter(package, zone, p24=1).deviations] == positions


def test_times_and_single_values_are_of_the_zone_that_their_record_names(
    package: ModuleType,
) -> None:
    texts: dict[str, Any] = {"at": "2026-03-29 12:00", "start": "2026-03-29 00:00"}
    record = meter(package, "America/New_York", time="04:00", one=1, two=2, **texts).records[0]
    assert record.read_at.astimezone(UTC) == in_utc("2026-03-29 16:00")[0]
    assert record.reading().interval_start.astimezone(UTC) == (in_utc("2026-03-29 07:00")[0])
    berlin = meter(package, "Europe/Berlin", two=2, **texts).records[0]
    assert berlin.from_start_kwh_reading().elapsed == timedelta(hours=23)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", None, "../etc/passwd", "CET", " EST"])
def test_a_zone_that_is_none_is_a_deviation_and_places_nothing(
    package: ModuleType, zone: object
) -> None:
    reply = meter(package, zone, h0100=1)
    assert "unknown-zone" in {d.rule for d in reply.deviations}
    with pytest.raises(MissingDayError):
        reply.records[0].energy_kwh_readings()
    inside = day(package, zone, hours=[{"hour": "03:00", "v": 1}])
    with pytest.raises(MissingDayError):
        inside.body.readings()
    assert inside.deviations


def test_the_caller_says_which_hour_is_meant_where_the_zone_may_have_one_twice(
    package: ModuleType,
) -> None:
    record = meter(package, "Europe/Berlin", of="20261025", h0300=1).records[0]
    with pytest.raises(UndecidedTimeError):
        record.energy_kwh_readings()
    assert len(record.energy_kwh_readings(repeated="second")) == 25


def test_tables_place_each_record_in_its_zone(package: ModuleType) -> None:
    meters = [
        {"timezone": zone, "day": "20260701", "h0100": 1, "h0200": 2}
        | {
            "time": "12:00",
            "start": "2026-07-01 00:00",
        }
        for zone in ("Europe/Berlin", "America/New_York")
    ]
    reply = answering(package, {"meters": meters}).list_meters(day=date(2026, 7, 1))
    rows = [
        row
        for row in table(reply, of="readings").to_pylist()
        if row["quantity"] == "energy_kwh" and row["value"] == Decimal(1)
    ]
    assert [row["interval_start"] for row in rows] == in_utc("2026-06-30 22:00", "2026-07-01 04:00")


def test_names_that_a_document_has_for_zones_place_every_kind_of_reading(
    named: ModuleType,
) -> None:
    summer = "20260701"
    texts: dict[str, Any] = {"at": "2026-07-01 12:00", "start": "2026-07-01 00:00"}
    for zone, noon in (("CET", "11:00"), ("CEST", "10:00"), (" MEZ ", "11:00"), ("D", "10:00")):
        wanted = in_utc(f"2026-07-01 {noon}")[0]
        record = meter(
            named, zone, of=summer, time="13:00", one=1, two=2, h1300=3, s1200=4, **texts
        ).records[0]
        assert record.read_at.astimezone(UTC) == wanted
        assert record.reading().interval_start.astimezone(UTC) == wanted
        assert record.from_start_kwh_reading().interval_start.astimezone(UTC) == (
            wanted - timedelta(hours=12)
        )
        (three,) = (one for one in record.energy_kwh_readings() if one.energy_kwh == Decimal(3))
        assert three.interval_start.astimezone(UTC) == wanted
        (four,) = (one for one in record.state_kwh_readings() if one.state_kwh == Decimal(4))
        assert four.read_at.astimezone(UTC) == wanted
        (inside,) = day(named, zone, of=summer, hours=[{"hour": "12:00", "v": 1}]).body.readings()
        assert inside.interval_start.astimezone(UTC) == wanted


def test_a_name_beside_those_that_the_document_has_for_zones_places_nothing(
    named: ModuleType,
) -> None:
    for zone in ("cet", "Europe/Berlin", "UTC", "", None):
        reply = meter(named, zone, h0100=1)
        assert "unknown-zone" in {d.rule for d in reply.deviations}
        with pytest.raises(MissingDayError):
            reply.records[0].energy_kwh_readings()


def test_an_hour_that_comes_twice_is_told_by_the_names_of_zones(named: ModuleType) -> None:
    twice = [
        meter(named, zone, of="20261025", time="03:00", one=1, at="2026-10-25 02:00").records[0]
        for zone in ("CEST", "CET")
    ]
    wanted = in_utc("2026-10-25 00:00", "2026-10-25 01:00")
    assert [record.reading().interval_start.astimezone(UTC) for record in twice] == wanted
    assert [record.read_at.astimezone(UTC) for record in twice] == wanted


def test_mocks_say_the_name_of_the_zone_in_which_an_interval_is(named: ModuleType) -> None:
    application = importlib.import_module(f"{NAMED_PACKAGE}.mock").application(seed=2)
    client = named.Client(transport=MockTransport(application), format="json", strict=True)
    for on in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)):
        body = client.get_day(day=on).body
        assert body.site.zone_name == "MEZ"
        assert len(body.readings()) == 24
        told = {record.zone_name for record in client.list_meters(day=on).records}
        assert told <= {"MEZ", "CEST"}


@pytest.mark.parametrize("format", ["json", "xml"])
def test_mocks_send_days_of_the_zone_that_they_name(package: ModuleType, format: str) -> None:
    application = importlib.import_module(f"{PACKAGE}.mock").application(seed=2)
    client = package.Client(transport=MockTransport(application), format=format, strict=True)
    for on in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)):
        body = client.get_day(day=on).body
        assert body.site.zone_name == "Europe/Berlin"
        assert body.readings()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("zone: {field: timezone}", "zone: {field: tz}", "unknown-field"),
        ("zone: {field: timezone}", "zone: {field: day}", "wrong-field"),
        ("zone: {field: [site, tz]}", "zone: {field: [site, timezone]}", "unknown-field"),
        ("name: Europe/Berlin,", "name: Europe/Berlin, names: {MEZ: CE/ST},", "unknown-zone"),
        ("hour: {name: hour,", "at: {name: at, type: datetime, format: yyyymmddhhmi, at: 3}\n"
         "      hour: {name: hour,", "unknown-field"),
    ],
)  # fmt: skip
def test_a_zone_that_no_field_names_is_reported(old: str, new: str, code: str) -> None:
    assert old in SPEC
    amended, found = amend_text(SPEC.replace(old, new, 1).encode(), "interface.yaml", ())
    _, problems = understand(amended, found)
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("zone", "instead"),
    [
        ("UTC+10", "Etc/GMT-10"),
        ('"-05:00"', "Etc/GMT+5"),
        ("GMT+5:30", "Asia/Kolkata"),
        ("CET", "Etc/GMT-1"),
        ("AEST", "Asia/Seoul"),
    ],
)
def test_a_zone_that_is_none_is_reported_with_what_to_write(zone: str, instead: str) -> None:
    text = SPEC.replace("name: Europe/Berlin,", f"name: {zone},", 1)
    amended, found = amend_text(text.encode(), "interface.yaml", ())
    _, problems = understand(amended, found)
    (problem,) = (one for one in problems if one.code == "unknown-zone")
    assert instead in problem.help
