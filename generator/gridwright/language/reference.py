"""Render the page of all keys of the spec files, from the grammars alone."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridwright.language import grammar

__all__ = ["keys_page"]

_FILES = {
    "interface": "interface.yaml",
    "amendments": "amendments.yaml",
    "lines": "lines.yaml",
}
_SOURCES = ("at", "inferred", "assumed", "observed")
_NAMED = {"name": "name", "text": "text", "yes": "yes or no", "duration": "duration"}
_HEAD = """# Keys of the spec language

Every key that a file of a spec can have, made from the grammars; editors show the same words. \
The [guides](../spec-language.md#the-guides) say when to use them.

A heading is a place in the file: `*` stands for a name of yours or a wire name, `[]` for an item \
of a list. "Cited" marks what says [where it comes from](facts.md#where-a-fact-comes-from) by \
`at`, `inferred`, `assumed` or `observed`. Every scalar is text: "yes or no", "name" and \
"duration" say what it must read like.
"""


@dataclass
class _Mapping:
    """One mapping of a grammar, and all places at which it stands."""

    schema: Mapping[str, Any]
    places: list[str] = field(default_factory=list)


def keys_page() -> str:
    """Return docs/language/keys.md."""
    return "\n".join([_HEAD, *(part for name in _FILES for part in _file(name))])


def _file(name: str) -> Iterator[str]:
    root = grammar(name)
    mappings: dict[str, _Mapping] = {}
    for place, schema in _mappings(root, root, ""):
        known = mappings.setdefault(_identity(schema), _Mapping(schema))
        if place not in known.places:
            known.places.append(place)
    headings = dict(zip(mappings, _headings(mappings.values(), name), strict=True))
    anchors = {identity: _anchor(heading or _FILES[name]) for identity, heading in headings.items()}
    yield f"## {_FILES[name]}\n"
    for identity, known in mappings.items():
        yield from _section(headings[identity], known, root, anchors)


def _section(
    heading: str, known: _Mapping, root: Mapping[str, Any], anchors: Mapping[str, str]
) -> Iterator[str]:
    properties = known.schema["properties"]
    required = known.schema.get("required", ())
    if heading:
        yield f"### {heading}\n"
    notes = []
    if len(known.places) > 1:
        notes.append("Also at " + ", ".join(f"`{place}`" for place in known.places[1:]) + ".")
    if any(key in properties for key in _SOURCES):
        notes.append("Cited.")
    if notes:
        yield " ".join(notes) + "\n"
    rows = {key: _target(value, root) for key, value in properties.items() if key not in _SOURCES}
    if not rows:
        return
    yield "| Key | Required | Takes | Meaning |\n|---|---|---|---|"
    for key, value in rows.items():
        needed = " yes" if key in required else ""
        meaning = value["description"].replace("|", "\\|")
        yield f"| `{key}` |{needed} | {_takes(value, root, anchors)} | {meaning} |"
    yield ""


def _mappings(
    schema: Mapping[str, Any], root: Mapping[str, Any], place: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    schema = _target(schema, root)
    if schema.get("properties"):
        yield place, schema
    for key, value in schema.get("properties", {}).items():
        yield from _mappings(value, root, f"{place}.{key}".lstrip("."))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _mappings(schema["additionalProperties"], root, f"{place}.*".lstrip("."))
    if "items" in schema:
        yield from _mappings(schema["items"], root, f"{place}[]")
    for choice in _choices(schema):
        yield from _mappings(choice, root, place)


def _takes(value: Mapping[str, Any], root: Mapping[str, Any], anchors: Mapping[str, str]) -> str:
    """Say in a few words what stands behind a key."""
    words = dict.fromkeys(_forms(value, root, anchors))
    return " or ".join(words)


def _forms(
    value: Mapping[str, Any], root: Mapping[str, Any], anchors: Mapping[str, str]
) -> Iterator[str]:
    value = _target(value, root)
    if value.get("$named") in _NAMED:
        yield _NAMED[value["$named"]]
        return
    if value.get("properties"):
        yield f"[mapping](#{anchors[_identity(value)]})"
    elif isinstance(value.get("additionalProperties"), dict):
        inner = " or ".join(dict.fromkeys(_forms(value["additionalProperties"], root, anchors)))
        yield f"any name: {inner}"
    elif "items" in value:
        yield "list of " + " or ".join(dict.fromkeys(_forms(value["items"], root, anchors)))
    elif choices := _choices(value):
        for choice in choices:
            yield from _forms(choice, root, anchors)
    elif value.get("enum") and any(isinstance(word, bool) for word in value["enum"]):
        yield "yes or no"
    elif "enum" in value:
        yield ", ".join(dict.fromkeys(f"`{word}`" for word in value["enum"]))
    elif "const" in value:
        yield f"`{value['const']}`"
    else:
        yield "text"


def _choices(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _target(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference names; what is said beside the reference counts for more."""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {"$named": name, **root["$defs"][name], **beside}
    return schema


def _identity(schema: Mapping[str, Any]) -> str:
    """Return what tells one mapping from another: its keys, whatever the words about it."""
    keys = {key: schema[key] for key in ("properties", "required") if key in schema}
    return json.dumps(keys, sort_keys=True)


def _headings(mappings: Iterable[_Mapping], name: str) -> Iterator[str]:
    """Yield the first place of each mapping, numbered where a place has several forms.

    The top of a file has the file's own heading, and none here.
    """
    forms: Counter[str] = Counter()
    for known in mappings:
        place = known.places[0] if name == "interface" else f"{name} {known.places[0]}".rstrip()
        forms[place] += 1
        if not known.places[0]:
            yield ""
        else:
            yield f"`{place}`" + (f", form {forms[place]}" if forms[place] > 1 else "")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
