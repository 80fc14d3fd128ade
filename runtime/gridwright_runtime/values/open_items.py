"""Items of a record that the document does not name: written beside its fields. Never reads."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from ..record import Record
from ..texts.encoders import EncodingError, Unencodable, encode_decimal, encode_integer

__all__ = ["add_items"]


def add_items(tree: dict[str, object], record: Record, documented: Collection[str]) -> None:
    """Add the items of an open record to its wire tree.

    What cannot be written stands there as `Unencodable`, for the check to report.
    """
    items: object = record.items  # type: ignore[attr-defined]  # every open record has it
    if not isinstance(items, Mapping):
        kind = type(items).__name__
        tree["items"] = Unencodable("wrong-type", f"must be a mapping, not {kind}")
        return
    for name, value in items.items():
        if not isinstance(name, str) or not name or not name.isprintable():
            tree["items"] = Unencodable("wrong-type", "must have printable texts for names")
        elif name in documented:
            message = "is among the items, though the document names it: give the argument instead"
            tree[name] = Unencodable("repeated-field", message)
        else:
            tree[name] = _item(value, 0)


def _item(value: object, depth: int) -> object:
    """Return a value as JSON has it, or why that cannot be."""
    if depth > _DEEPEST:
        return Unencodable("wrong-type", "is nested too deeply")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) and name.isprintable() for name in value):
            return Unencodable("wrong-type", "must have printable texts for names")
        return {name: _item(below, depth + 1) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [_item(below, depth + 1) for below in value]
    try:
        return (
            int(encode_integer(value)) if isinstance(value, int) else Decimal(encode_decimal(value))
        )
    except EncodingError as error:
        return Unencodable(error.rule, error.message)


def _text(value: str) -> object:
    try:
        value.encode()
    except UnicodeEncodeError:
        return Unencodable("control-character", "holds half a character")
    return str.__str__(value)


_DEEPEST = 100
