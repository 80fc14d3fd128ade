"""Read an XML reply: one pass over its records, so that a large one needs little memory."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
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
from .convert import shape_of
from .failure import Failure, find_failure, header_names, is_notice, mappings_in
from .message import RawReply
from .operation import Operation
from .problems import Deviation, Problem
from .record import Record
from .redact import printable
from .values import decode_hook, read_integer
from .xml_codec import XmlSource, flat, local_name, open_xml, outer_lists, plain, walk

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
    envelope, list_name = operation.envelope, operation.reply.list_name
    read_fast = _fast_reader(operation)
    records: list[Any] = []
    unreadable: list[Problem] = []
    notices: list[Mapping[str, object]] = []
    rest = None
    for part, element in walk(source, list_name):
        if part == "root":
            rest = _rest(operation, element)
        elif part == "record" and (record := read_fast(element)) is not None:
            records.append(record)
        else:
            wire = plain(element)
            if is_notice(envelope, wire):
                notices.append(wire)
            if not is_only_notice(operation, wire):
                repeats = _repeats(operation, wire, f"records[{len(records)}]")
                unreadable += repeats
                # What is listed by now is not looked at again.
                wire.update(dict.fromkeys(problem.wire for problem in repeats))
                records.append(slow_record(operation, wire, len(records), unreadable))
    headers, top = (rest.headers, rest.top) if rest else ([], {})
    groups = [[fields] for _name, fields in headers]
    failure = find_failure(envelope, [*groups, mappings_in(top), notices])
    if failure is not None:
        return failure
    if rest is None or not rest.list_count:
        raise MalformedBody(f"the XML body has no {list_name}")
    if rest.list_holds_text:
        raise MalformedBody(f"{list_name} in the XML body holds a text, not records")
    texts = header_texts(envelope, headers[0][1]) if headers else None
    return Content(records, texts, tuple(unreadable))


def _repeats(operation: Operation[Any], wire: Mapping[str, object], path: str) -> list[Problem]:
    """Return the fields of which a record has several; which one counts would be a guess."""
    model: type[Record] = operation.reply.model
    fields = shape_of(model).fields
    return [
        Problem(
            path=f"{path}.{field.name}", wire=field.wire, rule="repeated-field", message=REPEATED
        )
        for field in fields
        if not field.many and isinstance(wire.get(field.wire), list)
    ]


def _fast_reader(operation: Operation[Any]) -> Callable[["_Element"], Any]:
    """Return a reader of flat records as the document has them; it returns None for others."""
    model: type[Record] = operation.reply.model
    shape = shape_of(model)
    if shape.nested or shape.loose:
        return lambda element: None
    decimals = attrgetter(shape.decimals[0], *shape.decimals) if shape.decimals else None
    numbers = [field.wire for field in shape.fields if field.name in shape.decimals]
    envelope = operation.envelope

    def read(element: "_Element") -> Any:
        wire: dict[str, Any] = flat(element)
        if len(wire) != len(element) or is_notice(envelope, wire):
            return None
        letters = "".join(filter(None, wire.values()))
        # Decimal takes 1_5 and digits of other scripts for numbers.
        if decimals is not None and ("_" in letters or not letters.isascii()):
            written = "".join(filter(None, map(wire.get, numbers)))
            if "_" in written or not written.isascii():
                return None
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
    reply = operation.reply
    for rule, message in source.repairs:
        yield Problem(path="", wire="", rule=rule, message=message)
    count = 0
    for part, element in walk(source, reply.list_name):
        if part == "root":
            yield from _rest_deviations(operation, _rest(operation, element))
            continue
        wire, path, name = plain(element), f"records[{count}]", local_name(element)
        if is_only_notice(operation, wire):
            yield _departs(path, name, "unknown-field", "is no record but a notice")
            continue
        if name != reply.item_name:
            yield _renamed(path, reply.item_name, name)
        yield from reply.check(wire, path)
        count += 1


class _Rest(Struct, frozen=True):
    """A reply without its records."""

    root_name: str
    list_count: int
    list_holds_text: bool
    headers: list[tuple[str, Mapping[str, object]]]
    """Name and fields of each."""
    top: Mapping[str, object]
    """What stands under the root beside list and header."""


def _rest(operation: Operation[Any], root: "_Element") -> _Rest:
    list_name, names = operation.reply.list_name, header_names(operation.envelope)
    lists = outer_lists(root, list_name)
    holds_text = any((one.text or "").strip() for one in lists)
    headers = root.iter(*(f"{{*}}{name}" for name in names))
    return _Rest(
        root_name=local_name(root),
        list_count=len(lists),
        list_holds_text=holds_text,
        headers=[(local_name(header), plain(header)) for header in headers],
        top=plain(root, without={list_name, *names}),
    )


def _rest_deviations(operation: Operation[Any], rest: _Rest) -> Iterator[Deviation]:
    xml_root = operation.reply.xml_root
    if rest.root_name != xml_root:
        yield _renamed(xml_root, xml_root, rest.root_name)
    if rest.list_count > 1:  # their records are all read
        list_name = operation.reply.list_name
        yield _departs(list_name, list_name, "repeated-field", REPEATED)
    for name in rest.top:
        yield _departs(printable(name, 60), printable(name, 60), "unknown-field", _UNKNOWN)
    first = rest.headers[0] if rest.headers else None
    yield from header_deviations(operation.envelope, "xml", first)
    for name, _fields in rest.headers[1:]:
        yield _departs(name, name, "repeated-field", REPEATED)


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


def _renamed(path: str, wire: str, name: str) -> Deviation:
    return _departs(path, wire, "renamed-field", f"is called {printable(name, 60)!r} on the wire")


def _departs(path: str, wire: str, rule: str, message: str) -> Deviation:
    return Problem(path=path, wire=wire, rule=rule, message=message)


_UNKNOWN = "is not in the document"
