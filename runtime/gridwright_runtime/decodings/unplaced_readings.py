"""List values of a reply whose intervals or units it does not say, and readings that it lacks or
repeats.

Of what it lists, `readings()` places nothing by guessing. Never decodes.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Any

from msgspec import structs

from ..errors import AbsentError, ContradictedEndError, MissingDayError, UndecidedTimeError
from ..interface import ReplySpec
from ..intervals import chosen_interval
from ..placing.labels import possible_intervals
from ..placing.positions import does_repeat, edges_of, interval_at
from ..placing.runs import (
    Readings,
    Run,
    as_readings,
    depth_of,
    is_labelled,
    is_own_span,
    run_of,
    zone_said,
)
from ..problems import Problem
from ..reading_facts import FieldPath, ReadingFacts, unit_problem
from ..record import Record
from ..series import LabelMarks, RegisterSeries, Series, SingleReading, zone_from_text
from ..times.wall_clock import Interval
from ..values.convert import shape_of
from ..values.instant_keys import hashable_by_instant
from .trees import path_of

__all__ = ["has_readings", "list_unplaced_values"]

_Chain = tuple[str, tuple[Record, ...]]
"""Records, each in the one before, and the path of the last one."""


def has_readings(reply: ReplySpec[Any]) -> bool:
    """Say whether records of a reply tell readings which instants or positions place in time."""
    models: list[Any] = [reply.model, *(variant.model for variant in reply.variants)]
    return any(_tells(model) for model in models if model is not None)


@cache
def _tells(model: type[Record], seen: frozenset[type[Record]] = frozenset()) -> bool:
    inner = {field.model for field in shape_of(model).fields if field.model} - seen
    return bool(_readings_of(model) or _labelled_by(model) or _measured_by(model)) or any(
        _tells(one, seen | {model}) for one in inner
    )


@cache
def _readings_of(model: type[Record]) -> tuple[Readings[Any], ...]:
    """Return what tells readings by instants or positions: validators look at other labels."""
    placed = model.__readings__.values()
    return tuple(readings for readings in placed if isinstance(readings, Readings))


@cache
def _labelled_by(model: type[Record]) -> tuple[Readings[Any], ...]:
    """Return the readings of a record whose interval is said by a label beside the value alone."""
    placed = model.__readings__.values()
    return tuple(as_readings(one) for one in placed if isinstance(one, SingleReading))


@cache
def _measured_by(model: type[Record]) -> tuple[Series[Any] | RegisterSeries[Any], ...]:
    """Return the families of values whose unit or zone the record says."""
    families = (s for s in model.__readings__.values() if isinstance(s, Series | RegisterSeries))
    return tuple(
        s
        for s in families
        if s.zone_field or (s.reading_facts is not None and s.reading_facts.unit)
    )


def list_unplaced_values(reply: ReplySpec[Any], payload: object) -> Iterator[Problem]:
    """Yield what is wrong with the intervals of the values of a payload."""
    yield from _problems_within(payload, "records" if reply.shape == "list" else path_of(reply))


def _problems_within(found: object, path: str) -> Iterator[Problem]:
    if isinstance(found, list):
        for number, item in enumerate(found):
            yield from _problems_within(item, f"{path}[{number}]")
        yield from _repeated(found, path)
        return
    if not isinstance(found, Record) or not _tells(type(found)):
        return
    for readings in _readings_of(type(found)):
        yield from _misplaced(found, path, readings)
    for series in _measured_by(type(found)):
        if any(getattr(found, name) is not None for name in series.fields):
            yield from _unsaid_of(found, path, series)
    for field in shape_of(type(found)).fields:
        if field.model is not None and _tells(field.model):
            yield from _problems_within(getattr(found, field.name), _join_path(path, field.name))


def _repeated(items: Sequence[object], path: str) -> Iterator[Problem]:
    """Yield the readings of a list that come twice, where each says its interval itself."""
    model = type(items[0]) if items else None
    if model is None or not issubclass(model, Record):
        return
    own = [one for one in (*_readings_of(model), *_labelled_by(model)) if not one.steps]
    records = [item for item in items if isinstance(item, Record)]
    for readings in own:
        run = run_of(readings, (), records, _marks(readings)[0], None)
        places = [f"{path}[{number}]" for number in range(len(records))]
        yield from _repeated_in(run, places, {one.value for one in own})


def _repeated_in(run: Run, places: Sequence[str], values: Collection[str]) -> Iterator[Problem]:
    """Yield readings that have the interval of one before, and are alike but for their values.

    Rows of a table that label their own intervals are told where they contradict one another:
    services that send one row twice, whole, are known.
    """
    seen: dict[Hashable, set[object]] = {}
    run = run._replace(repeated=None)
    is_row = run.readings.time is not None and not run.holders
    for item, place in zip(run.items, places, strict=True):
        if getattr(item, run.readings.value) is None:
            continue
        interval = _only_interval(run, item)
        others = (field.name for field in shape_of(type(item)).fields if field.name not in values)
        known = hashable_by_instant((interval, *(getattr(item, name) for name in others)))
        if interval is None or known is None:
            continue
        value = getattr(item, run.readings.value)
        before = seen.setdefault(known, set())
        if before and not (is_row and value in before):
            said = "has the interval of another, and all that is said beside the value"
            yield Problem(
                path=_join_path(place, run.readings.value),
                wire=_wire(item, run.readings.value),
                rule="repeated-reading",
                message=said,
            )
        before.add(value)


def _only_interval(run: Run, item: Record) -> Interval | None:
    """Return the interval that a value has; None: none, or one of two that nothing decides."""
    try:
        return chosen_interval(run, item)
    except (MissingDayError, UndecidedTimeError):
        return None


def _misplaced(record: Record, path: str, readings: Readings[Any]) -> Iterator[Problem]:
    steps, depth = readings.steps, depth_of(readings)
    # A record that tells its own reading has no holder.
    top: _Chain = (path, (record,))
    for where, holders in _below(top, steps[:depth]) if steps else [(path, ())]:
        places = list(_below((where, holders), steps[depth:])) if steps else [top]
        items = [chain[-1] for _, chain in places]
        for marks in _marks(readings):
            run = run_of(readings, holders, items, marks, "first")
            found = list(_of_run(run, where, [place for place, _ in places]))
            if not found:
                break
        yield from found
        if holders and (is_labelled(readings) or is_own_span(run)):
            values = {one.value for one in _readings_of(type(record)) if one.steps == steps}
            yield from _repeated_in(run, [place for place, _ in places], values)
        if readings.reading_facts is not None and readings.reading_facts.unit is not None:
            run = run_of(readings, holders, items, "end", "first")
            yield from _unmeasured_in(
                run, readings.reading_facts, where, [place for place, _ in places]
            )


def _unsaid_of(
    record: Record, path: str, series: Series[Any] | RegisterSeries[Any]
) -> Iterator[Problem]:
    """Yield what a record does not say of a family of values: its zone, its unit."""
    if series.reading_facts is not None:
        wire = _wire_of(record, series.reading_facts.unit)
        yield from _unmeasured(series.reading_facts, partial(_value_at, record), path, wire)
    if not series.zone_field:
        return
    try:
        zone_from_text(getattr(record, series.zone_field), series.zone_names)
    except MissingDayError as error:
        wire = _wire(record, series.zone_field)
        yield Problem(path=path, wire=wire, rule="unknown-zone", message=_reason_of(error))


def _unmeasured_in(
    run: Run, facts: ReadingFacts, where: str, places: Sequence[str]
) -> Iterator[Problem]:
    """Yield why nobody knows in what values are measured: once, where their holder says it."""
    name, seen = run.readings.value, set()
    for item, place in zip(run.items, places, strict=True):
        if getattr(item, name) is None:
            continue
        sources = [source for source in (facts.unit, facts.power_of_ten) if source is not None]
        is_own = any(source.depth >= len(run.holders) for source in sources)
        path = _join_path(place, name) if is_own else where
        found = [
            problem
            for problem in _unmeasured(facts, partial(run.value_at, item), path, _wire(item, name))
            if problem not in seen
        ]
        seen.update(found)
        yield from found


def _unmeasured(
    facts: ReadingFacts, look: Callable[[FieldPath], object], path: str, wire: str
) -> Iterator[Problem]:
    said = unit_problem(facts, look)
    if said:
        message = f"is measured in a unit that is not known: {said}"
        yield Problem(path=path, wire=wire, rule="unknown-unit", message=message)


def _value_at(record: Record, source: FieldPath) -> object:
    return getattr(record, source.path[0])


def _wire_of(record: Record, source: FieldPath | None) -> str:
    return "" if source is None else _wire(record, source.path[0])


def _marks(readings: Readings[Any]) -> tuple[LabelMarks, ...]:
    """Return which ends of their intervals labels may name: what fits one of them is in place."""
    return ("end", "start") if readings.marks == "undecided" else (readings.marks,)


def _of_run(run: Run, where: str, places: Sequence[str]) -> Iterator[Problem]:
    if not is_labelled(run.readings) and not is_own_span(run):
        yield from _of_span(run, where, places)
        return
    name = run.readings.value
    for item, place in zip(run.items, places, strict=True):
        if getattr(item, name) is not None:
            yield from _of_value(run, item, _join_path(place, name))


def _of_value(run: Run, item: Record, path: str) -> Iterator[Problem]:
    zone, wire = zone_said(run), _wire(item, run.readings.value)
    try:
        if not is_labelled(run.readings):
            interval_at(run, item)
        elif not possible_intervals(run, item):
            said = f"is of a time that the clocks of {zone} skip"
            yield Problem(path=path, wire=wire, rule="skipped-time", message=said)
        elif run.readings.until is not None:
            # Of two intervals that nobody decides between, the end of either may be printed.
            chosen_interval(run._replace(repeated=None), item)
    except UndecidedTimeError:
        return  # the caller may decide it
    except AbsentError as error:
        yield Problem(path=path, wire=wire, rule="unplaced-reading", message=_reason_of(error))
    except ContradictedEndError as error:
        rule = "interval-contradicts-end"
        yield Problem(path=path, wire=wire, rule=rule, message=_reason_of(error))
    except MissingDayError as error:
        rule = "unplaced-reading" if is_labelled(run.readings) else "no-such-position"
        yield Problem(path=path, wire=wire, rule=rule, message=_reason_of(error))


def _of_span(run: Run, where: str, places: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the positions of a span."""
    readings = run.readings
    first = readings.counts_from
    numbers = list(_numbers(run))
    known = [number for number in numbers if number is not None]
    is_bounded = readings.end is not None or readings.day is not None
    if not known and not is_bounded:
        return
    try:
        count = len(edges_of(run, None, max(known, default=first - 1) - first + 1)) - 1
    except UndecidedTimeError:
        return
    except MissingDayError as error:
        yield Problem(path=where, wire="", rule="unplaced-reading", message=_reason_of(error))
        return
    seen: set[int] = set()
    for number, item, place in zip(numbers, run.items, places, strict=True):
        if number is None:
            continue
        path = _join_path(
            place, readings.position.path[-1] if readings.position else readings.value
        )
        wire = _wire(item, path.rpartition(".")[2])
        if not first <= number < first + count:
            said = f"is position {number}, and there are {count}, counted from {first}"
            yield Problem(path=path, wire=wire, rule="no-such-position", message=said)
        elif number in seen:
            said = f"is position {number}, which is there already"
            yield Problem(path=path, wire=wire, rule="repeated-position", message=said)
        seen.add(number)
    if not is_bounded or readings.omitted == "missing":
        return
    lacking = [number for number in range(first, first + count) if number not in seen]
    if does_repeat(run):
        # What comes before the first one has no value to repeat.
        lacking = [number for number in lacking if number < min(known, default=first + count)]
    if lacking:
        said = f"lacks {len(lacking)} of {count} positions; the first is {lacking[0]}"
        yield Problem(path=where, wire="", rule="missing-position", message=said)


def _numbers(run: Run) -> Iterable[int | None]:
    source = run.readings.position
    if source is None:
        first = run.readings.counts_from
        yield from range(first, first + len(run.items))
        return
    for item in run.items:
        try:
            yield run.value_of(source, item)
        except AbsentError:
            yield None


def _below(chain: _Chain, steps: Sequence[str]) -> Iterator[_Chain]:
    path, holders = chain
    if not steps:
        yield chain
        return
    inner, where = getattr(holders[-1], steps[0]), _join_path(path, steps[0])
    if isinstance(inner, list):
        for number, item in enumerate(inner):
            yield from _below((f"{where}[{number}]", (*holders, item)), steps[1:])
    elif inner is not None:
        yield from _below((where, (*holders, inner)), steps[1:])


def _join_path(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wire(record: Record, name: str) -> str:
    fields = structs.fields(type(record))
    return next((field.encode_name for field in fields if field.name == name), "")


def _reason_of(error: Exception) -> str:
    return str(error).rpartition("cannot be placed in time: ")[2]
