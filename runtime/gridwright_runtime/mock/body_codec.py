"""Read request bodies as a service does, and write its replies. Never asks a world, never sends."""

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin

import msgspec
from msgspec import Struct

from ..body import MalformedBody
from ..body_operation import BodyOperation
from ..convert import convert_record, shape_of
from ..errors import ConfigurationError
from ..json_codec import decode_plain
from ..operation import Format
from ..problems import Problem
from ..record import Record
from ..write_body import json_body, xml_body
from ..xml_codec import local_name, open_xml, plain, whole

__all__ = ["Request", "WireTree", "read_request", "wire_payload", "write_reply"]

WireTree: TypeAlias = dict[str, object]
"""Part of a body as it stands on the wire: text, numbers, None, lists and mappings."""


class Request(Struct, frozen=True):
    """A request that could be parsed."""

    pairs: Mapping[str, str]
    """The pairs of key and value."""
    problems: tuple[Problem, ...]
    """What is wrong with it."""
    arguments: Mapping[str, object] | None
    """The payload by Python names; None when it cannot be read."""


def read_request(operation: BodyOperation[Any], body: bytes, format: Format) -> Request:
    """Read the body of a request.

    Raises:
        MalformedBody: it is not of this format, or has another root.
    """
    tree = _json_tree(body) if format == "json" else _xml_tree(operation, body)
    problems = operation.check_request(tree, "")
    payload = tree.get(operation.body.payload)
    record: Record | None = None
    if isinstance(payload, Mapping):
        unreadable: list[Problem] = []
        model = operation.body.model
        record = convert_record(payload, model, operation.body.payload, unreadable)
        problems = problems or unreadable
    arguments = _arguments(record) if record is not None else None
    return Request(_pairs(operation, tree), tuple(problems), arguments)


def wire_payload(operation: BodyOperation[Any], payload: Mapping[str, object]) -> WireTree:
    """Name a world's payload as on the wire.

    Raises:
        ConfigurationError: the world gives a field that the operation's model does not have.
    """
    return _wire_tree(operation.reply.model, payload)


def write_reply(
    operation: BodyOperation[Any],
    format: Format,
    *,
    code: str,
    message: str,
    kind: str,
    payload: WireTree | None = None,
) -> bytes:
    """Write a whole reply: the result first, then the payload where there is one."""
    envelope = operation.envelope
    tree: WireTree = {envelope.code: code, envelope.message: message, envelope.kind: kind}
    if payload is not None:
        tree[envelope.payload] = payload
    return json_body(tree) if format == "json" else xml_body(tree, operation.reply.xml_root)


def _json_tree(body: bytes) -> Mapping[str, object]:
    tree = decode_plain(body)
    if not isinstance(tree, dict):
        raise MalformedBody("the JSON body is no object")
    return tree


def _xml_tree(operation: BodyOperation[Any], body: bytes) -> Mapping[str, object]:
    root = whole(open_xml(body))
    if local_name(root) != operation.body.xml_root:
        raise MalformedBody(f"the root of the XML body is not {operation.body.xml_root}")
    tree = plain(root)
    pairs, payload = operation.envelope.pairs, operation.body.payload
    if pairs is not None and pairs.field in tree:
        found = _as_list(tree[pairs.field])
        tree[pairs.field] = [{} if pair is None else pair for pair in found]
    if payload in tree:
        tree[payload] = _shaped(tree[payload], operation.body.model)
    return tree


def _shaped(tree: object, model: type[Record]) -> object:
    """Put lists where the model has lists, and records where an element is merely empty."""
    if tree is None:
        return {}
    if not isinstance(tree, Mapping):
        return tree
    fields = {field.wire: field for field in shape_of(model).fields}
    shaped: WireTree = {}
    for wire, value in tree.items():
        field = fields.get(wire)
        if field is None:
            shaped[wire] = value
            continue
        items = [
            item if field.model is None else _shaped(item, field.model) for item in _as_list(value)
        ]
        shaped[wire] = items if field.many else (items[0] if len(items) == 1 else items)
    return shaped


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _pairs(operation: BodyOperation[Any], tree: Mapping[str, object]) -> Mapping[str, str]:
    pairs = operation.envelope.pairs
    found = tree.get(pairs.field) if pairs is not None else None
    if pairs is None or not isinstance(found, list):
        return {}
    return {
        key: value
        for pair in found
        if isinstance(pair, Mapping)
        and isinstance(key := pair.get(pairs.key), str)
        and isinstance(value := pair.get(pairs.value), str)
    }


def _arguments(record: Record) -> Mapping[str, object]:
    return {name: _plain_value(getattr(record, name)) for name in record.__struct_fields__}


def _plain_value(value: object) -> object:
    if isinstance(value, Record):
        return _arguments(value)
    return [_plain_value(item) for item in value] if isinstance(value, list) else value


class _Field(Struct, frozen=True):
    name: str
    wire: str
    many: bool
    write: Callable[[Any], object] | None
    """Writes one value; None: it stays as it is."""


@cache
def _fields_of(model: type[Record]) -> Mapping[str, _Field]:
    fields = [_field(info) for info in msgspec.structs.fields(model)]
    # A schema of XML must know an order where an element may repeat: what does not, comes first.
    return {field.name: field for field in sorted(fields, key=lambda field: field.many)}


def _field(info: msgspec.structs.FieldInfo) -> _Field:
    kind: Any = info.type
    if get_origin(kind) is not list:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    many = get_origin(kind) is list
    inner: Any = get_args(kind)[0] if many else kind
    write: Callable[[Any], object] | None = getattr(inner, "write_wire", None)
    if isinstance(inner, type) and issubclass(inner, Record):

        def write(payload: Any) -> object:
            return _wire_tree(inner, payload)

    return _Field(info.name, info.encode_name, many, write)


def _wire_tree(model: type[Record], payload: Mapping[str, object]) -> WireTree:
    fields = _fields_of(model)
    if unknown := payload.keys() - fields.keys():
        raise ConfigurationError(
            f"the mock's world gives {', '.join(sorted(unknown))}, which the reply does not have"
        )
    return {
        field.wire: _written(field, payload[name])
        for name, field in fields.items()
        if name in payload
    }


def _written(field: _Field, value: Any) -> object:
    if value is None or field.write is None:
        return value
    return [field.write(item) for item in value] if field.many else field.write(value)
