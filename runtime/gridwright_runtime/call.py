"""One call from its first attempt to its result: all that both drivers share. Never waits."""

from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from .clock import Clock
from .errors import (
    ConfigurationError,
    ConnectError,
    DeviationError,
    GridwrightError,
    OutcomeUnknownError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from .message import HttpRequest, RawReply
from .operation import Format, Operation
from .outcome import Failed, identify
from .record import Record
from .reply import Reply
from .retry import RetryPolicy, retry_at

__all__ = ["Attempts", "Call", "Failed", "identify"]

RecordT = TypeVar("RecordT", bound=Record)


class Attempts:
    """How often one operation was tried, and what a failed attempt means."""

    def __init__(
        self, call: str, kind: Literal["read", "write"], *, policy: RetryPolicy, clock: Clock
    ) -> None:
        self._call = call
        self._kind = kind
        self._policy = policy
        self._clock = clock
        self._started = clock.monotonic()
        self._attempts = 0

    def pause(self, outcome: RawReply | Failed, *, nothing_left: bool = False) -> float | None:
        """Return the seconds to wait before another attempt, or None when this one stands.

        Args:
            outcome: of the attempt.
            nothing_left: the attempt came to an end before the request left, so that a write may
                be tried again as well.
        """
        self._attempts += 1
        if not (self._kind == "read" or nothing_left) or not self._is_passing(outcome):
            return None
        elapsed = self._clock.monotonic() - self._started
        return self._policy.pause(self._attempts, elapsed, _wanted_seconds(outcome))

    def failure(self, failed: Failed) -> GridwrightError:
        """Return the error for an exchange that brought no whole reply."""
        message = f"{self._call}: {failed.reason}"
        if self._kind == "write" and failed.sent:
            return OutcomeUnknownError(f"{message}; {_RECONCILE}")
        if failed.kind == "timeout":
            return RequestTimeoutError(message, phase=failed.phase)
        return _ERRORS[failed.kind](message)

    def unread(self, error: UnexpectedReplyError, raw: RawReply) -> GridwrightError:
        """Return the error for a reply that cannot be read."""
        if self._kind == "read":
            return error
        # A client error or a redirect is an answer; so is a reply that could be read.
        if isinstance(error, DeviationError) or 300 <= raw.status_code < 500:
            return error
        return OutcomeUnknownError(f"{error}; {_RECONCILE}", raw=raw)

    def _is_passing(self, outcome: RawReply | Failed) -> bool:
        """Say whether the next attempt may well succeed."""
        if isinstance(outcome, RawReply):
            return outcome.status_code in self._policy.statuses
        return outcome.kind in ("connect", "broken") or outcome.phase == "connect"


class Call(Attempts, Generic[RecordT]):
    """One call of an operation."""

    def __init__(
        self,
        operation: Operation[RecordT],
        request: HttpRequest,
        *,
        format: Format,
        strict: bool,
        policy: RetryPolicy,
        clock: Clock,
    ) -> None:
        super().__init__(operation.call, operation.kind, policy=policy, clock=clock)
        self.request = request
        self._operation = operation
        self._format: Format = format
        self._strict = strict

    def finish(self, outcome: RawReply | Failed) -> Reply[RecordT]:
        """Return the reply, or raise what the outcome means."""
        if isinstance(outcome, Failed):
            raise self.failure(outcome)
        from .reading import read_reply  # not needed before the first reply

        try:
            return read_reply(
                self._operation,
                outcome,
                format=self._format,
                strict=self._strict,
                hide=self.request.sensitive,
            )
        except UnexpectedReplyError as error:
            found = self.unread(error, outcome)
            if found is error:
                raise
        raise found


def _wanted_seconds(outcome: RawReply | Failed) -> float | None:
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
