"""Build the request of an operation whose request is a body, checked whole. Never sends it."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .body_operation import BodyOperation
from .encoders import Unencodable
from .errors import InvalidRequestError
from .message import Hidden, HttpRequest
from .operation import Format
from .problems import Problem, refusals
from .record import Record
from .write_body import json_body, wire_tree, xml_body

__all__ = ["build_body_request"]


def build_body_request(
    operation: BodyOperation[Any],
    payload: Record,
    *,
    transaction_id: str,
    options: Mapping[str, str],
    format: Format,
    base_url: str,
    language: str = "",
) -> HttpRequest:
    """Build a request, or report everything that is wrong with it.

    Args:
        operation: what is called.
        payload: what the caller gives.
        transaction_id: what identifies the request.
        options: what the client was told to put into the pairs, by Python name.
        format: the format to write, and to ask for.
        base_url: scheme, host, port and possibly a path.
        language: what to say as Accept-Language; nothing if empty.

    Raises:
        InvalidRequestError: the payload breaks the document's rules; all problems are listed.
    """
    problems = _identity_problems(transaction_id)
    tree = _tree(operation, payload, transaction_id, options)
    problems += refusals(_problems(operation, tree))
    if problems:
        tree.clear()  # tools that print the variables of a traceback find no value here
        raise InvalidRequestError(operation.call, problems)
    media = _MEDIA[format]
    headers = [("Content-Type", f"{media}; charset=UTF-8"), ("Accept", media)]
    if language:
        headers.append(("Accept-Language", language))
    address = base_url.rstrip("/") + operation.path
    return HttpRequest(
        method=operation.method,
        url=address,
        safe_url=address,
        headers=tuple(headers),
        body=json_body(tree) if format == "json" else xml_body(tree, operation.body.xml_root),
        sensitive=Hidden(dict.fromkeys(_personal_texts(payload))),
    )


def _tree(
    operation: BodyOperation[Any],
    payload: Record,
    transaction_id: str,
    options: Mapping[str, str],
) -> dict[str, object]:
    tree: dict[str, object] = {}
    pairs = operation.envelope.pairs
    if pairs is not None:
        given = {pair: options.get(pair.name) for pair in pairs.fill if pair.source == "option"}
        tree[pairs.field] = [
            {pairs.key: pair.key, pairs.value: given.get(pair, transaction_id)}
            for pair in pairs.fill
            if pair not in given or given[pair]
        ]
    body = operation.body
    if isinstance(payload, body.model):
        tree[body.payload] = wire_tree(payload, body.nulls)
    else:
        wanted = body.model.__name__
        tree[body.payload] = Unencodable(
            "wrong-type", f"must be {wanted}, not {type(payload).__name__}"
        )
    return tree


def _identity_problems(transaction_id: str) -> list[Problem]:
    if isinstance(transaction_id, str) and transaction_id.isprintable() and transaction_id.strip():
        return []
    message = "must be a text without control characters, best a UUID"
    return [Problem(path="transaction_id", wire="transactionId", rule="not-text", message=message)]


def _problems(operation: BodyOperation[Any], tree: Mapping[str, object]) -> list[Problem]:
    problems = operation.check_request(tree, "")
    if problems:
        return problems
    # A check that does not know the field must not hide that its value could not be written.
    return [
        Problem(path=path, wire=path.rpartition(".")[2], rule=value.rule, message=value.message)
        for path, value in _unencodable(tree, "")
    ]


def _unencodable(value: object, path: str) -> Iterator[tuple[str, Unencodable]]:
    if isinstance(value, Unencodable):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _unencodable(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unencodable(item, f"{path}[{index}]")


def _personal_texts(value: object) -> Iterator[str]:
    """Yield the personal values of a record and those within it, as they may be quoted."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _personal_texts(item)
    elif isinstance(value, Record):
        for field in msgspec.structs.fields(type(value)):
            found = getattr(value, field.name)
            if field.name not in value.__personal__:
                yield from _personal_texts(found)
            elif isinstance(found, str | int) and len(str(found)) >= _SHORTEST_PERSONAL:
                yield str(found)


_MEDIA: Mapping[Format, str] = {"json": "application/json", "xml": "application/xml"}
# Shorter ones tell nobody apart, and masking them would make messages unreadable.
_SHORTEST_PERSONAL = 4
