"""One call of a service from its first attempt to its result. Never waits, never sends."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import structs

from ..call import Attempts, Failed, identify
from ..clock import Clock
from ..errors import GridwrightError, UnexpectedReplyError
from ..message import HttpRequest, RawReply
from ..record import Record
from ..redact import mask
from ..result import Result
from ..retry import RetryPolicy
from .operation import ServiceOperation

__all__ = ["ServiceCall"]

RecordT = TypeVar("RecordT", bound=Record)


class ServiceCall(Attempts, Generic[RecordT]):
    """One call of an operation.

    Args:
        operation: what is called.
        request: what is sent.
        rebuild: makes it anew, where it tells the time; else None.
        transaction_id: what identifies the request, where something does.
        strict: refuse a reply that departs from the document.
        refused: the statuses that mean that a session is no longer valid.
        opens_at: when a service opens that is known to be closed at a time.
        policy: of retries.
        clock: what time it is.
    """

    def __init__(
        self,
        operation: ServiceOperation[RecordT],
        request: HttpRequest,
        rebuild: Callable[[], HttpRequest] | None,
        *,
        transaction_id: str,
        strict: bool,
        refused: tuple[int, ...],
        opens_at: Callable[[datetime], datetime | None],
        policy: RetryPolicy,
        clock: Clock,
    ) -> None:
        super().__init__(operation.call, operation.kind, policy=policy, clock=clock)
        self.request = request
        self._rebuild = rebuild
        self._built_at = clock.now()
        self._operation = operation
        self._transaction_id = transaction_id
        self._strict = strict
        self._refused = refused
        self._opens_at = opens_at

    @property
    def can_be_repeated(self) -> bool:
        """Whether the body can be sent a second time; a stream may be at its end."""
        return self.request.body is None or isinstance(self.request.body, bytes)

    def pause(self, outcome: RawReply | Failed, *, nothing_left: bool = False) -> float | None:
        """Return the seconds to wait before another attempt, or None when this one stands."""
        if nothing_left or self.can_be_repeated:
            return super().pause(outcome, nothing_left=nothing_left)
        return None

    def fresh(self, request: HttpRequest) -> HttpRequest:
        """Return a request as it has to leave now: one that waited would tell an old time.

        Args:
            request: the one of this call, possibly with further headers behind its own.
        """
        age_seconds = abs((self._clock.now() - self._built_at).total_seconds())
        if self._rebuild is None or age_seconds < _OLD_SECONDS:
            return request
        anew = self._rebuild()
        added = request.headers[len(self.request.headers) :]
        return structs.replace(request, body=anew.body, headers=(*anew.headers, *added))

    def finish(self, outcome: RawReply | Failed, hide: tuple[str, ...]) -> Result[RecordT]:
        """Return the result, or raise what the outcome means.

        Args:
            outcome: of the last attempt.
            hide: values that no message may show, beside those of the request.
        """
        if isinstance(outcome, Failed):
            raise self.failure(structs.replace(outcome, reason=mask(outcome.reason, hide)))
        from .read import Circumstances, read_service  # not needed before the first reply

        opens_at = None
        if outcome.status_code >= 400 and outcome.received_at is not None:
            opens_at = self._opens_at(outcome.received_at)
        about = Circumstances(
            hide=(*self.request.sensitive, *hide),
            transaction_id=self._transaction_id,
            opens_at=opens_at,
            refused=self._refused,
        )
        try:
            return read_service(self._operation, outcome, strict=self._strict, about=about)
        except UnexpectedReplyError as error:
            found = self.unread(error, outcome)
            if found is error:
                raise
        raise found

    def identified(self, error: GridwrightError) -> None:
        """Let an error say which request it is about, where requests have a name."""
        if self._transaction_id:
            identify(error, self._transaction_id)


_OLD_SECONDS = 1.0
