"""Find the instants that a time on the clock on the wall names: one, two or none.

A label such as ``0300`` names an interval of the clock on the wall. When the clocks go back, the
wall shows some intervals twice; when they go forward, it never shows some, and others only in part.
"""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..texts.zones import load_zone

__all__ = [
    "Interval",
    "changes_between",
    "intervals_at",
    "is_shown",
    "moments_at",
    "number_of_positions",
    "shows_every_time_once",
]

Interval = tuple[datetime, datetime]
"""First instant of an interval, and first instant after it; both aware."""


def intervals_at(day: date, start: timedelta, step: timedelta, zone: str) -> tuple[Interval, ...]:
    """Return the intervals in which the wall shows the times from ``start`` for one ``step``.

    Args:
        day: the day whose midnight the start counts from.
        start: what the wall shows when the interval starts, since midnight; may be negative.
        step: the length that the wall shows.
        zone: an IANA name.

    Returns:
        One interval on nearly all days, two where the wall shows all of it twice, none where it
        never does. One that the wall shows in part is shorter or longer than ``step``.

    Raises:
        OverflowError: it lies outside of the calendar.
    """
    if shows_every_time_once(day, zone):
        first = _midnight(day, zone) + start
        return ((first, first + step),)
    wall = datetime.combine(day, datetime.min.time()) + start
    return _intervals(wall, wall + step, _stretches(day.toordinal(), zone), load_zone(zone))


def moments_at(day: date, time: timedelta, zone: str) -> tuple[datetime, ...]:
    """Return the moments at which the wall shows a time of a day; see `intervals_at`.

    The midnights at which a day starts and ends exist, even where the wall jumps over them.
    """
    if shows_every_time_once(day, zone):
        return (_midnight(day, zone) + time,)
    wall = datetime.combine(day, datetime.min.time()) + time
    stretches, local = _stretches(day.toordinal(), zone), load_zone(zone)
    found = [wall - s.offset for s in stretches if s.starts + s.offset <= wall < s.ends + s.offset]
    if not found and time in (timedelta(0), timedelta(days=1)):
        found = [s.starts for s in stretches[1:] if s.starts + s.offset > wall][:1]
    return tuple(_aware(moment, local) for moment in found)


def is_shown(day: date, time: timedelta, step_minutes: int, marks: str, zone: str) -> bool:
    """Say whether the wall shows the interval, or with no step the moment, that a label names.

    ``marks`` may be undecided: the label then names something if it does at either end.
    """
    if shows_every_time_once(day, zone):
        return True
    step = timedelta(minutes=step_minutes)
    if not step:
        return bool(moments_at(day, time, zone))
    starts = [] if marks == "end" else [time]
    starts += [] if marks == "start" else [time - step]
    return any(intervals_at(day, start, step, zone) for start in starts)


def number_of_positions(day: date, step: timedelta, zone: str) -> int:
    """Return how many steps of elapsed time a day has; the last one may be shorter."""
    length = timedelta(days=1)
    if not shows_every_time_once(day, zone):
        try:
            start, end = (moments_at(day, time, zone)[0] for time in (timedelta(0), length))
        except OverflowError:
            return length // step
        length = end.astimezone(UTC) - start.astimezone(UTC)
    return -(-length // step)


def changes_between(
    start: datetime, end: datetime, zone: str
) -> tuple[tuple[datetime, timedelta], ...]:
    """Return when clocks change after ``start`` and before ``end``, and how far they then go back.

    All moments are naive, in UTC; clocks that go forward go back by nothing.
    """
    local, none = load_zone(zone), timedelta(0)
    return tuple(
        (change, max(_offset(change - _SECOND, local) - _offset(change, local), none))
        for year in range(start.year, end.year + 1)
        for change in _changes(year, zone)
        if start < change < end
    )


def shows_every_time_once(day: date, zone: str) -> bool:
    """Say whether no clock changes on a day of a zone, nor on the days around it."""
    return len(_stretches(day.toordinal(), zone)) == 1


class _Stretch(NamedTuple):
    """A time in which the offset of a zone stays the same; naive, in UTC."""

    starts: datetime
    ends: datetime
    offset: timedelta


def _intervals(
    start: datetime, end: datetime, stretches: tuple[_Stretch, ...], local: tzinfo
) -> tuple[Interval, ...]:
    pieces = []
    for stretch in stretches:
        first = max(start, stretch.starts + stretch.offset) - stretch.offset
        last = min(end, stretch.ends + stretch.offset) - stretch.offset
        if first < last:
            pieces.append((first, last))
    whole = [piece for piece in pieces if piece[1] - piece[0] == end - start]
    if len(whole) != len(pieces) or len(pieces) < 2:
        # What the wall shows in several stretches without a break is one interval.
        pieces = _merge_pieces(pieces)
    return tuple((_aware(first, local), _aware(last, local)) for first, last in pieces)


def _merge_pieces(pieces: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for first, last in pieces:
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _aware(moment: datetime, local: tzinfo) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(local)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=load_zone(zone))


@lru_cache(maxsize=4096)
def _stretches(ordinal: int, zone: str) -> tuple[_Stretch, ...]:
    """Return the stretches that the days around a day, by its ordinal, fall into."""
    start = max(ordinal - _AROUND, 1)
    end = min(ordinal + _AROUND, _LAST_ORDINAL)
    starts, ends = datetime.fromordinal(start), datetime.fromordinal(end)
    local = load_zone(zone)
    changes = [
        change
        for year in range(starts.year, ends.year + 1)
        for change in _changes(year, zone)
        if starts < change < ends
    ]
    edges = [starts, *changes, ends]
    return tuple(_Stretch(first, last, _offset(first, local)) for first, last in pairwise(edges))


@lru_cache(maxsize=1024)
def _changes(year: int, zone: str) -> tuple[datetime, ...]:
    """Return when the clocks of a zone change in a year; naive, in UTC.

    Nobody reads meters in the first and the last year of the calendar, whose ends are hard to
    reach.
    """
    local, found = load_zone(zone), []
    if year in (MINYEAR, MAXYEAR):
        return ()
    before, until = datetime(year, 1, 1), datetime(year + 1, 1, 1)
    offset = _offset(before, local)
    while before < until:
        after = min(before + _SAMPLE, until)
        if (then := _offset(after, local)) != offset:
            found.append(_change(before, after, local))
        before, offset = after, then
    return tuple(found)


def _change(before: datetime, after: datetime, local: tzinfo) -> datetime:
    """Return the first second with another offset than ``before``."""
    offset = _offset(before, local)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle == before:
            break
        if _offset(middle, local) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: datetime, local: tzinfo) -> timedelta:
    try:
        return moment.replace(tzinfo=UTC).astimezone(local).utcoffset() or timedelta(0)
    except OverflowError:  # at the ends of the calendar
        return timedelta(0)


# Labels reach one day before and after their day, and no offset is longer than a day.
_AROUND = 3
_LAST_ORDINAL = date.max.toordinal()
_SECOND = timedelta(seconds=1)
# No zone changes its clocks twice in so short a time.
_SAMPLE = timedelta(hours=6)
