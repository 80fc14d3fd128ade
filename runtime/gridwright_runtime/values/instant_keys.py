"""Tell values apart by instants: Python compares times of one zone by what its clocks show.

In the hour that comes twice, two instants are equal to Python, and have one hash.
"""

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any

from ..record import Record

__all__ = ["by_instant", "hashable_by_instant"]


def hashable_by_instant(value: object) -> Hashable | None:
    """Return what is equal for equal values alone; None: nothing hashable is."""
    found: Hashable = by_instant(value)
    try:
        hash(found)
    except TypeError:
        return None
    return found


def by_instant(value: Any) -> Any:
    """Return a value with each aware time in it as its instant in UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, list | tuple):
        return tuple(map(by_instant, value))
    if isinstance(value, Record):
        names = type(value).__struct_fields__
        return (type(value), *(by_instant(getattr(value, name)) for name in names))
    return value
