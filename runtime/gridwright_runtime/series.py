"""Turn a day's field family into readings that say when they start and end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar, get_args

from msgspec import Struct

from .errors import MissingDayError
from .patterns import load_zone, parse
from .record import Record

__all__ = [
    "LabelMarks",
    "RegisterSeries",
    "Series",
    "SingleReading",
    "interval_readings",
    "register_readings",
    "single_reading",
]

ReadingT = TypeVar("ReadingT")

LabelMarks: TypeAlias = Literal["start", "end"]
"""Which end of its interval a label names."""


class Series(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A family of fields of which each holds the quantity of one interval of a day."""

    reading: Callable[[datetime, datetime, Decimal | None], ReadingT]
    """Builds one reading from interval start, interval end and value."""
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


class RegisterSeries(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A family of fields of which each holds what a meter's register showed at one instant."""

    reading: Callable[[datetime, Decimal | None], ReadingT]
    """Builds one reading from the instant and the value."""
    fields: tuple[str, ...]
    minutes: tuple[int, ...]
    day: str
    zone: str


class SingleReading(Struct, Generic[ReadingT], frozen=True, kw_only=True):
    """A field that holds the quantity of one interval, which other fields label."""

    reading: Callable[[datetime, datetime, Decimal | None], ReadingT]
    """Builds one reading from interval start, interval end and value."""
    value: str
    """The Python name of the field that holds the quantity."""
    day: str
    time: str
    """The Python name of the field that holds the label, hours and minutes as text."""
    step: timedelta
    zone: str


def interval_readings(
    record: Record, series: Series[ReadingT], label_marks: LabelMarks | None = None
) -> tuple[ReadingT, ...]:
    """Return the readings of one day, oldest first.

    Args:
        record: a record whose model has the fields of the series.
        series: which fields, and what their labels mean.
        label_marks: which end of its interval a label names, where the series leaves it to the
            caller.

    Returns:
        One reading a field, with the aware start and end of its interval, each start equal to the
        end before; the value is None where the provider sent none.

    Raises:
        MissingDayError: the record does not say which day it is of, or its readings reach beyond
            the calendar.
        ValueError: ``label_marks`` is neither start nor end.
    """
    midnight = _midnight(record, series.day, series.zone)
    marks = _checked(series.marks if label_marks is None else label_marks)
    shift = -series.step if marks == "end" else timedelta(0)
    readings = []
    for name, minutes in zip(series.fields, series.minutes, strict=True):
        start, end = _interval(midnight, timedelta(minutes=minutes) + shift, series.step)
        readings.append(series.reading(start, end, getattr(record, name)))
    return tuple(readings)


def register_readings(record: Record, series: RegisterSeries[ReadingT]) -> tuple[ReadingT, ...]:
    """Return what the register showed at each labelled instant of the day, oldest first.

    Raises:
        MissingDayError: the record does not say which day it is of.
    """
    midnight = _midnight(record, series.day, series.zone)
    return tuple(
        series.reading(_after(midnight, timedelta(minutes=minutes)), getattr(record, name))
        for name, minutes in zip(series.fields, series.minutes, strict=True)
    )


def single_reading(
    record: Record, single: SingleReading[ReadingT], label_marks: LabelMarks
) -> ReadingT:
    """Return the one reading of a record.

    Args:
        record: a record whose model has the fields that ``single`` names.
        single: which fields.
        label_marks: whether the label names the start or the end of the interval; documents that
            leave this open leave it to the caller.

    Raises:
        MissingDayError: the record does not say which day or time it is of, or its reading reaches
            beyond the calendar.
        ValueError: ``label_marks`` is neither start nor end.
    """
    _checked(label_marks)
    midnight = _midnight(record, single.day, single.zone)
    minutes = _minutes(getattr(record, single.time))
    if minutes is None:
        raise MissingDayError(
            f"the reading cannot be placed in time: {single.time} is missing or no time in this "
            f"{type(record).__name__}"
        )
    shift = -single.step if label_marks == "end" else timedelta(0)
    start, end = _interval(midnight, timedelta(minutes=minutes) + shift, single.step)
    return single.reading(start, end, getattr(record, single.value))


def _checked(label_marks: LabelMarks) -> LabelMarks:
    if label_marks not in get_args(LabelMarks):
        raise ValueError('label_marks must be "start" or "end"')
    return label_marks


def _interval(midnight: datetime, since: timedelta, step: timedelta) -> tuple[datetime, datetime]:
    start = _after(midnight, since)
    return start, _after(start, step)


def _after(moment: datetime, time: timedelta) -> datetime:
    try:
        return moment + time
    except OverflowError:
        pass
    raise MissingDayError("the readings cannot be placed in time: they reach beyond the calendar")


def _minutes(label: str | None) -> int | None:
    try:
        minutes = parse("hhmi", label or "")
    except ValueError:
        return None
    return minutes if isinstance(minutes, int) else None


def _midnight(record: Record, field: str, zone: str) -> datetime:
    day: date | None = getattr(record, field)
    if day is None:
        raise MissingDayError(
            f"the readings cannot be placed in time: {field} is missing in this "
            f"{type(record).__name__}"
        )
    return datetime(day.year, day.month, day.day, tzinfo=load_zone(zone))
