"""Find the intervals that values can mean which say a label, a start or an end, and choose one."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from ..errors import ContradictedEndError, MissingDayError, UndecidedTimeError
from ..reading_facts import FieldPath
from ..record import Record
from ..series import time_of_label, zone_from_text
from ..texts.zones import load_zone
from ..times.durations import Duration
from ..times.patterns import parse
from ..times.steps import day_span, moved
from ..times.wall_clock import Interval, intervals_at
from .moments import is_placed, moment_at, number_meant, step_of, time_at, wall_at, wall_step
from .runs import BEYOND, Run, in_its_zone, zone_said

__all__ = ["choose_in_order", "choose_interval", "possible_intervals"]

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SKIPPED = "the reading cannot be placed in time: the clocks of {zone} skip its interval"


def possible_intervals(run: Run, item: Record) -> tuple[Interval, ...]:
    """Return the intervals that can be meant by what a value is labelled with."""
    own = in_its_zone(run, item)
    try:
        found = _labelled(own, item) if own.readings.time is not None else _bounded(own, item)
        _check_end(run, item, found)
    except OverflowError:
        raise MissingDayError(BEYOND) from None
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
        said = None if day is None else wall_at(day, source.time, said)
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
    clocks += [load_zone(zone) for zone in (readings.zone, in_its_zone(run, item).readings.zone)]
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
    step = wall_step(step_of(run, item))
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
    start = None if readings.start is None else time_at(run, readings.start, item)
    end = None if readings.end is None else time_at(run, readings.end, item)
    step = None if start is not None and end is not None else step_of(run, item)
    if readings.local and not _are_told(start, end):
        found = _between_walls(start, end, step, zone)
        if found is not None and len(found) == 2 and is_placed(start):
            # A local time that is no text any more has been placed: the document said which.
            # One that comes once starts the first; a field beside it may still mean the other.
            by_start = readings.repeated_field is None or (start and _comes_twice(start))
            return found[start.fold : start.fold + 1] if start and by_start else found
        if found is not None:
            return _ending_at(end, found) if start is None else found
        start = None if readings.start is None else moment_at(run, readings.start, item)
        end = None if readings.end is None else moment_at(run, readings.end, item)
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
        moment is not None and is_placed(moment) and _comes_twice(moment) for moment in (start, end)
    )


def _ending_at(end: datetime | None, found: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return the one of two intervals that ends at a moment of which its text says which it is."""
    if end is None or not is_placed(end) or not _comes_twice(end):
        return found
    return tuple(one for one in found if one[1].astimezone(UTC) == end.astimezone(UTC)) or found


def _comes_twice(moment: datetime) -> bool:
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


def _between_walls(
    start: datetime | None, end: datetime | None, step: Duration | None, zone: str
) -> tuple[Interval, ...] | None:
    """Return the intervals in which the clocks show the times between two; None: it is longer."""
    first = None if start is None else _wall_time(start, zone)
    last = None if end is None else _wall_time(end, zone)
    if step is not None and step.months:
        return None
    if step is not None and first is not None:
        last = first + wall_step(step)
    elif step is not None and last is not None:
        first = last - wall_step(step)
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


def choose_interval(run: Run, item: Record, found: tuple[Interval, ...]) -> Interval:
    """Return the one of the intervals that a value can mean which it does mean."""
    if not found:
        raise MissingDayError(_SKIPPED.format(zone=zone_said(run)))
    if len(found) == 1:
        return found[0]
    chosen = found[number_meant(run, item)]
    _check_end(run, item, [chosen])
    return chosen


def choose_in_order(
    run: Run, found: Sequence[tuple[Interval, ...]], keys: Sequence[Hashable]
) -> Sequence[Interval]:
    """Return the intervals that values mean which come in the order of time."""
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
