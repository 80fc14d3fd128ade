"""Find the records of a reply that have readings, the methods that return them, and values beside
them.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

from msgspec.structs import fields

from ..intervals import Readings
from ..reading_facts import FieldPath, ReadingFacts
from ..record import Record
from ..series import RegisterSeries, Series, SingleReading
from .columns import OWN_COLUMNS
from .flatten import without_none

__all__ = ["ContextColumn", "Kind", "ReadingSource", "series_of", "sources_of", "tellers"]

Kind = Literal["readings", "registers"]


class ContextColumn(NamedTuple):
    """A value beside the readings, such as the number of the meter."""

    name: str
    depth: int
    """Which record has it: 0 is the outermost. Those after the one that tells the readings lead to
    their values."""
    field: str
    model: type[Record]
    kind: Any
    tells_interval: bool
    """It says when a reading is, or how good it is, and so never whose it is."""


class ReadingSource(NamedTuple):
    """A method of a record that returns readings of one quantity."""

    path: tuple[str, ...]
    """Python names that lead to the record, through lists item by item."""
    model: type[Record]
    method: str
    kind: Kind
    quantity: str
    unit: str
    zone: str
    """Of all of them; empty: each record names its own."""
    labels: tuple[str, ...]
    """Wire names of the fields of the values, in their order; (): they have none of their own."""
    values: tuple[str, ...]
    """Python names of these fields; (): values are asked of the readings alone."""
    reading_facts: ReadingFacts | None
    """What its readings know beside their intervals and values; None: nothing."""
    label: FieldPath | None
    """What has the document's own label of each value, seen from the record that tells them; None:
    nothing has, or the readings themselves."""
    steps: tuple[str, ...]
    """Python names that lead from that record to the records of its values."""
    day: str
    """Python name of the field with the day of all readings; empty: there is none."""
    asks_marks: bool
    asks_repeated: bool
    contexts: tuple[ContextColumn, ...]
    inner: Readings[Any] | None
    """What places its readings, where records that lead to the values say more than that; None: all
    readings of a record that tells them have the same values beside them."""


@lru_cache(maxsize=256)
def sources_of(model: type[Record], kind: Kind) -> tuple[ReadingSource, ...]:
    """Return all sources of readings in records of a model, from the outermost record on."""
    return tuple(one for one in _sources(model, (), (model,)) if one.kind == kind)


def series_of(model: type[Record]) -> Mapping[str, Any]:
    """Return what places the readings of a record in time, by the method that returns them."""
    return {
        method: one for base in reversed(model.__mro__)
        for method, one in vars(base).get("__readings__", {}).items()
    }  # fmt: skip


def tellers(record: Record, path: tuple[str, ...]) -> Iterator[tuple[Record, ...]]:
    """Yield the records at a path, each with those around it, from the outermost on."""
    if not path:
        yield (record,)
        return
    inner = getattr(record, path[0], None)
    for one in inner if isinstance(inner, list) else () if inner is None else (inner,):
        for below in tellers(one, path[1:]):
            yield (record, *below)


def _sources(
    model: type[Record], path: tuple[str, ...], models: tuple[type[Record], ...]
) -> Iterator[ReadingSource]:
    series = series_of(model)
    within = {name for one in series.values() for name in _value_fields(one)}
    told = {name for one in series.values() for name in _interval_fields(one)}
    contexts = tuple(_contexts(models, within, told))
    for method, one in series.items():
        seen = {context.name for context in contexts}
        below = tuple(_inner_contexts(path, models, one, seen))
        yield _source(model, path, method, one, contexts, below)
    for field in fields(model):
        kind = without_none(field.type)
        inner = get_args(kind)[0] if get_origin(kind) is list else kind
        if isinstance(inner, type) and issubclass(inner, Record) and inner not in models:
            yield from _sources(inner, (*path, field.name), (*models, inner))


def _source(
    model: type[Record],
    path: tuple[str, ...],
    method: str,
    series: Any,
    contexts: tuple[ContextColumn, ...],
    below: tuple[ContextColumn, ...],
) -> ReadingSource:
    asked = inspect.signature(getattr(model, method)).parameters
    names = series.reading._fields
    is_family = isinstance(series, Series | RegisterSeries)
    # Those of a day of 24 hours: others are asked of the record.
    family = series.fields[: series.positions or None] if is_family else ()
    wire = {field.name: field.encode_name for field in fields(model)}
    example = series.reading(*(None for _ in names))
    return ReadingSource(
        path=path,
        model=model,
        method=method,
        kind="registers" if isinstance(series, RegisterSeries) else "readings",
        quantity=names[1 if isinstance(series, RegisterSeries) else 2],
        unit=getattr(example, "unit", None) or "",
        zone="" if getattr(series, "zone_field", None) else series.zone,
        labels=tuple(wire[name] for name in family),
        values=family,
        reading_facts=getattr(series, "reading_facts", None),
        label=_label(series),
        steps=getattr(series, "steps", ()),
        day=series.day if is_family else "",
        asks_marks="label_marks" in asked,
        asks_repeated="repeated" in asked,
        contexts=contexts + below,
        inner=series if below else None,
    )


def _value_fields(series: Any) -> tuple[str, ...]:
    if isinstance(series, Series | RegisterSeries):
        return series.fields
    if isinstance(series, SingleReading):
        return (series.value,)
    return (series.value,) if isinstance(series, Readings) and not series.steps else ()


def _interval_fields(series: Any) -> Iterator[str]:
    """Yield the fields of the record that tells readings which say when, or how good, each is."""
    if isinstance(series, SingleReading):
        yield from (series.day, series.time, series.repeated_field)
    if not isinstance(series, Readings):
        return
    quality = None if series.reading_facts is None else series.reading_facts.quality
    sources = (
        series.start, series.end, series.month, series.day, series.time, series.position,
        series.zone_field, series.repeated_field, series.until, series.until_zone, quality,
    )  # fmt: skip
    times = [one.time for one in sources if one is not None]
    yield from (one.path[0] for one in (*sources, *times) if one is not None and not one.depth)


def _label(series: Any) -> FieldPath | None:
    """Return where the label stands that places a value in time."""
    if isinstance(series, SingleReading):
        return FieldPath(0, (series.time,))
    return series.time if isinstance(series, Readings) else None


def _contexts(
    models: tuple[type[Record], ...], within: set[str], told: set[str]
) -> Iterator[ContextColumn]:
    """Yield the scalars of the records from the outermost to the one that tells readings."""
    seen: set[str] = set()
    for depth, model in enumerate(models):
        is_teller = depth == len(models) - 1
        for field in fields(model):
            kind = without_none(field.type)
            if (is_teller and field.name in within) or not _is_scalar(kind):
                continue
            name, tells_interval = _free(field.name, seen), is_teller and field.name in told
            yield ContextColumn(name, depth, field.name, model, kind, tells_interval)


def _inner_contexts(
    path: tuple[str, ...], models: tuple[type[Record], ...], one: Any, seen: set[str]
) -> Iterator[ContextColumn]:
    """Yield the scalars of the records between the one that tells readings and their values.

    What says when a reading is, its unit or how good it is stands in columns of its own.
    """
    if not isinstance(one, Readings):
        return
    facts, whole = _facts(one), (*path, *one.steps)
    chain: list[Any] = [*models]
    for depth, step in enumerate(one.steps, 1):
        kind = next(without_none(f.type) for f in fields(chain[-1]) if f.name == step)
        model = get_args(kind)[0] if get_origin(kind) is list else kind
        chain.append(model)
        told = {fact.path[0] for fact in facts if fact.depth == depth}
        told |= set(_values_of(chain, whole[: len(path) + depth]))
        for field in fields(model):
            kind = without_none(field.type)
            if field.name not in told and _is_scalar(kind):
                number = len(models) - 1 + depth
                name = _free(field.name, seen)
                yield ContextColumn(name, number, field.name, model, kind, False)


def _values_of(models: Sequence[Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the values of the last of some records that it or one around it tells readings of."""
    for depth, model in enumerate(models):
        for one in series_of(model).values():
            if isinstance(one, Readings) and one.steps == path[depth:]:
                yield one.value
    for one in series_of(models[-1]).values():
        yield from _value_fields(one)


def _free(name: str, seen: set[str]) -> str:
    """Return a name for a column that no other has, and remember it."""
    while name in seen or name in OWN_COLUMNS:
        name = f"record_{name}"
    seen.add(name)
    return name


def _facts(one: Readings[Any]) -> list[FieldPath]:
    """Return where all stands that readings say themselves."""
    known = one.reading_facts
    beside = () if known is None else (known.unit, known.power_of_ten, known.quality)
    facts = (
        one.start, one.end, one.month, one.day, one.time, one.position, one.step_field,
        one.zone_field, one.repeated_field, one.until, one.until_zone, one.omitted_field, *beside,
    )  # fmt: skip
    found = [fact for fact in facts if fact is not None]
    return [*found, *(fact.time for fact in found if fact.time is not None)]


def _is_scalar(kind: Any) -> bool:
    if get_origin(kind) in (list, dict) or kind is Any:
        return False
    return not (isinstance(kind, type) and issubclass(kind, Record)) and get_origin(kind) is None
