"""What decides about success within a reply is a field of that reply; else nobody would see it."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import Interface, Operation

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report names by which an envelope judges a reply that has no such field."""
    reported: set[tuple[str, str, str]] = set()
    for operation in interface.operations:
        for envelope, record, wire, problem in _unknown(operation):
            if (envelope, record, wire) not in reported:
                reported.add((envelope, record, wire))
                yield problem


def _unknown(operation: Operation) -> Iterator[tuple[str, str, str, Diagnostic]]:
    envelope, record = operation.envelope, operation.reply.record
    if envelope is None or envelope.path or envelope.root or operation.known_by_example:
        return
    if not operation.reply.is_message:
        return  # the fields of the verdict stand beside the payload, and are the envelope's own
    known = {field.wire for field in record.fields}
    asked = [pair[0] for case in envelope.cases for pair in (*case.when, *case.contains)]
    names = [*(wire for wire, _ in envelope.success), envelope.code, envelope.message, *asked]
    for wire in names:
        if wire and wire not in known:
            message = (
                f"envelope {envelope.name!r} judges by {wire!r}, which is no field of {record.name}"
            )
            problem = Diagnostic(envelope.span, "unknown-field", message, nearest(wire, known))
            yield envelope.name, record.name, wire, problem
