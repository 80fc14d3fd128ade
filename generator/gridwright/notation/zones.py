"""Say whether the clocks of a zone still change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["clock_changes", "clocks_may_change", "longest_change"]


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


def clocks_may_change(zone: str, *, is_named: bool, names: Sequence[tuple[str, str]]) -> bool:
    """Say whether the clocks change of a zone, or of one that a field may name.

    Args:
        zone: of the spec, where no field names another.
        is_named: a field names the zone.
        names: what that field may say, each with the zone that it means; empty: any zone.
    """
    if not is_named:
        return clock_changes(zone)
    return not names or any(clock_changes(known) for _, known in names)


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
