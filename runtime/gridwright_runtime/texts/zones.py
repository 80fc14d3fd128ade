"""Time zones by their IANA name."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["load_zone"]


@cache
def load_zone(name: str) -> "ZoneInfo":
    """Return a time zone by its IANA name."""
    from zoneinfo import ZoneInfo  # slow to import, and not every call needs it

    return ZoneInfo(name)
