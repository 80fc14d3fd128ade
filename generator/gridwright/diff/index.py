"""One side of a comparison: an interface, its places, and what uses what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gridwright.diff.left_out import LeftOut
from gridwright.diff.places import Places, places_of
from gridwright.ir import (
    Citation,
    CodeType,
    Element,
    Field,
    Interface,
    Operation,
    Record,
    RecordType,
    TypeRef,
    item_type,
)
from gridwright.source import Node

__all__ = ["REPLY", "REQUEST", "Index", "Use", "index_of"]

REQUEST, REPLY = "request", "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Who uses a record or a code list.

    Attributes:
        ways: request, reply or both; in alphabetical order.
        operations: names, in the spec's order.
        in_xml_body: it is written into a request in XML, where the order of fields shows.
        each: way and operation of each use; the operation is empty where all of them use it.
    """

    ways: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    in_xml_body: bool = False
    each: frozenset[tuple[str, str]] = frozenset()

    def ways_kept(self, now: "Use", operations: Mapping[str, str]) -> tuple[str, ...]:
        """Return the ways in which an operation that is on both sides uses it on both.

        What one side alone sends, or gets, is told where that side has another record or list.

        Args:
            now: its use on the new side.
            operations: new names by old ones.
        """
        kept = {way for way, name in self.each if (way, operations.get(name, name)) in now.each}
        return tuple(sorted(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One interface with what a comparison looks up in it.

    Attributes:
        left_out: facts of the imported file that the spec does not say.
    """

    interface: Interface
    places: Places
    records: Mapping[str, Use]
    codes: Mapping[str, Use]
    left_out: tuple[LeftOut, ...] = ()

    def record_use(self, name: str) -> Use:
        """Return who uses a record."""
        return self.records.get(name, Use())

    def code_use(self, name: str) -> Use:
        """Return who uses a code list."""
        return self.codes.get(name, Use())


def index_of(interface: Interface, root: Node) -> Index:
    """Index one side.

    Args:
        interface: the resolved interface.
        root: the amended spec that it was resolved from.
    """
    records = _record_uses(interface)
    return Index(
        interface=interface,
        places=places_of(root),
        records=records,
        codes=_code_uses(interface, records),
    )


def _record_uses(interface: Interface) -> dict[str, Use]:
    below = {r.name: tuple(_code_names(f.type for f in r.fields)) for r in interface.records}
    uses: dict[str, Use] = {}
    for operation in interface.operations:
        if operation.known_by_example:
            continue
        in_xml = "xml" in operation.formats or operation.protocol != "http"
        for way, start in _starts(operation):
            for name in _reachable(start, below):
                uses[name] = _add_use(
                    uses.get(name, Use()), way, operation.name, in_xml and way == REQUEST
                )
    return uses


def _starts(operation: Operation) -> Iterator[tuple[str, str]]:
    # Whatever a reply or a request may hold in some version of the IR: every record in it counts.
    for record in _records_in(operation.reply):
        yield REPLY, record
    for record in _records_in(operation.body):
        yield REQUEST, record
    for record in _code_names(p.field.type for p in operation.parameters):
        yield REQUEST, record


def _records_in(value: object) -> Iterator[str]:
    if isinstance(value, Record):
        yield value.name
        if value.extends:
            yield value.extends
    elif isinstance(value, RecordType):
        yield value.record
    elif isinstance(value, str | Element | Citation):
        return
    elif isinstance(value, tuple):
        for item in value:
            yield from _records_in(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _records_in(getattr(value, name))


def _reachable(start: str, below: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    found, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        yield name
        for inner in below.get(name, ()):
            if inner not in found:
                found.add(inner)
                waiting.append(inner)


def _code_names(types: Iterator[TypeRef]) -> Iterator[str]:
    for type_ in types:
        inner = item_type(type_)
        if isinstance(inner, RecordType):
            yield inner.record


def _code_uses(interface: Interface, records: Mapping[str, Use]) -> dict[str, Use]:
    uses: dict[str, Use] = {}

    def add(field: Field, way: str, operation: str) -> None:
        type_ = field.item_type
        if isinstance(type_, CodeType) and type_.codes is not None:
            name = type_.codes.name
            uses[name] = _add_use(uses.get(name, Use()), way, operation, False)

    for operation in interface.operations:
        if not operation.known_by_example:
            for parameter in operation.parameters:
                add(parameter.field, REQUEST, operation.name)
    for record in interface.records:
        use = records.get(record.name, Use())
        for way in use.ways:
            for field in record.fields:
                for name in use.operations:
                    add(field, way, name)
    for envelope in interface.envelopes:
        for field in envelope.fields:
            add(field, REPLY, "")
    return uses


def _add_use(use: Use, way: str, operation: str, in_xml_body: bool) -> Use:
    if (way, operation) in use.each and not in_xml_body:
        return use
    return Use(
        ways=tuple(sorted({*use.ways, way})),
        operations=use.operations
        if operation in use.operations or not operation
        else (*use.operations, operation),
        in_xml_body=use.in_xml_body or in_xml_body,
        each=use.each | {(way, operation)},
    )
