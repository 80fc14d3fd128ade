"""Readings of values in a record, or inside of it, whose intervals are said by fields.

Where an interval lies is found in `gridwright_runtime.placing`.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from .placing.labels import choose_in_order, choose_interval, possible_intervals
from .placing.positions import edges_of, interval_at, items_by_number, numbers_of
from .placing.runs import (
    Readings,
    Run,
    as_readings,
    below,
    depth_of,
    is_labelled,
    is_own_span,
    run_of,
)
from .reading_facts import FieldPath, read_facts
from .record import Record
from .series import (
    LabelMarks,
    Repeated,
)
from .times.wall_clock import Interval

__all__ = [
    "FieldPath",
    "Readings",
    "as_readings",
    "chosen_interval",
    "placed_reading",
    "placed_readings",
    "placed_readings_in_order",
    "placed_with_records",
]

ReadingT = TypeVar("ReadingT")
RecordT = TypeVar("RecordT", bound=Record)


def placed_reading(
    record: Record,
    readings: Readings[ReadingT],
    label_marks: LabelMarks | None = None,
    *,
    repeated: Repeated | None = None,
) -> ReadingT:
    """Return the one reading of a record that says its interval itself.

    Args:
        record: a record whose model has the fields that ``readings`` names.
        readings: which fields.
        label_marks: which end of its interval a label names, where the document leaves it open.
        repeated: which of two intervals is meant, where the document leaves it open.

    Raises:
        MissingDayError: what says the interval is missing, or names none.
        UndecidedTimeError: two intervals can be meant, and nobody says which.
    """
    run = run_of(readings, (), (record,), label_marks, repeated)
    reading: ReadingT
    (reading,) = _readings_of(run)
    return reading


def placed_readings(
    record: Record,
    readings: Readings[ReadingT],
    label_marks: LabelMarks | None = None,
    *,
    repeated: Repeated | None = None,
) -> tuple[ReadingT, ...]:
    """Return the readings of a record, in each of its spans those of all positions.

    A position that is not there has a reading, too: its value is None or, where the document says
    so, that of the position before it. For the arguments see `placed_reading`.

    Raises:
        MissingDayError: what says an interval is missing, or names none.
        UndecidedTimeError: one value can mean two intervals, or two values mean one interval.
    """
    steps, depth = readings.steps, depth_of(readings)
    found: list[ReadingT] = []
    for holders in below((record,), steps[:depth]):
        items = [chain[-1] for chain in below(holders, steps[depth:])]
        run = run_of(readings, holders, items, label_marks, repeated)
        found += _readings_of(run)
    return tuple(found)


def placed_with_records(
    record: Record,
    readings: Readings[ReadingT],
    label_marks: LabelMarks | None = None,
    *,
    repeated: Repeated | None = None,
) -> list[tuple[ReadingT, tuple[Record | None, ...]]]:
    """Return what `placed_readings` does, each with the records that lead to its value.

    These are the record itself, those on the way and that of the value; None where there is none,
    since the position is not there.
    """
    steps, depth = readings.steps, depth_of(readings)
    found: list[tuple[ReadingT, tuple[Record | None, ...]]] = []
    for holders in below((record,), steps[:depth]):
        chains = {id(chain[-1]): chain for chain in below(holders, steps[depth:])}
        items = [chain[-1] for chain in chains.values()]
        run = run_of(readings, holders, items, label_marks, repeated)
        columns = _place(run)
        absent = (*holders, *(None for _ in steps[depth:]))
        for reading, item in zip(_build_readings(run, columns), columns.items, strict=True):
            found.append((reading, absent if item is None else chains[id(item)]))
    return found


def placed_readings_in_order(
    records: Iterable[RecordT],
    readings: Readings[ReadingT],
    label_marks: LabelMarks | None = None,
    *,
    key: Callable[[RecordT], Hashable] | None = None,
) -> tuple[ReadingT, ...]:
    """Return the readings of records that come in the order of time, one a record.

    Of two records at whose times the clocks show the same, the former means the first.

    Args:
        records: records that say their intervals themselves, such as those of a reply.
        readings: which fields.
        label_marks: see `placed_reading`.
        key: what tells the records of one meter from those of another; None: all are of one.

    Raises:
        MissingDayError: what says an interval is missing, or names none.
        UndecidedTimeError: not two records have a time that the clocks show twice.
    """
    items = tuple(records)
    keys = [None if key is None else key(record) for record in items]
    run = run_of(readings, (), items, label_marks, None)
    intervals = choose_in_order(run, [possible_intervals(run, record) for record in items], keys)
    return tuple(_build_readings(run, _columns(run, intervals)))


class _Columns(NamedTuple):
    """Readings by column."""

    starts: Sequence[datetime]
    ends: Sequence[datetime]
    values: Sequence[Decimal | None]
    items: Sequence[Record | None]
    """The records that have the values; None: a position that is not there."""
    numbers: Sequence[int] = ()
    """Of positions; none where labels, starts or ends say the intervals."""


def _readings_of(run: Run) -> Iterable[Any]:
    return _build_readings(run, _place(run))


def _build_readings(run: Run, columns: _Columns) -> Iterable[Any]:
    """Build readings, each with what is known of it beside its interval."""
    build, reading_facts = run.readings.reading, run.readings.reading_facts
    starts, ends, values, items, numbers = columns
    if reading_facts is None:
        return map(build, starts, ends, values)
    found = []
    for place, (start, end, value, item) in enumerate(
        zip(starts, ends, values, items, strict=True)
    ):
        label = "" if not reading_facts.label else _label(run, item, numbers, place)
        known = read_facts(reading_facts, value, label, partial(run.value_at, item))
        found.append(build(start, end, *known))
    return found


def _label(run: Run, item: Record | None, numbers: Sequence[int], place: int) -> str:
    time = run.readings.time
    return str(numbers[place]) if time is None else str(run.value_at(item, time) or "")


def _place(run: Run) -> _Columns:
    """Return starts, ends and values of a run."""
    readings = run.readings
    if not run.items and readings.end is None and readings.day is None:
        return _Columns((), (), (), ())
    if is_labelled(readings):
        found = [possible_intervals(run, item) for item in run.items]
        if readings.repeated == "in_order" and run.repeated is None and len(found) > 1:
            return _columns(run, choose_in_order(run, found, [None] * len(found)))
        chosen = [
            choose_interval(run, item, some) for item, some in zip(run.items, found, strict=True)
        ]
        return _columns(run, chosen)
    if is_own_span(run):
        numbers = () if readings.position is None else numbers_of(run, readings.position)
        return _columns(run, [interval_at(run, item) for item in run.items], numbers)
    return _at_positions(run)


def _columns(run: Run, intervals: Sequence[Interval], numbers: Sequence[int] = ()) -> _Columns:
    values = [getattr(item, run.readings.value) for item in run.items]
    starts, ends = [start for start, _ in intervals], [end for _, end in intervals]
    return _Columns(starts, ends, values, run.items, numbers)


def _at_positions(run: Run) -> _Columns:
    readings, count = run.readings, len(run.items)
    first = readings.counts_from
    in_order = list(range(first, first + count))
    numbers = in_order if readings.position is None else numbers_of(run, readings.position)
    edges = edges_of(run, None, max(numbers, default=first - 1) - first + 1)
    if len(edges) - 1 == count and numbers == in_order:
        values = list(map(attrgetter(readings.value), run.items))
        return _Columns(edges[:-1], edges[1:], values, run.items, numbers)
    items = items_by_number(run, numbers, len(edges) - 1)
    values = [None if item is None else getattr(item, readings.value) for item in items]
    return _Columns(edges[:-1], edges[1:], values, items, range(first, first + len(items)))


def chosen_interval(run: Run, item: Record) -> Interval:
    """Return the interval of one value that says itself what it is.

    Raises:
        MissingDayError: what says it is missing, or names none.
        UndecidedTimeError: two can be meant, and nothing says which.
    """
    if not is_labelled(run.readings):
        return interval_at(run, item)
    return choose_interval(run, item, possible_intervals(run, item))
