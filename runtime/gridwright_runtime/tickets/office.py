"""Get a service ticket for every attempt of a call, sync and async. Never reads what comes back.

Order of an attempt: the TGT that is kept, or a login, one at a time whatever the number of tasks,
threads and processes; then the ST, asked for last; then the request that carries it, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ..call import Failed
from ..clock import Clock
from ..errors import AuthenticationError
from ..message import Hidden, HttpRequest, RawReply
from .counter import Account, Counter
from .exchanges import NoTicket
from .flow import TicketFlow
from .keeper import AsyncExchange, AsyncKeeper, Exchange, Keeper
from .store import TicketStore
from .ticket import Moment, ServiceTicket

if TYPE_CHECKING:
    import anyio

__all__ = [
    "AsyncExchange",
    "AsyncTicketOffice",
    "AsyncTicketedCall",
    "Exchange",
    "NoTicket",
    "TicketOffice",
    "TicketedCall",
]


class TicketOffice:
    """Where a client gets its tickets; safe to share between threads, with nothing to close.

    Args:
        flow: the procedure.
        system: the system's id, for messages.
        environment: which of the flow's addresses to use.
        username: the user.
        password: goes to the ticket server alone.
        exchange: sends a request, with a timeout in seconds.
        clock: what time it is.
        ticket_url: scheme, host, port and perhaps a path, in place of the document's.
        store: where the TGT is kept; in files of the user unless given.
    """

    def __init__(
        self,
        flow: TicketFlow,
        *,
        system: str,
        environment: str,
        username: str,
        password: str,
        exchange: Exchange,
        clock: Clock,
        ticket_url: str | None = None,
        store: TicketStore | None = None,
    ) -> None:
        self._exchange = exchange
        self._account = Account(
            flow,
            system=system,
            environment=environment,
            username=username,
            password=password,
            clock=clock,
            ticket_url=ticket_url,
            store=store,
        )

    def begin(self, operation: str, *, timeout_seconds: float) -> TicketedCall:
        """Begin a call of an operation; nothing is sent yet."""
        return TicketedCall(Counter(self._account, operation, timeout_seconds), self._exchange)


class TicketedCall(Keeper):
    """One call, with all its attempts; not to be shared between threads."""

    def __init__(self, counter: Counter, exchange: Exchange) -> None:
        super().__init__(counter, exchange)
        self._counter = counter

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show, tickets included."""
        return self._counter.sensitive

    def renew(self) -> bool:
        """Say whether to send again after the service refused the ticket; twice at most."""
        return self._counter.renew()

    def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request with a new ticket, and return what the service answers.

        Raises:
            AuthenticationError: the ticket server refuses user name, password or service.
            ConfigurationError: there is nowhere to keep tickets.
        """
        for _ in range(2):
            ticket = self.service_ticket()
            if isinstance(ticket, NoTicket):
                return ticket
            header = ticket.spend()
            if header is not None:
                return self._exchange(_with_ticket(request, header), self._counter.timeout_seconds)
        return self._counter.too_slow()

    def service_ticket(self) -> ServiceTicket | NoTicket:
        """Return a new ticket; see `send` for errors."""
        counter = self._counter
        refused = counter.take_refused()
        while True:
            grant = self.grant(refused)
            if isinstance(grant, NoTicket):
                return grant
            asked = Moment(counter.account.clock)
            outcome = self._exchange(counter.ticket_request(grant), counter.timeout_seconds)
            ticket = counter.ticket(outcome, asked, grant)
            if isinstance(ticket, AuthenticationError):
                raise ticket
            if ticket is not None:
                return ticket
            refused = grant


class AsyncTicketOffice:
    """The async twin of `TicketOffice`; safe to share between tasks of one loop."""

    def __init__(
        self,
        flow: TicketFlow,
        *,
        system: str,
        environment: str,
        username: str,
        password: str,
        exchange: AsyncExchange,
        clock: Clock,
        ticket_url: str | None = None,
        store: TicketStore | None = None,
    ) -> None:
        self._exchange = exchange
        self._account = Account(
            flow,
            system=system,
            environment=environment,
            username=username,
            password=password,
            clock=clock,
            ticket_url=ticket_url,
            store=store,
        )
        self._queue: anyio.Lock | None = None

    def begin(self, operation: str, *, timeout_seconds: float) -> AsyncTicketedCall:
        """Begin a call of an operation; nothing is sent yet."""
        if self._queue is None:
            import anyio  # comes with httpx2

            self._queue = anyio.Lock()
        counter = Counter(self._account, operation, timeout_seconds)
        return AsyncTicketedCall(counter, self._exchange, self._queue)


class AsyncTicketedCall(AsyncKeeper):
    """The async twin of `TicketedCall`."""

    def __init__(self, counter: Counter, exchange: AsyncExchange, queue: anyio.Lock) -> None:
        super().__init__(counter, exchange, queue)
        self._counter = counter

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show, tickets included."""
        return self._counter.sensitive

    def renew(self) -> bool:
        """Say whether to send again after the service refused the ticket; twice at most."""
        return self._counter.renew()

    async def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request with a new ticket; see `TicketedCall.send`."""
        for _ in range(2):
            ticket = await self.service_ticket()
            if isinstance(ticket, NoTicket):
                return ticket
            header = ticket.spend()
            if header is not None:
                return await self._exchange(
                    _with_ticket(request, header), self._counter.timeout_seconds
                )
        return self._counter.too_slow()

    async def service_ticket(self) -> ServiceTicket | NoTicket:
        """Return a new ticket; see `TicketedCall.send` for errors."""
        counter = self._counter
        refused = counter.take_refused()
        while True:
            grant = await self.grant(refused)
            if isinstance(grant, NoTicket):
                return grant
            asked = Moment(counter.account.clock)
            outcome = await self._exchange(counter.ticket_request(grant), counter.timeout_seconds)
            ticket = counter.ticket(outcome, asked, grant)
            if isinstance(ticket, AuthenticationError):
                raise ticket
            if ticket is not None:
                return ticket
            refused = grant


def _with_ticket(request: HttpRequest, header: tuple[str, str]) -> HttpRequest:
    return structs.replace(
        request,
        headers=(*request.headers, header),
        sensitive=Hidden((*request.sensitive, header[1])),
    )
