"""Turn a day's field family into readings that say when they start and end."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain, pairwise, repeat
from operator import attrgetter
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, get_args

from msgspec import Struct, structs

from .errors import MissingDayError, UndecidedTimeError
from .reading_facts import FieldPath, ReadingFacts, read_facts
from .record import Record
from .texts.zones import ZoneNames, load_zone, zone_named
from .times.patterns import parse
from .times.wall_clock import Interval, intervals_at, moments_at, shows_every_time_once

__all__ = [
    "HasIntervalStart",
    "LabelMarks",
    "Midnight",
    "RegisterSeries",
    "Repeated",
    "Series",
    "SingleReading",
    "check_marks",
    "check_repeated",
    "interval_readings",
    "readings_in_order",
    "register_readings",
    "single_reading",
    "time_of_label",
    "zone_from_text",
]


class HasIntervalStart(Protocol):
    """A reading of an interval."""

    @property
    def interval_start(self) -> datetime:
        """The first instant of the interval, aware."""


ReadingT = TypeVar("ReadingT")
RecordT = TypeVar("RecordT")
SeriesT = TypeVar("SeriesT", bound="Series[Any] | RegisterSeries[Any]")
PlacedT = TypeVar("PlacedT", bound=HasIntervalStart)

LabelMarks: TypeAlias = Literal["start", "end"]
"""Which end of its interval a label names."""

Repeated: TypeAlias = Literal["first", "second", "undecided"]
"""Which of the two intervals a label names that comes twice, when the clocks go back."""


Midnight: TypeAlias = Literal["ends_day", "begins_day", "undecided"]
"""Which midnight the label 00:00 means at the end of an interval: that which ends its day, or that
which begins it."""


class Series(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A family of fields of which each holds the quantity of one interval of a day."""

    reading: Callable[..., ReadingT]
    """Builds one reading from interval start, interval end, value and what `reading_facts` says."""
    fields: tuple[str, ...]
    """Python names, in the order of time."""
    minutes: tuple[int, ...]
    """The instant each label names, in minutes since midnight: 0015 is 15, 2400 is 1440."""
    step: timedelta
    """The length of one interval."""
    marks: Literal["start", "end"] = "end"
    """Which end of its interval a label names."""
    day: str
    """The Python name of the field that holds the day."""
    zone: str
    """The zone whose wall clock the labels show."""
    repeated: Repeated = "undecided"
    """Which interval a label names that comes twice."""
    positions: int = 0
    """Each field is a step of the day, in time that elapses, and a day of 24 hours has so many;
    0: labels of the clock on the wall name them."""
    reading_facts: ReadingFacts | None = None
    """What readings know beside that; None: nothing."""
    labels: tuple[str, ...] = ()
    """The document's own labels, by field, where readings know them."""
    zone_field: str = ""
    """The Python name of the field that names another zone; empty: there is none."""
    zone_names: ZoneNames = ()
    """What that field may say, where it says no IANA names."""


class RegisterSeries(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A family of fields of which each holds what a meter's register showed at one instant."""

    reading: Callable[..., ReadingT]
    """Builds one reading from the instant, the value and what `reading_facts` says."""
    fields: tuple[str, ...]
    minutes: tuple[int, ...]
    day: str
    zone: str
    repeated: Repeated = "undecided"
    positions: int = 0
    """See `Series`."""
    reading_facts: ReadingFacts | None = None
    labels: tuple[str, ...] = ()
    zone_field: str = ""
    zone_names: ZoneNames = ()


class SingleReading(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A field that holds the quantity of one interval, which other fields label."""

    reading: Callable[[datetime, datetime, Decimal | None], ReadingT]
    """Builds one reading from interval start, interval end and value."""
    value: str
    """The Python name of the field that holds the quantity."""
    day: str
    time: str
    """The Python name of the field that holds the label, a time of day as text."""
    step: timedelta
    zone: str
    time_pattern: str = "hhmi"
    """The pattern of the label."""
    marks: LabelMarks = "end"
    """Which end of its interval a label names, where the document says so."""
    midnight: Midnight = "begins_day"
    repeated: Repeated = "undecided"
    repeated_field: str = ""
    """The Python name of the field that says which interval is meant; empty: there is none."""
    second: tuple[str, ...] = ()
    """The values of that field that mean the second one."""


def interval_readings(
    record: Record,
    series: Series[ReadingT],
    label_marks: LabelMarks | None = None,
    *,
    repeated: Repeated | None = None,
) -> tuple[ReadingT, ...]:
    """Return the readings of one day, oldest first.

    Args:
        record: a record whose model has the fields of the series.
        series: which fields, and what their labels mean.
        label_marks: which end of its interval a label names, where the series leaves it to the
            caller.
        repeated: which of two intervals a label names, where the series leaves it to the caller.

    Returns:
        One reading for each interval of the day, with its aware start and end, each start equal
        to the end before; the value is None where the provider sent none. An interval that the
        clocks skip has no reading. One that they repeat has two, one of them without a value.

    Raises:
        MissingDayError: the record does not say which day it is of, or its readings reach beyond
            the calendar.
        UndecidedTimeError: a value has a label that names two intervals, and nobody says which.
        ValueError: ``label_marks`` is neither start nor end, or ``repeated`` no known word.
    """
    series = _in_its_zone(record, series)
    day = _day(record, series.day)
    marks = check_marks(series.marks if label_marks is None else label_marks)
    check_repeated(repeated)
    shift = -series.step if marks == "end" else timedelta(0)
    if not shows_every_time_once(day, series.zone):
        if series.positions:
            edges, values = _by_position(record, series, day)
            return _built(record, series, (edges[:-1], edges[1:]), values)
        return _unusual_day_readings(record, series, day, shift, repeated or series.repeated)
    midnight = datetime(day.year, day.month, day.day, tzinfo=load_zone(series.zone))
    since, until, values_of = _layout(*_full_day_fields(series), shift, series.step)
    try:
        starts = [midnight + time for time in since]
        # Nearly always, each interval ends where the next one starts.
        ends = [*starts[1:], starts[-1] + series.step]
        if until is not None:
            ends = [midnight + time for time in until]
    except OverflowError:
        raise MissingDayError(_BEYOND) from None
    return _built(record, series, (starts, ends), values_of(record))


def _in_its_zone(record: Record, series: SeriesT) -> SeriesT:
    """Return a family of fields in the zone that its record names, where it names one."""
    if not series.zone_field:
        return series
    return structs.replace(
        series, zone=zone_from_text(getattr(record, series.zone_field), series.zone_names)
    )


def zone_from_text(said: object, names: ZoneNames) -> str:
    """Return the zone that a field names.

    Raises:
        MissingDayError: it names none.
    """
    try:
        return zone_named(said, names)
    except LookupError:
        raise MissingDayError(
            "the reading cannot be placed in time: its time zone is not known"
        ) from None


def _built(
    record: Record,
    series: Series[ReadingT] | RegisterSeries[ReadingT],
    times: Sequence[Sequence[datetime]],
    values: Iterable[Decimal | None],
    labels: Sequence[str] | None = None,
) -> tuple[ReadingT, ...]:
    """Build readings of one record.

    Args:
        record: it says what they have beside their times and values.
        series: what that is.
        times: starts and ends, or moments.
        values: as they were sent.
        labels: by reading; None: in the order of the fields.
    """
    if series.reading_facts is None:
        return tuple(map(series.reading, *times, values))
    named = series.labels if labels is None else labels
    # A day may have more steps than there are fields, and then no label for them.
    labelled = zip(values, chain(named, repeat("")), strict=False)
    known = [read_facts(series.reading_facts, value, label, partial(_value_at, record))
             for value, label in labelled]  # fmt: skip
    return tuple(series.reading(*one, *more) for *one, more in zip(*times, known, strict=True))


def _value_at(record: Record, source: FieldPath) -> Any:
    return getattr(record, source.path[0])


def _full_day_fields(
    series: Series[Any] | RegisterSeries[Any],
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the fields that a day of 24 hours has, and their times."""
    count = series.positions or len(series.fields)
    return series.fields[:count], series.minutes[:count]


def _by_position(
    record: Record, series: Series[Any] | RegisterSeries[Any], day: date
) -> tuple[list[datetime], list[Decimal | None]]:
    """Return the moments that cut a day into steps, and a value for each step."""
    from .times.durations import Duration  # days on which clocks change are few
    from .times.steps import day_span, steps_between

    step = Duration(elapsed=timedelta(days=1) / series.positions)
    try:
        edges = steps_between(*day_span(day, series.zone), step, series.zone)
    except OverflowError:
        raise MissingDayError(_BEYOND) from None
    names = series.fields[: len(edges) - 1]
    values: list[Decimal | None] = [getattr(record, name) for name in names]
    return edges, values + [None] * (len(edges) - 1 - len(values))


@lru_cache(maxsize=256)
def _layout(
    fields: tuple[str, ...], minutes: tuple[int, ...], shift: timedelta, step: timedelta
) -> tuple[tuple[timedelta, ...], tuple[timedelta, ...] | None, Callable[[Record], Iterable[Any]]]:
    """Return the starts of a series' intervals, the ends where they are no starts, and its values.

    The times count from midnight.
    """
    since = tuple(timedelta(minutes=minute) + shift for minute in minutes)
    is_unbroken = all(one + step == other for one, other in pairwise(since))
    until = None if is_unbroken else tuple(start + step for start in since)
    get = attrgetter(*fields)
    # One name alone gives its value, not a tuple of one.
    values_of = get if len(fields) > 1 else lambda record: (get(record),)
    return since, until, values_of


def _unusual_day_readings(
    record: Record, series: Series[ReadingT], day: date, shift: timedelta, repeated: Repeated
) -> tuple[ReadingT, ...]:
    """Return the readings of a day whose clocks change, or of one beside it."""
    placed: list[tuple[datetime, datetime, Decimal | None, str]] = []
    for name, minutes, label in _each_field(series):
        value: Decimal | None = getattr(record, name)
        found = _intervals_of(day, timedelta(minutes=minutes) + shift, series.step, series.zone)
        values = _shared(value, len(found), repeated, name)
        placed += [
            (start, end, one, label) for (start, end), one in zip(found, values, strict=True)
        ]
    # By instants: Python compares what the wall shows where both are of one zone.
    placed.sort(key=lambda item: item[0].astimezone(UTC))
    starts, ends, sent, labels = zip(*placed, strict=True) if placed else ((), (), (), ())
    return _built(record, series, (starts, ends), sent, labels)


def _each_field(series: Series[Any] | RegisterSeries[Any]) -> Iterator[tuple[str, int, str]]:
    """Yield name, minutes and label of each field; no label where readings do not know it."""
    labels = chain(series.labels, repeat(""))
    yield from zip(series.fields, series.minutes, labels, strict=False)


def register_readings(
    record: Record, series: RegisterSeries[ReadingT], *, repeated: Repeated | None = None
) -> tuple[ReadingT, ...]:
    """Return what the register showed at each labelled instant of the day, oldest first.

    Raises:
        MissingDayError: the record does not say which day it is of.
        UndecidedTimeError: a value has a label that names two instants, and nobody says which.
    """
    series = _in_its_zone(record, series)
    day = _day(record, series.day)
    check_repeated(repeated)
    if shows_every_time_once(day, series.zone):
        midnight = datetime(day.year, day.month, day.day, tzinfo=load_zone(series.zone))
        none = timedelta(0)
        since, _, values_of = _layout(*_full_day_fields(series), none, none)
        try:
            moments = [midnight + time for time in since]
        except OverflowError:
            raise MissingDayError(_BEYOND) from None
        return _built(record, series, (moments,), values_of(record))
    if series.positions:
        edges, states = _by_position(record, series, day)
        # The states at the ends of steps, or at their starts.
        moments = edges[1:] if series.minutes[0] else edges[:-1]
        return _built(record, series, (moments,), states)
    placed: list[tuple[datetime, Decimal | None, str]] = []
    for name, minutes, label in _each_field(series):
        value: Decimal | None = getattr(record, name)
        try:
            found = moments_at(day, timedelta(minutes=minutes), series.zone)
        except OverflowError:
            raise MissingDayError(_BEYOND) from None
        values = _shared(value, len(found), repeated or series.repeated, name)
        placed += [(moment, one, label) for moment, one in zip(found, values, strict=True)]
    placed.sort(key=lambda item: item[0].astimezone(UTC))
    read_at, sent, labels = zip(*placed, strict=True) if placed else ((), (), ())
    return _built(record, series, (read_at,), sent, labels)


def single_reading(
    record: Record,
    single: SingleReading[ReadingT],
    label_marks: LabelMarks,
    *,
    repeated: Repeated | None = None,
) -> ReadingT:
    """Return the one reading of a record.

    Args:
        record: a record whose model has the fields that ``single`` names.
        single: which fields.
        label_marks: whether the label names the start or the end of the interval; documents that
            leave this open leave it to the caller.
        repeated: which of two intervals the label names, where ``single`` leaves it to the caller.

    Raises:
        MissingDayError: the record does not say which day or time it is of, its reading reaches
            beyond the calendar, or the clocks skip the interval that it names.
        UndecidedTimeError: the label names two intervals, and nobody says which.
        ValueError: ``label_marks`` is neither start nor end, or ``repeated`` no known word.
    """
    check_marks(label_marks)
    check_repeated(repeated)
    day = _day(record, single.day)
    time = _time_of_day(single.time_pattern, getattr(record, single.time))
    if time is None:
        raise MissingDayError(
            f"the reading cannot be placed in time: {single.time} is missing or no time in this "
            f"{type(record).__name__}"
        )
    time = time_of_label(time, label_marks, single.midnight)
    shift = -single.step if label_marks == "end" else timedelta(0)
    found = _intervals_of(day, time + shift, single.step, single.zone)
    if not found:
        raise MissingDayError(
            f"the reading cannot be placed in time: the clocks of {single.zone} skip the interval "
            f"that {single.time} names in this {type(record).__name__}"
        )
    number = (
        0 if len(found) == 1 else _number(repeated or _stated_choice(record, single), single.time)
    )
    start, end = found[number]
    return single.reading(start, end, getattr(record, single.value))


def readings_in_order(
    records: Iterable[RecordT],
    read: Callable[[RecordT, Repeated], PlacedT],
    *,
    key: Callable[[RecordT], Hashable] | None = None,
) -> tuple[PlacedT, ...]:
    """Return the readings of records that come in the order of time, one a record.

    Of two records with one label that names two intervals, the former means the first.

    Args:
        records: the records, such as those of a reply.
        read: reads one record, as ``lambda record, word: record.reading(repeated=word)`` does.
        key: what tells the records of one meter from those of another; None: all are of one.

    Raises:
        MissingDayError: as ``read`` does.
        UndecidedTimeError: only one record has such a label, or more than two have it.
    """
    placed: list[PlacedT] = []
    waiting: dict[Hashable, list[int]] = {}
    for number, record in enumerate(records):
        first, second = read(record, "first"), read(record, "second")
        start, other = (r.interval_start.astimezone(UTC) for r in (first, second))
        if start == other:
            placed.append(first)
            continue
        same = waiting.setdefault((None if key is None else key(record), start), [])
        same.append(number)
        placed.append(first if len(same) == 1 else second)
    if any(len(same) != 2 for same in waiting.values()):
        raise UndecidedTimeError(
            "the readings cannot be placed in time: the clocks go back, and not two records have "
            "each label that comes twice"
        )
    return tuple(placed)


def _stated_choice(record: Record, single: SingleReading[ReadingT]) -> Repeated:
    """Return what a record says itself about an hour that comes twice."""
    if not single.repeated_field:
        return single.repeated
    said = getattr(record, single.repeated_field)
    if said is None:
        return "undecided"
    second = [value.lower() for value in single.second]
    return "second" if str(said).strip().lower() in second else "first"


def _shared(
    value: Decimal | None, count: int, repeated: Repeated, name: str
) -> tuple[Decimal | None, ...]:
    """Return the values of the intervals that one label names."""
    if count < 2 or value is None:
        return (value,) * count
    number = _number(repeated, name)
    return tuple(value if place == number else None for place in range(count))


def _number(repeated: Repeated, name: str) -> int:
    if repeated == "undecided":
        raise UndecidedTimeError(
            f"the reading cannot be placed in time: the clocks go back, the label of {name} names "
            "two intervals, and nothing says which; give `repeated`"
        )
    return 0 if repeated == "first" else 1


def _intervals_of(day: date, start: timedelta, step: timedelta, zone: str) -> tuple[Interval, ...]:
    try:
        return intervals_at(day, start, step, zone)
    except OverflowError:
        pass
    raise MissingDayError(_BEYOND)


def check_repeated(repeated: Repeated | None) -> None:
    """Raise ValueError where a caller says a word that is not known."""
    if repeated is not None and repeated not in get_args(Repeated):
        raise ValueError('repeated must be "first", "second" or "undecided"')


def check_marks(label_marks: LabelMarks | Literal["undecided"]) -> LabelMarks:
    """Return which end a label names, or raise ValueError where nobody says it."""
    if label_marks == "undecided" or label_marks not in get_args(LabelMarks):
        raise ValueError('label_marks must be "start" or "end"')
    return label_marks


def time_of_label(time: timedelta, marks: LabelMarks, midnight: Midnight) -> timedelta:
    """Return the time of a label since the midnight that begins its day.

    Raises:
        MissingDayError: it is 00:00, ends an interval, and nothing says which midnight it means.
    """
    if time or marks == "start" or midnight == "begins_day":
        return time
    if midnight == "undecided":
        raise MissingDayError(
            "the reading cannot be placed in time: its interval ends at 00:00, and the document "
            "does not say whether that ends its day or begins it"
        )
    return _WHOLE_DAY


def _time_of_day(pattern: str, label: str | None) -> timedelta | None:
    try:
        time = parse(pattern, label or "")
    except ValueError:
        return None
    return time if isinstance(time, timedelta) else None


def _day(record: Record, field: str) -> date:
    day: date | None = getattr(record, field)
    if day is None:
        raise MissingDayError(
            f"the readings cannot be placed in time: {field} is missing in this "
            f"{type(record).__name__}"
        )
    return day


_WHOLE_DAY = timedelta(days=1)
_BEYOND = "the readings cannot be placed in time: they reach beyond the calendar"
