"""Cut a span of time into steps: in time that elapses, or by the calendar of a zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate, repeat
from typing import Any

from ..texts.zones import load_zone
from .durations import Duration
from .wall_clock import Interval, changes_between, moments_at

__all__ = ["boundaries", "day_span", "moved", "number_of_steps", "steps_between"]


def day_span(day: date, zone: str) -> Interval:
    """Return when a day starts, and when the next one does.

    Raises:
        OverflowError: it lies outside of the calendar.
    """
    return _start_of(day, zone), _start_of(day + timedelta(days=1), zone)


def number_of_steps(start: datetime, end: datetime, step: Duration, zone: str) -> int | None:
    """Return how many steps lead from one moment to another; None: no number of them does."""
    if step.elapsed:
        whole, rest = divmod(_utc(end) - _utc(start), step.elapsed)
        return None if rest or whole < 0 else whole
    # Months and days differ in length, so the number is estimated and then counted out.
    days = (_utc(end) - _utc(start)) / timedelta(days=1)
    about = max(int(days / (step.days or step.months * _DAYS_OF_A_MONTH)) - 1, 0)
    for count in range(about, about + _TRIED):
        moment = moved(start, step, count, zone)
        if moment is None or _utc(moment) > _utc(end):
            return None
        if _utc(moment) == _utc(end):
            return count
    return None


def steps_between(start: datetime, end: datetime, step: Duration, zone: str) -> list[datetime]:
    """Return the moments that cut a span into steps, its start and its end included.

    Its last step is shorter where the steps do not lead to the end: a day of 24.5 hours has 24
    hours and half of one.
    """
    whole = -(-(_utc(end) - _utc(start)) // step.elapsed)
    return [*boundaries(start, step, whole - 1, zone), end] if whole > 0 else [start]


def boundaries(start: datetime, step: Duration, count: int, zone: str) -> list[datetime]:
    """Return the start of so many steps, and the end of the last one, in a zone.

    Raises:
        ValueError: the calendar does not have, or has twice, what the steps lead to.
        OverflowError: the steps lead beyond the calendar.
    """
    if step.elapsed:
        return _elapsed(_utc(start), step.elapsed, count, zone)
    found = [moved(start, step, number, zone) for number in range(count + 1)]
    moments = [moment for moment in found if moment is not None]
    if len(moments) != len(found):
        raise ValueError("the calendar does not have all of the days that the steps lead to")
    return moments


def moved(start: datetime, step: Duration, count: int, zone: str) -> datetime | None:
    """Return a moment so many steps later, or earlier.

    Returns:
        A moment in the zone; None where the calendar does not have it, or has it twice.
    """
    if step.elapsed:
        return _aware(_utc(start) + count * step.elapsed, load_zone(zone))
    wall = start.astimezone(load_zone(zone))
    months = wall.year * 12 + wall.month - 1 + step.months * count
    try:
        day = date(months // 12, months % 12 + 1, wall.day) + timedelta(days=step.days * count)
    except ValueError:
        return None
    time = timedelta(
        hours=wall.hour,
        minutes=wall.minute,
        seconds=wall.second,
        microseconds=wall.microsecond,
    )
    if not count:
        return wall
    # Where the clocks skip a midnight, the day starts at what they show then.
    if not time or _utc(wall) == _utc(_start_of(wall.date(), zone)):
        return _start_of(day, zone)
    moments = moments_at(day, time, zone)
    return moments[0] if len(moments) == 1 else None


def _elapsed(start: datetime, step: timedelta, count: int, zone: str) -> list[datetime]:
    """Return moments in a zone; the start is naive, in UTC."""
    local = load_zone(zone)
    found: list[datetime] = []
    for last, slow_until in _parts(start, start + count * step, zone):
        # In an hour that comes again, a moment has to be told from that of the first time.
        while len(found) <= count and start + len(found) * step < slow_until:
            found.append(_aware(start + len(found) * step, local))
        # What is left of this part has one offset, so that the clocks tell the elapsed time.
        number = min(-(-(last - start) // step), count + 1) - len(found)
        if number > 0:
            first = _aware(start + len(found) * step, local)
            later: Iterator[Any] = repeat(step, number - 1)
            found += accumulate(later, initial=first)
    return found


def _parts(start: datetime, end: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield the end of each part between changes of the clocks, and until when it repeats times."""
    changes = changes_between(start, end + _SECOND, zone)
    slow_until = start
    # Times may have been repeated just before the start.
    for change, back in changes_between(start - _LONGEST_CHANGE, start + _SECOND, zone):
        slow_until = max(slow_until, change + back)
    for change, back in changes:
        yield change, slow_until
        slow_until = change + back
    yield end + _SECOND, slow_until


def _start_of(day: date, zone: str) -> datetime:
    # Where the clocks go back to midnight, the day starts at the first one.
    return moments_at(day, timedelta(0), zone)[0]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime, local: tzinfo) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(local)


_SECOND = timedelta(seconds=1)
_DAYS_OF_A_MONTH = 31
# A month has 28 to 31 days, so that a hundred years of months are 37 months less than estimated.
_TRIED = 200
# No clock goes back by more than a day.
_LONGEST_CHANGE = timedelta(days=1, seconds=1)
