"""Serve the operations of a system that wants a ticket for each call: an ASGI application.

It holds the ticket server and the service. For every request: the ticket, the forms of request
and reply, the document's own check of the whole body, then the world. What fails there is refused
in the service's own form, inside HTTP 200, but for a ticket: that is 401 in the same form. Never
invents data, never opens a socket.

No document lists the codes of these refusals. The mock uses codes that no service has:

========== ======================================================
mock-1001  the ticket is missing
mock-1002  the ticket is not known
mock-1003  the ticket was used before
mock-1004  the ticket is too old
mock-1005  the ticket was given for another service
mock-2001  something required is missing, a header pair included
mock-2002  a text or a number is too long
mock-2003  something is not written as the document says
mock-2004  a code is not in its list, or not allowed here
mock-2005  the document does not know a field
mock-9001  a system failure on demand
mock-9002  a security failure on demand
========== ======================================================

Codes from mock-3001 on are the world's. A ``transactionId`` that comes twice is no problem, and
carries the request out twice: the document promises nothing else.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
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
from .body_codec import WireTree, read_request, wire_payload, write_reply
from .body_world import BodyWorld
from .cas import TicketServer
from .exchange import page, read_body, send_reply, wait
from .faults import Fault, Faults
from .journal import Journal, JournalEntry
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
    _refuse_shared_paths(operations)
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
    handler = _page_for(mock)
    application = Starlette(
        routes=[*routes, *server.routes()], exception_handlers={404: handler, 405: handler}
    )
    application.router.redirect_slashes = False
    application.state.mock = mock
    return application


def system_error(code: str = "mock-9001", text: str = "mock: the system has failed") -> Fault:
    """Answer that the system has failed, inside HTTP 200; nothing is carried out."""
    return Fault(name="system error", instead=Refusal("system-error", code, text))


def security_error(code: str = "mock-9002", text: str = "mock: no permission") -> Fault:
    """Answer that there is no permission, inside HTTP 200; nothing is carried out."""
    return Fault(name="security error", instead=Refusal("security-error", code, text))


def lost(*, carried_out: bool) -> Fault:
    """Drop the connection in the middle of the reply, with or without having done the work."""
    instead = None if carried_out else Refusal("lost", "mock-9003", "mock: lost")
    return Fault(name="lost", is_cut_off=True, instead=instead)


class _Answer(NamedTuple):
    """A reply, and what the journal says about it."""

    body: bytes
    format: Format | None = None
    status: int = 200
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
