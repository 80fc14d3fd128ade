"""What goes together and what does not: the table of laws is all that refuses a pair of forms."""

import pytest

from ..support import (
    Tree,
    at,
    base,
    bodies,
    codes_of,
    put,
    services,
    soap,
    with_parameter,
    with_reply_field,
    without,
)

OPERATION = ("operations", "list_readings")
APPLY = ("operations", "apply")
ASK = ("operations", "get_status")
SAVE, SEARCH = ("operations", "save_readings"), ("operations", "search_readings")


def of_base(**keys: Tree) -> Tree:
    tree = base()
    for key, value in keys.items():
        tree = put(tree, (*OPERATION, key), value)
    return tree


RECORD = {"en": "r", "at": "7", "fields": {"a": {"name": "a", "type": "text", "at": "7"}}}
FILE = {"name": "drawing", "type": "binary", "at": "7"}


def with_body(fields: Tree, media: str) -> Tree:
    tree = of_base(method="POST", request_media=media, body={"of": "Sent", "at": "7"})
    return put(
        tree, ("records",), {"Sent": {"en": "s", "at": "7", "fields": fields}, "Inner": RECORD}
    )


TEXT = {"a": {"name": "a", "type": "text", "at": "7"}}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_every_method_goes_with_values_outside_of_a_body(method: str) -> None:
    assert codes_of(of_base(method=method)) == []


@pytest.mark.parametrize("place", ["query", "header", "cookie"])
def test_every_place_outside_of_a_body_goes_with_a_list(place: str) -> None:
    assert codes_of(with_parameter("x", **{"in": place})) == []


@pytest.mark.parametrize("media", ["json", "form", "multipart_form"])
def test_a_list_comes_back_to_a_body_of_any_encoding(media: str) -> None:
    assert codes_of(with_body(TEXT, media)) == []


@pytest.mark.parametrize("kind", ["boolean", "text", "integer", "decimal"])
def test_plain_types_stand_in_requests_and_replies(kind: str) -> None:
    assert codes_of(with_parameter("x", type=kind)) == []
    assert codes_of(with_reply_field("x", type=kind)) == []


@pytest.mark.parametrize("kind", ["record", "list"])
def test_records_stand_inside_of_the_records_of_a_list(kind: str) -> None:
    tree = put(with_reply_field("x", type=kind, of="Inner"), ("records",), {"Inner": RECORD})
    assert codes_of(tree) == []


def test_a_record_stands_beside_a_list_in_one_system() -> None:
    alone = without(base(), (*OPERATION, "reply", "list"))
    assert codes_of(alone) == []
    both = put(base(), ("operations", "one_more"), at(alone, OPERATION))
    both = put(both, ("operations", "one_more", "reply", "record"), "Other")
    both = put(both, ("operations", "one_more", "address", "text"), "/others")
    assert codes_of(both) == []


def test_a_limit_a_status_and_an_open_record_stand_in_every_system() -> None:
    limit = {"kind": "rate", "requests": "1", "per": "PT1S", "en": "x", "at": "9"}
    status = {"404": {"error": "wrong_address", "en": "x", "at": "9"}}
    for tree in (base(), bodies(), services(), soap()):
        assert codes_of(put(tree, ("limits", "pace"), limit)) == []
        assert codes_of(put(tree, ("statuses",), status)) == []
        opened = put(tree, ("records", "Opened"), {"open": "yes", "en": "x", "at": "9"})
        assert codes_of(opened) == []


def test_a_key_in_a_header_needs_no_login() -> None:
    credential = {"en": "key", "secret": "yes", "environment": "DEMO_KEY", "at": "2"}
    tree = put(base(), ("credentials", "key"), credential)
    carried = {"Authorization": {"in": "header", "value": "Bearer {credential.key}", "at": "9"}}
    assert codes_of(put(tree, ("auth",), {"present": carried})) == []


def test_bodies_need_no_login() -> None:
    tree = without(without(bodies(), ("auth",)), ("credentials",))
    for operation in ("save_readings", "search_readings"):
        tree = without(tree, ("operations", operation, "request"))  # the ticket that it carries
    assert codes_of(tree) == []


def test_two_selectors_of_the_format_travel_in_two_places() -> None:
    tree = base()
    for wire, place in (("a", "query"), ("b", "header")):
        selector = {
            "name": wire, "type": "text", "selects": "format", "values": {"1": "json"},
            "in": place, "at": "4",
        }  # fmt: skip
        tree = put(tree, (*OPERATION, "request", wire), selector)
    assert codes_of(tree) == []


def test_one_wire_name_stands_in_two_places_of_a_request() -> None:
    tree = with_parameter("meterNo2", **{"in": "header"})
    other = {"name": "meter_in_header", "type": "text", "in": "header", "at": "4"}
    request = {**at(tree, OPERATION)["request"]}
    tree = put(base(), (*OPERATION, "request", "id"), {**other, "name": "a", "in": "query"})
    assert codes_of(tree) == []
    assert request
    assert codes_of(put(tree, (*OPERATION, "address", "text"), "https://api.example.com/{id}")) == [
        "path-without-parameter"
    ]


def test_a_record_does_not_hold_itself() -> None:
    inner = {"name": "inner", "type": "list", "of": "Inner", "at": "7"}
    record = {**RECORD, "fields": {**RECORD["fields"], "inner": inner}}  # type: ignore[dict-item]
    tree = put(with_reply_field("x", type="record", of="Inner"), ("records",), {"Inner": record})
    assert codes_of(tree) == ["record-in-itself"]


def test_a_list_at_the_root_a_value_and_nothing_are_replies() -> None:
    assert codes_of(put(base(), (*OPERATION, "reply", "list", "element"), ".")) == []
    value = {"value": {"name": "is_alive", "type": "boolean", "at": "5"}}
    assert codes_of(of_base(reply=value)) == []
    assert codes_of(without(of_base(formats=["none"]), (*OPERATION, "reply"))) == []


def test_nothing_has_no_parts() -> None:
    assert "misplaced-key" in codes_of(of_base(formats=["none"]))


def test_a_record_does_not_hold_itself_within_another() -> None:
    record = ("records", "NewReading", "fields")
    inner = {"name": "inner", "type": "list", "of": "SaveBody", "required": "optional", "at": "14"}
    assert "record-in-itself" in codes_of(put(bodies(), (*record, "inner"), inner))
