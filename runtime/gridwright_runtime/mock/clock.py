"""A clock that moves only when it is told to: for mocks, and for tests of clients."""

from datetime import UTC, datetime, timedelta

__all__ = ["ManualClock"]


class ManualClock:
    """A `gridwright_runtime.clock.Clock` that never waits: whoever sleeps, moves it on.

    Given to a mock it says what is already known there; given to a client, retries and their
    waiting take no time. Not for several threads that sleep at once.
    """

    __slots__ = ("_now", "waits")

    def __init__(self, now: datetime) -> None:
        self.waits: list[float] = []
        """The seconds of every wait so far."""
        self.set(now)

    def set(self, now: datetime) -> None:
        """Set the present.

        Raises:
            ValueError: it has no time zone.
        """
        if now.utcoffset() is None:
            raise ValueError("the present needs a time zone")
        self._now = now.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""
        return self._now

    def monotonic(self) -> float:
        """Return the present in seconds; it runs backwards only when the clock is set back."""
        return self._now.timestamp()

    def sleep(self, seconds: float) -> None:
        """Note the wait, and let its time pass at once."""
        self.waits.append(seconds)
        self.advance(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Note the wait, and let its time pass at once."""
        self.sleep(seconds)
