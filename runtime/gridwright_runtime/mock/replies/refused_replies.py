"""Say no in the form in which the service of an operation would."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from msgspec.structs import replace

from ...errors import AuthenticationError, NoDataError
from ...interface import Format, Operation
from ..faults import FAILURE, SOAP_FAULT, Fault
from ..limits.watch import BrokenLimit
from ..state import Mock
from ..world import Refusal, RefusesInReplies
from .prepared import Prepared, prepared_fault, prepared_refusal
from .refusal_forms import error_of
from .reply_writer import ReplyWriter

__all__ = ["RefusedReplies"]


class RefusedReplies:
    """Writes what one operation refuses."""

    __slots__ = ("_answers", "_operation", "_refuses", "_writer")

    def __init__(self, mock: Mock, operation: Operation[Any], writer: ReplyWriter) -> None:
        self._operation = operation
        self._writer = writer
        self._answers = mock.answers
        self._refuses = mock.world if isinstance(mock.world, RefusesInReplies) else None

    def refused(
        self,
        refusal: Refusal,
        format: Format,
        shown: Mapping[str, str],
        fault: Fault | None = None,
        *,
        is_of_service: bool = False,
    ) -> Prepared:
        """Say no: as a fault, where the verdict is, in the reply's own fields, or by a status.

        Args:
            refusal: what is wrong.
            format: of the reply.
            shown: what the journal may show of the request.
            fault: what is played.
            is_of_service: the world says no, or a fault in its place, and not the document.
        """
        prepared = self._refusal(refusal, format, fault, is_of_service)
        return replace(
            prepared,
            format=format,
            outcome=refusal.kind,
            code=refusal.code,
            shown=shown,
        )

    def _refusal(
        self, refusal: Refusal, format: Format, fault: Fault | None, is_of_service: bool
    ) -> Prepared:
        if refusal.kind == SOAP_FAULT:
            return self._failed(refusal.code, refusal)
        if refusal.kind == FAILURE:
            return prepared_refusal(500, refusal)
        repeat = fault.repeat_refusal if fault is not None else 1
        refused = self._writer.refused(format, refusal, repeat)
        if refused is not None:
            written, status = refused
            return Prepared(written=written, status=status, outcome=refusal.kind)
        if is_of_service and self._refuses is not None and refusal.status is None:
            payload = self._refuses.refused(self._operation.name, refusal)
            if payload is not None:
                written = self._writer.own_words(format, payload, refusal)
                return Prepared(written=written, outcome=refusal.kind)
        return prepared_refusal(refusal.status or self._status_of(refusal), refusal)

    def _status_of(self, refusal: Refusal) -> int:
        if refusal.kind.startswith("system-"):
            return 500
        if refusal.kind == "security-error":
            return 403
        if self._operation.verdicts and error_of(refusal) is AuthenticationError:
            statuses = self._operation.statuses.items()
            known = [status for status, one in statuses if one.error is AuthenticationError]
            return next((status for status in known if status in (401, 403)), 401)
        if refusal.kind == "no-data":
            statuses = self._operation.statuses.items()
            found = next((status for status, known in statuses if known.error is NoDataError), 400)
            return found if found >= 100 else found * 100
        return 400

    def _failed(self, code: str, refusal: Refusal) -> Prepared:
        if self._operation.soap is None:
            return prepared_refusal(500, refusal)
        return prepared_fault(code, refusal.text, refusal.kind)

    def limited(self, broken: Sequence[BrokenLimit]) -> Prepared | None:
        """Return what broken limits are answered with; None: as if nothing were wrong."""
        for limit in broken:
            choice = self._answers[limit.limit]
            if choice == "journal":
                continue
            is_closed = limit.kind == "closed_hours"
            refusal = Refusal(
                "closed" if is_closed else "limited",
                "mock-4001" if is_closed else "mock-4002",
                f"mock: {limit.limit}: {limit.breach}",
            )
            if choice == "fault":
                return self._failed("Server", refusal)
            prepared = prepared_refusal(int(choice), refusal)
            if choice == "429":
                seconds = max(ceil(limit.breach.seconds_too_early), 1)
                prepared = replace(prepared, headers=(("retry-after", str(seconds)),))
            return prepared
        return None
