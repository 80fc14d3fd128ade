"""A namespace is said of elements and attributes of messages in XML, and of nothing else."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import NO_NAMESPACE, Envelope, Field, Interface, Operation, Place

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report namespaces of what is no element, and of what no message in XML holds."""
    in_xml = set(_records_in_xml(interface))
    named = {o.reply.record.name for o in interface.operations if o.reply.payload}
    for record in interface.records:
        is_in_xml = record.name in in_xml
        if record.namespace and not is_in_xml:
            yield _misplaced(record.span, f"record {record.name!r}", _NOT_IN_XML)
        for field in record.fields:
            is_named = field.wire == "." and record.name in named
            yield from _of_field(field, is_in_xml=is_in_xml, is_named=is_named)
    for operation in interface.operations:
        yield from _of_parameters(operation)
        root = operation.body.root if operation.body is not None else None
        if root is not None and root.namespace and not _is_sent_in_xml(operation):
            yield _misplaced(root.span, f"{root.wire!r}", "the body is not written in XML")
    for envelope in interface.envelopes:
        yield from _of_envelope(interface, envelope)


def _records_in_xml(interface: Interface) -> Iterator[str]:
    for operation in interface.operations:
        if "xml" in operation.formats:
            for record in operation.reply.records:
                yield from (one.name for one in interface.reachable(record))
        if operation.body is not None and _is_sent_in_xml(operation):
            yield from (one.name for one in interface.reachable(operation.body.record))


def _is_sent_in_xml(operation: Operation) -> bool:
    if operation.protocol == "soap11" or operation.request_media == "xml":
        return True
    has_root = operation.body is not None and operation.body.root is not None
    return has_root and operation.request_media == "json" and "xml" in operation.formats


def _of_parameters(operation: Operation) -> Iterator[Diagnostic]:
    for parameter in operation.parameters:
        field, is_in_body = parameter.field, parameter.place is Place.BODY
        if is_in_body and _is_sent_in_xml(operation):
            yield from _of_field(field, is_in_xml=True)
        elif field.namespace:
            why = _NOT_IN_XML if is_in_body else _NO_ELEMENT
            yield _misplaced(field.span, f"{field.wire!r}", why)


def _of_envelope(interface: Interface, envelope: Envelope) -> Iterator[Diagnostic]:
    is_in_xml = any(
        "xml" in operation.formats and envelope in (operation.envelope, *operation.partial)
        for operation in interface.operations
    )
    for element in (envelope.header, envelope.payload):
        if element is not None and element.namespace and not is_in_xml:
            yield _misplaced(element.span, f"{element.wire!r}", _NOT_IN_XML)
    for field in envelope.fields:
        yield from _of_field(field, is_in_xml=is_in_xml)


def _of_field(field: Field, *, is_in_xml: bool, is_named: bool = False) -> Iterator[Diagnostic]:
    if not field.namespace:
        return
    if not is_in_xml:
        yield _misplaced(field.span, f"{field.wire!r}", _NOT_IN_XML)
    elif field.wire[:1] == "@" and field.namespace != NO_NAMESPACE:
        return
    elif field.wire[:1] == "@":
        yield _misplaced(
            field.span, f"{field.wire!r}", "an attribute is in none where none is said"
        )
    elif field.in_header or (field.wire == "." and not is_named):
        yield _misplaced(field.span, f"{field.wire!r}", _NO_ELEMENT)
    elif field.series is not None:
        why = "the elements of a series are where their record has them"
        yield _misplaced(field.span, f"{field.wire!r}", why)


def _misplaced(span: Span, what: str, why: str) -> Diagnostic:
    return Diagnostic(
        span, "misplaced-key", f"{what} has a namespace, and {why}", "remove `namespace:`"
    )


_NOT_IN_XML = "no message in XML holds it"
_NO_ELEMENT = "it is no element of a message"
