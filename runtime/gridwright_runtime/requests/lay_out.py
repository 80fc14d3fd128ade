"""Write lists as JSON has them: as arrays, as columns or with keys."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, assert_never

import msgspec

from ..layouts import TEXT
from ..record import Location, Record
from ..texts.encoders import EncodingError
from .hidden_texts import record_in

__all__ = ["KeyLostError", "lay_out"]


class KeyLostError(EncodingError):
    """An item whose key is missing, or is that of another; ``path`` leads to it by wire names."""

    def __init__(self, rule: str, message: str, path: str) -> None:
        super().__init__(rule, message)
        self.path = path


def lay_out(tree: Mapping[str, object], model: type[Record], path: str = "") -> dict[str, object]:
    """Return a record as its document writes it.

    Args:
        tree: the record under its wire names; its lists hold objects.
        model: of the record.
        path: wire names that lead to it.

    Raises:
        KeyLostError: a key is missing, or comes twice.
    """
    found = dict(tree)
    for wire, inner in _inner(model):
        value, below = found.get(wire), f"{path}.{wire}" if path else wire
        if isinstance(value, list):
            rows = [_row(item, inner, f"{below}[{at}]") for at, item in enumerate(value)]
            location = model.__located__.get(wire)
            found[wire] = rows if location is None else _list(rows, inner, location, below)
        elif isinstance(value, Mapping):
            found[wire] = lay_out(value, inner, below)
    return found


def _row(item: object, model: type[Record], path: str) -> Any:
    return lay_out(item, model, path) if isinstance(item, Mapping) else item


def _list(
    rows: Sequence[dict[str, object]], model: type[Record], location: Location, path: str
) -> object:
    names = [info.encode_name for info in msgspec.structs.fields(model)]
    match location.layout:
        case "":
            return rows
        case "arrays":
            return [[row.get(name) for name in names] for row in rows]
        case "columns":
            return {name: [row.get(name) for row in rows] for name in names}
        case "keyed":
            return _keyed(rows, names, location.keyed_by, path)
        case _:
            assert_never(location.layout)


def _keyed(
    rows: Sequence[dict[str, object]], names: Sequence[str], keyed_by: str, path: str
) -> dict[str, object]:
    found: dict[str, object] = {}
    for at, row in enumerate(rows):
        key = row.pop(keyed_by, None)
        if key is None or key == "":
            raise KeyLostError("required", "is the key of its item", f"{path}[{at}].{keyed_by}")
        text = _key(key)
        if text in found:
            raise KeyLostError(
                "repeated-field", "is the key of another item, too", f"{path}[{at}].{keyed_by}"
            )
        found[text] = row.get(TEXT) if TEXT in names else row
    return found


def _key(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@cache
def _inner(model: type[Record]) -> tuple[tuple[str, type[Record]], ...]:
    fields = ((info, record_in(info.type)) for info in msgspec.structs.fields(model))
    return tuple((info.encode_name, inner) for info, inner in fields if inner is not None)
