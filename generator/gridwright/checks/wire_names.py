"""Wire names can stand where they travel: as an XML element, as an HTTP header, as anything."""

import re
from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Element, Envelope, Field, Interface, Operation, Place, Soap
from gridwright.notation.xml_names import is_element_name

__all__ = ["check"]

# A token of RFC 9110.
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+")
_LANGUAGE = re.compile("[A-Za-z0-9*-]+")
# A URI, in the letters that RFC 3986 allows.
_NAMESPACE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
# What msgspec takes for a name in JSON, which it does not unescape.
_JSON_NAME = re.compile(r'[^"\\\x00-\x1f]*')


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report wire names that the message they belong to cannot carry."""
    for operation in interface.operations:
        yield from _of_operation(interface, operation)
    for namespace in interface.namespaces:
        yield from _namespace(namespace.uri, namespace.span)
    for envelope in interface.envelopes:
        yield from _of_envelope(envelope)
    if interface.soap is not None:
        yield from _of_soap(interface.soap)
    for presented in interface.presented:
        if presented.place is Place.HEADER and not _HEADER_NAME.fullmatch(presented.wire):
            yield _not_header(presented.span, presented.wire)


def _of_operation(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    xml = "xml" in operation.formats
    for parameter in operation.parameters:
        # An address, a form and the header of a message have names of their own.
        in_xml = xml and parameter.place in (Place.BODY, Place.SOAP_HEADER)
        yield from _names(_of_field(parameter.field), in_xml)
        wire = parameter.field.wire
        if parameter.place is Place.HEADER and wire and not _HEADER_NAME.fullmatch(wire):
            yield _not_header(parameter.field.span, wire)
    reply, body = operation.reply, operation.body
    for element in (reply.root, reply.list, reply.item, body.root if body else None):
        if element is not None and not (element is reply.list and element.wire == "."):
            yield from _names(_of_element(element), xml)
    for start in (*reply.records, *([body.record] if body else [])):
        for record in interface.reachable(start):
            for field in record.fields:
                if field.wire == ".":
                    continue  # the value itself, which has no name
                if field.in_header and not field.block and not _HEADER_NAME.fullmatch(field.wire):
                    yield _not_header(field.span, field.wire)
                yield from _names(
                    _of_field(field), xml and (bool(field.block) or not field.in_header)
                )
                yield from _names(((name, field.span) for name in _container_names(field)), xml)
                yield from _json_names(_of_field(field))
    for root in (reply.root, body.root if body is not None else None):
        if root is not None and root.namespace:
            yield from _namespace(root.namespace, root.span)
    if reply.list is not None:
        yield from _json_names(_of_element(reply.list))
    envelope = operation.envelope
    named = reply.list.wire if reply.list is not None and reply.list.wire != "." else ""
    if envelope is not None and reply.list is not None and envelope.header.wire == named:
        yield Diagnostic(
            reply.list.span,
            "wire-collision",
            f"list and header have the wire name {reply.list.wire!r}",
            f"first declared at {envelope.header.span}",
        )


def _of_soap(soap: Soap) -> Iterator[Diagnostic]:
    for block in soap.blocks:
        yield from _names(_of_element(block.element), True)
        for item in block.fields:
            yield from _names(_of_field(item.field), True)
    yield from _namespace(soap.namespace, soap.span)


def _namespace(uri: str, span: Span) -> Iterator[Diagnostic]:
    if not _NAMESPACE.fullmatch(uri):
        yield Diagnostic(
            span,
            "wire-not-xml",
            f"{uri!r} cannot be a namespace",
            "write a URI such as urn:example:applications, or the prefix of a declared one",
        )


def _of_envelope(envelope: Envelope) -> Iterator[Diagnostic]:
    xml = "xml" in envelope.header_formats
    if not envelope.header.wire.strip() and not envelope.of_items:
        yield Diagnostic(
            envelope.header.span,
            "empty-wire-name",
            f"envelope {envelope.name!r} has no header: nothing says where its fields stand",
            'add `header:` with its `element:`, which is "." at the root, and `presence: optional` '
            "where failures alone have its fields",
        )
    elif envelope.header.wire != "." and not envelope.of_items:
        yield from _names(_of_element(envelope.header), xml)
    yield from _names(((w.name, envelope.header.span) for w in envelope.header_also), xml)
    for field in envelope.fields:
        if field.wire == "." and envelope.partial is not None:
            continue  # an entry itself, which has no name
        yield from _names(_of_field(field), xml)
        yield from _names(((name, field.span) for name in field.under), xml)
    if "json" in envelope.header_formats:
        yield from _json_names(_of_element(envelope.header))
    for value in envelope.language.values if envelope.language else ():
        if not _LANGUAGE.fullmatch(value):
            yield _not_header(envelope.span, value)


def _not_header(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        span,
        "wire-not-header",
        f"{text!r} cannot stand in the header of a message",
        "correct it by an erratum, or say where the value travels by `in:`",
    )


def _of_element(element: Element) -> Iterator[tuple[str, Span]]:
    yield element.wire, element.span


def _of_field(field: Field) -> Iterator[tuple[str, Span]]:
    if field.series is not None:
        # One label stands for all of them: they are digits.
        yield field.series.wire_name("0000"), field.span
    else:
        # Names of attributes are those of elements, behind a sign of ours.
        yield field.wire.removeprefix("@"), field.span
    for other in field.also:
        yield other.name, field.span


def _container_names(field: Field) -> Iterator[str]:
    yield from field.under
    if field.item:
        yield field.item


def _names(names: Iterator[tuple[str, Span]], xml: bool) -> Iterator[Diagnostic]:
    for name, span in names:
        if not name.strip():
            yield Diagnostic(
                span,
                "empty-wire-name",
                "a wire name is empty",
                "write the name as printed, or say `wire: undocumented`",
            )
        elif xml and not is_element_name(name):
            yield Diagnostic(
                span,
                "wire-not-xml",
                f"{name!r} cannot be the name of an XML element, and format xml is offered",
                "correct the name by an erratum, or leave xml out of `formats:`",
            )


def _json_names(names: Iterator[tuple[str, Span]]) -> Iterator[Diagnostic]:
    for name, span in names:
        if not _JSON_NAME.fullmatch(name):
            yield Diagnostic(
                span,
                "wire-not-json",
                f"wire name {name!r} holds a quote, a backslash or a control character",
                "correct the name by an erratum: generated code cannot read it from JSON",
            )
