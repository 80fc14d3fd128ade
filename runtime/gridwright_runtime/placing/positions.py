"""Find the intervals of values that are numbered, or stand in order, within a span."""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter

from ..errors import AbsentError, MissingDayError, UndecidedTimeError
from ..reading_facts import FieldPath
from ..record import Record
from ..times.steps import boundaries, day_span, number_of_steps, steps_between
from ..times.wall_clock import Interval
from .moments import moment_at, shortest_of, step_of
from .runs import BEYOND, Run, in_its_zone

__all__ = ["does_repeat", "edges_of", "interval_at", "items_by_number", "numbers_of"]

_MOST = 1_100_000  # the minutes of two years


def interval_at(run: Run, item: Record) -> Interval:
    """Return the interval of one value that says its start, or its day, and its position."""
    readings = run.readings
    if readings.position is None:
        raise TypeError("a value alone has no order")
    number = run.value_of(readings.position, item) - readings.counts_from
    edges = edges_of(run, item, number + 1)
    if not 0 <= number < len(edges) - 1:
        raise MissingDayError(
            "the reading cannot be placed in time: there is no position "
            f"{number + readings.counts_from} in its span"
        )
    return edges[number], edges[number + 1]


def edges_of(run: Run, item: Record | None, least: int) -> list[datetime]:
    """Return where the intervals of a span start, and the end of the last one.

    Args:
        run: values.
        item: the record that says the span; None: the run's holders do.
        least: how many intervals there are where neither an end nor a day says it.
    """
    run = in_its_zone(run, item)
    readings, zone = run.readings, run.readings.zone
    step = step_of(run, item)
    try:
        if readings.day is not None:
            span = day_span(run.value_of(readings.day, item), zone)
            _check_number((span[1] - span[0]) / step.elapsed)
            return steps_between(*span, step, zone)
        if readings.start is None:
            raise TypeError("positions count from a day or a start")
        start = moment_at(run, readings.start, item)
        if readings.end is not None:
            end = moment_at(run, readings.end, item)
            _check_number((end.astimezone(UTC) - start.astimezone(UTC)) / shortest_of(step))
            number = number_of_steps(start, end, step, zone)
            if number is None:
                raise MissingDayError(
                    "the readings cannot be placed in time: no whole number of steps leads from "
                    f"{'.'.join(readings.start.path)} to {'.'.join(readings.end.path)}"
                )
            return boundaries(start, step, number, zone)
        _check_number(least)
        return boundaries(start, step, max(least, 0), zone)
    except OverflowError:
        raise MissingDayError(BEYOND) from None
    except ValueError as error:
        if isinstance(error, MissingDayError | UndecidedTimeError):
            raise
        raise MissingDayError(f"the readings cannot be placed in time: {error}") from None


def _check_number(number: float) -> None:
    if number > _MOST:
        raise MissingDayError(
            f"the readings cannot be placed in time: they are said to be more than {_MOST}"
        )


def numbers_of(run: Run, source: FieldPath) -> list[int]:
    """Return the numbers of the positions of all values."""
    if source.depth >= len(run.holders) and len(source.path) == 1:
        numbers = list(map(attrgetter(source.path[0]), run.items))
        if None not in numbers:
            return numbers
    return [run.value_of(source, item) for item in run.items]


def items_by_number(run: Run, numbers: Sequence[int], count: int) -> list[Record | None]:
    """Return the record of each position; see `Readings.omitted` for those that are not there."""
    first = run.readings.counts_from
    known: dict[int, Record] = dict(zip(numbers, run.items, strict=True))
    if len(known) != len(numbers):
        raise UndecidedTimeError("the readings cannot be placed in time: two have one position")
    for number in known:
        if not first <= number < first + count:
            raise MissingDayError(
                f"the reading cannot be placed in time: there is no position {number} among "
                f"{count}, counted from {first}"
            )
    repeats = does_repeat(run)
    found: list[Record | None] = []
    for number in range(first, first + count):
        before = found[-1] if repeats and found else None
        found.append(known.get(number, before))
    return found


def does_repeat(run: Run) -> bool:
    """Say whether a position that is not there has the value of the one before it."""
    source = run.readings.omitted_field
    if source is None:
        return run.readings.omitted == "repeat"
    try:
        return str(run.value_of(source)) in run.readings.repeats
    except AbsentError:
        return False  # a value that nobody says to be repeated is missing
