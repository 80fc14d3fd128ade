"""Patterns of dates and times, composed of letters: compiled once to a reader and a writer."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import NamedTuple

from ..texts.encoders import EncodingError
from ..texts.local_instant import NotPlacedError, wall_of

__all__ = ["Compiled", "Moment", "compiled"]

Moment = date | datetime | timedelta | int
"""What is read: a date; a datetime, aware where the pattern carries an offset; the time since
midnight; a day of the month."""


class Compiled(NamedTuple):
    """How texts of one pattern are read and written."""

    read: Callable[[str], Moment]
    """Read a text, or raise ValueError, whose message never shows it."""
    write: Callable[..., str]
    """Write a value, in a zone where it is an instant, or raise EncodingError.

    A further text says which is meant of an hour that comes twice: first, second or undecided.
    """
    mark_in: Callable[[str], str]
    """Return which of two hours a text means by a mark: first or second; empty: it has none."""
    unmarked: str
    """Which one a text means without a mark: first, second or undecided."""


@cache
def compiled(pattern: str) -> Compiled:
    """Return the reader and the writer of a pattern.

    Raises:
        KeyError: it is no pattern.
    """
    if pattern in _WORDS:
        return _WORDS[pattern]
    pieces = tuple(_pieces(pattern))
    form = re.compile("".join(_form(letters, literal) for letters, literal in pieces), re.ASCII)
    parts = frozenset(_part(letters) for letters, _ in pieces if letters)
    parts |= {text for letters, text in pieces if letters == "{era}"}
    ends_days = ("kk", "") in pieces and "year" in parts
    marks = next((text for letters, text in pieces if letters == "{mark}"), "")

    def read(text: str) -> Moment:
        found = form.fullmatch(text)
        if found is None:
            raise ValueError(f"is not written {pattern}")
        try:
            return _moment(found.groupdict(), parts)
        except (ValueError, OverflowError):
            pass
        raise ValueError(f"is written {pattern} but names no such day or time")

    def write(value: object, zone: str, repeated: str = "undecided") -> str:
        moment = _wall_value(value, parts, zone, repeated)
        shown = moment
        if ends_days and moment.time() == time() and moment.date() > date.min:
            shown = moment - timedelta(days=1)  # midnight is the hour 24 of the day before
        text = "".join(_write_piece(piece, shown, parts) for piece in pieces)
        # What the letters cannot express is refused, never cut off.
        try:
            is_same = _is_same(read(text), value, moment, parts)
        except ValueError:
            is_same = False
        if not is_same:
            raise EncodingError("not-a-date", f"cannot be written {pattern} without loss")
        return text

    def mark_in(text: str) -> str:
        found = form.fullmatch(text)
        return _mark_of(marks, found) if marks and found is not None else ""

    return Compiled(read, write, mark_in, _unmarked(marks))


def _pieces(pattern: str) -> list[tuple[str, str]]:
    """Return letters, or a text that stands for itself."""
    pieces: list[tuple[str, str]] = []
    rest, hour, after_t, second = pattern, False, False, False
    half = "a" in re.sub(rf"{_QUOTED}|\{{[^}}]*\}}", "", pattern)
    while rest:
        quoted = re.match(_QUOTED, rest)
        mark = re.match(r"\{(?:([^{}|]*\|[^{}|]+)|(buddhist|minguo))\}", rest)
        fraction = re.match("S+", rest) if second else re.match("f+", rest)
        spelt = next((s for s in _SPELT if rest.startswith(s)), "")
        if mark is not None:
            pieces.append(("{mark}", mark[1]) if mark[1] else ("{era}", mark[2]))
            spelt = mark[0]
        elif quoted is not None:
            pieces.append(("", quoted[0][1:-1] or rest[0]))
            spelt = quoted[0]
        elif fraction is not None:
            pieces.append(("S" * len(fraction[0]), ""))
            spelt = fraction[0]
        elif rest[0] == "Z" and after_t:
            pieces.append(("Z", ""))
            spelt = "Z"
        elif spelt:
            letters = _SPELT[spelt]
            letters = "mi" if spelt == "mm" and hour else letters
            letters = "hh" if letters == "HH" and half else letters
            hour = hour or letters in ("HH", "H", "hh", "kk")
            second = second or letters == "ss"
            pieces.append((letters, ""))
        elif rest[0] == "T" or not (rest[0].isalpha() or rest[0] in "{}"):
            spelt, after_t = rest[0], after_t or rest[0] == "T"
            pieces.append(("", spelt))
        else:
            raise KeyError(pattern)
        rest = rest[len(spelt) :]
    return pieces


def _part(letters: str) -> str:
    return "fraction" if letters[0] == "S" else _PARTS[letters]


def _mark_of(marks: str, found: re.Match[str]) -> str:
    if found["mark"] == "":
        return ""
    return "second" if found["mark"] == marks.partition("|")[2] else "first"


def _unmarked(marks: str) -> str:
    """Return which of two hours a text means that has no mark."""
    if not marks or "" not in marks.split("|"):
        return "undecided"
    return "first" if marks[0] == "|" else "second"


def _form(letters: str, literal: str) -> str:
    if not letters:
        return re.escape(literal)
    if letters == "{era}":
        return ""
    if letters == "{mark}":
        return f"(?P<mark>(?:{'|'.join(map(re.escape, literal.split('|')))})?)"
    form = f"[0-9]{{{len(letters)}}}" if letters[0] == "S" else _FORMS[letters]
    return f"(?P<{_part(letters)}>{form})"


def _moment(found: dict[str, str], parts: frozenset[str]) -> Moment:
    if "year" not in parts:
        return _time(found) if "hour" in parts else _day_of_month(int(found["day"]))
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    year -= sum(_ERAS[part] for part in parts if part in _ERAS)
    if "week" in parts:
        return date.fromisocalendar(year, int(found["week"]), 1)
    month = found["month"]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    day = date(year, number, int(found.get("day", "1")))
    if "hour" not in parts:
        return day
    moment = datetime.combine(day, time()) + _time(found)
    if "utc" in parts:
        return moment.replace(tzinfo=UTC)
    if "offset" in parts:
        return moment.replace(tzinfo=_offset(found["offset"]))
    return moment


def _time(found: dict[str, str]) -> timedelta:
    hour = int(found["hour"])
    if found.get("half"):
        hour = hour % 12 + (12 if found["half"] in ("PM", "pm") else 0)
    passed = timedelta(
        hours=hour,
        minutes=int(found.get("minute", "0")),
        seconds=int(found.get("second", "0")),
        microseconds=int(found.get("fraction", "0").ljust(6, "0")[:6]),
    )
    # Hour 24 is the midnight that ends the day, and nothing after it.
    if passed > timedelta(days=1):
        raise ValueError
    return passed


def _day_of_month(day: int) -> int:
    if not 1 <= day <= 31:
        raise ValueError
    return day


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if text[0] == "-" else length)


def _wall_value(
    value: object, parts: frozenset[str], zone: str, repeated: str = "undecided"
) -> datetime:
    """Return a value as the wall of its zone shows it."""
    if "year" not in parts and isinstance(value, time) and value.tzinfo is None:
        return datetime.combine(_SOME_DAY, value)
    if "year" not in parts and parts == {"day"} and isinstance(value, int):
        return datetime(2000, 1, _day_of_month(value) if 1 <= value <= 31 else _no_day())
    if "hour" in parts and "year" in parts:
        if not isinstance(value, datetime):
            raise EncodingError("wrong-type", f"must be a datetime, not {type(value).__name__}")
        if value.utcoffset() is None:
            raise EncodingError("naive-time", "must have a time zone")
        wall, is_said = "UTC" if "utc" in parts else zone, bool(parts & {"utc", "offset", "mark"})
        try:
            return wall_of(value, wall, repeated, is_said=is_said)
        except NotPlacedError as error:
            raise EncodingError(error.rule, error.message) from None
    if not isinstance(value, date) or isinstance(value, datetime) or "year" not in parts:
        wanted = "a date without a time" if "year" in parts else "a time of day without a zone"
        raise EncodingError("wrong-type", f"must be {wanted}, not {type(value).__name__}")
    return datetime.combine(value, time())


def _no_day() -> int:
    raise EncodingError("not-a-date", "is no day of a month")


def _is_same(read: Moment, value: object, moment: datetime, parts: frozenset[str]) -> bool:
    if isinstance(read, datetime):
        if read.tzinfo is not None:
            return _is_one_instant(read, moment)
        return read == moment.replace(tzinfo=None)
    if isinstance(read, timedelta):
        return read == moment - datetime.combine(_SOME_DAY, time())
    return read == value


def _is_one_instant(one: datetime, other: datetime) -> bool:
    # To Python, a time in an hour that comes twice equals no time of another zone.
    return one.astimezone(UTC) == other.astimezone(UTC)


def _write_piece(piece: tuple[str, str], moment: datetime, parts: frozenset[str]) -> str:
    letters, literal = piece
    if not letters or letters == "{era}":
        return "" if letters else literal
    if letters == "{mark}":
        return _mark(literal, moment)
    if letters[0] == "y":
        year = moment.isocalendar().year if "week" in parts else moment.year
        year += sum(_ERAS[part] for part in parts if part in _ERAS)
        return f"{year:0{len(letters)}d}"[-2 if letters == "yy" else 0 :]
    if letters[0] == "S":
        return f"{moment.microsecond:06d}".ljust(len(letters), "0")[: len(letters)]
    if letters in ("XXX", "XX"):
        offset = f"{moment:%z}"
        if len(offset) != len("+0300"):  # before zones had whole minutes
            raise EncodingError("not-a-date", "is out of range")
        return f"{offset[:3]}:{offset[3:]}" if letters == "XXX" else offset
    return _WRITERS[letters](moment)


def _mark(marks: str, moment: datetime) -> str:
    """Return the mark of an hour that comes twice; empty on all others."""
    other = moment.replace(fold=1 - moment.fold)
    if moment.tzinfo is None or other.utcoffset() == moment.utcoffset():
        return ""
    return marks.split("|")[moment.fold]


def _write_week(moment: datetime) -> str:
    return f"{moment.isocalendar().week:02d}"


def _word(read: Callable[[str], Moment], write: Callable[[datetime], str]) -> Compiled:
    def write_instant(value: object, zone: str, repeated: str = "undecided") -> str:
        moment = _wall_value(value, frozenset({"year", "hour", "offset"}), zone)
        text = write(moment)
        again = read(text)
        if not isinstance(again, datetime) or not _is_one_instant(again, moment):
            raise EncodingError("not-a-date", "cannot be written without loss")
        return text

    return Compiled(read, write_instant, lambda text: "", "undecided")


def _reader(form: str, word: str, read: Callable[[str], datetime]) -> Callable[[str], Moment]:
    def read_word(text: str) -> Moment:
        if re.fullmatch(form, text, re.ASCII) is None:
            raise ValueError(f"is not written {word}")
        try:
            return read(text)
        except (ValueError, OverflowError):
            pass
        raise ValueError(f"is written {word} but names no such time")

    return read_word


def _read_http(text: str) -> datetime:
    day, month, year, clock = int(text[5:7]), text[8:11], int(text[12:16]), text[17:25]
    at = time.fromisoformat(clock)
    return datetime.combine(date(year, _MONTHS.index(month) + 1, day), at, UTC)


def _write_http(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    name = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[at.weekday()]
    clock = f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}"
    return f"{name}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d} {clock} GMT"


def _epoch_reader(word: str, unit: timedelta) -> Callable[[str], Moment]:
    """Return what reads a number of units since 1970.

    It raises `NotPlacedError` for one beyond the calendar, such as milliseconds in place of
    seconds.
    """

    def read_number(text: str) -> Moment:
        if re.fullmatch("-?[0-9]{1,17}", text, re.ASCII) is None:
            raise ValueError(f"is not written {word}")
        try:
            return _EPOCH + int(text) * unit
        except OverflowError:
            pass
        raise NotPlacedError("implausible-date", "lies outside the calendar: its unit is another")

    return read_number


def _since_epoch(moment: datetime, unit: timedelta) -> str:
    return str((moment - _EPOCH) // unit)


def _read_iso(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


_SOME_DAY = date(2000, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND, _MILLISECOND = timedelta(seconds=1), timedelta(milliseconds=1)
# How far other eras are ahead: of Buddha, and of the Republic of China.
_ERAS = {"buddhist": 543, "minguo": -1911}
# Two digits of a year: 70 to 99 are of the last century.
_PIVOT = 70
_QUOTED = "'[^']*'|\"[^\"]*\"|[‘’][^’]*’|[“”][^”]*”"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPELT = {
    "yyyy": "yyyy", "YYYY": "yyyy", "HH24": "HH", "yyy": "yyy", "YYY": "yyy", "kk": "kk",
    "MMM": "MMM", "XXX": "XXX",
    "yy": "yy", "YY": "yy", "MM": "MM", "mm": "MM", "mi": "mi", "MI": "mi", "dd": "dd", "DD": "dd",
    "ww": "ww", "HH": "HH", "hh": "HH", "ss": "ss", "SS": "ss", "XX": "XX",
    "M": "M", "d": "d", "H": "H", "a": "a", "Z": "XX",
}  # fmt: skip
_PARTS = {
    "yyyy": "year", "yyy": "year", "yy": "year", "{mark}": "mark", "{era}": "era", "kk": "hour",
    "MM": "month", "M": "month", "MMM": "month", "dd": "day",
    "d": "day", "ww": "week", "HH": "hour", "H": "hour", "hh": "hour", "a": "half",
    "mi": "minute", "ss": "second", "XXX": "offset", "XX": "offset", "Z": "utc",
}  # fmt: skip
_TWO, _ONE_OR_TWO = "[0-9]{2}", "[1-9]|[0-9]{2}"
_FORMS = {
    "yyyy": "[0-9]{4}", "yyy": "[0-9]{3}", "yy": _TWO, "kk": "0[1-9]|1[0-9]|2[0-4]",
    "MM": _TWO, "M": _ONE_OR_TWO, "MMM": "|".join(_MONTHS),
    "dd": _TWO, "d": _ONE_OR_TWO, "ww": _TWO, "HH": "[01][0-9]|2[0-4]",
    "H": "1[0-9]|2[0-4]|[0-9]", "hh": "0[1-9]|1[0-2]", "a": "AM|PM|am|pm", "mi": "[0-5][0-9]",
    "ss": "[0-5][0-9]", "XXX": r"Z|[+\-][0-9]{2}:[0-5][0-9]", "XX": r"Z|[+\-][0-9]{2}[0-5][0-9]",
    "Z": "Z",
}  # fmt: skip
_WRITERS: dict[str, Callable[[datetime], str]] = {
    "MM": lambda at: f"{at.month:02d}", "M": lambda at: str(at.month),
    "MMM": lambda at: _MONTHS[at.month - 1], "dd": lambda at: f"{at.day:02d}",
    "d": lambda at: str(at.day), "ww": _write_week, "HH": lambda at: f"{at.hour:02d}",
    "H": lambda at: str(at.hour), "kk": lambda at: f"{at.hour or 24:02d}",
    "hh": lambda at: f"{(at.hour + 11) % 12 + 1:02d}",
    "a": lambda at: "AM" if at.hour < 12 else "PM", "mi": lambda at: f"{at.minute:02d}",
    "ss": lambda at: f"{at.second:02d}", "Z": lambda at: "Z",
}  # fmt: skip
_DATE, _CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"
_ZONED = r"(?:[Zz]|[+\-][0-9]{2}:[0-9]{2})"
_WORDS = {
    "rfc3339": _word(
        _reader(
            rf"{_DATE}[Tt ]{_CLOCK}:[0-9]{{2}}(?:\.[0-9]{{1,9}})?{_ZONED}", "rfc3339", _read_iso
        ),
        lambda at: at.isoformat(),
    ),
    "iso8601": _word(
        _reader(
            rf"{_DATE}(?:T{_CLOCK}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?)?"
            r"(?:Z|[+\-][0-9]{2}(?::?[0-9]{2})?)?",
            "iso8601",
            _read_iso,
        ),
        lambda at: at.isoformat(),
    ),
    "http-date": _word(
        _reader("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT", "http-date",
                _read_http),
        _write_http,
    ),
    "epoch_s": _word(
        _epoch_reader("epoch_s", _SECOND),
        lambda at: _since_epoch(at, _SECOND),
    ),
    "epoch_ms": _word(
        _epoch_reader("epoch_ms", _MILLISECOND),
        lambda at: _since_epoch(at, _MILLISECOND),
    ),
}  # fmt: skip
