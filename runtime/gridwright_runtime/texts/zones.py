"""Time zones: by their IANA name, and by the names that a document uses."""

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["ZoneNames", "load_zone", "zone_named"]

ZoneNames: TypeAlias = tuple[tuple[str, str], ...]
"""What a document calls zones, each with the IANA name; empty: it calls them by that."""


@cache
def load_zone(name: str) -> "ZoneInfo":
    """Return a time zone by its IANA name."""
    from zoneinfo import ZoneInfo  # slow to import, and not every call needs it

    return ZoneInfo(name)


def zone_named(text: object, names: ZoneNames = ()) -> str:
    """Return the IANA name of the zone that a text names.

    Abbreviations such as CET are IANA names of zones whose clocks are changed, and to most who
    write them an offset: they name nothing unless the document says what they mean.

    Raises:
        LookupError: it names none.
    """
    said = str(text or "").strip()
    if names:
        return dict(names)[said]
    try:
        load_zone(said)
    except (ValueError, OSError):
        raise LookupError(said) from None
    if said in _ABBREVIATIONS:
        raise LookupError(said)
    return said


_ABBREVIATIONS = frozenset(("CET", "EET", "EST", "HST", "MET", "MST", "WET"))
