"""Compute the closed hours of each week as instants, also when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .kinds import WEEKDAYS, ClosedHours, minute_of_day

__all__ = ["Closing", "Timetable", "instant_shown"]


class Closing(NamedTuple):
    """One time that a service is closed; instants in UTC, since others do not compare well."""

    starts_at: datetime
    """Inclusive."""
    opens_at: datetime
    """Exclusive."""
    name: str
    """Of the limit."""
    zone: ZoneInfo
    """Of the limit, for people."""


class Timetable:
    """The closings of some limits, one after the other."""

    __slots__ = ("_hours", "_known")

    def __init__(self, hours: tuple[ClosedHours, ...]) -> None:
        self._hours = hours
        self._known: tuple[datetime, Closing | None] | None = None
        """From when on the next closing is known, and which it is."""

    def next(self, now: datetime) -> Closing | None:
        """Return the closing that is on, else the next one; None where there is none ever.

        Closings that meet or overlap are one.

        Args:
            now: in UTC.
        """
        known = self._known
        if known is not None and known[0] <= now and (known[1] is None or now < known[1].opens_at):
            return known[1]
        found = self._find(now)
        self._known = (now, found)
        return found

    def _find(self, now: datetime) -> Closing | None:
        coming = sorted(
            (closing for hours in self._hours for closing in _closings_around(hours, now)),
            key=lambda closing: closing.starts_at,
        )
        found: Closing | None = None
        for closing in coming:
            if closing.opens_at <= now or closing.opens_at <= closing.starts_at:
                continue
            if found is None:
                found = closing
            elif closing.starts_at <= found.opens_at < closing.opens_at:
                found = found._replace(opens_at=closing.opens_at)
        return found


def _closings_around(hours: ClosedHours, now: datetime) -> list[Closing]:
    """Return the closings of the last, this, the next and the following weeks."""
    zone = ZoneInfo(hours.zone)
    today = now.astimezone(zone).date()
    since = (today.weekday() - WEEKDAYS.index(hours.weekday)) % 7
    start, end = minute_of_day(hours.start), minute_of_day(hours.end)
    days = 0 if end > start else 1
    found = []
    for weeks in (-1, 0, 1, 2):
        day = today + timedelta(days=7 * weeks - since)
        # Where the clocks show a time twice, it is closed from the first to the last.
        starts_at = instant_shown(day, start, zone, last=False)
        opens_at = instant_shown(day + timedelta(days=days), end, zone, last=True)
        found.append(Closing(starts_at, opens_at, hours.name, zone))
    return found


def instant_shown(day: date, minute: int, zone: ZoneInfo, *, last: bool) -> datetime:
    """Return when the clocks show a time; where they skip it, when they skip it."""
    if minute == 24 * 60:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), zone)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:  # no clock shows it: the one is meant before the change, the other after
        return _skip(second, first, zone)
    return second if last else first


def _skip(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two at which the clocks are put forward, to the second."""
    offset = late.astimezone(zone).utcoffset()
    first, last = 0, round((late - early).total_seconds())
    while first < last:
        middle = (first + last) // 2
        at = early + timedelta(seconds=middle)
        if at.astimezone(zone).utcoffset() == offset:
            last = middle
        else:
            first = middle + 1
    return early + timedelta(seconds=first)
