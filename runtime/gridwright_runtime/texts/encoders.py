"""Write Python values as wire text."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache

from .local_instant import NotPlacedError, wall_of

__all__ = [
    "Encoder",
    "EncodingError",
    "Unencodable",
    "encode_code",
    "encode_date",
    "encode_datetime",
    "encode_day_of_month",
    "encode_decimal",
    "encode_integer",
    "encode_month",
    "encode_text",
    "encode_time",
]

Encoder = Callable[[object], str]
"""Writes one Python value as wire text, or raises `EncodingError`."""


class EncodingError(ValueError):
    """A Python value that cannot be written on the wire; the message never shows it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


class Unencodable:
    """Stands in a request for a value that could not be written, until the check reports it."""

    __slots__ = ("message", "rule")

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        self.message = message


def encode_text(value: object) -> str:
    """Write text as it is."""
    if not isinstance(value, str):
        raise _wrong_type("text (str)", value)
    return str.__str__(value)  # the value of a str enumeration, not its name


def encode_day_of_month(value: object) -> str:
    """Write a day of the month, 1 to 31, with two digits."""
    day = int(encode_integer(value))
    if not 1 <= day <= 31:
        raise EncodingError("not-a-date", "must be a day of a month, from 1 to 31")
    return f"{day:02d}"


def encode_code(value: object) -> str:
    """Write a code as it is; the request's check knows the list."""
    return encode_text(value)


def encode_integer(value: object) -> str:
    """Write a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type("int", value)
    if abs(value) >= 10**100:
        raise EncodingError("not-number", "must be a number of ordinary size")
    return str(int(value))


def encode_decimal(value: object) -> str:
    """Write an exact number in plain notation, never with an exponent."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise _wrong_type("Decimal or int, which are exact", value)
    number = Decimal(value)
    if not number.is_finite():
        raise EncodingError("not-number", "must be a finite number")
    if number.adjusted() > 100 or int(number.as_tuple().exponent) < -100:
        raise EncodingError("not-number", "must be a number of ordinary size")
    return format(number, "f")


def encode_month(value: object) -> str:
    """Write a month, given as the date of its first day, as ``yyyymm``."""
    day = _plain_date(value)
    if day.day != 1:
        raise EncodingError("wrong-day-of-month", "must be the first day of the month it means")
    return f"{day.year:04d}{day.month:02d}"


def encode_time(value: object) -> str:
    """Write a time of day as ``hhmi``: a naive time on a whole minute, or text such as ``2400``."""
    if isinstance(value, str):
        return str.__str__(value)
    if not isinstance(value, time):
        raise _wrong_type("a time of day (datetime.time) or text written hhmi", value)
    if value.tzinfo is not None:
        raise EncodingError("wrong-type", "must be a time of day without a time zone")
    if value.second or value.microsecond:
        raise EncodingError("not-a-date", "must be on a whole minute")
    return f"{value.hour:02d}{value.minute:02d}"


@cache
def encode_date(pattern: str) -> Encoder:
    """Return the encoder of dates for a pattern: yyyymmdd or yyyy-MM-dd."""
    if pattern == "yyyymmdd":
        return _encode_yyyymmdd
    if pattern == "yyyy-MM-dd":
        return _encode_iso_date
    raise ValueError(f"no date is written {pattern!r}")


@cache
def encode_datetime(pattern: str, zone: str, repeated: str = "undecided") -> Encoder:
    """Return the encoder of aware datetimes for a pattern, written as wall clock of a zone.

    Args:
        pattern: yyyymmddhhmi, yyyymmddhh or yyyy-MM-dd'T'HH:mm:ss; what it cannot express
            is refused, not cut off.
        zone: an IANA name such as ``Asia/Seoul``.
        repeated: which is meant of an hour that comes twice: first, second or undecided.
    """
    form, spare, whole = _DATETIMES[pattern]

    def encode(value: object) -> str:
        if not isinstance(value, datetime):
            raise _wrong_type("a date with a time (datetime)", value)
        if value.utcoffset() is None:
            raise EncodingError("naive-time", "must have a time zone")
        try:
            local = wall_of(value, zone, repeated)
        except NotPlacedError as error:
            raise EncodingError(error.rule, error.message) from None
        if any(getattr(local, unit) for unit in spare):
            raise EncodingError("not-a-date", f"must be on a whole {whole}")
        return form.format(local)

    return encode


def _encode_yyyymmdd(value: object) -> str:
    day = _plain_date(value)
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _encode_iso_date(value: object) -> str:
    return _plain_date(value).isoformat()


def _plain_date(value: object) -> date:
    # A datetime is a date too, but of which zone?
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _wrong_type("a date without a time (datetime.date)", value)
    return value


def _wrong_type(wanted: str, value: object) -> EncodingError:
    return EncodingError("wrong-type", f"must be {wanted}, not {type(value).__name__}")


_DAY = "{0.year:04d}{0.month:02d}{0.day:02d}"
_DATETIMES: dict[str, tuple[str, tuple[str, ...], str]] = {
    # pattern: how it is written, units that must be zero, what it must be whole in
    "yyyymmddhhmi": (_DAY + "{0.hour:02d}{0.minute:02d}", ("second", "microsecond"), "minute"),
    "yyyymmddhh": (_DAY + "{0.hour:02d}", ("minute", "second", "microsecond"), "hour"),
    "yyyy-MM-dd'T'HH:mm:ss": (
        "{0.year:04d}-{0.month:02d}-{0.day:02d}T{0.hour:02d}:{0.minute:02d}:{0.second:02d}",
        ("microsecond",),
        "second",
    ),
}
