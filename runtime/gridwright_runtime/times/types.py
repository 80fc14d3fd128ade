"""Types of fields that hold dates and times in composed patterns. Never naive in Python."""

from datetime import date, datetime
from functools import cache
from typing import Any

from ..zones import load_zone
from .letters import compiled

__all__ = ["written_date", "written_instant"]


class _Written(type):
    """A class that stands for the values of one pattern, so that msgspec asks our hook."""

    pattern: str
    zone: str

    def write_wire(cls, value: object) -> str:
        return compiled(cls.pattern).write(value, cls.zone)


class _Date(_Written):
    __instancecheck__ = date.__instancecheck__

    def read_wire(cls, value: object) -> object:
        return compiled(cls.pattern).read(_text(value))


class _Instant(_Written):
    __instancecheck__ = datetime.__instancecheck__

    def read_wire(cls, value: object) -> object:
        read: Any = compiled(cls.pattern).read(_text(value))
        local = load_zone(cls.zone)
        try:
            return read.replace(tzinfo=local) if read.tzinfo is None else read.astimezone(local)
        except OverflowError:
            raise ValueError("is out of range") from None


@cache
def written_date(pattern: str) -> Any:
    """Return the type of a field that holds dates, or months as their first day."""
    return _Date("WrittenDate", (), {"pattern": pattern, "zone": "UTC"})


@cache
def written_instant(pattern: str, zone: str) -> Any:
    """Return the type of a field that holds dates with a time.

    Args:
        pattern: the document's; with an offset or an epoch, or else the wall clock of the zone.
        zone: an IANA name; every value is given there.
    """
    return _Instant("WrittenInstant", (), {"pattern": pattern, "zone": zone})


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip(" \t\r\n")
    # JSON may carry a time as a number.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**17 else ""
    raise ValueError("is neither text nor a number")
