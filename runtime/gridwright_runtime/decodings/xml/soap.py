"""Read a SOAP envelope: its message as a tree, or its fault."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ...codecs.body import MalformedBody
from ...codecs.soap_binding import Binding, BoundItems, binding_of
from ...codecs.xml_codec import local_name, open_xml, plain
from ...interface import Operation
from ...multipart.attachment import Attachment
from ...multipart.part import BodyPart
from ...multipart.read_whole import read_related
from ...problems import Problem
from ...record import Record
from ..bounds import MOST_PROBLEMS, refuse_many_elements
from ..decoded_body import Failure, problem_at
from ..trees import items_of_elements
from .message import shaped_tree
from .namespaces import Strangers, other_namespace
from .walk import parsed

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["SoapEnvelope", "Unpacked", "read_envelope", "unpacked"]


class Unpacked(Struct, frozen=True):
    """The root of a multipart body, and what came with it."""

    body: bytes
    content_type: str
    attachments: tuple[Attachment, ...]

    def __repr__(self) -> str:
        return "<unpacked>"


class SoapEnvelope(Struct, frozen=True, kw_only=True):
    """What an envelope holds."""

    root: str = ""
    """The name of the element that is the message."""
    tree: object
    """The items of the message by wire name, a list where the schema has one; or its text."""
    problems: Sequence[Problem] = ()
    """How the envelope departs from the document, its items aside."""
    repeats: Sequence[Problem] = ()
    """Items that are there more than once."""
    blocks: Mapping[tuple[str, str], object] = {}
    """What the document has in the header, by the names of block and element."""
    fault: Failure | None = None
    """Not None: there are no items."""

    def __repr__(self) -> str:
        return "<envelope>"


def unpacked(body: bytes, content_type: str) -> Unpacked:
    """Take a multipart body apart.

    Raises:
        MalformedBody: it is cut off or not well formed.
    """
    related = read_related(content_type, body)
    return Unpacked(
        related.root.content,
        related.root.head.get("content-type"),
        tuple(_attachment(part) for part in related.others),
    )


def read_envelope(operation: Operation[Any], body: bytes, content_type: str) -> SoapEnvelope | None:
    """Read an envelope; None: it is other XML.

    Raises:
        MalformedBody: it is not XML, or holds no message.
    """
    refuse_many_elements(body)
    source = open_xml(body, content_type)
    try:
        root = parsed(source)
    except MalformedBody:
        source = source.without_control_characters() or source
        root = None
    root = parsed(source) if root is None else root
    namespace = str(root.tag).removesuffix("}Envelope").removeprefix("{")
    if namespace not in (_SOAP_11, _SOAP_12) or not str(root.tag).endswith("}Envelope"):
        return None
    problems = [problem_at("", rule, message) for rule, message in source.repairs]
    if namespace == _SOAP_12:
        problems.append(problem_at("", "other-format", "is SOAP 1.2, not 1.1"))
    message = _message(root, namespace, problems)
    if message.tag == f"{{{namespace}}}Fault":
        return SoapEnvelope(tree={}, problems=problems, fault=_fault(message))
    if operation.soap is None:
        problems.append(problem_at("", "other-element", "is in a SOAP envelope"))
    repeats: list[Problem] = []
    tree: object
    if operation.reply.shape == "value" and not operation.reply.payload and not len(message):
        tree = message.text
    else:
        tree = shaped_tree(operation, _tree_of(operation, message, problems), repeats)
    return SoapEnvelope(
        root=local_name(message),
        tree=tree,
        problems=problems,
        repeats=repeats,
        blocks=_blocks(operation, root, namespace, problems),
    )


def _blocks(
    operation: Operation[Any], root: "_Element", namespace: str, problems: list[Problem]
) -> dict[tuple[str, str], object]:
    """Return the values that the document has in the header; a list where one is there again."""
    found: dict[tuple[str, str], object] = {}
    model: type[Record] | None = operation.reply.beside
    if operation.soap is None or model is None:
        return found
    located = model.__located__.values()
    wanted = {(one.block, one.name) for one in located if one.block}
    header = root.find(f"{{{namespace}}}Header")
    if not wanted or header is None:
        return found
    soap = operation.soap
    bindings = [binding_of(one) for one in (soap.header, *soap.headers.values()) if one is not None]
    for binding in bindings:
        if all(block != binding.name for block, _name in wanted):
            continue
        blocks = [
            child for child in header if child.tag == f"{{{binding.namespace}}}{binding.name}"
        ]
        if not blocks:
            blocks = header.findall(f"{{*}}{binding.name}")
            problems += [other_namespace(_space(child), binding.name) for child in blocks[:1]]
        for child in (child for block in blocks for child in block if isinstance(child.tag, str)):
            place = (binding.name, local_name(child))
            if place not in wanted:
                continue
            if _space(child) != _space_of(binding, place[1]):
                problems.append(other_namespace(_space(child), place[1]))
            before = found.get(place)
            text = child.text or ""
            found[place] = text if before is None else [before, text]
    return found


def _space(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[0][1:]


def _space_of(binding: Binding, name: str) -> str:
    item = binding.items.by_name.get(name)
    return binding.namespace if item is None else item.namespace


def _tree_of(
    operation: Operation[Any], message: "_Element", problems: list[Problem]
) -> Mapping[str, object]:
    if operation.soap is None:
        return plain(message)
    binding = binding_of(operation.soap.reply)
    is_expected = message.tag == f"{{{binding.namespace}}}{binding.name}"
    if not is_expected:
        problems.append(
            problem_at("", "other-element", "is in another element than the document's")
        )
    if operation.reply.namespaces is not None:
        strangers = Strangers(operation.reply.namespaces)
        strangers.inspect(message)
        problems += strangers.problems()
    tree = _tree(message, binding.items, "", problems)
    if is_expected or not binding.items.by_name.keys().isdisjoint(tree):
        _add_empty_lists(tree, binding.items)
    return tree


def _message(root: "_Element", namespace: str, problems: list[Problem]) -> "_Element":
    """Return the one element in the body of an envelope."""
    body: Any = next((child for child in root if child.tag == f"{{{namespace}}}Body"), ())
    found = [child for child in body if isinstance(child.tag, str)]
    if not found:
        raise MalformedBody("the SOAP envelope holds no message")
    if len(found) > 1:
        problems.append(problem_at("", "other-element", "is not the only element of the envelope"))
    message: _Element = found[0]
    return message


def _fault(element: "_Element") -> Failure:
    """Read a fault of either version: its detail stays in the raw reply."""
    texts = {local_name(child): (child.text or "").strip() for child in element}
    code, text = texts.get("faultcode", ""), texts.get("faultstring", "")
    if "faultcode" not in texts:
        code = _first_text(element, "Code", "Value")
        text = _first_text(element, "Reason", "Text")
    code = code.rpartition(":")[2]
    return Failure(
        code=code or None,
        text=text or None,
        is_fault=True,
        is_of_server=code.partition(".")[0] in ("Server", "Receiver"),
    )


def _first_text(element: "_Element", *steps: str) -> str:
    found = element.find("/".join(f"{{*}}{step}" for step in steps))
    return "" if found is None else (found.text or "").strip()


def _tree(
    element: "_Element", items: BoundItems, path: str, problems: list[Problem]
) -> dict[str, object]:
    """Return the children of an element by name; what the schema does not have, too."""
    tree: dict[str, object] = {}
    by_tag = items.by_tag
    for child in element:
        item = by_tag.get(child.tag)
        if item is None:
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
            entries.append(value)
        elif name not in tree:
            tree[name] = value
        elif item is None and len(problems) < MOST_PROBLEMS:
            problems.append(
                problem_at(f"{path}{name}", "repeated-field", "is there more than once")
            )
        elif item is not None:
            # As in other XML: which of them counts would be a guess.
            before = tree[name]
            entries = before if isinstance(before, list) else [before]
            tree[name] = [*entries[:1], value]
    for name in items.lists:
        sent = tree.get(name)
        if isinstance(sent, list):
            tree[name] = items_of_elements(sent, is_record=items.by_name[name].within is not None)
    return tree


def _add_empty_lists(tree: dict[str, object], items: BoundItems) -> None:
    """Add the lists that have no entries, and so no elements."""
    for name in items.lists:
        tree.setdefault(name, [])


def _attachment(part: BodyPart) -> Attachment:
    head = part.head
    return Attachment(
        content=part.content,
        content_type=head.content_type or "application/octet-stream",
        filename=head.filename or "",
        content_id=head.content_id,
    )


_SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
