"""Invent values that a document allows: of the right type, size and code, and about what was asked.

The models say types, facts say sizes and codes, a request says what the reply is about. What is
still wrong then is mended (`mending`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from ...intervals import Readings, as_readings
from ...record import Record
from ...series import SingleReading
from ...values.types import IsoDate, Yyyymm, Yyyymmdd
from ..days import (
    IntervalsByName,
    day_for,
    in_invented_zone,
    lay_out,
    lay_out_list,
    lay_out_row,
    number_of_records,
)
from ..facts import Facts, FieldFacts
from .plain_values import Name, plain_value, write_clock

__all__ = ["VALUE_FIELD", "Inventor", "kind_of", "requested_records"]

VALUE_FIELD = "."
"""The wire name of the one field of a model that stands for a value."""


class Inventor:
    """Invents records of the models of one system.

    Args:
        facts: what is known beyond the types.
        seed: the same seed gives the same values.
        intervals: what says the intervals of values, by the name of the record that tells them.
    """

    def __init__(
        self,
        facts: Facts | None = None,
        *,
        seed: int = 1,
        intervals: IntervalsByName | None = None,
    ) -> None:
        self._facts = facts or {}
        self._seed = seed
        self._intervals = {
            name: [
                in_invented_zone(as_readings(one) if isinstance(one, SingleReading) else one)
                for one in told
            ]
            for name, told in (intervals or {}).items()
        }

    def record(
        self, model: type[Record], given: Mapping[str, object], *name: object
    ) -> dict[str, object]:
        """Invent a record of a model by Python names.

        Args:
            model: its model.
            given: values by Python names that are repeated where the record has such fields;
                records that were given give their fields to all records inside.
            name: what the values belong to; the same name has the same values.
        """
        facts = self._of(model)
        known = _flat(given)
        found: dict[str, object] = {}
        for info in msgspec.structs.fields(model):
            if model.__open__ and info.name == "items":
                continue
            fact = facts.get(info.encode_name, _NO_FACTS)
            found[info.name] = self._field(info, fact, given, known, (*name, info.name))
        if model.__open__ and not found:  # nothing at all would be no answer
            found["items"] = {"MOCK_item": "invented"}
        _put_in_order(model, facts, found)
        self._lay_out(model, found, known, name)
        return found

    def list_of(
        self,
        model: type[Record],
        given: Sequence[Mapping[str, object]],
        *name: object,
        first: int = 0,
    ) -> list[dict[str, object]]:
        """Invent the records of a list; those that say intervals of their own make up a day."""
        rows = [self.record(model, one, *name, at) for at, one in enumerate(given, first)]
        for readings in self._readings_of(model):
            if not readings.steps and given:
                day = day_for(readings, _flat(given[0]), self._seed, *name)
                codes = self._codes_of(model, readings)
                lay_out_list(rows, readings, write_clock, day, self._seed, *name, codes=codes)
        return rows

    def put_at_its_time(
        self,
        model: type[Record],
        row: dict[str, object],
        given: Mapping[str, object],
        number: int,
        *name: object,
    ) -> None:
        """Let the row of a number, from 0, say its own interval: the days follow one another."""
        for readings in self._readings_of(model):
            if not readings.steps:
                day = day_for(readings, _flat(given), self._seed, *name)
                codes = self._codes_of(model, readings)
                told = (self._seed, *name)
                lay_out_row(row, readings, write_clock, day, number, *told, codes=codes)

    def day_of(self, model: type[Record], given: Mapping[str, object], *name: object) -> int:
        """Return how many records make up a day; 0: they say no intervals of their own."""
        counts = (
            number_of_records(readings, day_for(readings, _flat(given), self._seed, *name))
            for readings in self._readings_of(model)
            if not readings.steps
        )
        return max(counts, default=0)

    def _readings_of(self, model: type[Record]) -> list[Readings[Any]]:
        return [one for kind in model.__mro__ for one in self._intervals.get(kind.__name__, ())]

    def _lay_out(
        self,
        model: type[Record],
        record: dict[str, object],
        known: Mapping[str, object],
        name: Name,
    ) -> None:
        for readings in self._readings_of(model):
            day = day_for(readings, known, self._seed, *name)
            codes = self._codes_of(model, readings)
            if not readings.steps:
                lay_out_list([record], readings, write_clock, day, self._seed, *name, codes=codes)
                continue
            holder: Any = model
            for step in readings.steps:
                infos = {info.name: info for info in msgspec.structs.fields(holder)}
                holder = kind_of(infos[step])[0]

            def make(like: Mapping[str, Any], number: int, inner: Any = holder) -> dict[str, Any]:
                return self.record(inner, {}, *name, "day", number)

            told = (self._seed, *name)
            lay_out(record, readings, make, write_clock, day, *told, codes=codes)

    def _codes_of(self, model: type[Record], readings: Readings[Any]) -> Mapping[str, object]:
        """Return what the field may hold that says which of two hours is meant, by its text."""
        source, holder = readings.repeated_field, model
        if source is None:
            return {}
        *steps, last = (*readings.steps[: source.depth], *source.path)
        for step in steps:
            holder = kind_of(_field_of(holder, step))[0]
        info = _field_of(holder, last)
        codes = self._of(holder).get(info.encode_name, _NO_FACTS).codes
        kind = kind_of(info)[0]
        plain = getattr(kind, "plain", kind)
        if plain is bool:
            return {"true": True, "false": False}
        if plain is int and not codes:
            codes = tuple(int(text) for text in readings.second)
            codes += (next(number for number in range(10) if number not in codes),)
        return {str(code): code for code in codes}

    def value(self, model: type[Record], given: Mapping[str, object], *name: object) -> object:
        """Invent the value of a model with one field."""
        return next(iter(self.record(model, given, *name).values()), None)

    def _of(self, model: type[Record]) -> Mapping[str, FieldFacts]:
        """Return the facts of a model, with those of the models that it extends."""
        found: dict[str, FieldFacts] = {}
        for kind in reversed(model.__mro__):
            found |= self._facts.get(kind.__name__, {})
        return found

    def _field(
        self,
        info: msgspec.structs.FieldInfo,
        fact: FieldFacts,
        given: Mapping[str, object],
        known: Mapping[str, object],
        name: Name,
    ) -> object:
        kind, many = kind_of(info)
        kind = getattr(kind, "plain", kind)  # whatever JSON has in its place
        value = given.get(info.name, known.get(info.name))
        if isinstance(kind, type) and issubclass(kind, Record):
            if not many:
                inner = value if isinstance(value, Mapping) else {}
                return self.record(kind, {**_scalars(known), **inner}, *name)
            rows = value if isinstance(value, list) else requested_records(kind, known)
            # Two records would tell two values of one interval.
            is_alone = any(readings.steps for readings in self._readings_of(kind))
            count = self.day_of(kind, known, *name) or (1 if is_alone else 2)
            rows = _as_many(rows or [{}] * count, {}, fact)
            told = [
                {**_scalars(known), **(row if isinstance(row, Mapping) else {})} for row in rows
            ]
            return self.list_of(kind, told, *name)
        if _is_given(value, kind, many, fact):
            return value
        if many:
            return [
                plain_value(kind, fact, (self._seed, *name, at))
                for at in _as_many([1, 2], None, fact)
            ]
        return plain_value(kind, fact, (self._seed, *name))

    def field(self, model: type[Record], info: msgspec.structs.FieldInfo, *name: object) -> object:
        """Invent the value of one field of a model."""
        return self._field(info, self._of(model).get(info.encode_name, _NO_FACTS), {}, {}, name)


def _field_of(model: type[Record], name: str) -> msgspec.structs.FieldInfo:
    return next(info for info in msgspec.structs.fields(model) if info.name == name)


def kind_of(info: msgspec.structs.FieldInfo) -> tuple[Any, bool]:
    """Return the type of a field, or of the values of its list, and whether it is a list."""
    kind: Any = info.type
    if get_origin(kind) is not list:
        kind = next((one for one in get_args(kind) if one is not NoneType), kind)
    many = get_origin(kind) is list
    return (get_args(kind)[0] if many else kind), many


def requested_records(model: type[Record], known: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the beginnings of records that were asked for by a list, such as ``index_ids``."""
    for info in msgspec.structs.fields(model):
        values = known.get(f"{info.name}s")
        if isinstance(values, list) and values and not isinstance(values[0], Mapping):
            return [{info.name: value} for value in values]
    return []


def _is_given(value: object, kind: Any, many: bool, fact: FieldFacts) -> bool:
    """Say whether a value of a request can stand in a field of the reply."""
    if value is None or value == "":
        return False
    if hasattr(kind, "takes_anything"):
        return True
    if many:
        return isinstance(value, list) and all(_is_given(v, kind, False, fact) for v in value)
    if isinstance(value, Mapping | list) or not isinstance(kind, type):
        return False
    if fact.codes and value not in fact.codes:
        return False
    if fact.count is not None and isinstance(value, list) and not _is_count(len(value), fact):
        return False
    if isinstance(value, str) and fact.max_characters is not None:
        return kind is str and len(value) <= fact.max_characters
    if kind in (Yyyymmdd, IsoDate, Yyyymm) and isinstance(value, datetime):
        return False  # is a date, too, and cannot be written as one
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _flat(given: Mapping[str, object]) -> dict[str, object]:
    """Return what was given at any depth, the outermost of each name."""
    found: dict[str, object] = {}
    for value in given.values():
        if isinstance(value, Mapping):
            found = {**_flat(value), **found}
    return {**found, **given}


def _scalars(given: Mapping[str, object]) -> dict[str, object]:
    return {name: v for name, v in given.items() if not isinstance(v, Mapping | list)}


def _as_many(items: list[Any], more: object, fact: FieldFacts) -> list[Any]:
    """Return as many items as a list may have, the given ones first."""
    if fact.count is None:
        return items
    least, most = fact.count
    missing = range(len(items) + 1, least + 1)
    items = [*items, *((number if more is None else more) for number in missing)]
    return items if most is None else items[:most]


def _is_count(count: int, fact: FieldFacts) -> bool:
    least, most = fact.count or (0, None)
    return least <= count and (most is None or count <= most)


def _put_in_order(
    model: type[Record], facts: Mapping[str, FieldFacts], record: dict[str, object]
) -> None:
    """Exchange starts and ends that are the wrong way round."""
    names = {info.encode_name: info.name for info in msgspec.structs.fields(model)}
    pairs = [
        (names[wire], names[fact.starts_before])
        for wire, fact in facts.items()
        if wire in names and fact.starts_before and fact.starts_before in names
    ]
    for name in record:
        for start, end in _ENDS:
            words = name.split("_")
            if start in words:
                other = "_".join(end if word == start else word for word in words)
                if other in record:
                    pairs.append((name, other))
    for first, last in pairs:
        before: Any = record[first]
        after: Any = record[last]
        if type(before) is type(after) and isinstance(before, str | date | int | Decimal):
            record[first], record[last] = sorted((before, after))


_NO_FACTS = FieldFacts()
_ENDS = (("start", "end"), ("begin", "end"), ("first", "last"), ("from", "to"), ("from", "until"))
