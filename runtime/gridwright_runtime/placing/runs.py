"""What says the intervals of readings, and runs of values that share it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct, structs

from ..errors import AbsentError
from ..reading_facts import FieldPath, ReadingFacts
from ..record import Record
from ..series import (
    LabelMarks,
    Midnight,
    Repeated,
    SingleReading,
    check_marks,
    check_repeated,
    zone_from_text,
)
from ..texts.zones import ZoneNames

__all__ = [
    "BEYOND",
    "Readings",
    "Run",
    "as_readings",
    "below",
    "depth_of",
    "in_its_zone",
    "is_labelled",
    "is_own_span",
    "run_of",
    "zone_said",
]

ReadingT = TypeVar("ReadingT")

BEYOND = "the readings cannot be placed in time: they reach beyond the calendar"
"""The error message for what no datetime can hold."""


class Readings(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """Where the values of readings stand, and what says their intervals."""

    reading: Callable[..., ReadingT]
    """Builds one reading from interval start, interval end, value and what `reading_facts` says."""
    value: str
    """The Python name of the field that holds the quantity."""
    reading_facts: ReadingFacts | None = None
    """What readings know beside that; None: nothing."""
    steps: tuple[str, ...] = ()
    """Python names of the lists, or records, that lead to the record that has this field."""
    zone: str
    zone_field: FieldPath | None = None
    """What names another zone; None: nothing does."""
    zone_names: ZoneNames = ()
    """What it may say, where it says no IANA names."""
    start: FieldPath | None = None
    end: FieldPath | None = None
    month: FieldPath | None = None
    """The first day of a month, all of which is the interval."""
    day: FieldPath | None = None
    time: FieldPath | None = None
    """A label of the wall clock on that day."""
    marks: Literal["start", "end", "undecided"] = "end"
    """Which end of its interval a label of the wall clock names; undecided: the caller says it."""
    midnight: Midnight = "begins_day"
    """Which midnight the label 00:00 means at the end of an interval."""
    position: FieldPath | None = None
    """The number of the interval, in steps of elapsed time from the start; beside a label, in steps
    of the wall clock within its hour."""
    in_order: bool = False
    """The values stand at their positions, and have no number."""
    counts_from: int = 1
    until: FieldPath | None = None
    """The end of the interval as it is printed, by which its length is checked."""
    until_zone: FieldPath | None = None
    """What names the zone of that time; None: nothing does."""
    until_local: bool = False
    """It is a date and time of the wall clock in the zone of the reading, and no instant."""
    step: str = ""
    """The length of an interval in ISO 8601; empty: a field says it."""
    step_field: FieldPath | None = None
    local: bool = False
    """Start and end are times of the wall clock, and have no offset."""
    repeated: Repeated | Literal["in_order"] = "undecided"
    """Which interval is meant of two at which the clocks show the same."""
    repeated_field: FieldPath | None = None
    second: tuple[str, ...] = ()
    omitted: Literal["unsaid", "missing", "repeat"] = "unsaid"
    """What a position means that is not there: no value, or that of the position before it. Where
    nothing is said, it has none, and its lack is a deviation."""
    omitted_field: FieldPath | None = None
    repeats: tuple[str, ...] = ()
    """The values of this field that mean the latter."""


def as_readings(single: SingleReading[ReadingT]) -> Readings[ReadingT]:
    """Return what says the interval of a record's one value, in the more general form."""
    own = single.repeated_field
    return Readings(
        reading=single.reading,
        value=single.value,
        zone=single.zone,
        day=FieldPath(0, (single.day,)),
        time=FieldPath(0, (single.time,), single.time_pattern),
        step=f"PT{single.step // timedelta(minutes=1)}M",
        marks=single.marks,
        midnight=single.midnight,
        local=True,
        repeated=single.repeated,
        repeated_field=FieldPath(0, (own,)) if own else None,
        second=single.second,
    )


class Run(NamedTuple):
    """Values that share what their holders say of them all."""

    readings: Readings[Any]
    holders: tuple[Record, ...]
    """The record that is asked, and those further in that say something; none where it is the
    value's own."""
    items: Sequence[Record]
    """The records of the values, in their order."""
    label_marks: LabelMarks
    repeated: Repeated | None

    def value_of(self, source: FieldPath, item: Record | None = None) -> Any:
        """Return what stands at a source.

        Raises:
            AbsentError: nothing does.
        """
        value: Any = item if source.depth >= len(self.holders) else self.holders[source.depth]
        for name in source.path:
            value = None if value is None else getattr(value, name)
        if value is None or value == "":
            raise AbsentError(
                f"the reading cannot be placed in time: {'.'.join(source.path)} is missing"
            )
        return value

    def value_at(self, item: Record | None, source: FieldPath) -> Any:
        """Return what stands at a source of an item; None: nothing does."""
        try:
            return self.value_of(source, item)
        except AbsentError:
            return None


def run_of(
    readings: Readings[Any],
    holders: tuple[Record, ...],
    items: Sequence[Record],
    label_marks: LabelMarks | None,
    repeated: Repeated | None,
) -> Run:
    """Put together values that share what their holders say of them all; see `placed_reading`."""
    check_repeated(repeated)
    marks = check_marks(readings.marks if label_marks is None else label_marks)
    return Run(readings, holders, items, marks, repeated)


def depth_of(readings: Readings[Any]) -> int:
    """Return how deep the record furthest in stands that says something of all values below it."""
    facts: tuple[FieldPath | None, ...] = (
        readings.start, readings.end, readings.month, readings.day, readings.time,
        readings.step_field, readings.repeated_field, readings.omitted_field, readings.zone_field,
        readings.until, readings.until_zone,
    )  # fmt: skip
    if readings.reading_facts is not None:
        facts += (
            readings.reading_facts.unit,
            readings.reading_facts.power_of_ten,
            readings.reading_facts.quality,
        )
    facts += tuple(fact.time for fact in facts if fact)
    count = len(readings.steps)
    return max((fact.depth for fact in facts if fact and fact.depth < count), default=0)


def below(holders: tuple[Record, ...], steps: Sequence[str]) -> Iterator[tuple[Record, ...]]:
    """Yield the chains of records that some steps lead to."""
    if not steps:
        yield holders
        return
    inner = getattr(holders[-1], steps[0])
    for one in inner if isinstance(inner, list) else () if inner is None else (inner,):
        yield from below((*holders, one), steps[1:])


def is_labelled(readings: Readings[Any]) -> bool:
    """Say whether each value is labelled with its interval, and has no position in a span."""
    return readings.time is not None or (readings.position is None and not readings.in_order)


def is_own_span(run: Run) -> bool:
    """Say whether the record of each value says where the span starts that its position is of."""
    begin = run.readings.start or run.readings.day
    return begin is not None and begin.reach >= len(run.holders)


def zone_said(run: Run) -> str:
    """Return the name of the zone of a run for a message."""
    return run.readings.zone if run.readings.zone_field is None else "its zone"


def in_its_zone(run: Run, item: Record | None) -> Run:
    """Return a run in the zone that its records name, where they name one."""
    source = run.readings.zone_field
    if source is None:
        return run
    # That nothing names it is a deviation, too, though the field may be left out.
    zone = zone_from_text(run.value_at(item, source), run.readings.zone_names)
    return run._replace(readings=structs.replace(run.readings, zone=zone, zone_field=None))
