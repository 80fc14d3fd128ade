"""Take arguments that are lists."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

__all__ = ["is_listed", "listed"]

ItemT = TypeVar("ItemT")


def listed(value: Iterable[ItemT]) -> list[ItemT]:
    """Return the items of an argument that is a list.

    A text is a sequence of its letters, which nobody means: it stays what it is, as does all else
    that is no list, and the check of the request refuses it.
    """
    return list(value) if is_listed(value) else cast("list[ItemT]", value)


def is_listed(value: Any) -> bool:
    """Say whether a value can be meant as a list of items."""
    return isinstance(value, Iterable) and not isinstance(value, _NO_LISTS)


_NO_LISTS = (str, bytes, bytearray, memoryview, Mapping)
