"""Intervals: which stretch of time a value belongs to."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from gridwright.diagnostics import Span
from gridwright.ir.words import MidnightWord, Omitted, RepeatedWord

__all__ = ["Marks", "Placement", "Repeated", "Series", "UnitOfData", "ValueInterval"]


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
        field: that field, by its wire name at a datetime and its Python name at an interval; empty:
            there is none.
        second: the values of that field that mean the second interval.
    """

    word: RepeatedWord
    field: str = ""
    second: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfData:
    """The unit of a value where each reply says it.

    Attributes:
        field: wire names that lead to the field that names the unit.
        values: what that field may hold, each with the unit that it means.
        power_of_ten: wire names that lead to the field whose power of ten the value is to be
            multiplied by; empty: there is none.
    """

    field: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    power_of_ten: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A family of fields, one value a step over one local day.

    Attributes:
        labels: the hhmm labels in order, such as 0015 … 2400; or the numbers of positions.
        wire: wire name with ``{hhmm}`` for the label, or ``{n}`` for the number of a position.
        step: length of one interval.
        day_field: Python name of the field that holds the local day.
        zone: IANA name of the zone of that day.
        register: the values are states of a cumulative register, not amounts of intervals.
        label: its readings have the document's own label of their interval.
        places: a wire name for each of ``unit``, ``power_of_ten``, ``quality`` and ``zone`` that a
            field of the record says.
        zone_names: what a field may say that names the zone, each with the IANA name that it
            means; empty: those names.
    """

    labels: tuple[str, ...]
    wire: str
    step: timedelta
    marks: Marks
    day_field: str
    zone: str
    register: bool
    repeated: Repeated
    label: bool = False
    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
    zone_names: tuple[tuple[str, str], ...] = ()

    def wire_name(self, label: str) -> str:
        """Return the wire name of one value."""
        before, after = self.around
        return f"{before}{label}{after}"

    @property
    def by_position(self) -> bool:
        """Whether the n-th field is the n-th step of the day, in time that elapses."""
        return "{n}" in self.wire

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the label in a wire name."""
        before, _, after = self.wire.partition("{n}" if self.by_position else "{hhmm}")
        return before, after

    @property
    def positions(self) -> int:
        """How many steps a day of 24 hours has."""
        return timedelta(days=1) // self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueInterval:
    """The interval of a single value: which fields of its record hold its day and its label.

    Attributes:
        midnight: which midnight the label 00:00 means where it is the end of an interval.
    """

    day_field: str
    time_field: str
    step: timedelta
    marks: Marks
    zone: str
    repeated: Repeated
    midnight: MidnightWord = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The interval of a single value: where what says it stands, in its record or around it.

    Attributes:
        places: a path of wire names for each of ``day``, ``time``, ``month``, ``start``, ``end``,
            ``position``, ``until``, ``until_zone``, ``step``, ``omitted``, ``repeated``,
            ``unit``, ``power_of_ten``, ``quality`` and ``zone`` that a field says; each is looked
            for in the record of the value, then in each record around it. Beside ``start_time``,
            ``end_time`` or ``until_time``, the one without ``_time`` is a date, and these its time.
        in_order: the values stand at their positions, and have no number.
        counts_from: number of the first position.
        step: length of the interval, in ISO 8601; empty: a field says it, or start and end do.
        marks: which end of its interval a label names; undecided where there is no label, too.
        zone: IANA name of the zone in which the interval is given.
        omitted: what a position means that is not there: ``missing``, ``repeat``, ``field``, or
            ``unsaid``: it has no value, and no reply should lack it.
        omitted_repeats: the values of this field that mean the value of the position before.
        repeated: which interval is meant of two at which the clocks show the same.
        label: its readings have the document's own label of their interval.
        midnight: which midnight the label 00:00 means where it is the end of an interval.
        zone_names: see `Series`.
    """

    places: tuple[tuple[str, tuple[str, ...]], ...]
    in_order: bool
    counts_from: int
    step: str
    marks: Marks
    zone: str
    omitted: Omitted
    omitted_repeats: tuple[str, ...]
    repeated: Repeated
    label: bool = False
    midnight: MidnightWord = "undecided"
    zone_names: tuple[tuple[str, str], ...] = ()
    span: Span

    def place(self, word: str) -> tuple[str, ...]:
        """Return the path of what says something; empty: no field does."""
        return dict(self.places).get(word, ())
