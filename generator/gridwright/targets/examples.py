"""Invent messages as they stand on the wire: for OpenAPI, for Postman. Never from a document."""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from gridwright.analysis.example_values import count_of, invented
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.notation.patterns import example_of
from gridwright.targets.kept_rules import as_shown
from gridwright.targets.python import is_composed
from gridwright.targets.value_facts import as_json_kind

__all__ = [
    "body_part_example",
    "nested",
    "parameter_example",
    "record_example",
    "request_example",
    "value_example",
]

_DAY = "2024-10-01"


def parameter_example(interface: Interface, parameter: Parameter) -> str:
    """Invent the value of a parameter, as a text of the wire; of a list, its one item."""
    if parameter.formats:
        values = dict(parameter.formats)
        return values.get("json") or next(iter(values.values()))
    if parameter.constant is not None:
        return parameter.constant
    return str(_plain(interface, parameter.field, parameter.field.item_type))


def body_part_example(interface: Interface, parameter: Parameter) -> Any:
    """Invent the value of a part of a body in JSON, where a number is a number."""
    if not parameter.is_argument:
        text, kind = parameter_example(interface, parameter), parameter.field.json
        return text if parameter.constant is None else as_json_kind(text, kind)
    return _value(interface, parameter.field)


def nested(parts: Iterable[tuple[Parameter, Any]]) -> dict[str, Any]:
    """Put parts of a body into the containers around them, by wire name."""
    tree: dict[str, Any] = {}
    for parameter, value in parts:
        holder = tree
        for step in parameter.under:
            holder = holder.setdefault(step, {})
        holder[parameter.field.wire] = value
    return tree


def value_example(interface: Interface, operation: Operation) -> Any:
    """Invent the body of a request that is one value, as JSON has it."""
    if operation.body is None or not operation.body.is_value:
        raise TypeError("asked only for bodies that are one value")
    interface = replace(interface, samples=tuple(interface.samples_of(operation).items()))
    return _value(interface, operation.body.record.fields[0])


def request_example(interface: Interface, operation: Operation) -> dict[str, Any]:
    """Invent the JSON body of a request that has names: what it must have."""
    interface, operation = as_shown(interface, operation)
    body = operation.body
    if body is None:
        return {}
    interface = replace(interface, samples=tuple(interface.samples_of(operation).items()))
    example = record_example(interface, body.record)
    example |= _open_items(interface, body.record)
    pairs = operation.envelope.pairs if operation.envelope else None
    if pairs is not None:
        example = {
            pairs.field: [
                {pairs.key: pair.key, pairs.value: pair.default or f"demo-{pair.key}"}
                for pair in pairs.fill
                if pair.source == "uuid" or pair.default
            ],
            **{key: value for key, value in example.items() if key != pairs.field},
        }
    return example


def record_example(interface: Interface, record: Record) -> dict[str, Any]:
    """Invent one record: its required fields, and those of which there is a sample."""
    given = {name for name, _ in interface.samples}
    return {
        field.wire: _value(interface, field)
        for field in record.fields
        if field.series is None and (field.required or field.name in given)
    }


def _open_items(interface: Interface, record: Record) -> dict[str, Any]:
    """Return what the samples give beside the fields of an open record."""
    text = dict(interface.samples).get("items") if record.open else None
    items = json.loads(text) if text else {}
    return items if isinstance(items, dict) else {}


def _value(interface: Interface, field: Field) -> Any:
    records: Mapping[str, Record] = {record.name: record for record in interface.records}
    match field.type:
        case RecordType(record=record):
            return record_example(interface, records[record])
        case ListType(item=RecordType(record=record)):
            return _list_example(interface, field, records[record])
        case ListType(item=item):
            return [_plain(interface, field, item)] * count_of(field)
        case _:
            return _plain(interface, field, field.type)


def _list_example(interface: Interface, field: Field, record: Record) -> Any:
    """Invent a list, as JSON lays it out; an object has one key."""
    row = record_example(interface, record)
    match field.layout:
        case "arrays":
            return [[row.get(one.wire) for one in record.fields]] * count_of(field)
        case "columns":
            return {one.wire: [row.get(one.wire)] * count_of(field) for one in record.fields}
        case "keyed":
            key = next(one for one in record.fields if one.wire == field.keyed_by)
            text = str(row.pop(key.wire, None) or _value(interface, key))
            is_plain = any(one.wire == "." for one in record.fields)
            return {text: row.get(".") if is_plain else row}
        case "":
            return [row] * count_of(field)
        case _:
            assert_never(field.layout)


def _plain(interface: Interface, field: Field, type_: TypeRef) -> Any:
    """Invent one value as JSON has it."""
    value = _of_type(interface, field, type_)
    if field.json == "text":
        return json.dumps(value)  # digits, or true
    return as_json_kind(value, field.json) if field.json else value


def _of_type(interface: Interface, field: Field, type_: TypeRef) -> Any:
    sample = dict(interface.samples).get(field.name)
    match type_:
        case TemporalType(kind="duration", means=((text, _), *_)) if sample is None:
            return text
        case TemporalType(kind="duration", pattern=pattern):
            return sample if sample and pattern == "duration" else _length(pattern)
        case TemporalType():
            return _time(type_, sample)
        case IntegerType():
            return int(sample or Decimal(invented(field)))
        case DecimalType() if not type_.is_plain:
            text = sample or (invented(field) if field.range else "1.5")
            return text.replace(".", type_.decimal)
        case DecimalType():
            number = float(sample or invented(field))
            return int(number) if number.is_integer() else number
        case BooleanType():
            return True
        case CodeType(codes=codes) if codes is not None and sample is None:
            return next(code.value for code in codes.values if code.value)
        case TextType() | CodeType() | BinaryType():
            return sample if sample is not None else invented(field)
        case AnyType():
            return json.loads(sample) if sample else {"invented": True}
        case RecordType() | ListType():
            raise TypeError("a record is no plain value")
        case _:
            assert_never(type_)


def _length(pattern: str) -> str | float:
    """Invent a duration: a number where it is one on the wire."""
    text = example_of(pattern, datetime.date.fromisoformat(_DAY))
    return text if pattern == "duration" else json.loads(text)


def _time(type_: TemporalType, sample: str | None) -> str:
    """Write a sample in the pattern of its type."""
    if is_composed(type_):
        day = datetime.date.fromisoformat(_DAY)
        if sample and type_.kind in ("date", "datetime"):
            day = datetime.datetime.fromisoformat(sample).date()
        return sample if sample and type_.kind == "time" else example_of(type_.pattern, day)
    match type_.kind:
        case "date":
            digits = datetime.date.fromisoformat(sample or _DAY).isoformat()
            return digits if "-" in type_.pattern else digits.replace("-", "")
        case "month":
            return (sample or _DAY[:7]).replace("-", "")
        case "day_of_month":
            return sample or "12"
        case "time":
            return sample or "1400"
        case "datetime":
            return _instant(type_, sample)
        case "duration":
            raise TypeError("a duration is written by itself")
        case _:
            assert_never(type_.kind)


def _instant(type_: TemporalType, sample: str | None) -> str:
    instant = datetime.datetime.fromisoformat(sample or f"{_DAY}T14:00+00:00")
    local = instant.astimezone(ZoneInfo(type_.zone))
    if type_.pattern in _LOCAL:
        return local.strftime(_LOCAL[type_.pattern])
    return f"{local:%Y-%m-%dT%H:%M:%S}.000{local:%z}"


_LOCAL = {
    "yyyymmddhh": "%Y%m%d%H",
    "yyyymmddhhmi": "%Y%m%d%H%M",
    "yyyy-MM-dd'T'HH:mm:ss": "%Y-%m-%dT%H:%M:%S",
}
