"""List the personal values of a request as they stand on the wire, so that they can be masked."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from ..record import Record

__all__ = ["hidden_texts", "record_in"]


def hidden_texts(model: type[Record], tree: Mapping[str, object]) -> list[str]:
    """Return the personal values of a record and those within it, as they may be quoted.

    Args:
        model: of the record.
        tree: the record under its wire names.
    """
    found: list[str] = []
    _find(_plan(model), tree, found)
    return found


def _find(plan: "_Plan", tree: Mapping[str, object], found: list[str]) -> None:
    for wire in plan.personal:
        value = tree.get(wire)
        if type(value) is not str:
            found.extend(_texts(value))
        elif len(value) >= _SHORTEST:
            found.append(value)
    for wire, inner in plan.within:
        value = tree.get(wire)
        below = _plan(inner)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Mapping):
                _find(below, item, found)
    if plan.documented is not None:
        # Nobody knows which of the undocumented items are personal.
        for wire, value in tree.items():
            if wire not in plan.documented:
                found.extend(_texts(value))


class _Plan(Struct, frozen=True):
    personal: tuple[str, ...]
    within: tuple[tuple[str, type[Record]], ...]
    """Records that hold something to hide."""
    documented: frozenset[str] | None
    """Names of the fields, where there may be others; else None."""


@cache
def _plan(model: type[Record]) -> _Plan:
    return _planned(model, frozenset())


def _planned(model: type[Record], above: frozenset[type[Record]]) -> _Plan:
    personal, within, documented = [], [], []
    for field in msgspec.structs.fields(model):
        if model.__open__ and field.name == "items":
            continue
        documented.append(field.encode_name)
        inner = record_in(field.type)
        if field.name in model.__personal__:
            personal.append(field.encode_name)
        elif inner is not None and (inner in above or _hides(inner, above | {model})):
            within.append((field.encode_name, inner))
    names = frozenset(documented) if model.__open__ else None
    return _Plan(tuple(personal), tuple(within), names)


def _hides(model: type[Record], above: frozenset[type[Record]]) -> bool:
    plan = _planned(model, above)
    return bool(plan.personal or plan.within or plan.documented is not None)


def record_in(annotation: Any) -> type[Record] | None:
    """Return the record that a field of this type holds, alone or in a list."""
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    for kind in kinds:
        inner = get_args(kind)[0] if get_origin(kind) is list else kind
        if inner is not NoneType and isinstance(inner, type) and issubclass(inner, Record):
            return inner
    return None


def _texts(value: object) -> Iterator[str]:
    """Yield every text and number in a value."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
        return
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
        return
    elif isinstance(value, Decimal):
        text = format(value, "f")
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return
    if len(text) >= _SHORTEST:
        yield text


# Shorter ones tell nobody apart, and masking them would make messages unreadable.
_SHORTEST = 4
