"""SOAP 1.1 as a client speaks it: a request with its header block, a reply or a fault.

Requests are multipart/related, as the envelope may have company; replies may be. XML is read
without entities, DTD and network. Never sends.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ..body import MalformedBody
from ..message import RawReply
from ..problems import Problem
from ..xml_codec import XmlSource, local_name, open_xml, plain, whole
from .attachment import Attachment
from .file_names import composed
from .multipart import read_related
from .operation import ServiceOperation, Soap
from .part import Part
from .soap_binding import Binding, Items, binding_of
from .write_multipart import RelatedPart, related_body, related_content_type

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

__all__ = ["ENVELOPE", "Fault", "SoapReply", "read_soap", "write_envelope", "write_soap"]

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
"""The namespace of SOAP 1.1."""


class Fault(Struct, frozen=True):
    """A refusal in SOAP's own form; its detail stays in the raw reply."""

    code: str
    """Without its prefix, such as ``Client`` or ``Server.Busy``."""
    text: str

    @property
    def is_of_server(self) -> bool:
        """Whether the service says that it failed itself."""
        return self.code.partition(".")[0] == "Server"

    def __repr__(self) -> str:
        return "<Fault>"


class SoapReply(Struct, frozen=True):
    """What an envelope holds."""

    tree: Mapping[str, object]
    """The items of the reply by wire name; a list where the schema has one."""
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()
    """How the envelope departs from the document, its items aside."""
    fault: Fault | None = None
    """Not None: there are no items."""

    def __repr__(self) -> str:
        return "<SoapReply>"


def write_soap(
    operation: ServiceOperation[Any],
    tree: Mapping[str, object],
    header: Mapping[str, str],
    attachments: Sequence[Attachment],
    new_boundary: Callable[[], str],
) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body of a request.

    Args:
        operation: what is called.
        tree: the items of the request, by wire name; None is left out.
        header: the items of the header block, likewise.
        attachments: further parts, behind the envelope.
        new_boundary: makes up a boundary, from which identifiers of parts are derived.

    Raises:
        ValueError: an item has no element in the schema, or holds what XML or a header of a part
            cannot carry.
        OSError: the file of an attachment cannot be read.
    """
    soap = operation.soap
    if soap is None:
        raise TypeError(f"{operation.call} speaks no SOAP")
    envelope = write_envelope(soap, tree, header)
    contents = [item.read() for item in attachments]
    boundary = _free_boundary([envelope, *contents], new_boundary)
    root_id = f"envelope.{boundary}@gridwright"
    parts = [RelatedPart(content=envelope, content_type=_XML, content_id=root_id)]
    for number, (item, content) in enumerate(zip(attachments, contents, strict=True), 1):
        part = RelatedPart(
            content=content,
            content_type=item.content_type,
            content_id=item.content_id or f"attachment{number}.{boundary}@gridwright",
            filename=composed(item.filename),
        )
        parts.append(part)
    headers = [
        ("Content-Type", related_content_type(boundary, root_id)),
        ("SOAPAction", f'"{soap.action}"'),
        ("Accept", "text/xml, multipart/related"),
    ]
    return headers, related_body(parts, boundary)


def write_envelope(soap: Soap, tree: Mapping[str, object], header: Mapping[str, str]) -> bytes:
    """Write the envelope of a request.

    Raises:
        ValueError: an item has no element in the schema, or holds what XML cannot carry.
    """
    before, between, behind = _frame(soap.header, soap.request)
    parts = [before]
    _append(parts, binding_of(soap.header).items, header)
    parts.append(between)
    _append(parts, binding_of(soap.request).items, tree)
    parts.append(behind)
    text = "".join(parts)
    envelope = _encoded(text)
    if envelope is None:
        raise ValueError("an item of the message holds a character that XML cannot carry")
    return envelope


def _frame(header: type[Any], request: type[Any]) -> tuple[str, str, str]:
    """Return what stands before the items of the header, between the two, and behind."""
    found = _FRAMES.get((header, request))
    if found is None:
        found = _FRAMES[header, request] = _framed(binding_of(header), binding_of(request))
    return found


def _framed(block: Binding, message: Binding) -> tuple[str, str, str]:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="{ENVELOPE}">'
        f"<soapenv:Header><{block.name} xmlns={_quoted(block.namespace)}>",
        f"</{block.name}></soapenv:Header><soapenv:Body>"
        f"<{message.name} xmlns={_quoted(message.namespace)}>",
        f"</{message.name}></soapenv:Body></soapenv:Envelope>",
    )


def read_soap(soap: Soap, raw: RawReply) -> SoapReply:
    """Read a reply: an envelope, alone or with further parts.

    Raises:
        MalformedBody: it is no envelope of SOAP 1.1, or cut off, or not well formed.
    """
    body, content_type = raw.body, raw.content_type
    others: tuple[Part, ...] = ()
    if content_type.lstrip()[:10].lower() == "multipart/":
        related = read_related(content_type, body)
        body, others = related.root.content, related.others
        content_type = related.root.head.get("content-type")
    root, repairs = _root(open_xml(body, content_type))
    problems = [_problem("", rule, message) for rule, message in repairs]
    message = _message(root, problems)
    attachments = tuple(_attachment(part) for part in others)
    if message.tag == _FAULT:
        return SoapReply({}, attachments, tuple(problems), _fault(message))
    binding = binding_of(soap.reply)
    is_expected = message.tag == f"{{{binding.namespace}}}{binding.name}"
    if not is_expected:
        problems.append(_problem("", "other-element", "is in another element than the document's"))
    tree = _tree(message, binding.items, "", problems)
    if is_expected or not binding.items.by_name.keys().isdisjoint(tree):
        _add_empty_lists(tree, binding.items)
    return SoapReply(tree, attachments, tuple(problems))


def _append(parts: list[str], items: Items, tree: Mapping[str, object]) -> None:
    """Write items in the schema's order."""
    known = 0
    for name, item in items.by_name.items():
        value = tree.get(name)
        if value is None:
            known += name in tree
            continue
        known += 1
        if type(value) is str:
            parts.append(f"<{name}>{_text(value)}</{name}>")
            continue
        for one in value if isinstance(value, list) else (value,):
            if item.within is not None and isinstance(one, Mapping):
                parts.append(f"<{name}>")
                _append(parts, item.within, one)
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


def _encoded(text: str) -> bytes | None:
    """Return a document as UTF-8; None where it holds a character that XML cannot carry."""
    try:
        document = text.encode()
    except UnicodeEncodeError:  # half a character
        return None
    is_clean = len(document) == len(document.translate(None, _CONTROLS))
    return document if is_clean and "\ufffe" not in text and "\uffff" not in text else None


def _quoted(text: str) -> str:
    return '"' + _text(text).replace('"', "&quot;") + '"'


def _free_boundary(contents: Sequence[bytes], new_boundary: Callable[[], str]) -> str:
    """Return a boundary that stands in no part; a random one does not."""
    for _ in range(_MOST_BOUNDARIES):
        boundary = new_boundary()
        if not any(boundary.encode() in content for content in contents):
            break
    return boundary


def _root(source: XmlSource) -> tuple["_Element", tuple[tuple[str, str], ...]]:
    from lxml import etree  # slow to import

    try:
        # In one go, which for a message of usual size takes a quarter of the time of a stream.
        return etree.fromstring(source.body[source.start :], _parser()), source.repairs
    except etree.XMLSyntaxError:
        source = source.without_control_characters() or source
    return whole(source), source.repairs


@cache
def _parser() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        collect_ids=False,
    )


def _message(root: "_Element", problems: list[Problem]) -> "_Element":
    """Return the one element in the body of an envelope."""
    if root.tag != _ENVELOPE:
        raise MalformedBody("the XML body is no envelope of SOAP 1.1")
    body = next((child for child in root if child.tag == _BODY), ())
    found = [child for child in body if isinstance(child.tag, str)]
    if not found:
        raise MalformedBody("the SOAP envelope holds no message")
    if len(found) > 1:
        problems.append(_problem("", "other-element", "is not the only element of the envelope"))
    return found[0]


def _fault(element: "_Element") -> Fault:
    texts = {local_name(child): (child.text or "").strip() for child in element}
    return Fault(texts.get("faultcode", "").rpartition(":")[2], texts.get("faultstring", ""))


def _tree(
    element: "_Element", items: Items, path: str, problems: list[Problem]
) -> dict[str, object]:
    """Return the children of an element by name; what the schema does not have, too."""
    tree: dict[str, object] = {}
    by_tag = items.by_tag
    for child in element:
        item = by_tag.get(child.tag)
        if item is None:
            if not isinstance(child.tag, str):
                continue  # a processing instruction
            name = local_name(child)
            item = items.by_name.get(name)  # in no namespace, or in another
        else:
            name = item.name
        value: object
        if not len(child):
            value = child.text
        elif item is not None and item.within is not None:
            value = _tree(child, item.within, f"{path}{name}.", problems)
            if item.within.lists:
                _add_empty_lists(value, item.within)
        else:
            value = plain(child)
        if item is not None and item.many:
            entries: Any = tree.setdefault(name, [])
            if value is not None:  # an empty element is a list without entries
                entries.append(value)
            continue
        if name in tree:
            problem = _problem(f"{path}{name}", "repeated-field", "is there more than once")
            problems.append(problem)
        tree[name] = value
    return tree


def _add_empty_lists(tree: dict[str, object], items: Items) -> None:
    """Add the lists that have no entries, and so no elements."""
    for name in items.lists:
        tree.setdefault(name, [])


def _attachment(part: Part) -> Attachment:
    head = part.head
    return Attachment(
        content=part.content,
        content_type=head.content_type or "application/octet-stream",
        filename=head.filename or "",
        content_id=head.content_id,
    )


def _problem(path: str, rule: str, message: str) -> Problem:
    return Problem(path=path, wire=path.rpartition(".")[2], rule=rule, message=message)


_XML = "text/xml; charset=UTF-8"
_ENVELOPE, _BODY, _FAULT = (f"{{{ENVELOPE}}}{name}" for name in ("Envelope", "Body", "Fault"))
_MOST_BOUNDARIES = 10
_FRAMES: dict[tuple[type[Any], type[Any]], tuple[str, str, str]] = {}
_SPECIAL = frozenset("&<>\r")
# The ampersand first; the carriage return, which a parser would take for a line end.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
