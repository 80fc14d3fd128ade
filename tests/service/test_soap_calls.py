import asyncio
import re
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import (
    ClosedHoursError,
    ConfigurationError,
    HtmlReplyError,
    InvalidRequestError,
    NotSubscribedError,
    OutcomeUnknownError,
    SoapFaultError,
    SystemFailureError,
    UndocumentedNameError,
    UnexpectedReplyError,
)
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits, RateLimit
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.service.attachment import Attachment

from .soap_sample import (
    NAMESPACE,
    PROVISIONAL,
    AsyncClient,
    Client,
    StatusOfMeter,
    StatusRequest,
    operation,
)
from .support import ELSEWHERE, HERE, KINDS, FakeClock, Kind, Service, shown

pytestmark = pytest.mark.parametrize("kind", KINDS)

LOGIN, PASSWORD = "INVENTED-login", "INVENTED-pass<&>"
CUSTOMER = "INVENTED person"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(content: str) -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{content}</s:Body></s:Envelope>'.encode()


def answer(content: str, status: int = 200) -> httpx2.Response:
    message = f'<statusReply xmlns="{NAMESPACE}">{content}</statusReply>'
    headers = {"Content-Type": "text/xml; charset=UTF-8"}
    return httpx2.Response(status, headers=headers, content=envelope(message))


def fault(code: str, text: str, status: int = 500) -> httpx2.Response:
    content = f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>{text}</faultstring></s:Fault>"
    return httpx2.Response(status, headers={"Content-Type": "text/xml"}, content=envelope(content))


def call(
    kind: Kind,
    service: Service,
    *attachments: Attachment,
    asked: Any = None,
    number: str = "1",
    parts: Any = None,
    **options: Any,
) -> Any:
    facts: dict[str, Any] = {
        "login_id": LOGIN,
        "password": PASSWORD,
        "ip_address": "192.0.2.1",
        "base_url": HERE,
        "transport": service.transport,
        "clock": FakeClock(),
        "new_id": lambda: "7f1c",
        "new_boundary": lambda: "frontier",
    } | options
    payload = StatusRequest(number=number, customer=CUSTOMER)
    asked = asked or operation()
    if kind == "sync":
        with Client(**facts) as client:
            return client.get_status(asked, payload, parts or attachments)

    async def main() -> Any:
        async with AsyncClient(**facts) as client:
            return await client.get_status(asked, payload, parts or attachments)

    return asyncio.run(main())


def test_the_bytes_of_a_request_are_these(kind: Kind) -> None:
    service = Service(answers=[answer("<kind>1</kind>")])
    call(kind, service)
    [request] = service.seen
    [body] = service.bodies
    assert request.headers["Content-Type"] == (
        'multipart/related; type="text/xml"; start="<envelope.frontier@gridwright>"; '
        'boundary="frontier"'
    )
    assert request.headers["SOAPAction"] == '""'
    assert body.decode() == (
        "--frontier\r\n"
        "Content-Type: text/xml; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-ID: <envelope.frontier@gridwright>\r\n\r\n"
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soapenv:Envelope xmlns:soapenv="{SOAP}"><soapenv:Header>'
        '<header xmlns="urn:sample"><requestID>7f1c</requestID>'
        "<serviceID>H232Provider</serviceID><ipAddress>192.0.2.1</ipAddress>"
        "<timeStamp>2024-10-02T12:04:05.000+0900</timeStamp><loginID>INVENTED-login</loginID>"
        "<password>INVENTED-pass&lt;&amp;&gt;</password></header></soapenv:Header><soapenv:Body>"
        '<statusRequest xmlns="urn:sample"><number>1</number>'
        "<customer>INVENTED person</customer></statusRequest>"
        "</soapenv:Body></soapenv:Envelope>\r\n"
        "--frontier--\r\n"
    )


def test_a_request_that_waited_for_its_turn_tells_the_time_at_which_it_leaves(kind: Kind) -> None:
    store, clock = MemoryLimitStore(), FakeClock()
    rate = Limits((RateLimit(name="a_minute", requests=1, per_seconds=60),))
    service = Service(answers=[answer("<kind>1</kind>")] * 2)
    for _ in range(2):
        call(kind, service, limits=rate, limit_store=store, clock=clock)
    stamps = [re.findall(rb"<timeStamp>(.*)</timeStamp>", body) for body in service.bodies]
    assert stamps == [[b"2024-10-02T12:04:05.000+0900"], [b"2024-10-02T12:05:05.040+0900"]]
    assert [b"<requestID>7f1c</requestID>" in body for body in service.bodies] == [True, True]


def test_an_attachment_that_is_gone_when_it_is_the_calls_turn_gives_the_turn_back(
    kind: Kind, tmp_path: Path
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x")
    store = MemoryLimitStore()

    class Late(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            path.unlink(missing_ok=True)

    clock = Late()
    limits = Limits(
        (
            RateLimit(name="a_minute", requests=1, per_seconds=60),
            ConcurrencyLimit(name="one_at_once", at_most=1),
        )
    )
    facts: dict[str, Any] = {"limits": limits, "limit_store": store, "clock": clock}
    service = Service(answers=[answer("<kind>1</kind>")] * 3)
    call(kind, service, **facts)
    with pytest.raises(InvalidRequestError, match="nothing was sent"):
        call(kind, service, Attachment(content=path), **facts)
    assert clock.seconds == pytest.approx(60, abs=0.1)
    call(kind, service, **facts)
    assert clock.seconds == pytest.approx(120, abs=0.1)
    assert len(service.seen) == 2


def test_attachments_of_a_generator_are_sent_by_a_request_that_waited(kind: Kind) -> None:
    store, clock = MemoryLimitStore(), FakeClock()
    rate = Limits((RateLimit(name="a_minute", requests=1, per_seconds=60),))
    service = Service(answers=[answer("<kind>1</kind>")] * 2)
    for _ in range(2):
        parts = (Attachment(content=content) for content in (b"drawing",))
        call(kind, service, parts=parts, limits=rate, limit_store=store, clock=clock)
    assert [b"drawing" in body for body in service.bodies] == [True, True]


def test_a_reply_is_a_record_with_its_request_id(kind: Kind) -> None:
    content = "<kind>meter</kind><cost>100</cost><meter>M</meter><entry>a</entry>"
    result = call(kind, Service(answers=[answer(content)]))
    assert result.body == StatusOfMeter(kind="meter", cost_jpy=100, meter="M", entries=["a"])
    assert result.transaction_id == "7f1c"
    assert result.deviations == ()


def test_deviations_of_envelope_and_items_are_listed(kind: Kind) -> None:
    content = f'<other xmlns="{NAMESPACE}"><kind>far too long</kind><new>1</new></other>'
    response = httpx2.Response(200, content=envelope(content))
    result = call(kind, Service(answers=[response]))
    assert [d.rule for d in result.deviations] == ["other-element", "too-long", "unknown-field"]


def test_attachments_travel_both_ways(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF")
    root = answer("<kind>1</kind>").content
    picture = b"\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <p1>\r\n\r\npixels\r\n--x--"
    parts = b"--x\r\nContent-Type: text/xml\r\n\r\n" + root + picture
    headers = {"Content-Type": 'multipart/related; type="text/xml"; boundary="x"'}
    service = Service(answers=[httpx2.Response(200, headers=headers, content=parts)])
    sent = Attachment(content=path, content_type="application/pdf", filename="図.pdf")
    result = call(kind, service, sent)
    assert result.body.kind == "1"
    [part] = result.attachments
    assert (part.content, part.content_type, part.content_id) == (b"pixels", "image/png", "p1")
    assert b"%PDF" in service.bodies[0]
    assert "図.pdf".encode() in service.bodies[0]


def test_an_attachment_that_cannot_be_read_is_a_problem(kind: Kind, tmp_path: Path) -> None:
    service = Service()
    bad = [
        Attachment(content=tmp_path / "INVENTED-gone"),
        Attachment(content=b"x", filename="a\r\nb"),
        Attachment(content="x"),  # type: ignore[arg-type]  # on purpose
        Attachment(content=b"x", content_type="図面"),
        Attachment(content=b"x", content_id="a> <b"),
        Attachment(content=b"x", content_id="same"),
        Attachment(content=b"x", content_id="same"),
    ]
    with pytest.raises(InvalidRequestError) as caught:
        call(kind, service, *bad, number="too long a number")
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("number", "too-long"),
        ("attachments[0]", "unreadable"),
        ("attachments[1]", "control-character"),
        ("attachments[2]", "wrong-type"),
        ("attachments[3]", "not-text"),
        ("attachments[4]", "not-text"),
        ("attachments[6]", "repeated-field"),
    ]
    assert "INVENTED" not in str(caught.value)
    assert service.seen == []


def test_no_credential_is_among_the_variables_of_a_traceback(kind: Kind) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        call(kind, Service(), number="too long a number")
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in trace.stack if "/gridwright_runtime/" in frame.filename]
    assert ours
    for frame in ours:
        for value in (frame.locals or {}).values():
            assert LOGIN not in value
            assert PASSWORD not in value


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("Client", SoapFaultError),
        ("Client.Authentication", SoapFaultError),
        ("Server", SystemFailureError),
        ("Server.Busy", SystemFailureError),
        ("VersionMismatch", SoapFaultError),
    ],
)
def test_a_fault_is_an_error_whatever_the_status(
    kind: Kind, status: int, code: str, error: type[Exception]
) -> None:
    service = Service(answers=[fault(code, f"no {CUSTOMER}, {LOGIN}", status)])
    with pytest.raises(error) as caught:
        call(kind, service)
    found: Any = caught.value
    assert (found.code, found.text) == (code, f"no {CUSTOMER}, {LOGIN}")
    assert found.transaction_id == "7f1c"
    for secret in (CUSTOMER, LOGIN, PASSWORD):
        assert secret not in shown(found)


@pytest.mark.parametrize(("status", "error"), [(403, NotSubscribedError), (503, ClosedHoursError)])
@pytest.mark.parametrize("code", ["Client", "Server"])
def test_a_fault_beside_a_status_that_says_more_gives_the_reason(
    kind: Kind, status: int, error: type[Exception], code: str
) -> None:
    with pytest.raises(error) as caught:
        call(kind, Service(answers=[fault(code, "maintenance", status)] * 3))
    found: Any = caught.value
    assert (found.code, found.text, found.http_status) == (code, "maintenance", status)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx2.Response(403, text="<html>no</html>"), NotSubscribedError),
        (httpx2.Response(503), ClosedHoursError),
        (httpx2.Response(200, text="<html>no</html>"), HtmlReplyError),
        (httpx2.Response(200), UnexpectedReplyError),
        (httpx2.Response(200, json={"kind": "1"}), UnexpectedReplyError),
        (httpx2.Response(200, content=b"<kind>1</kind>"), UnexpectedReplyError),
        (httpx2.Response(200, content=envelope("")), UnexpectedReplyError),
        (httpx2.Response(200, content=envelope("<a><b/></a>")[:-9]), UnexpectedReplyError),
    ],
)
def test_other_answers_become_their_errors(
    kind: Kind, response: httpx2.Response, error: type[Exception]
) -> None:
    with pytest.raises(error):
        call(kind, Service(answers=[response] * 3))


def test_entities_are_not_resolved(kind: Kind) -> None:
    body = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + envelope("<a>&x;</a>")
    with pytest.raises(UnexpectedReplyError):
        call(kind, Service(answers=[httpx2.Response(200, content=body)]))


def test_a_write_of_unknown_outcome_names_its_request(kind: Kind) -> None:
    service = Service(answers=[httpx2.ReadError("cut")])
    with pytest.raises(OutcomeUnknownError, match="7f1c") as caught:
        call(kind, service, asked=operation(kind="write"))
    assert caught.value.transaction_id == "7f1c"
    assert len(service.seen) == 1


def test_a_provisional_namespace_goes_to_this_machine_alone(kind: Kind) -> None:
    service = Service(answers=[answer("<kind>1</kind>")])
    call(kind, service, asked=operation(PROVISIONAL))
    with pytest.raises(UndocumentedNameError, match="namespace"):
        call(kind, service, asked=operation(PROVISIONAL), base_url=ELSEWHERE)
    assert len(service.seen) == 1


def test_what_every_request_carries_must_be_given(kind: Kind) -> None:
    with pytest.raises(ConfigurationError, match="ip_address=…"):
        call(kind, Service(), ip_address=None)
