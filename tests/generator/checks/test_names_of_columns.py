"""The names of columns stand beside a list of rows, and beside nothing else in their place."""

from typing import Any

import pytest

from ..support import Tree, base, codes_of, put

OPERATION = ("operations", "list_readings")
ROWS = {"element": "rows", "layout": "arrays", "names": "columns", "at": "5"}


def listed(listed: Any, **reply: Any) -> Tree:
    """Return a spec whose list has these keys, and its reply these others."""
    fields = {"day": {"name": "day", "type": "text", "at": "6"}}
    whole = {"record": "Row", "list": listed, "fields": fields, **reply}
    return put(base(), (*OPERATION, "reply"), whole)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"named_by": "name"}, []),
        ({"layout": "columns"}, ["misplaced-key"]),
        ({"element": "."}, ["misplaced-key"]),
        ({"names": "rows"}, ["wire-collision"]),
        ({"named_by": " "}, ["empty-wire-name"]),
    ],
)
def test_names_of_columns_stand_beside_rows(change: Tree, codes: list[str]) -> None:
    assert codes_of(listed({**ROWS, **change})) == codes


def test_a_field_that_names_columns_belongs_to_an_array_of_them() -> None:
    keys = {"element": "rows", "layout": "arrays", "named_by": "name", "at": "5"}
    assert codes_of(listed(keys)) == ["misplaced-key"]


def test_a_value_beside_the_list_is_not_where_names_of_columns_are() -> None:
    beside = {"columns": {"name": "columns", "en": "columns", "type": "text", "at": "5"}}
    assert codes_of(listed(ROWS, beside=beside)) == ["wire-collision"]
    inside = {"columns": {**beside["columns"], "under": "other"}}
    assert codes_of(listed(ROWS, beside=inside)) == []
