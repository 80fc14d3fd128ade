"""Say how JSON departs from XML in one operation: a root and an item may have names in both."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from msgspec import structs

from ...codecs.body import MalformedBody
from ...interface import Operation, Path, ReplySpec
from ...layouts import (
    columns_in,
    misnamed_columns,
    named_columns,
    objects_sent,
    rows_of_columns,
)
from ...record import Record
from ...values.convert import shape_of
from ..field_places import json_name
from ..verdicts import wire_names

__all__ = ["as_documented", "below_root", "json_form", "json_view", "mapped_names"]

COLUMNS = "columns of the list"
"""Stands for the list where its fields are columns, beside which there may be other things."""


@cache
def json_view(operation: Operation[Any]) -> Operation[Any]:
    """Return an operation whose path leads to the items themselves, as JSON has them.

    It is the same one where JSON has no name for items.
    """
    reply = operation.reply
    if reply.layout == "columns":
        whole = structs.replace(reply, payload=(*reply.payload, COLUMNS))
        return structs.replace(operation, reply=whole)
    if not reply.item_in_json or not reply.item:
        return operation
    whole = structs.replace(reply, payload=(*reply.payload, reply.item), item="")
    return structs.replace(operation, reply=whole)


@cache
def json_form(operation: Operation[Any]) -> Operation[Any]:
    """Return an operation whose paths begin above the root, as JSON has it.

    It is the same one where JSON does not name the root.
    """
    reply, verdict = operation.reply, operation.verdict
    if not reply.root_in_json:
        return operation
    if verdict is not None:
        verdict = structs.replace(verdict, under=(reply.root, *verdict.under))
    partial = tuple(
        structs.replace(one, under=(reply.root, *one.under)) for one in operation.partial
    )
    whole = structs.replace(reply, payload=(reply.root, *reply.payload), root_in_json=False)
    return structs.replace(operation, reply=whole, verdict=verdict, partial=partial)


def as_documented(operation: Operation[Any], tree: object) -> object:
    """Return a message from below its root, with the list that it brings as objects.

    Args:
        operation: as `json_view` has it.
        tree: the whole body.

    Raises:
        MalformedBody: columns are of different lengths, or rows are not of the columns that the
            body names.
    """
    tree = below_root(operation, tree)
    reply = operation.reply
    model: type[Record] | None = reply.model
    if not reply.layout or model is None:
        return tree
    names = [json_name(field.wire) for field in shape_of(model).fields]
    names += [*model.__also__] if reply.layout == "columns" else []
    if reply.layout == "keyed" and not reply.payload and _says_verdict(operation, tree):
        return tree
    if reply.names:
        return _changed(tree, reply.payload[:-1], lambda holder: _with_named_rows(reply, holder))
    if reply.layout != "columns":
        layout, key = reply.layout, reply.keyed_by
        return _changed(tree, reply.payload, lambda v: objects_sent(v, layout, names, key))
    return _changed(tree, reply.payload[:-1], lambda holder: _with_rows(holder, names))


def _says_verdict(operation: Operation[Any], tree: object) -> bool:
    """Say whether an object is a verdict, where else it has the records by key."""
    verdict = operation.verdict
    if verdict is None or not isinstance(tree, Mapping):
        return False
    roots = {root for case in verdict.cases for root in case.roots}
    if len(tree) == 1 and roots & tree.keys():
        return True
    holder: object = tree
    for step in verdict.under:
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    if not isinstance(holder, Mapping):
        return False
    return any(not isinstance(holder.get(name, {}), Mapping) for name in wire_names(verdict))


def _with_named_rows(reply: ReplySpec[Any], holder: object) -> object:
    """Return what holds a list of rows with the rows as objects, by the names beside them."""
    wire = reply.payload[-1]
    if not isinstance(holder, Mapping) or wire not in holder:
        return holder
    names = named_columns(holder.get(reply.names), reply.named_by)
    if problem := misnamed_columns(holder[wire], names):
        raise MalformedBody(f"the JSON body {problem}")
    rows = objects_sent(holder[wire], reply.layout, names or (), reply.keyed_by)
    rest = {k: v for k, v in holder.items() if k != reply.names}
    return {**rest, wire: rows}


def _with_rows(holder: object, names: list[str]) -> object:
    columns = columns_in(holder, names) if isinstance(holder, Mapping) else []
    if not isinstance(holder, Mapping) or not columns:
        return holder
    rows = rows_of_columns(holder, columns)
    if rows is None:
        raise MalformedBody("the columns of the JSON body are of different lengths")
    # Where nothing is in the place of a column, it has no value in any row.
    empty = [name for name in names if name not in columns and holder.get(name, rows) is None]
    if empty:
        rows = [{**dict.fromkeys(empty), **row} for row in rows]
    rest = {k: v for k, v in holder.items() if k not in columns and k not in empty}
    return {**rest, COLUMNS: rows}


def _changed(tree: object, path: Path, change: Callable[[object], object]) -> object:
    """Return a tree with something else at the end of a path, where it leads that far."""
    if not path:
        return change(tree)
    if not isinstance(tree, Mapping) or path[0] not in tree:
        return tree
    return {**tree, path[0]: _changed(tree[path[0]], path[1:], change)}


def mapped_names(model: type[Record]) -> frozenset[str]:
    """Return the names of lists within records that are objects in JSON, at any depth."""
    found: set[str] = set()
    for field in shape_of(model).fields:
        location = model.__located__.get(field.wire)
        if location is not None and location.layout in ("keyed", "columns"):
            found.add(location.name)
        if field.model is not None:
            found |= mapped_names(field.model)
    return frozenset(found)


def below_root(operation: Operation[Any], tree: object) -> object:
    """Return what stands below the root; the message itself where it has none, or another."""
    root = operation.reply.root
    if operation.reply.root_in_json and isinstance(tree, Mapping) and list(tree) == [root]:
        inner: object = tree[root]
        return {} if inner is None or inner == "" else inner
    return tree
