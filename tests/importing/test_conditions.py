"""What a file says of properties that are given with others becomes rules across fields."""

from pathlib import Path
from typing import Any

import pytest

from .test_places import TEXT, api, imported, json_of, record, replying, said, spec_of


def drafted(tmp_path: Path, body: Any, **operation: Any) -> Any:
    content = {"required": True, "content": json_of(body)}
    return imported(tmp_path, api({"method": "post", "requestBody": content, **operation}))


def rules_of(found: Any) -> list[tuple[str, list[str]]]:
    assert not found.problems
    rules = spec_of(found)["operations"]["find_it"].get("rules", [])
    return [(rule["kind"], rule["fields"]) for rule in rules]


BOTH = record(a=TEXT, b=TEXT, c=TEXT)


@pytest.mark.parametrize(
    ("said_of_it", "rules"),
    [
        ({"dependentRequired": {"a": ["b", "c"]}}, [("needs", ["a", "b", "c"])]),
        ({"dependencies": {"a": ["b"]}}, [("needs", ["a", "b"])]),
        ({"dependentRequired": {"b": ["a"], "a": ["b"]}}, [("together", ["a", "b"])]),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, [("exactly_one", ["a", "b"])]),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, [("one_of", ["a", "b"])]),
    ],
)
def test_a_condition_of_a_body_is_a_rule(
    tmp_path: Path, said_of_it: Any, rules: list[tuple[str, list[str]]]
) -> None:
    found = drafted(tmp_path, BOTH | said_of_it)
    assert rules_of(found) == rules
    assert "dependent" not in said(found) and "several properties" not in said(found)


def test_a_condition_below_a_body_is_a_rule_of_its_path(tmp_path: Path) -> None:
    row = BOTH | {"dependentRequired": {"a": ["b"]}}
    found = drafted(tmp_path, record(rows={"type": "array", "items": row}))
    assert rules_of(found) == [("needs", ["rows.a", "rows.b"])]


def test_conditions_of_all_parts_hold(tmp_path: Path) -> None:
    parts = [BOTH | {"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"c": ["a"]}}]
    found = drafted(tmp_path, {"allOf": parts})
    assert sorted(rules_of(found)) == [("needs", ["a", "b"]), ("needs", ["c", "a"])]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (record(**{"a.b": TEXT, "c": TEXT}) | {"dependentRequired": {"c": ["a.b"]}}, "needs of"),
        (BOTH | {"dependentRequired": {"a": ["missing"]}}, "needs of several properties"),
        (BOTH | {"oneOf": [{"required": ["a", "b"]}, {"required": ["c"]}]}, "oneOf"),
        (BOTH | {"dependencies": {"a": {"required": ["b"]}}}, "dependencies"),
    ],
)
def test_what_no_rule_can_say_is_listed(tmp_path: Path, body: Any, left: str) -> None:
    found = drafted(tmp_path, body)
    assert rules_of(found) == []
    assert left in said(found)


def test_a_condition_of_a_reply_is_listed(tmp_path: Path) -> None:
    found = imported(tmp_path, api(replying(BOTH | {"dependentRequired": {"a": ["b"]}})))
    assert rules_of(found) == []
    assert "needs of several properties" in said(found)
