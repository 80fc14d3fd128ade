"""A field of a reply that repeats a value of the request has the same type as that value."""

from collections.abc import Iterator
from itertools import islice

from gridwright.analysis.echoes import echoing_fields, requested_fields
from gridwright.analysis.naming import request_record
from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import (
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    Operation,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
    item_type,
)

__all__ = ["check"]

_MOST_PLACES = 1000


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report fields that are said to repeat what no request asks, or where nobody compares."""
    compared: dict[Span, list[tuple[Operation, Field]]] = {}
    for operation in interface.operations:
        found = list(islice(echoing_fields(interface, operation), _MOST_PLACES + 1))
        if len(found) > _MOST_PLACES:
            yield _wrong(found[0][1], f"stands in more than {_MOST_PLACES} places of one reply")
            return
        for field in {field.span: field for _, field in found}.values():
            compared.setdefault(field.span, []).append((operation, field))
    for field in _all_fields(interface):
        if field.echoes and field.span not in compared:
            yield Diagnostic(
                field.span,
                "misplaced-key",
                f"{field.wire!r} echoes something, and stands in the payload of no reply",
                "remove `echoes:`, or say it at a field that a reply brings",
            )
    for places in compared.values():
        yield from _one_field(interface, places)


def _one_field(interface: Interface, places: list[tuple[Operation, Field]]) -> Iterator[Diagnostic]:
    _, field = places[0]
    name = field.echoes[-1]
    if field.series is not None or isinstance(field.item_type, RecordType | BinaryType):
        yield _wrong(field, "is no single value, and cannot say again what was asked")
        return
    is_asked = False
    for operation, _ in places:
        asked = requested_fields(interface, operation, field.echoes)
        is_asked |= bool(asked)
        if len(asked) > 1:
            ways = ["[" + ", ".join(one.wire for one in way) + "]" for way in asked[:2]]
            yield _wrong(
                field,
                f"echoes {name!r}, which stands in several places of {operation.name}'s request",
                f"write the path, such as `echoes: {ways[0]}`",
            )
            return
        if asked and _kind(asked[0][-1].type) != _kind(field.type):
            yield _wrong(
                field,
                f"echoes {name!r} of {operation.name}, which is of another type",
                "give both the same type and pattern: only then can they be compared",
            )
            return
    if not is_asked:
        operation = places[0][0]
        known = [one.wire for one in request_record(operation).fields]
        if name in known:
            yield _wrong(field, f"echoes {name!r}, which is no single value of a request")
            return
        yield Diagnostic(
            field.span,
            "unknown-field",
            f"{field.wire!r} echoes {name!r}, for which no request is asked that brings it",
            nearest(name, known),
        )


def _all_fields(interface: Interface) -> Iterator[Field]:
    records = [*interface.records, *(operation.reply.record for operation in interface.operations)]
    seen: set[Span] = set()
    for field in (
        *(field for record in records for field in record.fields),
        *(field for envelope in interface.envelopes for field in envelope.fields),
        *(item.field for item in (interface.soap.all_fields if interface.soap else ())),
    ):
        if field.span not in seen:
            seen.add(field.span)
            yield field


def _kind(type_: TypeRef) -> object:
    """Return what two values have in common that can be compared."""
    match item_type(type_):
        case TextType() | CodeType():
            return "text"
        case IntegerType() | DecimalType():
            return "number"
        case BooleanType():
            return "boolean"
        case TemporalType(kind=kind, pattern=pattern):
            return kind, pattern
        case other:
            return type(other)


def _wrong(field: Field, what: str, help: str = "remove `echoes:`") -> Diagnostic:
    return Diagnostic(field.span, "wrong-field", f"{field.wire!r} {what}", help)
