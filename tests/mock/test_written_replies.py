"""What a world says becomes JSON and XML as a service would write it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec import field

from gridwright_runtime.interface import ReplySpec
from gridwright_runtime.mock.texts.wire_text import json_text, xml_text
from gridwright_runtime.record import Record

from .support import UNHEARD, FixedWorld, anything, http, make, one


class Inner(Record, frozen=True, kw_only=True):
    number: str = field(name="no")
    floor: str = field(name="kai")


class Outer(Record, frozen=True, kw_only=True):
    status: str = field(name="status")
    weight_kg: Decimal | None = field(name="wgt", default=None)
    is_new: bool | None = field(name="new", default=None)
    note: str | None = field(name="note", default=None)
    rows: list[Inner] | None = field(name="rows", default=None)


OPERATION = one(
    reply=ReplySpec(
        model=Outer, shape="record", formats={"json": (), "xml": ()}, root="reply", check=anything
    )
)


def answered(payload: Mapping[str, object], form: str = "json") -> str:
    app = make(UNHEARD, [OPERATION], world=FixedWorld({"status": "0", **payload}))
    with http(app) as client:
        return client.get("/one", headers={"accept": f"application/{form}"}).text


def xml_of(**payload: object) -> ElementTree.Element:
    return ElementTree.fromstring(answered(payload, "xml"))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("85.0000", "85.0000"),
        ("0.0911", "0.0911"),
        ("-12.50", "-12.50"),
        ("1E+3", "1000"),
        ("1234567890.1234", "1234567890.1234"),
        ("1E-7", "0.0000001"),
    ],
)
def test_numbers_keep_their_digits_and_never_have_an_exponent(number: str, written: str) -> None:
    assert f'"wgt":{written}' in answered({"weight_kg": Decimal(number)})
    assert xml_of(weight_kg=Decimal(number)).findtext("wgt") == written


def test_what_is_none_is_null_and_an_empty_element_and_what_is_not_said_is_absent() -> None:
    assert answered({"note": None}) == '{"status":"0","note":null}'
    assert "<note/>" in answered({"note": None}, "xml")
    assert "wgt" not in answered({})


def test_xml_escapes_its_own_characters() -> None:
    text = "<a href=\"x\">&amp; 'y'\r\n\t]]></a>"
    assert xml_of(note=text).findtext("note") == text


@pytest.mark.parametrize("forbidden", ["\0", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_xml_loses_characters_that_it_forbids(forbidden: str) -> None:
    assert xml_of(note=f"a{forbidden}b").findtext("note") == "ab"
    assert "<note/>" in answered({"note": forbidden}, "xml")


def test_json_keeps_a_nul() -> None:
    assert '"note":"a\\u0000"' in answered({"note": "a\0"})


def test_true_and_false_are_written_as_each_format_has_them() -> None:
    assert '"new":true' in answered({"is_new": True})
    assert xml_of(is_new=False).findtext("new") == "false"


def test_xml_begins_with_a_well_formed_declaration() -> None:
    assert answered({}, "xml").startswith('<?xml version="1.0" encoding="UTF-8"?><reply>')


def test_what_is_required_and_not_said_is_invented_also_inside_of_lists() -> None:
    payload: dict[str, Any] = {"rows": [{"number": "M1"}, {"number": "M2", "floor": "2F"}]}
    first = answered(payload)
    assert '"no":"M1","kai":"floor ' in first
    assert '{"no":"M2","kai":"2F"}' in first
    assert answered(payload) == first
    assert payload["rows"][0] == {"number": "M1"}


def test_numbers_of_any_length_are_written() -> None:
    assert json_text({"a": 10**40}) == '{"a":1' + "0" * 40 + "}"
    assert xml_text("a", 10**40) == "<a>1" + "0" * 40 + "</a>"
