"""Values that JSON has as another kind than their type, as a service writes and insists on them.

Written by itself, not with what clients write and read with: so each is a check on the other.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from ...problems import Problem
from ...record import Record
from ..inventing.values import kind_of

__all__ = ["as_json_kind", "has_kinds", "json_writer_of", "kind_problems"]


def json_writer_of(kind: Any) -> Callable[[Any], object] | None:
    """Return how a service writes values of a type of a model; None: as any value of the type."""
    wanted = getattr(kind, "json", "")
    return (lambda value: as_json_kind(value, wanted)) if wanted else None


def as_json_kind(value: Any, wanted: str) -> object:
    """Return a value as the kind that JSON has in its place; as it is, where it is none."""
    match wanted:
        case "number" if re.fullmatch("-?[0-9]{1,18}", str(value)):
            return int(value)
        case "boolean" if value in ("true", "false"):
            return value == "true"
        case "text" if isinstance(value, bool):
            return "true" if value else "false"
        case "text" if isinstance(value, Decimal):
            return f"{value:f}"
        case "text":
            return str(value)
    return value


@cache
def has_kinds(model: type[Record]) -> bool:
    """Say whether a model has such values, at any depth."""
    kinds = [kind_of(info)[0] for info in _infos(model)]
    return any(getattr(k, "json", "") or (_is_record(k) and has_kinds(k)) for k in kinds)


def kind_problems(
    tree: object, model: type[Record], path: str = "", key: str = ""
) -> Iterator[Problem]:
    """Yield the values of a JSON body that are of another kind than the document has them.

    Args:
        tree: the body, in which lists hold objects.
        model: of it.
        path: leads to it.
        key: wire name of the field that is the key of an object, and so a text; empty: none is.
    """
    if not isinstance(tree, Mapping):
        return
    for info in _infos(model):
        kind, many = kind_of(info)
        wire, where = info.encode_name, f"{path}{info.name}"
        location = model.__located__.get(wire)
        inner = location.keyed_by if location is not None else ""
        value = tree.get(wire)
        for item in value if many and isinstance(value, list) else [value]:
            if _is_record(kind):
                yield from kind_problems(item, kind, f"{where}.", inner)
            elif wire != key and not _is_of(item, getattr(kind, "json", "")):
                message = f"is no {kind.json} of JSON"
                yield Problem(path=where, wire=wire, rule="wrong-type", message=message)


def _is_of(value: object, wanted: str) -> bool:
    if value is None or value == "":
        return True  # that it is missing is for the check to say
    match wanted:
        case "text":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
    return True


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _infos(model: type[Record]) -> list[msgspec.structs.FieldInfo]:
    fields = msgspec.structs.fields(model)
    return [one for one in fields if not (model.__open__ and one.name == "items")]
