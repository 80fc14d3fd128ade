"""Decimals whose texts have other signs than a point: ``1.234,5``, ``1 234,56``. Never guesses."""

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from .encoders import encode_decimal
from .numerals import read_decimal

__all__ = [
    "BlankComma", "BlankPoint", "Comma", "CommaPoint", "PointComma", "QuoteComma", "QuotePoint",
    "read_number", "write_number",
]  # fmt: skip


def read_number(value: object, thousands: str, decimal: str) -> Decimal:
    """Read a number: a text with these signs, or a number of JSON.

    The sign of thousands may be left out, but where it stands it parts groups of three digits.

    Raises:
        ValueError: it is no number, or written otherwise.
    """
    if isinstance(value, float):
        raise ValueError("is a number that may have lost digits")  # read again, exactly
    if not isinstance(value, str):
        return read_decimal(value)
    text = value.strip(" \t\r\n")
    if thousands == " ":
        text = re.sub("[\u00a0\u202f]", " ", text)
    if re.fullmatch(_form(thousands, decimal), text) is None:
        raise ValueError("is not written as a number")
    plain = text.replace(thousands, "") if thousands else text
    return Decimal(plain.replace(decimal, "."))


def write_number(value: object, thousands: str, decimal: str) -> str:
    """Write a number with these signs.

    Raises:
        EncodingError: it is no exact number.
    """
    text = encode_decimal(value)
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, point, rest = digits.partition(".")
    if thousands:
        whole = f"{int(whole):,}".replace(",", thousands)
    return f"{sign}{whole}{decimal if point else ''}{rest}"


@cache
def _form(thousands: str, decimal: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    whole = "[0-9]+"
    if thousands:
        whole = f"(?:[0-9]+|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+)"
    return re.compile(f"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)", re.ASCII)


if TYPE_CHECKING:
    Comma: TypeAlias = Decimal
    PointComma: TypeAlias = Decimal
    BlankComma: TypeAlias = Decimal
    QuoteComma: TypeAlias = Decimal
    CommaPoint: TypeAlias = Decimal
    BlankPoint: TypeAlias = Decimal
    QuotePoint: TypeAlias = Decimal
else:

    class _Written(type):
        """A class that stands for decimals, so that msgspec asks our hook."""

        thousands: str
        decimal: str
        rule: str = "not-number"

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, Decimal)

        def read_wire(cls, value: Any) -> Decimal:
            return read_number(value, cls.thousands, cls.decimal)

        def write_wire(cls, value: Any) -> str:
            return write_number(value, cls.thousands, cls.decimal)

    def _number_type(name: str, thousands: str, decimal: str) -> _Written:
        return _Written(name, (), {"thousands": thousands, "decimal": decimal})

    Comma = _number_type("Comma", "", ",")
    PointComma = _number_type("PointComma", ".", ",")
    BlankComma = _number_type("BlankComma", " ", ",")
    QuoteComma = _number_type("QuoteComma", "'", ",")
    CommaPoint = _number_type("CommaPoint", ",", ".")
    BlankPoint = _number_type("BlankPoint", " ", ".")
    QuotePoint = _number_type("QuotePoint", "'", ".")
