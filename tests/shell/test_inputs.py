"""What is typed or stands in a file says one thing, or is refused before anything is sent."""

from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.shell.inputs import read_json, read_structure, read_structures
from gridwright_runtime.shell.usage_error import UsageError


@pytest.mark.parametrize(
    "text",
    [
        '{"amount": 1, "amount": 2}',
        '[{"part": {"amount": 1, "amount": 1}}]',
        '{"amount": 1}\n{"amount": 1, "amount": 2}',
        "amount: 1\namount: 2",
        "- part:\n    amount: 1\n    amount: 2",
        "{amount: 1, amount: 2}",
    ],
)
def test_a_name_that_stands_twice_in_an_object_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--body: has 'amount' twice"):
        read_structures(text, "--body")


def test_a_name_that_stands_twice_in_any_value_is_refused() -> None:
    with pytest.raises(UsageError, match="--any: has 'a' twice"):
        read_json('{"a": 1, "a": 2}', "--any")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("note: null", {"note": None}),
        ("note: ~", {"note": None}),
        ("note:", {"note": None}),
        ("[a, ~, b]", ["a", None, "b"]),
        ("note: 'null'", {"note": "null"}),
        ('note: ""', {"note": ""}),
        ("note: nullable", {"note": "nullable"}),
        ("null: 1", {"null": "1"}),
        ("number: 007", {"number": "007"}),
        ('{"note": null, "amount": 1.50}', {"note": None, "amount": Decimal("1.50")}),
    ],
)
def test_what_stands_for_nothing_in_yaml_is_no_text(text: str, found: Any) -> None:
    assert read_structure(text, "--body") == found


@pytest.mark.parametrize("text", ["? [a, b]\n: 1", "&a [*a]", "a: [", "{a: 1}: 2"])
def test_yaml_that_no_record_can_be_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--body: is neither JSON nor YAML"):
        read_structure(text, "--body")
