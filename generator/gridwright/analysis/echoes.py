"""Find which field of a request each repeated field of a reply is about."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gridwright.analysis.naming import fields_below
from gridwright.analysis.payloads import payload_of_reply
from gridwright.ir import Field, Interface, ListType, Operation, RecordType

__all__ = ["Echo", "echoes_of", "echoing_fields", "requested_fields"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A field of a reply that says again what was asked.

    Attributes:
        field: the field.
        wire: wire names that lead to it from a record of the payload.
        asked: the fields that lead to what was asked, from the arguments of the method.
        each: a list asks for several, and what comes has items about each of them.
        over_pages: these items stand on several pages.
    """

    field: Field
    wire: tuple[str, ...]
    asked: tuple[Field, ...]
    each: bool
    over_pages: bool


def echoes_of(interface: Interface, operation: Operation) -> tuple[Echo, ...]:
    """Return what the reply of an operation says again, as far as the operation is asked for it."""
    found: dict[tuple[str, ...], Echo] = {}
    for wire, field in echoing_fields(interface, operation):
        asked = requested_fields(interface, operation, field.echoes)
        if len(asked) == 1:
            each = _is_of_each(interface, operation, wire, asked[0])
            over_pages = each and operation.paging is not None and operation.paging.form != "whole"
            echo = Echo(field=field, wire=wire, asked=asked[0], each=each, over_pages=over_pages)
            found.setdefault(wire, echo)
    return tuple(found.values())


def _is_of_each(
    interface: Interface, operation: Operation, wire: tuple[str, ...], asked: tuple[Field, ...]
) -> bool:
    """Say whether what comes has items about each of several values that are asked for."""
    if not any(isinstance(field.type, ListType) for field in asked):
        return False
    if operation.reply.shape == "list" or operation.reply.packing == "zip_of_many":
        return True
    fields: tuple[Field, ...] = payload_of_reply(interface, operation).record.fields
    for key in wire:
        field = next((one for one in fields if one.key == key), None)
        if field is None:
            return False  # it stands in one form of the record alone
        if isinstance(field.type, ListType):
            return True
        inner = interface.record_of(field)
        fields = inner.fields if inner is not None else ()
    return False


def echoing_fields(
    interface: Interface, operation: Operation
) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Yield the fields in the payload of a reply that say something again, after their paths."""
    if operation.known_by_example or operation.reply.shape in ("file", "none"):
        return
    forms = (variant.record for variant in operation.reply.variants)
    for record in (payload_of_reply(interface, operation).record, *forms):
        # Most records hold nothing of the kind, and need not be walked through.
        holding = {
            inner.name
            for inner in interface.reachable(record)
            if any(field.echoes for below in interface.reachable(inner) for field in below.fields)
        }
        for path in _below(interface, holding, record.fields, ()):
            yield tuple(field.key for field in path), path[-1]


def requested_fields(
    interface: Interface, operation: Operation, path: tuple[str, ...]
) -> list[tuple[Field, ...]]:
    """Return the values of a request that a path may mean, each as the fields that lead to it.

    A name alone is looked for at any depth, and means the outermost that has it. Each step is a
    wire name or, where there is no such, the name of an argument.
    """
    fields = _arguments(interface, operation)
    body = operation.body
    if body is not None and len(path) > 1 and path[0] == body.arguments:
        path = path[1:]
    for name_of in (_wire, _name):
        if len(path) == 1:
            found = _outermost(interface, fields, path[0], name_of)
        else:
            found = list(_along(interface, fields, path, name_of))
        if found:
            return found
    return []


def _arguments(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    body = operation.body
    own: tuple[Field, ...] = ()
    if body is not None and body.arguments:
        own = fields_below(interface, body.record, body.arguments)
    elif body is not None:
        own = body.record.fields
    return (*(parameter.field for parameter in operation.arguments), *own)


def _wire(field: Field) -> str:
    return field.wire


def _name(field: Field) -> str:
    return field.name


def _outermost(
    interface: Interface, fields: tuple[Field, ...], name: str, name_of: Callable[[Field], str]
) -> list[tuple[Field, ...]]:
    level: list[tuple[Field, ...]] = [(field,) for field in fields]
    seen: Counter[str] = Counter()
    while level:
        found = [path for path in level if name_of(path[-1]) == name and _is_value(path[-1])]
        if found:
            return found
        below: list[tuple[Field, ...]] = []
        for path in level:
            inner = interface.record_of(path[-1])
            # A second way to a record shows that a name in it has two places; a third adds nothing.
            if inner is not None and seen[inner.name] < 2:
                seen[inner.name] += 1
                below += [(*path, field) for field in inner.fields]
        level = below
    return []


def _along(
    interface: Interface,
    fields: tuple[Field, ...],
    steps: tuple[str, ...],
    name_of: Callable[[Field], str],
) -> Iterator[tuple[Field, ...]]:
    for field in fields:
        if name_of(field) != steps[0]:
            continue
        if len(steps) == 1:
            if _is_value(field):
                yield (field,)
            continue
        inner = interface.record_of(field)
        if inner is not None:
            for path in _along(interface, inner.fields, steps[1:], name_of):
                yield (field, *path)


def _below(
    interface: Interface,
    holding: set[str],
    fields: tuple[Field, ...],
    above: tuple[Field, ...],
) -> Iterator[tuple[Field, ...]]:
    for field in fields:
        if field.echoes:
            yield (*above, field)
        inner = interface.record_of(field)
        # A record that leads back to itself is reported elsewhere.
        if inner is not None and inner.name in holding and all(field is not f for f in above):
            yield from _below(interface, holding, inner.fields, (*above, field))


def _is_value(field: Field) -> bool:
    return not isinstance(field.item_type, RecordType) and field.credential is None
