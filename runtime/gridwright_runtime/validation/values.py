"""Check fields that hold a text, a code, a number, a yes or no, a file, or a list of them."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Literal, TypeAlias, Unpack

from ..redact import printable
from ..texts.encoders import Unencodable
from ..times.instants import is_instant_text
from ..times.patterns import is_plausible_year
from .findings import (
    CONTROL,
    IMPLAUSIBLE,
    MOST_FOUND,
    NO_INSTANT,
    Bounds,
    CheckOptions,
    FieldAt,
    Findings,
    Range,
    Sizes,
    code_text,
    digit_counts,
    may_be_absent,
    parse_decimal,
    some_of,
)

__all__ = ["Kind", "ValueChecks"]

Kind: TypeAlias = Literal["text", "integer", "decimal", "boolean", "instant", "file"]


class ValueChecks(Findings):
    """Checks of one field by the type of its values; a call each."""

    __slots__ = ()

    def text(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        max_characters: int | None = None,
        min_characters: int | None = None,
        max_bytes: int | None = None,
        encoding: str = "utf-8",
        lengths: Sizes = (),
        byte_lengths: Sizes = (),
        matches: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a text with a size in characters, or in bytes of an encoding, and its form."""
        found = self._record.get(wire)
        if type(found) is str and found.isprintable() and found:
            most = len(found) if max_characters is None else max_characters
            is_free = min_characters is None and max_bytes is None
            if is_free and len(found) <= most and not (lengths or byte_lengths or matches):
                self._known.add(wire)
                return  # as most texts do
        elif wire not in self._record and may_be_absent(options):
            return
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._text(at)
        if value is None:
            return
        self._size(at, len(value), min_characters, max_characters, "characters")
        if max_bytes is not None:
            size = len(value.encode(encoding, "replace"))
            self._size(at, size, None, max_bytes, f"bytes in {encoding}")
        self._facts_of_text(at, value, lengths, byte_lengths, encoding, matches)

    def code(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        codes: Collection[str],
        max_characters: int | None = None,
        json: Literal["", "number", "boolean"] = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a text that is one of a list of codes; with ``json``, that kind of value, too."""
        found = self._record.get(wire)
        if type(found) is str and found and found in codes and found.isprintable():
            most = len(found) if max_characters is None else max_characters
            if len(found) <= most:
                self._known.add(wire)
                return  # as most codes do
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._code(at, json) if json else self._text(at)
        if value is None:
            return
        if value not in codes:
            shown = "is" if at.personal or at.secret else f"{printable(value, 40)!r} is"
            self._add(at, "not-a-code", f"{shown} not one of {some_of(codes)}")
        self._size(at, len(value), None, max_characters, "characters")

    def _code(self, at: FieldAt, json: str) -> str | None:
        """Return the text of a code that JSON has as a number or a boolean."""
        value = self._value(at)
        if isinstance(value, bool) == (json == "boolean") and isinstance(value, int | Decimal):
            return code_text(value)
        return None if value is None else self._text(at)

    def integer(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        max_digits: int | None = None,
        range: Range | None = None,
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a whole number; leading zeros do not count as digits."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._value(at, parse_integer)
        if value is None:
            return
        number = parse_integer(value)
        if number is None:
            self._add(at, "not-number", "is not written as a whole number")
        else:
            self._digits(at, digit_counts(number), max_digits, None)
            if range is not None:
                self._range(at, number, range)

    def decimal(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        precision: int | None = None,
        scale: int | None = None,
        signs: tuple[str, str] | None = None,
        range: Range | None = None,
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a decimal number: ``14,4`` is ten digits before the point and four after.

        Zeros at either end do not count: providers drop them, so they say nothing.
        """
        at = FieldAt(wire, name, label, label_en, **options)
        read = parse_decimal if signs is None else partial(_signed_decimal, signs=signs)
        value = self._value(at, read)
        if value is None:
            return
        number = read(value)
        if number is None:
            self._add(at, "not-number", "is not written as a number")
        else:
            most = None if precision is None else precision - (scale or 0)
            self._digits(at, digit_counts(number), most, scale)
            if range is not None:
                self._range(at, number, range)

    def boolean(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a yes or no, which is written ``true`` or ``false``."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._value(at)
        if value is not None and not is_boolean(value):
            self._add(at, "wrong-type", "is neither true nor false")

    def upload(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a file: an `Upload` to send, or what a mock makes of one that came."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._value(at)
        if value is not None and isinstance(value, _PLAIN):
            self._add(at, "wrong-type", "is not a file")

    def json(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check that a JSON value is there: any will do, an empty text too."""
        at = FieldAt(wire, name, label, label_en, **options)
        if self._record.get(wire) == "":
            self._known.add(wire)
        else:
            self._value(at)

    def values(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        kind: Kind,
        codes: Collection[str] = (),
        some: bool = False,
        count: Bounds | None = None,
        lengths: Sizes = (),
        byte_lengths: Sizes = (),
        encoding: str = "utf-8",
        matches: str = "",
        range: Range | None = None,
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a list of plain values; with ``some``, it must not be empty.

        With ``codes``, they are texts of a list of codes. What is said of lengths, forms and
        ranges is said of each value.
        """
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._value(at)
        if value is None:
            return
        if not isinstance(value, list):
            self._add(at, "wrong-type", "is not a list")
            return
        if some and not value:
            self._add(at, "required", "is required")
        elif count is not None:
            self._count(at, len(value), count)
        for index, item in enumerate(value):
            if len(self._found) > MOST_FOUND:
                return
            of_item, before = at._replace(name=f"{at.name}[{index}]"), len(self._found)
            self._item(of_item, kind, codes, item)
            if len(self._found) > before:
                continue
            if isinstance(item, str) and (lengths or byte_lengths or matches):
                self._facts_of_text(of_item, item, lengths, byte_lengths, encoding, matches)
            elif range is not None and (number := parse_decimal(item)) is not None:
                self._range(of_item, number, range)

    def _item(self, at: FieldAt, kind: Kind, codes: Collection[str], value: object) -> None:
        if isinstance(value, Unencodable):
            self._add(at, value.rule, value.message)
        elif value is None or value == "":
            self._add(at, "required", "is a missing value in a list")
        elif (problem := _item_problem(kind, value)) is not None:
            self._add(at, *problem)
        elif codes and value not in codes:
            self._add(at, "not-a-code", f"is not one of {some_of(codes)}")


def parse_integer(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and re.fullmatch(_INTEGER, value)):
        return Decimal(value)
    return None


def _signed_decimal(value: object, signs: tuple[str, str]) -> Decimal | None:
    """Return a number whose texts have signs of their own, of thousands and of decimals."""
    from ..texts.number_texts import read_number  # few documents have them

    try:
        return read_number(value, *signs)
    except ValueError:
        return None


def is_boolean(value: object) -> bool:
    # XML has texts only, and these two more for its xs:boolean.
    return isinstance(value, bool) or value in ("true", "false", "1", "0")


def _item_problem(kind: Kind, value: object) -> tuple[str, str] | None:
    """Return rule and message for a value of a list that is not of its kind."""
    match kind:
        case "text" if not isinstance(value, str):
            return "not-text", "is not a text"
        case "text" if not str(value).isprintable() and re.search(CONTROL, str(value)):
            return "control-character", "holds a control character"
        case "integer" if parse_integer(value) is None:
            return "not-number", "is not written as a whole number"
        case "decimal" if parse_decimal(value) is None:
            return "not-number", "is not written as a number"
        case "boolean" if not is_boolean(value):
            return "wrong-type", "is neither true nor false"
        case "instant" if not (isinstance(value, str) and is_instant_text(value)):
            return "not-a-date", NO_INSTANT
        case "instant" if isinstance(value, str) and not is_plausible_year(value):
            return "implausible-date", IMPLAUSIBLE
        case "file" if isinstance(value, _PLAIN):
            return "wrong-type", "is not a file"
    return None


_PLAIN = (str, bytes, int, Decimal, float, bool, list, Mapping)
# Compiled when first used: importing a client must stay cheap.
_INTEGER = r"[+-]?[0-9]+"
