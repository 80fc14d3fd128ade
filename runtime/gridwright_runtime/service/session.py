"""Send the calls of a client with its session, sync and async. Never reads what comes back.

Order of an attempt: the session that is kept, or a login, one at a time whatever the number of
tasks, threads and processes; then the request that carries it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import structs

from ..call import Failed
from ..message import Hidden, HttpRequest, RawReply
from ..tickets.exchanges import NoTicket
from ..tickets.keeper import AsyncExchange, AsyncKeeper, Exchange, Keeper
from .session_desk import SessionDesk

if TYPE_CHECKING:
    import anyio

__all__ = ["AsyncDoor", "AsyncOpenDoor", "AsyncSessionCall", "Door", "OpenDoor", "SessionCall"]


class Door(Protocol):
    """How a call gets in: with a session, or just so."""

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show."""

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send a call again, if it can be, after its session was refused."""

    def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request, and return what the service answers."""


class AsyncDoor(Protocol):
    """The async twin of `Door`."""

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show."""

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send a call again, if it can be, after its session was refused."""

    async def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request, and return what the service answers."""


class _Open:
    """A door without a lock: the service knows its callers by something else."""

    def __init__(self, secrets: Hidden) -> None:
        self.sensitive = secrets

    def renew(self, *, can_repeat: bool) -> bool:
        """Say that nothing can be renewed."""
        return False


class OpenDoor(_Open):
    """Sends a request as it is."""

    def __init__(self, exchange: Exchange, timeout_seconds: float, secrets: Hidden) -> None:
        super().__init__(secrets)
        self._exchange = exchange
        self._timeout_seconds = timeout_seconds

    def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request."""
        return self._exchange(request, self._timeout_seconds)


class AsyncOpenDoor(_Open):
    """The async twin of `OpenDoor`."""

    def __init__(self, exchange: AsyncExchange, timeout_seconds: float, secrets: Hidden) -> None:
        super().__init__(secrets)
        self._exchange = exchange
        self._timeout_seconds = timeout_seconds

    async def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request."""
        return await self._exchange(request, self._timeout_seconds)


class SessionCall(Keeper):
    """One call with a session, with all its attempts; not to be shared between threads.

    Args:
        desk: what is known of the session.
        login: sends a login.
        exchange: sends the request.
    """

    def __init__(self, desk: SessionDesk, login: Exchange, exchange: Exchange) -> None:
        super().__init__(desk, login)
        self._session = desk
        self._send = exchange

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show, the session included."""
        return self._session.sensitive

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send again after the service refused the session; once at most."""
        return self._session.renew(can_repeat=can_repeat)

    def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request with the session, and return what the service answers.

        Raises:
            AuthenticationError: the login is refused.
            ConfigurationError: there is nowhere to keep a session.
        """
        grant = self.grant(self._session.take_refused())
        if isinstance(grant, NoTicket):
            return grant
        request = _with_session(request, self._session.header(grant))
        return self._send(request, self._session.timeout_seconds)


class AsyncSessionCall(AsyncKeeper):
    """The async twin of `SessionCall`."""

    def __init__(
        self,
        desk: SessionDesk,
        login: AsyncExchange,
        exchange: AsyncExchange,
        queue: anyio.Lock,
    ) -> None:
        super().__init__(desk, login, queue)
        self._session = desk
        self._send = exchange

    @property
    def sensitive(self) -> Hidden:
        """What no text about this call may show, the session included."""
        return self._session.sensitive

    def renew(self, *, can_repeat: bool) -> bool:
        """Say whether to send again after the service refused the session; once at most."""
        return self._session.renew(can_repeat=can_repeat)

    async def send(self, request: HttpRequest) -> RawReply | Failed | NoTicket:
        """Send a request with the session; see `SessionCall.send`."""
        grant = await self.grant(self._session.take_refused())
        if isinstance(grant, NoTicket):
            return grant
        request = _with_session(request, self._session.header(grant))
        return await self._send(request, self._session.timeout_seconds)


def _with_session(request: HttpRequest, header: tuple[str, str]) -> HttpRequest:
    return structs.replace(
        request,
        headers=(*request.headers, header),
        sensitive=Hidden((*request.sensitive, header[1])),
    )
