"""Records as rows: records inside of them spread out, one list of records told row by row."""

from collections.abc import Iterable, Iterator, Sequence
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from msgspec.structs import fields

from ..record import Record

__all__ = ["Column", "Layout", "layout_of", "rows_of", "without_none"]


class Column(NamedTuple):
    """One column: where its values stand, and what they are."""

    name: str
    path: tuple[str, ...]
    """Python names, from the record or from an item of its list."""
    in_item: bool
    """It starts at an item of the list whose items have rows of their own."""
    model: type[Record]
    """The record that has the field."""
    kind: Any
    """The type of the field, None left out."""


class Layout(NamedTuple):
    """How records of some models are laid out as rows."""

    columns: tuple[Column, ...]
    items: tuple[str, ...]
    """Python names that lead to the list whose items have rows of their own; (): a record is a
    row."""


def layout_of(models: Sequence[type[Record]]) -> Layout:
    """Return the layout of records of these models, of which the first one is the declared one."""
    lists = dict.fromkeys(path for model in models for path in _lists(model, (), ()))
    # Two lists in one record have no rows in common, and stay as they are.
    items = next(iter(lists)) if len(lists) == 1 else ()
    outer: dict[tuple[str, ...], Column] = {}
    inner: dict[tuple[str, ...], Column] = {}
    for model in models:
        for column in _columns(model, (), items, ()):
            outer.setdefault(column.path, column)
        if items:
            for column in _columns(_item_model(model, items), (), (), ()):
                inner.setdefault(column.path, column._replace(in_item=True))
    taken = {column.name for column in outer.values()}
    if any(column.name in taken for column in inner.values()):
        prefix = ".".join(items)
        inner = {path: c._replace(name=f"{prefix}.{c.name}") for path, c in inner.items()}
    return Layout((*outer.values(), *inner.values()), items)


def rows_of(records: Iterable[Record], layout: Layout) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of records: one each, or one for each item of the list.

    A record whose list has no items has one row, if it says anything beside the list.
    """
    says_more = any(not column.in_item for column in layout.columns)
    for record in records:
        if not layout.items:
            yield tuple(_at(record, column.path) for column in layout.columns)
            continue
        for item in _at(record, layout.items) or ([None] if says_more else []):
            yield tuple(
                _at(item if column.in_item else record, column.path) for column in layout.columns
            )


def without_none(kind: Any) -> Any:
    """Return a type without None."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    kinds = [one for one in get_args(kind) if one is not NoneType]
    found = kinds[0]
    for one in kinds[1:]:
        found |= one
    return found


def _columns(
    model: type[Record],
    above: tuple[str, ...],
    items: tuple[str, ...],
    models: tuple[type[Record], ...],
) -> Iterator[Column]:
    for field in fields(model):
        path, kind = (*above, field.name), without_none(field.type)
        if items and path == items:
            continue
        if _is_record(kind) and kind not in (*models, model):
            yield from _columns(kind, path, items, (*models, model))
        else:
            yield Column(".".join(path), path, False, model, kind)


def _lists(
    model: type[Record], above: tuple[str, ...], models: tuple[type[Record], ...]
) -> Iterator[tuple[str, ...]]:
    """Yield the paths of all lists of records."""
    for field in fields(model):
        path, kind = (*above, field.name), without_none(field.type)
        if get_origin(kind) is list and _is_record(get_args(kind)[0]):
            yield path
        elif _is_record(kind) and kind not in (*models, model):
            yield from _lists(kind, path, (*models, model))


def _item_model(model: type[Record], path: tuple[str, ...]) -> type[Record]:
    kind: Any = model
    for name in path:
        (kind,) = (without_none(f.type) for f in fields(kind) if f.name == name)
    found: type[Record] = get_args(kind)[0]
    return found


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = getattr(value, name, None)
    return value
