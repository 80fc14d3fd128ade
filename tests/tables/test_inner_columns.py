"""Tables of readings whose values stand in records that say whose they are."""

import importlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime import tables
from gridwright_runtime.intervals import placed_with_records

SPEC = Path(__file__).parent / "areas.yaml"
PRICES = {
    "currency": "EUR",
    "entries": [
        {
            "start": "2026-03-02T00:00:00Z",
            "end": "2026-03-02T01:00:00Z",
            "perArea": [
                {"area": "A", "price": 1.5, "volume": 10, "state": "M"},
                {"area": "B", "price": None, "volume": 20},
            ],
        },
        {
            "start": "2026-03-02T01:00:00Z",
            "end": "2026-03-02T02:00:00Z",
            "note": "late",
            "perArea": [{"area": "B", "price": 2.5, "volume": 40}],
        },
    ],
}
SPAN = {"start": "2026-03-02T00:00:00Z", "end": "2026-03-02T03:00:00Z"}
LOADS = {
    "series": [
        {"area": "A", **SPAN, "points": [{"position": 1, "load": 1}, {"position": 3, "load": 3}]},
        {"area": "B", **SPAN, "points": [{"position": 2, "load": 5, "remark": "odd"}]},
    ],
}


@pytest.fixture(scope="module")
def areas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("areas")
    write_package(SPEC.read_bytes(), folder, "table_apis.areas")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield importlib.import_module("table_apis.areas")


def answered(package: ModuleType, body: object) -> Any:
    return package.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=body)))


def rows(table: Any, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))


def test_each_reading_has_what_its_record_says_beside_the_value(areas: ModuleType) -> None:
    table = answered(areas, PRICES).get_prices().table()
    assert rows(table, "area", "note", "quantity", "value", "unit", "quality") == [
        ("A", None, "price", Decimal("1.5"), "EUR/MWh", "M"),
        ("B", None, "price", None, None, "missing"),
        ("B", "late", "price", Decimal("2.5"), "EUR/MWh", "unknown"),
        ("A", None, "volume_mwh", Decimal(10), "MWh", "unknown"),
        ("B", None, "volume_mwh", Decimal(20), "MWh", "unknown"),
        ("B", "late", "volume_mwh", Decimal(40), "MWh", "unknown"),
    ]


def test_the_values_are_no_columns_beside_each_other(areas: ModuleType) -> None:
    names = answered(areas, PRICES).get_prices().table().column_names
    assert not {"price", "volume_mwh"} & set(names)


def test_a_position_that_is_not_there_belongs_to_the_record_around_it(areas: ModuleType) -> None:
    table = answered(areas, LOADS).get_loads().table()
    assert rows(table, "area", "remark", "value") == [
        ("A", None, Decimal(1)),
        ("A", None, None),
        ("A", None, Decimal(3)),
        ("B", None, None),
        ("B", "odd", Decimal(5)),
        ("B", None, None),
    ]


def test_a_wide_view_has_a_row_for_each_of_them(areas: ModuleType) -> None:
    body = {"series": [{"area": area, **SPAN, "points": []} for area in "AB"]}
    wide = tables.wide(answered(areas, body).get_loads().table())
    assert wide.column("area").to_pylist() == ["A", "B"]


def test_python_has_each_reading_with_the_records_that_lead_to_it(areas: ModuleType) -> None:
    day = answered(areas, PRICES).get_prices().body
    readings = day.__readings__["readings"]
    told: list[tuple[Any, Any]] = placed_with_records(day, readings)
    assert tuple(reading for reading, _ in told) == day.readings()
    assert [(chain[-1].area, reading.price) for reading, chain in told] == [
        ("A", Decimal("1.5")),
        ("B", None),
        ("B", Decimal("2.5")),
    ]
