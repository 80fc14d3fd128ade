"""The ticket server of a mock: logins and service tickets with the lifetimes of the real one.

Follows the EPIAS document and field notes F18 and F19; where both are silent, the replies are
those of Apereo CAS. Tickets are random even where other data come from a seed: a ticket that a
client kept from an earlier run must not be good in this one.
"""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from threading import Lock
from typing import Literal
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from gridwright_runtime.clock import Clock, SystemClock
from gridwright_runtime.mock.serving.sending import wait

__all__ = ["TicketServer"]


@dataclass(slots=True)
class _Grant:
    username: str
    used_at: datetime


@dataclass(slots=True)
class _Ticket:
    service: str
    issued_at: datetime
    is_used: bool = False


class TicketServer:
    """Gives tickets and takes them back; safe to share between threads.

    Args:
        users: passwords by user name.
        services: the names that tickets are given for.
        clock: what time it is; the machine's clock unless given.
        grant_seconds: how long a ticket-granting ticket (TGT) lives.
        counts_from: since when: its issue, or the last service ticket that it gave (F18).
        ticket_seconds: how long a service ticket (ST) lives.
        path: where logins are posted to.
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str],
        services: Collection[str],
        clock: Clock | None = None,
        grant_seconds: float = 2700,
        counts_from: Literal["issue", "last_use"] = "last_use",
        ticket_seconds: float = 30,
        path: str = "/cas/v1/tickets",
    ) -> None:
        self._users = dict(users)
        self._services = frozenset(services)
        self._clock = clock or SystemClock()
        self._grant_seconds = grant_seconds
        self._counts_from = counts_from
        self._ticket_seconds = ticket_seconds
        self._path = path
        self._lock = Lock()
        self._grants: dict[str, _Grant] = {}
        self._tickets: OrderedDict[str, _Ticket] = OrderedDict()
        self._failures: list[tuple[int, dict[str, str]]] = []
        self.logins = 0
        """How many TGTs were given."""
        self.refused_logins = 0
        self.tickets = 0
        """How many STs were given."""
        self.consumed = 0
        """How many STs were spent well."""
        self.login_seconds = 0.0
        """How long a login takes."""

    def routes(self) -> list[Route]:
        """Return the routes of the ticket server, to stand beside those of a service."""
        return [
            Route(self._path, self._log_in, methods=["POST"], name="ticket-granting-ticket"),
            Route(f"{self._path}/{{tgt}}", self._give, methods=["POST"], name="service-ticket"),
        ]

    def application(self) -> Starlette:
        """Return the ticket server alone, as an ASGI application."""
        return Starlette(routes=self.routes())

    def consume(self, ticket: str | None, service: str) -> str | None:
        """Spend an ST for a service.

        Returns:
            None when it is good; otherwise what is wrong with it: ``missing``, ``unknown``,
            ``used``, ``expired`` or ``other-service``. It is spent in any case.
        """
        if not ticket:
            return "missing"
        with self._lock:
            found = self._tickets.get(ticket)
            if found is None:
                return "unknown"
            was_used, found.is_used = found.is_used, True
            if was_used:
                return "used"
            if self._age(found.issued_at) > self._ticket_seconds:
                return "expired"
            if found.service != service:
                return "other-service"
            self.consumed += 1
        return None

    def service_of(self, ticket: str | None) -> str | None:
        """Return the service that an ST was given for, None where it is not known."""
        with self._lock:
            found = self._tickets.get(ticket or "")
        return None if found is None else found.service

    def fail(self, status: int, *, times: int = 1, retry_after_seconds: int | None = None) -> None:
        """Answer the next requests with a status of failure, whatever they ask for."""
        headers = {} if retry_after_seconds is None else {"Retry-After": str(retry_after_seconds)}
        self._failures.extend([(status, headers)] * times)

    def forget(self) -> None:
        """Forget all tickets, as after a restart; the counts stay."""
        with self._lock:
            self._grants.clear()
            self._tickets.clear()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.logins} logins, {self.tickets} tickets>"

    async def _log_in(self, request: Request) -> Response:
        form = _form(await request.body())
        if (failure := self._failure()) is not None:
            return failure
        if self.login_seconds:
            await wait(self._clock, request.scope, self.login_seconds)
        username = form.get("username", "")
        with self._lock:
            if not self._knows(username, form.get("password", "")):
                self.refused_logins += 1
                # 400 where one would expect 401 (F19)
                return PlainTextResponse("mock: wrong user name or password", 400)
            self.logins += 1
            ticket = f"TGT-{self.logins}-{secrets.token_urlsafe(30)}-mock-cas01"
            self._grants[ticket] = _Grant(username, self._clock.now())
        address = str(request.url.replace(path=f"{self._path}/{ticket}", query=""))
        headers = {"Location": address}
        if request.query_params.get("format") == "text":
            return PlainTextResponse(ticket, 201, headers)
        return HTMLResponse(_page(address), 201, headers)

    async def _give(self, request: Request) -> Response:
        form = _form(await request.body())
        if (failure := self._failure()) is not None:
            return failure
        name = request.path_params["tgt"]
        service = form.get("service", "")
        with self._lock:
            grant = self._grants.get(name)
            if grant is not None and self._age(grant.used_at) > self._grant_seconds:
                del self._grants[name]
                grant = None
            if grant is None:
                # Apereo CAS quotes the ticket in its reply.
                text = f"{name} could not be found or is considered invalid"
                return PlainTextResponse(text, 404)
            if service not in self._services:
                return PlainTextResponse("mock: no such service", 400)
            if self._counts_from == "last_use":
                grant.used_at = self._clock.now()
            return PlainTextResponse(self._new_ticket(service))

    def _new_ticket(self, service: str) -> str:
        self.tickets += 1
        ticket = f"ST-{self.tickets}-{secrets.token_urlsafe(15)}-mock-cas01"
        self._tickets[ticket] = _Ticket(service, self._clock.now())
        while len(self._tickets) > _MOST_TICKETS:
            self._tickets.popitem(last=False)
        return ticket

    def _knows(self, username: str, password: str) -> bool:
        expected = self._users.get(username)
        given = password.encode("utf-8", "replace")
        return expected is not None and hmac.compare_digest(given, expected.encode())

    def _age(self, since: datetime) -> float:
        return (self._clock.now() - since).total_seconds()

    def _failure(self) -> Response | None:
        with self._lock:
            if not self._failures:
                return None
            status, headers = self._failures.pop(0)
        return PlainTextResponse(f"mock: failure {status}", status, headers)


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))
    except ValueError:  # more fields than a login has
        return {}


def _page(address: str) -> str:
    """Return what CAS answers to a client that does not ask for text."""
    return (
        "<!DOCTYPE html><html><head><title>201 Created</title></head><body><h1>TGT Created</h1>"
        f'<form action="{escape(address)}" method="POST">Service:'
        '<input type="text" name="service" value=""><br><input type="submit" value="Submit">'
        "</form></body></html>"
    )


_MOST_TICKETS = 10_000
