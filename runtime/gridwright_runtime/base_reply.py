"""The base of all replies: the raw reply, and how it departs from the document."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .message import RawReply
from .problems import Deviation
from .record import Record

if TYPE_CHECKING:
    import pyarrow as pa

    from .series import LabelMarks, Repeated

__all__ = ["BaseReply"]


class BaseReply:
    """The reply as it came, and how it departs from the document."""

    __slots__ = ("_deviations", "_find_deviations", "model", "raw")

    def __init__(
        self,
        raw: RawReply,
        find_deviations: Callable[[], Sequence[Deviation]],
        model: type[Record] | None,
    ) -> None:
        self.raw = raw
        """The reply as it came."""
        self.model = model
        """That of the records, also where there are none; None where nobody says it."""
        self._find_deviations = find_deviations
        self._deviations: tuple[Deviation, ...] | None = None

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """How the reply departs from the document; worked out when first asked for."""
        if self._deviations is None:
            self._deviations = tuple(self._find_deviations())
        return self._deviations

    def __reduce__(self) -> tuple[Any, ...]:
        # What finds the deviations is bound to functions and cannot be pickled; what it finds can.
        return _restored, (type(self), self._facts(), self.deviations)

    def _facts(self) -> dict[str, Any]:
        """Return what the reply was made of but its deviations, by the names of its arguments."""
        return {"raw": self.raw}

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


def _restored(
    kind: Callable[..., BaseReply], facts: Mapping[str, Any], deviations: tuple[Deviation, ...]
) -> BaseReply:
    return kind(**facts, find_deviations=lambda: deviations)
