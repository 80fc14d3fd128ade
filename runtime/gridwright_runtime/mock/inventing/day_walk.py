"""Walk a day of a zone instant by instant: what the clocks on its wall show, and for how long.

Shares nothing with what clients read: no table of changes, no arithmetic on the wall.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

__all__ = ["Slot", "days_of_all_lengths", "elapsed_slots", "length_of_step", "wall_slots"]


class Slot(NamedTuple):
    """One interval of a day."""

    start: datetime
    """Its first instant, aware, in the zone."""
    end: datetime
    """The first instant after it."""
    shown: datetime
    """What the clocks show when it starts or, where they skip that, what the document calls it."""
    is_second: bool
    """The clocks showed the same a little before."""

    def is_short(self, minutes: int) -> bool:
        """Say whether it lasts for less than so many minutes."""
        passed = self.end.astimezone(UTC) - self.start.astimezone(UTC)
        return passed < minutes * _MINUTE


@lru_cache(maxsize=32)
def wall_slots(day: date, step: timedelta, zone: str) -> tuple[Slot, ...]:
    """Return the intervals in which the clocks show each step of a day, oldest first."""
    slots: list[list[tuple[datetime, datetime]]] = []
    midnight = datetime(day.year, day.month, day.day)
    for instant, wall in _walk(day, zone):
        if wall.date() != day:
            continue
        number = (wall - midnight) // step
        if slots and slots[-1][-1][0] + _MINUTE == instant:
            before = slots[-1][-1][1]
            is_same = (before - midnight) // step == number
            if is_same and before + _MINUTE - wall < step:
                slots[-1].append((instant, wall))
                continue
        slots.append([(instant, wall)])
    found: list[Slot] = []
    for minutes in slots:
        number = (minutes[0][1] - midnight) // step
        shown = midnight + number * step
        again = any(slot.shown == shown for slot in found)
        end = minutes[-1][0] + _MINUTE
        found.append(Slot(_local(minutes[0][0], zone), _local(end, zone), shown, again))
    return tuple(found)


@lru_cache(maxsize=32)
def elapsed_slots(day: date, step: str, zone: str) -> tuple[Slot, ...]:
    """Return the intervals of a day in steps of elapsed time; of days or months, the first three.

    The last one of a day is shorter where the steps do not lead to its end.
    """
    months, days, time = length_of_step(step)
    edges: list[datetime] = []
    if time:
        minutes = list(_minutes(day, zone))
        instant, end = minutes[0][0], minutes[-1][0] + _MINUTE
        while instant < end:
            edges.append(instant)
            instant += time
        edges.append(end)
    else:
        for number in range(4):
            whole = day.year * 12 + day.month - 1 + number * months
            on = date(whole // 12, whole % 12 + 1, day.day if days else 1)
            on += timedelta(days=number * days)
            edges.append(next(_minutes(on, zone))[0])
    local = [_local(edge, zone) for edge in edges]
    return tuple(
        Slot(start, end, start.replace(tzinfo=None, fold=0), start.fold == 1)
        for start, end in pairwise(local)
    )


@lru_cache(maxsize=64)
def days_of_all_lengths(zone: str) -> tuple[date, ...]:
    """Return a plain day, and the next days that are shorter and longer where there are any."""
    plain = date(2026, 2, 2)
    found = {24 * 60: plain}
    for number in range(366):
        day = plain + timedelta(days=number)
        noons = [
            datetime(d.year, d.month, d.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
            for d in (day - timedelta(days=1), day, day + timedelta(days=1))
        ]
        if len(set(noons)) > 1:
            length = sum(1 for _ in _minutes(day, zone))
            found.setdefault(length, day)
    return tuple(found[length] for length in sorted(found, key=lambda length: length > 24 * 60))


def length_of_step(text: str) -> tuple[int, int, timedelta]:
    """Return the months, the days and the time of a length such as ``PT15M``."""
    date_part, _, time_part = text.removeprefix("P").partition("T")
    n = {f"d{unit}": int(digits) for digits, unit in _NUMBERS.findall(date_part)}
    n |= {f"t{unit}": int(digits) for digits, unit in _NUMBERS.findall(time_part)}
    time = timedelta(hours=n.get("tH", 0), minutes=n.get("tM", 0), seconds=n.get("tS", 0))
    months = 12 * n.get("dY", 0) + n.get("dM", 0)
    return months, 7 * n.get("dW", 0) + n.get("dD", 0), time


def _minutes(day: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield each minute from the first at which the clocks show a day until the next day's."""
    has_begun = False
    for instant, wall in _walk(day, zone):
        if wall.date() > day:
            return
        has_begun = has_begun or wall.date() == day
        if has_begun:
            yield instant, wall


def _walk(day: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield each minute around a day, in UTC, and what the clocks show then."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    for _ in range(58 * 60):
        yield instant, _local(instant, zone).replace(tzinfo=None, fold=0)
        instant += _MINUTE


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


_MINUTE = timedelta(minutes=1)
_NUMBERS = re.compile("([0-9]+)([A-Z])")
