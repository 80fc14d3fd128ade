"""The interface by which a client takes a turn for every request that it sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import pbkdf2_hmac
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from ..clock import Clock

if TYPE_CHECKING:
    from .kinds import Limits
    from .store import LimitStore, MemoryLimitStore

__all__ = ["EVERY_ARGUMENT", "LOGIN", "NoTurns", "Touched", "Turn", "Turns", "turns_of"]

LOGIN = "(login)"
"""The name by which logins take their turns: a limit on all operations counts logins as well."""
EVERY_ARGUMENT = "*"
"""What limits call all arguments of a call together."""
Touched = str | Mapping[str, str | None] | None
"""What a call touches: one value for all limits, or values by what the limits call them."""


class Turn(Protocol):
    """Leave to send one request."""

    def done(self, *, answered: bool = True) -> None:
        """Give it back; ``answered`` says that the service is done with the request."""

    def unspent(self) -> None:
        """Give it back as if it had never been granted: nothing was sent by it."""

    def is_current(self) -> bool:
        """Say whether it was granted just now, so that it may still be used."""


class Turns(Protocol):
    """Where turns are taken; see `Limiter`."""

    def take(
        self,
        operation: str,
        key: Touched = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Wait for the turn of one request."""

    async def take_async(
        self,
        operation: str,
        key: Touched = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Wait for the turn of one request, leaving the event loop free."""

    def is_limited(self, operation: str) -> bool:
        """Say whether any limit is about an operation."""

    def note_reply(self, operation: str, key: str | Mapping[str, str | None]) -> None:
        """Note that a reply was about something that its request did not name."""

    def note_used_up(self, operation: str, limit: str, key: Touched = None) -> datetime | None:
        """Note that the service said that a limit is used up; return until when, if known."""


class _Free:
    """A turn that holds nothing."""

    def done(self, *, answered: bool = True) -> None:
        """Do nothing."""

    def unspent(self) -> None:
        """Do nothing."""

    def is_current(self) -> bool:
        """Say that it is."""
        return True


class NoTurns:
    """The turns of a service without limits: it is always everybody's."""

    def take(
        self,
        operation: str,
        key: Touched = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Return a turn at once."""
        return _FREE

    async def take_async(
        self,
        operation: str,
        key: Touched = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Return a turn at once."""
        return _FREE

    def is_limited(self, operation: str) -> bool:
        """Say that nothing is."""
        return False

    def note_reply(self, operation: str, key: str | Mapping[str, str | None]) -> None:
        """Do nothing."""

    def note_used_up(self, operation: str, limit: str, key: Touched = None) -> datetime | None:
        """Do nothing."""
        return None


def turns_of(
    limits: Limits | None,
    *,
    system: str,
    base_url: str,
    company: str,
    credentials: Mapping[str, str],
    store: LimitStore | None,
    clock: Clock | None,
    service: object | None,
) -> Turns:
    """Return where the clients of a company take their turns.

    Args:
        limits: of the system; None where it has none.
        system: its id.
        base_url: the service's address.
        company: whose limits these are, where a machine serves several.
        credentials: what tells one account from another, by name, for limits of each account.
        store: where turns are counted; by default in files, for all processes of this user.
        clock: what was given to the client.
        service: the service, where it is one of this process, and so are those who call it.
    """
    if not limits:
        return NoTurns()
    from .limiter import Limiter

    return Limiter(
        limits,
        system=system,
        server=f"{system} {_same_address(base_url)}",
        account=company,
        credentials=_account(credentials) if limits.scope == "account" else "",
        host=urlsplit(base_url).netloc.lower(),
        store=_invented_store(service, clock) if store is None and service is not None else store,
        clock=clock,
    )


def _account(credentials: Mapping[str, str]) -> str:
    """Return a name for an account, from which no credential can be found by trying all."""
    facts = "\n".join(f"{name}={credentials[name]}" for name in sorted(credentials))
    return pbkdf2_hmac("sha256", facts.encode(), b"gridwright limits", _ROUNDS).hex()


def _same_address(address: str) -> str:
    """Return an address in one spelling, so that all who call it share their turns."""
    parts = urlsplit(address)
    default = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, default) else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def _invented_store(service: object, clock: Clock | None) -> MemoryLimitStore:
    """Return the store that clients of a service share, as far as they have one clock."""
    from .store import MemoryLimitStore

    try:
        by_clock = _BY_SERVICE.setdefault(service, WeakKeyDictionary())
        return by_clock.setdefault(_MACHINE if clock is None else clock, MemoryLimitStore())
    except TypeError:  # such a service or clock cannot be remembered
        return MemoryLimitStore()


class _MachineClock:
    """Stands for the clock of those who were given none."""


_MACHINE = _MachineClock()
_BY_SERVICE: WeakKeyDictionary[object, WeakKeyDictionary[object, MemoryLimitStore]] = (
    WeakKeyDictionary()
)
_FREE = _Free()
_ROUNDS = 50_000
