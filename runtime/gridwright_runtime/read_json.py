"""Read a JSON reply: the list in its object, and the errors that may stand anywhere in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from .body import MalformedBody
from .content import (
    REPEATED,
    Content,
    header_deviations,
    header_texts,
    is_only_notice,
    slow_record,
)
from .failure import (
    Failure,
    find_failure,
    header_names,
    is_notice,
    mappings_in,
    notice_names,
)
from .json_codec import decode_fast, decode_plain, decode_repeats, repeats_in
from .message import RawReply
from .operation import Operation
from .problems import Deviation, Problem
from .redact import printable

__all__ = ["json_content", "json_deviations"]


def json_content(operation: Operation[Any], raw: RawReply) -> Content | Failure:
    """Return the records of a JSON reply, or the refusal that it is.

    Raises:
        MalformedBody: it is not JSON, or holds no list of records.
    """
    fast = decode_fast(operation, raw.body)
    if fast is None:
        return _slow_content(operation, raw)
    if fast.header is None:
        return Content(fast.records, None)
    failure = find_failure(operation.envelope, [[fast.header]])
    header = header_texts(operation.envelope, fast.header)
    return failure or Content(fast.records, header)


def json_deviations(operation: Operation[Any], raw: RawReply) -> Iterator[Deviation]:
    """Yield how a JSON reply that can be read departs from the document."""
    parts = _parts(operation, decode_plain(raw.body, raw.content_type))
    twice = _repeating(operation, raw)
    yield from parts.deviations
    header = None if parts.header is None else (parts.header_name, parts.header)
    yield from header_deviations(operation.envelope, "json", header)
    index = 0
    for number, item in enumerate(parts.items or ()):
        path = f"records[{index}]"
        if not isinstance(item, Mapping) or is_only_notice(operation, item):
            yield _departs(path, "unknown-field", "is no record but a notice")
            continue
        yield from operation.reply.check(item, path)
        for name in twice.get(number, ()):
            shown = printable(name, 60)
            yield Problem(
                path=f"{path}.{shown}", wire=shown, rule="repeated-field", message=REPEATED
            )
        index += 1


def _slow_content(operation: Operation[Any], raw: RawReply) -> Content | Failure:
    parts = _parts(operation, decode_plain(raw.body, raw.content_type))
    _refuse_repeats(operation, raw)
    envelope = operation.envelope
    notices = [
        item
        for item in parts.items or ()
        if isinstance(item, Mapping) and is_notice(envelope, item)
    ]
    failure = find_failure(envelope, [[parts.header or {}], mappings_in(parts.top), notices])
    if failure is not None:
        return failure
    if parts.items is None:
        raise MalformedBody(f"the JSON body has no {operation.reply.list_name}")
    records: list[Any] = []
    unreadable: list[Problem] = []
    for item in parts.items:
        if not isinstance(item, Mapping):
            path = f"records[{len(records)}]"
            unreadable.append(_departs(path, "wrong-type", "is not a record"))
        elif is_only_notice(operation, item):
            continue
        else:
            records.append(slow_record(operation, item, len(records), unreadable))
    header = None if parts.header is None else header_texts(envelope, parts.header)
    return Content(records, header, tuple(unreadable))


def _refuse_repeats(operation: Operation[Any], raw: RawReply) -> None:
    """Refuse a body that gives its list, its header or a verdict twice: which counts is a guess."""
    envelope = operation.envelope
    names = {
        operation.reply.list_name,
        *header_names(envelope),
        *notice_names(envelope),
    }
    for _path, name in repeats_in(decode_repeats(raw.body, raw.content_type)):
        if name in names:
            raise MalformedBody(f"the JSON body has {name} more than once in an object")


def _repeating(operation: Operation[Any], raw: RawReply) -> Mapping[int, list[str]]:
    """Return the names that elements of the list have more than once, by index."""
    tree = decode_repeats(raw.body, raw.content_type)
    if next(repeats_in(tree), None) is None:
        return {}
    items = _parts(operation, tree).items or ()
    return {number: [name for _path, name in repeats_in(item)] for number, item in enumerate(items)}


class _Parts(Struct, frozen=True):
    header_name: str
    header: Mapping[str, object] | None
    top: Mapping[str, object]
    """What stands beside list and header."""
    items: list[object] | None
    """The list; None when there is none."""
    deviations: tuple[Deviation, ...]


def _parts(operation: Operation[Any], body: object) -> _Parts:
    if isinstance(body, list):
        bare = _departs(
            operation.reply.list_name, "missing-field", "is not there; its list is bare"
        )
        return _Parts("", None, {}, body, (bare,))
    if not isinstance(body, Mapping):
        raise MalformedBody("the JSON body is neither an object nor a list")
    envelope, list_name = operation.envelope, operation.reply.list_name
    names = header_names(envelope)
    header_name = next((name for name in names if isinstance(body.get(name), Mapping)), "")
    top = {name: value for name, value in body.items() if name not in (list_name, header_name)}
    unknown = [
        _departs(printable(name, 60), "unknown-field", "is not in the document") for name in top
    ]
    items, unusual = _items(operation, body[list_name]) if list_name in body else (None, [])
    header = body[header_name] if header_name else None
    return _Parts(header_name, header, top, items, (*unknown, *unusual))


def _items(operation: Operation[Any], found: object) -> tuple[list[object], list[Deviation]]:
    name, item_name = operation.reply.list_name, operation.reply.item_name
    if isinstance(found, list):
        return found, []
    if found is None or found == "":
        return [], [_departs(name, "wrong-type", "is empty, but no list")]
    if not isinstance(found, Mapping):
        raise MalformedBody(f"{name} in the JSON body is no list")
    inner = found.get(item_name, found)
    items = inner if isinstance(inner, list) else [inner]
    return items, [_departs(name, "wrong-type", "is an object, not a list")]


def _departs(path: str, rule: str, message: str) -> Deviation:
    return Problem(path=path, wire=path, rule=rule, message=message)
