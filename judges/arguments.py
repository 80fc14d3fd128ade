"""Make up arguments for a method of a generated client, by what the spec says of them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from io import BytesIO
from types import ModuleType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

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
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.targets.calls.requests import payload_of
from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.times.durations import Duration

__all__ = ["KnownValues", "arguments_of"]

_DEEPEST = 6


class KnownValues(Protocol):
    """What a file of others says of its places, where it says more than a draft."""

    def value(self, place: str) -> Any:
        """Return a value that fits at a place; None where it has none."""

    def required(self, place: str) -> Mapping[str, Any]:
        """Return what a record must hold, by wire name, each with a value that fits."""


class _NoValues:
    def value(self, place: str) -> Any:
        del place

    def required(self, place: str) -> Mapping[str, Any]:
        del place
        return {}


def arguments_of(
    interface: Interface,
    operation: Operation,
    package: ModuleType,
    *,
    whole: bool = False,
    known_values: KnownValues | None = None,
) -> dict[str, Any]:
    """Return a value for each argument that a call must have.

    Args:
        interface: that has the operation.
        operation: that is called.
        package: the generated package.
        whole: give the optional arguments, too.
        known_values: says better values, by the source of a field.
    """
    record = payload_of(interface, operation.body)
    fields = tuple(parameter.field for parameter in operation.arguments)
    make = _Maker(interface, package, known_values or _NoValues())
    needed = make.needed(record) if record else {}
    found = {
        field.name: make.value(field, _DEEPEST, needed.get(field.wire))
        for field in (*fields, *(record.fields if record else ()))
        if field.credential is None and (field.required or whole or field.wire in needed)
    }
    if operation.formats == ("file",):
        found.setdefault("to", BytesIO())  # where it is written to
    if record is not None and record.open:
        found["items"] = make.items(record, needed) or {"more": "1"}
    return found


class _Maker:
    """Makes values for the fields of an interface."""

    def __init__(
        self, interface: Interface, package: ModuleType, known_values: KnownValues
    ) -> None:
        self._records = {record.name: record for record in interface.records}
        self._package = package
        self._known = known_values

    def needed(self, record: Record) -> Mapping[str, Any]:
        """Return what a record must hold by the file."""
        return self._known.required(record.cite.reason)

    def items(self, record: Record, needed: Mapping[str, Any]) -> dict[str, Any]:
        """Return what an open record must hold beside its fields."""
        known = {field.wire for field in record.fields}
        return {wire: value for wire, value in needed.items() if wire not in known}

    def value(self, field: Field, depth: int, needed: Any = None) -> Any:
        """Return a value for a field, with all that must stand below it."""
        said = None if isinstance(field.type, RecordType) else self._known.value(field.cite.reason)
        said = needed if said is None else said
        return self._of(field.type, depth, said)

    def _of(self, kind: TypeRef, depth: int, said: Any) -> Any:
        match kind:
            case ListType():
                return self._list(kind, depth, said)
            case RecordType():
                return self._record(kind.record, depth)
        found = _known_value(kind, said)
        return _plain(kind) if found is None else found

    def _list(self, kind: ListType, depth: int, said: Any) -> list[Any]:
        if not depth:
            return []
        if isinstance(said, list) and not isinstance(kind.item, RecordType):
            return [self._of(kind.item, depth - 1, one) for one in said]
        return [self._of(kind.item, depth - 1, None)]

    def _record(self, name: str, depth: int) -> Any:
        record = self._records[name]
        needed = self.needed(record)
        values = {
            field.name: self.value(field, depth - 1, needed.get(field.wire))
            for field in record.fields
            if field.required or field.wire in needed
        }
        if record.open:
            values["items"] = self.items(record, needed)
        made = getattr(self._package.models, name)
        names = {info.name for info in msgspec.structs.fields(made)}
        return made(**{key: value for key, value in values.items() if key in names})


def _known_value(kind: TypeRef, said: Any) -> Any:
    """Return a value of a file as an argument of a kind; None where it is none."""
    if said is None or isinstance(kind, AnyType):
        return said
    if isinstance(said, (list, dict)):
        return None
    match kind:
        case TextType():
            return str(said)
        case CodeType():
            known = [code.value for code in kind.codes.values] if kind.codes else [said]
            return said if said in known else None
        case IntegerType():
            return said if isinstance(said, int) and not isinstance(said, bool) else None
        case DecimalType():
            return _decimal(said)
        case BooleanType():
            return said if isinstance(said, bool) else None
    return None


def _decimal(said: Any) -> Decimal | None:
    try:
        return Decimal(str(said))
    except InvalidOperation:
        return None


def _plain(kind: TypeRef) -> Any:
    """Return a value of a kind of which nothing else is known."""
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
    return "A1"


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
