"""Records become JSON and XML as a service would write them."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.encoding import Codec, plain
from gridwright_runtime.mock.world import Refusal

from .tiny_api import BOLT, FIND_THINGS

CODEC = Codec(FIND_THINGS)


def xml_of(**changes: object) -> ElementTree.Element:
    payload = CODEC.payload("xml", CODEC.records([{**BOLT, **changes}]))
    return ElementTree.fromstring(CODEC.body("xml", payload, "now"))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("85.0000", "85"),
        ("31.50", "31.5"),
        ("0.0911", "0.0911"),
        ("0.0000", "0"),
        ("-0", "0"),
        ("-12.50", "-12.5"),
        ("1200", "1200"),
        ("1E+3", "1000"),
        ("1234567890.1234", "1234567890.1234"),
        ("0.0001", "0.0001"),
    ],
)
def test_numbers_lose_trailing_zeros_and_never_have_an_exponent(number: str, written: str) -> None:
    payload = CODEC.payload("json", CODEC.records([{**BOLT, "weight_kg": Decimal(number)}]))
    assert f'"wgt":{written},'.encode() in payload
    assert xml_of(weight_kg=Decimal(number)).findtext("thingList/thing/wgt") == written


def test_plain_keeps_the_value() -> None:
    assert plain(Decimal("85.0000")).as_tuple() == Decimal(85).as_tuple()


def test_what_is_missing_is_an_empty_text_in_json() -> None:
    (record,) = CODEC.records([{"thing_number": None}])
    assert record == dict.fromkeys(
        ["thingNo", "wgt", "cnt", "made_ymd", "made_ym", "pay_dd", "partList", "kind_cd"], ""
    )


def test_what_is_missing_is_an_empty_element_in_xml() -> None:
    payload = CODEC.payload("xml", CODEC.records([{"thing_number": None}]))
    assert b"<thing><thingNo/><wgt/><cnt/>" in payload


def test_an_optional_field_is_there_only_where_the_world_gives_it() -> None:
    assert "note" not in CODEC.records([BOLT])[0]
    assert CODEC.records([{**BOLT, "note": None}])[0]["note"] == ""
    assert CODEC.records([{**BOLT, "note": "x"}])[0]["note"] == "x"


def test_a_field_that_the_reply_does_not_have_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="colour, size"):
        CODEC.records([{**BOLT, "size": 1, "colour": "red"}])


def test_xml_escapes_its_own_characters() -> None:
    text = "<a href=\"x\">&amp; 'y'\r\n\t]]></a>"
    assert xml_of(thing_number=text).findtext("thingList/thing/thingNo") == text


@pytest.mark.parametrize("forbidden", ["\0", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_xml_loses_characters_that_it_forbids(forbidden: str) -> None:
    assert xml_of(thing_number=f"a{forbidden}b").findtext("thingList/thing/thingNo") == "ab"


def test_a_text_of_nothing_but_forbidden_characters_is_an_empty_element() -> None:
    payload = CODEC.payload("xml", CODEC.records([{**BOLT, "thing_number": "\0"}]))
    assert b"<thingNo/>" in payload


def test_json_keeps_a_nul() -> None:
    payload = CODEC.payload("json", CODEC.records([{**BOLT, "thing_number": "a\0"}]))
    assert b'"thingNo":"a\\u0000"' in payload


def test_true_and_false_are_written_as_xml_has_them() -> None:
    (record,) = CODEC.records([BOLT])
    record["cnt"] = True
    assert b"<cnt>true</cnt>" in CODEC.payload("xml", [record])


def test_a_reply_without_records_has_an_empty_list() -> None:
    assert CODEC.payload("json", []) == b'{"thingList":[]}'
    body = CODEC.body("xml", CODEC.payload("xml", []), "now")
    assert body.endswith(b"</head><thingList/></Things>")


def test_xml_begins_with_a_well_formed_declaration() -> None:
    body = CODEC.body("xml", CODEC.payload("xml", []), "now")
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Things><head>')


def test_a_refusal_in_a_list_is_a_text_and_then_a_code() -> None:
    refusal = Refusal("kind", "E1", "text")
    assert CODEC.refusal_records(refusal) == [{"msg": "text"}, {"code": "E1"}]
    assert len(CODEC.refusal_records(refusal, repeat=2)) == 4
