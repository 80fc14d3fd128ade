"""Names of ours out of names of theirs, for a draft: a person gives better ones in the review."""

import hashlib
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from gridwright.checks.generated_names import (
    TAKEN_CLASSES,
    TAKEN_IN_CONSTRUCTORS,
    TAKEN_IN_METHODS,
    TAKEN_METHODS,
)
from gridwright.spec_names import RESERVED_ARGUMENTS, RESERVED_FIELDS, is_reserved

__all__ = [
    "class_of",
    "credential_of",
    "names_of_places",
    "operation_of",
    "snake_of",
    "unique",
    "words_of_place",
]

_LONGEST = 60
_OF_PARAMETER = re.compile(r"(.*/parameters)/[0-9]+(?=/)")
_TAKEN_FIELDS = RESERVED_FIELDS | RESERVED_ARGUMENTS | TAKEN_IN_METHODS


@cache
def snake_of(text: str, fallback: str) -> str:
    """Return a snake_case name: ``meterSerialNumber`` → ``meter_serial_number``."""
    name = _snake(text, fallback)
    taken = is_reserved(name) or name in _TAKEN_FIELDS
    return f"{name}_value" if taken or keyword.iskeyword(name) else name


def operation_of(text: str) -> str:
    """Return the name of a method."""
    name = _snake(text, "operation")
    return f"call_{name}" if is_reserved(name) or name in TAKEN_METHODS else name


def credential_of(text: str) -> str:
    """Return the name of an argument of a client."""
    name = _snake(text, "key")
    return f"{name}_key" if is_reserved(name) or name in TAKEN_IN_CONSTRUCTORS else name


def _snake(text: str, fallback: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", plain)
    name = "_".join(part.lower() for part in parts)
    name = re.sub(r"_(?=[0-9])", "", name)
    if not name or not name[0].isalpha():
        name = f"{fallback}_{name}".strip("_")
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST].rstrip('_')}_{_digest(text)}"
    return name


def class_of(text: str) -> str:
    """Return a class name: ``meter-reading`` → ``MeterReading``."""
    parts = re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFKD", text))
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    name = name if name[:1].isalpha() else f"Record{name}"
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}X{_digest(text)}"
    return f"{name}Record" if name in TAKEN_CLASSES or keyword.iskeyword(name) else name


def unique(name: str, taken: Collection[str]) -> str:
    """Return the name, or the first of its numbered forms that nobody has."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def names_of_places(wanted: Mapping[str, str], taken: Iterable[str], suffix: str) -> dict[str, str]:
    """Give each place a name of its own that no other place can change.

    Args:
        wanted: the name that each place would have alone.
        taken: names that something else has.
        suffix: what makes a taken name another one.
    """
    places: dict[str, list[str]] = {}
    for place, name in wanted.items():
        places.setdefault(name.lower(), []).append(place)
    reserved = {name.lower() for name in taken}
    found: dict[str, str] = {}
    for place, name in wanted.items():
        rivals = places[name.lower()]
        own = f"{name}{suffix}" if name.lower() in reserved else name
        # The shortest place has the plain name: a component before what stands within another.
        if len(rivals) > 1 and place != min(rivals, key=lambda one: (len(one), one)):
            own = f"{own}X{_digest(place)}" if suffix[:1].isupper() else f"{own}_x{_digest(place)}"
        found[place] = own
    return found


def words_of_place(place: str, operations: Mapping[str, str], parameters: Mapping[str, str]) -> str:
    """Return the words that name a place: a component and the way into it, or an operation.

    Args:
        place: in the file.
        operations: ids of operations by their places.
        parameters: names of parameters by their places; their numbers change with others.
    """
    numbered = _OF_PARAMETER.match(place)
    if numbered and numbered[0] in parameters:
        wire = parameters[numbered[0]].replace("~", "~0").replace("/", "~1")
        place = f"{numbered[1]}/{wire}{place[numbered.end() :]}"
    file, _, pointer = place.partition("#")
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    said: list[str] = []
    for length in range(len(keys), 1, -1):
        start = f"{file}#/" + "/".join(pointer.split("/")[1 : length + 1])
        if start in operations:
            said, keys = [operations[start]], keys[length:]
            break
    if not said and keys[:1] == ["components"]:
        keys = keys[1:]
    if not said and keys[:1] in (["schemas"], ["definitions"]):
        keys = keys[1:]
    if not said and not keys:
        return re.sub(r"[.][a-z]+$", "", file.rpartition("/")[2])
    said += _telling_keys(_without_numbers(keys))
    return " ".join(said) or "value"


def _without_numbers(keys: list[str]) -> list[str]:
    """Leave out which of several schemas that hold together has a word: others change it."""
    return [key for before, key in zip(["", *keys], keys, strict=False) if before != "allOf"]


def _telling_keys(keys: list[str]) -> list[str]:
    said: list[str] = []
    skip = False
    for before, key in zip(["", *keys], keys, strict=False):
        if skip:
            skip = False
        elif key in ("content", "paths", "responses") and before not in _NAMING:
            skip = key == "content"
            if key == "responses":
                said.append("result")
        elif before == "responses" and re.fullmatch("[0-9xX]{3}|default", key):
            said += [] if key == "200" else [key]
        elif before in _NAMING or key not in _SILENT:
            said.append(_SHORT.get(key, key) if before not in _NAMING else key)
    return said


_NAMING = ("properties", "parameters")
"""Behind these stands a name of the file's own."""
_SILENT = frozenset({"properties", "schema", "schemas", "allOf", "parameters"})
_SHORT = {
    "items": "item", "additionalProperties": "entry", "requestBody": "body", "oneOf": "form",
    "anyOf": "form",
}  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:4]
