"""Systems with logins, and invented services that know which results they gave."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx2
from tests.sending.support import (
    HERE,
    Answer,
    Caller,
    FakeClock,
    Kind,
    Transport,
    answered,
    credential,
    operation,
    result,
    system,
    text,
)

from gridwright_runtime.access.store import MemoryLoginStore
from gridwright_runtime.interface import Credential, Part, Step, System
from gridwright_runtime.mock.transport import MockTransport, _run_straight

from .cas import TicketServer

# A session below the service's own address, opened with three credentials.

CLIENT_ID = "INVENTED-client"
SECRET = "INVENTED-secret/with+signs"
AGENT = "2000000000018"

SESSION = Step(
    name="session",
    method="POST",
    address={"": "/Authenticate/{AgentID}"},
    parts={
        "": (
            Part(wire="AgentID", place="path", source=text(credential("agent_id"))),
            Part(wire="ClientID", place="body", source=text(credential("client_id"))),
            Part(wire="ClientSecret", place="body", source=text(credential("client_secret"))),
        )
    },
    encoding="json",
    read={
        "": (
            "header Token",
            "body Token",
            "body data.token",
            "header Authorization",
            "body",
        )
    },
    success_status=200,
    lifetime_seconds=28800,
    refused=(401,),
    never=("Authorized",),
)
SESSION_CREDENTIALS = (
    Credential(name="client_id", environment="SAMPLE_CLIENT_ID"),
    Credential(name="client_secret", environment="SAMPLE_CLIENT_SECRET"),
    Credential(name="agent_id", environment="SAMPLE_AGENT_ID"),
)
TOKEN = Part(wire="Token", place="header", source=text(result("session")))
ASK = operation("ask", TOKEN)
CHANGE = operation("change", TOKEN, kind="write")
OPEN_TO_ALL = operation("open_to_all")


def with_session(step: Step = SESSION, **facts: Any) -> System:
    """Return a system whose calls carry a session."""
    known = {"servers": {"": HERE}, "default_server": "", "credentials": SESSION_CREDENTIALS}
    return system(steps=(step,), **(known | facts))


@dataclass
class SessionService:
    """A service that opens sessions."""

    answers: list[Answer] = field(default_factory=list)
    logins: list[httpx2.Request] = field(default_factory=list)
    login_answers: list[Answer] = field(default_factory=list)
    seen: list[httpx2.Request] = field(default_factory=list)
    alive: set[str] | None = field(default_factory=set)
    """The sessions that are accepted; None: all are."""

    @property
    def transport(self) -> Transport:
        return Transport(self)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        if "/Authenticate/" in request.url.path:
            self.logins.append(request)
            if self.login_answers:
                return answered(self.login_answers.pop(0), request)
            token = f"session-{len(self.logins)}/+="
            if self.alive is not None:
                self.alive.add(token)
            return httpx2.Response(200, json={"Token": token})
        self.seen.append(request)
        if self.alive is not None and request.headers.get("Token") not in self.alive:
            return httpx2.Response(401, json={"status": "no"})
        return answered(self.answers.pop(0) if self.answers else {"value": "good"}, request)

    @property
    def tokens(self) -> list[str | None]:
        return [request.headers.get("Token") for request in self.seen]


def session_caller(kind: Kind, step: Step = SESSION, **options: Any) -> Caller:
    """Return a client of such a service; its logins last from one client to the next."""
    known = {
        "credentials": {"client_id": CLIENT_ID, "client_secret": SECRET, "agent_id": AGENT},
        "login_store": MemoryLoginStore(),
    }
    return Caller(kind, SessionService(), with_session(step), known | options)


# Tickets of a server of their own: one that is kept, and one for each call.

USER = "INVENTED-user+1"
PASSWORD = "INVENTED päss&word/=%41"
SERVICE = "https://service.invalid"
CAS = "https://cas.invalid"
URL = "https://api.invalid"

GRANT = Step(
    name="grant",
    method="POST",
    address={
        "production": f"{CAS}/cas/v1/tickets?format=text",
        "test": "https://testcas.invalid/cas/v1/tickets?format=text",
    },
    parts={
        "": (
            Part(wire="username", place="body", source=text(credential("username"))),
            Part(wire="password", place="body", source=text(credential("password"))),
        )
    },
    encoding="form",
    read={"": ("body", "header Location")},
    success_status=201,
    lifetime_seconds=2700,
    counts_from="last_use",
)


def _asked_for(service: str) -> tuple[Part, ...]:
    return (
        Part(wire="tgt", place="path", source=text(result("grant"))),
        Part(wire="service", place="body", source=text(service)),
    )


TICKET = Step(
    name="ticket",
    method="POST",
    address={
        "production": f"{CAS}/cas/v1/tickets/{{tgt}}",
        "test": "https://testcas.invalid/cas/v1/tickets/{tgt}",
    },
    parts={"production": _asked_for(SERVICE), "test": _asked_for("https://testservice.invalid")},
    encoding="form",
    read={"": ("body",)},
    success_status=200,
    lifetime_seconds=30,
    once=True,
)
TICKET_PART = Part(wire="X-Ticket", place="header", source=text(result("ticket")))
GET_TICKETED = operation("get_ticketed", TICKET_PART)
SAVE_TICKETED = operation("save_ticketed", TICKET_PART, kind="write")


def with_tickets(kept_result: Step = GRANT, ticket: Step = TICKET, **facts: Any) -> System:
    """Return a system whose calls carry a ticket each."""
    known = {
        "servers": {"production": URL, "test": "https://testapi.invalid"},
        "credentials": (
            Credential(name="username", environment="SAMPLE_USER"),
            Credential(name="password", environment="SAMPLE_PASSWORD"),
        ),
    }
    return system(steps=(kept_result, ticket), **(known | facts))


Edit = Callable[[httpx2.Request], httpx2.Response | None]


@dataclass
class TicketService:
    """A ticket server, and a service that takes its tickets."""

    clock: Any = field(default_factory=FakeClock)
    password: str = PASSWORD
    answers: list[Answer] = field(default_factory=list)
    """What the next calls are answered that come with a good ticket."""
    exchanges: list[httpx2.Request] = field(default_factory=list)
    calls: list[str | None] = field(default_factory=list)
    """What was wrong with the ticket of each call; None for nothing."""
    refusals: int = 0
    """How many of the next calls the service refuses, whatever their ticket."""
    edit: Edit = lambda request: None  # a default

    def __post_init__(self) -> None:
        self.server = TicketServer(
            users={USER: self.password}, services=[SERVICE, "other"], clock=self.clock
        )
        self._inner = MockTransport(self.server.application())
        self._inner._run = _run_straight  # it waits for nothing, in whatever loop

    @property
    def transport(self) -> Transport:
        return Transport(self)

    @property
    def seen(self) -> list[httpx2.Request]:
        return [one for one in self.exchanges if "/cas/" not in one.url.path]

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.exchanges.append(request)
        edited = self.edit(request)
        if edited is not None:
            return edited
        if "/cas/" in request.url.path:
            return self._inner.handle_request(request)
        wrong = self.server.consume(request.headers.get("X-Ticket"), SERVICE)
        self.calls.append(wrong)
        if self.refusals:
            self.refusals -= 1
            wrong = "not today"
        if wrong:
            return httpx2.Response(200, json={"code": "access"})
        return answered(self.answers.pop(0) if self.answers else {"value": "served"}, request)


def ticket_caller(
    kind: Kind, service: TicketService | None = None, made: System | None = None, **options: Any
) -> Caller:
    """Return a client of such a service; its logins last from one client to the next."""
    service = service or TicketService()
    known = {
        "credentials": {"username": USER, "password": PASSWORD},
        "login_store": MemoryLoginStore(),
    }
    return Caller(kind, service, made or with_tickets(), known | options, service.clock)


def fields(request: httpx2.Request) -> dict[str, Any]:
    """Return what stands in the body of a request, a form or JSON."""
    if request.headers["Content-Type"] == "application/json":
        found: dict[str, Any] = json.loads(request.content)
        return found
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
