"""Which interval of time a value belongs to."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

__all__ = ["Instant", "Marks", "Repeated", "Series"]


class Marks(StrEnum):
    """Which instant a label names: the start of its interval, its end, or nobody knows."""

    START = "start"
    END = "end"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Which of two intervals a label names that comes twice, when the clocks go back.

    Attributes:
        word: ``first``, ``second``, ``in_order`` (as the records come), ``undecided``, or
            ``field``: another field says it.
        field: Python name of that field; empty: there is none.
        second: the values of that field that mean the second interval.
    """

    word: str
    field: str = ""
    second: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A family of fields, one value a step over one local day.

    Attributes:
        labels: the hhmm labels in order, such as 0015 … 2400.
        wire: wire name with ``{hhmm}`` for the label.
        step: length of one interval.
        day_field: Python name of the field that holds the local day.
        zone: IANA name of the zone of that day.
        register: the values are states of a cumulative register, not amounts of intervals.
    """

    labels: tuple[str, ...]
    wire: str
    step: timedelta
    marks: Marks
    day_field: str
    zone: str
    register: bool
    repeated: Repeated

    def wire_name(self, label: str) -> str:
        """Return the wire name of one value."""
        return self.wire.replace("{hhmm}", label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """The interval of a single value: which fields hold its day and its label."""

    day_field: str
    time_field: str
    step: timedelta
    marks: Marks
    zone: str
    repeated: Repeated
