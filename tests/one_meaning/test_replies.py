"""A status and a body mean the same in every system, but for what its document says of them."""

from typing import Any

import pytest

from gridwright_runtime import errors
from gridwright_runtime.errors import GridwrightError, OutcomeUnknownError, ProviderError

from .support import KINDS, Kind, Wire, outcome, refusal_of, replying
from .systems import SYSTEMS, System

BODIES = {
    "empty": (b"", ""),
    "page": (b"<!DOCTYPE html><html><body>busy</body></html>", "text/html"),
    "braces": (b"{}", "application/json"),
    "text": (b"busy", "text/plain"),
}
STATUSES = (200, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503)
OF_EVERY_SERVICE = {
    401: errors.AuthenticationError,
    403: errors.AuthenticationError,
    429: errors.LimitError,
}

every_kind = pytest.mark.parametrize("kind", KINDS)
every_system = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.id)
every_status = pytest.mark.parametrize("status", STATUSES)
every_writer = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.write], ids=lambda system: system.id
)
every_coded = pytest.mark.parametrize(
    "system", [one for one in SYSTEMS if one.codes is not None], ids=lambda system: system.id
)


def meaning(system: System, status: int, body: str) -> type[GridwrightError]:
    known = system.documented.get(status) or OF_EVERY_SERVICE.get(status)
    if known is not None:
        return known
    if body == "page":
        return errors.HtmlReplyError
    return errors.UnexpectedReplyError if status == 200 else errors.HttpStatusError


@every_kind
@every_status
@every_system
def test_a_reply_without_a_word_of_the_service_means_what_its_status_means(
    system: System, status: int, kind: Kind
) -> None:
    for body, (content, media_type) in BODIES.items():
        wire = Wire(system, replying(status, content, media_type))
        found = outcome(kind, wire, system, system.read)
        assert type(found) is meaning(system, status, body), body


@every_kind
@every_status
@every_writer
def test_a_write_is_in_doubt_unless_the_service_itself_said_no(
    system: System, status: int, kind: Kind
) -> None:
    assert system.write
    for body, (content, media_type) in BODIES.items():
        wire = Wire(system, replying(status, content, media_type))
        found = outcome(kind, wire, system, system.write)
        # Nothing, and a page, may come from something on the way, after the write was carried out.
        if status in system.documented and body not in ("empty", "page"):
            assert type(found) is system.documented[status], body
        else:
            assert type(found) is OutcomeUnknownError, body
            assert len(wire.sent) == 1, body


@every_kind
@every_coded
def test_a_code_that_nobody_explains_means_what_the_status_means(
    system: System, kind: Kind
) -> None:
    refusal = refusal_of(system, system.read, "mock-9999", "mock: no")
    for status in (200, 400, 401, 403, 429, 500, 503):
        found = told(system, status, refusal, kind)
        expected = system.documented.get(status) or OF_EVERY_SERVICE.get(status)
        if system.has_kinds or expected is None:
            expected = errors.RejectedError
        assert type(found) is expected, status
        assert (found.code, found.text, found.http_status) == ("mock-9999", "mock: no", status)


@every_kind
@every_coded
def test_a_code_that_the_document_explains_beats_every_status(system: System, kind: Kind) -> None:
    for code, expected in (system.codes or {}).items():
        refusal = refusal_of(system, system.read, code, "mock: no")
        for status in (200, 400, 401, 403, 429, 500, 503):
            found = told(system, status, refusal, kind)
            assert (type(found), found.code) == (expected, code), status


def told(system: System, status: int, refusal: Any, kind: Kind) -> ProviderError:
    change = replying(status, refusal.content, refusal.headers["content-type"])
    found = outcome(kind, Wire(system, change), system, system.read)
    assert isinstance(found, ProviderError)
    return found


@every_kind
@pytest.mark.parametrize("code", ["Client", "Server"])
def test_a_fault_is_the_word_of_a_soap_service(code: str, kind: Kind) -> None:
    [system] = [one for one in SYSTEMS if one.name == "kansai_kakusyu"]
    assert system.write
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        f"<faultcode>s:{code}</faultcode><faultstring>mock: no</faultstring>"
        "</s:Fault></s:Body></s:Envelope>"
    ).encode()
    expected = errors.SystemFailureError if code == "Server" else errors.SoapFaultError
    for status in (200, 500):
        wire = Wire(system, replying(status, body, "text/xml"))
        found = outcome(kind, wire, system, system.write)
        assert type(found) is expected
        assert len(wire.sent) == 1


@every_kind
@every_system
def test_when_to_try_again_is_said_by_every_limit(system: System, kind: Kind) -> None:
    wire = Wire(system)
    wire.change = lambda response: replying(429, b"busy")(response)
    plain = outcome(kind, wire, system, system.read)
    assert isinstance(plain, errors.LimitError)
    assert plain.retry_at is None

    def limited(response: Any) -> Any:
        found = replying(429, b"busy")(response)
        found.headers["retry-after"] = "120"
        return found

    wire.change = limited
    found = outcome(kind, wire, system, system.read)
    assert isinstance(found, errors.LimitError)
    assert found.retry_at is not None
    assert found.raw is not None and found.raw.received_at is not None
    assert (found.retry_at - found.raw.received_at).total_seconds() == 120


@every_kind
@every_system
def test_a_call_is_named_by_what_its_request_carries(system: System, kind: Kind) -> None:
    wire = Wire(system)
    named = getattr(outcome(kind, wire, system, system.read), "transaction_id", "")
    assert named.encode() in wire.sent[0].content
    assert bool(named) == (system.name in ("epias_ecms", "kansai_kakusyu"))
    wire = Wire(system, replying(429, b"busy"))
    found = outcome(kind, wire, system, system.read)
    assert found.transaction_id.encode() in wire.sent[0].content
    assert bool(found.transaction_id) == bool(named)
    assert not named or f"transaction {found.transaction_id}" in str(found)
