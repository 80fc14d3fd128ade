"""Use the ticket that is kept, or log in, one at a time whatever the threads, tasks, processes.

Sync and async; what is asked and what an answer means is the desk's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from threading import TIMEOUT_MAX
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from ..call import Failed
from ..clock import Clock
from ..errors import AuthenticationError
from ..message import HttpRequest, RawReply
from .exchanges import NoTicket
from .gate import Gate, Login
from .grant import Grant
from .store import TicketStore

if TYPE_CHECKING:
    import anyio

__all__ = ["AsyncExchange", "AsyncKeeper", "Desk", "Exchange", "Keeper"]

TakenT = TypeVar("TakenT")

Exchange: TypeAlias = Callable[[HttpRequest, float], RawReply | Failed]
AsyncExchange: TypeAlias = Callable[[HttpRequest, float], Awaitable[RawReply | Failed]]


class KeptAccount(Protocol):
    """Who logs in where, and where the ticket is kept."""

    @property
    def name(self) -> str:
        """What the store knows it by."""

    @property
    def login(self) -> Login:
        """Who logs in."""

    @property
    def clock(self) -> Clock:
        """What time it is."""

    @property
    def store(self) -> TicketStore:
        """Where the ticket is kept."""

    def gate(self) -> Gate:
        """Return what lets one login through at a time in this process."""


class Desk(Protocol):
    """What one call knows about its login; never sends and never waits."""

    timeout_seconds: float

    @property
    def account(self) -> KeptAccount:
        """Who logs in."""

    def stored(self, refused: Grant | None) -> Grant | None:
        """Return the ticket that is kept, if it may be used and is not the one refused."""

    def clear(self) -> None:
        """Save that there is no ticket."""

    def login_request(self) -> HttpRequest:
        """Ask for a ticket."""

    def logged_in(
        self, outcome: RawReply | Failed, asked: datetime, gate: Gate
    ) -> Grant | NoTicket | AuthenticationError:
        """Keep the ticket of a login."""

    def login_failed(self, outcome: RawReply | Failed) -> NoTicket | AuthenticationError:
        """Say what a failed login means."""

    def late(self) -> NoTicket:
        """Say that another login took too long."""


class Keeper:
    """One call's way to the ticket that is kept; not to be shared between threads."""

    def __init__(self, desk: Desk, exchange: Exchange) -> None:
        self._desk = desk
        self._exchange = exchange

    def grant(self, refused: Grant | None) -> Grant | NoTicket:
        """Return the ticket that is kept, or log in, unless somebody else just does.

        Raises:
            AuthenticationError: the login is refused.
            ConfigurationError: there is nowhere to keep tickets.
        """
        desk = self._desk
        if (grant := desk.stored(refused)) is not None:
            return grant
        gate = desk.account.gate()
        rounds = gate.rounds
        if not gate.lock.acquire(timeout=min(desk.timeout_seconds, TIMEOUT_MAX)):
            return desk.late()
        try:
            failed = gate.failure_since(rounds, desk.account.login)
            found = self._login(refused) if failed is None else desk.login_failed(failed)
        finally:
            gate.lock.release()
        if isinstance(found, AuthenticationError):
            raise found
        return found

    def _login(self, refused: Grant | None) -> Grant | NoTicket | AuthenticationError:
        desk = self._desk
        release = self._hold()
        if release is None:
            return desk.late()
        try:
            if (grant := desk.stored(refused)) is not None:
                return grant
            desk.clear()
            asked = desk.account.clock.now()
            outcome = self._exchange(desk.login_request(), desk.timeout_seconds)
            return desk.logged_in(outcome, asked, desk.account.gate())
        finally:
            release()

    def _hold(self) -> Callable[[], None] | None:
        """Take the account from all other processes, or give up in time."""
        account, clock = self._desk.account, self._desk.account.clock
        deadline = clock.monotonic() + self._desk.timeout_seconds
        pause = _SHORTEST_PAUSE
        while (release := account.store.try_hold(account.name)) is None:
            if clock.monotonic() >= deadline:
                return None
            clock.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return release


class AsyncKeeper:
    """The async twin of `Keeper`.

    Files are read and written in the event loop, a few hundred bytes on a local disk; waiting for
    another process never blocks it.
    """

    def __init__(self, desk: Desk, exchange: AsyncExchange, queue: anyio.Lock) -> None:
        self._desk = desk
        self._exchange = exchange
        self._queue = queue

    async def grant(self, refused: Grant | None) -> Grant | NoTicket:
        """Return the ticket that is kept, or log in; see `Keeper.grant`."""
        desk = self._desk
        if (grant := desk.stored(refused)) is not None:
            return grant
        gate = desk.account.gate()
        rounds = gate.rounds
        async with self._queue:  # among the tasks of this client
            if not await self._poll(lambda: gate.lock.acquire(blocking=False)):
                return desk.late()
            try:
                failed = gate.failure_since(rounds, desk.account.login)
                if failed is None:
                    found = await self._login(refused)
                else:
                    found = desk.login_failed(failed)
            finally:
                gate.lock.release()
        if isinstance(found, AuthenticationError):
            raise found
        return found

    async def _login(self, refused: Grant | None) -> Grant | NoTicket | AuthenticationError:
        desk, account = self._desk, self._desk.account
        release = await self._poll(lambda: account.store.try_hold(account.name))
        if not release:
            return desk.late()
        try:
            if (grant := desk.stored(refused)) is not None:
                return grant
            desk.clear()
            asked = account.clock.now()
            outcome = await self._exchange(desk.login_request(), desk.timeout_seconds)
            return desk.logged_in(outcome, asked, account.gate())
        finally:
            release()

    async def _poll(self, take: Callable[[], TakenT]) -> TakenT | None:
        """Take what other threads or processes may have, or give up in time."""
        from anyio.lowlevel import checkpoint

        clock = self._desk.account.clock
        deadline = clock.monotonic() + self._desk.timeout_seconds
        pause = _SHORTEST_PAUSE
        while not (taken := take()):
            if clock.monotonic() >= deadline:
                return None
            await checkpoint()  # an injected clock need not leave the loop
            await clock.async_sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        return taken


_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.1
