"""Count requests by each hour, day, week, month or year of a calendar."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ..texts.zones import load_zone
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
    zone, reset = load_zone(limit.zone), timedelta(minutes=minute_of_day(limit.resets))
    local = wall.astimezone(zone).replace(tzinfo=None)
    if limit.each == "hour":
        into = timedelta(
            minutes=(local - reset).minute, seconds=local.second, microseconds=local.microsecond
        )
        start = wall.astimezone(UTC) - into
        return start, start + timedelta(hours=1)
    first = (local - reset).replace(hour=0, minute=0, second=0, microsecond=0)
    match limit.each:
        case "day":
            following = first + timedelta(days=1)
        case "week":
            first -= timedelta(days=first.weekday())
            following = first + timedelta(days=7)
        case "month":
            first = first.replace(day=1)
            following = (first + timedelta(days=31)).replace(day=1)
        case "year":
            first = first.replace(month=1, day=1)
            following = first.replace(year=first.year + 1)
    start, end = ((one + reset).replace(tzinfo=zone).astimezone(UTC) for one in (first, following))
    return start, end


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
