"""Read lists that JSON writes as arrays, as columns or with keys, by wire names."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal, assert_never

__all__ = [
    "TEXT",
    "ContradictedKey",
    "Layout",
    "ListForObject",
    "SeveralForOne",
    "columns_in",
    "misnamed_columns",
    "named_columns",
    "objects_of",
    "objects_sent",
    "rows_of_columns",
]

Layout = Literal["", "arrays", "columns", "keyed"]
"""How a list is laid out: as objects; each item as an array; each field as one; or as an object,
the keys of which are values of a field."""

TEXT = "."
"""The name of a value that stands behind a key, and has no name of its own."""


def objects_of(value: object, layout: Layout, names: Sequence[str], keyed_by: str) -> object:
    """Return the items of a list as objects; what is not laid out so, as it is.

    Args:
        value: what stands where the list is due.
        layout: how it is laid out.
        names: those of the fields of an item, in the document's order.
        keyed_by: the field that the keys are values of.
    """
    match layout:
        case "":
            return value
        case "arrays":
            return [_to_object(row, names) for row in value] if isinstance(value, list) else value
        case "columns":
            if not isinstance(value, Mapping):
                return value
            rows = rows_of_columns(value, columns_in(value, names))
            return value if rows is None else rows
        case "keyed":
            if not isinstance(value, Mapping):
                return value
            is_plain = TEXT in names
            return [_with_key(key, inner, keyed_by, is_plain) for key, inner in value.items()]
        case _:
            assert_never(layout)


class ListForObject(list[object]):
    """An empty list that was sent where an object with the items by key is due, as PHP does."""

    __slots__ = ()


class SeveralForOne(list[object]):
    """Several of what a document has one of: in which of them a field stands would be a guess."""

    __slots__ = ("message", "rule")

    def __init__(self, found: Iterable[object], rule: str, message: str) -> None:
        super().__init__(found)
        self.rule = rule
        self.message = message


class ContradictedKey(SeveralForOne):
    """What an item says itself in place of the key that leads to it; the key counts."""

    __slots__ = ("wire",)

    def __init__(self, wire: str) -> None:
        super().__init__((), "contradicted-key", "is another one within its item than its key")
        self.wire = wire


def objects_sent(value: object, layout: Layout, names: Sequence[str], keyed_by: str) -> object:
    """Return the items of a list as `objects_of` does; what came in place of an object is marked.

    Only what was sent may be given: items that were objects by key are a list themselves.
    """
    if layout == "keyed" and value == []:
        return ListForObject()
    return objects_of(value, layout, names, keyed_by)


def named_columns(array: object, named_by: str) -> list[str] | None:
    """Return the names of columns that a reply gives; None where it does not name each once."""
    if not isinstance(array, list):
        return None
    found = [one.get(named_by) if named_by and isinstance(one, Mapping) else one for one in array]
    names = [name for name in found if isinstance(name, str)]
    is_plain = len(names) == len(array) and len({*names}) == len(names)
    return names if is_plain and names else None


def misnamed_columns(rows: object, names: Sequence[str] | None) -> str:
    """Say why rows cannot be read by these names of columns; nothing where they can."""
    found = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    if not found:
        return ""
    if names is None:
        return "does not name each column of its rows once"
    if any(len(row) != len(names) for row in found):
        return "has a row with more or fewer cells than there are columns"
    return ""


def columns_in(value: Mapping[str, object], names: Sequence[str]) -> list[str]:
    """Return the names of the columns of a list that are there."""
    return [name for name in names if isinstance(value.get(name), list)]


def rows_of_columns(
    value: Mapping[str, object], names: Sequence[str]
) -> list[dict[str, object]] | None:
    """Return the items of a list of columns; None where they are of different lengths, or none."""
    columns = [column for name in names if isinstance(column := value[name], list)]
    if not columns or len({*map(len, columns)}) > 1:
        return None
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _to_object(row: object, names: Sequence[str]) -> object:
    if not isinstance(row, list):
        return row
    found: dict[str, object] = dict(zip(names, row, strict=False))
    # What stands behind the last field is known to nobody, and listed as such.
    found.update((f"[{place}]", row[place]) for place in range(len(names), len(row)))
    return found


def _with_key(key: str, inner: object, keyed_by: str, is_plain: bool) -> dict[str, object]:
    if isinstance(inner, Mapping) and not is_plain:
        found = {**inner, keyed_by: key}
        if _is_other_key(inner.get(keyed_by), key):
            found[f"{keyed_by} within"] = ContradictedKey(keyed_by)
        return found
    return {keyed_by: key, TEXT: inner}


def _is_other_key(said: object, key: str) -> bool:
    """Whether what an item says itself, where it does, is another value than its key."""
    if said is None or said == "":
        return False
    if isinstance(said, int | float | Decimal) and not isinstance(said, bool):
        try:
            return Decimal(str(said)) != Decimal(key)
        except InvalidOperation:
            return True
    text = str(said).lower() if isinstance(said, bool) else said
    return not isinstance(text, str) or text.strip() != key.strip()
