"""Put the fields of records where a document has them: attributes, containers, items. Never reads.

Written by itself, not with what clients read by: so each is a check on the other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from ..interface import Format
from ..layouts import Layout
from ..record import Location, Record
from ..values.convert import shape_of
from .invention import kind_of

__all__ = ["headers_of", "is_flat", "laid_out", "spread"]


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
            value = laid_out(value, inner[wire], location.layout, location.keyed_by)
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


def laid_out(rows: Sequence[object], model: type[Record], layout: Layout, keyed_by: str) -> object:
    """Write the items of a list in JSON as a document lays them out."""
    names = [field.wire.removeprefix("@") for field in shape_of(model).fields]
    found = [row for row in rows if isinstance(row, Mapping)]
    if layout == "arrays":
        written = [_row(row, model) for row in found]
        return [[row.get(name) for name in names] for row in written]
    if layout == "columns":
        written = [_row(row, model) for row in found]
        return {name: [row.get(name) for row in written] for name in names}
    others = [{k: v for k, v in row.items() if k != keyed_by} for row in found]
    keys = [str(row.get(keyed_by) or "") for row in found]
    return {key: spread(rest, model, "json") for key, rest in zip(keys, others, strict=True)}


def _row(row: Mapping[str, object], model: type[Record]) -> Mapping[str, object]:
    written = spread(row, model, "json")
    return written if isinstance(written, Mapping) else {".": written}


def headers_of(tree: Mapping[str, object], model: type[Record]) -> tuple[tuple[str, str], ...]:
    """Return the headers among the values that stand beside a list."""
    return tuple(
        (location.name, str(tree[wire]))
        for wire, location in model.__located__.items()
        if location.header and tree.get(wire) not in (None, "")
    )


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
