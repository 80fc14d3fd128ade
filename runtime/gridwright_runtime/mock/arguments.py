"""Read request parameters back into Python values. Never judges sizes and codes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypeAlias

from ..encoders import Encoder, EncodingError
from ..patterns import parse
from ..values import read_decimal, read_integer

__all__ = ["Reader", "reader_of"]

Reader: TypeAlias = Callable[[str], object]
"""Reads one wire value, or raises ValueError."""


def reader_of(encode: Encoder) -> Reader:
    """Return what undoes an encoder.

    An encoder is a plain function that does not say what it writes, so it is tried on one value
    of each type: what it makes of it gives the pattern away. Datetimes come back as the naive
    wall clock of the encoder's zone, times as text, as the client's methods take them.
    """
    for sample, readers in _SAMPLES:
        try:
            written = encode(sample)
        except EncodingError:
            continue
        reader = readers.get(len(written))
        if reader is not None:
            return reader
    return str


def _pattern(pattern: str) -> Reader:
    return lambda text: parse(pattern, text)


def _time(text: str) -> str:
    parse("hhmi", text)
    return text


# What is tried first decides: a decimal encoder also writes whole numbers, a time encoder text.
_SAMPLES: tuple[tuple[object, dict[int, Reader]], ...] = (
    (
        datetime(2001, 2, 3, 4, tzinfo=UTC),
        {12: _pattern("yyyymmddhhmi"), 10: _pattern("yyyymmddhh")},
    ),
    (date(2001, 2, 1), {8: _pattern("yyyymmdd"), 6: _pattern("yyyymm")}),
    (time(13, 15), {4: _time}),
    (Decimal("1.5"), {3: read_decimal}),
    (12, {2: read_integer}),
)
