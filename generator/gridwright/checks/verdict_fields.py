"""A field that decides about success within a reply is a field of that reply; else nobody would see
it.
"""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import Interface, ListType, Operation, RecordType

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report names by which an envelope judges a reply, or an item, that has no such field."""
    reported: set[tuple[str, str, str]] = set()
    for operation in interface.operations:
        found = (*_unknown(operation), *_unknown_of_items(operation))
        for envelope, record, wire, problem in found:
            if (envelope, record, wire) not in reported:
                reported.add((envelope, record, wire))
                yield problem
    yield from _check_places(interface)


def _unknown(operation: Operation) -> Iterator[tuple[str, str, str, Diagnostic]]:
    envelope, record = operation.envelope, operation.reply.record
    if envelope is None or envelope.path or envelope.root or operation.known_by_example:
        return
    if envelope.header_optional:
        return  # they stand in failures alone, in place of the record
    if not operation.reply.is_message:
        return  # the fields of the verdict stand beside the payload, and are the envelope's own
    known = {field.wire for field in record.fields}
    for wire in envelope.names:
        if wire not in known:
            message = (
                f"envelope {envelope.name!r} judges by {wire!r}, which is no field of {record.name}"
            )
            problem = Diagnostic(envelope.span, "unknown-field", message, nearest(wire, known))
            yield envelope.name, record.name, wire, problem


def _unknown_of_items(operation: Operation) -> Iterator[tuple[str, str, str, Diagnostic]]:
    envelope, record = operation.reply.verdict, operation.reply.record
    if envelope is None or record.open:
        return
    for wire in envelope.names:
        found = [field for field in record.fields if field.wire == wire]
        if len(found) == 1 and not isinstance(found[0].type, ListType | RecordType):
            continue
        if not found:
            what, help = "which is no field of", nearest(wire, {f.wire for f in record.fields})
        elif len(found) > 1:
            what, help = "of which there are two in", "judge by a field whose name is its own"
        else:
            what, help = "which is no plain value in", "judge by a text, a code or a number"
        message = f"envelope {envelope.name!r} judges items by {wire!r}, {what} {record.name}"
        problem = Diagnostic(envelope.span, "unknown-field", message, help)
        yield envelope.name, record.name, wire, problem


def _check_places(interface: Interface) -> Iterator[Diagnostic]:
    """Report records in which the fields of one verdict stand in different places."""
    for envelope in interface.envelopes:
        records = [o.reply.record for o in interface.operations if o.reply.verdict is envelope]
        for wire in envelope.names if records else ():
            places = {f.key for record in records for f in record.fields if f.wire == wire}
            if len(places) > 1:
                message = (
                    f"envelope {envelope.name!r} judges items by {wire!r}, which stands in "
                    f"{' and in '.join(sorted(places))}"
                )
                help = "an envelope for each record, or the field in the same place in all"
                yield Diagnostic(envelope.span, "unknown-field", message, help)
