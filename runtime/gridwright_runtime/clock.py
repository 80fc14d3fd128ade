"""The clock that clients take time from, so that tests never wait."""

from datetime import UTC, datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import threading

    import anyio

__all__ = ["AlarmClock", "Clock", "SystemClock"]


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


@runtime_checkable
class AlarmClock(Clock, Protocol):
    """A clock whose waits can be cut short; with any other, who waits for others looks again."""

    def wait(self, event: "threading.Event", seconds: float) -> None:
        """Wait until an event is set, but not longer than that."""

    async def async_wait(self, event: "anyio.Event", seconds: float) -> None:
        """Wait until an event is set, but not longer than that, leaving the event loop free."""


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

    def wait(self, event: "threading.Event", seconds: float) -> None:
        """Wait until an event is set, but not longer than that."""
        event.wait(seconds)

    async def async_wait(self, event: "anyio.Event", seconds: float) -> None:
        """Wait until an event is set, but not longer than that, leaving the event loop free."""
        import anyio  # as above

        with anyio.move_on_after(seconds):
            await event.wait()
