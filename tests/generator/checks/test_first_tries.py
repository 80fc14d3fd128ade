"""What a newcomer writes and is refused, is refused once, with what to write instead."""

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
