"""Values of single fields: the types that models name, reading them, and writing them.

Generated code imports its markers and encoders from here. What can be read without doubt is
read, so that numbers follow Python's own rules; what is not written as the document says is for
`look` to report.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from ..texts.encoders import (
    Encoder,
    EncodingError,
    Unencodable,
    encode_code,
    encode_date,
    encode_datetime,
    encode_decimal,
    encode_integer,
    encode_month,
    encode_text,
    encode_time,
)
from ..texts.numerals import read_decimal, read_integer
from ..texts.zones import load_zone
from ..times.patterns import parse

__all__ = [
    "DayOfMonth",
    "Encoder",
    "EncodingError",
    "Hhmi",
    "IsoDate",
    "Unencodable",
    "Yyyymm",
    "Yyyymmdd",
    "decode_hook",
    "encode_code",
    "encode_date",
    "encode_datetime",
    "encode_decimal",
    "encode_integer",
    "encode_month",
    "encode_text",
    "encode_time",
    "is_said_missing",
    "load_zone",
    "parse",
    "read_boolean",
    "read_decimal",
    "read_integer",
]

# Types of model fields. A type checker sees what the field holds; msgspec sees a class of its
# own, so that it asks `decode_hook` and then takes what the hook returns for an instance.
if TYPE_CHECKING:
    Yyyymmdd: TypeAlias = date
    IsoDate: TypeAlias = date
    Yyyymm: TypeAlias = date
    DayOfMonth: TypeAlias = int
    Hhmi: TypeAlias = time | str
else:
    # What `isinstance` asks, at the speed of built-in types.
    class _Date(type):
        __instancecheck__ = date.__instancecheck__

    class _Int(type):
        __instancecheck__ = int.__instancecheck__

    class Yyyymmdd(metaclass=_Date):
        """A `datetime.date` written ``20241001``."""

    class IsoDate(metaclass=_Date):
        """A `datetime.date` written ``2024-10-01``."""

    class Yyyymm(metaclass=_Date):
        """A month, as the `datetime.date` of its first day, written ``202410``."""

    class DayOfMonth(metaclass=_Int):
        """A day of month from 1 to 31, written ``12`` or ``01``."""

    class Hhmi:
        """A time of day in a request: a `datetime.time`, or a text such as ``2400``."""

        write_wire = staticmethod(encode_time)

        @staticmethod
        def read_wire(value: object) -> str:
            """Read the text of a request; 2400 is none of Python's times."""
            if not isinstance(value, str):
                raise ValueError("is not a text")
            return value


def decode_hook(kind: type, value: object) -> object:
    """Read one wire value into the type a marker stands for; msgspec's ``dec_hook``.

    Raises:
        ValueError: the value cannot be read.
    """
    read = _READERS.get(kind) or getattr(kind, "read_wire", None)
    if read is None:
        raise NotImplementedError(f"no wire format for {kind!r}")
    return read(value)


def is_said_missing(
    value: object, texts: Sequence[str], read: Callable[[object], object] | None = None
) -> bool:
    """Say whether a wire value is one of the texts that stand for a missing value.

    Args:
        value: of the wire.
        texts: as the spec lists them.
        read: of a field that holds a number: then -999 and -999.0 are the same.
    """
    if not texts or isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return False
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return False  # which Python writes in no time, and no spec says
    if str(value).strip(" \t\r\n") in texts:
        return True
    if read is None or (number := _number(value, read)) is None:
        return False
    return any(_number(text, read) == number for text in texts)


def _number(value: object, read: Callable[[object], object]) -> object | None:
    try:
        return read(value)
    except ValueError:
        return None


def read_boolean(value: object) -> bool:
    """Read a yes or no: a JSON one, or the text that XML has for it.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise ValueError("is neither true nor false")


def _read_yyyymmdd(value: object) -> object:
    return parse("yyyymmdd", _unmarked(_digits(value), "[0-9]{4}-[0-9]{2}-[0-9]{2}"))


def _read_iso_date(value: object) -> object:
    text = _digits(value)
    # What came without its marks is reported by `RecordValidator`, and means no other day.
    return parse("yyyymmdd" if len(text) == 8 and text.isdigit() else "yyyy-MM-dd", text)


def _read_yyyymm(value: object) -> object:
    return parse("yyyymm", _unmarked(_digits(value), "[0-9]{4}-[0-9]{2}"))


def _unmarked(text: str, form: str) -> str:
    """Return a date as the document writes it, if it came in the form of ISO 8601.

    It is certain what is meant, and `RecordValidator` reports it.
    """
    return text.replace("-", "") if "-" in text and re.fullmatch(form, text) else text


def _read_day_of_month(value: object) -> object:
    return parse("dd", _digits(value).zfill(2))


def _digits(value: object) -> str:
    if isinstance(value, str):
        return value.strip(" \t\r\n")
    # JSON may carry a date as a number.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < 10**12 else ""
    raise ValueError("is neither text nor a number")


_MOST_BITS = 400
_READERS: dict[type, Callable[[object], object]] = {
    Yyyymmdd: _read_yyyymmdd,
    IsoDate: _read_iso_date,
    Yyyymm: _read_yyyymm,
    DayOfMonth: _read_day_of_month,
}
