"""Read an XML reply: one pass over its records, so that a large one needs little memory."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from .body import MalformedBody
from .content import Content, header_deviations, header_texts, is_only_notice, slow_record
from .convert import shape_of
from .failure import Failure, find_failure, header_names, is_notice
from .message import RawReply
from .operation import Operation
from .problems import Deviation, Problem
from .record import Record
from .values import decode_hook, read_integer
from .xml_codec import Part, XmlSource, flat, local_name, open_xml, plain, walk

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["xml_content", "xml_deviations"]

ResultT = TypeVar("ResultT")


def xml_content(operation: Operation[Any], raw: RawReply) -> Content | Failure:
    """Return the records of an XML reply, or the refusal that it is.

    Raises:
        MalformedBody: it is not XML, or holds no list of records.
    """
    return _with_repair(raw, lambda source: _content(operation, source))


def xml_deviations(operation: Operation[Any], raw: RawReply) -> list[Deviation]:
    """Return how an XML reply that can be read departs from the document."""
    return _with_repair(raw, lambda source: list(_deviations(operation, source)))


def _content(operation: Operation[Any], source: XmlSource) -> Content | Failure:
    read_fast = _fast_reader(operation)
    records: list[Any] = []
    unreadable: list[Problem] = []
    notices: list[Mapping[str, object]] = []
    header: dict[str, object] | None = None
    top: dict[str, object] = {}
    seen_list = False

    def read_slowly(element: "_Element") -> None:
        wire = plain(element)
        if is_notice(operation.envelope, wire):
            notices.append(wire)
        if not is_only_notice(operation, wire):
            records.append(slow_record(operation, wire, len(records), unreadable))

    for part, element in _walk(operation, source):
        if part == "record":
            record = read_fast(element)
            if record is None:
                read_slowly(element)
            else:
                records.append(record)
        elif part == "list":
            seen_list = True
            for child in element:
                read_slowly(child)
        elif part == "header":
            header = plain(element)
        else:
            top = _top(operation, element)
    failure = find_failure(operation.envelope, [[header or {}], [top], notices])
    if failure is not None:
        return failure
    if not seen_list:
        raise MalformedBody(f"the XML body has no {operation.reply.list_name}")
    texts = None if header is None else header_texts(operation.envelope, header)
    return Content(records, texts, tuple(unreadable))


def _fast_reader(operation: Operation[Any]) -> Callable[["_Element"], Any]:
    """Return a reader of records that are as the document says; it returns None for others."""
    model: type[Record] = operation.reply.model
    envelope = operation.envelope
    shape = shape_of(model)
    decimals = attrgetter(shape.decimals[0], *shape.decimals) if shape.decimals else None
    signs = (envelope.code, envelope.message)

    def read(element: "_Element") -> Any:
        wire: dict[str, Any] = flat(element)
        if shape.nested or any(sign in wire for sign in signs):
            return None
        letters = "".join(filter(None, wire.values()))
        try:
            for name in shape.integers:
                if wire[name] is not None:
                    wire[name] = read_integer(wire[name])
            record = msgspec.convert(wire, model, dec_hook=decode_hook)
        except (msgspec.ValidationError, KeyError, ValueError):
            return None
        # Decimal takes NaN and Infinity for numbers; every spelling has one of these letters.
        if decimals is not None and any(letter in letters for letter in "aAfF"):
            values = decimals(record)
            if not all(value is None or value.is_finite() for value in values):
                return None
        return record

    return read


def _deviations(operation: Operation[Any], source: XmlSource) -> Iterator[Deviation]:
    reply, envelope = operation.reply, operation.envelope
    for rule, message in source.repairs:
        yield Problem(path="", wire="", rule=rule, message=message)
    header: tuple[str, Mapping[str, object]] | None = None
    count = 0

    def look(element: "_Element") -> list[Deviation]:
        nonlocal count
        wire, path = plain(element), f"records[{count}]"
        if is_only_notice(operation, wire):
            return [_departs(path, reply.item_name, "unknown-field", "is no record but a notice")]
        count += 1
        return reply.check(wire, path)

    for part, element in _walk(operation, source):
        if part == "record":
            yield from look(element)
        elif part == "list":
            for child in element:
                name = local_name(child)
                path = f"records[{count}]"
                yield _departs(
                    path, reply.item_name, "renamed-field", f"is called {name!r} on the wire"
                )
                yield from look(child)
        elif part == "header":
            header = (local_name(element), plain(element))
        else:
            root = local_name(element)
            if root != reply.xml_root:
                message = f"is called {root!r} on the wire"
                yield _departs(reply.xml_root, reply.xml_root, "renamed-field", message)
            for name in _top(operation, element):
                yield _departs(name, name, "unknown-field", "is not in the document")
    yield from header_deviations(envelope, "xml", header)


def _walk(operation: Operation[Any], source: XmlSource) -> Iterator[tuple[Part, "_Element"]]:
    reply = operation.reply
    headers = header_names(operation.envelope)
    return walk(
        source, list_name=reply.list_name, item_name=reply.item_name, headers=frozenset(headers)
    )


def _top(operation: Operation[Any], root: "_Element") -> dict[str, object]:
    """Return what stands under the root beside list and header."""
    known = {operation.reply.list_name, *header_names(operation.envelope)}
    return plain(root, without=known)


def _with_repair(raw: RawReply, read: Callable[[XmlSource], ResultT]) -> ResultT:
    """Read a body; where a forbidden character made it malformed, do so once more without."""
    source = open_xml(raw.body, raw.content_type)
    try:
        return read(source)
    except MalformedBody as error:
        problem = str(error)
    repaired = source.without_control_characters()
    if repaired is None:
        raise MalformedBody(problem)
    return read(repaired)


def _departs(path: str, wire: str, rule: str, message: str) -> Deviation:
    return Problem(path=path, wire=wire, rule=rule, message=message)
