"""Put the fields of records where a document has them: attributes, containers, items.

Written by itself, not with what clients read by: so each is a check on the other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, assert_never

import msgspec

from ...codecs.body import MalformedBody
from ...interface import Format
from ...layouts import Layout
from ...record import Location, Record
from ...values.convert import shape_of
from ..inventing.values import kind_of

__all__ = ["blocks_of", "gathered", "headers_of", "is_flat", "lay_out", "spread"]


@cache
def is_flat(model: Any) -> bool:
    """Say whether every field stands in its record under its own name, at any depth."""
    if model.__located__:
        return False
    for info in msgspec.structs.fields(model):
        wire = info.encode_name
        if wire == "." or wire.startswith("@"):
            return False
        inner = _record_in(info)
        if inner is not None and not is_flat(inner):
            return False
    return True


def spread(tree: object, model: type[Record], format: Format) -> object:
    """Return a record as it stands on the wire; what is none, as it is."""
    if not isinstance(tree, Mapping) or is_flat(model):
        return tree
    inner = {
        info.encode_name: found
        for info in msgspec.structs.fields(model)
        if (found := _record_in(info)) is not None
    }
    if format != "xml" and list(tree) == ["."]:
        return tree["."]
    message: dict[str, object] = {}
    for wire, value in tree.items():
        location = model.__located__.get(wire, Location(name=wire))
        if location.header:
            continue
        if location.layout and format == "json" and isinstance(value, list):
            value = lay_out(value, inner[wire], location.layout, location.keyed_by)
        elif wire in inner:
            value = _spread_within(value, inner[wire], format)
        if location.item and format == "xml" and isinstance(value, list):
            value = {location.item: value} if value else ""
        holder = message
        for step in location.under:
            holder = _container(holder, step)
        name = location.name if format == "xml" else location.name.removeprefix("@")
        before = holder.get(name)
        if isinstance(before, dict) and not isinstance(value, Mapping):
            before["."] = value  # the text of an element whose attributes have been written
        else:
            holder[name] = value
    return message


def lay_out(rows: Sequence[object], model: type[Record], layout: Layout, keyed_by: str) -> object:
    """Write the items of a list in JSON as a document lays them out."""
    names = [field.wire.removeprefix("@") for field in shape_of(model).fields]
    found = [row for row in rows if isinstance(row, Mapping)]
    match layout:
        case "":
            return [spread(row, model, "json") for row in rows]
        case "arrays":
            written = [_row(row, model) for row in found]
            return [[row.get(name) for name in names] for row in written]
        case "columns":
            written = [_row(row, model) for row in found]
            return {name: [row.get(name) for row in written] for name in names}
        case "keyed":
            others = [{k: v for k, v in row.items() if k != keyed_by} for row in found]
            keys = [str(row.get(keyed_by) or "") for row in found]
            return {
                key: spread(rest, model, "json") for key, rest in zip(keys, others, strict=True)
            }
        case _:
            assert_never(layout)


@cache
def _has_layouts(model: Any) -> bool:
    """Say whether a record holds lists, at any depth, that are no objects in JSON."""
    if any(location.layout for location in model.__located__.values()):
        return True
    inner = (_record_in(info) for info in msgspec.structs.fields(model))
    return any(_has_layouts(one) for one in inner if one is not None)


def gathered(tree: object, model: type[Record]) -> object:
    """Return a record of a request in JSON with all its lists as objects.

    Raises:
        MalformedBody: a list is not laid out as the document says.
    """
    if not isinstance(tree, Mapping) or not _has_layouts(model):
        return tree
    found = dict(tree)
    for info in msgspec.structs.fields(model):
        inner, wire = _record_in(info), info.encode_name
        if inner is None or found.get(wire) is None:
            continue
        location, value = model.__located__.get(wire), found[wire]
        if location is not None and location.layout:
            value = _objects(value, inner, location)
        if isinstance(value, list):
            found[wire] = [gathered(item, inner) for item in value]
        else:
            found[wire] = gathered(value, inner)
    return found


def _objects(value: object, model: type[Record], location: Location) -> list[dict[str, object]]:
    names = [field.wire for field in shape_of(model).fields]
    match location.layout:
        case "":
            raise TypeError("asked only for lists that JSON lays out otherwise than as objects")
        case "arrays":
            if isinstance(value, list):
                return [_of_array(row, names, location) for row in value]
        case "columns":
            if isinstance(value, dict):
                return _of_columns(value, names, location)
        case "keyed":
            if isinstance(value, dict):
                return [_of_key(key, inner, names, location) for key, inner in value.items()]
        case _:
            assert_never(location.layout)
    raise MalformedBody(f"{location.name} is not laid out as documented")


def _of_array(row: object, names: Sequence[str], location: Location) -> dict[str, object]:
    if not isinstance(row, list) or len(row) != len(names):
        raise MalformedBody(f"an item of {location.name} has not {len(names)} values")
    return dict(zip(names, row, strict=True))


def _of_columns(
    value: Mapping[str, Any], names: Sequence[str], location: Location
) -> list[dict[str, object]]:
    lengths = {len(column) if isinstance(column, list) else -1 for column in value.values()}
    if len(lengths) > 1 or -1 in lengths or not value.keys() <= set(names):
        raise MalformedBody(f"the columns of {location.name} are not as documented")
    return [
        {name: column[number] for name, column in value.items()}
        for number in range(max(lengths, default=0))
    ]


def _of_key(key: str, inner: object, names: Sequence[str], location: Location) -> dict[str, object]:
    if "." in names:
        return {location.keyed_by: key, ".": inner}
    if not isinstance(inner, dict):
        raise MalformedBody(f"what stands behind a key of {location.name} is no object")
    return {**inner, location.keyed_by: key}


def _row(row: Mapping[str, object], model: type[Record]) -> Mapping[str, object]:
    written = spread(row, model, "json")
    return written if isinstance(written, Mapping) else {".": written}


def headers_of(tree: Mapping[str, object], model: type[Record]) -> tuple[tuple[str, str], ...]:
    """Return the headers among the values that stand beside a list."""
    return tuple(
        (location.name, str(tree[wire]))
        for wire, location in model.__located__.items()
        if location.header and not location.block and tree.get(wire) not in (None, "")
    )


def blocks_of(tree: Mapping[str, object], model: type[Record]) -> dict[str, dict[str, object]]:
    """Return what stands in blocks of the SOAP header, by block and name."""
    found: dict[str, dict[str, object]] = {}
    for wire, location in model.__located__.items():
        if location.block and tree.get(wire) is not None:
            found.setdefault(location.block, {})[location.name] = tree[wire]
    return found


def _container(holder: dict[str, object], step: str) -> dict[str, object]:
    inner = holder.get(step)
    if isinstance(inner, dict):
        return inner
    made: dict[str, object] = {} if inner is None else {".": inner}
    holder[step] = made
    return made


def _spread_within(value: object, model: type[Record], format: Format) -> object:
    if isinstance(value, list):
        return [spread(item, model, format) for item in value]
    return spread(value, model, format)


def _record_in(info: msgspec.structs.FieldInfo) -> type[Record] | None:
    kind, _many = kind_of(info)
    return kind if isinstance(kind, type) and issubclass(kind, Record) else None
