"""What a reply says again is one value of the request, of its type, where a reply brings it."""

from typing import Any

import pytest

from gridwright.analysis.echoes import echoes_of

from ..support import Place, Tree, base, codes_of, put, understood, yaml_of

LIST = ("operations", "list_readings")
REQUEST, FIELDS = (*LIST, "request"), (*LIST, "reply", "fields")


def field(name: str, type: str = "text", **more: Any) -> Tree:
    return {"name": name, "type": type, "at": "4", **more}


def echoing(echoes: Any, type: str = "text", **more: Any) -> Tree:
    """Return the smallest spec, with one more field of its reply."""
    return put(base(), (*FIELDS, "who"), field("who", type, echoes=echoes, **more))


def with_(tree: Tree, *changes: tuple[Place, Tree]) -> Tree:
    for place, value in changes:
        tree = put(tree, place, value)
    return tree


def help_of(tree: Tree) -> str:
    [problem] = understood(yaml_of(tree))[1]
    return str(problem.help)


def paths_of(tree: Tree) -> list[tuple[str, str]]:
    interface, problems = understood(yaml_of(tree))
    assert interface is not None and not problems, problems
    return [
        (".".join(echo.wire), ".".join(field.name for field in echo.asked))
        for echo in echoes_of(interface, interface.operations[0])
    ]


@pytest.mark.parametrize("echoes", ["meterNo", ["meterNo"], "meter_number"])
def test_a_value_of_the_request_is_named_on_the_wire_or_in_python(echoes: Any) -> None:
    assert paths_of(echoing(echoes)) == [("who", "meter_number")]


def test_a_wire_name_comes_before_a_name_in_python() -> None:
    tree = put(echoing("meter_number"), (*REQUEST, "meter_number"), field("other"))
    assert paths_of(tree) == [("who", "other")]


def test_what_no_request_is_asked_is_unknown() -> None:
    assert codes_of(echoing("metreNo")) == ["unknown-field"]
    assert "did you mean 'meterNo'?" in help_of(echoing("meterN"))


def test_what_the_client_fills_is_not_asked() -> None:
    tree = put(echoing("sort"), (*REQUEST, "sort"), field("sort", value="A"))
    assert codes_of(tree) == ["unknown-field"]


@pytest.mark.parametrize("type", ["integer", "boolean", "decimal"])
def test_values_of_two_types_cannot_be_compared(type: str) -> None:
    assert codes_of(echoing("meterNo", type)) == ["wrong-field"]


def test_times_are_compared_in_one_pattern_only() -> None:
    day = ((*REQUEST, "day"), field("day", "date", format="yyyymmdd"))
    tree = with_(echoing("day", "date", format="yyyymmdd"), day)
    assert paths_of(tree) == [("who", "day")]
    tree = with_(echoing("day", "date", format="yyyy-MM-dd"), day)
    assert codes_of(tree) == ["wrong-field"]


def test_a_request_says_nothing_again() -> None:
    assert codes_of(put(base(), (*REQUEST, "meterNo", "echoes"), "day")) == ["misplaced-key"]


def test_what_stands_beside_the_payload_is_not_compared() -> None:
    envelope = {
        "header": {"element": "head", "at": "5", "fields": {
            "code": field("code", echoes="meterNo"),
        }},
        "success": {"code": ["0"]}, "code": "code", "message": "code", "at": "5",
    }  # fmt: skip
    tree = with_(base(), (("envelopes",), {"head": envelope}), ((*LIST, "envelope"), "head"))
    assert codes_of(tree) == ["misplaced-key"]


def test_a_record_that_no_reply_brings_is_not_compared() -> None:
    asked = {"en": "x", "at": "4", "fields": {"n": field("n", echoes="meterNo")}}
    tree = with_(
        base(),
        (("records",), {"Asked": asked}),
        ((*LIST, "body"), {"of": "Asked", "at": "4"}),
        ((*LIST, "method"), "POST"),
        ((*LIST, "request_media"), "json"),
    )
    assert codes_of(tree) == ["misplaced-key"]


def test_of_two_alike_the_path_is_asked_for_and_the_outermost_comes_first() -> None:
    inner = {"en": "i", "at": "4", "fields": {"id": field("inner_id", required="O")}}
    asked = {"en": "a", "at": "4", "fields": {
        "one": field("one", "record", of="Inner", required="O"),
        "two": field("two", "list", of="Inner", required="O"),
    }}  # fmt: skip
    tree = with_(
        echoing("id"),
        (("records",), {"Inner": inner, "Asked": asked}),
        ((*LIST, "body"), {"of": "Asked", "at": "4"}),
        ((*LIST, "method"), "POST"),
        ((*LIST, "request_media"), "json"),
    )
    assert codes_of(tree) == ["wrong-field"]
    assert help_of(tree) == "write the path, such as `echoes: [one, id]`"
    assert paths_of(put(tree, (*FIELDS, "who", "echoes"), ["two", "id"])) == [
        ("who", "two.inner_id")
    ]
    outer = put(tree, ("records", "Asked", "fields", "id"), field("asked_id", required="O"))
    assert paths_of(outer) == [("who", "asked_id")]


def test_more_places_than_can_be_compared_are_refused_before_they_are_listed() -> None:
    records: Tree = {"R0": {"en": "r", "at": "4", "fields": {"id": field("id", echoes="meterNo")}}}
    for depth in range(1, 24):
        below = {side: field(side, "record", of=f"R{depth - 1}") for side in ("left", "right")}
        records[f"R{depth}"] = {"en": "r", "at": "4", "fields": below}
    tree = with_(
        base(),
        (("records",), records),
        ((*FIELDS, "deep"), field("deep", "record", of="R23")),
    )
    assert codes_of(tree) == ["wrong-field"]
