"""Replies that say again what was asked, and those that are about somebody else."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from gridwright_runtime.decodings.echoes import Answers, other_than_asked, requested_values
from gridwright_runtime.decodings.reader import Circumstances
from gridwright_runtime.interface import Echo, Format, Operation

from .support import (
    FORMATS,
    LIST,
    METER,
    PAGE,
    STATUS,
    Number,
    Page,
    Range,
    Row,
    envelope,
    listed,
    operation,
    page,
    read,
    reading,
    refused,
    rules,
    to_json,
    to_xml,
)

formats = pytest.mark.parametrize("format", FORMATS)


def echoing(called: Operation[Any], *wires: tuple[str, ...]) -> Operation[Any]:
    """Return an operation whose reply says again what stands at these places."""
    echoes = tuple(Echo(wire=wire, asked=()) for wire in wires)
    reply = msgspec.structs.replace(called.reply, echoes=echoes)
    return msgspec.structs.replace(called, reply=reply)


def asked(*values: Sequence[object]) -> Circumstances:
    return Circumstances(asked=[frozenset(one) for one in values])


@formats
def test_a_record_about_somebody_else_is_a_deviation_and_strict_refuses_it(format: Format) -> None:
    called = echoing(PAGE, ("rows", "id"), ("title",))
    about = asked([7], ["A"])
    tree: dict[str, Any] = {"rows": [{"id": 7}, {"id": 8}, {"kwh": 1}], "title": "A"}
    result = read(called, page(tree, format), format, circumstances=about)
    assert rules(result) == ["body.rows[1].row_id other-than-asked"]
    tree = {"rows": [{"id": 7}], "title": "B"}
    outcome = refused(called, page(tree, format), format, circumstances=about, strict=True)
    assert "body.title: other-than-asked" in str(outcome.error)


@formats
def test_one_of_several_that_were_asked_for_is_right(format: Format) -> None:
    called = echoing(PAGE, ("rows", "id"))
    tree = {"rows": [{"id": 7}, {"id": 8}, {"id": 9}]}
    result = read(called, page(tree, format), format, circumstances=asked([9, 7]))
    assert rules(result) == ["body.rows[1].row_id other-than-asked"]


@formats
def test_what_nobody_asked_and_what_is_missing_is_compared_with_nothing(format: Format) -> None:
    called = echoing(PAGE, ("rows", "id"), ("title",))
    tree = {"rows": [{"id": 7}], "title": None}
    assert read(called, page(tree, format), format, circumstances=asked([], ["A"])).deviations == ()
    assert read(called, page(tree, format), format).deviations == ()


@formats
def test_records_of_a_list_are_counted_as_the_reply_has_them(format: Format) -> None:
    called = echoing(LIST, ("mtr",))
    body = listed([reading(), reading(mtr="9000000002")], format)
    result = read(called, body, format, circumstances=asked([METER]))
    assert rules(result) == ["records[1].meter_number other-than-asked"]


def test_a_number_in_place_of_a_text_may_lack_its_zeros_and_a_text_may_not() -> None:
    called = echoing(PAGE, ("title",))
    found = read(called, page({"title": 123}), circumstances=asked(["0123"]))
    assert "body.title other-than-asked" not in rules(found)
    found = read(called, page({"title": "123"}), circumstances=asked(["0123"]))
    assert rules(found) == ["body.title other-than-asked"]


@pytest.mark.parametrize("title", ["  ", "", {"id": 7}])
def test_what_holds_no_value_of_the_field_is_not_said_to_be_another(title: object) -> None:
    called = echoing(PAGE, ("title",), ("title", "id"), ("rows", "id"))
    tree = {"body": {"title": title, "rows": [{"id": "seven"}, "INVENTED"]}}
    answers = Answers([{"A"}, {8}, {7}])
    found = [one.path for one in other_than_asked(called, tree, "json", answers)]
    assert found == []


@formats
def test_a_value_under_another_known_name_is_compared_too(format: Format) -> None:
    called = echoing(LIST, ("mtr",))
    row = {wire: value for wire, value in reading().items() if wire != "mtr"}
    body = listed([{**row, "meterNo": METER}, {**row, "meterNo": "9000000002"}, row], format)
    result = read(called, body, format, circumstances=asked([METER]))
    assert [one for one in rules(result) if "asked" in one] == [
        "records[1].meter_number other-than-asked"
    ]


def test_what_is_no_record_of_a_list_is_compared_with_nothing() -> None:
    called = echoing(operation(model=Row, payload=("list",)), ("id",))
    tree = {"list": ["INVENTED", {"id": 8}]}
    (found,) = other_than_asked(called, tree, "json", Answers([{7}]))
    assert found.path == "records[0].row_id"
    tree = {"list": [{"code": "0", "msg": "OK"}, reading(mtr="9000000002")]}
    (found,) = other_than_asked(echoing(LIST, ("mtr",)), tree, "json", Answers([{METER}]))
    assert found.path == "records[0].meter_number"


def not_answered(count: int, *, is_read: bool = True) -> list[str]:
    """Return what a list says that has no item about so many that were asked for."""
    reply = msgspec.structs.replace(PAGE.reply, echoes=(Echo(("rows",), ("rows",), each=True),))
    answers = Answers([set(range(100, 100 + count))])
    answers.is_read = is_read
    return [one.message for one in answers.not_answered(reply)]


def test_of_what_has_no_answer_twenty_are_named_and_the_others_counted() -> None:
    (twenty,), (more,) = not_answered(20), not_answered(21)
    assert twenty.startswith("20 of 20 that were asked for have no answer: 100, 101, ")
    assert twenty.endswith(", 118, 119")
    assert more.startswith("21 of 21 that were asked for have no answer: 100, 101, ")
    assert more.endswith(", 118, 119 and 1 others")


def test_nothing_is_said_to_have_no_answer_where_no_message_was_read() -> None:
    assert not_answered(1, is_read=False) == []


def test_a_soap_envelope_is_looked_into() -> None:
    called = echoing(PAGE, ("title",))
    sent = envelope(to_xml({"code": "0", "type": "OK", "msg": "OK", "body": {"title": "B"}}))
    assert "body.title other-than-asked" in rules(
        read(called, sent, "xml", circumstances=asked(["A"]))
    )


@pytest.mark.parametrize("payload", [(), ("value",)])
@formats
def test_a_single_value_is_compared_too(format: Format, payload: tuple[str, ...]) -> None:
    called = echoing(operation(shape="value", model=Number, payload=payload), (".",))
    if format == "json":
        body = to_json({"value": 8} if payload else 8)
    else:
        body = to_xml({"value": "8"}) if payload else b"<Answer>8</Answer>"
    found = read(called, body, format, circumstances=asked([7]))
    assert rules(found) == [f"{'.'.join(payload)} other-than-asked"]
    assert read(called, body, format, circumstances=asked([8])).deviations == ()


def test_a_form_of_the_record_has_its_own_fields() -> None:
    called = echoing(STATUS, ("meter",))
    found = read(called, to_json({"kind": "01", "meter": "M2"}), circumstances=asked(["M1"]))
    assert rules(found) == ["meter other-than-asked"]
    found = read(called, to_json({"kind": "09"}), circumstances=asked(["M1"]))
    assert "other-than-asked" not in str(rules(found))


def test_what_is_asked_is_looked_up_in_the_arguments_through_lists_and_records() -> None:
    arguments = Page(range=Range(begin=1), rows=[Row(row_id=7), Row()], numbers=[3, 4], title=" A ")
    ways = (("rows", "row_id"), ("numbers",), ("title",), ("range", "begin"), ("range", "end"))
    reply = msgspec.structs.replace(PAGE.reply, echoes=tuple(Echo((), way) for way in ways))
    assert requested_values(reply, arguments) == ({7}, {3, 4}, {"A"}, {1}, set())
    assert requested_values(reply, Page())[0] == set()


def test_what_was_asked_is_in_no_repr() -> None:
    assert "INVENTED" not in repr(asked(["INVENTED"]))
