"""Read request bodies as a service does, and write its replies. Never asks a world, never sends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from ..body import MalformedBody
from ..body_operation import BodyOperation
from ..convert import convert_record
from ..encoders import EncodingError
from ..json_codec import decode_plain
from ..operation import Format
from ..problems import Problem, refusals
from ..record import Record
from ..write_body import json_body, xml_body
from ..xml_codec import local_name, open_xml, plain, whole
from .wire import WireTree, arguments_of, named_tree, shaped_tree

__all__ = ["Request", "WireTree", "read_request", "wire_payload", "write_reply"]


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
    problems = refusals(operation.check_request(tree, ""))
    payload = tree.get(operation.body.payload)
    record: Record | None = None
    if isinstance(payload, Mapping):
        unreadable: list[Problem] = []
        model = operation.body.model
        record = convert_record(payload, model, operation.body.payload, unreadable)
        problems = problems or unreadable
    arguments = _stored(arguments_of(record)) if record is not None else None
    if arguments is not None and not problems:
        try:
            named_tree(operation.body.model, arguments)
        except EncodingError as error:
            # What is stored is told again, and some instants that can be read cannot be written:
            # those before the zone had whole minutes.
            path = operation.body.payload
            problems = [Problem(path=path, wire=path, rule=error.rule, message=error.message)]
    return Request(_pairs(operation, tree), tuple(problems), arguments)


def _stored(arguments: Mapping[str, object]) -> dict[str, object]:
    """Cut instants to milliseconds, which is what replies can tell."""
    return {name: _cut(value) for name, value in arguments.items()}


def _cut(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, list):
        return [_cut(item) for item in value]
    return _stored(value) if isinstance(value, Mapping) else value


def wire_payload(operation: BodyOperation[Any], payload: Mapping[str, object]) -> WireTree:
    """Name a world's payload as on the wire.

    Raises:
        ConfigurationError: the world gives a field that the operation's model does not have.
    """
    return named_tree(operation.reply.model, payload, lists_last=True)


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
        tree[payload] = shaped_tree(tree[payload], operation.body.model)
    return tree


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
