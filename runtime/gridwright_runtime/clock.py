"""The clock that clients take time from, so that tests never wait."""

from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """What a client needs of time."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""

    def sleep(self, seconds: float) -> None:
        """Wait, blocking the thread."""

    async def async_sleep(self, seconds: float) -> None:
        """Wait, leaving the event loop free."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, blocking the thread."""
        sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait on asyncio or trio, whichever runs."""
        import anyio  # comes with httpx2; slow to import, and most calls never wait

        await anyio.sleep(seconds)
