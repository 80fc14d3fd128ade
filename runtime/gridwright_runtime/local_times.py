"""Dates with a time and no offset: the wall clock of a zone. Never naive in Python."""

from datetime import datetime
from functools import cache

from .encoders import encode_datetime
from .patterns import load_zone, parse

__all__ = ["local_instant"]


class _LocalInstant(type):
    """A class that stands for aware datetimes of one zone, so that msgspec asks our hook."""

    pattern: str
    zone: str

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)

    def read_wire(cls, value: object) -> datetime:
        if not isinstance(value, str):
            raise ValueError("is not a text")
        read = parse(cls.pattern, value.strip(" \t\r\n"))
        assert isinstance(read, datetime)  # noqa: S101  # the pattern is one of instants
        return read.replace(tzinfo=load_zone(cls.zone))

    def write_wire(cls, value: object) -> str:
        return encode_datetime(cls.pattern, cls.zone)(value)


@cache
def local_instant(pattern: str, zone: str) -> type:
    """Return the type of a model's field that holds local times, for the runtime's eyes.

    Args:
        pattern: the document's, such as ``yyyy-MM-dd'T'HH:mm:ss``; see `parse`.
        zone: an IANA name; the wire's clock runs there, and every value is given there.
    """
    return _LocalInstant("LocalInstant", (), {"pattern": pattern, "zone": zone})
