"""The reply to a call: records, how they depart from the document, and the raw reply."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .base_reply import BaseReply
from .message import RawReply
from .problems import Deviation
from .record import Record

if TYPE_CHECKING:
    from .errors import ItemFailure

__all__ = ["Reply", "ReplyBeside"]

RecordT = TypeVar("RecordT", bound=Record)
BesideT = TypeVar("BesideT", bound=Record)


class Reply(BaseReply, Generic[RecordT]):
    """One reply; equal to another when the records are."""

    __slots__ = ("failures", "header", "records")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        records: list[RecordT],
        *,
        raw: RawReply,
        header: Mapping[str, str | None] | None = None,
        find_deviations: Callable[[], Sequence[Deviation]] = tuple,
        model: type[RecordT] | None = None,
        failures: "Sequence[ItemFailure]" = (),
    ) -> None:
        super().__init__(raw, find_deviations, model)
        self.records = records
        self.failures = tuple(failures)
        """What of the call failed while the rest came; never raised, and in no record."""
        self.header = header
        """The header of the body under documented names; None when it had none."""

    def __eq__(self, other: object) -> bool:
        return self.records == other.records if isinstance(other, Reply) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        # For pickling: what finds them is bound to functions, what it finds is not.
        facts = (self.records, self.raw, self.header, self.deviations, self.model, self.failures)
        return _restored, facts

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"Reply({len(self.records)} records{failed}, HTTP {self.raw.status_code})"


def _restored(
    records: list[RecordT],
    raw: RawReply,
    header: Mapping[str, str | None] | None,
    deviations: tuple[Deviation, ...],
    model: type[RecordT] | None,
    failures: "tuple[ItemFailure, ...]" = (),
) -> Reply[RecordT]:
    return Reply(
        records,
        raw=raw,
        header=header,
        find_deviations=lambda: deviations,
        model=model,
        failures=failures,
    )


class ReplyBeside(Reply[RecordT], Generic[RecordT, BesideT]):
    """A reply with values beside its list, such as how many records there are in all."""

    __slots__ = ("beside",)

    def __init__(
        self,
        records: list[RecordT],
        beside: BesideT,
        *,
        raw: RawReply,
        header: Mapping[str, str | None] | None = None,
        find_deviations: Callable[[], Sequence[Deviation]] = tuple,
        model: type[RecordT] | None = None,
        failures: "Sequence[ItemFailure]" = (),
    ) -> None:
        super().__init__(
            records,
            raw=raw,
            header=header,
            find_deviations=find_deviations,
            model=model,
            failures=failures,
        )
        self.beside = beside
        """The values beside the list."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored_beside, (*super().__reduce__()[1], self.beside)


def _restored_beside(
    records: list[RecordT],
    raw: RawReply,
    header: Mapping[str, str | None] | None,
    deviations: tuple[Deviation, ...],
    model: type[RecordT] | None,
    failures: "tuple[ItemFailure, ...]",
    beside: BesideT,
) -> ReplyBeside[RecordT, BesideT]:
    return ReplyBeside(
        records,
        beside,
        raw=raw,
        header=header,
        find_deviations=lambda: deviations,
        model=model,
        failures=failures,
    )
