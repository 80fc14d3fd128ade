"""WSDL 1.1 of a system's SOAP services, for tools of others, without schemas of its own.

Each operation is a service, as each has its own address. Where further parts may go along, a second
port says that messages are multipart/related; many tools know the first alone.
"""

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from gridwright.analysis.element_namespaces import Namespaces, soap_messages, soap_prefixes
from gridwright.analysis.naming import class_name
from gridwright.ir import Element, Interface, Operation, Place, Soap, SoapBlock
from gridwright.targets.python import source_of
from gridwright.targets.xml_schema.soap import fields_in_block, soap_operations
from gridwright.targets.xml_schema.types import XS, XsdElement

__all__ = ["wsdl"]

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_MIME = "http://schemas.xmlsoap.org/wsdl/mime/"
_HTTP = "http://schemas.xmlsoap.org/soap/http"
_NOWHERE = "http://localhost"


def wsdl(interface: Interface, soap: Soap, schemas: Sequence[str]) -> str:
    """Return the description of all services.

    Args:
        interface: whose services these are.
        soap: what their messages share.
        schemas: the file names of the documents of the schema, the first one first.
    """
    operations = soap_operations(interface)
    named = {p: space for p, space in soap_prefixes(interface, soap).items()
             if space != soap.namespace}  # fmt: skip
    elements = _Elements(soap_messages(interface, soap), {"tns": soap.namespace} | named)
    nsmap = {None: _WSDL, "soap": _SOAP, "mime": _MIME, "xs": XS, "tns": soap.namespace} | named
    attributes = {"name": interface.system, "targetNamespace": soap.namespace}
    root = etree.Element(
        f"{{{_WSDL}}}definitions",
        attributes,
        nsmap=nsmap,  # type: ignore[arg-type] # the stubs forget the default namespace
    )
    server = interface.default_server
    address = server.address.rstrip("/") if server else _NOWHERE
    note = f"{interface.title_en}. Source: {interface.document.title}."
    if server is None:
        note += " The document confirms no address: put in the one that your contract names."
    if interface.certificate is not None:
        note += f" A client shows a certificate: {interface.certificate.en}."
    if soap.security is not None:
        kind = "PasswordDigest" if soap.security.token.is_digest else "PasswordText"
        note += f" Each request has a UsernameToken of WS-Security with {kind} in its header."
    root.append(_documentation(note))
    schema = _element(
        f"{{{XS}}}schema",
        _element(f"{{{XS}}}include", schemaLocation=schemas[0]),
        targetNamespace=soap.namespace,
    )
    root.append(_wsdl("types", schema))
    root.extend(
        _message(_block_name(soap, block), "header", elements.name(block.element))
        for block in soap.blocks
    )
    for operation in operations:
        root.extend(_messages(operation, elements))
    root.extend(_port_type(operation) for operation in operations)
    for operation in operations:
        root.append(_binding(soap, operation, mime=False))
        if _has_mime(operation):
            root.append(_binding(soap, operation, mime=True))
    root.extend(_service(operation, address) for operation in operations)
    etree.indent(root, "  ")
    etree.cleanup_namespaces(root, keep_ns_prefixes=["soap", "mime", "xs", "tns", *named])
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


class _Elements:
    """The names of elements of the schema, with the prefixes of the description."""

    def __init__(self, messages: Mapping[str, Namespaces], prefixes: Mapping[str, str]) -> None:
        self._messages = messages
        self._prefixes = {space: prefix for prefix, space in prefixes.items()}

    def name(self, element: Element) -> str:
        """Return the name of an element, with its prefix."""
        return f"{self._prefixes[self._messages[element.wire].root]}:{element.wire}"


def _block_name(soap: Soap, block: SoapBlock) -> str:
    return "Header" if block.element is soap.header else f"{class_name(block.element.wire)}Header"


def _messages(operation: Operation, elements: _Elements) -> list[XsdElement]:
    body, reply = operation.body, operation.reply
    if body is None or body.root is None or reply.root is None:
        raise TypeError("resolving reports a SOAP message without an element")
    name = _name(operation)
    return [
        _message(f"{name}Request", "body", elements.name(body.root)),
        _message(f"{name}Reply", "body", elements.name(reply.root)),
    ]


def _message(name: str, part: str, element: str) -> XsdElement:
    return _wsdl("message", _wsdl("part", name=part, element=element), name=name)


def _port_type(operation: Operation) -> XsdElement:
    name = _name(operation)
    label = operation.label or operation.en
    exchange = _wsdl(
        "operation",
        _documentation(f"{label}: {operation.en}. Source: {source_of(operation.cite)}"),
        _wsdl("input", message=f"tns:{name}Request"),
        _wsdl("output", message=f"tns:{name}Reply"),
        name=operation.name,
    )
    return _wsdl("portType", exchange, name=name)


def _binding(soap: Soap, operation: Operation, *, mime: bool) -> XsdElement:
    given = [_soap("body", use="literal")]
    given.extend(
        _header(soap, block)
        for block in soap.blocks
        if block.element is soap.header or _is_used(block, operation)
    )
    taken = [_soap("body", use="literal")]
    taken.extend(_header(soap, block) for block in soap.blocks if fields_in_block(operation, block))
    allowed = operation.body is not None and operation.body.attachments
    exchange = _wsdl(
        "operation",
        _soap("operation", soapAction=operation.soap_action, style="document"),
        _wsdl("input", *(_multipart(given) if mime and allowed else given)),
        _wsdl("output", *(_multipart(taken) if mime and operation.reply.attachments else taken)),
        name=operation.name,
    )
    transport = _soap("binding", style="document", transport=_HTTP)
    return _wsdl(
        "binding", transport, exchange,
        name=_binding_name(operation, mime), type=f"tns:{_name(operation)}",
    )  # fmt: skip


def _header(soap: Soap, block: SoapBlock) -> XsdElement:
    name = f"tns:{_block_name(soap, block)}"
    return _soap("header", message=name, part="header", use="literal")


def _is_used(block: SoapBlock, operation: Operation) -> bool:
    """Whether requests of an operation have a block: it has fields of all, or of theirs."""
    under = (block.element.wire,)
    return bool(block.fields) or any(
        p.place is Place.SOAP_HEADER and p.under == under for p in operation.parameters
    )


def _multipart(root: list[XsdElement]) -> list[XsdElement]:
    # Further parts have no number and no type, so that none can be described.
    return [_element(f"{{{_MIME}}}multipartRelated", _element(f"{{{_MIME}}}part", *root))]


def _service(operation: Operation, address: str) -> XsdElement:
    kinds = [False, True] if _has_mime(operation) else [False]
    ports = (
        _wsdl(
            "port",
            _soap("address", location=f"{address}{operation.path}"),
            name=f"{_name(operation)}{'Mime' if mime else ''}Port",
            binding=f"tns:{_binding_name(operation, mime)}",
        )
        for mime in kinds
    )
    return _wsdl("service", *ports, name=_name(operation))


def _has_mime(operation: Operation) -> bool:
    allowed = operation.body is not None and operation.body.attachments
    return allowed or operation.reply.attachments


def _name(operation: Operation) -> str:
    """Name what belongs to an operation as the document does, where XML allows it."""
    allowed = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", operation.wire_name)
    return operation.wire_name if allowed else class_name(operation.name)


def _binding_name(operation: Operation, mime: bool) -> str:
    return f"{_name(operation)}{'Mime' if mime else ''}Binding"


def _documentation(text: str) -> XsdElement:
    made = _wsdl("documentation")
    made.text = text
    return made


def _wsdl(tag: str, *children: XsdElement, **attributes: str) -> XsdElement:
    return _element(f"{{{_WSDL}}}{tag}", *children, **attributes)


def _soap(tag: str, **attributes: str) -> XsdElement:
    return _element(f"{{{_SOAP}}}{tag}", **attributes)


def _element(tag: str, *children: XsdElement, **attributes: str) -> XsdElement:
    made = etree.Element(tag, attributes)
    made.extend(children)
    return made
