"""Invent values that a document allows: of the right type, size and code, and about what was asked.

The models say types, facts say sizes and codes, a request says what the reply is about. What is
still wrong then is mended by the operation's own check of the reply, a little at a time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from ...intervals import Readings, as_readings
from ...problems import Problem
from ...record import Record
from ...series import SingleReading
from ...times.durations import Duration
from ...values.types import DayOfMonth, IsoDate, Yyyymm, Yyyymmdd
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
from ..texts.letters import is_composed, write_time
from ..texts.time_texts import is_doubtful
from .draw import draw

__all__ = ["VALUE_FIELD", "Inventor", "kind_of", "requested_records"]

VALUE_FIELD = "."
"""The wire name of the one field of a model that stands for a value."""

Name = tuple[object, ...]


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
                lay_out_list(rows, readings, _write_time, day, self._seed, *name, codes=codes)
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
                lay_out_row(row, readings, _write_time, day, number, *told, codes=codes)

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
                lay_out_list([record], readings, _write_time, day, self._seed, *name, codes=codes)
                continue
            holder: Any = model
            for step in readings.steps:
                infos = {info.name: info for info in msgspec.structs.fields(holder)}
                holder = kind_of(infos[step])[0]

            def make(like: Mapping[str, Any], number: int, inner: Any = holder) -> dict[str, Any]:
                return self.record(inner, {}, *name, "day", number)

            told = (self._seed, *name)
            lay_out(record, readings, make, _write_time, day, *told, codes=codes)

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
            return [self._one(kind, fact, (*name, at)) for at in _as_many([1, 2], None, fact)]
        return self._one(kind, fact, name)

    def _one(self, kind: Any, fact: FieldFacts, name: Name) -> object:
        name = (self._seed, *name)
        label = next((str(part) for part in reversed(name) if isinstance(part, str)), "")
        if fact.codes:
            code = fact.codes[draw(0, len(fact.codes) - 1, *name)]
            return int(code) if kind is int else code
        if kind is str:
            return _text(label, fact, name)
        if hasattr(kind, "takes_anything"):
            return _anything(label, draw(1, 99, *name))
        if kind is bool:
            return draw(0, 1, *name) == 1
        if fact.range is not None and kind is int:
            return int(_number_in(fact, Decimal(1), name))
        if kind is int:
            return draw(1, _largest(fact.digits, 99), *name)
        if kind is Decimal or (isinstance(kind, type) and isinstance(_SOME_NUMBER, kind)):
            if label.endswith("percent") and fact.range is None:
                return Decimal(draw(0, 100, *name))
            decimals = 1 if fact.decimals is None else min(fact.decimals, 3)
            if fact.range is not None:
                return _number_in(fact, Decimal(1).scaleb(-decimals), name)
            digits = min(3, 3 if fact.digits is None else fact.digits)
            return Decimal(draw(0, 10 ** (digits + decimals) - 1, *name)).scaleb(-decimals)
        if kind in (Yyyymmdd, IsoDate):
            return _DAY + timedelta(days=draw(0, 365, *name))
        if kind is Yyyymm:
            return date(2024, draw(1, 12, *name), 1)
        if kind is DayOfMonth:
            return draw(1, 28, *name)
        if isinstance(kind, type) and kind is not int and isinstance(_DAY, kind):
            # Each is a Monday and the first of its month, which every pattern can express.
            return date(2024, draw(0, 2, *name) * 3 + 1, 1)
        if isinstance(kind, type) and isinstance(_LENGTHS[0], kind):
            return _LENGTHS[draw(0, len(_LENGTHS) - 1, *name)]
        if isinstance(kind, type) and isinstance(_INSTANT, kind):
            moment = _INSTANT + timedelta(days=draw(0, 365, *name))
            # At noon no clock is changed.
            return moment + timedelta(hours=12) if is_doubtful(kind, moment) else moment
        return None

    def mended(
        self,
        payload: dict[str, object],
        model: type[Record],
        problems_of: Callable[[Mapping[str, object]], Sequence[Problem]],
        *name: object,
    ) -> dict[str, object]:
        """Change what a check objects to, a little at a time; in the end leave it out.

        Args:
            payload: a record by Python names.
            model: its model.
            problems_of: checks a record by Python names; the paths of its problems begin in it.
            name: what invented values belong to.
        """
        for attempt in range(_ATTEMPTS):
            wrong: dict[str, Problem] = {}
            for problem in problems_of(payload):
                before = wrong.get(problem.path)
                # Of two problems of a field this one counts: another code has another length.
                if before is None or before.rule != "not-a-code":
                    wrong[problem.path] = problem
            if not wrong:
                break
            for problem in wrong.values():
                self._mend(payload, model, problem, attempt, name)
        return payload

    def _mend(
        self,
        payload: dict[str, object],
        model: type[Record],
        problem: Problem,
        attempt: int,
        name: Name,
    ) -> None:
        path, rule = problem.path, problem.rule
        found = _place(payload, model, path)
        if found is None:
            return
        holder, key, info, holder_model = found
        if attempt == _ATTEMPTS - 1 and info is not None and not info.required:
            holder.pop(key, None)
            return
        if attempt == _ATTEMPTS - 1 or rule in ("skipped-time", "no-such-position"):
            holder[key] = None
            return
        value = holder.get(key) if isinstance(holder, dict) else holder[key]
        if rule in _OF_FACTS and info is not None and not attempt:
            fact = self._of(holder_model).get(info.encode_name, _NO_FACTS)
            holder[key] = self._field(info, fact, {}, {}, (*name, path, attempt))
            return
        if rule in ("missing-field", "required", "unknown-field") or value in (None, ""):
            if info is not None and rule != "unknown-field":
                fact = self._of(holder_model).get(info.encode_name, _NO_FACTS)
                holder[key] = self._field(info, fact, {}, {}, (*name, path, attempt))
            return
        holder[key] = _nearer(value, problem, attempt, (*name, path))


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


def _text(label: str, fact: FieldFacts, name: Name) -> str:
    if fact.examples:
        return fact.examples[draw(0, len(fact.examples) - 1, *name)]
    if fact.letters:
        drawn = (draw(0, len(some) - 1, *name, at) for at, some in enumerate(fact.letters))
        return "".join(some[at] for some, at in zip(fact.letters, drawn, strict=True))
    if fact.pattern:
        return _dated(fact.pattern, _INSTANT + timedelta(days=draw(0, 365, *name)), name)
    most = fact.max_characters
    if fact.max_bytes is not None:
        most = fact.max_bytes if most is None else min(most, fact.max_bytes)
    number = draw(1, 999, *name)
    last = label.rpartition("_")[2]
    text = _PLAUSIBLE.get(last, "{label} {number:03d}").format(
        label=label.replace("_", " "), number=number
    )
    if most is not None and len(text) > most:
        text = f"{draw(0, 10 ** min(most, 9) - 1, *name):0{most}d}"[:most]
    least = fact.min_characters or 0
    text = text if len(text) >= least else text.ljust(least, "0")
    if fact.lengths and not any(
        first <= len(text) and (last is None or len(text) <= last) for first, last in fact.lengths
    ):
        size = fact.lengths[0][0]
        return f"{draw(0, 10 ** min(size, 9) - 1, *name):0{size}d}"
    return text


def _number_in(fact: FieldFacts, step: Decimal, name: Name) -> Decimal:
    """Invent a number in a range, a multiple of its step or of the one that is given."""
    first, last, said = (Decimal(text) if text else None for text in fact.range or ("", "", ""))
    step = said or step
    if fact.digits is not None:
        largest = 10**fact.digits - step
        last = largest if last is None else min(last, largest)
    if first is None:
        first = Decimal(0) if last is None or last >= 0 else last - 99 * step
    least = (first / step).to_integral_value(ROUND_CEILING)
    most = least + 99 if last is None else (last / step).to_integral_value(ROUND_FLOOR)
    return (least + draw(0, max(0, int(min(most - least, Decimal(10**6)))), *name)) * step


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


def _dated(pattern: str, moment: datetime, name: Name) -> str:
    """Write a date or a time as a pattern of documents does."""
    if pattern == "hhmi":
        return f"{draw(0, 23, *name):02d}{15 * draw(0, 3, *name, 'minute'):02d}"
    if pattern in _PATTERNS:
        return moment.strftime(_PATTERNS[pattern])
    return write_time(pattern, moment)


def _write_time(pattern: str, moment: datetime) -> str:
    """Write what clocks show."""
    known = "%H%M" if pattern == "hhmi" else _PATTERNS.get(pattern)
    return moment.strftime(known) if known else write_time(pattern, moment)


def _anything(label: str, number: int) -> dict[str, object]:
    """Return an object in which everything stands that JSON has."""
    return {
        "said": label.replace("_", " "),
        "numbers": [number, Decimal(number).scaleb(-1)],
        "is_invented": True,
        "nothing": None,
    }


def _largest(digits: int | None, otherwise: int) -> int:
    return otherwise if digits is None else max(1, min(otherwise, 10**digits - 1))


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


_FOUND = tuple[Any, Any, msgspec.structs.FieldInfo | None, type[Record]]


def _place(payload: dict[str, object], model: type[Record], path: str) -> _FOUND | None:
    """Return what holds the end of a path such as ``parts[0].name``, and its key there."""
    holder: Any = payload
    kind: Any = model
    owner: type[Record] = model
    info: msgspec.structs.FieldInfo | None = None
    steps = [int(step) if step.isdigit() else step for step in _STEPS.findall(path)]
    for number, step in enumerate(steps):
        if isinstance(step, str):
            if not isinstance(holder, dict):
                return None
            owner = kind
            infos = {one.name: one for one in msgspec.structs.fields(kind)}
            info = infos.get(step)
        elif not isinstance(holder, list) or step >= len(holder):
            return None
        if number == len(steps) - 1:
            return holder, step, info if isinstance(step, str) else None, owner
        holder = holder.get(step) if isinstance(holder, dict) else holder[int(step)]
        if info is not None:
            kind = kind_of(info)[0]
        if not (isinstance(kind, type) and issubclass(kind, Record)):
            kind = Record
    return None


def _nearer(value: object, problem: Problem, attempt: int, name: Name) -> object:
    """Return a value that may break a rule no more; the problem says what would be right."""
    rule, amount = problem.rule, _amount_in(problem.message)
    if isinstance(value, str):
        return _nearer_text(value, problem, amount, attempt, name)
    if isinstance(value, bool):
        return not value
    if isinstance(value, Decimal):
        if rule == "too-many-decimals":
            return round(value, amount or 0)
        return value % 10**amount if amount is not None else value // 10
    if isinstance(value, int):
        return value % 10**amount if amount is not None else value // 10
    if isinstance(value, list):
        return value[:1] if len(value) > 1 else value
    return None


def _nearer_text(value: str, problem: Problem, amount: int | None, attempt: int, name: Name) -> str:
    match problem.rule:
        case "too-long":
            most = len(value) // 2 if amount is None or attempt else amount
            return value[: max(1, most)]
        case "too-short":
            return value.ljust(amount or len(value) + 1, "0")
        case "not-a-date":
            pattern = problem.message.rpartition(" written ")[2].partition(" but ")[0]
            if pattern in _PATTERNS or pattern == "hhmi" or is_composed(pattern):
                return _dated(pattern, _INSTANT, name)
            return _WRITTEN_DATES[attempt % len(_WRITTEN_DATES)]
        case "not-number":
            return str(attempt)
        case _:
            known = _QUOTED.findall(problem.message.partition(" not one of ")[2])
            codes = known or _CODES
            return codes[attempt % len(codes)]


def _amount_in(message: str) -> int | None:
    """Return the amount that would be right, where the message says it."""
    found = _AMOUNT.search(message)
    return int(found[1]) if found else None


_NO_FACTS = FieldFacts()
_OF_FACTS = frozenset({
    "other-length", "other-form", "too-small", "too-large", "off-step", "too-few-items",
    "too-many-items",
})  # fmt: skip
_SOME_NUMBER = Decimal()
_INSTANT = datetime(2024, 1, 1, tzinfo=UTC)
_DAY = date(2024, 1, 1)
# None is of the calendar: a number of seconds could not express it.
_LENGTHS = tuple(Duration(elapsed=timedelta(minutes=minutes)) for minutes in (15, 30, 60))
_AMOUNT = re.compile(r"at (?:most|least) ([0-9]{1,6}) ")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_STEPS = re.compile(r"[^.\[\]]+")
_CODES = ("Y", "1", "01", "11", "0", "00", "A", "N")
_WRITTEN_DATES = (
    *("20240115", "2024-01-15", "202401", "2024-01", "0015", "00:15", "15"),
    *("2024-01-15T00:00:00+00:00", "2024-01-15T00:00:00", "202401150015", "2024011500"),
)
_ATTEMPTS = 13
_ENDS = (("start", "end"), ("begin", "end"), ("first", "last"), ("from", "to"), ("from", "until"))
_PATTERNS = {
    "yyyymmdd": "%Y%m%d",
    "yyyymm": "%Y%m",
    "yyyymmddhhmi": "%Y%m%d%H%M",
    "yyyymmddhh": "%Y%m%d%H",
    "dd": "%d",
    "yyyy-MM-dd'T'HH:mm:ss": "%Y-%m-%dT%H:%M:%S",
    "date-time": "%Y-%m-%dT%H:%M:%S.000+0000",
}
_PLAUSIBLE = {
    "number": "{number:06d}",
    "id": "{number:06d}",
    "code": "{number:03d}",
    "name": "Sample {label} {number}",
    "address": "{number} Sample Street",
    "street": "Sample Street {number}",
    "city": "Sampleton",
    "email": "sample{number}@example.org",
    "phone": "000-555-{number:04d}",
    "url": "https://example.org/{number}",
    "country": "Sampleland",
    "currency": "XXX",
    "note": "An invented note {number}",
    "description": "An invented description {number}",
    "message": "An invented message {number}",
}
