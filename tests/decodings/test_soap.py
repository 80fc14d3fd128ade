"""Replies in SOAP envelopes: messages bound to a schema, faults of both versions, and other XML."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    ClosedHoursError,
    SoapFaultError,
    SystemFailureError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import ErrorMeaning, SoapSpec, Variant

from .support import (
    LIST,
    NO_ERROR,
    PAGE,
    MeterStatus,
    Page,
    Row,
    Status,
    envelope,
    error_of,
    operation,
    read,
    refused,
    rules,
    to_json,
    to_xml,
)

NAMESPACE = "urn:example:works"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"


LISTED = {"type": "Element", "namespace": NAMESPACE}


@dataclass(kw_only=True)
class RowType:
    id: str | None = field(default=None, metadata=LISTED)
    kwh: str | None = field(default=None, metadata=LISTED)
    estimated: str | None = field(default=None, metadata=LISTED)


@dataclass(kw_only=True)
class PageMessage:
    class Meta:
        name = "pageReply"
        namespace = NAMESPACE

    title: str | None = field(default=None, metadata=LISTED)
    rows: list[RowType] = field(default_factory=list, metadata=LISTED)
    numbers: list[str] = field(default_factory=list, metadata=LISTED)
    error: str | None = field(default=None, metadata=LISTED)
    detail: str | None = field(default=None, metadata=LISTED)


@dataclass(kw_only=True)
class StatusMessage:
    class Meta:
        name = "statusReply"
        namespace = NAMESPACE

    kind: str | None = field(default=None, metadata=LISTED)
    meter: str | None = field(default=None, metadata=LISTED)


@dataclass(kw_only=True)
class RowsMessage:
    class Meta:
        name = "rowsReply"
        namespace = NAMESPACE

    rows: list[RowType] = field(default_factory=list, metadata=LISTED)


def soap(reply: type[Any]) -> SoapSpec:
    return SoapSpec(namespace=NAMESPACE, request=reply, reply=reply, header=reply)


PAGE_CALL = operation(
    shape="record", model=Page, payload=(), verdict=NO_ERROR, soap=soap(PageMessage),
    statuses={503: ErrorMeaning(ClosedHoursError, "the service is closed")},
)  # fmt: skip
STATUS_CALL = operation(
    shape="record", model=Status, payload=(), soap=soap(StatusMessage),
    variants=(Variant(when={"kind": ("01",)}, model=MeterStatus),),
)  # fmt: skip


def message(content: str, name: str = "pageReply") -> bytes:
    return envelope(f'<{name} xmlns="{NAMESPACE}">{content}</{name}>'.encode())


def fault(code: str = "Client", text: str = "入力エラー") -> bytes:
    return envelope(
        f"<e:Fault><faultcode>e:{code}</faultcode><faultstring>{text}</faultstring>"
        "<detail><secret>x</secret></detail></e:Fault>".encode()
    )


def fault_12(code: str = "Sender", text: str = "入力エラー") -> bytes:
    return envelope(
        f"<e:Fault><e:Code><e:Value>e:{code}</e:Value></e:Code>"
        f'<e:Reason><e:Text xml:lang="ja">{text}</e:Text></e:Reason></e:Fault>'.encode(),
        SOAP_12,
    )


def test_a_message_is_read_as_its_schema_has_it() -> None:
    result = read(PAGE_CALL, message("<title>x</title><rows><id>1</id><kwh>1.50</kwh></rows>"))
    assert result.body == Page(
        title="x", rows=[Row(row_id=1, energy_kwh=Decimal("1.5"))], numbers=[]
    )
    assert result.deviations == ()


def test_a_code_decides_the_form_of_a_message() -> None:
    body = message("<kind>01</kind><meter>M1</meter>", "statusReply")
    assert read(STATUS_CALL, body).body == MeterStatus(kind="01", meter="M1")


def test_names_count_without_their_prefixes() -> None:
    sent = f'<n:pageReply xmlns:n="{NAMESPACE}"><n:title>x</n:title></n:pageReply>'
    assert read(PAGE_CALL, envelope(sent.encode())).body.title == "x"


def test_another_element_is_read_and_listed() -> None:
    body = envelope(b"<other><title>x</title></other>")
    result = read(PAGE_CALL, body)
    assert result.body.title == "x"
    assert rules(result) == [" other-element"]


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("sent", "error", "code"),
    [
        (fault(), SoapFaultError, "Client"),
        (fault("Server.Busy"), SystemFailureError, "Server.Busy"),
        (fault_12(), SoapFaultError, "Sender"),
        (fault_12("Receiver"), SystemFailureError, "Receiver"),
    ],
)
@pytest.mark.parametrize("called", [PAGE_CALL, STATUS_CALL, PAGE, LIST], ids=range(4))
def test_a_fault_of_either_version_keeps_code_and_reason(
    called: Any, sent: bytes, error: type[Any], code: str, status: int
) -> None:
    outcome = refused(called, sent, "xml", status=status)
    found: Any = outcome.error
    assert type(found) is error
    assert (found.code, found.text) == (code, "入力エラー")
    assert "secret" not in str(found)
    assert outcome.is_own_word


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (503, ClosedHoursError)])
def test_a_status_that_says_more_than_a_fault_takes_its_reason(
    status: int, error: type[Any]
) -> None:
    outcome = refused(PAGE_CALL, fault(), status=status)
    found: Any = outcome.error
    assert type(found) is error
    assert (found.code, found.text) == ("Client", "入力エラー")
    assert outcome.is_own_word


def test_a_message_of_the_newer_version_is_read_and_listed() -> None:
    sent = f'<pageReply xmlns="{NAMESPACE}"><title>x</title></pageReply>'
    result = read(PAGE_CALL, envelope(sent.encode(), SOAP_12))
    assert result.body.title == "x"
    assert rules(result) == [" other-format"]


def test_json_in_place_of_an_envelope_is_read_and_listed() -> None:
    result = read(PAGE_CALL, to_json({"title": "x"}), "xml")
    assert result.body.title == "x"
    assert rules(result) == [" other-format"]


def test_the_verdict_of_a_message_is_heeded() -> None:
    error = error_of(PAGE_CALL, message("<error>E1</error><detail>no</detail>"))
    assert error.text == "no"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<a/>", "no envelope of SOAP 1.1"),
        (envelope(b""), "holds no message"),
        (envelope(b"<a/>")[:-9], "malformed or cut off"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]>' + envelope(b"<a>&x;</a>"), "document type"),
        (envelope(b"<a>&x;</a>"), "malformed"),
        (envelope(b"<other><thing>1</thing></other>"), "no item"),
        (b"plain", "neither JSON nor XML"),
    ],
)
def test_what_is_no_reply_says_so(body: bytes, words: str) -> None:
    error = error_of(PAGE_CALL, body, "xml")
    assert type(error) is UnexpectedReplyError
    assert words in str(error)


def test_an_item_that_is_there_twice_is_refused_as_in_other_xml() -> None:
    error = error_of(PAGE_CALL, message("<title>a</title><title>b</title>"))
    assert isinstance(error, UnexpectedReplyError)
    assert [(one.path, one.rule) for one in error.problems] == [("title", "repeated-field")]


def test_control_characters_are_put_right_and_reported() -> None:
    result = read(PAGE_CALL, message("<title>a\x01b</title>"))
    assert result.body.title == "a\ufffdb"
    assert rules(result) == [" control-character"]


def test_a_value_in_pieces_loses_nothing() -> None:
    body = message("<rows><kwh>12<?x?>3<!-- y -->4</kwh></rows>")
    assert read(PAGE_CALL, body).body.rows[0].energy_kwh == 1234


def test_an_envelope_may_come_with_further_parts() -> None:
    parts = (
        b"--b\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <root>\r\n\r\n"
        + message("<title>x</title>")
        + b"\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <one>\r\n\r\n\x00\xff\r\n--b--\r\n"
    )
    kind = 'multipart/related; boundary=b; type="text/xml"; start="<root>"'
    result = read(PAGE_CALL, parts, "xml", content_type=kind)
    assert result.body.title == "x"
    assert [part.content for part in result.attachments] == [b"\x00\xff"]
    assert result.deviations == ()
    error = error_of(PAGE_CALL, parts[:-9], "xml", content_type=kind)
    assert type(error) is UnexpectedReplyError


def test_a_list_may_come_in_an_envelope() -> None:
    called = operation(model=Row, payload=("rows",), item="", soap=soap(RowsMessage))
    reply = read(called, message("<rows><id>1</id></rows><rows><id>2</id></rows>", "rowsReply"))
    assert [row.row_id for row in reply.records] == [1, 2]
    assert read(called, message("", "rowsReply")).records == []


def test_a_message_of_empty_elements_is_refused_before_it_is_read() -> None:
    body = message("<a/>" * 500_000)
    assert "too many elements" in str(error_of(PAGE_CALL, body))


def test_plain_xml_is_read_where_no_envelope_is_documented() -> None:
    tree = {"code": "0", "type": "OK", "body": {"title": "Envelope"}}
    assert read(PAGE, to_xml(tree), "xml").body.title == "Envelope"
