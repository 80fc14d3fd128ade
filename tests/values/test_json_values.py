"""Any JSON value: taken as it is, and refused where JSON has no such thing."""

from decimal import Decimal

import pytest

from gridwright_runtime.texts.encoders import Unencodable
from gridwright_runtime.values.json_values import JsonValue, json_item


@pytest.mark.parametrize(
    "value", ["", "a", 0, True, False, Decimal("1.50"), [], {}, {"a": [1, None, {"b": ""}]}]
)
def test_what_json_has_stays_as_it_is(value: object) -> None:
    assert json_item(value) == value
    assert isinstance(value, JsonValue)


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a\n": 1}, b"a", Decimal("NaN"), "\ud800"])
def test_what_json_has_not_is_refused(value: object) -> None:
    assert isinstance(json_item(value), Unencodable)


def test_what_is_refused_within_is_found_at_its_place() -> None:
    written = json_item({"a": [1, 1.5]})
    assert isinstance(written, dict)
    assert isinstance(written["a"][1], Unencodable)


def test_what_is_nested_too_deeply_is_refused() -> None:
    value: object = 1
    for _ in range(102):
        value = [value]
    written = json_item(value)
    while isinstance(written, list):
        [written] = written
    assert isinstance(written, Unencodable)
