"""Units that the data name, labels and qualities, from the spec to the reading."""

import importlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright_runtime.errors import DeviationError, UnknownUnitError
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.tables import table

PACKAGE = "unit_apis.units"
PRAGUE = ZoneInfo("Europe/Prague")
SPEC = Path(__file__).with_name("units.yaml").read_text()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder: Path = tmp_path_factory.mktemp("units")
    write_package(SPEC.encode(), folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module(PACKAGE)


def answering(package: ModuleType, reply: object) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    return package.Client(transport=transport)


def one(package: ModuleType, **fields: object) -> Any:
    row = {"start": "2026-07-01T00:00:00Z", "v": 1.5, "uom": "Wh", "power": 0} | fields
    return answering(package, {"readings": [row]}).list_readings(meter="1")


def day(package: ModuleType, of: str = "20260701", **fields: object) -> Any:
    message = {"day": of, "about": {"uom": 72, "power": 3}, "rows": [], "unit": "kWh"}
    return answering(package, message | fields).get_day(day=date(2026, 7, 1))


def test_a_value_is_multiplied_by_its_power_of_ten_with_every_digit(package: ModuleType) -> None:
    digits = "1234567890123456789012345678901234567890.5"
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(
            200,
            headers={"Content-Type": "application/json"},
            text='{"readings": [{"start": "2026-07-01T00:00:00Z", "uom": "kWh", "power": -30, "v": '
            f"{digits}}}]}}",
        )
    )
    (record,) = package.Client(transport=transport).list_readings(meter="1").records
    reading = record.reading()
    assert record.amount == Decimal(digits)
    assert (str(reading.amount), reading.unit) == (
        "1234567890.1234567890123456789012345678905",
        "kWh",
    )


@pytest.mark.parametrize(("power", "expected"), [(3, "1.5E+3"), (0, "1.5"), (-3, "0.0015")])
def test_nothing_is_converted(package: ModuleType, power: int, expected: str) -> None:
    (record,) = one(package, power=power).records
    assert (str(record.reading().amount), record.reading().unit) == (expected, "Wh")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"uom": "MWh"}, "unit_code names none that the document has"),
        ({"uom": "WH"}, "unit_code names none that the document has"),
        ({"uom": None}, "unit_code is missing"),
        ({"power": None}, "power is missing"),
        ({"power": 31}, "power is out of range"),
    ],
)
def test_a_unit_that_is_not_known_is_a_deviation_and_no_reading(
    package: ModuleType, fields: dict[str, object], said: str
) -> None:
    reply = one(package, **fields)
    (found,) = [d for d in reply.deviations if d.rule == "unknown-unit"]
    assert (found.path, found.wire) == ("records[0].amount", "v")
    assert found.message == f"is measured in a unit that is not known: {said}"
    with pytest.raises(UnknownUnitError, match=said):
        reply.records[0].reading()
    assert reply.records[0].amount == Decimal("1.5")


def test_a_strict_client_refuses_a_unit_that_is_not_known(package: ModuleType) -> None:
    row = {"start": "2026-07-01T00:00:00Z", "v": 1, "uom": "MWh", "power": 0}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"readings": [row]}))
    with pytest.raises(DeviationError, match="unknown-unit"):
        package.Client(transport=transport, strict=True).list_readings(meter="1")


def test_a_missing_value_needs_no_unit(package: ModuleType) -> None:
    reply = one(package, v=None, uom="MWh")
    assert reply.deviations == ()
    reading = reply.records[0].reading()
    assert (reading.amount, reading.unit) == (None, None)


def test_a_unit_is_found_around_the_value(package: ModuleType) -> None:
    rows = [{"n": 1, "v": 1}, {"n": 2, "v": 2}, {"n": 3, "v": 3}, {"n": 4, "v": 4}]
    readings = day(package, rows=rows).body.row_value_readings()
    assert [(r.row_value, r.unit, r.label) for r in readings] == [
        (Decimal(1000), "Wh", "1"),
        (Decimal(2000), "Wh", "2"),
        (Decimal(3000), "Wh", "3"),
        (Decimal(4000), "Wh", "4"),
    ]


def test_a_unit_around_many_values_that_is_not_known_is_told_once(package: ModuleType) -> None:
    rows = [{"n": n, "v": 1} for n in (1, 2, 3, 4)]
    reply = day(package, rows=rows, about={"uom": 38, "power": 0})
    assert [(d.rule, d.path) for d in reply.deviations] == [("unknown-unit", "")]


def test_quality_is_of_the_type_of_its_field(package: ModuleType) -> None:
    (record,) = one(package, flag=True).records
    assert record.reading().quality is True
    series = importlib.import_module(f"{PACKAGE}.series")
    assert get_type_hints(series.AmountReading)["quality"] == bool | None
    assert get_type_hints(series.EnergyReading)["quality"] == str | None


def test_readings_have_the_documents_label_where_an_hour_comes_twice(package: ModuleType) -> None:
    body = day(package, of="20261025", h0300=3, h2400=24, good="A", s0600=6).body
    readings = body.readings()
    assert len(readings) == 25
    told = [(r.label, r.energy, r.unit, r.quality) for r in readings if r.label == "0300"]
    assert told == [("0300", None, None, "A"), ("0300", Decimal(3), "kWh", "A")]
    assert readings[-1].label == "2400"
    states = body.state_readings()
    assert [(s.label, s.state) for s in states][:2] == [("0600", Decimal(6)), ("1200", None)]


def test_a_family_whose_unit_is_not_known_is_told_once(package: ModuleType) -> None:
    reply = day(package, unit="MWh", h0100=1, h0200=2, s0600=1)
    found = [(d.rule, d.path, d.wire) for d in reply.deviations if d.rule == "unknown-unit"]
    assert found == [("unknown-unit", "", "unit"), ("unknown-unit", "", "unit")]
    with pytest.raises(UnknownUnitError):
        reply.body.readings()


def test_mocks_send_units_that_the_document_has(package: ModuleType) -> None:
    application = importlib.import_module(f"{PACKAGE}.mock").application(seed=3)
    client = package.Client(transport=MockTransport(application), strict=True)
    units = {
        r.reading().unit for r in client.list_readings(meter="1").records if r.amount is not None
    }
    assert units and units <= {"Wh", "kWh", "m3"}
    assert {r.unit for r in client.get_day(day=date(2026, 7, 1)).body.readings()} <= {"kWh", None}


def test_tables_have_the_values_and_units_of_readings(package: ModuleType) -> None:
    reply = one(package, power=3, flag=False)
    rows = table(reply.records, of="readings").to_pylist()
    assert [(row["value"], row["unit"]) for row in rows] == [(Decimal(1500), "Wh")]
    days = day(package, h0100=1, h0200=2)
    told = table([days.body], of="readings").to_pylist()
    assert [(r["value"], r["unit"]) for r in told if r["quantity"] == "energy"][:2] == [
        (Decimal(1), "kWh"),
        (Decimal(2), "kWh"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("kWh: kWh, m³: m3", "kWh: kwh", "unknown-unit"),
        ("{field: uom, values", "{field: oum, values", "unknown-field"),
        ("{kWh: kWh}}, series: {wire: \"h", "{kWh: kWh}, power_of_ten: rows}, series: {wire: \"h",
         "wrong-field"),
        ("quality: good", "quality: bad", "unknown-field"),
        ("quality: good", "quality: about", "wrong-field"),
        (", instant: {start: start, step: PT1H, quality: flag}", "", "misplaced-key"),
        ("step: PT1H, quality: flag", "step: PT1H, label: yes", "word-without-use"),
        ("quality: flag", "quality: v", "wrong-field"),
        ("power_of_ten: [about, power]", "power_of_ten: [about, n]", "unknown-field"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_reported(old: str, new: str, code: str) -> None:
    assert old in SPEC
    amended, found = amend_text(SPEC.replace(old, new).encode(), "interface.yaml", ())
    _, problems = understand(amended, found)
    assert code in {problem.code for problem in problems}


def test_a_reading_without_these_words_is_start_end_and_value(package: ModuleType) -> None:
    series = importlib.import_module(f"{PACKAGE}.series")
    assert series.StateRegisterReading._fields == ("read_at", "state", "unit", "label")
    start = datetime(2026, 7, 1, 2, tzinfo=PRAGUE)
    (record,) = one(package).records
    reading = record.reading()
    assert reading[:3] == (start, reading.interval_end, Decimal("1.5"))
