"""Write a call as SOAP 1.1: an envelope with its header block, in a body that may have company."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ..codecs.soap_binding import Binding, BoundItems, binding_of
from ..interface import SoapSpec
from ..multipart.attachment import Attachment
from ..multipart.file_names import composed
from ..multipart.write import RelatedPart, related_body, related_content_type
from ..texts.encoders import EncodingError
from .boundaries import free_boundary
from .varying_body import WhenSent
from .wire_texts import carries_xml
from .xml_names import declared

__all__ = ["ENVELOPE", "SoapBody"]

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
"""The namespace of SOAP 1.1."""


class SoapBody:
    """The message and the attachments of a call, written; its header is filled for each request.

    Args:
        soap: how the call is put into an envelope.
        tree: the items of the message by wire name; None is left out.
        attachments: further parts, behind the envelope.

    Raises:
        EncodingError: an item holds a character that XML cannot carry.
        ValueError: an item has no element in the schema.
        OSError: the file of an attachment cannot be read.
    """

    __slots__ = ("_attachments", "_contents", "_message", "_prefixes", "_soap")

    def __init__(
        self, soap: SoapSpec, tree: Mapping[str, object], attachments: Sequence[Attachment]
    ) -> None:
        self._soap = soap
        self._prefixes = {space: prefix for prefix, space in soap.prefixes.items()}
        self._message = _write_items(binding_of(soap.request).items, tree, self._prefixes)
        self._attachments = attachments
        self._contents = [item.read() for item in attachments]

    def envelope(self, header: Mapping[str, object], security: str = "") -> bytes:
        """Write the envelope.

        Args:
            header: the items of the header block by wire name; None is left out. Those of a
                further block have its name before them, as ``block/item``.
            security: the block of WS-Security, written; empty: there is none.

        Raises:
            EncodingError: an item holds a character that XML cannot carry.
            ValueError: an item has no element in the schema.
        """
        soap = self._soap
        start, behind = _frame(soap.request, self._prefixes)
        own = {name: value for name, value in header.items() if "/" not in name}
        blocks = [_block(soap.header, own, self._prefixes), security]
        for name, block in soap.headers.items():
            items = {
                wire.removeprefix(f"{name}/"): value
                for wire, value in header.items()
                if wire.startswith(f"{name}/") and value is not None
            }
            blocks.append(_block(block, items, self._prefixes) if items else "")
        written = "".join(blocks)
        top = f"<soapenv:Header>{written}</soapenv:Header>" if written else ""
        return f"{_START}{declared(soap.prefixes)}>{top}{start}{self._message}{behind}".encode()

    def write(self, at: WhenSent) -> tuple[list[tuple[str, str]], bytes]:
        """Return headers and body of a request; identifiers of parts come of the boundary."""
        envelope = self.envelope(at.soap_header, at.security)
        action = ("SOAPAction", f'"{self._soap.action}"')
        if self._soap.is_alone:
            return [("Content-Type", _XML), action], envelope
        boundary = free_boundary([envelope, *self._contents], at.new_boundary)
        root_id = f"envelope.{boundary}@gridwright"
        parts = [RelatedPart(content=envelope, content_type=_XML, content_id=root_id)]
        pairs = zip(self._attachments, self._contents, strict=True)
        for number, (item, content) in enumerate(pairs, 1):
            part = RelatedPart(
                content=content,
                content_type=item.content_type,
                content_id=item.content_id or f"attachment{number}.{boundary}@gridwright",
                filename=composed(item.filename),
            )
            parts.append(part)
        media = ("Content-Type", related_content_type(boundary, root_id))
        return [media, action], related_body(parts, boundary)

    def __repr__(self) -> str:
        return "<SOAP message>"


def _frame(request: type[Any], prefixes: Mapping[str, str]) -> tuple[str, str]:
    """Return what stands before the items of the message, and behind them."""
    found = _FRAMES.get(request)
    if found is None:
        start, end = _tags(binding_of(request), prefixes)
        found = _FRAMES[request] = (
            f"<soapenv:Body>{start}", f"{end}</soapenv:Body></soapenv:Envelope>"
        )  # fmt: skip
    return found


def _tags(root: Binding, prefixes: Mapping[str, str]) -> tuple[str, str]:
    """Return start and end of an element; it names its namespace, or has its prefix."""
    if not prefixes:
        return f"<{root.name} xmlns={_quoted(root.namespace)}>", f"</{root.name}>"
    name = _prefixed(root.name, root.namespace, prefixes)
    return f"<{name}>", f"</{name}>"


def _prefixed(name: str, namespace: str, prefixes: Mapping[str, str]) -> str:
    return f"{prefixes[namespace]}:{name}" if namespace else name


def _block(
    header: type[Any] | None, items: Mapping[str, object], prefixes: Mapping[str, str]
) -> str:
    """Return the header block of the document's own; empty where it has none."""
    if header is None:
        return ""
    block = binding_of(header)
    start, end = _tags(block, prefixes)
    return f"{start}{_write_items(block.items, items, prefixes)}{end}"


def _write_items(items: BoundItems, tree: Mapping[str, object], prefixes: Mapping[str, str]) -> str:
    parts: list[str] = []
    _append(parts, items, tree, prefixes)
    text = "".join(parts)
    if not carries_xml(text):
        raise EncodingError("control-character", "holds a character that XML cannot carry")
    return text


def _append(
    parts: list[str], items: BoundItems, tree: Mapping[str, object], prefixes: Mapping[str, str]
) -> None:
    """Write items in the schema's order."""
    known = 0
    for name, item in items.by_name.items():
        value = tree.get(name)
        if value is None:
            known += name in tree
            continue
        known += 1
        if prefixes:
            name = _prefixed(name, item.namespace, prefixes)
        if type(value) is str:
            parts.append(f"<{name}>{_text(value)}</{name}>")
            continue
        for one in value if isinstance(value, list) else (value,):
            if item.within is not None and isinstance(one, Mapping):
                parts.append(f"<{name}>")
                _append(parts, item.within, one, prefixes)
                parts.append(f"</{name}>")
            else:
                parts.append(f"<{name}>{_text(one)}</{name}>")
    if known != len(tree):
        unknown = next(name for name in tree if name not in items.by_name)
        raise ValueError(f"{unknown} has no element in the schema")


def _text(value: object) -> str:
    if isinstance(value, str):
        if value.isalnum() or _SPECIAL.isdisjoint(value):
            return value
        for character, entity in _ENTITIES:
            value = value.replace(character, entity)
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping):
        raise ValueError("an item of the message holds items, and the schema has none within it")
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _quoted(text: str) -> str:
    return '"' + _text(text).replace('"', "&quot;") + '"'


_XML = "text/xml; charset=UTF-8"
_START = f'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="{ENVELOPE}"'
_FRAMES: dict[type[Any], tuple[str, str]] = {}
_SPECIAL = frozenset("&<>\r")
# The ampersand first; the carriage return, which a parser would take for a line end.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
