"""What a client needs of limits: a turn for every request that it sends. Never counts anything."""

from typing import Protocol

__all__ = ["NoTurns", "Turn", "Turns"]


class Turn(Protocol):
    """Leave to send one request."""

    def done(self, *, answered: bool = True) -> None:
        """Give it back; ``answered`` says that the service is done with the request."""


class Turns(Protocol):
    """Where turns are taken; see `LimitGate`."""

    def take(
        self,
        operation: str,
        key: str | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
    ) -> Turn:
        """Wait for the turn of one request."""

    async def take_async(
        self,
        operation: str,
        key: str | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
    ) -> Turn:
        """Wait for the turn of one request, leaving the event loop free."""


class _Free:
    """A turn that holds nothing."""

    def done(self, *, answered: bool = True) -> None:
        """Do nothing."""


class NoTurns:
    """The turns of a service without limits: it is always everybody's."""

    def take(
        self,
        operation: str,
        key: str | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
    ) -> Turn:
        """Return a turn at once."""
        return _FREE

    async def take_async(
        self,
        operation: str,
        key: str | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
    ) -> Turn:
        """Return a turn at once."""
        return _FREE


_FREE = _Free()
