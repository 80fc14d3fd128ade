"""Turn JSON Schemas of a foreign file into records, code lists and types of a draft."""

import re
from dataclasses import dataclass, field
from typing import Any

from gridwright.importing.names import class_of, snake_of, unique
from gridwright.importing.reading import Json

__all__ = ["Tables", "body_record", "facts_of", "field_of", "resolved"]

# What a schema may say without a word of the language being missing.
_SAID = frozenset({
    "$ref", "type", "format", "properties", "required", "items", "enum", "maxLength", "description",
    "title", "example", "examples", "nullable", "xml", "additionalProperties", "readOnly",
    "x-gridwright", "default", "contentMediaType", "contentEncoding", "deprecated",
})  # fmt: skip
_LONGEST_REMARK = 200


@dataclass(slots=True)
class Tables:
    """What a draft gathers: records and code lists by key, and what could not be said."""

    document: Json
    records: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Json] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    merged: dict[str, Json] = field(default_factory=dict)
    """Schemas that others are made of, by place."""
    place: str = ""
    """The schema that was looked up last, for an error."""

    def leave_out(self, pointer: str, what: str) -> None:
        """List something that the language has no word for."""
        line = f"{pointer}: {what}"
        if line not in self.left_out:
            self.left_out.append(line)


def resolved(tables: Tables, schema: Any, pointer: str) -> tuple[Json, str]:
    """Follow references of a schema; return it with its own place."""
    seen = set()
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        reference = schema["$ref"]
        if reference in seen:
            tables.leave_out(pointer, f"a reference that leads back to itself: {reference}")
            return {}, pointer
        seen.add(reference)
        if not reference.startswith("#/"):
            tables.leave_out(pointer, f"a reference into another file: {reference}")
            return {}, pointer
        found: Any = tables.document
        for key in reference[2:].split("/"):
            key = key.replace("~1", "/").replace("~0", "~")
            found = found.get(key) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            tables.leave_out(pointer, f"a reference that leads nowhere: {reference}")
            return {}, pointer
        schema, pointer = found, reference
        tables.place = reference
    return (schema if isinstance(schema, dict) else {}), pointer


def body_record(tables: Tables, schema: Any, pointer: str, name: str) -> str | None:
    """Return the key of the record that a schema describes; None where it describes none."""
    target, place = resolved(tables, schema, pointer)
    single = _single(tables, target, place)
    if single is not None and "$ref" in single:
        return body_record(tables, single, place, name)
    if single is None or not _is_record(single):
        return None
    key = class_of(place.rsplit("/", 1)[-1] if place.startswith("#/components/schemas/") else name)
    if key not in tables.records:
        tables.records[key] = {}  # schemas may lead back to each other
        tables.records[key] = _record(tables, single, place, key)
    return key


def field_of(tables: Tables, name: str, schema: Any, pointer: str, *, required: bool) -> Json:
    """Return a field of a draft: its type, and what the schema says of it."""
    target, place = resolved(tables, schema, pointer)
    facts = facts_of(schema) or facts_of(target)
    said = str((schema if isinstance(schema, dict) else {}).get("description") or "")
    said = said or str(target.get("description") or target.get("title") or "")
    found: Json = {"name": facts.get("name") or snake_of(name, "field")}
    if facts.get("label"):
        found["label"] = facts["label"]
    if said:
        found["en"] = _remark(tables, said, pointer)
    found |= _type(tables, schema, target, place, name, facts)
    if facts.get("unit"):
        found["unit"] = facts["unit"]
    found["required"] = "required" if required else "optional"
    for mark in ("personal", "secret"):
        if facts.get(mark):
            found[mark] = "yes"
    if facts.get("echoes"):
        found["echoes"] = facts["echoes"]
    return found | _source(facts, pointer)


def _record(tables: Tables, schema: Json, pointer: str, key: str) -> Json:
    required = schema.get("required") or []
    properties = schema.get("properties") or {}
    fields: Json = {}
    names: set[str] = set()
    for wire, below in properties.items():
        where = f"{pointer}/properties/{wire}"
        found = field_of(tables, wire, below, where, required=wire in required)
        found["name"] = unique(found["name"], names)
        names.add(found["name"])
        fields[wire] = found
    said = str(schema.get("description") or schema.get("title") or key)
    record: Json = {"en": _remark(tables, said, pointer)}
    more = schema.get("additionalProperties")
    if isinstance(more, dict) and more:
        tables.leave_out(pointer, "what further items of the record are")
    if not fields or more is True or (isinstance(more, dict) and more):
        record["open"] = "yes"
    if fields:
        record["fields"] = fields
    _leave_out_rest(tables, schema, pointer)
    return record | _source(facts_of(schema), pointer)


def _type(tables: Tables, schema: Any, target: Json, pointer: str, name: str, facts: Json) -> Json:
    simple = _single(tables, target, pointer)
    if simple is None:
        tables.leave_out(pointer, "a choice between several schemas")
        return {"type": "text"}
    if "$ref" in simple:
        below, place = resolved(tables, simple, pointer)
        return _type(tables, simple, below, place, name, facts)
    kind = _kind(simple)
    if kind == "array":
        return _list(tables, simple, pointer, name)
    if _is_record(simple):
        key = body_record(tables, schema if schema != simple else simple, pointer, name)
        return {"type": "record", "of": key} if key else {"type": "text"}
    _leave_out_rest(tables, simple, pointer)
    if simple.get("enum"):
        return _codes(tables, simple, name)
    size = facts.get("type", "")
    digits = re.fullmatch(r"(?:decimal|integer)\(([0-9]+(?:,[0-9]+)?)\)", str(size))
    if kind in ("integer", "number"):
        found: Json = {"type": "integer" if kind == "integer" else "decimal"}
        return found | ({"size": digits[1]} if digits else {})
    if kind == "boolean":
        return {"type": "boolean"}
    match simple.get("format"):
        case "date":
            return {"type": "date", "format": "yyyy-MM-dd"}
        case "date-time":
            return {"type": "datetime", "format": "date-time"}
        case "binary" | "byte":
            return {"type": "binary"}
    if simple.get("contentMediaType") == "application/octet-stream":
        return {"type": "binary"}
    return {"type": "text"} | ({"size": simple["maxLength"]} if simple.get("maxLength") else {})


def _list(tables: Tables, schema: Json, pointer: str, name: str) -> Json:
    items = schema.get("items") or {}
    target, place = resolved(tables, items, f"{pointer}/items")
    simple = _single(tables, target, place)
    if simple is not None and "$ref" in simple:
        return _list(tables, {"items": simple}, pointer, name)
    if simple is not None and _is_record(simple):
        key = body_record(tables, items, f"{pointer}/items", f"{name} item")
        return {"type": "list", "of": key}
    plain = {"integer": "integer", "number": "decimal", "string": "text"}.get(_kind(simple or {}))
    if plain is None:
        tables.leave_out(f"{pointer}/items", "a list of values that are neither text nor numbers")
    return {"type": "list", "of": plain or "text"}


def _codes(tables: Tables, schema: Json, name: str) -> Json:
    values = [str(value) for value in schema["enum"] if value not in ("", None)]
    key = snake_of(name, "codes")
    names: set[str] = set()
    listed: Json = {}
    for value in values:
        ours = unique(snake_of(value, "code"), names)
        names.add(ours)
        listed[value] = {"name": ours}
    while key in tables.codes and list(tables.codes[key]["values"]) != values:
        key = f"{key}_2"
    tables.codes.setdefault(
        key,
        {"en": name, "inferred": "an enumeration of the imported file", "values": listed},
    )
    return {"type": "code", "codes": key}


def _single(tables: Tables, schema: Json, pointer: str) -> Json | None:
    """Return the one schema that a choice comes down to, missing values aside."""
    for key in ("allOf", "anyOf", "oneOf"):
        if key not in schema:
            continue
        choices = [one for one in schema[key] if not _is_missing(one)]
        typed = [one for one in choices if not _is_written_number(one, choices)]
        if len(typed) < len(choices) and not facts_of(schema):
            tables.leave_out(f"{pointer}/{key}", "numbers that may also be written as text")
        rest = {k: v for k, v in schema.items() if k != key}
        if len(typed) == 1:
            return {**typed[0], **{k: v for k, v in rest.items() if k not in typed[0]}}
        if key == "allOf" and typed:
            return _merged(tables, typed, rest, pointer)
        return None
    return schema


def _merged(tables: Tables, parts: list[Any], rest: Json, pointer: str) -> Json:
    merged: Json = {"type": "object", "properties": {}, "required": []}
    for part in (*parts, rest):
        target, place = resolved(tables, part, pointer)
        if place not in tables.merged or place == pointer:
            simple = _single(tables, target, pointer) or {}
            if place != pointer:
                tables.merged[place] = simple
        else:
            simple = tables.merged[place]
        merged["properties"] |= simple.get("properties") or {}
        merged["required"] += simple.get("required") or []
    return {**{k: v for k, v in rest.items() if k not in merged}, **merged}


def _is_missing(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    values = schema.get("enum")
    empty = isinstance(values, list) and all(value in ("", None) for value in values)
    return schema.get("type") == "null" or empty


def _is_written_number(schema: Any, choices: list[Any]) -> bool:
    """Whether a choice is a number written as text, beside the number itself."""
    kinds = [_kind(one) for one in choices if isinstance(one, dict)]
    is_text = isinstance(schema, dict) and _kind(schema) == "string"
    return is_text and any(kind in ("integer", "number") for kind in kinds)


def _kind(schema: Json) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "")
    return str(kind or ("string" if schema.get("enum") else ""))


def _is_record(schema: Json) -> bool:
    return _kind(schema) == "object" or "properties" in schema


def _leave_out_rest(tables: Tables, schema: Json, pointer: str) -> None:
    for key, value in schema.items():
        if key in _SAID or key.startswith("x-") or facts_of(schema):
            continue
        tables.leave_out(f"{pointer}/{key}", _short(value))


def _remark(tables: Tables, text: str, pointer: str) -> str:
    line = " ".join(text.split())
    if len(line) > _LONGEST_REMARK:
        tables.leave_out(pointer, "the rest of a description")
        return line[:_LONGEST_REMARK].rstrip()
    return line or "?"


def facts_of(schema: Any) -> Json:
    """Return what our own exports say beside the words of OpenAPI; empty in other files."""
    found = schema.get("x-gridwright") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def _source(facts: Json, pointer: str) -> Json:
    """Say where a fact comes from: what our own exports say, else the place in the file."""
    found: Json = {}
    if facts.get("reason"):
        found[str(facts.get("basis") or "inferred")] = facts["reason"]
    if facts.get("at"):
        found["at"] = [part.strip() for part in str(facts["at"]).split(",")]
    return found or {"inferred": pointer}


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
