"""SOAP messages have a namespace, and those that share an element hold the same items."""

from collections.abc import Iterator, Sequence

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
    yield from _of_blocks(interface)
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


def _of_blocks(interface: Interface) -> Iterator[Diagnostic]:
    """Report elements of the header that replies have with another type than other messages."""
    blocks = interface.soap.blocks if interface.soap is not None else ()
    own = {(b.element.wire, one.field.wire): one.field for b in blocks for one in b.fields}
    first = blocks[0].element.wire if interface.soap is not None and interface.soap.header else ""
    for operation in interface.operations:
        for one in operation.parameters:
            if one.place is Place.SOAP_HEADER:
                own.setdefault((".".join(one.under) or first, one.field.wire), one.field)
    for operation in interface.operations:
        beside = operation.reply.beside
        for field in beside.fields if beside is not None else ():
            known = own.setdefault((field.block, field.wire), field) if field.block else field
            if known.type != field.type:
                yield Diagnostic(
                    field.span,
                    "wire-collision",
                    f"two messages have {field.wire!r} of {field.block!r} with different types",
                    f"first declared at {known.span}",
                )


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
    """Report fields that stand in a block of the SOAP header which is not there."""
    blocks = [block.element.wire for block in interface.soap.blocks] if interface.soap else []
    own = interface.soap.header if interface.soap else None
    for parameter in operation.parameters:
        if parameter.place is Place.SOAP_HEADER and (parameter.under or own is None):
            yield from _in_block(parameter.field, ".".join(parameter.under), blocks)
    beside = operation.reply.beside
    for field in beside.fields if beside is not None else ():
        if field.block:
            yield from _in_block(field, field.block, blocks)


def _in_block(field: Field, block: str, blocks: Sequence[str]) -> Iterator[Diagnostic]:
    if block not in blocks:
        yield Diagnostic(
            field.span,
            "missing-key",
            f"{field.wire!r} travels in the SOAP header, and nothing says in what element",
            nearest(block, blocks) if block and blocks else
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
