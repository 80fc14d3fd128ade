"""Collect what is wrong with one wire record, for every check."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, TypeAlias, TypedDict

from ..layouts import ContradictedKey, SeveralForOne
from ..problems import Problem
from ..redact import printable
from ..texts.encoders import Unencodable
from ..texts.local_instant import NotPlacedError
from ..times.patterns import YEARS, is_in_other_unit, parse
from ..values.types import is_said_missing, read_decimal

__all__ = [
    "ABSENT",
    "CONTROL",
    "IMPLAUSIBLE",
    "MOST_FOUND",
    "NO_INSTANT",
    "OTHER_UNIT",
    "Bounds",
    "CheckOptions",
    "FieldAt",
    "Findings",
    "Range",
    "Sizes",
    "code_text",
    "digit_counts",
    "is_blank",
    "may_be_absent",
    "parse_decimal",
    "several_in",
    "some_of",
]

Sizes: TypeAlias = Sequence[tuple[int, int | None]]
"""Ranges of sizes, each with its least and its most; None: there is no most."""

Bounds: TypeAlias = tuple[int, int | None]
"""The least and the most of a count; None: there is no most."""

Range: TypeAlias = tuple[str, str, str]
"""The smallest and the largest number, and what it is a multiple of; empty: nothing is said."""


class CheckOptions(TypedDict, total=False):
    """What every check takes besides the rules of its type."""

    required: bool
    """In a request: None, an empty text and absence are problems."""
    optional: bool
    """In a reply: absence is no problem."""
    also: tuple[str, ...]
    """Further wire names under which the field has been seen."""
    missing: tuple[str, ...]
    """Texts that stand for a missing value."""
    personal: bool
    secret: bool
    """Personal or secret: no message shows anything of the value."""
    line: str
    """The document's line."""


class FieldAt(NamedTuple):
    """A field, as a problem names it, with what every check is told of it."""

    wire: str
    name: str
    label: str = ""
    label_en: str = ""
    required: bool = False
    optional: bool = False
    also: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    personal: bool = False
    secret: bool = False
    line: str = ""


class Findings:
    """What was found wrong with one wire record, and the fields that somebody asked for."""

    __slots__ = ("_document", "_found", "_known", "_prefix", "_record")

    def __init__(self, record: Mapping[str, object], path: str = "", *, document: str = "") -> None:
        self._record = record
        self._prefix = f"{path}." if path else ""
        self._document = document
        self._known: set[str] = set()
        self._found: list[Problem] = []

    def problems(self, *, open: bool = False) -> list[Problem]:
        """Return what was found, with the fields that no call has named.

        Args:
            open: the record may hold fields that the document does not name.
        """
        unknown = (
            name
            for name, value in self._record.items()
            if name not in self._known and not (open and several_in(value) is None)
        )
        return self._found + [self._unknown_field(name) for name in islice(unknown, MOST_FOUND)]

    def has(self, when: Mapping[str, Collection[str]]) -> bool:
        """Say whether fields have certain values, by wire name; all must."""
        return all(code_text(self._record.get(wire)) in values for wire, values in when.items())

    def _value(self, at: FieldAt, read: Callable[[object], object] | None = None) -> object | None:
        self._known.add(at.wire)
        value = self._record.get(at.wire, ABSENT)
        if value is ABSENT:
            value = self._renamed(at)
        if value is ABSENT and not at.required:
            if not at.optional:
                self._add(at, "missing-field", "is not in the reply")
            return None
        said_missing = value is None or is_said_missing(value, at.missing, read)
        if said_missing or value is ABSENT or value == "":
            if at.required:
                self._add(at, "required", "is required")
            return None
        if isinstance(value, Unencodable):
            self._add(at, value.rule, value.message)
            return None
        return value

    def _renamed(self, at: FieldAt) -> object:
        for alias in at.also:
            if alias in self._record:
                self._known.add(alias)
                self._add(at, "renamed-field", f"is called {alias!r} on the wire")
                return self._record[alias]
        return ABSENT

    def _text(self, at: FieldAt) -> str | None:
        value = self._value(at)
        if value is None:
            return None
        if not isinstance(value, str):
            self._add(at, "not-text", "is not a text")
            return None
        if not value.isprintable() and re.search(CONTROL, value):
            self._add(at, "control-character", "holds a control character")
        return value

    def _size(self, at: FieldAt, size: int, least: int | None, most: int | None, unit: str) -> None:
        if most is not None and size > most:
            self._add(at, "too-long", f"has {size} {unit}; at most {most} are allowed")
        if least is not None and size < least:
            self._add(at, "too-short", f"has {size} {unit}; at least {least} are needed")

    def _facts_of_text(
        self,
        at: FieldAt,
        value: str,
        lengths: Sizes,
        byte_lengths: Sizes,
        encoding: str,
        matches: str,
    ) -> None:
        from ..values.facts import form_problem, size_problem  # few documents say these

        if lengths:
            self._fact(at, size_problem(len(value), lengths, "characters"))
        if byte_lengths:
            size = len(value.encode(encoding, "replace"))
            self._fact(at, size_problem(size, byte_lengths, f"bytes in {encoding}"))
        if matches:
            self._fact(at, form_problem(value, matches))

    def _range(self, at: FieldAt, number: Decimal, range: Range) -> None:
        from ..values.facts import range_problem  # few documents say ranges

        self._fact(at, range_problem(number, range))

    def _count(self, at: FieldAt, count: int, bounds: Bounds) -> None:
        from ..values.facts import count_problem  # few documents say counts

        self._fact(at, count_problem(count, bounds))

    def _fact(self, at: FieldAt, problem: tuple[str, str] | None) -> None:
        if problem is not None:
            self._add(at, *problem)

    def _digits(
        self, at: FieldAt, counts: tuple[int, int], most: int | None, scale: int | None
    ) -> None:
        digits, decimals = counts
        if most is not None and digits > most:
            message = f"has {digits} digits before the point; at most {most} are allowed"
            self._add(at, "too-many-digits", message)
        if scale is not None and decimals > scale:
            message = f"has {decimals} decimals; at most {scale} are allowed"
            self._add(at, "too-many-decimals", message)

    def _pattern(self, at: FieldAt, pattern: str, value: str) -> None:
        try:
            found = parse(pattern, value)
        except NotPlacedError as error:
            self._add(at, error.rule, error.message)
        except ValueError as error:
            self._add(at, "not-a-date", str(error))
        else:
            if isinstance(found, datetime) and is_in_other_unit(pattern, found):
                self._add(at, "implausible-date", OTHER_UNIT)
            elif isinstance(found, date) and found.year not in YEARS:
                self._add(at, "implausible-date", IMPLAUSIBLE)

    def _add(self, at: FieldAt, rule: str, message: str) -> None:
        # What no line of the document says, an observation, is cited by itself.
        cited = self._document and at.line[:1].isdigit()
        source = f"{self._document}:{at.line}" if cited else at.line
        self._found.append(
            Problem(
                path=f"{self._prefix}{at.name}",
                wire=at.wire,
                rule=rule,
                message=message,
                label=at.label,
                label_en=at.label_en,
                source=source,
            )
        )

    def _unknown_field(self, wire: str) -> Problem:
        name = printable(wire, 60)
        several = several_in(self._record[wire])
        if several is not None:
            path, found = several
            if isinstance(found, ContradictedKey):
                name = wire = found.wire
            name = ".".join((name, *(printable(step, 60) for step in path)))
            return Problem(
                path=f"{self._prefix}{name}", wire=wire, rule=found.rule, message=found.message
            )
        return Problem(
            path=f"{self._prefix}{name}",
            wire=name,
            rule="unknown-field",
            message="is not in the document",
        )


def several_in(value: object) -> tuple[tuple[str, ...], SeveralForOne] | None:
    """Return what came several times in place of once, and the way to it; None: nothing did."""
    if isinstance(value, SeveralForOne):
        return (), value
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        found = several_in(inner)
        if found is not None:
            return (name, *found[0]), found[1]
    return None


def is_blank(value: object) -> bool:
    """Say whether a value is missing, or a text of blanks alone."""
    return value is None or (isinstance(value, str) and not value.strip())


def may_be_absent(about: CheckOptions) -> bool:
    """Say whether a field that is not there is no problem, and has no other name to look for."""
    return about.get("optional", False) and not (about.get("required") or about.get("also"))


def code_text(value: object) -> str:
    """Return the code that a value is; a number, true and false may be one, too."""
    if value is None or isinstance(value, Mapping | list | Unencodable):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def parse_decimal(value: object) -> Decimal | None:
    """Return the number that a value is written as; None: it is not."""
    if isinstance(value, str) and not re.fullmatch(_DECIMAL, value):
        return None
    try:
        return read_decimal(value)
    except ValueError:
        return None


def digit_counts(number: Decimal) -> tuple[int, int]:
    """Return how many digits a number needs before and after the point."""
    _sign, digits, exponent = number.as_tuple()
    if not any(digits):
        return 0, 0
    last = len(digits)
    while digits[last - 1] == 0:
        last -= 1
    decimals = -int(exponent) - (len(digits) - last)
    return max(number.adjusted() + 1, 0), max(decimals, 0)


def some_of(codes: Collection[str]) -> str:
    """Return the first twelve codes, to be shown in a message."""
    shown = ", ".join(repr(code) for code in list(codes)[:12])
    return f"{shown}, …" if len(codes) > 12 else shown


ABSENT = object()
MOST_FOUND = 5000
NO_INSTANT = "is no date, and no date with a time and its offset"
NO_INSTANT = "is no date, and no date with a time and its offset"
OTHER_UNIT = "is of 1969 or 1970, as a number of another unit is, or one that means no date"
IMPLAUSIBLE = f"is not of a year from {YEARS.start} to {YEARS.stop - 1}"
# Patterns are compiled when first used: importing a client must stay cheap.
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
# Line ends and tabs included: no field of a record is meant to hold them. So are lone surrogates,
# and what XML forbids.
CONTROL = "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
