"""Bring a draft and its edited form together with a newer draft: three-way, value by value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridwright.importing.reading import Json

__all__ = ["Conflict", "Merged", "merged"]

_NAMED = ("operations", "records", "codes")
_REFERENCES = {"of": "records", "extends": "records", "codes": "codes"}
_SOURCES = frozenset({"at", "inferred", "assumed", "observed"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that was edited and that the newer file changes, too: the edit stays.

    Attributes:
        path: keys that lead to it in the spec, joined by dots.
        newer: what the newer draft has there; "" where it is gone.
    """

    path: str
    newer: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A spec as plain values, and where the edits of a person were kept against the newer file."""

    spec: Json
    conflicts: tuple[Conflict, ...]


def merged(base: Json, ours: Json, newer: Json) -> Merged:
    """Return the edited spec with what the newer file changed.

    Args:
        base: the draft that was imported before.
        ours: what a person made of it.
        newer: the draft of the newer file.
    """
    names = _renamed(base, ours)
    conflicts: list[Conflict] = []
    kept = _kept(base, newer, names)
    spec = _mapping(_with_names(base, names), ours, _with_names(newer, kept), (), conflicts)
    return Merged(spec, tuple(conflicts))


def _mapping(
    base: Json, ours: Json, newer: Json, path: tuple[str, ...], conflicts: list[Conflict]
) -> Json:
    found: Json = {}
    for key in _ordered(ours, newer):
        value = _value(base.get(key), ours.get(key), newer.get(key), (*path, key), conflicts)
        if value is not None:
            found[key] = value
    return found


def _value(
    base: Any, ours: Any, newer: Any, path: tuple[str, ...], conflicts: list[Conflict]
) -> Any:
    """Return the value of one key; None where it is not there."""
    if newer == base or ours == newer:
        return ours
    if ours == base:
        return newer
    if isinstance(ours, dict) and isinstance(newer, dict):
        return _mapping(base if isinstance(base, dict) else {}, ours, newer, path, conflicts)
    if path[-1] not in _SOURCES:  # a person cites the document in the place of the file
        conflicts.append(Conflict(".".join(path), "" if newer is None else str(newer)))
    return ours


def _ordered(ours: Json, newer: Json) -> list[str]:
    """Return all keys: those of ours in their order, new ones behind the key that they follow."""
    keys = list(ours)
    place = {key: number for number, key in enumerate(keys)}
    after: dict[str | None, list[str]] = {}
    last: str | None = None
    for key in newer:
        if key in place:
            last = key
        else:
            after.setdefault(last, []).append(key)
    found = list(after.get(None, ()))
    for key in keys:
        found += [key, *after.get(key, ())]
    return found


# --- Names that a person gave ------------------------------------------------------------------


def _renamed(base: Json, ours: Json) -> dict[str, dict[str, str]]:
    """Return the names that a person changed, by kind of thing: what came from one place."""
    found: dict[str, dict[str, str]] = {}
    for kind in _NAMED:
        before, after = _places(base.get(kind)), _places(ours.get(kind))
        names = {
            name: after[place]
            for place, name in before.items()
            if place in after and after[place] != name and name not in (ours.get(kind) or {})
        }
        found[kind] = names
    return found


def _kept(
    base: Json, newer: Json, names: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return names of the newer draft by those to go on with: another way to name is no change."""
    found = {kind: dict(given) for kind, given in names.items()}
    for kind in ("records", "codes"):
        before, after = _places(base.get(kind)), _places(newer.get(kind))
        for place, name in after.items():
            known = before.get(place, name)
            if known not in (newer.get(kind) or {}) and name not in (base.get(kind) or {}):
                found[kind][name] = names[kind].get(known, known)
    return found


def _places(things: Any) -> dict[str, str]:
    """Return names by the place in the file; a place that several have counts for nothing."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, thing in things.items() if isinstance(things, dict) else ():
        place = thing.get("inferred") if isinstance(thing, dict) else None
        if isinstance(place, str):
            twice |= {place} & found.keys()
            found[place] = name
    return {place: name for place, name in found.items() if place not in twice}


def _with_names(spec: Json, names: Mapping[str, Mapping[str, str]]) -> Json:
    """Return a draft with the names that a person gave since."""
    if not any(names.values()):
        return spec
    found: Json = _references(spec, names)
    for kind in _NAMED:
        if isinstance(found.get(kind), dict):
            found[kind] = {names[kind].get(key, key): value for key, value in found[kind].items()}
    return found


def _references(value: Any, names: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(value, list):
        return [_references(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: names[_REFERENCES[key]].get(below, below)
        if key in _REFERENCES and isinstance(below, str)
        else _references(below, names)
        for key, below in value.items()
    }
