"""Bring a draft and its edited form together with a newer draft: three-way, value by value."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gridwright.importing.names import unique
from gridwright.importing.read_file import Json

__all__ = ["Conflict", "Merged", "merged"]

_NAMED = ("operations", "records", "codes")
_REFERENCES = {"of": "records", "extends": "records", "codes": "codes"}
_REFERRED = {**_REFERENCES, "credential": "credentials"}
_CREDENTIAL = re.compile(r"\bcredential[.](\w+)")
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
    """A spec as plain values, and where the edits of a person were kept against the newer file.

    Attributes:
        operations: names in the spec by those that the newer draft has, where they differ.
    """

    spec: Json
    conflicts: tuple[Conflict, ...]
    operations: Mapping[str, str]


def merged(base: Json, ours: Json, newer: Json) -> Merged:
    """Return the edited spec with what the newer file changed.

    A thing of one place of the file keeps the name that it has in the spec, whatever the newer
    file calls it.

    Args:
        base: the draft that was imported before.
        ours: what a person made of it.
        newer: the draft of the newer file.
    """
    renamed = _renamed(base, ours)
    names = _kept_names(base, newer, renamed)
    conflicts: list[Conflict] = []
    spec = _mapping(_with_names(base, renamed), ours, _with_names(newer, names), (), conflicts)
    return Merged(_completed(spec, ours), tuple(conflicts), names["operations"])


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
        before = _places(base.get(kind))
        after = {place: name for name, place in _places(ours.get(kind)).items()}
        names = {
            name: after[place]
            for name, place in before.items()
            if place in after and after[place] != name and name not in (ours.get(kind) or {})
        }
        found[kind] = names
    return found


def _kept_names(
    base: Json, newer: Json, renamed: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return the names that things of the newer draft have in the spec, by kind, where they differ.

    What is new takes another name than its own where a thing of another place has that.
    """
    found: dict[str, dict[str, str]] = {}
    for kind in _NAMED:
        before = {place: name for name, place in _places(base.get(kind)).items()}
        after = _places(newer.get(kind))
        names = {
            name: renamed[kind].get(before[place], before[place])
            for name, place in after.items()
            if place in before
        }
        # What has moved within the file, as all does from Swagger 2 to OpenAPI 3, is known by name.
        held, taken = {before[after[name]] for name in names}, {*names.values()}
        for name in newer.get(kind) or ():
            if name not in names:
                is_known = name in (base.get(kind) or {}) and name not in held
                own = renamed[kind].get(name, name) if is_known else name
                names[name] = unique(own, taken)
                taken.add(names[name])
        found[kind] = {name: ours for name, ours in names.items() if ours != name}
    return found


def _places(things: Any) -> dict[str, str]:
    """Return places in the file by name; a place that several have counts for nothing."""
    found: dict[str, str] = {}
    for name, thing in things.items() if isinstance(things, dict) else ():
        place = thing.get("inferred") if isinstance(thing, dict) else None
        if isinstance(place, str):
            found[name] = place
    often = Counter(found.values())
    return {name: place for name, place in found.items() if often[place] == 1}


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


# --- What the kept refers to -------------------------------------------------------------------


def _completed(spec: Json, ours: Json) -> Json:
    """Return a merged spec with what its edited parts refer to, where the newer file lacks it."""
    while True:
        lacking = {
            (kind, name)
            for kind, name in _referred(spec)
            if name not in (spec.get(kind) or {}) and name in (ours.get(kind) or {})
        }
        if not lacking:
            return spec
        for kind in {kind for kind, _ in lacking}:
            has, had = spec.get(kind) or {}, ours[kind]
            order = [*has, *(name for name in had if (kind, name) in lacking)]
            spec = {**spec, kind: {name: has[name] if name in has else had[name] for name in order}}


def _referred(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the kind and the name of each thing that something refers to."""
    if isinstance(value, list):
        for one in value:
            yield from _referred(one)
    elif isinstance(value, dict):
        for key, below in value.items():
            if key in _REFERRED and isinstance(below, str):
                yield _REFERRED[key], below
            yield from _referred(below)
    elif isinstance(value, str):
        for name in _CREDENTIAL.findall(value):
            yield "credentials", name
