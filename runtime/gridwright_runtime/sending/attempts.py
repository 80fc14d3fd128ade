"""Count the attempts of a call, and decide what follows a failed one."""

from collections.abc import Callable
from typing import Literal

from ..clock import Clock
from ..errors import (
    ConfigurationError,
    ConnectError,
    DeviationError,
    GridwrightError,
    OutcomeUnknownError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from ..message import RawReply
from ..retry import RetryPolicy, retry_at
from .outcome import Failed

__all__ = ["Attempts"]


class Attempts:
    """The attempts of one call."""

    def __init__(
        self,
        call: str,
        kind: Literal["read", "write"],
        *,
        policy: RetryPolicy,
        clock: Clock,
        until: float | None = None,
    ) -> None:
        self._call = call
        self.is_write = kind == "write"
        self._policy = policy
        self._clock = clock
        self._until = until
        self._started = clock.monotonic()
        self._attempts = 0

    def pause(
        self, outcome: RawReply | Failed, *, nothing_left: bool, can_repeat: bool
    ) -> float | None:
        """Return the seconds to wait before another attempt, or None when this one stands.

        Args:
            outcome: of the attempt.
            nothing_left: the attempt came to an end before the request left, so that a write may
                be tried again as well.
            can_repeat: the body can be sent a second time; a stream may be at its end.
        """
        self._attempts += 1
        if not (nothing_left or (can_repeat and not self.is_write)):
            return None
        if not self._is_passing(outcome):
            return None
        now = self._clock.monotonic()
        wanted = _requested_pause(outcome)
        pause = self._policy.pause(self._attempts, now - self._started, wanted)
        is_late = pause is not None and self._until is not None and now + pause >= self._until
        return None if is_late else pause

    def failure(self, failed: Failed) -> GridwrightError:
        """Return the error for an exchange that brought no whole reply."""
        if self.is_write and failed.sent:
            return self.unknown(failed.reason)
        message = f"{self._call}: {failed.reason}"
        if failed.kind == "timeout":
            return RequestTimeoutError(message, phase=failed.phase)
        return _ERRORS[failed.kind](message)

    def refused(
        self, error: GridwrightError, raw: RawReply, *, is_own_word: bool
    ) -> GridwrightError:
        """Return the error for a reply that is no success.

        That a write was not carried out is known by the service's own word alone: a bare status or
        a page may be of something on the way that gave up on it.
        """
        is_answer = is_own_word or isinstance(error, DeviationError)
        if not self.is_write or is_answer:
            return error
        headline = (error.args[0] if error.args else "") or type(error).__name__
        return self.unknown(str(headline).removeprefix(f"{self._call}: "), raw)

    def unknown(self, said: str, raw: RawReply | None = None) -> OutcomeUnknownError:
        """Return the error of a write that may have been carried out."""
        return OutcomeUnknownError(f"{self._call}: {said}; {_RECONCILE}", raw=raw)

    def _is_passing(self, outcome: RawReply | Failed) -> bool:
        """Say whether the next attempt may well succeed."""
        if isinstance(outcome, RawReply):
            return outcome.status_code in self._policy.statuses
        return outcome.kind in ("connect", "broken") or outcome.phase == "connect"


def _requested_pause(outcome: RawReply | Failed) -> float | None:
    if isinstance(outcome, Failed) or outcome.received_at is None:
        return None
    when = retry_at(outcome)
    return None if when is None else (when - outcome.received_at).total_seconds()


_RECONCILE = "whether it was carried out is not known: ask the provider before sending it again"
_ERRORS: dict[str, Callable[[str], GridwrightError]] = {
    "setup": ConfigurationError,
    "connect": ConnectError,
    "broken": TransportError,
    "unreadable": UnexpectedReplyError,
}
