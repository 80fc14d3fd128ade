"""Values invented from the types of models: of the right shape, and never plausible."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from ..record import Record
from .draw import draw

__all__ = ["fill", "invented_record", "remove"]


def invented_record(
    model: type[Record], given: Mapping[str, object], name: tuple[object, ...]
) -> dict[str, object]:
    """Invent a record of a model by Python names; what is given is repeated."""
    return {
        info.name: _invented(info, given.get(info.name), (*name, info.name))
        for info in msgspec.structs.fields(model)
    }


def _invented(info: msgspec.structs.FieldInfo, given: object, name: tuple[object, ...]) -> object:
    inner, many = _kind_of(info)
    if isinstance(inner, type) and issubclass(inner, Record):
        if not many:
            return invented_record(inner, given if isinstance(given, Mapping) else {}, name)
        rows = given if isinstance(given, list) else [{}, {}]
        return [
            invented_record(inner, row if isinstance(row, Mapping) else {}, (*name, number))
            for number, row in enumerate(rows)
        ]
    if given is not None:
        return given
    return [_value(inner, (*name, 1)), _value(inner, (*name, 2))] if many else _value(inner, name)


def _value(kind: Any, name: tuple[object, ...]) -> object:
    if kind is str:
        return f"{name[-1]} {draw(0, 999, *name):03d}"
    if kind is bool:
        return draw(0, 1, *name) == 1
    if kind is int:
        return draw(0, 99, *name)
    if kind is Decimal:
        return Decimal(draw(0, 999, *name)).scaleb(-1)
    if isinstance(_SAMPLE, kind):
        return _SAMPLE + timedelta(days=draw(0, 365, *name))
    return None


def fill(
    model: type[Record],
    payload: Mapping[str, object],
    paths: Iterable[str],
    name: tuple[object, ...],
) -> dict[str, object]:
    """Return a copy of a payload with invented values at the ends of paths.

    Args:
        model: of the payload.
        payload: by Python names, nested likewise.
        paths: such as ``parts[0].name``; what leads nowhere is left alone.
        name: what the values belong to.
    """
    filled = {key: _copied(value) for key, value in payload.items()}
    for path in paths:
        _set(model, filled, _STEPS.findall(path), (*name, path))
    return filled


def remove(payload: dict[str, object], path: str) -> None:
    """Remove what a path such as ``parts[0].name`` leads to, where there is such a thing."""
    steps: list[Any] = [int(step) if step.isdigit() else step for step in _STEPS.findall(path)]
    holder: Any = payload
    try:
        for step in steps[:-1]:
            holder = holder[step]
        if isinstance(holder, dict):
            holder.pop(steps[-1], None)
    except (LookupError, TypeError):
        return


def _set(
    model: type[Record], payload: object, steps: Sequence[str], name: tuple[object, ...]
) -> None:
    holder: Any = payload
    kind: Any = model
    for place, step in enumerate(steps):
        if step.isdigit():
            if not isinstance(holder, list) or int(step) >= len(holder):
                return
            holder = holder[int(step)]
            continue
        infos = {info.name: info for info in msgspec.structs.fields(kind)}
        if step not in infos or not isinstance(holder, dict):
            return
        if place == len(steps) - 1:
            holder[step] = _invented(infos[step], None, name)
            return
        kind, _many = _kind_of(infos[step])
        holder = holder.get(step)


def _copied(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list | tuple) else value


def _kind_of(info: msgspec.structs.FieldInfo) -> tuple[Any, bool]:
    """Return the type of a field, or of the values of its list, and whether it is a list."""
    kind: Any = info.type
    if get_origin(kind) is not list:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    many = get_origin(kind) is list
    return (get_args(kind)[0] if many else kind), many


_SAMPLE = datetime(2024, 1, 1, tzinfo=UTC)
_STEPS = re.compile(r"[^.\[\]]+")
