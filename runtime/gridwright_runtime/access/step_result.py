"""A result that a call uses, kept or not."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from ..clock import Clock
from .kept_result import KeptResult, is_alive, is_touch_due
from .plan import Planned
from .timestamp import Timestamp

__all__ = ["StepResult"]


class _Life(Struct, frozen=True):
    """How long a result lives."""

    lifetime_seconds: float
    counts_from: Literal["issue", "last_use"]


class StepResult(Struct, frozen=True, eq=False):
    """A result that a call has; the repr shows nothing of it."""

    planned: Planned
    parts: Mapping[str, str]
    lifetime_seconds: float | None
    """How long it lives, in seconds; None: until it is refused."""
    asked: Timestamp
    kept_result: KeptResult | None
    """The result as the store keeps it; None where it serves one request."""
    location: str = ""
    """The address where it is to be used, if the server said so."""
    is_own: bool = False
    """Whether this call asked for it."""

    def is_alive(self, clock: Clock) -> bool:
        """Say whether it may be sent."""
        seconds = self.lifetime_seconds
        if seconds is None:
            return True
        if self.kept_result is not None:
            return is_alive(self.kept_result, self._life(seconds), clock.now())
        return self.asked.seconds_ago() < seconds - min(_MARGIN_SECONDS, seconds / 6)

    def is_touch_due(self, clock: Clock) -> bool:
        """Say whether a use is worth noting."""
        seconds = self.lifetime_seconds
        if seconds is None or self.kept_result is None:
            return False
        return is_touch_due(self.kept_result, self._life(seconds), clock.now())

    def _life(self, seconds: float) -> _Life:
        return _Life(seconds, self.planned.step.counts_from)

    def __repr__(self) -> str:
        return f"<result of step {self.planned.name}>"


# For the way to the service, and for the difference of speed between two clocks.
_MARGIN_SECONDS = 5.0
