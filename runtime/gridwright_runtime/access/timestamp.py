"""A point in time by both clocks of a machine: the wall clock and the monotonic one."""

from ..clock import Clock

__all__ = ["Timestamp"]


class Timestamp:
    """The present, when it is made."""

    __slots__ = ("_clock", "_elapsed", "now")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._elapsed = clock.monotonic()
        self.now = clock.now()

    def seconds_ago(self) -> float:
        """Return the age; the clock that shows more counts: one stands while a machine sleeps."""
        passed = self._clock.monotonic() - self._elapsed
        return max(passed, (self._clock.now() - self.now).total_seconds())
