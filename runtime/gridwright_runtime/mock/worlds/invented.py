"""A world for any system: values invented from the types of its records. Never plausible.

What a question names is what the answer is about: a field named like an argument has its value.
Everything else comes from the field's type, and is mended until the operation's own check of the
record finds nothing wrong with it.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from ...clock import Clock
from ...errors import ConfigurationError
from ...operation import Operation
from ...patterns import load_zone
from ...values import DayOfMonth, Yyyymm, Yyyymmdd
from ..draw import draw
from ..encoding import Codec
from ..list_world import ListAnswer as Answer

__all__ = ["InventedWorld"]


class InventedWorld:
    """Answers every operation with so many invented records."""

    def __init__(
        self, operations: Sequence[Operation[Any]], *, seed: int, clock: Clock, records: int = 8
    ) -> None:
        self._operations = {operation.name: operation for operation in operations}
        self._codecs = {operation.name: Codec(operation) for operation in operations}
        self._seed = seed
        self._clock = clock
        self._records = records

    def reply(self, operation: str, arguments: Mapping[str, object]) -> Answer:
        """Invent the records of one operation.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        return [self._invent(known, arguments, number) for number in range(1, self._records + 1)]

    def version(self) -> Hashable:
        """Return always the same: nothing changes here."""
        return 0

    def response_time(self) -> str:
        """Return the present in UTC."""
        return self._clock.now().astimezone(load_zone("UTC")).isoformat(timespec="milliseconds")

    def _invent(
        self, operation: Operation[Any], arguments: Mapping[str, object], number: int
    ) -> Mapping[str, object]:
        model = operation.reply.model
        name = (self._seed, operation.system, operation.name, number)
        record = _invented_record(model, name)
        for field in msgspec.structs.fields(model):
            given = arguments.get(field.name)
            if given is not None and isinstance(given, _plain_type(field.type)):
                record[field.name] = given
        return self._mended(operation, record)

    def _mended(self, operation: Operation[Any], record: dict[str, object]) -> Mapping[str, object]:
        """Change what the check objects to, a little at a time; in the end leave it out."""
        for attempt in range(_ATTEMPTS):
            (wire,) = self._codecs[operation.name].records([record])
            wrong: dict[str, str] = {}
            for problem in operation.reply.check(wire, ""):
                # Of two problems of a field this one counts: another code has another length.
                if wrong.get(problem.path) != "not-a-code" and problem.rule not in _OF_NAMES:
                    wrong[problem.path] = problem.rule
            if not wrong:
                break
            for path, rule in wrong.items():
                holder, key = _place(record, path)
                last = attempt == _ATTEMPTS - 1
                holder[key] = None if last else _mend(holder[key], rule, attempt)
        return record


def _invented_record(model: type[msgspec.Struct], name: tuple[object, ...]) -> dict[str, object]:
    return {
        field.name: _invented(field.type, (*name, field.name))
        for field in msgspec.structs.fields(model)
    }


def _invented(annotation: Any, name: tuple[object, ...]) -> object:
    kinds = get_args(annotation) if _is_union(annotation) else (annotation,)
    for kind in kinds:
        if kind in _INVENTORS:
            return _INVENTORS[kind](name)
        if get_origin(kind) in (list, tuple, Sequence):
            return [_invented(get_args(kind)[0], (*name, number)) for number in (1, 2)]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return _invented_record(kind, name)
    return None


def _plain_type(annotation: Any) -> tuple[type, ...]:
    kinds = get_args(annotation) if _is_union(annotation) else (annotation,)
    return tuple(kind for kind in kinds if isinstance(kind, type) and kind is not type(None))


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, UnionType)


def _text(name: tuple[object, ...]) -> str:
    return f"{name[-1]} {draw(0, 999, *name):03d}"


def _number(name: tuple[object, ...]) -> Decimal:
    return Decimal(draw(0, 999, *name)).scaleb(-1)


def _day(name: tuple[object, ...]) -> date:
    return date(2024, 1, 1) + timedelta(draw(0, 365, *name))


def _month(name: tuple[object, ...]) -> date:
    return date(2024, draw(1, 12, *name), 1)


def _place(record: dict[str, object], path: str) -> tuple[Any, Any]:
    """Return the mapping or list that holds what a path such as ``parts[0].name`` leads to."""
    steps = [int(step) if step.isdigit() else step for step in _STEPS.findall(path)]
    holder: Any = record
    for step in steps[:-1]:
        holder = holder[step]
    return holder, steps[-1]


def _mend(value: object, rule: str, attempt: int) -> object:
    if isinstance(value, str):
        if rule == "too-long":
            return value[: len(value) // 2]
        # A list of codes is not to be had from here; these are on most of them.
        return _CODES[attempt % len(_CODES)] if rule == "not-a-code" else "0015"
    if isinstance(value, Decimal):
        return value // 10
    if isinstance(value, int):
        return value // 10
    return None


_INVENTORS: dict[Any, Callable[[tuple[object, ...]], object]] = {
    str: _text,
    Decimal: _number,
    bool: lambda name: draw(0, 1, *name) == 1,
    int: lambda name: draw(0, 99, *name),
    Yyyymmdd: _day,
    Yyyymm: _month,
    DayOfMonth: lambda name: draw(1, 28, *name),
}
_OF_NAMES = ("unknown-field", "missing-field", "renamed-field")
"""Rules about a field being there at all, which no value can mend."""
_STEPS = re.compile(r"[^.\[\]]+")
_CODES = ("Y", "1", "01", "11", "0", "00", "A")
_ATTEMPTS = 10
