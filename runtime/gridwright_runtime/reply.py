"""What a call returns: records, how they depart from the document, and the raw reply."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from .message import RawReply
from .problems import Deviation
from .record import Record

if TYPE_CHECKING:
    import pyarrow as pa

    from .series import LabelMarks, Repeated

__all__ = ["Reply", "ReplyBeside"]

RecordT = TypeVar("RecordT", bound=Record)
BesideT = TypeVar("BesideT", bound=Record)


class Reply(Generic[RecordT]):
    """One reply; equal to another when the records are."""

    __slots__ = ("_deviations", "_find_deviations", "header", "model", "raw", "records")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        records: list[RecordT],
        *,
        raw: RawReply,
        header: Mapping[str, str | None] | None = None,
        find_deviations: Callable[[], Sequence[Deviation]] = tuple,
        model: type[RecordT] | None = None,
    ) -> None:
        self.records = records
        self.model = model
        """That of the records, also where there are none; None where nobody says it."""
        self.raw = raw
        """The reply as it came."""
        self.header = header
        """The header of the body under documented names; None when it had none."""
        self._find_deviations = find_deviations
        self._deviations: tuple[Deviation, ...] | None = None

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """How the reply departs from the document; worked out when first asked for."""
        if self._deviations is None:
            self._deviations = tuple(self._find_deviations())
        return self._deviations

    def table(
        self,
        *,
        of: Literal["readings", "registers", "records"] | None = None,
        label_marks: "LabelMarks | None" = None,
        repeated: "Repeated | None" = None,
    ) -> "pa.Table":
        """Return an Arrow table; needs the extra ``tables``, and see `gridwright_runtime.tables`.

        Args:
            of: intervals, states of registers, or the records themselves; by default intervals
                where the records tell such readings.
            label_marks: which end of its interval a label names, where the document leaves it open.
            repeated: which of two intervals is meant, where the clocks go back.

        Raises:
            ValueError: there are no such readings, or something must be decided.
        """
        from .tables import table  # few callers want one, and it needs pyarrow

        return table(self, of=of, model=self.model, label_marks=label_marks, repeated=repeated)

    def __eq__(self, other: object) -> bool:
        return self.records == other.records if isinstance(other, Reply) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        # For pickling: what finds them is bound to functions, what it finds is not.
        facts = (self.records, self.raw, self.header, self.deviations, self.model)
        return _restored, facts

    def __repr__(self) -> str:
        return f"Reply({len(self.records)} records, HTTP {self.raw.status_code})"


def _restored(
    records: list[RecordT],
    raw: RawReply,
    header: Mapping[str, str | None] | None,
    deviations: tuple[Deviation, ...],
    model: type[RecordT] | None,
) -> Reply[RecordT]:
    return Reply(records, raw=raw, header=header, find_deviations=lambda: deviations, model=model)


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
    ) -> None:
        super().__init__(
            records, raw=raw, header=header, find_deviations=find_deviations, model=model
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
    beside: BesideT,
) -> ReplyBeside[RecordT, BesideT]:
    return ReplyBeside(
        records,
        beside,
        raw=raw,
        header=header,
        find_deviations=lambda: deviations,
        model=model,
    )
