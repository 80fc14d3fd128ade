"""Readings of values in a record, or inside of it, whose intervals are said by fields."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct, structs

from .errors import AbsentError, ContradictedEndError, MissingDayError, UndecidedTimeError
from .reading_facts import FieldPath, ReadingFacts, read_facts
from .record import Record
from .series import (
    LabelMarks,
    Midnight,
    Repeated,
    SingleReading,
    check_marks,
    check_repeated,
    time_of_label,
    zone_from_text,
)
from .texts.local_instant import instant_at
from .texts.zones import ZoneNames, load_zone
from .times.durations import Duration
from .times.letters import compiled
from .times.patterns import parse
from .times.steps import boundaries, day_span, moved, number_of_steps, steps_between
from .times.wall_clock import Interval, intervals_at, moments_at

__all__ = [
    "FieldPath",
    "Readings",
    "as_readings",
    "placed_reading",
    "placed_readings",
    "placed_readings_in_order",
]

ReadingT = TypeVar("ReadingT")
RecordT = TypeVar("RecordT", bound=Record)


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
    intervals = _choose_in_order(run, [possible_intervals(run, record) for record in items], keys)
    return tuple(_build_readings(run, _columns(run, intervals)))


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


class _Columns(NamedTuple):
    """Readings by column."""

    starts: Sequence[datetime]
    ends: Sequence[datetime]
    values: Sequence[Decimal | None]
    items: Sequence[Record | None]
    """The records that have the values; None: a position that is not there."""
    numbers: Sequence[int] = ()
    """Of positions; none where labels, starts or ends say the intervals."""


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


def below(holders: tuple[Record, ...], steps: Sequence[str]) -> Iterator[tuple[Record, ...]]:
    """Yield the chains of records that some steps lead to."""
    if not steps:
        yield holders
        return
    inner = getattr(holders[-1], steps[0])
    for one in inner if isinstance(inner, list) else () if inner is None else (inner,):
        yield from below((*holders, one), steps[1:])


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
            return _columns(run, _choose_in_order(run, found, [None] * len(found)))
        chosen = [
            _choose_interval(run, item, some) for item, some in zip(run.items, found, strict=True)
        ]
        return _columns(run, chosen)
    if is_own_span(run):
        numbers = () if readings.position is None else _numbers(run, readings.position)
        return _columns(run, [interval_at(run, item) for item in run.items], numbers)
    return _at_positions(run)


def is_labelled(readings: Readings[Any]) -> bool:
    """Say whether each value is labelled with its interval, and has no position in a span."""
    return readings.time is not None or (readings.position is None and not readings.in_order)


def is_own_span(run: Run) -> bool:
    """Say whether the record of each value says where the span starts that its position is of."""
    begin = run.readings.start or run.readings.day
    return begin is not None and begin.reach >= len(run.holders)


def _columns(run: Run, intervals: Sequence[Interval], numbers: Sequence[int] = ()) -> _Columns:
    values = [getattr(item, run.readings.value) for item in run.items]
    starts, ends = [start for start, _ in intervals], [end for _, end in intervals]
    return _Columns(starts, ends, values, run.items, numbers)


# --- positions --------------------------------------------------------------------------------


def _at_positions(run: Run) -> _Columns:
    readings, count = run.readings, len(run.items)
    first = readings.counts_from
    in_order = list(range(first, first + count))
    numbers = in_order if readings.position is None else _numbers(run, readings.position)
    edges = edges_of(run, None, max(numbers, default=first - 1) - first + 1)
    if len(edges) - 1 == count and numbers == in_order:
        values = list(map(attrgetter(readings.value), run.items))
        return _Columns(edges[:-1], edges[1:], values, run.items, numbers)
    items = _by_number(run, numbers, len(edges) - 1)
    values = [None if item is None else getattr(item, readings.value) for item in items]
    return _Columns(edges[:-1], edges[1:], values, items, range(first, first + len(items)))


def _numbers(run: Run, source: FieldPath) -> list[int]:
    if source.depth >= len(run.holders) and len(source.path) == 1:
        numbers = list(map(attrgetter(source.path[0]), run.items))
        if None not in numbers:
            return numbers
    return [run.value_of(source, item) for item in run.items]


def _by_number(run: Run, numbers: Sequence[int], count: int) -> list[Record | None]:
    """Return the record of each position; see `Readings.omitted` for those that are not there."""
    first = run.readings.counts_from
    known: dict[int, Record] = dict(zip(numbers, run.items, strict=True))
    if len(known) != len(numbers):
        raise UndecidedTimeError("the readings cannot be placed in time: two have one position")
    for number in known:
        if not first <= number < first + count:
            raise MissingDayError(
                f"the reading cannot be placed in time: there is no position {number} among "
                f"{count}, counted from {first}"
            )
    repeats = does_repeat(run)
    found: list[Record | None] = []
    for number in range(first, first + count):
        before = found[-1] if repeats and found else None
        found.append(known.get(number, before))
    return found


def does_repeat(run: Run) -> bool:
    """Say whether a position that is not there has the value of the one before it."""
    source = run.readings.omitted_field
    if source is None:
        return run.readings.omitted == "repeat"
    try:
        return str(run.value_of(source)) in run.readings.repeats
    except AbsentError:
        return False  # a value that nobody says to be repeated is missing


def zone_said(run: Run) -> str:
    """Return the name of the zone of a run for a message."""
    return run.readings.zone if run.readings.zone_field is None else "its zone"


def _in_its_zone(run: Run, item: Record | None) -> Run:
    """Return a run in the zone that its records name, where they name one."""
    source = run.readings.zone_field
    if source is None:
        return run
    # That nothing names it is a deviation, too, though the field may be left out.
    zone = zone_from_text(run.value_at(item, source), run.readings.zone_names)
    return run._replace(readings=structs.replace(run.readings, zone=zone, zone_field=None))


def interval_at(run: Run, item: Record) -> Interval:
    """Return the interval of one value that says its start, or its day, and its position."""
    readings = run.readings
    if readings.position is None:
        raise TypeError("a value alone has no order")
    number = run.value_of(readings.position, item) - readings.counts_from
    edges = edges_of(run, item, number + 1)
    if not 0 <= number < len(edges) - 1:
        raise MissingDayError(
            "the reading cannot be placed in time: there is no position "
            f"{number + readings.counts_from} in its span"
        )
    return edges[number], edges[number + 1]


def edges_of(run: Run, item: Record | None, least: int) -> list[datetime]:
    """Return where the intervals of a span start, and the end of the last one.

    Args:
        run: values.
        item: the record that says the span; None: the run's holders do.
        least: how many intervals there are where neither an end nor a day says it.
    """
    run = _in_its_zone(run, item)
    readings, zone = run.readings, run.readings.zone
    step = _step(run, item)
    try:
        if readings.day is not None:
            span = day_span(run.value_of(readings.day, item), zone)
            _check_number((span[1] - span[0]) / step.elapsed)
            return steps_between(*span, step, zone)
        if readings.start is None:
            raise TypeError("positions count from a day or a start")
        start = _moment(run, readings.start, item)
        if readings.end is not None:
            end = _moment(run, readings.end, item)
            _check_number((end.astimezone(UTC) - start.astimezone(UTC)) / _shortest(step))
            number = number_of_steps(start, end, step, zone)
            if number is None:
                raise MissingDayError(
                    "the readings cannot be placed in time: no whole number of steps leads from "
                    f"{'.'.join(readings.start.path)} to {'.'.join(readings.end.path)}"
                )
            return boundaries(start, step, number, zone)
        _check_number(least)
        return boundaries(start, step, max(least, 0), zone)
    except OverflowError:
        raise MissingDayError(_BEYOND) from None
    except ValueError as error:
        if isinstance(error, MissingDayError | UndecidedTimeError):
            raise
        raise MissingDayError(f"the readings cannot be placed in time: {error}") from None


def _check_number(number: float) -> None:
    if number > _MOST:
        raise MissingDayError(
            f"the readings cannot be placed in time: they are said to be more than {_MOST}"
        )


def _shortest(step: Duration) -> timedelta:
    return step.elapsed or timedelta(days=step.days or 28 * step.months)


def _step(run: Run, item: Record | None) -> Duration:
    readings = run.readings
    step: Duration = _fixed_step(readings.step)
    if readings.step_field is not None:
        step = run.value_of(readings.step_field, item)
    parts = (step.months, step.days, step.elapsed / _SECOND)
    # A month and a day differ in length: of two kinds, nothing says which is added first.
    if sum(map(bool, parts)) != 1 or min(parts) < 0:
        raise MissingDayError(
            "the reading cannot be placed in time: its step is no number of months, of days, or of "
            "hours, minutes and seconds"
        )
    return step


@lru_cache(maxsize=64)
def _fixed_step(text: str) -> Duration:
    return Duration.parse(text) if text else Duration()


# --- instants and labels ----------------------------------------------------------------------


def possible_intervals(run: Run, item: Record) -> tuple[Interval, ...]:
    """Return the intervals that can be meant by what a value is labelled with."""
    own = _in_its_zone(run, item)
    try:
        found = _labelled(own, item) if own.readings.time is not None else _bounded(own, item)
        _check_end(run, item, found)
    except OverflowError:
        raise MissingDayError(_BEYOND) from None
    return found


def _check_end(run: Run, item: Record, intervals: Sequence[Interval]) -> None:
    """Raise where a printed end is that of none of some intervals.

    Raises:
        ContradictedEndError: it is the end of none of them.
    """
    source = run.readings.until
    if source is None or not intervals:
        return
    said = run.value_at(item, source if source.time is None else source.time)
    if said is not None and source.time is not None:
        day = run.value_at(item, source)
        said = None if day is None else _wall_at(day, source.time, said)
    if said is None:
        return
    if isinstance(said, str):
        try:
            said = parse(source.pattern, said)
        except ValueError:
            said = None
    if isinstance(said, timedelta):
        said %= _DAY  # both 00:00 and 24:00 are midnight
    if isinstance(said, datetime):
        is_local = run.readings.until_local
        said = said.replace(tzinfo=None, fold=0) if is_local else said.astimezone(UTC)
    if not any(said == one for each in intervals for one in _ends_shown(run, item, said, each)):
        raise ContradictedEndError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is not where its step "
            "leads to"
        )


def _ends_shown(run: Run, item: Record, said: object, interval: Interval) -> Iterator[object]:
    """Yield what a document may print for the end of an interval, in the form of what it printed.

    Where nothing names the zone of the end, that is what the clocks of the reading's zone show, and
    those of the spec's; or what they would show had they not been changed since its start.
    """
    readings, (start, end) = run.readings, interval
    if isinstance(said, datetime) and not readings.until_local:
        yield end.astimezone(UTC)
        return
    clocks: list[tzinfo] = [timezone(start.utcoffset() or timedelta())]
    clocks += [load_zone(zone) for zone in (readings.zone, _in_its_zone(run, item).readings.zone)]
    named = None if readings.until_zone is None else run.value_at(item, readings.until_zone)
    if named is not None:
        clocks = [load_zone(zone_from_text(named, readings.zone_names))]
    for clock in clocks:
        shown = end.astimezone(clock).replace(tzinfo=None, fold=0)
        midnight = datetime.combine(shown.date(), datetime.min.time())
        yield shown if isinstance(said, datetime) else shown - midnight


def _labelled(run: Run, item: Record) -> tuple[Interval, ...]:
    readings = run.readings
    if readings.day is None or readings.time is None:
        raise TypeError("a label is of a day")
    day: date = run.value_of(readings.day, item)
    label: str = run.value_of(readings.time, item)
    try:
        time = parse(readings.time.pattern, label)
    except ValueError:
        time = None
    if not isinstance(time, timedelta):
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(readings.time.path)} is no time"
        )
    time = time_of_label(time, run.label_marks, readings.midnight)
    step = _wall_step(_step(run, item))
    length = step if readings.position is None else _HOUR
    begin = time - length if run.label_marks == "end" else time
    if readings.position is not None:
        begin += _part_of_hour(run, item, readings.position, step)
    return intervals_at(day, begin, step, readings.zone)


def _part_of_hour(run: Run, item: Record, source: FieldPath, step: timedelta) -> timedelta:
    """Return how far the part of an hour that a number names is from its beginning."""
    number = run.value_of(source, item) - run.readings.counts_from
    if _HOUR % step or not 0 <= number < _HOUR // step:
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is "
            f"{number + run.readings.counts_from}, which is no part of an hour by its step"
        )
    return timedelta(seconds=number * step.total_seconds())


def _bounded(run: Run, item: Record) -> tuple[Interval, ...]:
    readings, zone = run.readings, run.readings.zone
    if readings.month is not None:
        first: date = run.value_of(readings.month, item)
        following = (first + timedelta(days=31)).replace(day=1)
        return ((day_span(first, zone)[0], day_span(following, zone)[0]),)
    start = None if readings.start is None else _time(run, readings.start, item)
    end = None if readings.end is None else _time(run, readings.end, item)
    step = None if start is not None and end is not None else _step(run, item)
    if readings.local and not _are_told(start, end):
        found = _between_walls(start, end, step, zone)
        if found is not None and len(found) == 2 and _is_placed(start):
            # A local time that is no text any more has been placed: the document said which.
            # One that comes once starts the first; a field beside it may still mean the other.
            by_start = readings.repeated_field is None or (start and _comes_twice(start))
            return found[start.fold : start.fold + 1] if start and by_start else found
        if found is not None:
            return _ending_at(end, found) if start is None else found
        start = None if readings.start is None else _moment(run, readings.start, item)
        end = None if readings.end is None else _moment(run, readings.end, item)
    if step is not None and start is not None:
        end = moved(start, step, 1, zone)
    elif step is not None and end is not None:
        start = moved(end, step, -1, zone)
    if start is None or end is None:
        raise MissingDayError(
            "the reading cannot be placed in time: the calendar does not have the day, or has the "
            "time twice, that its step leads to"
        )
    if start.astimezone(UTC) >= end.astimezone(UTC):
        raise MissingDayError("the reading cannot be placed in time: it ends before it starts")
    return ((start, end),)


def _are_told(start: datetime | None, end: datetime | None) -> bool:
    """Say whether start and end come twice, and the document says which it means of each."""
    return all(
        moment is not None and _is_placed(moment) and _comes_twice(moment)
        for moment in (start, end)
    )


def _ending_at(end: datetime | None, found: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return the one of two intervals that ends at a moment of which its text says which it is."""
    if end is None or not _is_placed(end) or not _comes_twice(end):
        return found
    return tuple(one for one in found if one[1].astimezone(UTC) == end.astimezone(UTC)) or found


def _comes_twice(moment: datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def _is_placed(moment: datetime | None) -> bool:
    return moment is not None and moment.tzinfo is not None


def _between_walls(
    start: datetime | None, end: datetime | None, step: Duration | None, zone: str
) -> tuple[Interval, ...] | None:
    """Return the intervals in which the clocks show the times between two; None: it is longer."""
    first = None if start is None else _wall_time(start, zone)
    last = None if end is None else _wall_time(end, zone)
    if step is not None and step.months:
        return None
    if step is not None and first is not None:
        last = first + _wall_step(step)
    elif step is not None and last is not None:
        first = last - _wall_step(step)
    if first is None or last is None or last - first > timedelta(days=1):
        return None
    if first >= last:
        raise MissingDayError("the reading cannot be placed in time: it ends before it starts")
    midnight = datetime.combine(first.date(), datetime.min.time())
    return intervals_at(first.date(), first - midnight, last - first, zone)


def _wall_time(moment: datetime, zone: str) -> datetime:
    """Return what the document calls a moment: midnight where the clocks jump over it."""
    shown = moment.replace(tzinfo=None, fold=0)
    if not moment.fold or _comes_twice(moment):
        return shown
    before = (moment.astimezone(UTC) - _SECOND).astimezone(load_zone(zone))
    return datetime.combine(before.date() + timedelta(days=1), datetime.min.time())


def _wall_step(step: Duration) -> timedelta:
    """Return how far a step leads on the wall clock."""
    if step.months:
        raise MissingDayError("the reading cannot be placed in time: its step is of months")
    return step.elapsed or timedelta(days=step.days)


def _time(run: Run, source: FieldPath, item: Record | None) -> datetime:
    value: Any = run.value_of(source, item)
    if source.time is not None:
        return _at_its_time(run, value, source.time, item)
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    try:
        found = parse(source.pattern, value)
    except ValueError:
        found = None
    if not isinstance(found, datetime):
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is no time"
        )
    return found


def _at_its_time(run: Run, day: date, source: FieldPath, item: Record | None) -> datetime:
    """Return the moment of a day and a time; naive, but where a mark says which of two it is."""
    text = run.value_of(source, item)
    wall = _wall_at(day, source, text)
    letters = compiled(source.pattern) if "|" in source.pattern else None
    mark = "" if letters is None else letters.mark_in(text.strip(" \t\r\n"))
    unmarked = "" if letters is None else letters.unmarked.replace("undecided", "")
    try:
        if wall is not None and (mark or unmarked):
            return instant_at(wall, run.readings.zone, unmarked or "undecided", mark)
    except ValueError:
        wall = None
    if wall is None:
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is no time of its day"
        )
    return wall


def _wall_at(day: date, source: FieldPath, text: str) -> datetime | None:
    """Return what the clocks show at a time of a day, to the second; None: it is no time."""
    try:
        read: Any = compiled(source.pattern).read(text.strip(" \t\r\n"))
    except ValueError:
        return None
    wall: datetime = datetime.combine(day, datetime.min.time()) + read
    return wall


def _moment(run: Run, source: FieldPath, item: Record | None) -> datetime:
    """Return an instant; of two at which the clocks show the same, the one that is meant."""
    value = _time(run, source, item)
    if not run.readings.local or _is_placed(value):
        return value
    shown = value.replace(tzinfo=None)
    midnight = datetime.combine(shown.date(), datetime.min.time())
    moments = moments_at(shown.date(), shown - midnight, run.readings.zone)
    if not moments:
        raise MissingDayError(
            f"the reading cannot be placed in time: the clocks of {zone_said(run)} skip "
            f"{'.'.join(source.path)}"
        )
    return moments[0] if len(moments) == 1 else moments[_number(run, item)]


def chosen_interval(run: Run, item: Record) -> Interval:
    """Return the interval of one value that says itself what it is.

    Raises:
        MissingDayError: what says it is missing, or names none.
        UndecidedTimeError: two can be meant, and nothing says which.
    """
    if not is_labelled(run.readings):
        return interval_at(run, item)
    return _choose_interval(run, item, possible_intervals(run, item))


def _choose_interval(run: Run, item: Record, found: tuple[Interval, ...]) -> Interval:
    if not found:
        raise MissingDayError(_SKIPPED.format(zone=zone_said(run)))
    if len(found) == 1:
        return found[0]
    chosen = found[_number(run, item)]
    _check_end(run, item, [chosen])
    return chosen


def _number(run: Run, item: Record | None) -> int:
    """Return 0 where the first of two is meant, and 1 where the second is."""
    marked = _choice_by_mark(run, item)
    word: str = marked or run.repeated or run.readings.repeated
    if not marked and run.repeated is None and run.readings.repeated_field is not None:
        word = _which_is_told(run, run.readings.repeated_field, item)
    if word not in ("first", "second"):
        raise UndecidedTimeError(
            "the reading cannot be placed in time: the clocks go back, they show its time twice, "
            "and nothing says which is meant; give `repeated`"
        )
    return 0 if word == "first" else 1


def _choice_by_mark(run: Run, item: Record | None) -> str:
    """Return which of two intervals a label means by a mark: first or second; empty: it has none.

    A pattern may say what a label without a mark means, too.
    """
    time = run.readings.time
    if time is None or "|" not in time.pattern:
        return ""
    letters = compiled(time.pattern)
    said = letters.mark_in(str(run.value_at(item, time) or "").strip(" \t\r\n"))
    return said or letters.unmarked.replace("undecided", "")


def _which_is_told(run: Run, source: FieldPath, item: Record | None) -> str:
    try:
        said = str(run.value_of(source, item))
    except AbsentError:
        return "undecided"
    second = [value.lower() for value in run.readings.second]
    return "second" if said.strip().lower() in second else "first"


def _choose_in_order(
    run: Run, found: Sequence[tuple[Interval, ...]], keys: Sequence[Hashable]
) -> Sequence[Interval]:
    chosen = _in_order(found, keys)
    for item, interval in zip(run.items, chosen, strict=True):
        _check_end(run, item, [interval])
    return chosen


def _in_order(
    found: Sequence[tuple[Interval, ...]], keys: Sequence[Hashable]
) -> Sequence[Interval]:
    """Choose intervals for values that come in the order of time."""
    chosen: list[Interval] = []
    counts: dict[Hashable, int] = {}
    for intervals, key in zip(found, keys, strict=True):
        if not intervals:
            raise MissingDayError(_SKIPPED.format(zone="the zone"))
        number = 0
        if len(intervals) == 2:
            same = (key, intervals[0][0].astimezone(UTC))
            number = counts.get(same, 0)
            counts[same] = number + 1
        chosen.append(intervals[min(number, 1)])
    if any(count != 2 for count in counts.values()):
        raise UndecidedTimeError(
            "the readings cannot be placed in time: the clocks go back, and not two values have "
            "each time that they show twice"
        )
    return chosen


_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MOST = 1_100_000  # the minutes of two years
_BEYOND = "the readings cannot be placed in time: they reach beyond the calendar"
_SKIPPED = "the reading cannot be placed in time: the clocks of {zone} skip its interval"
