"""SOAP 1.1 in and out, two operations at one address: what is accepted, what gets a fault."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import httpx2
import pytest
from lxml import etree

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.faults import soap_fault, system_failure
from gridwright_runtime.multipart.read_whole import read_related
from gridwright_runtime.multipart.write import (
    RelatedPart,
    related_body,
    related_content_type,
)

from .support import (
    CALLS,
    WASHI,
    FixedWorld,
    Refusing,
    broken,
    clock_of,
    http,
    make,
    mock_of,
    play,
)

NAMESPACE = "urn:invented:soap"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
STATE: Mapping[str, object] = {"application_number": "M1", "stage": "<done> & out"}
PHOTO = RelatedPart(
    content=b"\x89PNG\r\n--invented", content_type="image/png", content_id="p1", filename="写真.png"
)


def washi(world: FixedWorld | None = None, **options: Any) -> Any:
    return make(WASHI, CALLS, world=world or FixedWorld(STATE), **options)


def head(service: str, **changed: str | None) -> dict[str, str]:
    fields = {
        "requestID": "1",
        "serviceID": service,
        "timeStamp": "2024-10-05T12:00:00.000+0900",
        "loginID": "demo-login-id",
        "password": "demo-password",
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def envelope(
    service: str = "Jokyo",
    fields: Mapping[str, str] | None = None,
    *,
    header: Mapping[str, str] | None = None,
    namespace: str = NAMESPACE,
    soap: str = SOAP,
) -> bytes:
    """Write an envelope, by hand."""
    block = _elements(head(service) if header is None else header)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{soap}" xmlns:k="{namespace}">'
        f"<s:Header><k:Header>{block}</k:Header></s:Header>"
        f"<s:Body><k:{service}Request>{_elements(fields or {})}</k:{service}Request></s:Body>"
        "</s:Envelope>"
    ).encode()


def _elements(fields: Mapping[str, str]) -> str:
    return "".join(f"<k:{name}>{escape(text)}</k:{name}>" for name, text in fields.items())


def call(app: Any, body: bytes, *, kind: str = "text/xml; charset=UTF-8") -> httpx2.Response:
    with http(app) as client:
        return client.post("/service", content=body, headers={"content-type": kind})


def related(app: Any, body: bytes, parts: Sequence[RelatedPart]) -> httpx2.Response:
    root = RelatedPart(content=body, content_type="text/xml; charset=UTF-8", content_id="root")
    whole = related_body([root, *parts], "edge")
    return call(app, whole, kind=related_content_type("edge", "root"))


def reply_of(response: httpx2.Response) -> dict[str, str]:
    """Return the texts of a SOAP reply or fault by the local name of their elements."""
    root = etree.fromstring(response.content)
    assert root.tag == f"{{{SOAP}}}Envelope"
    return {
        one.tag.rpartition("}")[2]: one.text or ""
        for one in root.iter()
        if isinstance(one.tag, str) and len(one) == 0
    }


def test_the_element_in_the_body_tells_the_operation() -> None:
    world = FixedWorld(STATE)
    app = washi(world)
    response = call(app, envelope("Jokyo", {"uketsukeNo": "M1"}))
    assert (response.status_code, response.headers["content-type"]) == (
        200,
        "text/xml; charset=UTF-8",
    )
    assert reply_of(response) == {"uketsukeNo": "M1", "kotei": "<done> & out"}
    call(app, envelope("Ichiran"))
    assert [name for name, _ in world.asked] == ["get_state", "list_states"]
    assert world.asked[0][1].account == "demo-login-id"


def test_the_reply_is_one_element_of_the_namespace() -> None:
    (body,) = etree.fromstring(call(washi(), envelope()).content)
    (reply,) = body
    assert reply.tag == f"{{{NAMESPACE}}}JokyoReply"
    assert {child.tag.rpartition("}")[0] for child in reply.iter()} == {f"{{{NAMESPACE}"}


def test_codes_decide_the_form_of_a_reply() -> None:
    visit = {**STATE, "stage": "VISIT", "visit_date": "20991231"}
    assert reply_of(call(washi(FixedWorld(visit)), envelope()))["houmonBi"] == "20991231"
    assert "houmonBi" not in reply_of(call(washi(), envelope()))


def test_parts_come_to_the_world_and_back() -> None:
    class Echoing(FixedWorld):
        def answer(self, operation: str, question: Any) -> Any:
            super().answer(operation, question)
            from gridwright_runtime.mock.world import Answer

            return Answer(payload=STATE, attachments=question.attachments)

    response = related(washi(Echoing()), envelope(), [PHOTO])
    found = read_related(response.headers["content-type"], response.content)
    (part,) = found.others
    assert part.content == PHOTO.content
    assert (part.head.content_type, part.head.filename) == ("image/png", "写真.png")


def test_a_part_where_none_is_allowed_is_a_400() -> None:
    response = related(washi(), envelope("Ichiran"), [PHOTO])
    assert (response.status_code, "mock-2005" in response.text) == (400, True)


def test_an_item_that_the_interface_does_not_have_is_a_400() -> None:
    response = call(washi(), envelope("Jokyo", {"other": "1"}))
    assert (response.status_code, "mock-2005" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"loginID": None}, 403, "mock-1001"),
        ({"password": ""}, 403, "mock-1001"),
        ({"loginID": "somebody-else"}, 403, "mock-1002"),
        ({"password": "a-wrong-one"}, 403, "mock-1002"),
        ({"serviceID": "Ichiran"}, 400, "mock-1005"),
        ({"requestID": None}, 400, "mock-2001"),
        ({"timeStamp": " "}, 400, "mock-2001"),
    ],
)
def test_a_header_that_is_not_good_is_refused(
    changed: dict[str, str | None], status: int, code: str
) -> None:
    app = washi()
    response = call(app, envelope(header=head("Jokyo", **changed)))
    assert (response.status_code, code in response.text) == (status, True)
    assert "a-wrong-one" not in response.text + repr(list(mock_of(app).journal))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (envelope(soap="http://www.w3.org/2003/05/soap-envelope"), "VersionMismatch"),
        (envelope(namespace="urn:another"), "Client"),
        (envelope("Another"), "Client"),
        (f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode(), "Client"),
        (
            f'<s:Envelope xmlns:s="{SOAP}" xmlns:k="{NAMESPACE}"><s:Body><k:JokyoRequest/>'
            "</s:Body></s:Envelope>".encode(),
            "Client",
        ),
    ],
)
def test_an_envelope_that_is_another_gets_a_fault(body: bytes, code: str) -> None:
    response = call(washi(), body)
    assert response.status_code == 500
    found = reply_of(response)
    assert found["faultcode"] == f"soap:{code}"
    assert found["faultstring"].startswith("mock: ")


@pytest.mark.parametrize(
    "body", [b"", b"<", b"<html/>", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>']
)
def test_a_body_that_is_no_envelope_is_a_400(body: bytes) -> None:
    for kind in ("text/xml; charset=UTF-8", 'multipart/related; boundary="edge"'):
        assert call(washi(), body, kind=kind).status_code == 400
    assert call(washi(), body, kind="application/json").status_code == 415


def test_what_the_world_refuses_is_a_status_or_stands_in_its_reply() -> None:
    assert call(washi(Refusing("no", "E1", "mock: no")), envelope()).status_code == 400

    class InWords(Refusing):
        def refused(self, operation: str, refusal: Any) -> dict[str, object]:
            return {"stage": refusal.code}

    assert reply_of(call(washi(InWords("no", "E1", "no")), envelope())) == {"kotei": "E1"}


def test_faults_on_demand() -> None:
    app = washi()
    play(app, soap_fault("Server", "mock: <down> & out"))
    response = call(app, envelope())
    assert (response.status_code, reply_of(response)["faultstring"]) == (500, "mock: <down> & out")
    play(app, system_failure())
    assert call(app, envelope()).headers["content-type"].startswith("text/plain")


def test_the_rate_is_measured_and_refused_by_a_fault_on_request() -> None:
    app = washi(when_broken="fault")
    assert call(app, envelope()).status_code == 200
    clock_of(app).advance(0.5)
    response = call(app, envelope("Ichiran"))
    assert reply_of(response)["faultstring"] == "mock: one_a_second: 0.5 s too early"
    assert broken(app) == [("one_a_second", "0.5 s too early")]


def test_the_journal_masks_what_is_personal_and_shows_no_header() -> None:
    app = washi()
    call(app, envelope("Jokyo", {"uketsukeNo": "M1", "hito": "見本太郎"}))
    (entry,) = mock_of(app).journal
    assert entry.parameters == {"uketsukeNo": "M1", "hito": "***"}
    assert (entry.format, entry.outcome) == ("xml", "answered")


def test_a_mock_needs_the_credentials_of_the_header() -> None:
    with pytest.raises(ConfigurationError, match="needs a value of password"):
        washi(credentials={"login_id": "demo-login"})


def test_the_invented_world_speaks_soap() -> None:
    app = make(WASHI, CALLS)
    found = reply_of(call(app, envelope("Jokyo", {"uketsukeNo": "M7"})))
    assert found["uketsukeNo"] == "M7"
    assert found["kotei"]
