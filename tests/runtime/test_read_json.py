"""JSON replies that can be read, as the document says or not quite."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.errors import DeviationError, UnexpectedReplyError

from .sample_api import GET_BILL, LIST_METERS, Meter
from .support import CUSTOMER, METER, day_record, json_body, only, raw, read, rules


def test_fields_are_read_into_python_types() -> None:
    record = only(json_body([day_record()]))
    assert record.customer_number == CUSTOMER
    assert record.reading_date == date(2024, 10, 1)
    assert record.is_multi_meter == "N"
    assert record.household_count == 1
    assert record.energy_kwh_0015 == Decimal("31.5")
    assert record.cumulative_kwh_0100 is None


@pytest.mark.parametrize(
    "written", ["31.5", "85", "0.0000", "9999999999.9999", "-1000", "1234567890123456789.123456789"]
)
def test_numbers_are_exact(written: str) -> None:
    body = json_body([day_record(pwr_qty0015="@")]).replace(b'"@"', written.encode())
    value = only(body).energy_kwh_0015
    assert str(value) == written


def test_a_number_may_come_as_text() -> None:
    assert only(json_body([day_record(pwr_qty0015="31.5")])).energy_kwh_0015 == Decimal("31.5")


@pytest.mark.parametrize("blank", [b"", b" ", b"  ", b"\n", b"\t", b" \r\n  "])
def test_a_missing_value_is_none_however_it_is_laid_out(blank: bytes) -> None:
    body = json_body([day_record(custNo="@", pwr_qty0015="@", mr_ymd="@", hshcnt="@")])
    record = only(body.replace(b': "@"', b":" + blank + b'""'))
    assert record.customer_number is None
    assert record.energy_kwh_0015 is None
    assert record.reading_date is None
    assert record.household_count is None


def test_null_and_the_empty_text_are_the_same_missing_value() -> None:
    null = read(json_body([day_record(custNo=None, pwr_qty0015=None)]))
    empty = read(json_body([day_record(custNo="", pwr_qty0015="")]))
    assert null == empty
    assert null.deviations == empty.deviations == ()


def test_a_text_that_looks_like_a_missing_value_is_kept() -> None:
    name = 'a: "", b:"" \\"'
    body = json.dumps({"billInfoList": [bill(custNm=name)]}).encode()
    assert read(body, operation=GET_BILL).records[0].customer_name == name


def test_an_empty_list_is_an_empty_list() -> None:
    reply = read(json_body([]))
    assert reply.records == []
    assert reply.deviations == ()


def test_a_byte_order_mark_is_passed_over() -> None:
    body = json_body([day_record()])
    assert read(b"\xef\xbb\xbf" + body) == read(body)


def test_a_charset_in_the_content_type_is_heeded() -> None:
    text = json.dumps({"billInfoList": [bill(custNm="홍길동")]}, ensure_ascii=False)
    reply = read(
        text.encode("cp949"), operation=GET_BILL, content_type="application/json;charset=EUC-KR"
    )
    assert reply.records[0].customer_name == "홍길동"


def test_a_charset_that_the_bytes_disprove_is_not_heeded() -> None:
    text = json.dumps({"billInfoList": [bill(custNm="홍길동", extra="")]}, ensure_ascii=False)
    for body in (text, text.replace('"mr_dd": "12",', "")):  # the fast way and the slow one
        reply = read(body.encode(), operation=GET_BILL, content_type="text/html;charset=ISO-8859-1")
        assert reply.records[0].customer_name == "홍길동"


def test_the_raw_reply_is_at_hand() -> None:
    body = json_body([day_record()])
    reply = read(body)
    assert reply.raw == raw(body)


def bill(**changes: object) -> dict[str, object]:
    return {"custNm": "가나다", "bill_ym": "202410", "mr_dd": "12", "dc_bill": -1000, **changes}


def test_a_bill_has_a_month_and_a_day_of_month() -> None:
    reply = read(json.dumps({"billInfoList": [bill()]}).encode(), operation=GET_BILL)
    [record] = reply.records
    assert (record.month, record.reading_day) == (date(2024, 10, 1), 12)
    assert record.discount_krw == -1000
    assert reply.deviations == ()


def test_a_header_that_the_document_prints_for_json_is_read() -> None:
    body = {"header": {"resultCode": "0", "resultMsg": ""}, "meterInfoList": []}
    reply = read(json.dumps(body).encode(), operation=LIST_METERS)
    assert reply.header == {"resultCode": "0", "resultMsg": None}
    assert reply.deviations == ()


def test_a_missing_header_is_a_deviation() -> None:
    reply = read(b'{"meterInfoList": []}', operation=LIST_METERS)
    assert rules(reply) == ["header missing-field"]


# Departures from the document.


def test_what_departs_is_listed_and_returned_all_the_same() -> None:
    records = [
        day_record(),
        day_record(custNo="0123456789x", multi_yn="Q", lv_hv_val="1", hshcnt=123456),
    ]
    reply = read(json_body(records))
    assert reply.records[1].customer_number == "0123456789x"
    assert reply.records[1].is_multi_meter == "Q"
    assert rules(reply) == [
        "records[1].customer_number too-long",
        "records[1].is_multi_meter not-a-code",
        "records[1].household_count too-many-digits",
        "records[1].lv_hv_val unknown-field",
    ]


def test_a_renamed_field_is_read_under_its_documented_name() -> None:
    reply = read(json_body([day_record(meterNo=..., meter=METER)]))
    assert reply.records[0].meter_number == METER
    assert rules(reply) == ["records[0].meter_number renamed-field"]


def test_a_missing_field_is_none_and_listed() -> None:
    reply = read(json_body([day_record(meterNo=..., pwr_qty0100=...)]))
    assert reply.records[0].meter_number is None
    assert reply.records[0].energy_kwh_0100 is None
    assert rules(reply) == [
        "records[0].meter_number missing-field",
        "records[0].energy_kwh_0100 missing-field",
    ]


def test_an_optional_family_may_be_there_or_not() -> None:
    with_family = read(json_body([day_record(vld_pwr0100=7)]))
    assert with_family.records[0].cumulative_kwh_0100 == 7
    assert with_family.deviations == read(json_body([day_record()])).deviations == ()


def test_a_control_character_is_kept_and_listed() -> None:
    reply = read(json_body([day_record(custNo="012\x00")]))
    assert reply.records[0].customer_number == "012\x00"
    assert rules(reply) == ["records[0].customer_number control-character"]


def test_a_text_that_comes_as_a_number_is_read_and_listed() -> None:
    reply = read(json_body([day_record(custNo=123456789)]))
    assert reply.records[0].customer_number == "123456789"
    assert rules(reply) == ["records[0].customer_number not-text"]


def test_a_whole_number_that_comes_as_text_or_with_a_point_is_read() -> None:
    assert only(json_body([day_record(hshcnt="12")])).household_count == 12
    assert only(json_body([day_record(hshcnt=12.0)])).household_count == 12


def test_something_beside_the_list_is_listed() -> None:
    reply = read(json_body([day_record()], total=1))
    assert len(reply.records) == 1
    assert rules(reply) == ["total unknown-field"]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b'{"dayInfoList": null}', 0),
        (b'{"dayInfoList": ""}', 0),
        (json_body(day_record()), 1),
        (json_body({"dayInfo": [day_record(), day_record()]}), 2),
        (json_body({"dayInfo": day_record()}), 1),
    ],
)
def test_a_list_of_another_shape_is_read_and_listed(body: bytes, count: int) -> None:
    reply = read(body)
    assert len(reply.records) == count
    assert rules(reply) == ["dayInfoList wrong-type"]


def test_a_bare_list_is_read_and_listed() -> None:
    reply = read(json.dumps([day_record()]).encode())
    assert len(reply.records) == 1
    assert rules(reply) == ["dayInfoList missing-field"]


def test_xml_where_json_was_asked_is_read_and_listed() -> None:
    body = (
        b"<MeterResponse><header><resultCode>0</resultCode><resultMsg/></header>"
        b"<meterInfoList><meterInfo><meter>1</meter><etong_cd>11</etong_cd></meterInfo>"
        b"</meterInfoList></MeterResponse>"
    )
    reply = read(body, operation=LIST_METERS)
    assert reply.records == [Meter(meter_number="1", meter_kind="11")]
    assert rules(reply) == [" other-format"]


def test_strict_refuses_what_departs() -> None:
    body = json_body([day_record(lv_hv_val="1")])
    with pytest.raises(DeviationError) as caught:
        read(body, strict=True)
    assert [problem.path for problem in caught.value.problems] == ["records[0].lv_hv_val"]
    assert caught.value.raw == raw(body)
    assert read(json_body([day_record()]), strict=True).deviations == ()


def test_replies_with_equal_records_are_equal() -> None:
    assert read(json_body([day_record()])) == read(json_body([day_record(extra=1)]))
    assert read(json_body([])) != read(json_body([day_record()]))
    assert read(json_body([])) != []


# What cannot be read.


@pytest.mark.parametrize(
    ("change", "path", "rule"),
    [
        ({"pwr_qty0015": "N/A"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": "1,5"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": True}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": "NaN"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": " nan"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": "-Infinity"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": "+inf"}, "records[1].energy_kwh_0015", "not-number"),
        ({"pwr_qty0015": "sNaN1"}, "records[1].energy_kwh_0015", "not-number"),
        ({"mr_ymd": "20241301"}, "records[1].reading_date", "not-a-date"),
        ({"mr_ymd": "조회일자"}, "records[1].reading_date", "not-a-date"),
        ({"hshcnt": "two"}, "records[1].household_count", "not-number"),
        ({"custNo": {"a": "b"}}, "records[1].customer_number", "not-text"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(
    change: dict[str, object], path: str, rule: str
) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(json_body([day_record(), day_record(**change)]))
    [problem] = caught.value.problems
    assert (problem.path, problem.rule) == (path, rule)
    assert problem.source.startswith("sample.txt:")
    assert caught.value.raw is not None
    assert caught.value.__context__ is None


def test_a_nan_written_with_escapes_is_found() -> None:
    body = json_body([day_record(pwr_qty0015="@")]).replace(b'"@"', b'"\\u006ea\\u004e"')
    with pytest.raises(UnexpectedReplyError):
        read(body)


def test_all_values_that_cannot_be_read_are_named() -> None:
    records = [day_record(mr_ymd="x", pwr_qty0015="x"), day_record(hshcnt="x")]
    with pytest.raises(UnexpectedReplyError) as caught:
        read(json_body(records))
    assert [problem.path for problem in caught.value.problems] == [
        "records[0].reading_date",
        "records[0].energy_kwh_0015",
        "records[1].household_count",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n ",
        b"\xef\xbb\xbf",
        json_body([day_record()])[:-1],
        json_body([day_record()])[:200],
        b'{"dayInfoList": [',
        b'{"dayInfoList": []} trailing',
        b'{"dayInfoList": [NaN]}',
        b'{"dayInfoList": 5}',
        b'{"dayInfoList": "none"}',
        b'{"dayInfoList": [5]}',
        b'{"dayInfoList": ["text"]}',
        b'{"other": []}',
        b"{}",
        b"null",
        b'"text"',
        b"OK",
        b'{"dayInfoList": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"dayInfoList": [' + b'{"a":' * 900 + b"1" + b"}" * 900 + b', {"mr_ymd": "x"}]}',
        b'{"dayInfoList": [{"pwr_qty0015": 1e999999999999999999999}]}',
        json_body([day_record()]).replace(b"31.5", b"1e999999999999999999999", 1),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_no_list_of_records_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(body)
    assert caught.value.raw is not None
    assert caught.value.raw.body == body
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "element",
    [{"errorMessage": "denied", "errorCode": "E1"}, {"ErrMsg": "denied"}, {}],
    ids=repr,
)
@pytest.mark.parametrize("operation", [None, LIST_METERS])
def test_an_element_without_any_field_of_a_record_is_refused(
    element: dict[str, str], operation: Any
) -> None:
    name = "meterInfoList" if operation else "dayInfoList"
    with pytest.raises(UnexpectedReplyError) as caught:
        read(json.dumps({name: [element]}).encode(), operation=operation)
    [problem] = caught.value.problems
    assert (problem.rule, problem.message) == ("wrong-type", "has no field of a record")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"dayInfoList": [{"custNo": "1"}], "dayInfoList": []}', "dayInfoList"),
        (b'{"dayInfoList": [], "dayInfo\\u004cist": []}', "dayInfoList"),
        (b'{"returnCode": "E402", "returnCode": "00", "dayInfoList": []}', "returnCode"),
        (b'{"dayInfoList": [], "x": {"successYn": "N", "successYn": "Y"}}', "successYn"),
    ],
)
def test_a_list_or_a_verdict_that_is_there_twice_is_refused_by_name(body: bytes, name: str) -> None:
    with pytest.raises(UnexpectedReplyError, match=f"has {name} more than once"):
        read(body)


@pytest.mark.parametrize("first", [b'{"resultCode": "9"}', b'{"resultCode": "0"}'])
def test_a_header_that_is_there_twice_is_refused(first: bytes) -> None:
    good = b'{"resultCode": "0", "resultMsg": ""}'
    body = b'{"header": ' + first + b', "header": ' + good + b', "meterInfoList": []}'
    with pytest.raises(UnexpectedReplyError, match="has header more than once"):
        read(body, operation=LIST_METERS)


def test_a_field_of_a_record_that_is_there_twice_is_listed() -> None:
    body = json_body([day_record(), day_record(custNo="@")])
    reply = read(body.replace(b'"custNo": "@"', b'"custNo": "1", "custNo": "2"'))
    assert rules(reply) == ["records[1].custNo repeated-field"]


@pytest.mark.parametrize(
    "value",
    [
        '"홍길동"'.encode("cp949"),
        pytest.param(b"9" * 5000, id="5000 digits"),
        b"1e999999999999999999999",
    ],
)
def test_what_only_the_fast_way_reads_past_is_a_deviation_and_never_an_error_of_python(
    value: bytes,
) -> None:
    body = json_body([day_record(extra="@")]).replace(b'"@"', value)
    reply = read(body)
    assert len(reply.records) == 1
    assert {problem.rule for problem in reply.deviations} <= {"unreadable", "unknown-field"}
    assert reply.deviations
    with pytest.raises(DeviationError):
        read(body, strict=True)


@pytest.mark.parametrize(
    "written", ["1_5", "1_000.5", "_15", "15_", "１５", "1５", "\\uff15", "\u0661"]
)
def test_a_number_as_text_has_ascii_digits_only(written: str) -> None:
    body = json_body([day_record(pwr_qty0015="@")]).replace(b"@", written.encode())
    with pytest.raises(UnexpectedReplyError) as caught:
        read(body)
    assert [problem.rule for problem in caught.value.problems] == ["not-number"]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be"])
def test_utf_16_with_a_mark_is_read(charset: str) -> None:
    text = json_body([day_record(custNo="가")]).decode()
    mark = b"" if charset == "utf-16" else b"\xfe\xff"
    assert only(mark + text.encode(charset)).customer_number == "가"


def test_utf_16_that_is_malformed_is_called_json() -> None:
    with pytest.raises(UnexpectedReplyError, match="the JSON body"):
        read('{"dayInfoList": ['.encode("utf-16"))
