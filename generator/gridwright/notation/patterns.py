"""Patterns of dates and times: the letters that they are composed of, and what a spec may write.

What a pattern means is decided here and in the runtime alike, from the same letters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

__all__ = [
    "MAY_LACK_OFFSET",
    "WORDS",
    "Composed",
    "PatternError",
    "example_of",
    "finest_step",
    "has_mark",
    "literal_expression",
    "meaning_of",
    "quoted_utc",
    "understand",
    "without_quotes",
]


class PatternError(ValueError):
    """A pattern that is none, or that can be read in two ways."""

    def __init__(self, message: str, help_text: str, *, is_ambiguous: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.help = help_text
        self.is_ambiguous = is_ambiguous


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a date or time, or a text that stands for itself where ``part`` is empty."""

    part: str
    letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A pattern that is understood.

    Attributes:
        kind: date, month, datetime, time, day_of_month or duration.
        is_instant: its values carry their own offset.
        length: in characters; None: it varies.
        expression: a regular expression of what is written so, for JSON Schema and XSD.
    """

    kind: str
    is_instant: bool
    length: int | None
    expression: str
    pieces: tuple[_Piece, ...] = ()


@cache
def understand(pattern: str) -> Composed:
    """Return what a pattern means.

    Raises:
        PatternError: a letter is not known, a part is missing, or it can be read in two ways.
    """
    if pattern in _WORDS:
        return _WORDS[pattern]
    pieces = tuple(_pieces(pattern))
    parts = [piece.part for piece in pieces if piece.part]
    for part in parts:
        if parts.count(part) > 1:
            raise PatternError(
                f"{pattern!r} can be read in two ways: two of its parts are the {part}",
                "say which by `pattern:`",
                is_ambiguous=True,
            )
    for piece, after in pairwise(p for p in pieces if p.part != "era"):
        if piece.letters in _LOOSE and after.part and after.part not in ("half", "offset"):
            raise PatternError(
                f"{pattern!r} can be read in two ways: nothing says where {piece.letters!r} ends",
                "say by `pattern:` how many digits it has",
                is_ambiguous=True,
            )
    lengths = [
        _LENGTHS.get(p.letters, len(p.letters)) if p.part else len(p.letters) for p in pieces
    ]
    is_loose = any(p.letters in _LOOSE or p.part in ("offset", "mark") for p in pieces)
    _check_era(pattern, pieces)
    if "mark" in parts and {"offset", "utc"} & set(parts):
        raise PatternError(
            f"{pattern!r} says twice which of two hours is meant: by an offset, and by a mark",
            "leave one of them out",
        )
    return Composed(
        kind=_kind(pattern, frozenset(parts)),
        is_instant=bool({"offset", "utc"} & set(parts)),
        length=None if is_loose else sum(lengths),
        expression="".join(_expression(piece) for piece in pieces),
        pieces=pieces,
    )


def has_mark(pattern: str) -> bool:
    """Say whether a pattern has a mark for an hour that comes twice."""
    try:
        return any(piece.part == "mark" for piece in understand(pattern).pieces)
    except PatternError:
        return False


def finest_step(pattern: str) -> timedelta | None:
    """Return the shortest time between two values of a pattern; None: it is not told by letters."""
    try:
        parts = {piece.part for piece in understand(pattern).pieces}
    except PatternError:
        return None
    if "second" in parts or not parts & set(_FINEST):
        return None
    return _FINEST["minute" if "minute" in parts else "hour"]


def quoted_utc(pattern: str) -> str:
    """Return the sign of UTC that a composed pattern has as a text at its end; empty: none."""
    end = ""
    for piece in understand(pattern).pieces:
        end = "" if piece.part else end + piece.letters
    found = re.search("(?<![A-Za-z])(Z|UTC|GMT) *$", end)
    return found[1] if found else ""


def meaning_of(pattern: str) -> tuple[tuple[str, str], ...]:
    """Return what a pattern means: its parts, and the texts between them, in order.

    Two patterns of one meaning are written and read alike, however their texts are quoted. A word
    that is a whole value means itself alone.
    """
    if pattern in WORDS:
        return (("word", pattern),)
    found: list[tuple[str, str]] = []
    for piece in understand(pattern).pieces:
        if not piece.part and found and not found[-1][0]:
            found[-1] = ("", found[-1][1] + piece.letters)
        else:
            found.append((piece.part, piece.letters))
    return tuple(found)


def without_quotes(pattern: str) -> str:
    """Return a pattern without quotes where they change nothing; else as it is."""
    bare = "".join(sign for sign in pattern if sign not in _QUOTES)
    try:
        return bare if meaning_of(bare) == meaning_of(pattern) else pattern
    except PatternError:
        return pattern


def _check_era(pattern: str, pieces: Sequence[_Piece]) -> None:
    """Report years that cannot be told from those of another century or era."""
    eras = [piece.letters for piece in pieces if piece.part == "era"]
    years = [piece.letters for piece in pieces if piece.part == "year"]
    if (eras and "yy" in years) or (eras != ["minguo"] and "yyy" in years):
        raise PatternError(
            f"{pattern!r} can be read in two ways: its years do not say their era",
            "write yyyy, or in the calendar minguo yyy",
            is_ambiguous=True,
        )


def example_of(pattern: str, day: date) -> str:
    """Write half past two in the afternoon of a day, UTC, in a pattern."""
    if pattern in _EXAMPLES:
        return _EXAMPLES[pattern].format(day=day, seconds=(day - date(1970, 1, 1)).days * 86400)
    year, week, _ = day.isocalendar()
    ahead = next((_ERAS[p.letters] for p in understand(pattern).pieces if p.part == "era"), 0)
    has_week = any(piece.part == "week" for piece in understand(pattern).pieces)
    known = {
        "yyyy": f"{year if has_week else day.year + ahead:04d}", "yy": f"{day.year % 100:02d}",
        "MM": f"{day.month:02d}", "M": str(day.month), "MMM": _MONTHS[day.month - 1],
        "dd": f"{day.day:02d}", "d": str(day.day), "ww": f"{week:02d}",
        "yyy": f"{day.year + ahead:03d}",
        "HH": "14", "H": "14", "kk": "14", "hh": "02", "a": "PM", "mm": "30", "ss": "00",
        "XXX": "+00:00", "XX": "+0000", "Z": "Z",
    }  # fmt: skip
    return "".join(_example(p, known) for p in understand(pattern).pieces)


def _example(piece: _Piece, known: Mapping[str, str]) -> str:
    if piece.part == "fraction":
        return "0" * len(piece.letters)
    if piece.part in ("mark", "era"):
        return ""
    return known[piece.letters] if piece.part else piece.letters


def _kind(pattern: str, parts: frozenset[str]) -> str:
    days = parts & {"year", "month", "day", "week"}
    parts -= {"era"}
    times = parts - days - {"offset", "utc", "mark"}
    if "mark" in parts and "hour" not in times:
        times |= {"mark"}  # which no kind has
    has_time = "hour" in times and (times <= {"hour"} or "minute" in times)
    if "second" not in times:
        has_time = has_time and "fraction" not in times
    found = _KINDS.get(days)
    if found == "date" and has_time:
        return "datetime"
    if found is not None and not parts - days:
        return found
    if not days and has_time and not parts & {"offset", "utc"}:
        return "time"
    raise PatternError(
        f"{pattern!r} is no date and no time: it has {', '.join(sorted(parts)) or 'no part'}",
        _TABLE,
    )


def _pieces(pattern: str) -> Iterator[_Piece]:
    rest, has_hour, has_t, has_second = pattern, False, False, False
    is_half = "a" in _bare(pattern)
    while rest:
        if rest[0] in _QUOTES:
            text, _, after = rest[1:].partition(_QUOTES[rest[0]])
            yield _Piece("", text or rest[0])
            rest = after
            continue
        special = _SPECIAL.match(rest)
        if special is not None:
            part = "mark" if special[1] else "era"
            yield _Piece(part, special[1] or special[2])
            rest = rest[special.end() :]
            continue
        spelt = next((s for s in _SPELLINGS if rest.startswith(s)), None)
        if rest[0] in "Sf" and (has_second or rest[0] == "f"):
            spelt = rest[: len(rest) - len(rest.lstrip(rest[0]))]
            yield _Piece("fraction", "S" * len(spelt))
        elif rest[0] == "Z" and has_t:
            spelt = "Z"
            yield _Piece("utc", "Z")
        elif spelt is not None:
            part, letters = _SPELLINGS[spelt]
            if spelt == "mm" and has_hour:
                part, letters = "minute", "mm"
            if part == "hour":
                letters = "hh" if is_half and letters != "kk" else letters
                has_hour = True
            has_second = has_second or part == "second"
            yield _Piece(part, letters)
        elif rest[0] == "T" or not (rest[0].isalpha() or rest[0] in "{}"):
            spelt = rest[0]
            has_t = has_t or spelt == "T"
            yield _Piece("", spelt)
        else:
            raise PatternError(f"{pattern!r} has {rest[0]!r}, which is no letter of a time", _TABLE)
        rest = rest[len(spelt) :]


def _bare(pattern: str) -> str:
    """Return a pattern without what is quoted or in braces."""
    bare, rest = "", pattern
    while rest:
        if rest[0] in _QUOTES:
            rest = rest[1:].partition(_QUOTES[rest[0]])[2]
        elif (special := _SPECIAL.match(rest)) is not None:
            rest = rest[special.end() :]
        else:
            bare, rest = bare + rest[0], rest[1:]
    return bare


def _expression(piece: _Piece) -> str:
    if piece.part == "fraction":
        return f"[0-9]{{{len(piece.letters)}}}"
    if piece.part == "era":
        return ""
    if piece.part == "mark":
        marks = "|".join(map(literal_expression, filter(None, piece.letters.split("|"))))
        return f"({marks})?"
    if piece.part:
        return _EXPRESSIONS[piece.letters]
    return literal_expression(piece.letters)


def literal_expression(text: str) -> str:
    """Return the expression of a text itself, in the part that all dialects share."""
    # XSD has no escape for a dollar sign, and ECMA 262 none for what means nothing, as a hyphen.
    return "".join(
        "[$]" if sign == "$" else f"\\{sign}" if sign in r"\.^|?*+()[]{}" else sign for sign in text
    )


_TABLE = (
    "letters: yyyy yy MM M MMM dd d ww, HH H kk hh a mm ss S, XXX XX for an offset, {a|b} for the "
    "two hours that clocks repeat, 'text' for itself; or date-time, rfc3339, iso8601, http-date, "
    "epoch_s, epoch_ms"
)
# Marks of the two hours that clocks repeat; or an era, as `calendar` says it.
_SPECIAL = re.compile(r"\{(?:([^{}|]*\|[^{}|]+)|(buddhist|minguo))\}")
_FINEST = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_ERAS = {"buddhist": 543, "minguo": -1911}
# Those of programs, of databases, and what word processors make of them.
_QUOTES = {"'": "'", '"': '"', "‘": "’", "’": "’", "“": "”", "”": "”"}
# As printed, longest first: the part, and the letters that it is written with here.
_SPELLINGS = {
    "yyyy": ("year", "yyyy"), "YYYY": ("year", "yyyy"), "HH24": ("hour", "HH"),
    "yyy": ("year", "yyy"),
    "YYY": ("year", "yyy"), "kk": ("hour", "kk"), "MMM": ("month", "MMM"),
    "XXX": ("offset", "XXX"),
    "yy": ("year", "yy"), "YY": ("year", "yy"), "MM": ("month", "MM"), "mm": ("month", "MM"),
    "mi": ("minute", "mm"), "MI": ("minute", "mm"), "dd": ("day", "dd"), "DD": ("day", "dd"),
    "ww": ("week", "ww"), "HH": ("hour", "HH"), "hh": ("hour", "HH"), "ss": ("second", "ss"),
    "SS": ("second", "ss"), "XX": ("offset", "XX"),
    "M": ("month", "M"), "d": ("day", "d"), "H": ("hour", "H"), "a": ("half", "a"),
    "Z": ("offset", "XX"),
}  # fmt: skip
_LOOSE = frozenset({"M", "d", "H"})
_LENGTHS = {"XXX": 6, "XX": 5, "a": 2, "buddhist": 0, "minguo": 0}
_KINDS = {
    frozenset({"year", "month", "day"}): "date",
    frozenset({"year", "week"}): "date",
    frozenset({"year", "month"}): "month",
    frozenset({"day"}): "day_of_month",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOUR, _SIXTY = "([01][0-9]|2[0-4])", "[0-5][0-9]"
_EXPRESSIONS = {
    "yyyy": "[0-9][0-9][0-9][0-9]", "yyy": "[0-9][0-9][0-9]", "yy": "[0-9][0-9]",
    "MM": "(0[1-9]|1[0-2])",
    "M": "([1-9]|1[0-2])", "MMM": f"({'|'.join(_MONTHS)})", "dd": "(0[1-9]|[12][0-9]|3[01])",
    "d": "([1-9]|[12][0-9]|3[01])", "ww": "(0[1-9]|[1-4][0-9]|5[0-3])",
    "HH": _HOUR, "H": "([0-9]|1[0-9]|2[0-4])", "hh": "(0[1-9]|1[0-2])", "a": "(AM|PM|am|pm)",
    "kk": "(0[1-9]|1[0-9]|2[0-4])",
    "mm": _SIXTY, "ss": _SIXTY,
    "XXX": rf"(Z|[+\-]{_HOUR}:{_SIXTY})", "XX": rf"(Z|[+\-]{_HOUR}{_SIXTY})", "Z": "Z",
}  # fmt: skip
_DATE, _CLOCK = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", f"{_HOUR}:{_SIXTY}:{_SIXTY}"
_OFFSET = rf"(Z|[+\-]{_HOUR}:{_SIXTY})"


def _instant(expression: str) -> Composed:
    return Composed(kind="datetime", is_instant=True, length=None, expression=expression)


def _length(expression: str) -> Composed:
    return Composed(kind="duration", is_instant=False, length=None, expression=expression)


_NUMBER = r"[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"


def _in_order(units: Mapping[str, str]) -> str:
    """Return the expression of amounts of units in their order, at least one of them."""
    amounts = [f"{amount}{unit}" for unit, amount in units.items()]
    starts = (
        first + "".join(f"({amount})?" for amount in amounts[place + 1 :])
        for place, first in enumerate(amounts)
    )
    return f"({'|'.join(starts)})"


_PERIOD = _in_order(dict.fromkeys("YMWD", "[0-9]+"))
_PASSED = "T" + _in_order({"H": "[0-9]+", "M": "[0-9]+", "S": "[0-9]+([.,][0-9]+)?"})
_ISO_DURATION = rf"[+\-]?P({_PERIOD}({_PASSED})?|{_PASSED})"
_WORDS = {
    "rfc3339": _instant(rf"{_DATE}[Tt ]{_CLOCK}(\.[0-9]{{1,9}})?{_OFFSET}"),
    "iso8601": _instant(rf"{_DATE}(T{_HOUR}:{_SIXTY}(:{_SIXTY}(\.[0-9]{{1,9}})?)?)?"
                        rf"(Z|[+\-]{_HOUR}(:?{_SIXTY})?)?"),
    "http-date": _instant(
        f"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9][0-9] ({'|'.join(_MONTHS)}) [0-9]{{4}} {_CLOCK} GMT"
    ),
    "epoch_s": _instant(r"-?[0-9]{1,11}"),
    "epoch_ms": _instant(r"-?[0-9]{1,14}"),
    "duration": _length(_ISO_DURATION),
    **{f"duration_{unit}": _length(_NUMBER) for unit in ("s", "min", "h")},
}  # fmt: skip
WORDS = frozenset(_WORDS)
"""Whole values that are patterns by themselves."""
MAY_LACK_OFFSET = frozenset({"iso8601"})
"""Patterns of which a value may carry its offset, and is of the wall clock where it does not."""
_EXAMPLES = {
    "rfc3339": "{day:%Y-%m-%d}T14:30:00+00:00",
    "iso8601": "{day:%Y-%m-%d}T14:30:00+00:00",
    "http-date": "{day:%a, %d %b %Y} 14:30:00 GMT",
    "epoch_s": "{seconds}",
    "epoch_ms": "{seconds}000",
    "duration": "PT15M",
    "duration_s": "900",
    "duration_min": "15",
    "duration_h": "0.25",
}
