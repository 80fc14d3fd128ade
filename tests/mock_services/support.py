"""One helper for each boundary: the clock, the applications, requests to them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import httpx2
from lxml import etree
from starlette.applications import Starlette

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.services import ServiceMock, build_service_application
from gridwright_runtime.mock.session_door import SessionServer
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.service.write_multipart import (
    FormPart,
    RelatedPart,
    form_content_type,
    form_pieces,
    related_body,
    related_content_type,
)

from . import systems

NOON = datetime(2024, 10, 5, 3, 0, tzinfo=UTC)
"""Saturday, 12:00 in Tokyo and 10:00 in Bangkok."""
CLOSED = datetime(2024, 10, 5, 16, 30, tzinfo=UTC)
"""Sunday, 01:30 in Tokyo."""
LOGIN = {"login_id": "demo-login", "password": "demo-password"}
ACCOUNT = {
    "client_id": "demo-client",
    "client_secret": "demo-secret",
    "agent_id": "9000000000012",
}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def takusou(**options: Any) -> Starlette:
    return _built("kansai_takusou", systems.TAKUSOU, systems.TAKUSOU_LIMITS, options)


def kakusyu(**options: Any) -> Starlette:
    options.setdefault("credentials", LOGIN)
    return _built("kansai_kakusyu", systems.KAKUSYU, systems.KAKUSYU_LIMITS, options)


def thai(**options: Any) -> Starlette:
    options = {"credentials": ACCOUNT, "session": systems.SESSION, **options}
    return _built("thai_moi_power", systems.THAI, systems.THAI_LIMITS, options)


def mock_of(app: Starlette) -> ServiceMock:
    mock = app.state.mock
    assert isinstance(mock, ServiceMock)
    return mock


def clock_of(app: Starlette) -> ManualClock:
    clock = mock_of(app).clock
    assert isinstance(clock, ManualClock)
    return clock


def sessions_of(app: Starlette) -> SessionServer:
    sessions = mock_of(app).sessions
    assert sessions is not None
    return sessions


def play(app: Starlette, fault: Fault, operation: str | None = None) -> None:
    mock_of(app).faults.add(operation, fault)


def broken(app: Starlette) -> list[tuple[str, str]]:
    """Return the names of broken limits, and by how much they were broken."""
    return [(limit.limit, str(limit.breach)) for limit in mock_of(app).watch.broken]


def http(app: Starlette) -> httpx2.Client:
    return httpx2.Client(transport=MockTransport(app), base_url="http://mock.invalid")


def post(app: Starlette, path: str, body: object) -> httpx2.Response:
    """Post JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with http(app) as client:
        return client.post(path, content=content, headers={"content-type": "application/json"})


def upload(app: Starlette, parts: Sequence[FormPart]) -> httpx2.Response:
    body = b"".join(form_pieces(parts, "edge"))
    with http(app) as client:
        headers = {"content-type": form_content_type("edge")}
        return client.post("/FileTnpu", content=body, headers=headers)


def header(service: str, **changed: str | None) -> dict[str, str]:
    """Return the fields of a SOAP header; None leaves one out."""
    fields: dict[str, str | None] = {
        "requestID": "r-1",
        "serviceID": service,
        "timeStamp": "20241005120000",
        "loginID": LOGIN["login_id"],
        "password": LOGIN["password"],
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def envelope(
    service: str,
    fields: Mapping[str, str],
    *,
    head: Mapping[str, str] | None = None,
    namespace: str = systems.NAMESPACE,
    soap: str = SOAP,
    element: str = "",
) -> bytes:
    """Write an envelope, by hand."""
    told = _elements(header(service) if head is None else head)
    name = element or f"{service}Request"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{soap}" xmlns:k="{namespace}">'
        f"<s:Header><k:Header>{told}</k:Header></s:Header>"
        f"<s:Body><k:{name}>{_elements(fields)}</k:{name}></s:Body></s:Envelope>"
    ).encode()


def call(
    app: Starlette,
    service: str,
    fields: Mapping[str, str] | None = None,
    *,
    parts: Sequence[RelatedPart] = (),
    body: bytes | None = None,
    head: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """Send an envelope as the root of a multipart/related body."""
    root = RelatedPart(
        content=body or envelope(service, fields or {}, head=head),
        content_type="text/xml; charset=UTF-8",
        content_id="root",
    )
    with http(app) as client:
        return client.post(
            f"/{service}",
            content=related_body([root, *parts], "edge"),
            headers={"content-type": related_content_type("edge", "root")},
        )


def reply_of(response: httpx2.Response) -> dict[str, list[str]]:
    """Return the texts of a SOAP reply or fault by the local name of their elements."""
    root = etree.fromstring(response.content)
    assert root.tag == f"{{{SOAP}}}Envelope"
    found: dict[str, list[str]] = {}
    for one in root.iter():
        if isinstance(one.tag, str) and len(one) == 0:
            found.setdefault(one.tag.rpartition("}")[2], []).append(one.text or "")
    return found


def log_in(app: Starlette, **changed: str) -> httpx2.Response:
    given = {**ACCOUNT, **changed}
    with http(app) as client:
        return client.post(
            f"/api/v1/Authenticate/{given['agent_id']}",
            json={"ClientID": given["client_id"], "ClientSecret": given["client_secret"]},
        )


def usage(app: Starlette, citizen: str, token: str | None = None) -> httpx2.Response:
    token = log_in(app).headers["Token"] if token is None else token
    with http(app) as client:
        return client.get(f"/api/v1/PowerCapital/{citizen}", headers={"Token": token})


def _built(system: str, operations: Any, limits: Any, options: dict[str, Any]) -> Starlette:
    options.setdefault("clock", ManualClock(options.pop("now", NOON)))
    options.setdefault("limits", limits)
    return build_service_application(system=system, operations=operations, **options)


def _elements(fields: Mapping[str, str]) -> str:
    return "".join(f"<k:{name}>{escape(text)}</k:{name}>" for name, text in fields.items())
