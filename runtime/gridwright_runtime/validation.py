"""What generated validators are made of: one call a field, every problem listed.

Looks at wire records: mappings from wire names to text, numbers, None, lists and mappings, as a
JSON or XML body yields them. Never converts a record, never raises for what it finds.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias, TypedDict, Unpack

from .layouts import Layout, columns_in, objects_of, rows_of_columns
from .problems import Problem
from .redact import printable
from .rules import places
from .texts.encoders import Unencodable
from .times.instants import is_instant_text, read_instant
from .times.patterns import YEARS, is_plausible_year, parse
from .times.walls import is_shown, number_of_positions
from .values.types import is_said_missing, read_decimal

__all__ = ["About", "Check", "RecordValidator"]

Check = Callable[[Mapping[str, object], str], list[Problem]]
"""A generated validator: a wire record and the path that leads to it, to its problems."""


Compared: TypeAlias = tuple[str, str, str, str]
"""A field of a rule over several: its path of wire names, the path in Python names, its label, and
the label in English."""

Sizes: TypeAlias = Sequence[tuple[int, int | None]]
"""Ranges of sizes, each with its least and its most; None: there is no most."""

Bounds: TypeAlias = tuple[int, int | None]
"""The least and the most of a count; None: there is no most."""

Range: TypeAlias = tuple[str, str, str]
"""The smallest and the largest number, and what it is a multiple of; empty: nothing is said."""

Kind = Literal["text", "integer", "decimal", "boolean", "instant", "file"]


class About(TypedDict, total=False):
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


class RecordValidator:
    """What is wrong with one wire record, found field by field.

    None and an empty text are a missing value, a problem only where ``required=True``. A field
    that is not there at all is a problem too, unless ``optional=True``.
    """

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
        if open:
            return self._found
        unknown = (name for name in self._record if name not in self._known)
        return self._found + [self._unknown_field(name) for name in islice(unknown, _MOST_FOUND)]

    def has(self, when: Mapping[str, Collection[str]]) -> bool:
        """Say whether fields have certain values, by wire name; all must."""
        return all(_said(self._record.get(wire)) in values for wire, values in when.items())

    def text(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        max_characters: int | None = None,
        min_characters: int | None = None,
        max_bytes: int | None = None,
        encoding: str = "utf-8",
        lengths: Sizes = (),
        byte_lengths: Sizes = (),
        matches: str = "",
        **about: Unpack[About],
    ) -> None:
        """Check a text with a size in characters, or in bytes of an encoding, and its form."""
        found = self._record.get(wire)
        if type(found) is str and found.isprintable() and found:
            most = len(found) if max_characters is None else max_characters
            is_free = min_characters is None and max_bytes is None
            if is_free and len(found) <= most and not (lengths or byte_lengths or matches):
                self._known.add(wire)
                return  # as most texts do
        elif wire not in self._record and _may_be_absent(about):
            return
        at = _Field(wire, name, label, label_en, **about)
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
        label: str,
        label_en: str,
        *,
        codes: Collection[str],
        max_characters: int | None = None,
        **about: Unpack[About],
    ) -> None:
        """Check a text that is one of a list of codes."""
        found = self._record.get(wire)
        if type(found) is str and found and found in codes and found.isprintable():
            most = len(found) if max_characters is None else max_characters
            if len(found) <= most:
                self._known.add(wire)
                return  # as most codes do
        at = _Field(wire, name, label, label_en, **about)
        value = self._text(at)
        if value is None:
            return
        if value not in codes:
            shown = "is" if at.personal or at.secret else f"{printable(value, 40)!r} is"
            self._add(at, "not-a-code", f"{shown} not one of {_some_of(codes)}")
        self._size(at, len(value), None, max_characters, "characters")

    def integer(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        max_digits: int | None = None,
        range: Range | None = None,
        **about: Unpack[About],
    ) -> None:
        """Check a whole number; leading zeros do not count as digits."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._value(at)
        if value is None:
            return
        number = _written_integer(value)
        if number is None:
            self._add(at, "not-number", "is not written as a whole number")
        else:
            self._digits(at, _digit_counts(number), max_digits, None)
            if range is not None:
                self._range(at, number, range)

    def decimal(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        precision: int | None = None,
        scale: int | None = None,
        signs: tuple[str, str] | None = None,
        range: Range | None = None,
        **about: Unpack[About],
    ) -> None:
        """Check a decimal number: ``14,4`` is ten digits before the point and four after.

        Zeros at either end do not count: providers drop them, so they say nothing.
        """
        at = _Field(wire, name, label, label_en, **about)
        value = self._value(at)
        if value is None:
            return
        number = _written_decimal(value) if signs is None else _signed_decimal(value, signs)
        if number is None:
            self._add(at, "not-number", "is not written as a number")
        else:
            most = None if precision is None else precision - (scale or 0)
            self._digits(at, _digit_counts(number), most, scale)
            if range is not None:
                self._range(at, number, range)

    def date(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        pattern: str = "yyyymmdd",
        **about: Unpack[About],
    ) -> None:
        """Check a date or time written in one of the document's patterns; see `parse`."""
        found = self._record.get(wire)
        if _is_written(pattern, found):
            self._known.add(wire)
            return  # as most dates do
        at = _Field(wire, name, label, label_en, **about)
        if pattern in ("epoch_s", "epoch_ms") and type(found) is int:
            self._known.add(wire)
            self._pattern(at, pattern, str(found))
            return
        value = self._text(at)
        if value is not None:
            self._pattern(at, pattern, value)

    def local(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        pattern: str,
        zone: str,
        repeated: str = "undecided",
        zone_of: str = "",
        repeated_of: str = "",
        second: tuple[str, ...] = (),
        **about: Unpack[About],
    ) -> None:
        """Check a date with a time of the clock on the wall: that it is one instant, and one alone.

        The names of other fields are wire names; see `written_instant` for the arguments.
        """
        from .texts.placing import NotPlacedError
        from .times.types import read_local

        before = len(self._found)
        self.date(wire, name, label, label_en, pattern=pattern, **about)
        value = self._record.get(wire)
        if len(self._found) > before or not isinstance(value, str) or not value:
            return
        told = (zone, repeated, zone_of, repeated_of, second)
        try:
            read_local(value, pattern, *told, record=self._record)
        except NotPlacedError as error:
            rule, message = error.rule, str(error)
        except ValueError as error:
            rule, message = "not-a-date", str(error)
        else:
            return
        self._add(_Field(wire, name, label, label_en, **about), rule, message)

    def time(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        pattern: str = "hhmi",
        **about: Unpack[About],
    ) -> None:
        """Check a time of day: ``0000`` to ``2359``, and ``2400``."""
        self.date(wire, name, label, label_en, pattern=pattern, **about)

    def label(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        day: tuple[str, str],
        time: str = "",
        time_of: str = "",
        time_pattern: str,
        step_minutes: int = 0,
        marks: str = "end",
        zone: str,
        zone_of: str = "",
        **about: Unpack[About],
    ) -> None:
        """Check whether the label of a value names a time that the clocks of a zone show.

        Args:
            wire: wire name of the value.
            name: Python name of the value.
            label: the document's label.
            label_en: the same in English.
            day: wire name and pattern of the field that holds the day.
            time: the label; empty: it stands in a field.
            time_of: wire name of that field.
            time_pattern: its pattern.
            step_minutes: length of the interval; 0: the label names a moment.
            marks: start or end, whichever of its interval the label names; undecided: either.
            zone: an IANA name.
            zone_of: wire name of the field that has another; empty: there is none.
            about: see `About`.
        """
        zone = self._zone(zone, zone_of)
        value, day_text = self._record.get(wire), self._record.get(day[0])
        text = self._record.get(time_of) if time_of else time
        if not zone or _is_blank(value):
            return
        if not isinstance(day_text, str) or not isinstance(text, str):
            return
        try:
            on, minutes = parse(day[1], day_text), parse(time_pattern, text)
        except ValueError:
            return  # reported at the fields that hold them
        if not isinstance(minutes, int) or not isinstance(on, date):
            return
        if not is_shown(on, timedelta(minutes=minutes), step_minutes, marks, zone):
            at = _Field(wire, name, label, label_en, **about)
            self._add(at, "skipped-time", f"is of a time that the clocks of {zone} skip that day")

    def position(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        day: tuple[str, str],
        index: int,
        step_minutes: int,
        zone: str,
        zone_of: str = "",
        **about: Unpack[About],
    ) -> None:
        """Check whether a day has the position of a value.

        Args:
            wire: wire name of the value.
            name: Python name of the value.
            label: the document's label.
            label_en: the same in English.
            day: wire name and pattern of the field that holds the day.
            index: which position, counted from 0.
            step_minutes: length of the interval.
            zone: an IANA name.
            zone_of: wire name of the field that has another; empty: there is none.
            about: see `About`.
        """
        zone = self._zone(zone, zone_of)
        value, day_text = self._record.get(wire), self._record.get(day[0])
        if not zone or _is_blank(value) or not isinstance(day_text, str):
            return
        try:
            on = parse(day[1], day_text)
        except ValueError:
            return  # reported at the field that holds it
        if not isinstance(on, date):
            return
        count = number_of_positions(on, timedelta(minutes=step_minutes), zone)
        if index >= count:
            at = _Field(wire, name, label, label_en, **about)
            self._add(at, "no-such-position", f"is position {index + 1} of a day that has {count}")

    def _zone(self, zone: str, zone_of: str) -> str:
        """Return the zone that is told; empty: the field that names it names none."""
        if not zone_of:
            return zone
        from .texts.zones import load_zone

        named = str(self._record.get(zone_of) or "").strip()
        try:
            load_zone(named)
        except (KeyError, ValueError, OSError):
            return ""
        return named

    def day_of_month(
        self, wire: str, name: str, label: str, label_en: str, **about: Unpack[About]
    ) -> None:
        """Check a day of month: ``12``, ``01`` or ``1``."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._text(at)
        if value is not None:
            self._pattern(at, "dd", value.zfill(2))

    def instant(
        self, wire: str, name: str, label: str, label_en: str, **about: Unpack[About]
    ) -> None:
        """Check a date, or a date with a time and its offset, in the forms of ISO 8601."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._text(at)
        if value is None:
            return
        if not is_instant_text(value):
            self._add(at, "not-a-date", _NO_INSTANT)
        elif not is_plausible_year(value):
            self._add(at, "implausible-date", _IMPLAUSIBLE)

    def duration(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        pattern: str = "duration",
        **about: Unpack[About],
    ) -> None:
        """Look at a length of time: a duration of ISO 8601, or a number of some unit."""
        from .times.durations import written_duration

        at = _Field(wire, name, label, label_en, **about)
        value = self._text(at) if pattern == "duration" else self._value(at)
        if value is None:
            return
        if pattern != "duration" and _written_decimal(value) is None:
            self._add(at, "not-number", "is not written as a number")
            return
        try:
            written_duration(pattern).read_wire(value)
        except ValueError as error:
            self._add(at, "not-a-duration", str(error))

    def boolean(
        self, wire: str, name: str, label: str, label_en: str, **about: Unpack[About]
    ) -> None:
        """Check a yes or no, which is written ``true`` or ``false``."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._value(at)
        if value is not None and not _is_boolean(value):
            self._add(at, "wrong-type", "is neither true nor false")

    def upload(
        self, wire: str, name: str, label: str, label_en: str, **about: Unpack[About]
    ) -> None:
        """Check a file: an `Upload` to send, or what a mock makes of one that came."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._value(at)
        if value is not None and isinstance(value, _PLAIN):
            self._add(at, "wrong-type", "is not a file")

    def json(self, wire: str, name: str, label: str, label_en: str, **about: Unpack[About]) -> None:
        """Check that a JSON value is there: any will do, an empty text too."""
        at = _Field(wire, name, label, label_en, **about)
        if self._record.get(wire) == "":
            self._known.add(wire)
        else:
            self._value(at)

    def values(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
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
        **about: Unpack[About],
    ) -> None:
        """Check a list of plain values; with ``some``, it must not be empty.

        With ``codes``, they are texts of a list of codes. What is said of lengths, forms and
        ranges is said of each value.
        """
        at = _Field(wire, name, label, label_en, **about)
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
            if len(self._found) > _MOST_FOUND:
                return
            of_item, before = at._replace(name=f"{at.name}[{index}]"), len(self._found)
            self._item(of_item, kind, codes, item)
            if len(self._found) > before:
                continue
            if isinstance(item, str) and (lengths or byte_lengths or matches):
                self._facts_of_text(of_item, item, lengths, byte_lengths, encoding, matches)
            elif range is not None and (number := _written_decimal(item)) is not None:
                self._range(of_item, number, range)

    def required_if(
        self,
        path: str,
        name: str,
        label: str,
        label_en: str,
        *,
        when: Mapping[str, Collection[str]],
        line: str = "",
    ) -> None:
        """Check a field that is needed where others have certain values; blanks are no value.

        Args:
            path: wire names joined by dots; lists on the way are looked at item by item.
            name: the same path in Python names.
            label: the field's label.
            label_en: the label in English.
            when: what the other fields must be, by paths that begin as ``path`` does; they are
                looked up in the same item.
            line: the document's line.
        """
        for place in places(self._record, path):
            if _is_blank(place.value) and all(
                _says(place.text_at(other), values) for other, values in when.items()
            ):
                at = _Field(place.steps[-1], place.numbered(name), label, label_en, line=line)
                wanted = "; ".join(f"{k} is {' or '.join(v)}" for k, v in when.items())
                self._add(at, "required", f"is required where {wanted}")

    def forbidden(
        self,
        path: str,
        name: str,
        label: str,
        label_en: str,
        *,
        values: Collection[str],
        line: str = "",
    ) -> None:
        """Check a field that must not have certain values; see `required_if`."""
        for place in places(self._record, path):
            if _says(place.value, values):
                at = _Field(place.steps[-1], place.numbered(name), label, label_en, line=line)
                self._add(at, "forbidden", f"{printable(str(place.value), 40)!r} is not allowed")

    def one_of(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields of which at least one must be there; each with its path and names."""
        if not any(
            place.value not in (None, "")
            for field in fields
            for place in places(self._record, field[0])
        ):
            path, name, label, label_en = fields[0]
            others = ", ".join(field[1] for field in fields[1:])
            at = _Field(path.rpartition(".")[2], name, label, label_en, line=line)
            self._add(at, "required", f"is required where {others} is not given")

    def not_after(self, fields: Sequence[Compared], *, pattern: str, line: str = "") -> None:
        """Check two dates or times of which the first is not after the second.

        Args:
            fields: two fields in the same record, each with its path of wire names, its path in
                Python names, its label and its label in English.
            pattern: how both are written.
            line: the document's line.
        """
        for at, first, last in self._compared(fields, pattern, line):
            if first > last:
                self._add(at, "wrong-order", f"is after {fields[1][1]}")

    def longest_period(
        self,
        fields: Sequence[Compared],
        *,
        pattern: str,
        at_most_seconds: int = 0,
        months: int = 0,
        is_last_included: bool = False,
        line: str = "",
    ) -> None:
        """Check two dates or times that are not further apart than a length.

        Args:
            fields: as in `not_after`.
            pattern: how both are written.
            at_most_seconds: between the first and the last, by the clock of the document's zone.
            months: of the calendar, which come on top.
            is_last_included: the last day belongs to the period, and so does all of it.
            line: the document's line.
        """
        most = timedelta(seconds=at_most_seconds)
        more = timedelta(days=1) if is_last_included else timedelta()
        for at, first, last in self._compared(fields, pattern, line):
            if last + more - most > (_months_later(first, months) if months else first):
                said = [f"{months} months"] if months else []
                length = " and ".join(said + ([_length(most)] if most else []))
                name = fields[1][1]
                is_too_long = f"is further from {name} than {length}"
                if is_last_included:
                    is_too_long = f"is the first day of more than {length} up to {name}"
                self._add(at, "too-long", is_too_long)

    def most_items(
        self, wire: str, name: str, label: str, label_en: str, *, at_most: int, line: str = ""
    ) -> None:
        """Check a list that is not to have more items than one call takes."""
        for place in places(self._record, wire):
            if isinstance(place.value, list) and len(place.value) > at_most:
                at = _Field(place.steps[-1], place.numbered(name), label, label_en, line=line)
                message = f"has {len(place.value)} items; one call takes {at_most}"
                self._add(at, "too-many-items", message)

    def _compared(
        self, fields: Sequence[Compared], pattern: str, line: str
    ) -> Iterator[tuple["_Field", datetime, datetime]]:
        """Yield pairs of moments that stand in the same items, as far as both can be read."""
        (path, name, label, label_en), (other, *_) = fields
        for place in places(self._record, path):
            first, last = _moment(pattern, place.value), _moment(pattern, place.text_at(other))
            if first is not None and last is not None:
                at = _Field(place.steps[-1], place.numbered(name), label, label_en, line=line)
                yield at, first, last

    def record(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        check: Check,
        **about: Unpack[About],
    ) -> None:
        """Check one nested record."""
        at = _Field(wire, name, label, label_en, **about)
        value = self._value(at)
        if isinstance(value, Mapping):
            self._found += check(value, f"{self._prefix}{name}")
        elif value is not None:
            self._add(at, "wrong-type", "is not a record")

    def records(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        check: Check,
        item: str = "",
        layout: Layout = "",
        names: Sequence[str] = (),
        keyed_by: str = "",
        some: bool = False,
        readings: bool = False,
        count: Bounds | None = None,
        **about: Unpack[About],
    ) -> None:
        """Check a list of nested records; with ``some``, it must not be empty.

        With ``readings``, null is told: without the list, all of them would be missing.
        With ``item``, at an XML element that holds them in elements of this name; it may be empty.
        With ``layout``, as JSON lays it out, of fields of these names (see `objects_of`).
        """
        at = _Field(wire, name, label, label_en, **about)
        if layout == "columns":
            value = self._columns(names)
        elif item:
            value = _items(self._value(at._replace(required=False)), item)
        else:
            value = objects_of(self._value(at), layout, names, keyed_by)
        if value is None:
            if readings and not at.required and self._record.get(wire, _ABSENT) is None:
                self._add(at, "required", "is null where the records of readings belong")
            return
        if not isinstance(value, list) or not all(isinstance(row, _ROWS) for row in value):
            self._add(at, "wrong-type", "is not a list of records")
            return
        if some and not value:
            self._add(at, "required", "is required")
        elif count is not None:
            self._count(at, len(value), count)
        for index, row in enumerate(value):
            if len(self._found) > _MOST_FOUND:
                return  # a list as long as this makes no more sense to anybody
            if isinstance(row, Unencodable):
                self._add(at._replace(name=f"{name}[{index}]"), row.rule, row.message)
            else:
                self._found += check(row, f"{self._prefix}{name}[{index}]")

    def _columns(self, names: Sequence[str]) -> object:
        """Return the items of a list whose fields are columns among the fields of this record."""
        self._known.update(names)
        rows = rows_of_columns(self._record, columns_in(self._record, names))
        return "" if rows is None else rows

    def _item(self, at: "_Field", kind: Kind, codes: Collection[str], value: object) -> None:
        if isinstance(value, Unencodable):
            self._add(at, value.rule, value.message)
        elif value is None or value == "":
            self._add(at, "required", "is a missing value in a list")
        elif (problem := _item_problem(kind, value)) is not None:
            self._add(at, *problem)
        elif codes and value not in codes:
            self._add(at, "not-a-code", f"is not one of {_some_of(codes)}")

    def _value(self, at: "_Field") -> object | None:
        self._known.add(at.wire)
        value = self._record.get(at.wire, _ABSENT)
        if value is _ABSENT:
            value = self._renamed(at)
        if value is _ABSENT and not at.required:
            if not at.optional:
                self._add(at, "missing-field", "is not in the reply")
            return None
        if value is _ABSENT or value is None or value == "" or is_said_missing(value, at.missing):
            if at.required:
                self._add(at, "required", "is required")
            return None
        if isinstance(value, Unencodable):
            self._add(at, value.rule, value.message)
            return None
        return value

    def _renamed(self, at: "_Field") -> object:
        for alias in at.also:
            if alias in self._record:
                self._known.add(alias)
                self._add(at, "renamed-field", f"is called {alias!r} on the wire")
                return self._record[alias]
        return _ABSENT

    def _text(self, at: "_Field") -> str | None:
        value = self._value(at)
        if value is None:
            return None
        if not isinstance(value, str):
            self._add(at, "not-text", "is not a text")
            return None
        if not value.isprintable() and re.search(_CONTROL, value):
            self._add(at, "control-character", "holds a control character")
        return value

    def _size(
        self, at: "_Field", size: int, least: int | None, most: int | None, unit: str
    ) -> None:
        if most is not None and size > most:
            self._add(at, "too-long", f"has {size} {unit}; at most {most} are allowed")
        if least is not None and size < least:
            self._add(at, "too-short", f"has {size} {unit}; at least {least} are needed")

    def _facts_of_text(
        self,
        at: "_Field",
        value: str,
        lengths: Sizes,
        byte_lengths: Sizes,
        encoding: str,
        matches: str,
    ) -> None:
        from .values.facts import form_problem, size_problem  # few documents say these

        if lengths:
            self._fact(at, size_problem(len(value), lengths, "characters"))
        if byte_lengths:
            size = len(value.encode(encoding, "replace"))
            self._fact(at, size_problem(size, byte_lengths, f"bytes in {encoding}"))
        if matches:
            self._fact(at, form_problem(value, matches))

    def _range(self, at: "_Field", number: Decimal, range: Range) -> None:
        from .values.facts import range_problem  # few documents say ranges

        self._fact(at, range_problem(number, range))

    def _count(self, at: "_Field", count: int, bounds: Bounds) -> None:
        from .values.facts import count_problem  # few documents say counts

        self._fact(at, count_problem(count, bounds))

    def _fact(self, at: "_Field", problem: tuple[str, str] | None) -> None:
        if problem is not None:
            self._add(at, *problem)

    def _digits(
        self, at: "_Field", counts: tuple[int, int], most: int | None, scale: int | None
    ) -> None:
        digits, decimals = counts
        if most is not None and digits > most:
            message = f"has {digits} digits before the point; at most {most} are allowed"
            self._add(at, "too-many-digits", message)
        if scale is not None and decimals > scale:
            message = f"has {decimals} decimals; at most {scale} are allowed"
            self._add(at, "too-many-decimals", message)

    def _pattern(self, at: "_Field", pattern: str, value: str) -> None:
        try:
            found = parse(pattern, value)
        except ValueError as error:
            self._add(at, "not-a-date", str(error))
        else:
            if isinstance(found, date) and found.year not in YEARS:
                self._add(at, "implausible-date", _IMPLAUSIBLE)

    def _add(self, at: "_Field", rule: str, message: str) -> None:
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
        return Problem(
            path=f"{self._prefix}{name}",
            wire=name,
            rule="unknown-field",
            message="is not in the document",
        )


class _Field(NamedTuple):
    wire: str
    name: str
    label: str
    label_en: str
    required: bool = False
    optional: bool = False
    also: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    personal: bool = False
    secret: bool = False
    line: str = ""


def _moment(pattern: str, value: object) -> datetime | None:
    """Return a date or time to be compared; None where it is missing or not written so."""
    if not isinstance(value, str):
        return None
    try:
        if pattern in _INSTANTS:
            return read_instant(value, "UTC").replace(tzinfo=None)
        found = parse(pattern, value)
    except ValueError:
        return None
    if isinstance(found, int):
        return datetime.min + timedelta(minutes=found)
    return found if isinstance(found, datetime) else datetime.combine(found, time())


def _months_later(first: datetime, months: int) -> datetime:
    from .times.lengths import Length, added  # few documents count months

    return added(first, Length(months=months))


def _length(span: timedelta) -> str:
    days, rest = divmod(int(span.total_seconds()), 86400)
    if not rest:
        return f"{days} days"
    return f"{rest // 60} minutes" if not days else f"{days} days and {rest // 60} minutes"


def _items(value: object, item: str) -> object:
    """Return the records in an XML list: None where there are none, what it is if no list."""
    if isinstance(value, str) and not value.strip(" \t\r\n"):
        return None
    if not isinstance(value, Mapping) or list(value) != [item]:
        return value
    found = value[item]
    return found if isinstance(found, list) else [found]


def _says(value: object, values: Collection[str]) -> bool:
    """Say whether a value is one of these, which a spec has as texts."""
    if isinstance(value, bool):
        return str(value).lower() in values
    if isinstance(value, int | Decimal):
        numbers = [read_decimal(text) for text in values if _NUMBER.fullmatch(text)]
        return value in numbers
    return isinstance(value, str) and value in values


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _may_be_absent(about: About) -> bool:
    """Say whether a field that is not there is no problem, and has no other name to look for."""
    return about.get("optional", False) and not (about.get("required") or about.get("also"))


def _is_written(pattern: str, value: object) -> bool:
    """Say whether a value is a date or time in a pattern, of a year that can be meant."""
    if type(value) is not str:
        return False
    try:
        found = parse(pattern, value)
    except ValueError:
        return False
    return not isinstance(found, date) or found.year in YEARS


def _said(value: object) -> str:
    """Return the code that a value is; a number may be one, too."""
    if value is None or isinstance(value, bool | Mapping | list | Unencodable):
        return ""
    return str(value).strip()


def _written_integer(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and re.fullmatch(_INTEGER, value)):
        return Decimal(value)
    return None


def _signed_decimal(value: object, signs: tuple[str, str]) -> Decimal | None:
    """Return a number whose texts have signs of their own, of thousands and of decimals."""
    from .texts.number_texts import read_number  # few documents have them

    try:
        return read_number(value, *signs)
    except ValueError:
        return None


def _written_decimal(value: object) -> Decimal | None:
    if isinstance(value, str) and not re.fullmatch(_DECIMAL, value):
        return None
    try:
        return read_decimal(value)
    except ValueError:
        return None


def _digit_counts(number: Decimal) -> tuple[int, int]:
    """Return how many digits a number needs before and after the point."""
    _sign, digits, exponent = number.as_tuple()
    if not any(digits):
        return 0, 0
    last = len(digits)
    while digits[last - 1] == 0:
        last -= 1
    decimals = -int(exponent) - (len(digits) - last)
    return max(number.adjusted() + 1, 0), max(decimals, 0)


def _is_boolean(value: object) -> bool:
    # XML has texts only, and these two more for its xs:boolean.
    return isinstance(value, bool) or value in ("true", "false", "1", "0")


def _item_problem(kind: Kind, value: object) -> tuple[str, str] | None:
    """Return rule and message for a value of a list that is not of its kind."""
    match kind:
        case "text" if not isinstance(value, str):
            return "not-text", "is not a text"
        case "text" if not str(value).isprintable() and re.search(_CONTROL, str(value)):
            return "control-character", "holds a control character"
        case "integer" if _written_integer(value) is None:
            return "not-number", "is not written as a whole number"
        case "decimal" if _written_decimal(value) is None:
            return "not-number", "is not written as a number"
        case "boolean" if not _is_boolean(value):
            return "wrong-type", "is neither true nor false"
        case "instant" if not (isinstance(value, str) and is_instant_text(value)):
            return "not-a-date", _NO_INSTANT
        case "instant" if isinstance(value, str) and not is_plausible_year(value):
            return "implausible-date", _IMPLAUSIBLE
        case "file" if isinstance(value, _PLAIN):
            return "wrong-type", "is not a file"
    return None


def _some_of(codes: Collection[str]) -> str:
    shown = ", ".join(repr(code) for code in list(codes)[:12])
    return f"{shown}, …" if len(codes) > 12 else shown


_ABSENT = object()
_MOST_FOUND = 5000
_ROWS = (Mapping, Unencodable)
_PLAIN = (str, bytes, int, Decimal, float, bool, list, Mapping)
_NO_INSTANT = "is no date, and no date with a time and its offset"
_IMPLAUSIBLE = f"is not of a year from {YEARS.start} to {YEARS.stop - 1}"
# Patterns are compiled when first used: importing a client must stay cheap.
_INTEGER = r"[+-]?[0-9]+"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
# Line ends and tabs included: no field of a record is meant to hold them. So are lone surrogates,
# and what XML forbids.
_INSTANTS = frozenset({"date-time", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ"})
_CONTROL = "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
