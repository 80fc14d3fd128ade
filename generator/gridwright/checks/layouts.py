"""A list that JSON writes as arrays, columns or with keys has the fields for it."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span, nearest
from gridwright.ir import AnyType, Interface, ListType, Operation, Record, RecordType

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report lists whose records cannot be laid out as their spec says."""
    bodies = [o.body.record for o in interface.operations if o.body is not None]
    sent = {record.name for body in bodies for record in interface.reachable(body)}
    for operation in interface.operations:
        reply = operation.reply
        if reply.layout and reply.list is not None:
            yield from _list(reply.record, reply.layout, reply.keyed_by, reply.list.span)
        yield from _names(operation)
    for record in interface.records:
        for field in record.fields:
            known = interface.record_of(field) if isinstance(field.type, ListType) else None
            if field.layout and known is not None:
                yield from _list(known, field.layout, field.keyed_by, field.span)
                if known.open and known.name in sent and field.layout != "keyed":
                    yield _wrong(field.span, f"{known.name!r} is open, and its items have no place")


def _list(record: Record, layout: str, keyed_by: str, span: Span) -> Iterator[Diagnostic]:
    known = {field.wire: field for field in record.fields}
    if layout == "keyed":
        key = known.get(keyed_by)
        if key is None:
            yield Diagnostic(
                span,
                "unknown-field",
                f"{record.name!r} has no field {keyed_by!r} that the keys of a list could be",
                nearest(keyed_by, known) or "declare the field among those of the record",
            )
        elif key.is_located or isinstance(key.type, AnyType | ListType | RecordType):
            yield _wrong(span, f"a key is no value of {keyed_by!r}, which is no plain field")
        return
    for field in record.fields:
        if field.under or field.item:
            what = "an array" if layout == "arrays" else "a column"
            yield _wrong(span, f"{field.wire!r} stands in a container, and {what} has none")


def _names(operation: Operation) -> Iterator[Diagnostic]:
    """Report the names of columns in the place of something else."""
    reply, envelope = operation.reply, operation.envelope
    if not reply.names or reply.list is None or not reply.payload:
        return
    *around, last = reply.payload
    place = (*around, reply.names)
    taken = {(*around, last)}
    if envelope is not None:
        taken.add((envelope.header.wire,))
    for field in reply.beside.fields if reply.beside is not None else ():
        taken.add((*field.under, field.wire.removeprefix("@"))[: len(place)])
    if place in taken:
        yield Diagnostic(
            reply.list.span,
            "wire-collision",
            f"the names of columns stand in {reply.names!r}, where something else does",
            "leave the other one out: columns are read by these names, and no caller needs them",
        )


def _wrong(span: Span, message: str) -> Diagnostic:
    return Diagnostic(
        span, "wrong-field", message, "name a field that stands in its record under its own name"
    )
