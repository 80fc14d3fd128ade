"""Describe the rows of a lake so that two descriptions can be compared: key, columns, units, times.

The words stay the same from version to version: a lake is read for years.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple, get_args

from msgspec.structs import asdict, fields

from .. import tables
from ..reading_facts import FieldPath, ReadingFacts
from ..record import Record
from ..tables.arrow import array_of
from ..tables.column_metadata import field_metadata
from ..tables.flatten import layout_of
from ..tables.reading_sources import Kind, series_of, sources_of
from .plan import Plan
from .subjects import Subjects

__all__ = [
    "ARGUMENT",
    "PLAN",
    "Difference",
    "Meaning",
    "added_to",
    "differences",
    "meaning_of",
    "model_of",
]

Meaning = Mapping[str, Mapping[str, str]]
"""By what it is about, such as ``column meter_number``: what is said of it, by name."""

PLAN = "harvest"
"""What it is about that options of a harvest say."""
ARGUMENT = "argument "
"""What begins a name that an argument of all calls has."""


class Difference(NamedTuple):
    """Something that is said otherwise than before."""

    about: str
    name: str
    """Empty: it is all there or not there at all."""
    before: str | bool
    now: str | bool

    @property
    def text(self) -> str:
        """The difference, in words; arguments may be personal, and have no values there."""
        if self.about.startswith(ARGUMENT):
            if not self.name:
                return f"{self.about} was {'' if self.before else 'not '}given"
            return f"{self.about} had another value"
        if not self.name:
            return f"{self.about} was there, and is gone"
        name = self.name if self.about == PLAN else f"{self.name} of {self.about}"
        return f"{name} was {self.before or 'not said'}, and is {self.now or 'not said'}"


def meaning_of(
    plan: Plan, model: type[Record] | None, fixed: Mapping[str, Any], names: Subjects
) -> Meaning:
    """Return what rows mean that are read so.

    Args:
        plan: what is read.
        model: of the records; None: nobody knows, and nothing is said of columns.
        fixed: arguments that are the same in every call; they may be personal, and are hashed.
        names: hashes them.
    """
    found: dict[str, Mapping[str, str]] = {PLAN: _meaning_of(plan)}
    for name, value in sorted(fixed.items()):
        if name not in _ABOUT_NO_ROWS:
            whole = json.dumps(_plain(value), sort_keys=True, default=str)
            found[f"{ARGUMENT}{name}"] = {"value": names.hashed(f"{name} {whole}")}
    if model is not None:
        found |= _rows(model)
    return found


def differences(before: Meaning, now: Meaning) -> list[Difference]:
    """Return in what stored rows mean something else than rows that would be read now.

    A further column or quantity is no difference: rows that are there have null, or have it not.
    """
    has_rows = all(any(map(_is_of_rows, one)) for one in (before, now))
    found = []
    for about in {**before, **now}:
        if _is_of_rows(about) and (about not in before or not has_rows):
            continue
        if about not in now or about not in before:
            found.append(Difference(about, "", about in before, about in now))
            continue
        found += _differ(about, before[about], now[about])
    return found


def added_to(before: Meaning, now: Meaning) -> list[str]:
    """Return columns and quantities that rows have now, and had not."""
    if not any(_is_of_rows(about) for about in before):
        return []
    return [about for about in now if about not in before and _is_of_rows(about)]


def model_of(call: Any) -> type[Record] | None:
    """Return the model of the records that a method brings, as it is annotated; None: unknown."""
    annotation = getattr(call, "__annotations__", {}).get("return")
    found = next(iter(get_args(annotation)), None)
    return found if isinstance(found, type) and issubclass(found, Record) else None


def _differ(about: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in {**before, **now}:
        one, other = before.get(name, ""), now.get(name, "")
        if about.startswith("column ") and name == "unit" and not (one and other):
            continue  # a unit that nobody had said changes no value
        if one != other:
            yield Difference(about, name, one, other)


def _is_of_rows(about: str) -> bool:
    return about.startswith(("column ", "readings ", "registers "))


def _meaning_of(plan: Plan) -> Mapping[str, str]:
    window = plan.window
    said = {
        "system": plan.system,
        "operation": plan.operation,
        "subject": plan.subject,
        "window": f"{window.first}:{window.last}".rstrip(":"),
        "step": window.step,
        "window end": window.end if window.last else "",
        "key": ",".join(plan.key),
        "zone": plan.zone,
        "label marks": plan.label_marks or "",
        "repeated": plan.repeated or "",
    }
    return {name: text for name, text in said.items() if text}


def _rows(model: type[Record]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    if tables.kind_of(model) == "records":
        for column in layout_of([model]).columns:
            unit = field_metadata(column.model, column.path[-1]).get("unit", "")
            found[f"column {column.name}"] = _column(column.kind, unit)
        return found
    kinds: tuple[Kind, ...] = ("readings", "registers")
    for kind in kinds:
        for source in sources_of(model, kind):
            for one in source.contexts:
                unit = field_metadata(one.model, one.field).get("unit", "")
                found[f"column {one.name}"] = _column(one.kind, unit)
            series = series_of(source.model)[source.method]
            name = ".".join((*source.path, source.quantity))
            found[f"{kind} {name}"] = {"unit": source.unit, **_times(series)}
    return found


def _column(kind: Any, unit: str) -> dict[str, str]:
    return {"type": str(array_of([], kind).type), **({"unit": unit} if unit else {})}


def _times(series: Any) -> dict[str, str]:
    """Say of readings what places them in time, as far as it is not left to the caller."""
    defaults = {field.name: field.default for field in fields(series)}
    told = asdict(series)
    found: dict[str, str] = {}
    facts: ReadingFacts | None = told.pop("reading_facts", None)
    if facts is not None and facts.unit is not None:
        by_word = ", ".join(f"{word}={unit}" for word, unit in sorted(facts.units.items()))
        found["units"] = f"by {_text(facts.unit)}: {by_word}"
        if facts.power_of_ten is not None:
            found["power of ten"] = _text(facts.power_of_ten)
    for name, value in told.items():
        # What is as usual is left out, so that a further field of a later version differs in none.
        if name == "marks" or (name not in _NOT_ABOUT_TIME and value != defaults[name]):
            found[name.replace("_", " ")] = _text(value)
    return found


def _text(value: Any) -> str:
    if isinstance(value, FieldPath):
        at = f" of the record {value.depth} above" if value.depth else ""
        written = f" ({value.pattern})" if value.pattern else ""
        return ".".join(value.path) + at + written
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if isinstance(value, tuple):
        return _sequence(value)
    return str(value)


def _sequence(values: tuple[Any, ...]) -> str:
    """Write numbers that are equally far apart by the first, the last and their distance."""
    if len(values) > 2 and all(isinstance(one, int) for one in values):
        steps = {other - one for one, other in pairwise(values)}
        if len(steps) == 1:
            return f"{values[0]} to {values[-1]} by {steps.pop()}"
    return ", ".join(map(str, values))


def _plain(value: Any) -> Any:
    """Return what is in an argument, by our names: its repr would hide what is personal."""
    if isinstance(value, Record):
        told = {name: getattr(value, name) for name in value.__struct_fields__}
        return {name: _plain(one) for name, one in told.items() if one is not None}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


_ABOUT_NO_ROWS = frozenset({"format", "page_size", "strict", "timeout_seconds"})
# Which fields hold the values, and what they are called in the document.
_NOT_ABOUT_TIME = frozenset({"reading", "fields", "labels", "value", "steps"})
