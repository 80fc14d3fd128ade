"""Say whether the clocks of a zone still change."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["clock_changes", "longest_change"]


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
    return len(_offsets(local)) > 1


def longest_change(zone: str) -> timedelta:
    """Return how much longer than 24 hours the longest day of a zone is; see `clock_changes`."""
    if not clock_changes(zone):
        return timedelta(0)
    offsets = _offsets(ZoneInfo(zone))
    return max(offsets) - min(offsets)


def _offsets(local: ZoneInfo) -> set[timedelta]:
    days = (datetime(_YEAR, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(366))
    return {day.astimezone(local).utcoffset() or timedelta(0) for day in days}


# Beyond what tables of single years reach, and far enough for rules that hold for good.
_YEAR = 2090
