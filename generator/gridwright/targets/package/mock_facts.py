"""Facts that a mock needs to invent replies as documented: of fields, and of long answers."""

from collections.abc import Iterator

from gridwright.analysis.example_values import sizes_of
from gridwright.analysis.naming import arguments_path, constant_name, fields_on, series_constant
from gridwright.analysis.readings import find_placed_readings, placement_constant
from gridwright.ir import (
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    Operation,
    Placement,
    Record,
    Series,
    TemporalType,
    TextType,
    ValueInterval,
)
from gridwright.notation.matching import letters_of
from gridwright.targets.calls.paging import pages_constant
from gridwright.targets.calls.replies import WITHOUT_MESSAGE, payload_of_reply
from gridwright.targets.calls.requests import request_of
from gridwright.targets.expressions import OWN, DictDisplay, Expression, Name, call, dict_display
from gridwright.targets.python import marker_type, time_type

__all__ = ["facts_of_fields", "intervals_of_records", "rows_of_operations"]

_FACTS = "gridwright_runtime.mock.facts"


def facts_of_fields(interface: Interface) -> DictDisplay:
    """Return what is known of the fields of replies, by class and wire name."""
    by_name = {record.name: record for record in interface.records}
    entries: list[tuple[Expression, Expression]] = []
    measured = _measuring_fields(interface)
    for record in _replied(interface):
        inherited = by_name[record.extends].fields if record.extends in by_name else ()
        known = {field.key for field in inherited}
        fields = [field for field in record.fields if field.key not in known]
        zones = _zone_fields(record)
        known_facts = [
            (wire, facts)
            for field in fields
            if (
                facts := _facts(field)
                | _value_facts(field)
                | zones.get(field.wire, {})
                | measured.get((record.name, field.key), {})
            )
            for wire in _wires(field)
        ]
        if known_facts:
            named = dict_display(
                (wire, call(Name("FieldFacts", _FACTS), **facts)) for wire, facts in known_facts
            )
            entries.append((record.name, named))
    return dict_display(entries)


def _wires(field: Field) -> list[str]:
    """Return the keys of a field in its record: of a family, those of its members."""
    if field.series is None:
        return [field.key]
    return [field.series.wire_name(label) for label in field.series.labels]


def _zone_fields(record: Record) -> dict[str, dict[str, Expression]]:
    """Return the fields that name the zone of others, with zones that they may name."""
    zones = {
        field.type.zone_field: (
            tuple(said for said, _ in field.type.zone_names) or (field.type.zone, "UTC")
        )
        for field in record.fields
        if isinstance(field.type, TemporalType) and field.type.zone_field
    }
    return {wire: {"examples": said} for wire, said in zones.items()}


def _measuring_fields(interface: Interface) -> dict[tuple[str, str], dict[str, Expression]]:
    """Return the fields that say unit or zone of readings, with what they may say, by record."""
    found: dict[tuple[str, str], dict[str, Expression]] = {}
    for record in interface.records:
        by_wire = {field.wire: field for field in record.fields}
        for field in record.fields:
            if field.series is None:
                continue
            for word, path in field.series.places:
                if path[0] in by_wire:
                    found |= _measuring(
                        record, field, word, by_wire[path[0]], _zone_said(field.series)
                    )
    for placed in find_placed_readings(interface):
        for source in placed.sources:
            holder = placed.holder_of(source)
            zone = _zone_said(placed.placement)
            found |= _measuring(holder, placed.field, source.word, source.fields[-1], zone)
    return found


def _zone_said(readings: Series | Placement) -> str:
    """Return what a field says that names the zone of an invented day."""
    return next((said for said, _ in readings.zone_names), readings.zone)


def _measuring(
    holder: Record, value: Field, word: str, field: Field, zone: str
) -> dict[tuple[str, str], dict[str, Expression]]:
    """Return what a field may say of the unit or zone of a value; nothing: it says another thing.

    An invented day is one of the zone of the spec, and of no other that a field may name.
    """
    said: tuple[Expression, ...] = ()
    if word == "unit" and value.unit_of_data is not None:
        texts = [text for text, _ in value.unit_of_data.values]
        is_number = isinstance(field.type, IntegerType)
        said = tuple(int(text) if is_number and text.isdecimal() else text for text in texts)
    elif word == "power_of_ten":
        said = (-3, 0, 3)
    elif word in ("zone", "until_zone"):
        said = (zone,)
    return {(holder.name, field.key): {"codes": said}} if said else {}


def rows_of_operations(interface: Interface) -> DictDisplay:
    """Return which arguments name the rows of long answers, by operation."""
    return dict_display(
        (operation.name, _rows(interface, operation))
        for operation in interface.operations
        if operation.paging is not None
    )


def intervals_of_records(interface: Interface) -> DictDisplay:
    """Return what says the intervals of values, by the class of the record that tells them."""
    found: dict[str, list[str]] = {}
    for record in interface.records:
        for field in record.fields:
            if isinstance(field.instant, ValueInterval):
                found.setdefault(record.name, []).append(series_constant(record, field))
    for placed in find_placed_readings(interface):
        found.setdefault(placed.outer.name, []).append(placement_constant(placed))
    return dict_display(
        (name, tuple(Name(f"series.{constant}", OWN) for constant in constants))
        for name, constants in found.items()
    )


def _rows(interface: Interface, operation: Operation) -> Expression:
    paging = operation.paging
    if paging is None:
        raise TypeError("asked only for operations with paging")
    record = request_of(interface, operation).record

    def ours(path: str) -> str:
        way = ".".join(arguments_path(operation, path)) if path else ""
        return ".".join(field.name for field in fields_on(interface, record, way)) if way else ""

    pages = Name(f"operations.{pages_constant(operation)}", OWN)
    if paging.form == "rows":
        return call(Name("RowsOf", _FACTS), pages, first=ours(paging.begin), last=ours(paging.end))
    named: dict[str, Expression] = {
        key: path for key, path in (("first", ours(paging.sends)), ("size", ours(paging.size)))
        if path
    }  # fmt: skip
    return call(Name("RowsOf", _FACTS), pages, **named)


def _facts(field: Field) -> dict[str, Expression]:
    """Return what a field's type in Python does not say; nothing of families of fields."""
    if field.series is not None:
        return {}
    type_ = field.item_type
    match type_:
        case CodeType(codes=codes) if codes is not None and codes.values:
            return {"codes": call(Name("tuple"), Name(f"codes.{constant_name(codes.name)}", OWN))}
        case TextType(size=int() as size, encoding=None) | CodeType(size=int() as size):
            return {"max_characters": size}
        case TextType(size=int() as size):
            return {"max_bytes": size}
        case IntegerType(digits=int() as digits):
            return {"digits": digits}
        case DecimalType(precision=int() as precision, scale=scale):
            return {"digits": precision - (scale or 0), "decimals": scale or 0}
        case TemporalType(pattern=pattern) if not _has_own_type(type_):
            return {"pattern": pattern}
    return {}


def _value_facts(field: Field) -> dict[str, Expression]:
    """Return what is said of the values of a field beside their type; of a family, too."""
    found: dict[str, Expression] = {}
    type_ = field.item_type
    if isinstance(type_, TextType) and field.length:
        found["lengths"] = field.length
    if isinstance(type_, TextType) and field.matches:
        found["letters"] = letters_of(field.matches, sizes_of(field.length, type_.size))
    if field.range is not None:
        numbers = (field.range.least, field.range.most, field.range.step)
        found["range"] = tuple("" if number is None else f"{number:f}" for number in numbers)
    if field.count is not None:
        found["count"] = field.count
    return found


def _has_own_type(type_: TemporalType) -> bool:
    return bool(time_type(type_, is_made=False)) or marker_type(type_.pattern) is not None


def _replied(interface: Interface) -> Iterator[Record]:
    """Yield the records that replies bring, in the interface's order and then those made up."""
    by_name = {record.name: record for record in interface.records}
    found: dict[str, Record] = {}
    waiting: list[Record] = []
    for operation in interface.operations:
        if operation.reply.shape not in WITHOUT_MESSAGE:
            waiting.append(payload_of_reply(interface, operation).record)
        waiting += operation.reply.records[1:]
    while waiting:
        record = waiting.pop(0)
        if record.name in found:
            continue
        found[record.name] = record
        for field in record.fields:
            inner = interface.record_of(field)
            waiting += [inner] if inner is not None else []
        if record.extends in by_name:
            waiting.append(by_name[record.extends])
    order = list(by_name)
    yield from sorted(
        found.values(),
        key=lambda one: order.index(one.name) if one.name in by_name else len(order),
    )
