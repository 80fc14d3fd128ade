"""The building blocks of generated validators: one call a field, every problem listed.

Looks at wire records: mappings from wire names to text, numbers, None, lists and mappings, as a
JSON or XML body yields them. Never converts a record, never raises for what it finds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, Unpack

from ..layouts import (
    Layout,
    ListForObject,
    columns_in,
    misnamed_columns,
    named_columns,
    objects_of,
    rows_of_columns,
)
from ..problems import Problem
from ..texts.encoders import Unencodable
from .findings import ABSENT, MOST_FOUND, Bounds, CheckOptions, FieldAt
from .rules import RuleChecks
from .times import TimeChecks
from .values import ValueChecks

__all__ = ["Check", "CheckOptions", "RecordValidator"]

Check: TypeAlias = Callable[[Mapping[str, object], str], list[Problem]]
"""A generated validator: a wire record and the path that leads to it, to its problems."""


class RecordValidator(ValueChecks, TimeChecks, RuleChecks):
    """What is wrong with one wire record, found field by field.

    None and an empty text are a missing value, a problem only where ``required=True``. A field
    that is not there at all is a problem too, unless ``optional=True``.
    """

    __slots__ = ()

    def record(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        check: Check,
        readings: bool = False,
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check one nested record; with ``readings``, null is told: all of them are in it."""
        at = FieldAt(wire, name, label, label_en, **options)
        value = self._value(at)
        if isinstance(value, Mapping):
            self._found += check(value, f"{self._prefix}{name}")
        elif value is not None:
            self._add(at, "wrong-type", "is not a record")
        elif readings:
            self._without_readings(at, "the record of readings belongs")

    def records(
        self,
        wire: str,
        name: str,
        label: str = "",
        label_en: str = "",
        *,
        check: Check,
        item: str = "",
        layout: Layout = "",
        names: Sequence[str] = (),
        keyed_by: str = "",
        named_in: str = "",
        named_by: str = "",
        some: bool = False,
        single: bool = False,
        readings: bool = False,
        count: Bounds | None = None,
        **options: Unpack[CheckOptions],
    ) -> None:
        """Check a list of nested records; with ``some``, it must not be empty.

        With ``single``, one alone is a list of it, as an element of XML that stands once is.

        With ``readings``, null is told: without the list, all of them would be missing.
        With ``item``, at an XML element that holds them in elements of this name; it may be empty.
        With ``layout``, as JSON lays it out, of fields of these names (see `objects_of`).
        With ``named_in``, rows have the columns that this field of the record names.
        """
        at = FieldAt(wire, name, label, label_en, **options)
        if layout == "columns":
            value = self._columns(names)
        elif item:
            value = _items(self._value(at._replace(required=False)), item)
        elif named_in:
            value = self._named_rows(at, named_in, named_by)
        else:
            value = objects_of(self._value(at), layout, names, keyed_by)
        if single and isinstance(value, Mapping):
            value = [value]
        if value is None:
            if readings:
                self._without_readings(at, "the records of readings belong")
            return
        if not isinstance(value, list) or not all(isinstance(row, _ROWS) for row in value):
            self._add(at, "wrong-type", "is not a list of records")
            return
        if isinstance(value, ListForObject):
            self._add(at, "wrong-type", "is an empty list, not an object")
        if some and not value:
            self._add(at, "required", "is required")
        elif count is not None:
            self._count(at, len(value), count)
        for index, row in enumerate(value):
            if len(self._found) > MOST_FOUND:
                return  # a list as long as this makes no more sense to anybody
            if isinstance(row, Unencodable):
                self._add(at._replace(name=f"{name}[{index}]"), row.rule, row.message)
            else:
                self._found += check(row, f"{self._prefix}{name}[{index}]")

    def _without_readings(self, at: FieldAt, belongs: str) -> None:
        """Report a field that is null in place of readings; an absent one is reported elsewhere."""
        if not at.required and self._record.get(at.wire, ABSENT) is None:
            self._add(at, "required", f"is null where {belongs}")

    def _named_rows(self, at: FieldAt, named_in: str, named_by: str) -> object:
        """Return rows as objects, by the names of columns that stand beside them."""
        self._known.add(named_in)
        value = self._value(at)
        if not isinstance(value, list):
            return value
        names = named_columns(self._record.get(named_in), named_by)
        if problem := misnamed_columns(value, names):
            self._add(at, "wrong-type", problem)
            return None
        return objects_of(value, "arrays", names or (), "")

    def _columns(self, names: Sequence[str]) -> object:
        """Return the items of a list whose fields are columns among the fields of this record."""
        self._known.update(names)
        rows = rows_of_columns(self._record, columns_in(self._record, names))
        return "" if rows is None else rows


def _items(value: object, item: str) -> object:
    """Return the records in an XML list: None where there are none, what it is if no list."""
    if isinstance(value, str) and not value.strip(" \t\r\n"):
        return None
    if not isinstance(value, Mapping) or list(value) != [item]:
        return value
    found = value[item]
    return found if isinstance(found, list) else [found]


_ROWS = (Mapping, Unencodable)
