"""Read SOAP 1.1 requests as a service does, and write its replies and faults."""

import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from msgspec import Struct

from ...codecs.body import MalformedBody
from ...interface import Namespaces
from ...multipart.mime_header import value_and_parameters
from ...multipart.part import BodyPart
from ...multipart.read_whole import read_related
from ...multipart.write import RelatedPart, related_body, related_content_type
from ..requests.security_tokens import token_text
from ..world import ReceivedFile
from .wire_text import DECLARATION, local_name, read_xml, tree_of, xml_text
from .xml_namespaces import declarations, namespace_of, with_prefixes

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "ENVELOPE",
    "SECURITY",
    "HeaderBlock",
    "SoapEnvelope",
    "SoapFault",
    "element_name",
    "element_namespace",
    "read_envelope",
    "write_envelope",
    "write_fault",
    "write_related",
]

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
"""The namespace of SOAP 1.1."""
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
"""The namespace of WS-Security."""


class HeaderBlock(Struct, frozen=True):
    """A block of the header of a reply; all of it is in one namespace."""

    name: str
    namespace: str
    tree: Mapping[str, object]


class SoapFault(Exception):
    """A request that has to be answered with a fault."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        """Such as ``Client``."""
        self.text = text


class SoapEnvelope(Struct, frozen=True):
    """A request as it came."""

    header: Mapping[str, object]
    """The fields of the header block, those of all blocks where there are several."""
    header_names: tuple[tuple[str, str], ...]
    """Namespace and name of each header block."""
    namespace: str
    name: str
    """Of the element in the body."""
    tree: Mapping[str, object]
    attachments: tuple[ReceivedFile, ...]
    element: Any
    """The one in the body."""
    blocks: Mapping[str, Mapping[str, object]]
    """The fields of each header block, by its name."""
    token: str = ""
    """That of WS-Security; empty: there is none."""

    def __repr__(self) -> str:
        return f"SoapEnvelope({self.name})"  # the header holds a login


def element_namespace(binding: type) -> str:
    """Return the namespace of the element that a class made by xsdata binds."""
    return getattr(getattr(binding, "Meta", None), "namespace", None) or ""


def element_name(binding: type) -> str:
    """Return the element that a class made by xsdata binds."""
    meta = getattr(binding, "Meta", None)
    return getattr(meta, "name", None) or binding.__name__


def read_envelope(content_type: str, body: bytes) -> SoapEnvelope:
    """Read a request: an envelope alone, or the root of a multipart/related body.

    Raises:
        MalformedBody: it is neither.
        SoapFault: it is an envelope that SOAP 1.1 does not allow.
    """
    attachments: tuple[ReceivedFile, ...] = ()
    if value_and_parameters(content_type)[0].lower() == "multipart/related":
        related = read_related(content_type, body)
        body = related.root.content
        attachments = tuple(_received(part) for part in related.others)
    root = read_xml(body)
    if root.name != "Envelope":
        raise MalformedBody("the root of the XML body is no SOAP envelope")
    if namespace_of(root.element) != ENVELOPE:
        raise SoapFault("VersionMismatch", "mock: the envelope is not that of SOAP 1.1")
    top = _child(root.element, "Header")
    blocks = _children(top)
    found = _children(_child(root.element, "Body"))
    if len(found) != 1:
        raise SoapFault("Client", "mock: the SOAP body must hold one element")
    header: dict[str, object] = {}
    for block in blocks:
        header |= tree_of(block)
    return SoapEnvelope(
        header,
        tuple((namespace_of(block), local_name(block)) for block in blocks),
        namespace_of(found[0]),
        local_name(found[0]),
        tree_of(found[0]),
        attachments,
        found[0],
        {local_name(block): tree_of(block) for block in blocks},
        token_text(top),
    )


def write_envelope(
    name: str,
    namespace: str,
    tree: object,
    namespaces: Namespaces | None = None,
    header: Sequence[HeaderBlock] = (),
) -> str:
    """Write an envelope whose body holds one element.

    Args:
        name: of the element.
        namespace: of it and all that it holds, where these are not in several.
        tree: what it holds.
        namespaces: where they are.
        header: the blocks of its header.
    """
    blocks = "".join(
        xml_text(one.name, one.tree, f' xmlns="{escape(one.namespace)}"') for one in header
    )
    if namespaces is None:
        return _wrapped(xml_text(name, tree, f' xmlns="{escape(namespace)}"'), blocks)
    name, tree = with_prefixes(name, tree, namespaces)
    return _wrapped(xml_text(name, tree, declarations(namespaces)), blocks)


def write_fault(code: str, text: str) -> str:
    """Write a fault of SOAP 1.1: its children belong to no namespace.

    Args:
        code: one of SOAP's, or one of WS-Security with the prefix ``wsse``.
        text: what is wrong.
    """
    is_of_security = code.startswith("wsse:")
    return _wrapped(
        (f'<soap:Fault xmlns:wsse="{SECURITY}">' if is_of_security else "<soap:Fault>")
        + xml_text("faultcode", code if is_of_security else f"soap:{code}")
        + xml_text("faultstring", text)
        + "</soap:Fault>"
    )


def write_related(envelope: bytes, attachments: Sequence[ReceivedFile]) -> tuple[bytes, str]:
    """Write an envelope with attachments; returns body and Content-Type."""
    boundary, root = f"mock-{uuid4().hex}", "root@mock.invalid"
    parts = [RelatedPart(content=envelope, content_type="text/xml; charset=UTF-8", content_id=root)]
    for number, file in enumerate(attachments, 1):
        parts.append(
            RelatedPart(
                content=file.content or b"",
                content_type=file.content_type or "application/octet-stream",
                content_id=f"part-{number}@mock.invalid",
                filename=file.filename,
            )
        )
    return related_body(parts, boundary), related_content_type(boundary, root)


def _wrapped(inner: str, blocks: str = "") -> str:
    start = f'{DECLARATION}<soap:Envelope xmlns:soap="{ENVELOPE}">'
    header = f"<soap:Header>{blocks}</soap:Header>" if blocks else ""
    return f"{start}{header}<soap:Body>{inner}</soap:Body></soap:Envelope>"


def _received(part: BodyPart) -> ReceivedFile:
    return ReceivedFile(
        part.head.filename or "",
        part.head.content_type,
        len(part.content),
        hashlib.sha256(part.content).hexdigest(),
        part.content if len(part.content) <= _LARGEST_KEPT else None,
    )


def _child(parent: "_Element", name: str) -> "_Element | None":
    return parent.find(f"{{{ENVELOPE}}}{name}")


def _children(parent: "_Element | None") -> list["_Element"]:
    return [] if parent is None else [one for one in parent if isinstance(one.tag, str)]


_LARGEST_KEPT = 1_048_576
