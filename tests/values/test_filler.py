"""Which entries of a list stand for nothing."""

import pytest

from gridwright_runtime.values.filler import is_filler

FILLER = {"kwh": "0", "Amount": "0", "billDate": ""}
EMPTY_DATES = [
    "",
    None,
    " ",
    "0001-01-01T00:00:00",
    "0001-01-01",
    "00010101",
    "0000-00-00 00:00:00",
]


@pytest.mark.parametrize("day", [*EMPTY_DATES, "0001-01-01T00:00:00.000Z", "00000000"])
def test_a_filler_with_any_empty_date_stands_for_nothing(day: object) -> None:
    assert is_filler({"kwh": 0, "Amount": "0.00", "billDate": day}, FILLER)


@pytest.mark.parametrize(
    "item",
    [
        {"kwh": None, "Amount": "", "billDate": None},
        {"kwh": 0, "billDate": ""},
        {"kwh": "0", "Amount": None, "billDate": "0001-01-01T00:00:00", "note": ""},
    ],
)
def test_a_record_that_holds_nothing_besides_may_lack_values(item: dict[str, object]) -> None:
    assert is_filler(item, FILLER)


@pytest.mark.parametrize(
    "item",
    [
        {"kwh": 0, "Amount": 0, "billDate": "2024-10-01T00:00:00"},
        {"kwh": 0, "Amount": 0, "billDate": "0001-01-02T00:00:00"},
        {"kwh": 5, "Amount": 0, "billDate": "0001-01-01T00:00:00"},
        {"kwh": None, "Amount": None, "billDate": None, "note": "see letter"},
        {"kwh": 0, "Amount": 0, "billDate": [], "note": ""},
        {"note": "see letter"},
        {},
        "0",
    ],
)
def test_a_record_that_says_something_is_none(item: object) -> None:
    assert not is_filler(item, FILLER)


def test_a_model_without_a_filler_has_none() -> None:
    assert not is_filler({}, {})
    assert not is_filler({"kwh": None}, {})
