"""Times and durations as a service writes and reads them, in the documents' own patterns.

Written by itself, not with what clients write and read with: so each is a check on the other.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..times.durations import Duration

__all__ = ["reader_of", "writer_of"]


def writer_of(kind: Any) -> Callable[[Any], object] | None:
    """Return how a service writes values of a type of a model; None: it is none of a time."""
    pattern = getattr(kind, "pattern", "")
    if pattern == "duration":
        return _iso_duration
    if pattern in _SECONDS:
        return lambda value: _number(value, _SECONDS[pattern])
    return None


def reader_of(kind: Any) -> Callable[[object], object] | None:
    """Return how a service reads such values, raising ValueError; None: it is none of a time."""
    pattern = getattr(kind, "pattern", "")
    if pattern == "duration":
        return _read_iso_duration
    if pattern in _SECONDS:
        return lambda value: _read_number(value, _SECONDS[pattern])
    return None


def _iso_duration(value: Duration) -> str:
    months, days = abs(value.months), abs(value.days)
    passed = abs(value.elapsed)
    is_back = value.months < 0 or value.days < 0 or value.elapsed < timedelta()
    text = f"{'-' if is_back else ''}P"
    text += f"{months // 12}Y" if months >= 12 else ""
    text += f"{months % 12}M" if months % 12 else ""
    text += f"{days}D" if days else ""
    if not passed and (months or days):
        return text
    minutes, rest = divmod(passed, timedelta(minutes=1))
    seconds = f"{rest.seconds}.{rest.microseconds:06d}".rstrip("0").rstrip(".")
    # Minutes are not carried into hours: PT60M and PT1H are the same, and services write both.
    text += f"T{minutes}M" if minutes else "T"
    return text if minutes and not rest else f"{text}{seconds}S"


def _read_iso_duration(value: object) -> Duration:
    """Read amounts and their letters one after the other."""
    if not isinstance(value, str) or "P" not in value[:2]:
        raise ValueError("is no duration")
    sign, _, text = value.partition("P")
    date, _, time = text.partition("T")
    amounts = dict.fromkeys(("Y", "M", "W", "D", "TH", "TM", "TS"), Decimal())
    for before, part in (("", date), ("T", time)):
        digits = ""
        for letter in part:
            if letter in "0123456789.,":
                digits += letter.replace(",", ".")
                continue
            if f"{before}{letter}" not in amounts or not digits:
                raise ValueError("is no duration")
            amounts[f"{before}{letter}"], digits = Decimal(digits), ""
    way = -1 if sign == "-" else 1
    seconds = amounts["TH"] * 3600 + amounts["TM"] * 60 + amounts["TS"]
    return Duration(
        way * int(amounts["Y"] * 12 + amounts["M"]),
        way * int(amounts["W"] * 7 + amounts["D"]),
        way * timedelta(microseconds=int(seconds * 1_000_000)),
    )


def _number(value: Duration, seconds: int) -> Decimal:
    length = Decimal(value.elapsed // timedelta(microseconds=1)) / 1_000_000
    return length / seconds


def _read_number(value: object, seconds: int) -> Duration:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is no number")
    try:
        length = Decimal(value) * seconds
    except ArithmeticError:
        raise ValueError("is no number") from None
    return Duration(elapsed=timedelta(microseconds=int(length * 1_000_000)))


_SECONDS = {"duration_s": 1, "duration_min": 60, "duration_h": 3600}
