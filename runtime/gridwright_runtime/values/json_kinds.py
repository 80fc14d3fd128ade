"""Values that JSON has as another kind than their type: numbers as texts, codes as numbers.

What is written is of that kind; in XML and everywhere else it is the same text as ever. What is
read may be of either kind, since what it means is certain.
"""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from ..texts.encoders import EncodingError, encode_code, encode_decimal, encode_integer
from .types import read_boolean, read_decimal, read_integer

__all__ = [
    "BooleanCode",
    "NumberCode",
    "TextBoolean",
    "TextDecimal",
    "TextInteger",
    "code_text",
    "is_number",
    "kind_in_json",
]


def is_number(text: str) -> bool:
    """Say whether a text is a whole number as JSON writes it, so that both say the same."""
    return re.fullmatch("0|-?[1-9][0-9]{0,17}", text) is not None


def code_text(value: object) -> str:
    """Return the code that a value of JSON is.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 100 else str(value)
    if isinstance(value, str) and value.strip(" \t\r\n"):
        return value
    raise ValueError("is no code")  # a float, too: it may have lost digits


def kind_in_json(text: str, kind: str) -> object:
    """Return a text as the kind of value that JSON has in its place; the text, where it is none."""
    if kind == "number" and is_number(text):
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _boolean(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    raise EncodingError("wrong-type", f"must be a bool, not {type(value).__name__}")


def _number_code(value: object) -> object:
    return kind_in_json(encode_code(value), "number")


def _boolean_code(value: object) -> object:
    return kind_in_json(encode_code(value), "boolean")


# A type checker sees what the field holds; msgspec sees a class of its own, of which it asks
# `decode_hook`.
if TYPE_CHECKING:
    BooleanCode: TypeAlias = str
    NumberCode: TypeAlias = str
    TextBoolean: TypeAlias = bool
    TextDecimal: TypeAlias = Decimal
    TextInteger: TypeAlias = int
else:

    class _Kind(type):
        plain: type
        """The type of its values in Python."""
        json: str
        """What JSON has in their place: a text, a number or a boolean."""
        rule: str

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, cls.plain)

    def _kind(name: str, plain: type, json: str, rule: str, read: Any, write: Any) -> _Kind:
        members = {"plain": plain, "json": json, "rule": rule}
        hooks = {"read_wire": staticmethod(read), "write_wire": staticmethod(write)}
        return _Kind(name, (), {**members, **hooks})

    def _exact(value: object) -> Decimal:
        if isinstance(value, float):
            raise ValueError("is a number that may have lost digits")  # read again, exactly
        return read_decimal(value)

    BooleanCode = _kind("BooleanCode", str, "boolean", "not-text", code_text, _boolean_code)
    NumberCode = _kind("NumberCode", str, "number", "not-text", code_text, _number_code)
    TextBoolean = _kind("TextBoolean", bool, "text", "wrong-type", read_boolean, _boolean)
    TextDecimal = _kind("TextDecimal", Decimal, "text", "not-number", _exact, encode_decimal)
    TextInteger = _kind("TextInteger", int, "text", "not-number", read_integer, encode_integer)
