"""What the clocks on the wall of a zone show, minute by minute: slow, and easy to check by eye.

Everything here walks from one instant to the next and asks the zone what its clocks show. Nothing
is computed from a table of changes, as the runtime does.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["Span", "day_of", "shown_of", "times_of", "walk"]

Span = tuple[datetime, datetime]
"""First instant, and first instant after it, both in UTC."""

MINUTE = timedelta(minutes=1)


def walk(day: date, zone: str, grain: timedelta = MINUTE) -> Iterator[tuple[datetime, datetime]]:
    """Yield each minute around a day, and what the clocks show then, without a zone."""
    local = ZoneInfo(zone)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    for _ in range(int(timedelta(days=5) / grain)):
        yield instant, instant.astimezone(local).replace(tzinfo=None, fold=0)
        instant += grain


def day_of(minutes: list[tuple[datetime, datetime]], day: date) -> Span:
    """Return when the clocks first show a day or a later one, and when a day after that."""
    start = next(instant for instant, wall in minutes if wall.date() >= day)
    end = next(instant for instant, wall in minutes if wall.date() > day)
    return start, end


def shown_of(
    minutes: list[tuple[datetime, datetime]], first: datetime, last: datetime
) -> list[Span]:
    """Return the times in which the clocks show what lies from ``first`` until before ``last``.

    Minutes that follow each other are one time; but where the clocks go back, and show all of it
    before that and all of it again, those are two.
    """
    grain = minutes[1][0] - minutes[0][0]
    runs: list[list[tuple[datetime, datetime]]] = []
    for instant, wall in minutes:
        if not first <= wall < last:
            continue
        if runs and runs[-1][-1][0] + grain == instant and runs[-1][-1][1] < wall:
            runs[-1].append((instant, wall))
        else:
            runs.append([(instant, wall)])
    is_whole = [len(run) * grain == last - first for run in runs]
    spans: list[Span] = []
    for run in runs:
        start, end = run[0][0], run[-1][0] + grain
        if spans and spans[-1][1] == start and not all(is_whole):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def times_of(minutes: list[tuple[datetime, datetime]], time: datetime) -> list[datetime]:
    """Return the instants at which the clocks show a time."""
    return [instant for instant, wall in minutes if wall == time]
