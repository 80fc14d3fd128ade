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

    def _facts(self) -> dict[str, Any]:
        return {
            **super()._facts(),
            "records": self.records,
            "header": self.header,
            "model": self.model,
            "failures": self.failures,
        }

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"Reply({len(self.records)} records{failed}, HTTP {self.raw.status_code})"


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

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), "beside": self.beside}
