"""Find the namespace of each element, and of attributes, of a message in XML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gridwright.analysis.payloads import payload_of_reply
from gridwright.ir import (
    NO_NAMESPACE,
    XML_NAMESPACE,
    Element,
    Field,
    Interface,
    Operation,
    Place,
    Record,
    Soap,
    SoapBlock,
)

__all__ = [
    "ANY_OTHER",
    "Namespaces",
    "namespaces_of_block",
    "namespaces_of_body",
    "namespaces_of_reply",
    "prefixes_of",
    "soap_messages",
    "soap_prefixes",
]

ANY_OTHER = "*"
"""The last step of a path that stands for each element there which has no path of its own."""

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespaces:
    """The namespaces of one message.

    Attributes:
        root: that of the root; empty: the document names none.
        elements: those of elements that are not in that of the element around them, by wire names
            that lead to them from the root; `NO_NAMESPACE`: none. Those of attributes that are in
            one, too: ``@`` stands before their names.
    """

    root: str
    elements: Mapping[_Path, str] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        """Each namespace that is there, once."""
        found = dict.fromkeys((self.root, *self.elements.values()))
        return tuple(space for space in found if space not in ("", NO_NAMESPACE))

    def within(self, path: _Path, around: str) -> str:
        """Return the namespace of an element; ``around`` is that of the element around it."""
        exact = self.elements.get(path)
        return exact or self.elements.get((*path[:-1], ANY_OTHER)) or around

    def at(self, path: _Path) -> str:
        """Return the namespace of the element to which a path leads."""
        found = self.root
        for depth in range(1, len(path) + 1):
            found = self.within(path[:depth], found)
        return found


def namespaces_of_body(interface: Interface, operation: Operation) -> Namespaces:
    """Return the namespaces of what a request holds in XML."""
    body = operation.body
    root = _root(interface, operation, body.root if body is not None else None)
    elements: dict[_Path, str] = {}
    if body is not None and body.is_value:
        elements.update(_inner_namespaces(interface, body.record.fields[0], (), root))
    elif body is not None:
        elements.update(_of_record(interface, body.record, (), root))
    for parameter in operation.parameters:
        if parameter.place is Place.BODY:
            elements.update(_of_field(interface, parameter.field, parameter.under, root))
    return Namespaces(root=root, elements=_changed(root, elements))


def namespaces_of_reply(interface: Interface, operation: Operation) -> Namespaces:
    """Return the namespaces of what comes back in XML."""
    reply, envelope = operation.reply, operation.envelope
    root = _root(interface, operation, reply.root)
    elements: dict[_Path, str] = {}
    if envelope is not None and envelope.root is None:
        elements.update(_of_element(envelope.header, envelope.path))
        around = envelope.header.namespace or root
        for one in envelope.fields:
            elements.update(_of_field(interface, one, envelope.path, around))
        if envelope.payload is not None:
            elements.update(_of_element(envelope.payload, (envelope.payload.wire,)))
    for partial in operation.partial:
        elements.update(_of_element(partial.header, partial.path))
        around = partial.header.namespace or root
        for one in partial.fields:
            elements.update(_of_field(interface, one, partial.path, around))
    payload = payload_of_reply(interface, operation)
    if reply.is_message:
        for record in reply.records:
            elements.update(_of_record(interface, record, (), root))
    elif payload.shape == "value":
        (one,) = reply.record.fields
        if payload.path:
            elements.update(_of_field(interface, one, payload.path[:-1], root, payload.path[-1]))
        else:
            elements.update(_inner_namespaces(interface, one, (), root))
    elif payload.shape not in ("none", "file"):
        path = payload.path
        if reply.list is not None and reply.list.wire != ".":
            elements.update(_of_element(reply.list, path))
        if reply.item is not None:
            path = (*path, reply.item.wire)
            elements.update(_of_element(reply.item, path))
        around = Namespaces(root=root, elements=elements).at(path)
        for record in (reply.record, *(variant.record for variant in reply.variants)):
            elements.update(_of_record(interface, record, path, around))
    for one in reply.beside.fields if reply.beside is not None else ():
        elements.update(_of_field(interface, one, (), root))
    return Namespaces(root=root, elements=_changed(root, elements))


def prefixes_of(interface: Interface, *messages: Namespaces) -> dict[str, str]:
    """Return a prefix for each namespace of some messages, by namespace."""
    declared = {XML_NAMESPACE: "xml"}
    declared |= {known.uri: known.prefix for known in interface.namespaces}
    taken = set(declared.values())
    free = (f"ns{number}" for number in range(1, 1000) if f"ns{number}" not in taken)
    spaces = dict.fromkeys(space for message in messages for space in message.all)
    return {space: declared.get(space) or next(free) for space in spaces}


def namespaces_of_block(soap: Soap, block: SoapBlock) -> Namespaces:
    """Return the namespaces of a block of the SOAP header."""
    return Namespaces(root=block.element.namespace or soap.namespace)


def soap_messages(interface: Interface, soap: Soap) -> dict[str, Namespaces]:
    """Return the namespaces of all SOAP messages and header blocks, by their elements."""
    found = {block.element.wire: namespaces_of_block(soap, block) for block in soap.blocks}
    for operation in interface.operations:
        body, reply = operation.body, operation.reply
        if operation.protocol == "soap11" and not operation.known_by_example:
            if body is not None and body.root is not None:
                found[body.root.wire] = namespaces_of_body(interface, operation)
            if reply.root is not None:
                found[reply.root.wire] = namespaces_of_reply(interface, operation)
    return found


def soap_prefixes(interface: Interface, soap: Soap) -> dict[str, str]:
    """Return the namespaces of all SOAP messages by prefix; nothing where they are in one."""
    messages = soap_messages(interface, soap)
    first = Namespaces(root=soap.namespace)
    prefixes = prefixes_of(interface, first, *messages.values())
    is_in_one = len(prefixes) == 1 and not any(found.elements for found in messages.values())
    return {} if is_in_one else {prefix: space for space, prefix in prefixes.items()}


def _root(interface: Interface, operation: Operation, root: Element | None) -> str:
    own = root.namespace if root is not None else ""
    soap = interface.soap if operation.protocol == "soap11" else None
    return own or (soap.namespace if soap is not None else "")


def _changed(root: str, elements: Mapping[_Path, str]) -> dict[_Path, str]:
    """Leave out what says nothing: elements that are where the one around them is."""
    found: dict[_Path, str] = {}
    for path in sorted(elements, key=len):
        if path[-1][:1] == "@":
            found[path] = elements[path]  # an attribute is never where its element is
            continue
        known = Namespaces(root=root, elements=found)
        others = (*path[:-1], ANY_OTHER)
        around = elements.get(others) if path[-1] != ANY_OTHER else None
        if elements[path] != (around or known.at(path[:-1])):
            found[path] = elements[path]
    return found


def _of_element(element: Element, path: _Path) -> Iterator[tuple[_Path, str]]:
    if element.namespace and path:
        yield path, element.namespace


def _of_record(
    interface: Interface, record: Record, path: _Path, around: str
) -> Iterator[tuple[_Path, str]]:
    inner = record.namespace or around
    if record.namespace:
        yield (*path, ANY_OTHER), inner
    for one in record.fields:
        yield from _of_field(interface, one, path, inner)


def _of_field(
    interface: Interface, one: Field, path: _Path, inner: str, wire: str = ""
) -> Iterator[tuple[_Path, str]]:
    """Yield what a field says; ``inner`` is where an element stands that says nothing itself."""
    if one.wire[:1] == "@" and one.namespace:
        yield (*path, *one.under, one.wire), one.namespace
    if one.wire[:1] == "@" or one.in_header or (one.wire == "." and not wire):
        return
    own = (*path, *one.under, wire or one.wire)
    if one.namespace and one.series is None:
        yield own, one.namespace
        for other in one.also:
            yield (*own[:-1], other.name), one.namespace
    yield from _inner_namespaces(interface, one, own, one.namespace or inner)


def _inner_namespaces(
    interface: Interface, one: Field, own: _Path, around: str
) -> Iterator[tuple[_Path, str]]:
    """Yield what stands within the element of a field, or within each of its items."""
    record = interface.record_of(one)
    if record is not None:
        below = (*own, one.item) if one.item else own
        yield from _of_record(interface, record, below, around)
