"""Values on both sides of every limit, for single fields; all validators must judge them alike.

What is left out, because the standards do not let the three say the same:

- XML drops white space around an xs:decimal before any facet looks at it, and xs:decimal has no
  exponents. Our validators refuse the white space, and take `1e3` as they do in JSON.
- In JSON, a number may be written as text. How large one with an exponent is, no regular
  expression can say.
- Neither JSON (RFC 8259, section 8.2) nor XML carries a lone surrogate, and XML none of most
  control characters.
- 9999123124 and 999912312400 name the first instant after the last day of Python's calendar.
- To JSON Schema, 5.0 is a whole number; to a validator that keeps decimals apart, it is not.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeAlias

from hypothesis import strategies as st

__all__ = ["JSON_SHAPES", "XML_SHAPES", "Kind", "all_values", "json_values", "xml_values"]

Kind: TypeAlias = Literal["text", "code", "number", "date"]


def _words(text: str) -> list[str]:
    return text.split()


_SIZES = ((14, 4), (15, 0), (17, 2), (6, 3), (5, 0))


def _around(precision: int, scale: int) -> Iterator[str]:
    whole, decimals = "9" * (precision - scale), "9" * scale
    for sign in ("", "-"):
        yield f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
        yield f"{sign}{whole}.{decimals}00"
        yield f"{sign}{whole}.{decimals}9"
        yield f"{sign}{whole}.999999"
        yield f"{sign}1{'0' * len(whole)}"
        yield f"{sign}1{'0' * len(whole)}.5"


_NUMBERS = (
    *_words("0 -0 0.5 -0.0000 1 -1 85 31.5 7.50 1.50000000 0.0001 0.00001 -0.1234 1e400 1E3 1E-4"),
    *_words("0.0000000000000000001 12345678901234567890.123456789 1E-5 1e-400 0E-9 12e1"),
    *_words("-5E+2 1E15 999E12 9.9999e9 99999e-5"),
    *(number for size in _SIZES for number in _around(*size)),
)
_NUMBERS_AS_TEXT = (
    *(number for number in _NUMBERS if "e" not in number.lower()),
    *_words("00012 007.50 +5 5. .5 -.5 +.50 . - + --1 1,5 1_000 1.2.3 １２ ٣ abc NaN INF"),
    *_words("Infinity 0x10 ½ −1 000000000000000000000000 00000000000000000000000009"),
    *("1 2", "1\n", " 1", "1 ", "\t1"),
)
_TEXTS = (
    *_words("x Y N y 1 4 13 34 99 01 02 null 해당없음"),
    *(
        "",
        " ",
        "가" * 10,
        "가" * 11,
        "😀" * 10,
        "😀" * 11,
        "é" * 10,
        "e\u0301" * 6,
        "0" * 18,
        "0" * 19,
    ),
    *("a" * 15, "a" * 16, "나" * 20, "나" * 21, "k" * 255, "k" * 256),
    *("a\tb", "a\nb", "a\r", "x\n", "\n", "\0", "\x1f", "\x7f", "a\x85", "\x9f", "\xa0", "\u2028"),
)
_DATES = (
    *_words("20241001 20240229 20230229 20000229 19000229 21000229 20241301 20240431 99999999"),
    *_words("00000000 00010101 00000101 09991231 99991231 2024-10-01 ２０２４１００１ 2024100१"),
    *_words("2024101 202410011 202409 202413 202400 000001 000000 999912 2024100100"),
    *_words("2024100123 2024100124 2024100125 2023022900 202410010000 202410012359"),
    *_words("202410012400 202410012401 202410012360 202402290015 202302290015"),
    *_words("0000 0015 2345 2359 2400 2401 2360 0060 9999 24:00 ００１５"),
    *_words("1 01 9 12 31 32 0 00 012 +1 -1 1.0"),
    *(f"{day}\n" for day in _words("20241001 202409 2024100100 202410010015 0015 9 12")),
    *(" 20241001", "20241001 ", "0 15"),
)
JSON_SHAPES: tuple[Any, ...] = (
    *(None, True, False, 0, 12, Decimal("0.5"), [], ["a"], [[]], [{}], {}, {"a": "b"}),
)
"""What is no text or no number, or is none in JSON."""
XML_SHAPES: tuple[Any, ...] = (
    *("", "  ", "\n ", "x", {"a": "b"}, {"a": ""}, ["x", "y"], ["", ""], [{"a": "b"}, ""]),
)
"""What stands in an element: text, other elements, or it stands twice."""

_LISTED: dict[Kind, tuple[str, ...]] = {
    "text": _TEXTS,
    "code": _TEXTS,
    "number": _NUMBERS_AS_TEXT,
    "date": _DATES,
}
_days = st.builds(
    lambda year, month, day: f"{year:04d}{month:02d}{day:02d}",
    st.sampled_from([1, 4, 100, 400, 999, 1000, 1900, 2000, 2023, 2024, 2100, 9996, 9999]),
    st.integers(0, 13),
    st.sampled_from([0, 1, 28, 29, 30, 31, 32]),
)
_decimals = st.builds(
    lambda sign, whole, decimals: f"{sign}{whole}" + (f".{decimals}" if decimals else ""),
    st.sampled_from(["", "-"]),
    st.integers(0, 10**17),
    st.text("09", max_size=7) | st.text("0123456789", max_size=5),
)
_TEXT_STRATEGIES: dict[Kind, st.SearchStrategy[str]] = {
    "text": st.sampled_from(_TEXTS) | st.text(st.characters(codec="utf-8"), max_size=25),
    "code": st.sampled_from(_TEXTS),
    "number": st.sampled_from(_NUMBERS_AS_TEXT) | _decimals,
    "date": st.sampled_from(_DATES) | st.dates().map("{:%Y%m%d}".format) | _days,
}


@cache
def json_values(kind: Kind) -> st.SearchStrategy[Any]:
    """Make values of a field of this kind in JSON, and some of other kinds."""
    texts = _TEXT_STRATEGIES[kind] | st.one_of(*_TEXT_STRATEGIES.values())
    if kind == "number":
        texts = texts.filter(_has_no_exponent)
    numbers = (st.sampled_from(_NUMBERS) | _decimals).map(_as_number)
    return (numbers if kind == "number" else texts) | texts | numbers | st.sampled_from(JSON_SHAPES)


@cache
def xml_values(kind: Kind) -> st.SearchStrategy[Any]:
    """Make what an element of a field of this kind holds in XML, and some of other kinds."""
    texts = _TEXT_STRATEGIES[kind] | st.one_of(*_TEXT_STRATEGIES.values())
    return texts.filter(lambda text: _fits_xml(kind, text)) | st.sampled_from(XML_SHAPES)


def all_values(kind: Kind, format: Literal["json", "xml"]) -> list[Any]:
    """Return every listed value for a field of this kind, those of other kinds included."""
    texts = dict.fromkeys(text for listed in _LISTED.values() for text in listed)
    if format == "xml":
        return [*(text for text in texts if _fits_xml(kind, text)), *XML_SHAPES]
    kept = [text for text in texts if kind != "number" or _has_no_exponent(text)]
    return [*kept, *map(_as_number, _NUMBERS), *JSON_SHAPES]


def _as_number(text: str) -> int | Decimal:
    return int(text) if re.fullmatch("-?[0-9]+", text) else Decimal(text)


def _has_no_exponent(text: str) -> bool:
    return not re.fullmatch("[-+]?[0-9.]+[eE][-+]?[0-9]+", text)


def _fits_xml(kind: Kind, text: str) -> bool:
    if kind == "number" and (text != text.strip(" \t\r\n") or not _has_no_exponent(text)):
        return False
    return re.fullmatch("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", text) is not None
