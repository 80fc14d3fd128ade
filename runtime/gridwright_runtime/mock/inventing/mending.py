"""Mend an invented record until the check of its operation objects to nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from ...problems import Problem
from ...record import Record
from .plain_values import SOME_INSTANT, Name, dated, is_pattern
from .values import Inventor, kind_of

__all__ = ["mended"]


def mended(
    inventor: Inventor,
    payload: dict[str, object],
    model: type[Record],
    problems_of: Callable[[Mapping[str, object]], Sequence[Problem]],
    *name: object,
) -> dict[str, object]:
    """Change what a check objects to, a little at a time; in the end leave it out.

    Args:
        inventor: invents what is missing.
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
            _mend(inventor, payload, model, problem, attempt, name)
    return payload


def _mend(
    inventor: Inventor,
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
        holder[key] = inventor.field(holder_model, info, *name, path, attempt)
        return
    if rule in ("missing-field", "required", "unknown-field") or value in (None, ""):
        if info is not None and rule != "unknown-field":
            holder[key] = inventor.field(holder_model, info, *name, path, attempt)
        return
    holder[key] = _nearer(value, problem, attempt, (*name, path))


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
            if is_pattern(pattern):
                return dated(pattern, SOME_INSTANT, name)
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


_OF_FACTS = frozenset({
    "other-length", "other-form", "too-small", "too-large", "off-step", "too-few-items",
    "too-many-items",
})  # fmt: skip
_AMOUNT = re.compile(r"at (?:most|least) ([0-9]{1,6}) ")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_STEPS = re.compile(r"[^.\[\]]+")
_CODES = ("Y", "1", "01", "11", "0", "00", "A", "N")
_WRITTEN_DATES = (
    *("20240115", "2024-01-15", "202401", "2024-01", "0015", "00:15", "15"),
    *("2024-01-15T00:00:00+00:00", "2024-01-15T00:00:00", "202401150015", "2024011500"),
)
_ATTEMPTS = 13
