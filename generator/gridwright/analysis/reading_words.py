"""Say in words to which interval the values of a record belong, for pages and explanations."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from gridwright.analysis.readings import (
    IntervalSource,
    PlacedReadings,
    find_placed_readings,
    is_local,
    method_names,
)
from gridwright.ir import Field, Interface, Marks, Placement, Record, Reply, Series, ValueInterval
from gridwright.ir.times import Repeated
from gridwright.ir.words import MidnightWord, Omitted
from gridwright.notation.lengths import iso
from gridwright.notation.zones import clock_changes, clocks_may_change

__all__ = ["ReadingWords", "reading_words"]


class ReadingWords(NamedTuple):
    """What is known of the intervals of a value.

    Attributes:
        record: the record that has the method.
        method: the method that returns its readings.
        value: the value's Python name.
        words: each fact, in the order of its parts: interval, label, zone, hours that come twice,
            unit, quality.
    """

    record: str
    method: str
    value: str
    words: tuple[str, ...]


def reading_words(interface: Interface, reply: Reply) -> Iterator[ReadingWords]:
    """Yield what is known of the intervals of each value of a reply, in all its forms."""
    roots = (reply.record, *(variant.record for variant in reply.variants))
    records = {record.name: record for root in roots for record in interface.reachable(root)}
    placed = tuple(find_placed_readings(interface))
    for record in records.values():
        names = method_names(interface, record)
        for field in record.fields:
            if field.series is not None:
                words = _of_series(record, field, field.series)
            elif isinstance(field.instant, ValueInterval):
                words = _of_label(record, field, field.instant)
            else:
                continue
            yield ReadingWords(record.name, names[field.name], field.name, tuple(words))
        for one in placed:
            if one.outer == record:
                name = ".".join(step.name for step in (*one.steps, one.field))
                yield ReadingWords(record.name, names[one.field.name], name, tuple(_of_placed(one)))


def _of_series(record: Record, field: Field, series: Series) -> Iterator[str]:
    wires = {other.name: other.wire for other in record.fields}
    day = wires.get(series.day_field, series.day_field)
    count = len(series.labels)
    if series.by_position:
        yield f"{count} steps of {iso(series.step)} from the beginning of the day in {day}"
    elif series.register:
        yield f"{count} states of a register on the day in {day}, at the times of their names"
    else:
        yield f"{count} values, each of {iso(series.step)}, on the day in {day}"
        yield _marks(series.marks, "a label")
    places = dict(series.places)
    yield _zone(places.get("zone"), series.zone, series.zone_names)
    may_change = clocks_may_change(series.zone, is_named="zone" in places, names=series.zone_names)
    if may_change and not series.by_position:
        yield _repeated(series.repeated, wires)
    yield from _beside(field, places.get("quality"))


def _of_label(record: Record, field: Field, interval: ValueInterval) -> Iterator[str]:
    wires = {other.name: other.wire for other in record.fields}
    day, time = (wires.get(name, name) for name in (interval.day_field, interval.time_field))
    yield f"{iso(interval.step)} on the day in {day}, at the time in {time}"
    yield _marks(interval.marks, time)
    yield from _midnight(interval)
    yield _zone(None, interval.zone, ())
    if clock_changes(interval.zone):
        yield _repeated(interval.repeated, wires)
    yield from _beside(field, None)


def _of_placed(placed: PlacedReadings) -> Iterator[str]:
    placement = placed.placement
    yield ", ".join(_interval(placed))
    time = placed.source("time")
    if time is not None:
        yield _marks(placement.marks, _path(time))
        yield from _midnight(placement)
    yield from _until(placed)
    if time is None and (placed.source("position") is not None or placement.in_order):
        yield f"a position that is not there {_OMITTED[placement.omitted]}"
    zone = placed.source("zone")
    path = None if zone is None else [field.wire for field in zone.fields]
    yield _zone(path, placed.zone, placement.zone_names)
    word, field, second = placed.repeated
    may_change = clocks_may_change(
        placed.zone, is_named=zone is not None, names=placement.zone_names
    )
    if is_local(placed) and may_change:
        said = f"the second where {_path(field)} is {' or '.join(second)}" if field else ""
        yield _TWICE.format(which=said or _WHICH.get(word, word))
    quality = placed.source("quality")
    yield from _beside(placed.field, None if quality is None else [f.wire for f in quality.fields])


def _interval(placed: PlacedReadings) -> Iterator[str]:
    """Yield the parts of what says an interval."""
    placement = placed.placement
    for word, text in _PARTS.items():
        source = placed.source(word)
        if source is not None:
            is_part = word == "position" and placed.source("time") is not None
            said = "part of that hour in" if is_part else text
            yield f"{said} {_moment(placed, source)}"
    if placement.in_order:
        yield "in the order of time"
    if placed.source("position") is not None:
        yield f"counted from {placement.counts_from}"
    if placement.step:
        yield f"each {placement.step} long"


def _until(placed: PlacedReadings) -> Iterator[str]:
    until, zone = placed.source("until"), placed.source("until_zone")
    if until is not None:
        named = "" if zone is None else f", in the zone that {_path(zone)} names,"
        yield f"{_moment(placed, until)}{named} has to be the end, or the value is not placed"


def _marks(marks: Marks, label: str) -> str:
    match marks:
        case Marks.START | Marks.END:
            return f"{label} is the {marks.value} of the interval"
        case Marks.UNDECIDED:
            return f"nobody says which end of the interval {label} is: the caller does"
        case _:
            assert_never(marks)


def _midnight(interval: ValueInterval | Placement) -> Iterator[str]:
    if interval.marks is Marks.END and interval.midnight != "undecided":
        yield f"00:00 {_MIDNIGHTS[interval.midnight]}"


def _zone(path: Sequence[str] | None, zone: str, names: Sequence[tuple[str, str]]) -> str:
    if path is None:
        return f"times of {zone}"
    said = "; ".join(f"{name} is {known}" for name, known in names)
    return f"times of the zone that {'.'.join(path)} names{f' ({said})' if said else ''}"


def _repeated(repeated: Repeated, wires: dict[str, str]) -> str:
    which = _WHICH.get(repeated.word, repeated.word)
    if repeated.word == "field":
        field = wires.get(repeated.field, repeated.field)
        which = f"the second where {field} is {' or '.join(repeated.second)}"
    return _TWICE.format(which=which)


def _beside(field: Field, quality: Sequence[str] | None) -> Iterator[str]:
    if field.unit_of_data is not None:
        units = "; ".join(f"{said} is {unit}" for said, unit in field.unit_of_data.values)
        yield f"in the unit that {'.'.join(field.unit_of_data.field)} names ({units})"
        if field.unit_of_data.power_of_ten:
            power = ".".join(field.unit_of_data.power_of_ten)
            yield f"times ten to the power in {power}"
    elif field.unit_text:
        yield f"in {field.unit_text}"
    if quality is not None:
        yield f"how good it is stands in {'.'.join(quality)}"


def _moment(placed: PlacedReadings, source: IntervalSource) -> str:
    """Name the field of a moment, or those of its date and its time."""
    time = placed.source(f"{source.word}_time")
    return _path(source) if time is None else f"{_path(source)} and {_path(time)}"


def _path(source: IntervalSource) -> str:
    return ".".join(field.wire for field in source.fields)


_PARTS = {
    "start": "from",
    "end": "to",
    "month": "the month in",
    "day": "day in",
    "time": "time in",
    "position": "position in",
    "step": "length in",
}
_OMITTED: dict[Omitted, str] = {
    "unsaid": "has no value, and is a deviation",
    "missing": "has no value",
    "repeat": "has the value of the one before",
    "field": "has what a field says: no value, or that of the one before",
}
_MIDNIGHTS: dict[MidnightWord, str] = {
    "ends_day": "is the midnight that ends the day",
    "begins_day": "is the midnight that begins the day",
}
_TWICE = "an hour that comes twice is {which}"
_WHICH = {
    "first": "the first",
    "second": "the second",
    "in_order": "told by the order of the records",
    "undecided": "undecided: the caller says which",
}
