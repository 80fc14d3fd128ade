"""Dates with a time and no offset, on the wall clock of a zone. Never naive in Python."""

from datetime import datetime
from functools import cache

from ..texts.encoders import encode_datetime
from ..texts.local_instant import instant_at
from ..texts.zones import load_zone
from .patterns import parse

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
        text = value.strip(" \t\r\n")
        try:
            read = parse(cls.pattern, text)
        except ValueError as error:
            read = _read_otherwise(text, error)
        assert isinstance(read, datetime)  # noqa: S101  # the pattern is one of instants
        if read.tzinfo is None:
            return instant_at(read, cls.zone, "undecided")
        try:
            return read.astimezone(load_zone(cls.zone))
        except OverflowError:
            raise ValueError("is out of range") from None

    def write_wire(cls, value: object) -> str:
        return encode_datetime(cls.pattern, cls.zone)(value)


def _read_otherwise(text: str, error: ValueError) -> datetime:
    """Read a time that has more or less than its pattern, where it is certain what is meant.

    That is a fraction of a second, an offset, a blank in place of the ``T``, or a day alone, which
    is its midnight. `RecordValidator` reports each of them, since none is
    written as the document says.

    Raises:
        ValueError: it is written otherwise; the one of the pattern.
    """
    import re  # the documented form needs none

    if re.fullmatch(_OTHERWISE, text) is None:
        raise error
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise error from None


@cache
def local_instant(pattern: str, zone: str) -> type:
    """Return the type of a model's field that holds local times, for the runtime's eyes.

    Args:
        pattern: the document's, such as ``yyyy-MM-dd'T'HH:mm:ss``; see `parse`.
        zone: an IANA name; the wire's clock runs there, and every value is given there.
    """
    return _LocalInstant("LocalInstant", (), {"pattern": pattern, "zone": zone})


_OTHERWISE = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
