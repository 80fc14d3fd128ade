"""Drop the problems whose rule a call overrules, and log them."""

import logging
from collections.abc import Collection, Sequence
from typing import get_args, get_origin

import msgspec

from .problems import Problem
from .record import Record

__all__ = ["drop_overruled"]


def drop_overruled(
    problems: Sequence[Problem], overrule: Collection[str], *, model: type[Record], call: str
) -> list[Problem]:
    """Return the problems that stand, whatever the call overrules.

    A rule is overruled where a document calls a field required and the services of its publisher
    do without. What is left out is logged, without values.

    Args:
        problems: what is wrong with a request.
        overrule: Python names of fields, at any depth, that may be missing although they are
            required.
        model: the record that the request is made of.
        call: what is called, for the log.

    Returns:
        The problems that are left, and one for each name that is no field of the request.
    """
    if not overrule:
        return list(problems)
    if isinstance(overrule, str):
        return [*problems, _problem("wrong-type", "must be a list of names, not a text")]
    known = _field_names(model)
    unknown = [name for name in overrule if name not in known]
    left: list[Problem] = []
    for problem in problems:
        if problem.rule == "required" and problem.path.rpartition(".")[2] in overrule:
            _LOGGER.warning(
                "%s: %s is missing, and the call overrules the rule", call, problem.path
            )
        else:
            left.append(problem)
    return left + [
        _problem("unknown-field", f"{name!r} is no field of the request") for name in unknown
    ]


def _problem(rule: str, message: str) -> Problem:
    return Problem(path="overrule", wire="", rule=rule, message=message)


def _field_names(model: type[Record]) -> frozenset[str]:
    """Return the names of the fields of a record and of all records in it."""
    names: set[str] = set()
    seen: set[type[Record]] = set()
    waiting = [model]
    while waiting:
        record = waiting.pop()
        if record in seen:
            continue
        seen.add(record)
        for field in msgspec.structs.fields(record):
            names.add(field.name)
            waiting += _records(field.type)
    return frozenset(names)


def _records(kind: object) -> list[type[Record]]:
    if isinstance(kind, type) and get_origin(kind) is None:
        return [kind] if issubclass(kind, Record) else []
    return [record for part in get_args(kind) for record in _records(part)]


_LOGGER = logging.getLogger("gridwright")
