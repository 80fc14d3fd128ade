"""What a write has sent can be searched for: the search asks for it, and its records have it."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from gridwright.analysis.naming import request_record
from gridwright.analysis.reply_places import listed_record, page_arguments
from gridwright.analysis.type_words import describe_type
from gridwright.diagnostics import Diagnostic, nearest
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
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report helpers that could not search for what was sent."""
    for operation in interface.operations:
        if not operation.known_by_example:
            yield from _reconcile(interface, operation)


def _reconcile(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    """Report a helper that could not search for what was sent."""
    reconcile = operation.reconcile
    if reconcile is None or not reconcile.name:
        return
    search = interface.operation_named(reconcile.search)
    if search is None:
        return
    sent = _sent_fields(interface, operation)
    criteria = _criteria(interface, search)
    stored = _stored_fields(interface, search)
    if sent is None or criteria is None or stored is None or not reconcile.by:
        yield Diagnostic(
            reconcile.span,
            "wrong-field",
            f"{reconcile.search!r} cannot find what {operation.name} sent",
            "say `by:`, and search by an operation with paging, criteria and a range",
        )
        return
    for wire, field in criteria.items():
        if not field.optional and wire not in reconcile.by:
            message = f"the criteria need {wire!r}, which `by:` does not name"
            help_text = f"add {wire} to `by:`, where what is sent has it"
            yield Diagnostic(reconcile.span, "wrong-field", message, help_text)
    for wire in reconcile.by:
        if wire not in sent or wire not in criteria:
            message = f"{wire!r} is not a field of both what is sent and the criteria"
            both = set(sent) & set(criteria)
            yield Diagnostic(reconcile.span, "unknown-field", message, nearest(wire, both))
    for wire, _ in reconcile.standing:
        if wire not in stored:
            message = f"a stored record has no field {wire!r}"
            yield Diagnostic(reconcile.span, "unknown-field", message, nearest(wire, stored))
    for field, other in _never_alike(interface, sent, stored):
        yield Diagnostic(
            reconcile.span,
            "wrong-field",
            f"what is sent as {field.wire!r} ({describe_type(field.type)}) is never what is stored "
            f"as {other.wire!r} ({describe_type(other.type)})",
            "give both the same type, or different names where they are different things",
        )


def _never_alike(
    interface: Interface, sent: Mapping[str, Field], stored: Mapping[str, Field]
) -> Iterator[tuple[Field, Field]]:
    """Yield fields of one name that are compared and cannot agree: all would seem unsaved."""
    by_name = {field.name: field for field in stored.values()}
    for field in sent.values():
        other = by_name.get(field.name)
        if other is None:
            continue
        sorts = {_sort_of(field.type), _sort_of(other.type)}
        if len(sorts) > 1 and "any" not in sorts:
            yield field, other
        yield from _never_alike(interface, _below(interface, field), _below(interface, other))


def _sort_of(type_: TypeRef) -> str:
    """Return a word for types whose values can be equal in Python."""
    match type_:
        case TextType() | CodeType():
            return "text"
        case IntegerType() | DecimalType():
            return "number"
        case TemporalType(kind=kind):
            return kind
        case ListType(item=item):
            return f"list of {_sort_of(item)}"
        case RecordType():
            return "record"
        case BooleanType():
            return "boolean"
        case BinaryType():
            return "bytes"
        case AnyType():
            return "any"
        case _:
            assert_never(type_)


def _sent_fields(interface: Interface, operation: Operation) -> Mapping[str, Field] | None:
    """Return the fields of the one list of records that the operation sends; None: no such."""
    lists = [
        field
        for field in _arguments(interface, operation)
        if isinstance(field.type, ListType) and isinstance(field.type.item, RecordType)
    ]
    if len(lists) != 1:
        return None
    return _below(interface, lists[0]) or None


def _criteria(interface: Interface, search: Operation) -> Mapping[str, Field] | None:
    """Return the fields of the criteria, which stand beside the range; None: no such."""
    if search.paging is None or search.known_by_example:
        return None
    filled = page_arguments(interface, search)
    others = [f for f in _arguments(interface, search) if f not in filled]
    if len(others) == 1 and isinstance(others[0].type, RecordType):
        return _below(interface, others[0]) or None
    if any(isinstance(field.type, RecordType) for field in others):
        return None
    return _by_wire(tuple(others)) or None


def _stored_fields(interface: Interface, search: Operation) -> Mapping[str, Field] | None:
    if search.paging is None:
        return None
    record = listed_record(interface, search)
    return _by_wire(record.fields) if record is not None else None


def _arguments(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    """Return what the caller gives: parameters, and the body's fields or those of its payload."""
    fields = tuple(parameter.field for parameter in operation.arguments)
    body = operation.body
    if body is None or not body.arguments:
        return request_record(operation).fields
    field = _by_wire(body.record.fields).get(body.arguments)
    return (*fields, *_below(interface, field).values()) if field else fields


def _below(interface: Interface, field: Field) -> dict[str, Field]:
    record = interface.record_of(field)
    return _by_wire(record.fields) if record else {}


def _by_wire(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.wire: field for field in fields}
