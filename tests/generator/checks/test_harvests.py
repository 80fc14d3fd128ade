"""Hints for harvests name what is there, and fit."""

import pytest

from ..support import Tree, base, codes_of, put

FULL: Tree = {
    "each": {"argument": "meterNo", "operation": "list_numbers", "field": "no"},
    "window": {"field": "day"},
    "key": ["slot"],
    "published": "PT48H",
    "corrected": "P5D",
    "history": "P2Y",
    "at": "9",
}
PERIOD: Tree = {"from": "day", "to": "until", "to_is": "included", "step": "P7D"}


def listing(**changes: str) -> Tree:
    return {
        "wire_name": "listNumbers", "en": "numbers", "kind": "read", "at": "3", "method": "GET",
        "address": {"text": "/numbers", "at": "3"}, "formats": ["json"],
        "reply": {
            "record": "Listed", "list": {"element": "numbers", "at": "5"},
            "fields": {
                "no": {"name": "number", "type": "text", "at": "6"},
                "since": {"name": "since", "type": "date", "format": "yyyymmdd", "at": "6"},
            },
        },
        **changes,
    }  # fmt: skip


def harvested(**changes: object) -> Tree:
    tree = put(base(), ("operations", "list_numbers"), listing())
    ours = ("operations", "list_readings")
    kinds = {
        "meterNo": {"type": "text"}, "day": {"type": "date", "format": "yyyymmdd"},
        "until": {"type": "date", "format": "yyyymmdd"}, "isNew": {"type": "boolean"},
        "later": {"type": "datetime", "format": "date-time", "pattern": "rfc3339"},
        "meters": {"type": "list", "of": "text"},
    }  # fmt: skip
    for wire, kind in kinds.items():
        field = {"name": f"asked_{wire.lower()}", **kind, "required": "O", "at": "4"}
        tree = put(tree, (*ours, "request", wire), field)
    slot = {"name": "slot", "type": "text", "at": "6"}
    tree = put(tree, (*ours, "reply", "fields", "slot"), slot)
    kept = {key: value for key, value in {**FULL, **changes}.items() if value is not None}
    return put(tree, (*ours, "harvest"), kept)


def test_hints_that_say_all_are_right() -> None:
    assert codes_of(harvested()) == []
    assert codes_of(harvested(window=PERIOD, history={"field": "since"})) == []
    assert codes_of(harvested(window={**PERIOD, "to": "later", "to_is": "excluded"})) == []
    assert codes_of(harvested(each={"argument": "meters"})) == []


def test_one_series_a_subject_needs_no_key() -> None:
    fields = ("operations", "list_readings", "reply", "fields")
    start = {"name": "starts_at", "type": "datetime", "pattern": "rfc3339", "at": "6"}
    tree = put(harvested(key=None), (*fields, "start"), start)
    tree = put(tree, (*fields, "energy", "instant"), {"start": "start", "step": "PT1H"})
    assert codes_of(tree) == []


def test_records_without_intervals_need_a_key() -> None:
    assert codes_of(harvested(key=None)) == ["missing-key"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"window": {"field": "week"}}, "unknown-field"),
        ({"window": {"field": "meterNo"}}, "wrong-field"),
        ({"window": {"field": "day", "step": "P7D"}}, "misplaced-key"),
        ({"window": {**PERIOD, "step": "P1M1D"}}, "malformed-value"),
        ({"window": {**PERIOD, "to": "later"}}, "wrong-field"),
        ({"each": {"argument": "isNew"}}, "wrong-field"),
        ({"window": {"from": "day", "to": "until"}}, "missing-key"),
        ({"each": {"argument": "nobody"}}, "unknown-field"),
        ({"each": {"argument": "day"}}, "wrong-field"),
        ({"each": {**FULL["each"], "operation": "list_none"}}, "unknown-operation"),
        ({"each": {**FULL["each"], "field": "name"}}, "unknown-field"),
        ({"each": {"argument": "meterNo", "operation": "list_numbers"}}, "missing-key"),
        ({"key": ["meter"]}, "unknown-field"),
        ({"published": "P1M"}, "malformed-value"),
        ({"corrected": "soon"}, "malformed-value"),
        ({"history": "PT5H"}, "malformed-value"),
        ({"history": {"field": "no"}}, "wrong-field"),
        ({"history": {"field": "start"}}, "unknown-field"),
        ({"each": {"argument": "meterNo"}, "history": {"field": "since"}}, "missing-key"),
    ],
)
def test_hints_by_which_no_harvest_could_go_on_are_reported(changes: Tree, code: str) -> None:
    assert codes_of(harvested(**changes)) == [code]


def test_subjects_are_listed_by_a_read() -> None:
    tree = put(harvested(), ("operations", "list_numbers"), listing(kind="write", method="POST"))
    assert codes_of(tree) == ["wrong-field"]
