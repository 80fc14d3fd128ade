"""Values invented from the types of models: of the right shape, and never plausible."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from ...record import Record
from ..draw import draw

__all__ = ["invented_record", "remove"]


def invented_record(
    model: type[Record], given: Mapping[str, object], name: tuple[object, ...]
) -> dict[str, object]:
    """Invent a record of a model by Python names; what is given is repeated."""
    return {
        info.name: _invented(info, given.get(info.name), (*name, info.name))
        for info in msgspec.structs.fields(model)
    }


def _invented(info: msgspec.structs.FieldInfo, given: object, name: tuple[object, ...]) -> object:
    kind: Any = info.type
    if get_origin(kind) is not list:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    many = get_origin(kind) is list
    inner: Any = get_args(kind)[0] if many else kind
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


_SAMPLE = datetime(2024, 1, 1, tzinfo=UTC)
_STEPS = re.compile(r"[^.\[\]]+")
