"""Find the failures that a message lists beside its data, and judge each. Never raises one."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ..interface import Format, Operation, Verdict
from ..problems import Problem
from ..redact import printable
from .decoded_body import Failure, problem_at
from .field_places import json_name
from .verdicts import documented_name, element_names, failure_of_entry, field_names

__all__ = ["FailureBeside", "failures_beside", "list_deviations_of_failures", "names_of_lists"]


class FailureBeside(Struct, frozen=True):
    """An entry of a list of failures."""

    place: str
    """Such as ``errors[0]``."""
    wire: Mapping[str, object]
    """As it came; one that is a text alone has it under the name of the provider's words."""
    failure: Failure
    verdict: Verdict

    def __repr__(self) -> str:
        return f"FailureBeside({self.place})"


def failures_beside(
    operation: Operation[Any], tree: object, format: Format
) -> tuple[FailureBeside, ...]:
    """Return what a message lists as failures.

    Args:
        operation: what was called.
        tree: the message, from below its root.
        format: its format.
    """
    found: list[FailureBeside] = []
    for verdict in operation.partial:
        for index, (name, entry) in enumerate(_entries(verdict, tree)):
            wire = entry if isinstance(entry, Mapping) else {verdict.message or ".": entry}
            failure = failure_of_entry(verdict, _fields(verdict, wire, format))
            if failure is not None:
                place = ".".join((*verdict.under[:-1], f"{name}[{index}]"))
                found.append(FailureBeside(place, wire, failure, verdict))
    return tuple(found)


def list_deviations_of_failures(
    operation: Operation[Any], tree: object, format: Format
) -> Iterator[Problem]:
    """Yield how lists of failures depart from the document."""
    for verdict in operation.partial:
        for index, (name, entry) in enumerate(_entries(verdict, tree)):
            path = ".".join((*verdict.under[:-1], f"{verdict.under[-1]}[{index}]"))
            if format not in verdict.formats:
                yield problem_at(path, "unknown-field", "is not in the document")
            elif not isinstance(entry, Mapping) and "." in verdict.fields:
                continue  # the document has texts there
            elif not isinstance(entry, Mapping):
                yield problem_at(path, "wrong-type", "is not a record")
            else:
                if name != verdict.under[-1]:
                    yield problem_at(path, "renamed-field", f"is called {name!r} on the wire")
                yield from _unknown_fields(verdict, entry, path, format)


def names_of_lists(operation: Operation[Any], prefix: tuple[str, ...]) -> dict[str, bool]:
    """Return the names at a place that are lists of failures or lead there: whether they lead."""
    names: dict[str, bool] = {}
    depth = len(prefix)
    for verdict in operation.partial:
        if len(verdict.under) > depth and verdict.under[:depth] == prefix:
            leads = len(verdict.under) > depth + 1
            for name in element_names(verdict, verdict.under[depth]):
                names[name] = leads or names.get(name, False)
    return names


def _entries(verdict: Verdict, tree: object) -> list[tuple[str, object]]:
    """Return the entries of a list of failures, each with the name of the list."""
    found: list[tuple[str, object]] = [("", tree)]
    for step in verdict.under:
        found = [
            (name, item)
            for _name, holder in found
            if isinstance(holder, Mapping)
            for name in element_names(verdict, step)
            for item in _listed(holder.get(name))
        ]
    return [(name, entry) for name, entry in found if not _says_nothing(entry)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _says_nothing(entry: object) -> bool:
    """Whether an entry is none: XML has an empty element where JSON has an empty list."""
    return entry is None or entry == {} or (isinstance(entry, str) and not entry.strip())


def _fields(verdict: Verdict, wire: Mapping[str, object], format: Format) -> dict[str, object]:
    """Return the fields by which an entry is judged, from where they stand."""
    found: dict[str, object] = {}
    for name in field_names(verdict):
        own = json_name(name) if format == "json" else name
        holder: object = wire
        for step in verdict.located.get(name, ()):
            holder = holder.get(step) if isinstance(holder, Mapping) else None
        if isinstance(holder, Mapping) and own in holder:
            found[name] = holder[own]
    renamed = {alias: wire[alias] for alias in verdict.also if alias in wire}
    return renamed | found


def _unknown_fields(
    verdict: Verdict, entry: Mapping[str, object], path: str, format: Format
) -> Iterator[Problem]:
    known = {
        next(iter(verdict.located.get(name, ())), json_name(name) if format == "json" else name)
        for name in verdict.fields
    }
    for wire in entry:
        name = documented_name(verdict, wire)
        shown = f"{path}.{printable(wire, 60)}"
        if name not in known:
            yield problem_at(shown, "unknown-field", "is not in the document")
        elif name != wire:
            yield problem_at(f"{path}.{name}", "renamed-field", f"is called {wire!r} on the wire")
