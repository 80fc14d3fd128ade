"""Add lengths of the calendar and of the clock to days and moments."""

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from msgspec import Struct

__all__ = ["Length", "added", "is_before", "subtracted"]

MomentT = TypeVar("MomentT", date, datetime)


class Length(Struct, frozen=True):
    """A length of time: months and days of the calendar, and seconds that elapse."""

    months: int = 0
    days: int = 0
    seconds: float = 0


def added(moment: MomentT, length: Length) -> MomentT:
    """Return what comes after a day or a moment by a length.

    Months and days are those of the calendar of the moment's own zone, where the last day stands
    for days that a shorter month lacks; seconds elapse.

    Raises:
        OverflowError: it is beyond the calendar.
    """
    return _moved(moment, length, 1)


def subtracted(moment: MomentT, length: Length) -> MomentT:
    """Return what comes before a day or a moment by a length; see `added`."""
    return _moved(moment, length, -1)


def is_before(moment: MomentT, other: MomentT) -> bool:
    """Say whether one comes before another; of two times with a zone, by what elapses.

    Python compares times of one zone by what clocks show, which the same hour may do twice.
    """
    if isinstance(moment, datetime) and isinstance(other, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC) < other.astimezone(UTC)
    return moment < other


def _moved(moment: MomentT, length: Length, sign: int) -> MomentT:
    found = _on_day(moment, _moved_day(moment, length, sign))
    if not length.seconds:
        return found
    seconds = timedelta(seconds=sign * length.seconds)
    if not isinstance(found, datetime) or found.tzinfo is None:
        return found + seconds
    return (found.astimezone(UTC) + seconds).astimezone(found.tzinfo)


def _moved_day(moment: date, length: Length, sign: int) -> date:
    month = moment.year * 12 + moment.month - 1 + sign * length.months
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("beyond the calendar")
    first = date(year, month + 1, 1)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1) if year < 9999 else date.max
    last = (following - timedelta(days=1)).day if year < 9999 else 28
    return first.replace(day=min(moment.day, last)) + timedelta(days=sign * length.days)


def _on_day(moment: MomentT, day: date) -> MomentT:
    return moment.replace(year=day.year, month=day.month, day=day.day)
