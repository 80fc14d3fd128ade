"""Read the times and steps that say an interval, and which of two equal times is meant."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from ..errors import AbsentError, MissingDayError, UndecidedTimeError
from ..reading_facts import FieldPath
from ..record import Record
from ..texts.local_instant import instant_at
from ..times.durations import Duration
from ..times.letters import compiled
from ..times.patterns import parse
from ..times.wall_clock import moments_at
from .runs import Run, zone_said

__all__ = [
    "is_placed",
    "moment_at",
    "number_meant",
    "shortest_of",
    "step_of",
    "time_at",
    "wall_at",
    "wall_step",
]

_SECOND = timedelta(seconds=1)


def time_at(run: Run, source: FieldPath, item: Record | None) -> datetime:
    """Return the time that stands at a source; naive where the zone is that of the readings."""
    value: Any = run.value_of(source, item)
    if source.time is not None:
        return _at_its_time(run, value, source.time, item)
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    try:
        found = parse(source.pattern, value)
    except ValueError:
        found = None
    if not isinstance(found, datetime):
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is no time"
        )
    return found


def _at_its_time(run: Run, day: date, source: FieldPath, item: Record | None) -> datetime:
    """Return the moment of a day and a time; naive, but where a mark says which of two it is."""
    text = run.value_of(source, item)
    wall = wall_at(day, source, text)
    letters = compiled(source.pattern) if "|" in source.pattern else None
    mark = "" if letters is None else letters.mark_in(text.strip(" \t\r\n"))
    unmarked = "" if letters is None else letters.unmarked.replace("undecided", "")
    try:
        if wall is not None and (mark or unmarked):
            return instant_at(wall, run.readings.zone, unmarked or "undecided", mark)
    except ValueError:
        wall = None
    if wall is None:
        raise MissingDayError(
            f"the reading cannot be placed in time: {'.'.join(source.path)} is no time of its day"
        )
    return wall


def wall_at(day: date, source: FieldPath, text: str) -> datetime | None:
    """Return what the clocks show at a time of a day, to the second; None: it is no time."""
    try:
        read: Any = compiled(source.pattern).read(text.strip(" \t\r\n"))
    except ValueError:
        return None
    wall: datetime = datetime.combine(day, datetime.min.time()) + read
    return wall


def moment_at(run: Run, source: FieldPath, item: Record | None) -> datetime:
    """Return an instant; of two at which the clocks show the same, the one that is meant."""
    value = time_at(run, source, item)
    if not run.readings.local or is_placed(value):
        return value
    shown = value.replace(tzinfo=None)
    midnight = datetime.combine(shown.date(), datetime.min.time())
    moments = moments_at(shown.date(), shown - midnight, run.readings.zone)
    if not moments:
        raise MissingDayError(
            f"the reading cannot be placed in time: the clocks of {zone_said(run)} skip "
            f"{'.'.join(source.path)}"
        )
    return moments[0] if len(moments) == 1 else moments[number_meant(run, item)]


def is_placed(moment: datetime | None) -> bool:
    """Say whether a time is an instant, and not merely what clocks show."""
    return moment is not None and moment.tzinfo is not None


def step_of(run: Run, item: Record | None) -> Duration:
    """Return the length of an interval, which is of one kind: months, days, or elapsed time."""
    readings = run.readings
    step: Duration = _fixed_step(readings.step)
    if readings.step_field is not None:
        step = run.value_of(readings.step_field, item)
    parts = (step.months, step.days, step.elapsed / _SECOND)
    # A month and a day differ in length: of two kinds, nothing says which is added first.
    if sum(map(bool, parts)) != 1 or min(parts) < 0:
        raise MissingDayError(
            "the reading cannot be placed in time: its step is no number of months, of days, or of "
            "hours, minutes and seconds"
        )
    return step


@lru_cache(maxsize=64)
def _fixed_step(text: str) -> Duration:
    return Duration.parse(text) if text else Duration()


def shortest_of(step: Duration) -> timedelta:
    """Return the least time that a step can take."""
    return step.elapsed or timedelta(days=step.days or 28 * step.months)


def wall_step(step: Duration) -> timedelta:
    """Return how far a step leads on the wall clock."""
    if step.months:
        raise MissingDayError("the reading cannot be placed in time: its step is of months")
    return step.elapsed or timedelta(days=step.days)


def number_meant(run: Run, item: Record | None) -> int:
    """Return 0 where the first of two is meant, and 1 where the second is."""
    marked = _choice_by_mark(run, item)
    word: str = marked or run.repeated or run.readings.repeated
    if not marked and run.repeated is None and run.readings.repeated_field is not None:
        word = _which_is_told(run, run.readings.repeated_field, item)
    if word not in ("first", "second"):
        raise UndecidedTimeError(
            "the reading cannot be placed in time: the clocks go back, they show its time twice, "
            "and nothing says which is meant; give `repeated`"
        )
    return 0 if word == "first" else 1


def _choice_by_mark(run: Run, item: Record | None) -> str:
    """Return which of two intervals a label means by a mark: first or second; empty: it has none.

    A pattern may say what a label without a mark means, too.
    """
    time = run.readings.time
    if time is None or "|" not in time.pattern:
        return ""
    letters = compiled(time.pattern)
    said = letters.mark_in(str(run.value_at(item, time) or "").strip(" \t\r\n"))
    return said or letters.unmarked.replace("undecided", "")


def _which_is_told(run: Run, source: FieldPath, item: Record | None) -> str:
    try:
        said = str(run.value_of(source, item))
    except AbsentError:
        return "undecided"
    second = [value.lower() for value in run.readings.second]
    return "second" if said.strip().lower() in second else "first"
