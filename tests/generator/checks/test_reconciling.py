"""What a write has sent can be searched for."""

import pytest

from ..support import Tree, at, bodies, codes_of, codes_with, put, understood, without, yaml_of

SAVE = ("operations", "save_readings")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("search", "find_readings", "unknown-operation"),
        ("search", "save_readings", "wrong-field"),
        ("search", "list_points", "wrong-field"),
        ("by", ["energy"], "unknown-field"),
        ("by", ["begin"], "unknown-field"),
        ("standing", {"state": ["ACTIVE"]}, "unknown-field"),
    ],
)
def test_what_was_sent_can_be_searched_for(key: str, value: Tree, code: str) -> None:
    assert codes_with((*SAVE, "reconcile", key), value) == [code]


def test_a_helper_says_by_which_fields_it_searches() -> None:
    assert codes_of(without(bodies(), (*SAVE, "reconcile", "by"))) == ["wrong-field"]


@pytest.mark.parametrize(("type_", "codes"), [("text", ["wrong-field"]), ("integer", [])])
@pytest.mark.parametrize("is_within", [True, False])
def test_what_is_stored_can_be_what_was_sent(type_: str, codes: list[str], is_within: bool) -> None:
    fields = ("records", "StoredReading", "fields")
    tree = put(bodies(), (*fields, "meterId", "type"), "integer" if is_within else type_)
    parts = {"name": "parts", "en": "x", "type": "list", "required": "optional", "at": "20"}
    for record, kind in (("NewReading", "integer"), ("StoredReading", type_)):
        part = {"name": "part", "en": "x", "type": kind, "required": "optional", "at": "20"}
        inner = {"en": "part", "at": "20", "fields": {"part": part}}
        tree = put(tree, ("records", f"{record}Part"), inner)
        if is_within:
            field = {**parts, "of": f"{record}Part"}
            tree = put(tree, ("records", record, "fields", "parts"), field)
    if not is_within:
        tree = without(
            without(tree, ("records", "NewReadingPart")), ("records", "StoredReadingPart")
        )
    assert codes_of(tree) == codes


def test_without_a_helper_the_pages_alone_tell_how_to_search() -> None:
    tree = put(bodies(), (*SAVE, "reconcile"), {"search": "search_readings", "en": "x", "at": "32"})
    assert codes_of(tree) == []


@pytest.mark.parametrize("record", ["Criteria", "Range"])
def test_what_a_search_needs_is_filled_by_what_is_known(record: str) -> None:
    more = {"name": "more", "en": "x", "type": "integer", "required": "required", "at": "19"}
    place = ("records", record, "fields", "more")
    assert codes_with(place, more) == ["wrong-field"]
    assert codes_with(place, {**more, "required": "optional"}) == []


def test_what_the_criteria_need_and_nothing_fills_is_added_to_by() -> None:
    more = {"name": "more", "en": "x", "type": "integer", "required": "required", "at": "19"}
    _, problems = understood(
        yaml_of(put(bodies(), ("records", "Criteria", "fields", "more"), more))
    )
    assert [(one.message, one.help) for one in problems] == [
        (
            "the criteria need 'more', which `by:` does not name",
            "add more to `by:`, where what is sent has it",
        )
    ]


def test_criteria_stand_alone_beside_the_range() -> None:
    record = ("records", "SearchBody", "fields")
    tree = put(bodies(), (*record, "more"), at(bodies(), (*record, "criteria")))
    tree = put(tree, (*record, "more", "name"), "more")
    assert codes_of(tree) == ["wrong-field"]
