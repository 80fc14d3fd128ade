"""Times that a mock writes in a document's pattern. Shares no code with what the client reads."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

__all__ = ["Wall", "is_composed", "read", "tokens_of", "write_time"]


class Wall(NamedTuple):
    """A date and time as a service reads it from a text, before its zone is taken into account."""

    shown: datetime
    """The date and time of the text, without a zone."""
    offset: timedelta | None
    """The offset in the text; None: it has no offset."""
    second: bool | None
    """Whether a mark says the second of two equal hours; None: there is no mark."""


@cache
def tokens_of(pattern: str) -> tuple[tuple[str, str], ...]:
    """Return the runs of a pattern: a letter and how often, or a sign that stands for itself."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign in _CLOSING:
            close = pattern.find(_CLOSING[sign], at + 1) % (len(pattern) + 1)
            found.append(("quoted", pattern[at + 1 : close] or sign))
            at = close + 1
            continue
        if sign == "{":
            close = pattern.find("}", at) % (len(pattern) + 1)
            inner = pattern[at + 1 : close]
            found.append(("mark" if "|" in inner else "era", inner))
            at = close + 1
            continue
        if pattern[at : at + 2] in ("mi", "MI"):
            found.append(("minute", "m2"))
            at += 2
            continue
        end = at
        while end < len(pattern) and pattern[end] == sign:
            end += 1
        run = end - at
        before = [name for name, _ in found]
        if sign in "Hhk" and pattern[end : end + 2] == "24":
            end += 2
        name = _RUNS.get(sign, "text")
        if sign == "m":
            name = "minute" if "hour" in before or "last" in before else "month"
        elif sign == "S" and "second" in before:
            name = "fraction"
        elif sign == "Z" and ("text", "T") in found:
            name = "utc"
        found.append((name, sign * run if name == "text" else f"{sign}{run}"))
        at = end
    return tuple(found)


def is_composed(pattern: str) -> bool:
    """Say whether a text is a pattern of letters that are known, and of a time at that."""
    tokens = tokens_of(pattern)
    return any(name in _NUMBERED for name, _ in tokens) and not any(
        name == "text" and what.strip("T").isalpha() for name, what in tokens
    )


def write_time(pattern: str, shown: datetime, *, comes_twice: bool = False) -> str:
    """Write what a clock on the wall shows, with its offset where the pattern has one.

    Args:
        pattern: composed of letters.
        shown: aware, in the zone of the wall.
        comes_twice: the wall shows it twice, and the fold says which time it is.
    """
    tokens = tokens_of(pattern)
    names = {name for name, _ in tokens}
    day = shown
    if "last" in names and shown.hour == 0 and "year" in names:
        day = shown - timedelta(days=1)
    ahead = next((_AHEAD[what] for name, what in tokens if name == "era"), 0)
    year = (day.isocalendar()[0] if "week" in names else day.year) + ahead
    half = "half" in names
    parts = []
    for name, what in tokens:
        width = int(what[1:]) if name in _NUMBERED else 0
        match name:
            case "year":
                parts.append(str(year % 100 if width == 2 else year).zfill(width))
            case "month" if width == 3:
                parts.append(_MONTHS[3 * day.month - 3 : 3 * day.month])
            case "month":
                parts.append(str(day.month).zfill(width))
            case "day":
                parts.append(str(day.day).zfill(width))
            case "week":
                parts.append(str(day.isocalendar()[1]).zfill(2))
            case "hour":
                parts.append(str(((shown.hour + 11) % 12 + 1) if half else shown.hour).zfill(width))
            case "last":
                parts.append(str(shown.hour or 24).zfill(2))
            case "half":
                parts.append("PM" if shown.hour >= 12 else "AM")
            case "minute":
                parts.append(str(shown.minute).zfill(2))
            case "second":
                parts.append(str(shown.second).zfill(2))
            case "fraction":
                parts.append(str(shown.microsecond).zfill(6).ljust(width, "0")[:width])
            case "offset":
                parts.append(_offset(shown.utcoffset() or timedelta(), ":" if width == 3 else ""))
            case "utc":
                parts.append("Z")
            case "mark":
                parts.append(what.split("|")[shown.fold] if comes_twice else "")
            case "era":
                pass
            case _:
                parts.append(what)
    return "".join(parts)


def read(pattern: str, text: str) -> Wall:
    """Read a text sign by sign.

    Raises:
        ValueError: it is not written so, or is no time.
    """
    found: dict[str, int] = {"month": 1, "day": 1}
    offset, second, at = None, None, 0
    for name, what in tokens_of(pattern):
        width = int(what[1:]) if name in _NUMBERED else 0
        if name == "era":
            found["ahead"] = _AHEAD[what]
        elif name == "mark":
            for number, mark in enumerate(what.split("|")):
                if mark and text.startswith(mark, at):
                    second, at = bool(number), at + len(mark)
                    break
        elif name == "month" and width == 3:
            found["month"] = _MONTHS.index(text[at : at + 3]) // 3 + 1
            at += 3
        elif name == "half":
            found["half"] = ("AM", "PM").index(text[at : at + 2].upper())
            at += 2
        elif name in ("offset", "utc"):
            length = 1 if text[at : at + 1] == "Z" else 6 if width == 3 else 5
            offset = _read_offset(text[at : at + length])
            at += length
        elif name in ("text", "quoted"):
            if not text.startswith(what, at):
                raise ValueError("has another sign")
            at += len(what)
        else:
            least = 2 if name in ("last", "minute", "second", "week") else width
            digits = text[at : at + least]
            if least == 1 and text[at + 1 : at + 2].isdigit():
                digits = text[at : at + 2]
            if not (digits.isascii() and digits.isdigit()) or len(digits) < least:
                raise ValueError("has no digits there")
            value = int(digits)
            if name == "year" and width == 2:
                value += 2000 if value < 70 else 1900
            if name == "fraction":
                value = int(digits.ljust(6, "0")[:6])
            found["hour" if name == "last" else name] = value
            at += len(digits)
    if at != len(text):
        raise ValueError("has more than its pattern")
    return Wall(_datetime_of(found), offset, second)


def _datetime_of(found: dict[str, int]) -> datetime:
    hour = found.get("hour", 0)
    if "half" in found:
        hour = hour % 12 + 12 * found["half"]
    year = found.get("year", 2000) - found.get("ahead", 0)
    if "week" in found:
        day = datetime.fromisocalendar(year, found["week"], 1)
    else:
        day = datetime(year, found["month"], found["day"])
    return day + timedelta(
        hours=hour,
        minutes=found.get("minute", 0),
        seconds=found.get("second", 0),
        microseconds=found.get("fraction", 0),
    )


def _offset(offset: timedelta, colon: str) -> str:
    minutes = int(abs(offset).total_seconds()) // 60
    sign = "-" if offset < timedelta() else "+"
    return f"{sign}{minutes // 60:02d}{colon}{minutes % 60:02d}"


def _read_offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    sign = {"+": 1, "-": -1}[text[0]] if text[:1] in ("+", "-") else 0
    digits = text[1:].replace(":", "")
    if not sign or len(digits) != 4 or not digits.isdigit():
        raise ValueError("has no offset")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))


_RUNS = {
    "y": "year", "Y": "year", "M": "month", "m": "month", "d": "day", "D": "day", "w": "week",
    "H": "hour", "h": "hour", "k": "last", "a": "half", "s": "second", "S": "second",
    "f": "fraction", "X": "offset", "Z": "offset",
}  # fmt: skip
_NUMBERED = {*_RUNS.values(), "minute", "utc"}
_CLOSING = {"'": "'", '"': '"', "‘": "’", "’": "’", "“": "”", "”": "”"}
_AHEAD = {"buddhist": 543, "minguo": -1911}
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
