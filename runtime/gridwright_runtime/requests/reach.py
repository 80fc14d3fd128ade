"""Check how far back a call asks. No message holds a value."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from ..interface import Reach
from ..problems import Problem
from ..record import Record
from ..texts.zones import load_zone
from ..times.lengths import subtracted

__all__ = ["reach_problems"]


def reach_problems(reaches: Sequence[Reach], arguments: Record, now: datetime) -> list[Problem]:
    """Return a problem for each argument that asks for what is longer ago than it may be.

    Args:
        reaches: of the operation.
        arguments: what the caller gives.
        now: aware.
    """
    return [
        Problem(
            path=path,
            wire=reach.wire,
            rule="too-far-back",
            message=f"is before {earliest.isoformat()}, and no call may ask for what is earlier",
            label=reach.label,
            source=reach.source,
        )
        for reach in reaches
        for path, value in _values(arguments, reach.path, "")
        if (earliest := _earliest(reach, value, now)) is not None and value < earliest
    ]


def _values(holder: object, path: Sequence[str], before: str) -> Iterator[tuple[str, date]]:
    """Yield the days and moments at the end of a path, in each item of the lists on the way."""
    if isinstance(holder, list | tuple):
        for number, item in enumerate(holder):
            yield from _values(item, path, f"{before}[{number}]")
    elif not path:
        if isinstance(holder, date):
            yield before, holder
    elif isinstance(holder, Record):
        name = f"{before}.{path[0]}" if before else path[0]
        yield from _values(getattr(holder, path[0], None), path[1:], name)


def _earliest(reach: Reach, value: date, now: datetime) -> date | None:
    """Return the first that may be asked for, as a day or a moment like the value."""
    try:
        moment = subtracted(now.astimezone(load_zone(reach.zone)), reach.at_most)
    except OverflowError:
        return None  # further back than any calendar
    if isinstance(value, datetime):
        return None if value.tzinfo is None else moment.replace(microsecond=0)
    day = moment.date()
    return day.replace(day=1) if reach.is_of_months else day
