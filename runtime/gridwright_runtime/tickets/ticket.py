"""A service ticket, used once and while it is young. Never asks for one."""

from ..clock import Clock

__all__ = ["Moment", "ServiceTicket"]


class Moment:
    """A point in time by both clocks of a machine."""

    __slots__ = ("_clock", "_elapsed", "now")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._elapsed = clock.monotonic()
        self.now = clock.now()

    def seconds_ago(self) -> float:
        """Return the age; the clock that shows more counts: one stands while a machine sleeps."""
        passed = self._clock.monotonic() - self._elapsed
        return max(passed, (self._clock.now() - self.now).total_seconds())


class ServiceTicket:
    """A service ticket (ST); the repr shows nothing of it."""

    __slots__ = ("_asked", "_header", "_lifetime_seconds", "_value")

    def __init__(self, header: str, value: str, *, asked: Moment, lifetime_seconds: float) -> None:
        self._header = header
        self._value: str | None = value
        self._asked = asked
        self._lifetime_seconds = lifetime_seconds

    def spend(self) -> tuple[str, str] | None:
        """Return the header that carries it, once; None when it is spent or too old to send."""
        value, self._value = self._value, None
        margin = min(_MARGIN_SECONDS, self._lifetime_seconds / 6)
        if value is None or self._asked.seconds_ago() >= self._lifetime_seconds - margin:
            return None
        return self._header, value

    def __repr__(self) -> str:
        return "<service ticket>" if self._value else "<service ticket, spent>"


# For the way to the service, and for the difference of speed between two clocks.
_MARGIN_SECONDS = 5.0
