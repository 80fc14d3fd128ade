"""Read what stands beside the payload of a reply: around its list, and in headers."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..interface import Format, Operation, Path
from ..message import RawReply
from ..problems import Problem
from ..record import Location, Record
from ..values.convert import convert_record, shape_of
from .field_places import json_name, normalize_record
from .trees import find_at, with_lists

__all__ = ["list_beside_deviations", "names_beside", "places_beside", "read_beside"]

PATH = "beside"
Blocks: TypeAlias = Mapping[tuple[str, str], object]
"""What stands in the header of a SOAP message: texts, by the names of block and element; a list
where there is more than one, of which none counts."""
_NO_BLOCKS: Blocks = {}


def read_beside(
    operation: Operation[Any],
    around: object,
    raw: RawReply,
    format: Format,
    unreadable: list[Problem],
    blocks: Blocks = _NO_BLOCKS,
) -> Record | None:
    """Return the values beside a list; what cannot be read is added to ``unreadable``.

    Args:
        operation: what was called.
        around: the message, with or without its list.
        raw: the reply, for its headers.
        format: of the message.
        unreadable: takes a problem for each value that cannot be read.
        blocks: the values in the SOAP header of the message, by block and name.
    """
    model = operation.reply.beside
    if model is None:
        return None
    tree = _tree(model, around, raw, format, blocks, unreadable)
    return convert_record(tree, model, PATH, unreadable)


def list_beside_deviations(
    operation: Operation[Any],
    around: object,
    raw: RawReply,
    format: Format,
    blocks: Blocks = _NO_BLOCKS,
) -> Iterator[Problem]:
    """Yield how what stands beside a list departs from the document."""
    reply = operation.reply
    if reply.beside is not None and reply.check_beside is not None:
        repeats: list[Problem] = []
        tree = _tree(reply.beside, around, raw, format, blocks, repeats)
        yield from reply.check_beside(tree, PATH)
        yield from repeats


def names_beside(operation: Operation[Any], prefix: Path, format: Format) -> dict[str, bool]:
    """Return the names at a place that are beside the list or lead there: whether they lead."""
    model = operation.reply.beside
    names: dict[str, bool] = {}
    depth = len(prefix)
    for location in _locations(model) if model is not None else ():
        if location.header:
            continue
        if location.under == prefix:
            names.setdefault(json_name(location.name) if format == "json" else location.name, False)
        elif len(location.under) > depth and location.under[:depth] == prefix:
            names[location.under[depth]] = True
    return names


def places_beside(model: type[Record] | None) -> Iterator[tuple[str, str]]:
    """Yield the names in JSON of what stands beside a list, and of the containers that lead there.

    Each comes after the path of the object that has it.
    """
    for location in _locations(model) if model is not None else ():
        steps = () if location.header else (*location.under, json_name(location.name))
        yield from ((".".join(steps[:depth]), name) for depth, name in enumerate(steps))


def _tree(
    model: type[Record],
    around: object,
    raw: RawReply,
    format: Format,
    blocks: Blocks,
    repeats: list[Problem],
) -> dict[str, object]:
    """Return the values by the names of the model, and nothing else.

    An element of XML that stands once is a list of one where the model has a list; what stands
    more than once elsewhere is added to ``repeats``.
    """
    found = normalize_record(_only(model, around, format), model, format)
    if format == "xml":
        found = with_lists(found, model, PATH, repeats)
    for field in shape_of(model).fields:
        location = model.__located__.get(field.wire)
        if location is not None and location.header:
            value: object = raw.header(location.name)
            if location.block:
                value = blocks.get((location.block, location.name))
            if value is not None:
                found[field.wire] = value
    return found


def _only(model: type[Record], around: object, format: Format) -> dict[str, object]:
    """Return the part of a message that a record of what is beside the list takes."""
    found: dict[str, object] = {}
    for location in _locations(model):
        name = json_name(location.name) if format == "json" else location.name
        is_there, value = find_at(around, (*location.under, name))
        if location.header or not is_there:
            continue
        holder = found
        for step in location.under:
            inner = holder.setdefault(step, {})
            holder = inner if isinstance(inner, dict) else {}
        holder[name] = value
    return found


def _locations(model: type[Record]) -> list[Location]:
    return [
        model.__located__.get(field.wire) or Location(name=field.wire)
        for field in shape_of(model).fields
    ]
