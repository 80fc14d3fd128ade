"""One call with a body from its first attempt to its result. Never waits, never sends."""

from typing import Generic, TypeVar

from msgspec import structs

from .body_operation import BodyOperation
from .call import Attempts, Failed, identify
from .clock import Clock
from .errors import GridwrightError, UnexpectedReplyError
from .message import Hidden, HttpRequest, RawReply
from .operation import Format
from .record import Record
from .redact import mask
from .result import Result
from .retry import RetryPolicy

__all__ = ["BodyCall"]

BodyT = TypeVar("BodyT", bound=Record)


class BodyCall(Attempts, Generic[BodyT]):
    """One call of an operation whose request is a body."""

    def __init__(
        self,
        operation: BodyOperation[BodyT],
        request: HttpRequest,
        *,
        transaction_id: str,
        format: Format,
        strict: bool,
        policy: RetryPolicy,
        clock: Clock,
    ) -> None:
        super().__init__(operation.call, operation.kind, policy=policy, clock=clock)
        self.request = request
        self._operation = operation
        self._transaction_id = transaction_id
        self._format: Format = format
        self._strict = strict

    def finish(self, outcome: RawReply | Failed, hide: tuple[str, ...]) -> Result[BodyT]:
        """Return the result, or raise what the outcome means.

        Args:
            outcome: of the last attempt.
            hide: values that no message may show, beside those of the request.
        """
        if isinstance(outcome, Failed):
            raise self.failure(structs.replace(outcome, reason=mask(outcome.reason, hide)))
        from .read_result import read_result  # not needed before the first reply

        try:
            return read_result(
                self._operation,
                outcome,
                format=self._format,
                transaction_id=self._transaction_id,
                strict=self._strict,
                hide=Hidden((*self.request.sensitive, *hide)),
            )
        except UnexpectedReplyError as error:
            found = self.unread(error, outcome)
            if found is error:
                raise
        raise found

    def identified(self, error: GridwrightError) -> None:
        """Let an error say which request it is about, and its message too."""
        identify(error, self._transaction_id)
