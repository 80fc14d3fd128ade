"""Count requests by each hour, day, week, month or year of a calendar."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, assert_never

from ..texts.zones import load_zone
from .hours import instant_shown
from .kinds import QuotaLimit, minute_of_day
from .rules import Quota
from .state import KEY_BITS, UNKNOWN, State

__all__ = ["UsedUp", "spend", "take_back_spent", "used_up", "window_of"]


class UsedUp(NamedTuple):
    """The quota that resets last of those that are used up."""

    key: int
    resets_at: datetime
    """Aware, in UTC."""


def used_up(state: State, quotas: Iterable[Quota], wall: datetime) -> UsedUp | None:
    """Return the quota that lets no call go, and until when; None: all have some left."""
    found: UsedUp | None = None
    for key, limit in quotas:
        start, end = window_of(limit, wall)
        if _count(state, key, start) < limit.requests:
            continue
        if found is None or end > found.resets_at:
            found = UsedUp(key, end)
    return found


def spend(state: State, quotas: Iterable[Quota], wall: datetime) -> None:
    """Count one request."""
    for key, limit in quotas:
        start = window_of(limit, wall)[0]
        if key > _PLACE and key not in state.spent:
            _forget_others(state, key & _PLACE, start)
        state.spent[key] = [start.timestamp(), _count(state, key, start) + 1]


def take_back_spent(state: State, quotas: Iterable[Quota], wall: datetime) -> None:
    """Count one request less: it was not sent."""
    for key, limit in quotas:
        start = window_of(limit, wall)[0]
        if count := _count(state, key, start):
            state.spent[key] = [start.timestamp(), count - 1]


def window_of(limit: QuotaLimit, wall: datetime) -> tuple[datetime, datetime]:
    """Return the stretch of time of a calendar that a moment is in: from, and up to, in UTC."""
    zone, resets = load_zone(limit.zone), minute_of_day(limit.resets)
    local = wall.astimezone(zone).replace(tzinfo=None) - timedelta(minutes=resets)
    if limit.each == "hour":
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        start = wall.astimezone(UTC) - into
        return start, start + timedelta(hours=1)
    day = local.date()
    following = day + timedelta(days=1)
    # Clocks that were put back show again what was before the reset, which counts the first time.
    if instant_shown(following, resets, zone, last=False) <= wall:
        day = following
    first, following = _days_of(limit.each, day)
    return (
        instant_shown(first, resets, zone, last=False),
        instant_shown(following, resets, zone, last=False),
    )


def _days_of(each: Literal["day", "week", "month", "year"], day: date) -> tuple[date, date]:
    """Return the first day of a stretch of the calendar, and that of the following one."""
    match each:
        case "day":
            return day, day + timedelta(days=1)
        case "week":
            first = day - timedelta(days=day.weekday())
            return first, first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1)
        case "year":
            return day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1)
        case _:
            assert_never(each)


def _count(state: State, key: int, start: datetime) -> int:
    """Return how many requests the present stretch of time has seen.

    Where the counts of all values were lost, that stands by the place alone.
    """
    return max(_count_since(state, key, start), _count_since(state, key & _PLACE, start))


def _count_since(state: State, key: int, start: datetime) -> int:
    since, count = state.spent.get(key, (0.0, 0.0))
    return int(count) if since in (start.timestamp(), UNKNOWN) else 0


def _forget_others(state: State, place: int, start: datetime) -> None:
    """Forget the counts of earlier stretches, which nobody else would."""
    since = start.timestamp()
    for key in [key for key in state.spent if key > _PLACE and key & _PLACE == place]:
        if state.spent[key][0] < since:
            del state.spent[key]


_PLACE = (1 << KEY_BITS) - 1
