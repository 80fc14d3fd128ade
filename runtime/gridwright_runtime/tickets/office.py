"""Get a service ticket for every attempt of a call, sync and async. Never reads what comes back.

Order of an attempt: the TGT that is kept, or a login, one at a time whatever the number of tasks,
threads and processes; then the ST, asked for last; then the request that carries it, once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from msgspec import structs

from ..call import Failed
from ..clock import Clock
from ..errors import AuthenticationError
from ..message import Hidden, HttpRequest, RawReply
from .counter import Account, Counter
from .exchanges import NoTicket
from .flow import TicketFlow
from .grant import Grant
from .store import TicketStore
from .ticket import Moment, ServiceTicket

if TYPE_CHECKING:
    import anyio

TakenT = TypeVar("TakenT")

__all__ = [
    "AsyncExchange",
    "AsyncTicketOffice",
    "AsyncTicketedCall",
    "Exchange",
    "NoTicket",
    "TicketOffice",
    "TicketedCall",
]

Exchange: TypeAlias = Callable[[HttpRequest, float], RawReply | Failed]
AsyncExchange: TypeAlias = Callable[[HttpRequest, float], Awaitable[RawReply | Failed]]


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


class TicketedCall:
    """One call, with all its attempts; not to be shared between threads."""

    def __init__(self, counter: Counter, exchange: Exchange) -> None:
        self._counter = counter
        self._exchange = exchange

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
            grant = self._grant(refused)
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

    def _grant(self, refused: Grant | None) -> Grant | NoTicket:
        """Return the TGT that is kept, or log in, unless somebody else just does."""
        counter = self._counter
        if (grant := counter.stored(refused)) is not None:
            return grant
        gate = counter.account.gate()
        rounds = gate.rounds
        if not gate.lock.acquire(timeout=min(counter.timeout_seconds, TIMEOUT_MAX)):
            return counter.late()
        try:
            failed = gate.failure_since(rounds, counter.account.login)
            found = self._login(refused) if failed is None else counter.login_failed(failed)
        finally:
            gate.lock.release()
        if isinstance(found, AuthenticationError):
            raise found
        return found

    def _login(self, refused: Grant | None) -> Grant | NoTicket | AuthenticationError:
        counter = self._counter
        release = self._hold()
        if release is None:
            return counter.late()
        try:
            if (grant := counter.stored(refused)) is not None:
                return grant
            counter.clear()
            asked = counter.account.clock.now()
            outcome = self._exchange(counter.login_request(), counter.timeout_seconds)
            return counter.logged_in(outcome, asked, counter.account.gate())
        finally:
            release()

    def _hold(self) -> Callable[[], None] | None:
        """Take the account from all other processes, or give up in time."""
        account, clock = self._counter.account, self._counter.account.clock
        deadline = clock.monotonic() + self._counter.timeout_seconds
        pause = _SHORTEST_PAUSE
        while (release := account.store.try_hold(account.name)) is None:
            if clock.monotonic() >= deadline:
                return None
            clock.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return release


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


class AsyncTicketedCall:
    """The async twin of `TicketedCall`.

    Files are read and written in the event loop, a few hundred bytes on a local disk; waiting for
    another process never blocks it.
    """

    def __init__(self, counter: Counter, exchange: AsyncExchange, queue: anyio.Lock) -> None:
        self._counter = counter
        self._exchange = exchange
        self._queue = queue

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
            grant = await self._grant(refused)
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

    async def _grant(self, refused: Grant | None) -> Grant | NoTicket:
        """Return the TGT that is kept, or log in, unless somebody else just does."""
        counter = self._counter
        if (grant := counter.stored(refused)) is not None:
            return grant
        gate = counter.account.gate()
        rounds = gate.rounds
        async with self._queue:  # among the tasks of this client
            if not await self._poll(lambda: gate.lock.acquire(blocking=False)):
                return counter.late()
            try:
                failed = gate.failure_since(rounds, counter.account.login)
                if failed is None:
                    found = await self._login(refused)
                else:
                    found = counter.login_failed(failed)
            finally:
                gate.lock.release()
        if isinstance(found, AuthenticationError):
            raise found
        return found

    async def _login(self, refused: Grant | None) -> Grant | NoTicket | AuthenticationError:
        counter, account = self._counter, self._counter.account
        release = await self._poll(lambda: account.store.try_hold(account.name))
        if not release:
            return counter.late()
        try:
            if (grant := counter.stored(refused)) is not None:
                return grant
            counter.clear()
            asked = account.clock.now()
            outcome = await self._exchange(counter.login_request(), counter.timeout_seconds)
            return counter.logged_in(outcome, asked, account.gate())
        finally:
            release()

    async def _poll(self, take: Callable[[], TakenT]) -> TakenT | None:
        """Take what other threads or processes may have, or give up in time."""
        from anyio.lowlevel import checkpoint

        clock = self._counter.account.clock
        deadline = clock.monotonic() + self._counter.timeout_seconds
        pause = _SHORTEST_PAUSE
        while not (taken := take()):
            if clock.monotonic() >= deadline:
                return None
            await checkpoint()  # an injected clock need not leave the loop
            await clock.async_sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return taken


def _with_ticket(request: HttpRequest, header: tuple[str, str]) -> HttpRequest:
    return structs.replace(
        request,
        headers=(*request.headers, header),
        sensitive=Hidden((*request.sensitive, header[1])),
    )


_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.1
