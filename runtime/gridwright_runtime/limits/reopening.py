"""Find when a closed service opens again."""

from datetime import UTC, datetime, timedelta

from .hours import Timetable
from .kinds import ClosedHours, Limits

__all__ = ["opening_after"]


def opening_after(limits: Limits, operation: str, now: datetime) -> datetime | None:
    """Return the end of the closed hours that are on, in their zone; None where none are.

    A minute before and after counts as well: clocks differ.
    """
    hours = tuple(
        limit
        for limit in limits.limits
        if isinstance(limit, ClosedHours)
        and (not limit.operations or operation in limit.operations)
    )
    closing = Timetable(hours).next(now.astimezone(UTC) - _SLACK) if hours else None
    if closing is None or closing.starts_at > now + _SLACK:
        return None
    return closing.opens_at.astimezone(closing.zone)


_SLACK = timedelta(minutes=1)
