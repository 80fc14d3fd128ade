"""Zones: whether their clocks still change. Never says when."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["clock_changes"]


@cache
def clock_changes(zone: str) -> bool:
    """Say whether the clocks of a zone are still changed, as the pinned time zone data have it.

    The rules that hold for good are in force in every year; those of a single coming year are not
    looked at, since a package must not change from one year to the next.
    """
    try:
        local = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False  # reported as an unknown zone
    days = (datetime(_YEAR, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(366))
    return len({day.astimezone(local).utcoffset() for day in days}) > 1


# Beyond what tables of single years reach, and far enough for rules that hold for good.
_YEAR = 2090
