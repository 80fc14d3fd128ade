"""Check how far back a request asks, without any code of the clients' check."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from ...interface import Reach
from ...problems import Problem
from ...texts.zones import load_zone

__all__ = ["too_far_back"]


def too_far_back(
    reaches: Sequence[Reach], arguments: Mapping[str, object], now: datetime
) -> list[Problem]:
    """Return what is wrong with arguments that ask for what is too long ago."""
    found = []
    for reach in reaches:
        for value in _values_at([arguments], reach.path):
            if _is_too_early(reach, value, now):
                message = "asks for what is longer ago than the document allows"
                found.append(
                    Problem(
                        path=".".join(reach.path),
                        wire=reach.wire,
                        rule="too-far-back",
                        message=message,
                    )
                )
    return found


def _values_at(holders: list[object], path: Sequence[str]) -> list[object]:
    for name in path:
        inside = [one.get(name) for one in holders if isinstance(one, Mapping)]
        holders = []
        for one in inside:
            holders += one if isinstance(one, list) else [one]
    return holders


def _is_too_early(reach: Reach, value: object, now: datetime) -> bool:
    wall = now.astimezone(load_zone(reach.zone))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return False
        asked, whole = value.astimezone(UTC), False
    elif isinstance(value, date):
        asked, whole = datetime(value.year, value.month, value.day, tzinfo=UTC), True
    else:
        return False
    length = reach.at_most
    months = wall.year * 12 + wall.month - 1 - length.months
    if months < 12:
        return False
    day = wall.day
    while True:  # a shorter month has no such day
        try:
            first = wall.replace(year=months // 12, month=months % 12 + 1, day=day)
            break
        except ValueError:
            day -= 1
    first -= timedelta(days=length.days)
    if not whole:
        limit = first.astimezone(UTC) - timedelta(seconds=length.seconds)
        return asked < limit.replace(microsecond=0)
    local = (first.astimezone(UTC) - timedelta(seconds=length.seconds)).astimezone(wall.tzinfo)
    earliest = datetime(local.year, local.month, local.day, tzinfo=UTC)
    return asked < (earliest.replace(day=1) if reach.is_of_months else earliest)
