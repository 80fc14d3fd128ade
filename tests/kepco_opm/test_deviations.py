"""Replies that depart from the document are read, and every departure is listed."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.errors import DeviationError, UnexpectedReplyError
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.problems import Deviation

from . import messages
from .support import (
    CALLS,
    FORMATS,
    KINDS,
    OPERATIONS,
    Kind,
    brief,
    call,
    faults_of,
    make_app,
    responding,
)

DOCUMENT = "000_9b7e70a5ee68bee1.txt"
every_kind = pytest.mark.parametrize("kind", KINDS)
every_format = pytest.mark.parametrize("format", FORMATS)


def with_fault(fault: Fault, name: str, kind: Kind = "sync", **arguments: Any) -> Any:
    app = make_app()
    faults_of(app).add(name, fault)
    return call(kind, app, name, **arguments)


def read(name: str, format: Format, **changes: object) -> Any:
    """Read a reply of one record with some fields changed; ``...`` takes a field away."""
    operation = OPERATIONS[name]
    valid: dict[str, object] = dict(messages.valid_record(operation, format))
    who = {wire: messages.REQUEST_VALUES[wire] for wire in ("custNo", "cntrNo") if wire in valid}
    record: dict[str, object] = valid | who | changes
    record = {wire: value for wire, value in record.items() if value is not ...}
    if format == "json":
        body = messages.to_json({operation.reply.payload[0]: [record]})
    else:
        listed = {operation.reply.item: record}
        tree = {"cmmMsgHeader": messages.HEADER, operation.reply.payload[0]: listed}
        body = messages.to_xml(operation.reply.root, tree)
    return call("sync", responding(body), name, format=format)


@pytest.mark.parametrize("name", list(CALLS))
@every_format
def test_what_the_mock_says_departs_in_nothing(name: str, format: Format) -> None:
    assert call("sync", make_app(), name, format=format).deviations == ()


@pytest.mark.parametrize(
    ("name", "documented", "line"),
    [
        ("list_customer_meters", "meter", "410"),
        ("get_all_customers_hour", "meter", "462"),
        ("get_period_readings", "meter", "533"),
        ("get_customer_info", "meter", "601"),
        ("get_household_day_load_profile", "metrNo", "814"),
        ("get_household_quarter_hour_reading", "metrNo", "879"),
    ],
)
@every_kind
@every_format
def test_a_meter_number_under_its_other_name_is_read_and_listed(
    name: str, documented: str, line: str, kind: Kind, format: Format
) -> None:
    usual = call("sync", make_app(), name, format=format)
    reply = with_fault(Fault.renamed_field(documented, "meterNo"), name, kind, format=format)
    assert reply == usual
    assert len(reply.deviations) == len(reply.records)
    assert reply.deviations[0] == Deviation(
        path="records[0].meter_number",
        wire=documented,
        rule="renamed-field",
        message="is called 'meterNo' on the wire",
        label="계기번호",
        label_en="meter number",
        source=f"{DOCUMENT}:{line}",
    )


@pytest.mark.parametrize("name", list(CALLS))
@every_format
def test_a_field_that_nobody_knows_never_breaks_a_reply(name: str, format: Format) -> None:
    usual = call("sync", make_app(), name, format=format)
    reply = with_fault(Fault.extra_fields({"mock_extra": "1"}), name, format=format)
    assert reply == usual
    assert brief(reply.deviations)[0] == "records[0].mock_extra unknown-field"
    assert len(reply.deviations) == len(reply.records)


@pytest.mark.parametrize(
    ("name", "field", "sent", "value"),
    [
        ("get_customer_info", "voltage_kind", {"lv_hv_val": "고압"}, "고압"),
        ("get_customer_info", "contract_type", {"ictg": "일반용"}, "일반용"),
        ("get_customer_info", "reading_day", {"mr_ymd": "12"}, 12),
        ("get_customer_bill", "reading_day", {"mr_ymd": "12"}, 12),
        ("get_join_status", "consent_day", {"prvd_agre_dd": "20240315"}, "20240315"),
        ("get_quarter_hour_reading", "cumulative_kwh", {"vld_pwr": "31.5"}, Decimal("31.5")),
        ("get_quarter_hour_reading_dr", "reading_time", {"mr_hhmi": "0015"}, "0015"),
        ("get_household_quarter_hour_reading", "reading_time", {"mr_hhmi": "0015"}, "0015"),
        ("get_day_load_profile", "cumulative_kwh_2400", {"vld_pwr2400": ""}, None),
    ],
)
@every_format
def test_fields_seen_in_captured_replies_are_read_and_may_be_absent(
    name: str, field: str, sent: Mapping[str, str], value: object, format: Format
) -> None:
    reply = read(name, format, **sent)
    assert getattr(reply.records[0], field) == value
    assert reply.deviations == ()
    if name != "get_customer_bill":
        absent = read(name, format, **dict.fromkeys(sent, ...))
        assert getattr(absent.records[0], field) is None
        assert absent.deviations == ()


@every_kind
def test_a_nul_in_a_text_is_kept_and_listed(kind: Kind) -> None:
    reply = with_fault(Fault.nul_in_text(), "list_customer_meters", kind, format="json")
    assert reply.records[0].customer_number == "0100000001\0"
    assert brief(reply.deviations)[:3] == [
        "records[0].customer_number control-character",
        "records[0].customer_number too-long",
        "records[0].meter_number control-character",
    ]


@pytest.mark.parametrize("nul", [b"\0", b"&#0;", b"&#x0;"])
def test_a_nul_that_makes_xml_malformed_is_read_and_listed(nul: bytes) -> None:
    usual = call("sync", make_app(), "list_customer_meters", format="xml")
    body = usual.raw.body.replace(b"0100000001", b"01" + nul + b"0001", 1)
    reply = call("sync", responding(body), "list_customer_meters", format="xml")
    assert reply.records[0].customer_number == "01\ufffd0001"
    assert reply.records[1:] == usual.records[1:]
    assert brief(reply.deviations)[0].strip() == "control-character"


@pytest.mark.parametrize("with_spaces", [True, False])
@every_kind
def test_the_xml_declaration_of_the_document_is_read_and_listed(
    kind: Kind, with_spaces: bool
) -> None:
    usual = call("sync", make_app(), "get_day_load_profile", format="xml")
    fault = Fault.printed_declaration(with_spaces=with_spaces)
    reply = with_fault(fault, "get_day_load_profile", kind, format="xml")
    assert b'standalone="true">' in reply.raw.body
    assert reply == usual
    assert [deviation.rule for deviation in reply.deviations] == ["xml-declaration"]


@pytest.mark.parametrize("name", ["list_customers", "get_join_status"])
def test_the_misspelt_header_of_the_document_is_read_and_listed(name: str) -> None:
    usual = call("sync", make_app(), name, format="xml")
    body = usual.raw.body.replace(b"cmmMsgHeader>", b"cmMsgHeader>")
    reply = call("sync", responding(body.replace(b"successYn", b"sucessYn")), name, format="xml")
    assert reply == usual
    assert reply.header == usual.header
    assert brief(reply.deviations) == [
        "cmmMsgHeader renamed-field",
        "cmmMsgHeader.successYn renamed-field",
    ]


@every_format
def test_an_over_long_text_and_an_unknown_code_are_read_and_listed(format: Format) -> None:
    reply = read("get_customer_info", format, sel_cost="선" * 21, etong_cd="77", pchild_clcd="null")
    [record] = reply.records
    assert (record.tariff_option, record.meter_kind, record.sub_meter_kind) == (
        "선" * 21,
        "77",
        None,
    )
    assert brief(reply.deviations) == [
        "records[0].meter_kind not-a-code",
        "records[0].tariff_option too-long",
    ]
    assert reply.deviations[0] == Deviation(
        path="records[0].meter_kind",
        wire="etong_cd",
        rule="not-a-code",
        message="'77' is not one of '11', '12', '13', '14', '21', '22', '23', '31', '32', '33', "
        "'34', '35', …",
        label="계기유형",
        label_en="kind of meter",
        source=f"{DOCUMENT}:602",
    )
    assert reply.deviations[1].message == "has 21 characters; at most 20 are allowed"


@every_format
def test_every_deviation_of_a_record_is_listed_with_label_and_line(format: Format) -> None:
    reply = read(
        "get_customer_bill",
        format,
        custNo="0" * 11,
        base_bill="1234567890123456.789",
        jn_pwrfact="1000",
        dc_bill="-1000",
        req_amt=...,
        more="1",
    )
    assert [(item.path, item.rule, item.label, item.source) for item in reply.deviations] == [
        ("records[0].customer_number", "too-long", "고객번호", f"{DOCUMENT}:679"),
        ("records[0].basic_charge_krw", "too-many-digits", "기본요금", f"{DOCUMENT}:684"),
        ("records[0].basic_charge_krw", "too-many-decimals", "기본요금", f"{DOCUMENT}:684"),
        ("records[0].billed_amount_krw", "missing-field", "청구요금", f"{DOCUMENT}:688"),
        (
            "records[0].leading_power_factor_percent",
            "too-many-digits",
            "진상역률",
            f"{DOCUMENT}:695",
        ),
        ("records[0].more", "unknown-field", "", ""),
        ("records[0].customer_number", "other-than-asked", "", ""),
    ]
    [record] = reply.records
    assert record.basic_charge_krw == Decimal("1234567890123456.789")
    assert record.discount_krw == Decimal(-1000)
    assert record.billed_amount_krw is None


@every_kind
@every_format
def test_strict_refuses_what_is_otherwise_read_and_lists_the_same(
    kind: Kind, format: Format
) -> None:
    fault = Fault.extra_fields({"mock_extra": "1"})
    lenient = with_fault(fault, "get_customer_info", format=format)
    with pytest.raises(DeviationError) as caught:
        with_fault(fault, "get_customer_info", kind, format=format, strict=True)
    assert caught.value.problems == lenient.deviations
    with pytest.raises(DeviationError):
        with_fault(fault, "get_customer_info", kind, format=format, client={"strict": True})
    with_fault(
        fault, "get_customer_info", kind, format=format, strict=False, client={"strict": True}
    )


@every_format
def test_a_value_that_cannot_be_read_is_an_error_with_its_path_and_line(format: Format) -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read("get_day_load_profile", format, pwr_qty0030="many", mr_ymd="20230229")
    assert [(item.path, item.rule, item.source) for item in caught.value.problems] == [
        ("records[0].reading_date", "not-a-date", f"{DOCUMENT}:79, 151"),
        ("records[0].energy_kwh_0030", "not-number", f"{DOCUMENT}:81, 153"),
    ]
    assert caught.value.raw is not None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "sNaN"])
@every_format
def test_what_decimal_takes_for_a_number_and_is_none_is_an_error(
    value: str, format: Format
) -> None:
    with pytest.raises(UnexpectedReplyError):
        read("get_day_load_profile", format, pwr_qty0015=value)


@every_format
def test_numbers_are_exact_whatever_their_digits(format: Format) -> None:
    number = Decimal("12345678901234567890.123456789012345678901234567890")
    sent: object = number if format == "json" else str(number)
    reply = read("get_day_load_profile", format, pwr_qty0015=sent)
    assert str(reply.records[0].energy_kwh_0015) == str(number)


def test_numbers_written_as_text_are_read_in_json() -> None:
    reply = read("get_day_load_profile", "json", pwr_qty0015="31.50")
    assert reply.records[0].energy_kwh_0015 == Decimal("31.5")
    assert reply.deviations == ()


def test_a_reply_in_the_other_format_is_read_and_listed() -> None:
    body = json.dumps({"custMeterInfoList": [{"custNo": "1", "meter": "2"}]})
    reply = call("sync", responding(body), "list_customer_meters", format="xml")
    assert reply.records[0].meter_number == "2"
    assert brief(reply.deviations)[0].strip() == "other-format"


def read_lists(listed: str) -> Any:
    header = "".join(f"<{name}>{text}</{name}>" for name, text in messages.HEADER.items())
    body = f"<cmmMsgHeader>{header}</cmmMsgHeader>{listed}"
    sent = f"<CustMeterListResponse>{body}</CustMeterListResponse>"
    return call("sync", responding(sent), "list_customer_meters", format="xml")


def test_a_list_of_text_in_xml_is_refused() -> None:
    with pytest.raises(UnexpectedReplyError, match="custMeterInfoList"):
        read_lists("<custMeterInfoList>점검 중입니다</custMeterInfoList>")


def test_a_second_list_in_xml_is_read_and_listed() -> None:
    reply = read_lists("<custMeterInfoList/><custMeterInfoList/>")
    assert brief(reply.deviations) == ["custMeterInfoList repeated-field"]


def test_a_date_in_the_bill_is_a_day_of_month_and_elsewhere_a_date() -> None:
    [bill] = read("get_customer_bill", "json", mr_ymd="01", bill_ym="202409").records
    assert (bill.reading_day, bill.bill_month) == (1, date(2024, 9, 1))
    [day] = read("get_day_load_profile", "json", mr_ymd="20241001").records
    assert day.reading_date == date(2024, 10, 1)
