"""What an operation sends and gets has the fields into which its envelope puts something."""

from collections.abc import Iterator

from gridwright.analysis.naming import fields_on
from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import (
    Envelope,
    Field,
    Interface,
    ListType,
    Operation,
    RecordType,
    TextType,
)

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report bodies and replies that have no place for their arguments, payload, keys or pairs."""
    for operation in interface.operations:
        if operation.known_by_example:
            continue
        yield from _body(interface, operation)
        if operation.envelope is not None:
            yield from _payload(operation, operation.envelope)
            yield from _pairs(interface, operation, operation.envelope)


def _body(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    body = operation.body
    if body is None:
        return
    for record in interface.reachable(body.record)[1:]:
        for inner in record.fields:
            if inner.credential is not None:
                yield _wrong(
                    inner.span,
                    f"{inner.wire!r} of {record.name} is filled by a credential, and {record.name} "
                    "is not a body itself",
                    "let a field of the body's own record have the credential",
                )
    field = _by_wire(body.record.fields).get(body.arguments)
    if field is not None and not isinstance(field.type, RecordType):
        yield _wrong(operation.span, f"{field.wire!r}, which holds the arguments, is no record")


def _payload(operation: Operation, envelope: Envelope) -> Iterator[Diagnostic]:
    if envelope.payload is None or not operation.reply.is_message or not operation.reply.payload:
        return
    known = _by_wire(operation.reply.record.fields)
    field = known.get(envelope.payload.wire)
    if field is None:
        yield Diagnostic(
            envelope.payload.span,
            "unknown-field",
            f"{operation.reply.record.name} has no field {envelope.payload.wire!r}",
            nearest(envelope.payload.wire, known),
        )
    elif not isinstance(field.type, RecordType):
        yield _wrong(envelope.payload.span, f"the payload {field.wire!r} is no record")


def _pairs(interface: Interface, operation: Operation, envelope: Envelope) -> Iterator[Diagnostic]:
    pairs, body = envelope.pairs, operation.body
    if pairs is None:
        return
    if body is None:
        yield Diagnostic(
            operation.span,
            "pairs-without-body",
            f"envelope {envelope.name!r} puts pairs into the body of each request, and "
            f"{operation.name!r} has none",
            "give it an envelope without pairs, or a body",
        )
        return
    for wire in (pairs.key, pairs.value):
        found = fields_on(interface, body.record, f"{pairs.field}.{wire}")
        is_list = bool(found) and isinstance(found[0].type, ListType)
        if len(found) != 2 or not is_list or not isinstance(found[1].type, TextType):
            yield Diagnostic(
                envelope.span,
                "unknown-field",
                f"{body.record.name} has no list {pairs.field!r} of records with a text {wire!r}",
                "name the list, and the fields of its records, by their wire names",
            )
    keys = [pair.key for pair in pairs.fill]
    if envelope.identity and envelope.identity not in keys:
        yield Diagnostic(
            envelope.span,
            "unknown-field",
            f"no pair is called {envelope.identity!r}",
            nearest(envelope.identity, keys),
        )


def _by_wire(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.wire: field for field in fields}


def _wrong(
    span: Span, message: str, help_text: str = "name the field that has the right type"
) -> Diagnostic:
    return Diagnostic(span, "wrong-field", message, help_text)
