"""What a diagnostic says where a spec file departs from the grammar, found by jsonschema."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from gridwright.diagnostics import Diagnostic
from gridwright.language import grammar
from gridwright.language.explain import explain_key, explain_word
from gridwright.source import Node

__all__ = ["CODES", "departures", "validator"]

# What a JSON Schema keyword is called in a diagnostic.
CODES = {
    "additionalProperties": "unknown-key",
    "required": "missing-key",
    "enum": "unknown-word",
    "pattern": "malformed-value",
    "type": "wrong-shape",
    "minProperties": "empty-value",
    "minItems": "empty-value",
    "anyOf": "wrong-shape",
    "oneOf": "wrong-shape",
}


def departures(root: Node, name: str) -> list[Diagnostic]:
    """Report every place where ``root`` departs from the grammar ``name``."""
    errors = validator(name).iter_errors(root.plain())
    return [found for error in errors for found in _diagnostics(error, root, grammar(name))]


@cache
def validator(name: str) -> Any:
    """Return what finds all departures from the grammar ``name``, slowly."""
    extend: Any = validators.extend  # the stubs leave it untyped
    return extend(Draft202012Validator, {"pattern": _pattern})(grammar(name))


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    """Match as the grammar means it: Python's ``$`` would let a line break at the end through."""
    if isinstance(instance, str) and ("\n" in instance or not re.search(pattern, instance)):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _diagnostics(
    error: ValidationError, root: Node, whole: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    if error.validator in ("anyOf", "oneOf") and error.context:
        if isinstance(error.instance, str) and (words := _words_of_forms(error)):
            node, place = _locate(root, list(error.absolute_path))
            told = _explain_word(error, words, whole)
            yield Diagnostic(node.span, "unknown-word", f"{place} is {error.instance!r}", told)
            return
        best = jsonschema.exceptions.best_match([error])
        if best is not None and best.validator not in ("anyOf", "oneOf"):
            yield from _diagnostics(best, root, whole)
            return
    path = list(error.absolute_path)
    node, place = _locate(root, path)
    code = CODES.get(str(error.validator), "wrong-shape")
    if "propertyNames" in error.schema_path:
        code = "malformed-key"
    if code == "unknown-key":
        known = _schema(error).get("properties", {})
        for entry in node.entries or ():
            if entry.key not in known:
                message = f"{place} has an unknown key {entry.key!r}"
                about = explain_key(entry.key, list(known), whole)
                yield Diagnostic(entry.key_span, code, message, about)
    elif code == "missing-key":
        for key in _words(error.validator_value):
            if node.get(key) is None:
                message = f"{place} lacks the key {key!r}"
                yield Diagnostic(node.span, code, message, f"add `{key}:`")
    elif code == "malformed-key":
        keys = [e for e in node.entries or () if e.key == error.instance]
        span = keys[0].key_span if keys else node.span
        help_text = "use lower-case words joined by underscores, such as day_load_profile"
        message = f"{error.instance!r} cannot be a name of ours"
        if path[-1:] == ["statuses"]:
            message = f"{error.instance!r} is no HTTP status"
            help_text = "write three digits, such as 404, or 4xx for all others that begin with 4"
        yield Diagnostic(span, code, message, help_text)
    else:
        yield Diagnostic(node.span, code, *_explain(error, code, place, whole))


def _explain(
    error: ValidationError, code: str, place: str, whole: Mapping[str, Any]
) -> tuple[str, str]:
    if code == "unknown-word":
        told = _explain_word(error, _words(error.validator_value), whole)
        return f"{place} is {error.instance!r}", told
    if code == "malformed-value":
        about = str(_schema(error).get("description", ""))
        help_text = about or f"it must match {error.validator_value}"
        return f"{place} is {error.instance!r}, which has not the right form", help_text
    if code == "empty-value":
        return f"{place} is empty", "fill it, or leave the key out"
    instance: object = error.instance
    given = "a text"
    if isinstance(instance, list | dict):
        given = "a list" if isinstance(instance, list) else "a mapping"
    if error.validator == "oneOf":
        forms = [" and ".join(form["required"]) for form in _schema(error)["oneOf"]]
        return f"{place} has not the keys of any form", f"write {', or '.join(forms)}"
    wanted = {"object": "a mapping", "array": "a list"}.get(str(error.validator_value), "a text")
    return f"{place} is {given}, which cannot stand here", f"write {wanted}"


def _explain_word(error: ValidationError, known: list[str], whole: Mapping[str, Any]) -> str:
    about = str(_schema(error).get("description", "")).removeprefix("request fields: ")
    key = next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    return explain_word(str(error.instance), known, key, about, whole)


def _words_of_forms(error: ValidationError) -> list[str]:
    """Return the words among the forms of a value, where each other form is none of a text."""
    said: Any = error.validator_value
    forms = [form for form in said if isinstance(form, dict)]
    words = [word for form in forms for word in _words(form.get("enum"))]
    others = [form.get("type") for form in forms if "enum" not in form]
    return words if all(kind in ("object", "array") for kind in others) else []


def _schema(error: ValidationError) -> dict[str, Any]:
    """Return the part of the grammar that was broken; `true` and `false` are no part."""
    schema: Any = error.schema  # the stub also allows a marker for "not set"
    return {str(k): v for k, v in schema.items()} if isinstance(schema, dict) else {}


def _words(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _locate(root: Node, path: list[Any]) -> tuple[Node, str]:
    """Follow ``path`` as far as it goes; return the node and how a message calls it."""
    node = root
    for step in path:
        below = node.items[step] if isinstance(step, int) and node.items else node.get(str(step))
        if below is None:
            break
        node = below
    return node, f"'{'.'.join(map(str, path))}'" if path else "the file"
