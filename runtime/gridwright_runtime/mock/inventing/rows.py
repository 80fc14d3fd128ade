"""Rows of a long answer: which ones a question names, where they stand, what tells them apart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from ...record import Record
from .values import kind_of

__all__ = ["distinct", "key_values", "number_at", "put_at", "row_model"]


def distinct(rows: list[dict[str, object]], names: Sequence[str]) -> list[dict[str, object]]:
    """Return the rows that fields tell apart: the first of those that these say the same of.

    Args:
        rows: by Python names.
        names: the fields; those that no row has tell nothing apart.
    """
    known = [name for name in names if any(name in row for row in rows)]
    if not known:
        return rows
    found = {repr([row.get(name) for name in known]): row for row in reversed(rows)}
    return list(reversed(found.values()))


def number_at(arguments: Mapping[str, object], path: str, *, otherwise: int) -> int:
    """Return the number that an argument says, by Python names joined by dots."""
    value: object = arguments
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return int(value) if isinstance(value, int | Decimal) else otherwise


def put_at(payload: dict[str, object], path: str, value: object) -> None:
    """Put a value into a payload, below the records that lead to it."""
    *steps, last = path.split(".")
    for step in steps:
        inner = payload.get(step)
        if not isinstance(inner, dict):
            return
        payload = inner
    payload[last] = value


def row_model(model: type[Record], path: str) -> type[Record]:
    """Return the model of the records to which a path leads."""
    for step in path.split("."):
        info = next(info for info in msgspec.structs.fields(model) if info.name == step)
        model = kind_of(info)[0]
    return model


def key_values(model: type[Record], key: str | tuple[str, ...], number: int) -> dict[str, object]:
    """Return values of the fields that tell records apart: no two numbers have the same."""
    names = (key,) if isinstance(key, str) else key
    return {name: _key_value(model, name, number) for name in names if name}


def _key_value(model: type[Record], key: str, number: int) -> object:
    found = (info for info in msgspec.structs.fields(model) if info.name == key)
    kind: Any = next((kind_of(info)[0] for info in found), str)
    kind = getattr(kind, "plain", kind)
    return next((make(number) for known, make in _KEYS.items() if _is_a(kind, known)), str(number))


def _is_a(kind: Any, known: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, known)


_KEYS: Mapping[type, Callable[[int], object]] = {
    int: lambda number: number,
    Decimal: Decimal,
    datetime: lambda number: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number),
    date: lambda number: date(2024, 1, 1) + timedelta(days=number),
}
