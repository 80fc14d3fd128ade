"""Make one record of all that a call is asked with, wherever its fields travel."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gridwright.analysis.naming import class_name
from gridwright.ir import (
    Body,
    Field,
    Interface,
    Operation,
    Parameter,
    Place,
    Record,
    RecordType,
)

__all__ = [
    "IN_BODY",
    "RequestArguments",
    "payload_of",
    "request_of",
    "request_record_names",
    "with_optional_fields",
    "with_requests",
]

IN_BODY = frozenset({Place.FORM, Place.BODY, Place.PART})
"""Where a parameter is a field of the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestArguments:
    """The arguments of an operation.

    Attributes:
        record: their record; each field's wire name is the key of the argument.
        is_made: the document has no such record: it is put together from parameters and body.
        keys: the key of each parameter that the caller gives.
    """

    record: Record
    is_made: bool
    keys: tuple[tuple[Parameter, str], ...]

    def key_of(self, parameter: Parameter) -> str:
        """Return the key of the argument that fills a parameter."""
        return next(key for known, key in self.keys if known is parameter)


def request_of(interface: Interface, operation: Operation) -> RequestArguments:
    """Return what the caller of an operation gives.

    It is the record of the body, or the one that ``arguments`` names within it, as long as nothing
    else is given beside it.
    """
    payload = payload_of(interface, operation.body)
    parameters = operation.arguments
    if payload is not None and not parameters:
        return RequestArguments(record=payload, is_made=False, keys=())
    keys = tuple(_keys(operation, payload, parameters))
    fields = tuple(
        replace(parameter.field, wire=key, optional=_may_be_left_out(parameter.field))
        for parameter, key in keys
    )
    record = Record(
        name=_request_record_name(operation),
        en=f"what {operation.wire_name} is asked with",
        fields=(*fields, *payload.fields) if payload else fields,
        open=payload.open if payload else False,
        extends="",
        filler=(),
        cite=operation.cite,
        span=operation.span,
    )
    return RequestArguments(record=record, is_made=True, keys=keys)


def payload_of(interface: Interface, body: Body | None) -> Record | None:
    """Return the record of a body that the caller fills; None where there is no body."""
    if body is None or not body.arguments:
        return body.record if body else None
    field = body.record.field(body.arguments)
    is_record = field is not None and isinstance(field.type, RecordType)
    payload = interface.record_of(field) if field is not None and is_record else None
    return payload or body.record


def request_record_names(interface: Interface) -> frozenset[str]:
    """Return the names of the records that are made for requests."""
    return frozenset(
        request.record.name
        for request in (request_of(interface, operation) for operation in interface.operations)
        if request.is_made
    )


def with_requests(interface: Interface) -> Interface:
    """Add the records that are made for requests to those of the document.

    What a request need not give may be left out.
    """
    whole = with_optional_fields(interface)
    made = [request_of(whole, operation) for operation in whole.operations]
    records = (*whole.records, *(request.record for request in made if request.is_made))
    return replace(whole, records=records)


def with_optional_fields(interface: Interface) -> Interface:
    """Let a request leave out what its sender need not give."""
    bodies = [o.body.record for o in interface.operations if o.body is not None]
    sent = {record.name for body in bodies for record in interface.reachable(body)}
    records = tuple(_optional(r) if r.name in sent else r for r in interface.records)
    by_name = {record.name: record for record in records}
    operations = tuple(_with_records(operation, by_name) for operation in interface.operations)
    return replace(interface, operations=operations, records=records)


def _with_records(operation: Operation, records: dict[str, Record]) -> Operation:
    body, reply = operation.body, operation.reply
    known = records.get(reply.record.name, reply.record)
    variants = tuple(
        replace(v, record=records.get(v.record.name, v.record)) for v in reply.variants
    )
    return replace(
        operation,
        body=replace(body, record=records[body.record.name]) if body else None,
        reply=replace(reply, record=known, variants=variants),
    )


def _optional(record: Record) -> Record:
    fields = tuple(replace(f, optional=_may_be_left_out(f)) for f in record.fields)
    return replace(record, fields=fields)


def _may_be_left_out(field: Field) -> bool:
    return field.optional or not field.required


def _request_record_name(operation: Operation) -> str:
    return f"{class_name(operation.name)}Request"


def _keys(
    operation: Operation,
    payload: Record | None,
    parameters: Iterable[Parameter],
) -> list[tuple[Parameter, str]]:
    """Return a key for each parameter that no other has, in the document's order.

    What stands in the body keeps its name, since the body is written from it.
    """
    body = operation.body.record if operation.body else None
    taken = {field.wire for record in (payload, body) if record for field in record.fields}
    pairs = operation.envelope.pairs if operation.envelope else None
    taken |= {pairs.field} if pairs else set()
    filled = [p for p in operation.parameters if not p.is_argument]
    taken |= {p.field.wire for p in filled}
    parameters = tuple(parameters)
    taken |= {p.field.wire for p in parameters if _keeps_its_name(p)}
    keys = []
    for parameter in parameters:
        field = parameter.field
        wire = field.wire if not _NO_KEY.search(field.wire) else field.name
        key = wire if _keeps_its_name(parameter) or wire not in taken else ""
        key = key or f"{wire} ({parameter.place.value})"
        taken.add(key)
        keys.append((parameter, key))
    return keys


def _keeps_its_name(parameter: Parameter) -> bool:
    """Whether the body is written from the argument as it stands in the record."""
    return parameter.place in IN_BODY and not parameter.under


# What no field of a record can be called on the wire; a part can.
_NO_KEY = re.compile(r"[\x00-\x1f\"\\]")
