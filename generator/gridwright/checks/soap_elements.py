"""SOAP messages have a namespace, and those that share an element hold the same items."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import Element, Field, Interface, Operation, Place, TypeRef

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report elements that a schema would have to declare twice."""
    known: dict[str, tuple[Element, list[tuple[str, TypeRef, bool]]]] = {}
    for element, fields in _messages(interface):
        items = [(field.wire, field.type, field.required) for field in fields]
        first, others = known.setdefault(element.wire, (element, items))
        if items != others:
            yield Diagnostic(
                element.span,
                "wire-collision",
                f"two messages with different items have the element {element.wire!r}",
                f"first declared at {first.span}",
            )
    yield from _homeless(interface)
    for operation in interface.operations:
        if operation.protocol == "soap11":
            if interface.soap is None and not operation.known_by_example:
                yield Diagnostic(
                    operation.span,
                    "missing-key",
                    f"{operation.name!r} speaks SOAP, and nothing says in what namespace",
                    "add `soap: {namespace: …}`, with what the header holds",
                )
            yield from _forms(operation)
            yield from _without_block(interface, operation)


def _homeless(interface: Interface) -> Iterator[Diagnostic]:
    """Report what a login puts into the SOAP header where there is no element for it."""
    soap = interface.soap
    for item in interface.presented:
        if item.place is Place.SOAP_HEADER and (soap is None or soap.header is None):
            yield Diagnostic(
                item.span,
                "missing-key",
                f"{item.wire!r} travels in the SOAP header, and nothing says in what element",
                "add `soap: {namespace: …, header: {element: …}, fields: {…}}`",
            )


def _without_block(interface: Interface, operation: Operation) -> Iterator[Diagnostic]:
    """Report fields of a request that stand in a block of the SOAP header which is not there."""
    blocks = [block.element.wire for block in interface.soap.blocks] if interface.soap else []
    own = interface.soap.header if interface.soap else None
    for parameter in operation.parameters:
        under, wire = parameter.under, parameter.field.wire
        if parameter.place is not Place.SOAP_HEADER or (not under and own is not None):
            continue
        if len(under) != 1 or under[0] not in blocks:
            yield Diagnostic(
                parameter.field.span,
                "missing-key",
                f"{wire!r} travels in the SOAP header, and nothing says in what element",
                nearest(under[0], blocks) if under and blocks else
                "add `soap: {headers: {ELEMENT: {…}}}`, and `under: ELEMENT` at the field",
            )  # fmt: skip


def _messages(interface: Interface) -> Iterator[tuple[Element, tuple[Field, ...]]]:
    soap = interface.soap
    if soap is None:
        return
    for block in soap.blocks:
        yield block.element, tuple(item.field for item in block.fields)
    for operation in interface.operations:
        body, reply = operation.body, operation.reply
        if operation.protocol != "soap11" or operation.known_by_example:
            continue
        if body is not None and body.root is not None:
            yield body.root, body.record.fields
        if reply.root is not None:
            others = (field for variant in reply.variants for field in variant.record.fields)
            yield reply.root, (*reply.record.fields, *others)


def _forms(operation: Operation) -> Iterator[Diagnostic]:
    known = {field.wire: field for field in operation.reply.record.fields}
    for variant in operation.reply.variants:
        for field in variant.record.fields:
            first = known.setdefault(field.wire, field)
            if first.type != field.type:
                yield Diagnostic(
                    field.span,
                    "wire-collision",
                    f"two forms of a reply have {field.wire!r} with different types",
                    f"first declared at {first.span}",
                )
