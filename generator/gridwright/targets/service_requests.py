"""What a call of a service sends, as one record, wherever its fields travel. Spells no Python."""

from dataclasses import replace

from gridwright.ir import (
    Basis,
    Body,
    Citation,
    Field,
    Interface,
    Operation,
    Parameter,
    Place,
    Record,
)
from gridwright.naming import class_name

__all__ = ["places", "sent_parameters", "with_requests"]


def with_requests(interface: Interface) -> Interface:
    """Give every operation a body: the record of all that its caller gives.

    Where parameters travel beside a body, or alone, the record is made of both, and added to the
    records of the interface.
    """
    operations = [_with_request(interface, operation) for operation in interface.operations]
    known = {record.name for record in interface.records}
    made = [o.body.record for o in operations if o.body and o.body.record.name not in known]
    whole = replace(interface, operations=tuple(operations), records=(*interface.records, *made))
    return _with_optional_fields(whole)


def _with_optional_fields(interface: Interface) -> Interface:
    """Let a request leave out what its sender need not give."""
    bodies = [o.body.record for o in interface.operations if o.body is not None]
    sent = {record.name for body in bodies for record in interface.reachable(body)}
    records = tuple(_optional(r) if r.name in sent else r for r in interface.records)
    by_name = {record.name: record for record in records}
    operations = [
        replace(
            o,
            body=replace(o.body, record=by_name[o.body.record.name]) if o.body else None,
            reply=replace(o.reply, record=by_name[o.reply.record.name]),
        )
        for o in interface.operations
    ]
    return replace(interface, operations=tuple(operations), records=records)


def _optional(record: Record) -> Record:
    fields = tuple(replace(f, optional=f.optional or not f.required) for f in record.fields)
    return replace(record, fields=fields)


def sent_parameters(interface: Interface, operation: Operation) -> tuple[Parameter, ...]:
    """Return the parameters that the caller gives; what a login brings is not among them."""
    presented = {p.wire for p in interface.presented}
    return tuple(p for p in operation.arguments if p.field.wire not in presented)


def places(interface: Interface, operation: Operation) -> tuple[tuple[str, str], ...]:
    """Return where each field travels that is not in the body, by wire name."""
    return tuple(
        (p.field.wire, p.place.value)
        for p in sent_parameters(interface, operation)
        if p.place in (Place.PATH, Place.QUERY, Place.HEADER)
    )


def _with_request(interface: Interface, operation: Operation) -> Operation:
    parameters = sent_parameters(interface, operation)
    body = operation.body
    if operation.known_by_example or (body is not None and not parameters):
        return operation
    fields: tuple[Field, ...] = tuple(p.field for p in parameters)
    record = Record(
        name=f"{class_name(operation.name)}Request",
        en=f"what {operation.wire_name} is asked with",
        fields=(*fields, *body.record.fields) if body else fields,
        open=body.record.open if body else False,
        extends="",
        filler=(),
        cite=operation.cite,
        span=operation.span,
    )
    whole = Body(
        record=record,
        root=body.root if body else None,
        arguments="",
        attachments=body.attachments if body else False,
        cite=body.cite if body else Citation(lines=(), basis=Basis.DOCUMENT),
    )
    return replace(operation, body=whole)
