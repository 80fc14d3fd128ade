"""Lists that JSON lays out as arrays, as columns or with keys are read as objects, or left."""

from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.layouts import (
    TEXT,
    ContradictedKey,
    Layout,
    ListForObject,
    misnamed_columns,
    named_columns,
    objects_of,
    objects_sent,
)

NAMES = ("time", "load")


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ([["1", 5], ["2", 6]], [{"time": "1", "load": 5}, {"time": "2", "load": 6}]),
        ([["1"]], [{"time": "1"}]),
        ([["1", 5, 7, 8]], [{"time": "1", "load": 5, "[2]": 7, "[3]": 8}]),
        ([{"time": "1"}, None], [{"time": "1"}, None]),
        ({"time": ["1"]}, {"time": ["1"]}),
    ],
)
def test_an_array_gives_fields_in_the_order_of_their_names(value: object, items: object) -> None:
    assert objects_of(value, "arrays", NAMES, "") == items


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (
            {"time": ["1", "2"], "load": [5, 6]},
            [{"time": "1", "load": 5}, {"time": "2", "load": 6}],
        ),
        ({"time": ["1"], "load": None}, [{"time": "1"}]),
        ({"time": ["1"], "other": [7]}, [{"time": "1"}]),
        ({"time": ["1", "2"], "load": [5]}, {"time": ["1", "2"], "load": [5]}),
        ({"time": "1", "load": 5}, {"time": "1", "load": 5}),
        ([["1", 5]], [["1", 5]]),
    ],
)
def test_columns_of_one_length_give_an_item_for_each_of_their_rows(
    value: object, items: object
) -> None:
    assert objects_of(value, "columns", NAMES, "") == items


def test_a_key_is_a_field_of_the_item_behind_it() -> None:
    value = {"7": {"load": 5}, "8": None}
    assert objects_of(value, "keyed", NAMES, "id") == [
        {"load": 5, "id": "7"},
        {"id": "8", TEXT: None},
    ]
    assert objects_of({"7": {"a": 1}}, "keyed", ("id", TEXT), "id") == [{"id": "7", TEXT: {"a": 1}}]
    assert objects_of([{"load": 5}], "keyed", NAMES, "id") == [{"load": 5}]


@pytest.mark.parametrize("layout", ["", "arrays", "columns", "keyed"])
def test_an_empty_list_where_items_have_keys_is_marked(layout: Layout) -> None:
    assert isinstance(objects_sent([], layout, NAMES, "id"), ListForObject) == (layout == "keyed")
    assert objects_sent([], layout, NAMES, "id") == []
    assert objects_sent({"7": {}}, "keyed", NAMES, "id") == [{"id": "7"}]


@pytest.mark.parametrize(
    ("key", "said", "is_other"),
    [
        ("7", None, False), ("7", "", False), ("7", " 7", False), ("7 ", "7", False),
        ("7", "8", True), ("07", 7, False), ("7", 7.0, False), ("7", Decimal("7.0"), False),
        ("7", 8, True), ("seven", 7, True), ("true", True, False), ("1", True, True),
        ("7", ["7"], True), ("7", "07", True),
    ],
)  # fmt: skip
def test_an_item_contradicts_its_key_where_it_says_another_value(
    key: str, said: object, is_other: bool
) -> None:
    found: Any = objects_of({key: {"id": said}}, "keyed", NAMES, "id")
    assert found[0]["id"] == key
    assert isinstance(found[0].get("id within"), ContradictedKey) == is_other


@pytest.mark.parametrize(
    ("array", "named_by", "names"),
    [
        (["time", "load"], "", ["time", "load"]),
        ([{"name": "time"}, {"name": "load"}], "name", ["time", "load"]),
        (["time", {"name": "load"}], "name", ["time", "load"]),
        ([{"name": "time"}], "", None),
        ([{"": "time"}], "", None),
        ([{"title": "time"}], "name", None),
        (["time", 7], "", None),
        (["time", "time"], "", None),
        ([], "", None),
        ("time", "", None),
    ],
)
def test_columns_have_names_where_each_is_a_text_of_its_own(
    array: object, named_by: str, names: list[str] | None
) -> None:
    assert named_columns(array, named_by) == names


@pytest.mark.parametrize(
    ("rows", "names", "said"),
    [
        ([["1", 5]], ["time", "load"], ""),
        ([["1", 5], ["2"]], ["time", "load"], "more or fewer cells"),
        ([["1", 5, 7]], ["time", "load"], "more or fewer cells"),
        ([["1", 5]], None, "does not name each column"),
        ([], None, ""),
        ([{"time": "1"}], None, ""),
        (None, None, ""),
    ],
)
def test_rows_are_read_by_names_that_are_as_many_as_their_cells(
    rows: object, names: list[str] | None, said: str
) -> None:
    found = misnamed_columns(rows, names)
    assert said in found
    assert bool(found) == bool(said)
