"""Replies that are a list of records, as the document says or not quite, and refusals in them."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec import structs

from gridwright_runtime.errors import (
    AuthenticationError,
    ConsentError,
    DeviationError,
    NotSubscribedError,
    ProviderError,
    RejectedError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format

from .support import (
    CONSENT,
    FORMATS,
    IN_ELEMENT,
    IN_LIST,
    LIST,
    METER,
    Page,
    Reading,
    error_of,
    listed,
    operation,
    read,
    reading,
    refused,
    rules,
    to_json,
    to_xml,
)

formats = pytest.mark.parametrize("format", FORMATS)
NOTICE: dict[str, object] = {"msg": "서비스 신청 필요", "code": "E402"}


@formats
def test_fields_are_read_into_python_types(format: Format) -> None:
    [record] = read(LIST, listed([reading(kwh="31.50", note=None)], format), format).records
    assert record == Reading(
        meter_number=METER, day=date(2024, 10, 1), count=1, energy_kwh=Decimal("31.5"), note=None
    )


def test_null_the_empty_text_and_the_empty_element_are_the_same_missing_value() -> None:
    null = read(LIST, listed([reading(mtr=None, kwh=None)], "json"))
    empty = read(LIST, listed([reading(mtr="", kwh="")], "json"))
    element = read(LIST, listed([reading(mtr=None, kwh=None)], "xml"), "xml")
    assert null == empty == element
    assert null.deviations == empty.deviations == element.deviations == ()


@pytest.mark.parametrize("blank", [b"", b" ", b"  ", b"\n", b" \r\n  "])
def test_a_missing_value_is_none_however_it_is_laid_out(blank: bytes) -> None:
    body = listed([reading(mtr="@", kwh="@", ymd="@", cnt="@", note="@")], "json")
    [record] = read(LIST, body.replace(b': "@"', b":" + blank + b'""')).records
    assert record == Reading(meter_number=None, day=None, count=None, energy_kwh=None)


def test_a_text_that_looks_like_a_missing_value_is_kept() -> None:
    note = 'a: "", b:"" \\"'
    assert read(LIST, listed([reading(note=note)], "json")).records[0].note == note


@formats
def test_an_empty_list_is_an_empty_list(format: Format) -> None:
    reply = read(LIST, listed([], format), format)
    assert reply.records == []
    assert reply.deviations == ()


def test_the_header_is_at_hand() -> None:
    assert read(LIST, listed([], "xml"), "xml").header == {"msg": None, "code": "0", "ok": "Y"}
    assert read(LIST, listed([], "json")).header is None


@formats
def test_what_departs_is_listed_and_returned_all_the_same(format: Format) -> None:
    odd = reading(mtr="0123456789xyz", cnt=123456, ictg="a", ymd=...)
    reply = read(LIST, listed([reading(), odd], format), format)
    assert (reply.records[1].count, reply.records[1].day) == (123456, None)
    assert rules(reply) == [
        "records[1].meter_number too-long",
        "records[1].day missing-field",
        "records[1].count too-many-digits",
        "records[1].ictg unknown-field",
    ]
    assert reply.deviations[0].label == "계기번호"
    assert reply.deviations[0].source == "sample.txt:77"


@formats
def test_a_renamed_field_is_read_under_its_documented_name(format: Format) -> None:
    reply = read(LIST, listed([reading(mtr=..., meterNo="7")], format), format)
    assert reply.records[0].meter_number == "7"
    assert rules(reply) == ["records[0].meter_number renamed-field"]


def test_something_beside_the_list_is_listed() -> None:
    body = to_json({"list": [reading()], "total": 1})
    assert rules(read(LIST, body)) == ["total unknown-field"]
    tree = {"head": {"msg": "", "code": "0", "ok": "Y"}, "page": {"no": 1}, "list": None}
    assert rules(read(LIST, to_xml(tree), "xml")) == ["page unknown-field"]


@pytest.mark.parametrize(
    ("tree", "count", "rule"),
    [
        ({"list": None}, 0, "list wrong-type"),
        ({"list": ""}, 0, "list wrong-type"),
        ({"list": reading(kwh=1)}, 1, "list wrong-type"),
        ({"list": {"item": [reading(kwh=1), reading(kwh=1)]}}, 2, "list wrong-type"),
        ([reading(kwh=1)], 1, "list missing-field"),
    ],
)
def test_a_list_of_another_shape_is_read_and_listed(tree: object, count: int, rule: str) -> None:
    reply = read(LIST, to_json(tree))
    assert len(reply.records) == count
    assert rules(reply) == [rule]


def test_a_renamed_root_or_record_is_read_and_listed() -> None:
    tree = {"head": {"msg": "", "code": "0", "ok": "Y"}, "list": {"thing": [reading(), reading()]}}
    assert rules(read(LIST, to_xml(tree, "Other"), "xml")) == [
        "records[0] renamed-field",
        "records[1] renamed-field",
        "Answer renamed-field",
    ]


def test_a_second_list_in_xml_is_not_lost() -> None:
    body = listed([reading(cnt=1)], "xml")
    inner = b"<list>" + body.partition(b"<list>")[2].partition(b"</list>")[0] + b"</list>"
    reply = read(LIST, body.replace(inner, inner + inner.replace(b"<cnt>1", b"<cnt>2")), "xml")
    assert [record.count for record in reply.records] == [1, 2]
    assert rules(reply) == ["list repeated-field"]


def test_a_header_that_departs_is_listed() -> None:
    body = listed([], "xml", when=1).replace(b"ok>", b"kO>").replace(b"head>", b"haed>")
    assert rules(read(LIST, body, "xml")) == [
        "head renamed-field",
        "head.ok renamed-field",
        "head.when unknown-field",
    ]


def test_strict_refuses_what_departs() -> None:
    outcome = refused(LIST, listed([reading(more="1")], "json"), strict=True)
    assert isinstance(outcome.error, DeviationError)
    assert [problem.path for problem in outcome.error.problems] == ["records[0].more"]
    assert not outcome.is_own_word
    assert read(LIST, listed([reading()], "json"), strict=True).deviations == ()


def test_many_records_are_read_in_their_order() -> None:
    records = [reading(cnt=number) for number in range(3000)]
    found = [read(LIST, listed(records, format), format) for format in FORMATS]
    assert found[0] == found[1]
    assert [record.count for record in found[1].records] == list(range(3000))


@pytest.mark.parametrize("chunk", [1, 7, 100, 4096])
def test_it_does_not_matter_where_the_body_is_cut_while_parsing(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [
        (LIST, listed([reading(note=f"{number}가") for number in range(6)], "xml")),
        (
            operation(payload=("a", "item"), item=""),
            to_xml({"a": {"item": [reading(note="가")] * 3, "more": [1] * 5}}),
        ),
        (operation(payload=(), item="item"), to_xml({"x": 1, "item": [reading()] * 3, "y": 2})),
    ]
    expected = [read(called, body, "xml") for called, body in bodies]
    monkeypatch.setattr("gridwright_runtime.decodings.xml.walk._CHUNK", chunk)
    assert [read(called, body, "xml") for called, body in bodies] == expected
    assert [len(reply.records) for reply in expected] == [6, 3, 3]


@formats
def test_items_may_stand_beside_others_without_a_list_of_their_own(format: Format) -> None:
    called = operation(payload=("a", "item"), item="", verdict=IN_ELEMENT)
    head = {"code": "0"}
    for count in (0, 1, 2):
        rows: list[object] = [reading()] * count
        tree = {"head": head, "a": {"item": rows}}
        body = to_json(tree) if format == "json" else to_xml(tree)
        body = body.replace(b"<a/>", b"<a><!-- none --></a>")
        assert len(read(called, body, format).records) == count
    assert type(error_of(called, to_xml({"head": head}), "xml")) is UnexpectedReplyError


@formats
def test_records_of_a_list_may_hold_records(format: Format) -> None:
    called = operation(model=Page, payload=("list",))
    rows = [{"rows": [{"id": 1, "kwh": 1.5}], "numbers": [4]}, {"title": "x", "rows": []}]
    body = to_json({"list": rows}) if format == "json" else to_xml({"list": {"item": rows}})
    reply = read(called, body, format)
    assert [page.title for page in reply.records] == [None, "x"]
    assert reply.records[0].rows[0].energy_kwh == Decimal("1.5")
    assert reply.records[0].numbers == [4]
    assert reply.deviations == ()
    broken = body.replace(b"1.5", b'"NaN"' if format == "json" else b"NaN")
    error = error_of(called, broken, format)
    assert isinstance(error, UnexpectedReplyError)
    assert [one.path for one in error.problems] == ["records[0].rows[0].energy_kwh"]


# What cannot be read.


@formats
@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"kwh": "N/A"}, "energy_kwh", "not-number"),
        ({"kwh": "1,5"}, "energy_kwh", "not-number"),
        ({"kwh": "NaN"}, "energy_kwh", "not-number"),
        ({"kwh": " -Infinity"}, "energy_kwh", "not-number"),
        ({"kwh": "１５"}, "energy_kwh", "not-number"),
        ({"kwh": {"a": 1}}, "energy_kwh", "not-number"),
        ({"ymd": "20241301"}, "day", "not-a-date"),
        ({"cnt": "1.5"}, "count", "not-number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(
    format: Format, change: dict[str, object], path: str, rule: str
) -> None:
    error = error_of(LIST, listed([reading(), reading(**change)], format), format)
    assert isinstance(error, UnexpectedReplyError)
    [problem] = error.problems
    assert (problem.path, problem.rule) == (f"records[1].{path}", rule)
    assert problem.source.startswith("sample.txt:")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n ",
        b"\xef\xbb\xbf",
        listed([reading()], "json")[:-1],
        b'{"list": []} trailing',
        b'{"list": [NaN]}',
        b'{"list": 5}',
        b'{"list": [5]}',
        b'{"list": ["text"]}',
        b'{"list": [{}]}',
        b'{"list": [{"errorMessage": "denied"}]}',
        b'{"other": []}',
        b"{}",
        b"null",
        b"OK",
        b"[" * 100_000,
        b'{"list": [{"kwh": 1e999999999999999999999}]}',
        listed([reading()], "xml")[:-1],
        listed([reading()], "xml") + b"<more/>",
        listed([{"other": 1}], "xml"),
        to_xml({"head": {"code": "0", "ok": "Y"}}),
        to_xml({"head": {"code": "0", "ok": "Y"}, "list": "none today"}),
        to_xml({"list": {"item": [reading()]}}),
        b"\xff\xfe<\x00a",
        b"<?xml version='1.0'?>",
        b"<a>" * 1000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_no_list_of_records_is_refused(body: bytes) -> None:
    error = error_of(LIST, body)
    assert type(error) is UnexpectedReplyError
    assert error.raw is not None
    assert error.raw.body == body


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"list": [{"mtr": "1"}], "list": []}', "list"),
        (b'{"list": [], "l\\u0069st": []}', "list"),
        (b'{"code": "E402", "code": "0", "list": []}', "code"),
        (b'{"list": [], "x": {"ok": "N", "ok": "Y"}}', "ok"),
        (b'{"head": {"code": "1"}, "head": {"code": "0"}, "list": []}', "head"),
    ],
)
def test_a_list_or_a_verdict_that_is_there_twice_is_refused_by_name(body: bytes, name: str) -> None:
    for called in (LIST, operation(verdict=structs.replace(IN_LIST, formats=("json", "xml")))):
        assert f"has {name} more than once" in str(error_of(called, body))


def test_a_verdict_that_is_there_twice_is_refused_where_it_is_documented() -> None:
    called = operation(verdict=IN_ELEMENT)
    body = b'{"head": {"code": "E402", "code": "0"}, "list": []}'
    assert "has code more than once" in str(error_of(called, body))
    xml = to_xml({"head": {"code": ["E402", "0"]}, "list": None})
    assert "has code more than once" in str(error_of(called, xml, "xml"))
    xml = to_xml({"head": [{"code": "E402"}, {"code": "0"}], "list": None})
    assert "has head more than once" in str(error_of(called, xml, "xml"))


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("values", [(b"1", b"99"), (b"1", b'""'), (b'""', b"1"), (b"1", b"1")])
@pytest.mark.parametrize("colon", [b":", b": ", b" : ", b"\n:"])
def test_a_field_that_a_record_has_twice_is_refused_in_the_fast_way_and_in_the_slow(
    slow: bool, values: tuple[bytes, bytes], colon: bytes
) -> None:
    more = {"other": 1} if slow else {}
    body = listed([reading(**more), reading(kwh="@")], "json")
    twice = b'"kwh"%s%s,"kwh"%s%s' % (colon, values[0], colon, values[1])
    error = error_of(LIST, body.replace(b'"kwh": "@"', twice))
    assert isinstance(error, UnexpectedReplyError)
    assert [(one.path, one.rule) for one in error.problems] == [
        ("records[1].energy_kwh", "repeated-field")
    ]


def test_a_text_that_looks_like_names_is_a_text() -> None:
    body = listed([reading(mtr='a":"b":')], "json")
    assert read(LIST, body).records[0].meter_number == 'a":"b":'


def test_a_field_that_a_record_has_twice_in_xml_is_refused() -> None:
    error = error_of(LIST, listed([reading(kwh=[5, 9])], "xml"), "xml")
    assert isinstance(error, UnexpectedReplyError)
    assert [(one.path, one.rule) for one in error.problems] == [
        ("records[0].energy_kwh", "repeated-field")
    ]


# Refusals.


@pytest.mark.parametrize(
    "tree",
    [
        {"list": [{"msg": NOTICE["msg"]}, {"code": "E402"}]},
        {"list": [NOTICE]},
        {"list": [reading(kwh=1), NOTICE]},
        {"list": [reading(kwh=1, **NOTICE)]},
        {"list": [], **NOTICE},
        {"list": None, **NOTICE},
        {"list": [], "head": NOTICE},
        {"list": {"item": NOTICE}},
        {"list": [], "errors": [NOTICE]},
        NOTICE,
        [{"msg": NOTICE["msg"]}, {"code": "E402"}],
        {"response": {"head": NOTICE, "body": {}}},
    ],
)
def test_a_refusal_in_json_is_found_wherever_it_stands(tree: object) -> None:
    outcome = refused(LIST, to_json(tree))
    assert type(outcome.error) is NotSubscribedError
    assert (outcome.error.code, outcome.error.text) == ("E402", "서비스 신청 필요")
    assert outcome.error.gloss == "the service is not subscribed"
    assert outcome.is_own_word


GOOD: dict[str, object] = {"code": "0", "ok": "Y", "msg": None}


@pytest.mark.parametrize(
    "tree",
    [
        {"head": {**NOTICE, "ok": "N"}},
        {"head": {**GOOD, **NOTICE}, "list": None},
        {"haed": {**GOOD, **NOTICE}, "list": {"item": reading()}},
        {"head": [GOOD, NOTICE], "list": None},
        {"head": GOOD, "haed": NOTICE, "list": None},
        {"head": {**NOTICE, "code": ["0", "E402"]}, "list": None},
        {"head": GOOD, **NOTICE, "list": None},
        {"head": GOOD, "list": {"item": [{"msg": NOTICE["msg"]}, {"code": "E402"}]}},
        {"head": GOOD, "list": {"item": {**reading(), **NOTICE}}},
        {"a": {"b": {"error": NOTICE}}},
        NOTICE,
    ],
)
def test_a_refusal_in_xml_is_found_wherever_it_stands(tree: dict[str, object]) -> None:
    error = error_of(LIST, to_xml(tree), "xml")
    assert type(error) is NotSubscribedError
    assert (error.code, error.text) == ("E402", "서비스 신청 필요")


def test_an_unknown_code_keeps_its_text() -> None:
    error = error_of(LIST, to_json({"list": [{"msg": " 사용기간 만료 ", "code": 99}]}))
    assert isinstance(error, RejectedError)
    assert (error.code, error.text, error.gloss) == ("99", " 사용기간 만료 ", "")


def test_a_text_beside_a_code_of_success_is_no_refusal() -> None:
    assert read(LIST, listed([reading()], "xml", msg="정상"), "xml").header["msg"] == "정상"


def test_notices_of_success_are_no_records() -> None:
    reply = read(LIST, to_json({"list": [{"msg": ""}, {"code": "0"}, reading()]}))
    assert len(reply.records) == 1
    assert rules(reply) == ["records[0] unknown-field", "records[0] unknown-field"]


@pytest.mark.parametrize("verdict", [{"code": {"a": "0"}}, {"code": [["0"]]}, {"ok": {"a": "Y"}}])
def test_a_verdict_that_is_no_text_is_no_success(verdict: dict[str, object]) -> None:
    assert isinstance(error_of(LIST, to_json({"list": [], **verdict})), ProviderError)


@pytest.mark.parametrize(
    ("tree", "format"),
    [
        ({"list": [{"msg": CONSENT}, {"code": "E404"}]}, "json"),
        ({"msg": CONSENT.replace(" ", "  ")}, "json"),
        ({"head": {**GOOD, "msg": f"\n {CONSENT}\n"}, "list": None}, "xml"),
    ],
)
def test_the_sentence_about_consent_gives_its_day(tree: dict[str, object], format: Format) -> None:
    error = error_of(LIST, to_json(tree) if format == "json" else to_xml(tree), format)
    assert isinstance(error, ConsentError)
    assert error.consent_from == date(2024, 3, 15)


def test_a_code_about_the_key_is_about_the_login() -> None:
    outcome = refused(LIST, to_json({"list": [{"code": "E401"}]}))
    assert isinstance(outcome.error, AuthenticationError)
    assert outcome.is_access and outcome.is_own_word
