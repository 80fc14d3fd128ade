"""What the clocks on the wall of a zone show, minute by minute: slow, and easy to check by eye.

Everything here walks from one instant to the next and asks the zone what its clocks show. Nothing
is computed from a table of changes, as the runtime does.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["Minute", "Span", "day_of", "labelled", "shown_of", "start_of", "times_of", "walk"]

Span = tuple[datetime, datetime]
"""First instant, and first instant after it, both in UTC."""
Minute = tuple[datetime, datetime]
"""An instant in UTC, and what the clocks show then, without a zone."""

MINUTE = timedelta(minutes=1)


def walk(
    day: date, zone: str, grain: timedelta = MINUTE, *, hours: tuple[int, int] = (-48, 72)
) -> Iterator[Minute]:
    """Yield each minute around a day, between hours that count from its midnight in UTC."""
    local = ZoneInfo(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    instant, end = (midnight + timedelta(hours=hour) for hour in hours)
    while instant < end:
        yield instant, instant.astimezone(local).replace(tzinfo=None, fold=0)
        instant += grain


def start_of(minutes: Sequence[Minute], day: date) -> datetime:
    """Return when the clocks first show a day or, where they skip all of it, a later one."""
    return next(instant for instant, wall in minutes if wall.date() >= day)


def day_of(minutes: Sequence[Minute], day: date) -> Span:
    """Return when the clocks first show a day or a later one, and when a day after that."""
    return start_of(minutes, day), start_of(minutes, day + timedelta(days=1))


def labelled(minutes: Sequence[Minute], day: date, step: timedelta) -> list[list[Span]]:
    """Return, for each step of the clock on the wall of a day, the times in which it is shown."""
    midnight = datetime(day.year, day.month, day.day)
    of_steps: list[list[Minute]] = [[] for _ in range(timedelta(days=1) // step)]
    for instant, wall in minutes:
        if wall.date() == day:
            of_steps[(wall - midnight) // step].append((instant, wall))
    return [_spans(minutes, shown, step) for shown in of_steps]


def shown_of(minutes: Sequence[Minute], first: datetime, last: datetime) -> list[Span]:
    """Return the times in which the clocks show what lies from ``first`` until before ``last``."""
    shown = [(instant, wall) for instant, wall in minutes if first <= wall < last]
    return _spans(minutes, shown, last - first)


def _spans(minutes: Sequence[Minute], shown: Sequence[Minute], length: timedelta) -> list[Span]:
    """Join minutes.

    Minutes that follow each other are one time; but where the clocks go back, and show all of it
    before that and all of it again, those are two.
    """
    grain = minutes[1][0] - minutes[0][0]
    runs: list[list[Minute]] = []
    for instant, wall in shown:
        if runs and runs[-1][-1][0] + grain == instant and runs[-1][-1][1] < wall:
            runs[-1].append((instant, wall))
        else:
            runs.append([(instant, wall)])
    is_whole = [len(run) * grain == length for run in runs]
    spans: list[Span] = []
    for run in runs:
        start, end = run[0][0], run[-1][0] + grain
        if spans and spans[-1][1] == start and not all(is_whole):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def times_of(minutes: Sequence[Minute], time: datetime) -> list[datetime]:
    """Return the instants at which the clocks show a time."""
    return [instant for instant, wall in minutes if wall == time]
