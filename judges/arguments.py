"""Make up arguments for a method of a generated client, by what the spec says of them."""

import datetime
from decimal import Decimal
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from gridwright.ir import (
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.naming import request_record
from gridwright_runtime.service.upload import Upload
from gridwright_runtime.times.durations import Duration

__all__ = ["arguments_of"]

_DEEPEST = 6


def arguments_of(
    interface: Interface, operation: Operation, package: ModuleType, *, whole: bool = False
) -> dict[str, Any]:
    """Return a value for each argument that a call must have.

    Args:
        interface: that has the operation.
        operation: that is called.
        package: the generated package.
        whole: give the optional arguments, too.
    """
    record = request_record(operation)
    found = {
        field.name: _value(interface, field, package, _DEEPEST)
        for field in record.fields
        if field.required or whole
    }
    if record.open:
        found["items"] = {"more": "1"}
    return found


def _value(interface: Interface, field: Field, package: ModuleType, depth: int) -> Any:
    return _of(interface, field.type, package, depth)


def _of(interface: Interface, kind: TypeRef, package: ModuleType, depth: int) -> Any:
    match kind:
        case TextType():
            return "A1"[: kind.size or 2]
        case CodeType():
            return kind.codes.values[0].value if kind.codes else "A1"
        case IntegerType():
            return 5
        case DecimalType():
            return Decimal("1.5") if kind.scale != 0 else Decimal(1)
        case BooleanType():
            return True
        case BinaryType():
            return Upload(b"drawing", filename="drawing.png")
        case TemporalType():
            return _moment(kind)
        case ListType():
            return [_of(interface, kind.item, package, depth - 1)] if depth else []
        case RecordType():
            return _record(interface, kind.record, package, depth)
    return "A1"


def _record(interface: Interface, name: str, package: ModuleType, depth: int) -> Any:
    [record] = [one for one in interface.records if one.name == name]
    values = {
        field.name: _value(interface, field, package, depth - 1)
        for field in record.fields
        if field.required
    }
    made = getattr(package.models, name)
    names = {info.name for info in msgspec.structs.fields(made)}
    return made(**{key: value for key, value in values.items() if key in names})


def _moment(kind: TemporalType) -> Any:
    match kind.kind:
        case "date" | "month":
            return datetime.date(2024, 10, 1)
        case "datetime":
            return datetime.datetime(2024, 10, 1, 14, tzinfo=ZoneInfo(kind.zone))
        case "duration":
            return Duration(elapsed=datetime.timedelta(minutes=90))
        case "day_of_month":
            return 5
    return "1400"
