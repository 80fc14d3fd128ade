"""Check what a document says of several fields at once, in a record and in those below it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from ..redact import printable
from ..rules import common_places, places
from ..times.instants import read_instant
from ..times.patterns import parse
from ..values.types import read_decimal
from .findings import FieldAt, Findings, is_blank

__all__ = ["Compared", "RuleChecks"]

Compared: TypeAlias = tuple[str, str, str, str]
"""A field of a rule over several: its path of wire names, the path in Python names, its label, and
the label in English."""


class RuleChecks(Findings):
    """Checks that look at several fields; a call each."""

    __slots__ = ()

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
            if is_blank(place.value) and all(
                says(place.text_at(other), values) for other, values in when.items()
            ):
                at = FieldAt(place.steps[-1], place.numbered(name), label, label_en, line=line)
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
            if says(place.value, values):
                at = FieldAt(place.steps[-1], place.numbered(name), label, label_en, line=line)
                self._add(
                    at,
                    "forbidden",
                    f"{printable(str(place.value), 40)!r} is not allowed",
                )

    def one_of(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields of which at least one must be there.

        Args:
            fields: each with its path of wire names, its path in Python names, its label and its
                label in English. In lists each item is judged; blanks and empty lists are nothing.
            line: the document's line.
        """
        for found in self._given(fields, line):
            if not any(is_there for _, is_there in found):
                (first, _), *others = found
                named = _any_of([at for at, _ in others])
                self._add(first, "required", f"is required where {named} is not given")

    def at_most_one(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields of which no two may be there; see `one_of`."""
        for found in self._given(fields, line):
            there = [at for at, is_there in found if is_there]
            for at in there[1:]:
                self._add(at, "not-together", f"is not given together with {there[0].name}")

    def exactly_one(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields of which one must be there, and no other; see `one_of`."""
        self.one_of(fields, line=line)
        self.at_most_one(fields, line=line)

    def together(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields that are all there, or none of them; see `one_of`."""
        for found in self._given(fields, line):
            there = [at for at, is_there in found if is_there]
            for at, is_there in found:
                if there and not is_there:
                    self._add(at, "required", f"is required where {_any_of(there)} is given")

    def needs(self, fields: Sequence[Compared], *, line: str = "") -> None:
        """Check fields of which the first is there with all others alone; see `one_of`."""
        for (first, is_given), *others in self._given(fields, line):
            for at, is_there in others:
                if is_given and not is_there:
                    self._add(at, "required", f"is required where {first.name} is given")

    def _given(self, fields: Sequence[Compared], line: str) -> Iterator[list[tuple[FieldAt, bool]]]:
        """Yield several fields, and whether each is there; in a list once for each item."""
        for place, values in common_places(self._record, [path for path, *_ in fields]):
            yield [
                (
                    FieldAt(
                        path.rpartition(".")[2], place.numbered(name), label, label_en, line=line
                    ),
                    any(not is_blank(value) and value != [] for value in found),
                )
                for (path, name, label, label_en), found in zip(fields, values, strict=True)
            ]

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
        days: int = 0,
        months: int = 0,
        zone: str = "",
        is_last_included: bool = False,
        line: str = "",
    ) -> None:
        """Check two dates or times that are not further apart than a length.

        Args:
            fields: as in `not_after`.
            pattern: how both are written.
            at_most_seconds: that elapse between the first and the last.
            days: of the calendar, which come on top: a day may last 23 or 25 hours.
            months: of the calendar, likewise.
            zone: whose calendar it is, where both are times; empty: the one they are written in.
            is_last_included: the last day belongs to the period, and so does all of it.
            line: the document's line.
        """
        for at, first, last in self._compared(fields, pattern, line):
            if _is_longer(first, last, (months, days, at_most_seconds), zone, is_last_included):
                length = _length(months, timedelta(days=days, seconds=at_most_seconds))
                name = fields[1][1]
                is_too_long = f"is further from {name} than {length}"
                if is_last_included:
                    is_too_long = f"is the first day of more than {length} up to {name}"
                self._add(at, "too-long", is_too_long)

    def most_items(
        self,
        wire: str,
        name: str,
        label: str,
        label_en: str,
        *,
        at_most: int,
        line: str = "",
    ) -> None:
        """Check a list that is not to have more items than one call takes."""
        for place in places(self._record, wire):
            if isinstance(place.value, list) and len(place.value) > at_most:
                at = FieldAt(place.steps[-1], place.numbered(name), label, label_en, line=line)
                message = f"has {len(place.value)} items; one call takes {at_most}"
                self._add(at, "too-many-items", message)

    def _compared(
        self, fields: Sequence[Compared], pattern: str, line: str
    ) -> Iterator[tuple[FieldAt, datetime, datetime]]:
        """Yield pairs of moments that stand in the same items, as far as both can be read."""
        (path, name, label, label_en), (other, *_) = fields
        for place in places(self._record, path):
            first, last = _moment(pattern, place.value), _moment(pattern, place.text_at(other))
            if first is not None and last is not None:
                at = FieldAt(place.steps[-1], place.numbered(name), label, label_en, line=line)
                yield at, first, last


def _any_of(fields: Sequence[FieldAt]) -> str:
    return " or ".join(field.name for field in fields)


def _moment(pattern: str, value: object) -> datetime | None:
    """Return a date or time to be compared; None where it is missing or not written so."""
    if not isinstance(value, str):
        return None
    try:
        if pattern in _INSTANTS:
            return read_instant(value, "UTC")
        found = parse(pattern, value)
    except ValueError:
        return None
    if isinstance(found, int):
        found = timedelta(days=found)
    if isinstance(found, timedelta):
        return datetime.min + found
    return found if isinstance(found, datetime) else datetime.combine(found, time())


def _is_longer(
    first: datetime,
    last: datetime,
    most: tuple[int, int, int],
    zone: str,
    is_last_included: bool,
) -> bool:
    """Say whether a period is longer than so many months, days and seconds, from its first on."""
    from ..times.lengths import Length, added, is_before  # few documents limit periods

    if zone:
        # Of two instants that a time on the wall may name, those that are nearest to each other.
        first, last = _in_zone(first, zone, fold=1), _in_zone(last, zone, fold=0)
    months, days, seconds = most
    try:
        end = added(last, Length(days=1)) if is_last_included else last
        return is_before(added(first, Length(months=months, days=days, seconds=seconds)), end)
    except OverflowError:
        return False  # it would end beyond the calendar


def _in_zone(moment: datetime, zone: str, *, fold: int) -> datetime:
    from ..texts.zones import load_zone

    if moment.tzinfo is not None:
        return moment.astimezone(load_zone(zone))
    return moment.replace(tzinfo=load_zone(zone), fold=fold)


def _length(months: int, span: timedelta) -> str:
    said = [f"{months} months"] if months else []
    days, rest = divmod(int(span.total_seconds()), 86400)
    said += [f"{days} days"] if days else []
    said += [f"{rest // 60} minutes"] if rest else []
    return " and ".join(said)


def says(value: object, values: Collection[str]) -> bool:
    """Say whether a value is one of these, which a spec has as texts."""
    if isinstance(value, bool):
        return str(value).lower() in values
    if isinstance(value, int | Decimal):
        numbers = [read_decimal(text) for text in values if re.fullmatch(_NUMBER, text)]
        return value in numbers
    return isinstance(value, str) and value in values


# Compiled when first used: importing a client must stay cheap.
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_INSTANTS = frozenset({"date-time", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ"})
