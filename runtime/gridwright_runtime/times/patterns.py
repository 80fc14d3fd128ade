"""Read dates and times written in a document's patterns."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

__all__ = ["EPOCHS", "YEARS", "is_in_other_unit", "is_known", "is_plausible_year", "parse"]

YEARS = range(1900, 2200)
"""The years that a date may have. Others are those of an empty date (1, or 1601), of another era
(2567 in Thailand, 4357 in Korea, 113 in Taiwan), or slips."""

EPOCHS = ("epoch_s", "epoch_ms")
"""Patterns of numbers since 1970, which do not show their unit."""


def parse(pattern: str, text: str) -> date | datetime | timedelta | int:
    """Read a date or time written in one of the document's patterns.

    Args:
        pattern: yyyymmdd, yyyy-MM-dd, yyyymm, yyyymmddhhmi, yyyymmddhh, dd, hhmi,
            yyyy-MM-dd'T'HH:mm:ss, or one that is composed of letters; see `times.letters`.
        text: what stands on the wire; ASCII digits and the pattern's own marks.

    Returns:
        yyyymmdd and yyyy-MM-dd: a date; yyyymm: the first day of the month; yyyymmddhhmi,
        yyyymmddhh and yyyy-MM-dd'T'HH:mm:ss: a naive datetime, wall clock of the provider's zone,
        where hour 24 is 00:00 of the next day, save in the last;
        dd: the day as int; hhmi: the time since midnight, that of 2400 being a day.

    Raises:
        ValueError: the text is not written so, or names no such day or time.
    """
    if pattern not in _PATTERNS:
        return _composed(pattern, text)
    length, read = _PATTERNS[pattern]
    marks = _MARKS.get(pattern)
    digits = _unmarked(text, marks) if marks else text
    if len(text) != length or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"is not written {pattern}")
    try:
        return read(text)
    except (ValueError, OverflowError):
        # Not chained: the library's message may repeat the value.
        pass
    raise ValueError(f"is written {pattern} but names no such day or time")


def _composed(pattern: str, text: str) -> date | datetime | timedelta | int:
    from .letters import compiled  # the patterns above need none of it

    return compiled(pattern).read(text)


def is_known(pattern: str) -> bool:
    """Say whether a pattern is one of those that are read in a way of their own."""
    return pattern in _PATTERNS


def is_in_other_unit(pattern: str, moment: datetime) -> bool:
    """Say whether a number since 1970 lies so near to its beginning that its unit is another.

    Seconds that are read as milliseconds are instants of 1969 and 1970, whatever day they mean. So
    is the number 0, which stands for no date.
    """
    return pattern in EPOCHS and moment.year in (1969, 1970)


def is_plausible_year(text: str) -> bool:
    """Say whether a date, written with its year first, is of a year that can be meant."""
    return int(text[:4]) in YEARS


def _read_day(text: str) -> date:
    return date.fromisoformat(text)


def _read_month(text: str) -> date:
    return date(int(text[:4]), int(text[4:]), 1)


def _read_minute(text: str) -> datetime:
    midnight = datetime(int(text[:4]), int(text[4:6]), int(text[6:8]))
    return midnight + _read_time(text[8:])


def _read_hour(text: str) -> datetime:
    return _read_minute(f"{text}00")


def _unmarked(text: str, marks: Mapping[int, str]) -> str:
    """Return the digits of a text with marks at certain places; empty if the marks differ."""
    is_marked = all(text[place : place + 1] == mark for place, mark in marks.items())
    return "".join(c for i, c in enumerate(text) if i not in marks) if is_marked else ""


def _read_day_of_month(text: str) -> int:
    day = int(text)
    if not 1 <= day <= 31:
        raise ValueError
    return day


def _read_time(text: str) -> timedelta:
    hour, minute = int(text[:2]), int(text[2:])
    if minute > 59 or hour * 60 + minute > 1440:
        raise ValueError
    return timedelta(hours=hour, minutes=minute)


_SECONDS = "yyyy-MM-dd'T'HH:mm:ss"
_ISO_DATE = "yyyy-MM-dd"
_MARKS: Mapping[str, Mapping[int, str]] = {
    _ISO_DATE: {4: "-", 7: "-"},
    _SECONDS: {4: "-", 7: "-", 10: "T", 13: ":", 16: ":"},
}
_PATTERNS: dict[str, tuple[int, Callable[[str], date | datetime | timedelta | int]]] = {
    "yyyymmdd": (8, _read_day),
    _ISO_DATE: (10, _read_day),
    "yyyymm": (6, _read_month),
    "yyyymmddhhmi": (12, _read_minute),
    "yyyymmddhh": (10, _read_hour),
    "dd": (2, _read_day_of_month),
    "hhmi": (4, _read_time),
    _SECONDS: (19, datetime.fromisoformat),
}
