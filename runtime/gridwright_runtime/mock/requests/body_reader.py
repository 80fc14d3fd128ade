"""Read the body of a request as a tree of wire values, in each encoding."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...codecs.body import MalformedBody
from ...interface import BodySpec, Operation
from ...values.convert import shape_of
from ..inventing.values import VALUE_FIELD
from ..texts.soap_envelopes import SoapEnvelope, read_envelope
from ..texts.wire import WireTree, shaped_tree
from ..texts.wire_located import gathered
from ..texts.wire_text import XmlRoot, read_json, read_xml, tree_of
from ..texts.xml_namespaces import strangers_in
from .incoming import IncomingRequest
from .media_reader import MediaReader

__all__ = ["BodyReader"]


class BodyReader:
    """Reads the bodies of one operation's requests."""

    __slots__ = ("_body", "_lists", "_media", "_model", "_parts", "_soap")

    def __init__(self, operation: Operation[Any], media: MediaReader) -> None:
        request = operation.request
        self._media = media
        self._soap = operation.soap
        self._body = request.body
        self._model = request.model
        self._lists = {field.wire for field in shape_of(request.model).fields if field.many}
        self._parts = [part for part in request.parts if part.place == "body"]

    def read_envelope(self, incoming: IncomingRequest) -> SoapEnvelope | None:
        """Return the envelope of a SOAP request; None where there is no SOAP.

        Raises:
            MalformedBody: it is none.
            SoapFault: it is one that SOAP 1.1 does not allow.
        """
        if self._soap is None:
            return None
        return read_envelope(incoming.headers.get("content-type", ""), incoming.body or b"")

    def read_tree(self, incoming: IncomingRequest, envelope: SoapEnvelope | None) -> WireTree:
        """Return the body as a tree of wire values, lists where the model has lists.

        Raises:
            MalformedBody: it is not what the operation takes.
        """
        if incoming.problem is not None:
            raise incoming.problem
        if envelope is not None:
            return dict(_mapping(shaped_tree(envelope.tree, self._model)))
        body = self._body
        if body is None:
            return {}
        if body.is_value:
            return self._value(incoming, body)
        match self._media.encoding(incoming):
            case "json":
                tree = read_json(incoming.body or b"")
                if not isinstance(tree, dict):
                    raise MalformedBody("the JSON body is no object")
                return self._as_objects(tree, body)
            case "xml":
                root = read_xml(incoming.body or b"")
                if body.root and root.name != body.root:
                    raise MalformedBody(f"the root of the XML body is not {body.root}")
                _refuse_strangers(root, body)
                return self._shaped(tree_of(root.element), body)
            case "multipart_form":
                return {
                    name: [value] if name in self._lists and not isinstance(value, list) else value
                    for name, value in (incoming.form or {}).items()
                }
            case _:
                return self._form(incoming)

    def _as_objects(self, tree: WireTree, body: BodySpec) -> WireTree:
        """Return a body in which lists hold objects, however JSON lays them out."""
        if not body.under:
            return dict(_mapping(gathered(tree, self._model)))
        holder = _holder(tree, body.under[:-1])
        if holder is not None and body.under[-1] in holder:
            holder[body.under[-1]] = gathered(holder[body.under[-1]], self._model)
        return tree

    def _value(self, incoming: IncomingRequest, body: BodySpec) -> WireTree:
        """Return a body that is one value, under the name of the whole."""
        content = incoming.body or b""
        found: object
        match self._media.encoding(incoming) if content or incoming.file else None:
            case "json":
                found = read_json(content)
                whole = _mapping(gathered({VALUE_FIELD: found}, self._model))
                return dict(whole)
            case "xml":
                found = self._value_in_xml(content, body)
            case "text":
                try:
                    found = content.decode()
                except UnicodeDecodeError:
                    raise MalformedBody("the text is not UTF-8") from None
            case "file":
                found = incoming.file
            case _:
                return {}
        return {VALUE_FIELD: found}

    def _value_in_xml(self, content: bytes, body: BodySpec) -> object:
        root = read_xml(content)
        if root.name != body.root:
            raise MalformedBody(f"the root of the XML body is not {body.root}")
        _refuse_strangers(root, body)
        tree: object = tree_of(root.element) if len(root.element) else root.element.text
        if body.item:
            if isinstance(tree, dict) and list(tree) != [body.item]:
                raise MalformedBody(f"the list holds something else than {body.item}")
            items = tree[body.item] if isinstance(tree, dict) else []
            tree = items if isinstance(items, list) else [items]
        return _mapping(shaped_tree({VALUE_FIELD: tree}, self._model))[VALUE_FIELD]

    def _form(self, incoming: IncomingRequest) -> WireTree:
        found: dict[str, list[str]] = {}
        for name, value in incoming.form_pairs:
            found.setdefault(name, []).append(value)
        return {
            name: values if name in self._lists else values[0] for name, values in found.items()
        }

    def _shaped(self, tree: WireTree, body: BodySpec) -> WireTree:
        for part in self._parts:
            if part.pair is not None:
                holder = _holder(tree, part.under[:-1])
                name = part.under[-1] if part.under else ""
                if holder is not None and name in holder:
                    found = holder[name]
                    rows = found if isinstance(found, list) else [found]
                    holder[name] = [{} if row is None else row for row in rows]
        if not body.under:
            beside = {part.under[0] for part in self._parts if part.under}
            shaped = shaped_tree(
                {wire: value for wire, value in tree.items() if wire not in beside}, self._model
            )
            return tree | dict(_mapping(shaped))
        holder = _holder(tree, body.under[:-1])
        if holder is not None and body.under[-1] in holder:
            holder[body.under[-1]] = shaped_tree(holder[body.under[-1]], self._model)
        return tree


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _holder(tree: WireTree, path: Sequence[str]) -> WireTree | None:
    """Return the mapping that a path leads to, to be changed."""
    for step in path:
        inner = tree.get(step)
        if not isinstance(inner, dict):
            return None
        tree = inner
    return tree


def _refuse_strangers(root: XmlRoot, body: BodySpec) -> None:
    """Refuse a body whose elements are in other namespaces than the document's.

    Raises:
        MalformedBody: one is.
    """
    if body.namespaces is not None:
        for text in strangers_in(root.element, body.namespaces):
            raise MalformedBody(text)
