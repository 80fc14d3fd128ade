"""Serve the operations of a system that wants a ticket for each call: an ASGI application.

It holds the ticket server and the service. For every request: the ticket, the forms of request
and reply, the document's own check of the whole body, then the world. What fails there is refused
in the service's own form, inside HTTP 200, but for a ticket: that is 401 in the same form. Never
invents data, never opens a socket.

No document lists the codes of these refusals. The mock uses codes that no service has:

========== ==================================================================
mock-1001  the ticket is missing
mock-1002  the ticket is not known
mock-1003  the ticket was used before
mock-1004  the ticket is too old
mock-1005  the ticket was given for another service
mock-2001  something required is missing, the identity of a request included
mock-2002  a text or a number is too long
mock-2003  something is not written as the document says
mock-2004  a code is not in its list, or not allowed here
mock-2005  the document does not know a field
mock-9001  a system failure on demand
mock-9002  a security failure on demand
========== ==================================================================

Codes from mock-3001 on are the world's. A ``transactionId`` that comes twice is no problem, and
carries the request out twice: the document promises nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..body import MalformedBody
from ..body_operation import BodyOperation, ResultEnvelope
from ..clock import Clock, SystemClock
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    RejectedError,
    SystemFailureError,
)
from ..operation import Format
from ..problems import Problem
from ..redact import MASK, printable
from ..tickets.flow import TicketFlow
from .body_codec import read_request, wire_payload, write_reply
from .body_world import BodyWorld
from .cas import TicketServer
from .faults import Fault, Faults, lost, security_error, system_error
from .journal import Journal, JournalEntry
from .receiving import headers_of, read_body
from .refusals import bad_body
from .routing import page_for, refuse_shared_paths
from .sending import page, send_reply, wait
from .wire import WireTree
from .world import Refusal
from .worlds.bodies import find_body_world

__all__ = [
    "TicketedMock",
    "build_ticketed_application",
    "lost",
    "security_error",
    "system_error",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketedMock:
    """The mock behind an application: ``app.state.mock``."""

    system: str
    operations: tuple[BodyOperation[Any], ...]
    clock: Clock
    faults: Faults
    journal: Journal
    server: TicketServer
    worlds: Mapping[str, BodyWorld]
    """By environment: what is saved in one is not in another."""

    @property
    def world(self) -> BodyWorld:
        """The world of the first environment: production."""
        return next(iter(self.worlds.values()))


def build_ticketed_application(
    *,
    system: str,
    operations: Sequence[BodyOperation[Any]],
    tickets: TicketFlow,
    path: str,
    users: Mapping[str, str],
    seed: int = 1,
    clock: Clock | None = None,
    journal_size: int = 1000,
) -> Starlette:
    """Build the mock of a system as an ASGI application: ticket server and service.

    All environments are served at once. A request to the host of one of them needs a ticket that
    was given for it; on any other host, such as loopback, the ticket decides whose records it
    is about.

    Args:
        system: the system's id.
        operations: what it serves, each at its own path below ``path``.
        tickets: how tickets are got, and how long they live.
        path: the path of the service, e.g. ``/rest``.
        users: passwords by user name.
        seed: the same seed gives the same stored records.
        clock: what time it is; the machine's clock unless given.
        journal_size: how many requests the journal keeps.

    Returns:
        The application; ``app.state.mock`` is its `TicketedMock`.

    Raises:
        ConfigurationError: two operations share a path.
    """
    clock = clock or SystemClock()
    server = TicketServer(
        users=users,
        services=tickets.service.service.values(),
        clock=clock,
        grant_seconds=tickets.grant.lifetime_seconds,
        counts_from=tickets.grant.counts_from,
        ticket_seconds=tickets.service.lifetime_seconds,
        path=_ticket_path(tickets),
    )
    mock = TicketedMock(
        system=system,
        operations=tuple(operations),
        clock=clock,
        faults=Faults([operation.name for operation in operations]),
        journal=Journal(journal_size),
        server=server,
        worlds={
            environment: find_body_world(
                system, operations=operations, seed=seed, clock=clock, environment=environment
            )
            for environment in tickets.service.service
        },
    )
    refuse_shared_paths(operations)
    door = _Door(tickets, server)
    routes = [
        Route(
            path + operation.path,
            _Endpoint(mock, operation, door),
            methods=[operation.method],
            name=operation.name,
        )
        for operation in operations
    ]
    handler = page_for(mock)
    application = Starlette(
        routes=[*routes, *server.routes()], exception_handlers={404: handler, 405: handler}
    )
    application.router.redirect_slashes = False
    application.state.mock = mock
    return application


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A reply, and what the journal says about it."""

    body: bytes
    media_type: str
    format: Format | None = None
    status: int = 200
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)


class _Asked(NamedTuple):
    """A request as it came."""

    headers: Mapping[str, str]
    body: bytes


class _Door:
    """Lets in whoever has a good ticket, and knows to whose records it leads."""

    __slots__ = ("_hosts", "_server", "_services", "header")

    def __init__(self, tickets: TicketFlow, server: TicketServer) -> None:
        self.header = tickets.header.lower()
        self._server = server
        self._services = dict(tickets.service.service)
        self._hosts = {
            urlsplit(service).hostname: environment
            for environment, service in self._services.items()
        }

    def open(self, headers: Mapping[str, str]) -> str | Refusal:
        """Spend the ticket of a request, and return the environment that it is for."""
        ticket = headers.get(self.header)
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        environment = self._hosts.get(host) or self._environment_of(ticket)
        reason = self._server.consume(ticket, self._services[environment])
        if reason is None:
            return environment
        code, text = _TICKET_REFUSALS[reason]
        return Refusal(f"{reason}-ticket", code, f"mock: {self.header}: {text}")

    def _environment_of(self, ticket: str | None) -> str:
        service = self._server.service_of(ticket)
        names = (name for name, known in self._services.items() if known == service)
        return next(names, next(iter(self._services)))


class _Endpoint:
    """One operation as an ASGI application."""

    __slots__ = ("_door", "_mock", "_operation", "_pairs")

    def __init__(self, mock: TicketedMock, operation: BodyOperation[Any], door: _Door) -> None:
        self._mock = mock
        self._operation = operation
        self._door = door
        pairs = operation.envelope.pairs
        self._pairs = {pair.key: pair.source for pair in pairs.fill} if pairs is not None else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        headers = headers_of(scope)
        fault = self._mock.faults.take(self._operation.name)
        if body is None:
            answer = _page(413, "too-large")
        elif fault is not None and fault.page is not None:
            answer = _page(fault.http_status, "fault", fault.page)
        else:
            answer = self._answer(_Asked(headers, body), fault)
        if fault is not None and fault.http_status != 200:
            answer = replace(answer, status=fault.http_status)
        if fault is not None and fault.rewrite is not None:
            answer = replace(answer, body=fault.rewrite(answer.body))
        self._mock.journal.write(self._entry(scope["method"], answer, fault))
        if fault is not None and fault.delay_seconds:
            await wait(self._mock.clock, scope, fault.delay_seconds)
        await send_reply(
            send,
            answer.status,
            _headers(answer, fault),
            answer.body,
            is_cut_off=fault is not None and fault.is_cut_off,
        )

    def _answer(self, asked: _Asked, fault: Fault | None) -> _Answer:
        found = self._door.open(asked.headers)
        sent = _media_format(asked.headers.get("content-type", ""))
        wanted = _wanted_format(asked.headers.get("accept", ""), sent or "json")
        if isinstance(found, Refusal):
            refused = self._refused(found, wanted or sent or "json", {}, AuthenticationError)
            return replace(refused, status=401)
        if sent is None:
            return _page(415, "unsupported-media-type")
        if wanted is None:
            return _page(406, "not-acceptable")
        try:
            request = read_request(self._operation, asked.body, sent)
        except MalformedBody as error:
            return _page(400, "malformed-body", f"mock: {error}")
        shown = self._shown(request.pairs)
        refusal = self._first_fault(request.pairs, request.problems)
        if refusal is None and fault is not None:
            refusal = fault.instead
        if refusal is None and request.arguments is not None:
            world = self._mock.worlds[found]
            answer = world.answer(self._operation.name, request.arguments)
            if not isinstance(answer, Refusal):
                return self._accepted(answer, wanted, shown, fault)
            refusal = answer
        refusal = refusal or Refusal("malformed", "mock-2003", "mock: the body cannot be read")
        return self._refused(refusal, wanted, shown, _ERRORS.get(refusal.kind, RejectedError))

    def _first_fault(self, pairs: Mapping[str, str], problems: Sequence[Problem]) -> Refusal | None:
        for key, source in self._pairs.items():
            if source == "uuid" and not pairs.get(key, "").strip():
                return Refusal("missing", "mock-2001", f"mock: {key} is missing")
        return bad_body(problems)

    def _shown(self, pairs: Mapping[str, str]) -> Mapping[str, str]:
        # What an option holds may be personal, such as the address of a client.
        return {
            key: printable(value, 100) if self._pairs[key] == "uuid" else MASK
            for key, value in pairs.items()
            if key in self._pairs
        }

    def _accepted(
        self,
        answer: Mapping[str, object],
        format: Format,
        shown: Mapping[str, str],
        fault: Fault | None,
    ) -> _Answer:
        payload = wire_payload(self._operation, answer)
        name = _list_in(payload)
        if name is not None and fault is not None and fault.edit is not None:
            rows: Any = payload[name]
            payload[name] = fault.edit(rows)
        rows = payload[name] if name is not None else []
        envelope = self._operation.envelope
        body = write_reply(
            self._operation,
            format,
            code=_success(envelope, envelope.code),
            message="OK",
            kind=_success(envelope, envelope.kind),
            payload=payload,
        )
        return _Answer(
            body=body,
            media_type=f"application/{format}",
            format=format,
            records=len(rows),
            shown=shown,
        )

    def _refused(
        self,
        refusal: Refusal,
        format: Format,
        shown: Mapping[str, str],
        error: type[ProviderError],
    ) -> _Answer:
        kinds = self._operation.envelope.kinds.items()
        kind = next((wire for wire, known in kinds if known is error), "")
        body = write_reply(
            self._operation, format, code=refusal.code, message=refusal.text, kind=kind
        )
        return _Answer(
            body=body,
            media_type=f"application/{format}",
            format=format,
            outcome=refusal.kind,
            code=refusal.code,
            shown=shown,
        )

    def _entry(self, method: str, answer: _Answer, fault: Fault | None) -> JournalEntry:
        return JournalEntry(
            time=self._mock.clock.now(),
            operation=self._operation.name,
            method=method,
            format=answer.format,
            parameters=answer.shown,
            status=answer.status,
            outcome=answer.outcome,
            code=answer.code,
            records=answer.records,
            fault=fault.name if fault else None,
        )


def _headers(answer: _Answer, fault: Fault | None) -> list[tuple[bytes, bytes]]:
    found = [(b"content-type", f"{answer.media_type};charset=UTF-8".encode())]
    for name, value in fault.headers if fault is not None else ():
        found.append((name.encode(), value.encode()))
    return found


def _list_in(payload: WireTree) -> str | None:
    """Return the name of the list of records, or of the one of values where there is no such."""
    lists = [name for name, value in payload.items() if isinstance(value, list)]
    return lists[0] if lists else None


def _success(envelope: ResultEnvelope, name: str) -> str:
    return envelope.success.get(name, ("",))[0]


def _media_format(content_type: str) -> Format | None:
    return _FORMATS.get(content_type.partition(";")[0].strip().lower())


def _wanted_format(accept: str, sent: Format) -> Format | None:
    """Return the form of the reply: the best of those accepted, else that of the request."""
    best: tuple[float, Format | None] = (0.0, None)
    for item in accept.split(",") if accept.strip() else ["*/*"]:
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        format = sent if name in ("*/*", "application/*") else _FORMATS.get(name)
        weight = float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0
        if format is not None and weight > best[0]:
            best = (weight, format)
    return best[1]


def _page(status: int, outcome: str, text: str = "") -> _Answer:
    body = text.encode() if text.startswith("<") else page(status, text or outcome).body
    return _Answer(body=bytes(body), media_type="text/html", status=status, outcome=outcome)


def _ticket_path(tickets: TicketFlow) -> str:
    paths = {urlsplit(address).path for address in tickets.grant.address.values()}
    if len(paths) != 1:
        raise ConfigurationError("the mock needs one path of the ticket server for all hosts")
    return paths.pop()


_FORMATS: Mapping[str, Format] = {"application/json": "json", "application/xml": "xml"}
_TICKET_REFUSALS = {
    "missing": ("mock-1001", "is missing"),
    "unknown": ("mock-1002", "is not known"),
    "used": ("mock-1003", "was used before"),
    "expired": ("mock-1004", "is too old"),
    "other-service": ("mock-1005", "was given for another service"),
}
_ERRORS: Mapping[str, type[ProviderError]] = {
    "system-error": SystemFailureError,
    "security-error": AuthenticationError,
}
