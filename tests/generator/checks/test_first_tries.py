"""What a newcomer writes and is refused, is refused once, with what to write instead."""

import pytest

from ..support import Tree, base, put, understood, yaml_of

OPERATION = ("operations", "list_readings")
ROWS = {
    name: {"name": name, "type": "integer", "at": "4"} for name in ("firstRow", "page_size")
} | {
    "firstRow": {"name": "first_row", "type": "integer", "at": "4"},
    "lastRow": {"name": "last_row", "type": "integer", "at": "4"},
}  # fmt: skip


def told(tree: Tree) -> list[tuple[str, str, str]]:
    _, problems = understood(yaml_of(tree))
    return [(one.code, one.message, one.help) for one in problems]


def asked(tree: Tree, **fields: Tree) -> Tree:
    known = base()["operations"]["list_readings"]["request"]
    return put(tree, (*OPERATION, "request"), {**known, **fields})


def test_a_limit_without_its_operations_is_told_which_have_its_arguments() -> None:
    limit = {
        "kind": "period", "from": "from", "to": "to", "at_most": "P31D", "en": "x", "at": "9",
    }  # fmt: skip
    day = {"type": "date", "format": "yyyymmdd", "required": "O", "at": "4"}
    tree = asked(base(), **{"from": {**day, "name": "first"}, "to": {**day, "name": "last"}})
    (one,) = told(put(tree, ("limits", "span"), limit))
    assert one[0] == "missing-key"
    assert one[2] == "add `operations: [list_readings]`"
    listed = put(tree, ("limits", "span"), {**limit, "operations": ["list_readings"]})
    assert told(listed) == []


def test_names_of_walks_are_free_where_nothing_is_walked() -> None:
    tree = asked(base(), **ROWS)
    assert told(tree) == []
    paging = {
        "begin": "firstRow", "end": "lastRow", "key": "energy", "name": "iter_readings", "at": "4",
    }  # fmt: skip
    (one,) = told(put(tree, (*OPERATION, "paging"), paging))
    assert one[0] == "reserved-name"
    assert "iter_readings() has an argument of this name, how many rows" in one[1]
    assert one[2] == "name the field otherwise, such as `name: wire_page_size`"


def test_a_length_that_cannot_be_read_is_reported_once() -> None:
    day = {"type": "date", "format": "yyyymmdd", "required": "O", "at": "4"}
    tree = asked(base(), **{"from": {**day, "name": "from_day"}, "to": {**day, "name": "to_day"}})
    rule = {"kind": "longest_period", "fields": ["from", "to"], "at_most": "a year", "en": "x"}
    found = told(put(tree, (*OPERATION, "rules"), [{**rule, "at": "9"}]))
    assert [code for code, _, _ in found] == ["malformed-value"]


def test_a_date_without_a_format_is_told_which_to_add() -> None:
    (one,) = told(asked(base(), day={"name": "day", "type": "date", "required": "O", "at": "4"}))
    assert one == (
        "unknown-format",
        "'day' is a date without a format",
        "add `format:`, such as yyyy-MM-dd",
    )


def test_a_date_whose_pattern_has_no_day_is_told_how_days_are_written() -> None:
    day = {"name": "day", "type": "date", "format": "YYYY-MM-TT", "required": "O", "at": "4"}
    found = {code: help_ for code, _, help_ in told(asked(base(), day=day))}
    assert found["format-does-not-fit"].startswith("a day is written dd")
    assert "such as yyyy-MM-dd" in found["format-does-not-fit"]


def test_the_singular_of_a_key_is_told_its_plural() -> None:
    (one,) = told(put(base(), ("limit",), {"a": {"kind": "rate"}}))
    assert (one[0], one[2]) == ("unknown-key", "did you mean 'limits'?")


def test_a_status_with_a_letter_is_no_status() -> None:
    status = {"error": "rejected", "en": "no", "at": "9"}
    (one,) = told(put(base(), ("statuses",), {"4o4": status}))
    assert one[:2] == ("malformed-key", "'4o4' is no HTTP status")
    assert one[2].startswith("write three digits, such as 404")


def test_hours_that_are_not_of_each_week_are_told_where_to_go() -> None:
    limit = {"kind": "closed_hours", "weekly": "first sunday 02:00-04:00", "en": "x", "at": "9"}
    (one,) = told(put(base(), ("limits", "night"), limit))
    assert one[0] == "malformed-value"
    assert "document.facts" in one[2]


@pytest.mark.parametrize("of", ["code", "date", "boolean"])
def test_items_of_a_type_that_no_item_has_are_told_what_they_may_be(of: str) -> None:
    kinds = {"name": "kinds", "type": "list", "of": of, "required": "O", "at": "4"}
    (one,) = told(asked(base(), kinds=kinds))
    assert one[0] == "unknown-record"
    assert one[2].startswith("write `of: text`")
    assert ("`matches:`" in one[2]) is (of == "code")


def test_a_record_of_the_request_is_not_proposed_in_place_of_itself() -> None:
    kinds = {"name": "kinds", "type": "list", "of": "code", "required": "O", "at": "4"}
    tree = put(asked(base(), kinds=kinds), (*OPERATION, "reply", "fields", "kind"), {
        "name": "kind", "type": "text", "echoes": "kinds", "at": "6",
    })  # fmt: skip
    _, second = told(tree)
    assert second[1] == "'kind' echoes 'kinds', which is no single value of a request"
    assert second[2] == "remove `echoes:`"


@pytest.mark.parametrize(("pattern", "is_number"), [("H", True), ("HH:mm", False), ("HH", False)])
def test_an_hour_that_json_has_as_a_number_is_written_without_zeros(
    pattern: str, is_number: bool
) -> None:
    keys = {"name": "hour", "type": "time", "pattern": pattern, "json": "number", "at": "6"}
    found = told(put(base(), (*OPERATION, "reply", "fields", "hour"), keys))
    assert [code for code, _, _ in found] == ([] if is_number else ["json-kind-does-not-fit"])
    assert all("is written `H`" in help for _, _, help in found)
