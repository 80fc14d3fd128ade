"""Instants written with their offset: read in every form, written in one, never naive."""

from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache

from .encoders import EncodingError
from .patterns import load_zone

__all__ = ["encode_instant", "is_instant_text", "read_instant", "zoned_instant"]

_DATE_LENGTH = len("2016-10-01")


class _Instant(type):
    """A class that stands for aware datetimes of one zone, so that msgspec asks our hook."""

    zone: str

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)

    def read_wire(cls, value: object) -> datetime:
        return read_instant(value, cls.zone)

    def write_wire(cls, value: object) -> str:
        return encode_instant(value, cls.zone)


@cache
def zoned_instant(zone: str) -> type:
    """Return the type of a model's field that holds instants, for the runtime's eyes.

    Args:
        zone: an IANA name; a bare date is midnight there, and every value is given there.
    """
    return _Instant("Instant", (), {"zone": zone})


def read_instant(value: object, zone: str) -> datetime:
    """Read an instant, or a bare date, which is its midnight in ``zone``.

    Returns:
        An aware datetime in ``zone``.

    Raises:
        ValueError: it is written otherwise, or has no offset.
    """
    if not isinstance(value, str):
        raise ValueError("is not a text")
    return _read(value, zone)


@lru_cache(maxsize=4096)
def _read(value: str, zone: str) -> datetime:
    # Cached, because the rows of a reply share most of their dates.
    text = value.strip(" \t\r\n")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or not text.isascii():
        # Not chained: the library's message repeats the value.
        raise ValueError("is no date and no instant")
    if read.tzinfo is None:
        if len(text) == _DATE_LENGTH and "T" not in text:
            return read.replace(tzinfo=load_zone(zone))
        raise ValueError("is an instant without an offset")
    try:
        return read.astimezone(load_zone(zone))
    except OverflowError:
        raise ValueError("is out of range") from None


def encode_instant(value: object, zone: str) -> str:
    """Write an aware datetime as ``2016-10-01T00:00:00.000+0300``, in ``zone``.

    The offset is the one that was in force there at that instant. What the form cannot express,
    microseconds, is refused.

    Raises:
        EncodingError: it is no aware datetime, or cannot be expressed.
    """
    if not isinstance(value, datetime):
        kind = type(value).__name__
        raise EncodingError("wrong-type", f"must be a datetime (datetime.datetime), not {kind}")
    if value.tzinfo is None or value.utcoffset() is None:
        raise EncodingError(
            "naive-time", f"has no time zone; give an aware datetime, such as {zone}"
        )
    if value.microsecond % 1000:
        raise EncodingError("not-a-date", "must be on a whole millisecond")
    try:
        back = value.astimezone(UTC).astimezone(value.tzinfo)
        local = value.astimezone(load_zone(zone))
    except OverflowError:
        raise EncodingError("not-a-date", "is out of range") from None
    if back.replace(tzinfo=None, fold=0) != value.replace(tzinfo=None, fold=0):
        raise EncodingError("not-a-date", "names an hour that the clocks skipped")
    minutes, seconds = divmod((local.utcoffset() or timedelta()).total_seconds(), 60)
    if seconds:  # before zones had whole minutes, a hundred years ago
        raise EncodingError("not-a-date", "is out of range")
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(int(minutes)), 60)
    day = f"{local.year:04d}-{local.month:02d}-{local.day:02d}"
    time = f"{local.hour:02d}:{local.minute:02d}:{local.second:02d}.{local.microsecond // 1000:03d}"
    return f"{day}T{time}{sign}{hours:02d}{rest:02d}"


def is_instant_text(value: str) -> bool:
    """Whether a text is written in one of the forms that the documents show."""
    import re

    date = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    time = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
    if not re.fullmatch(f"{date}(?:T{time})?", value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
