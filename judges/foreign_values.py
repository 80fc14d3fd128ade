"""Make values that a foreign file allows at one of its places. Reads its schemas by itself."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException, NoSuchExample

from gridwright.importing.documents import Documents
from gridwright.importing.read_file import read_foreign
from gridwright.importing.swagger2 import as_openapi3

__all__ = ["ForeignValues"]

_FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "email": "invented@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "127.0.0.1",
    "ipv6": "::1",
    "byte": "aW52ZW50ZWQ=",
}
_DEEPEST = 8
_QUICK = settings(derandomize=True, database=None, max_examples=200, deadline=None)


class ForeignValues:
    """The places of a file, each with a value that fits."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self._documents = Documents(as_openapi3(read_foreign(path)), path.parent)

    def value(self, place: str) -> Any:
        """Return a number, text, truth value or list that fits at a place; None for all else.

        Args:
            place: of a schema, such as ``#/components/schemas/Pet/properties/name``.
        """
        return self._value({"$ref": place}, "#", _DEEPEST) if "#/" in place else None

    def required(self, place: str) -> dict[str, Any]:
        """Return what a record must hold, by wire name, each with a value that fits; None for any.

        Args:
            place: of its schema.
        """
        if "#/" not in place:
            return {}
        words = self._words({"$ref": place}, "#", _DEEPEST)
        fields = words.get("properties") or {}
        return {
            str(wire): self._value(fields.get(wire), "#", _DEEPEST)
            for wire in _listed(words.get("required"))
        }

    def _value(self, schema: Any, place: str, depth: int) -> Any:
        words = self._words(schema, place, depth)
        if not words:
            return None
        found = self._said(words, place, depth)
        return Decimal(str(found)) if isinstance(found, float) else found

    def _said(self, words: dict[str, Any], place: str, depth: int) -> Any:
        for said in (words.get("const"), *(words.get("enum") or ())):
            if said is not None:
                return said
        for said in (words.get("example"), *_listed(words.get("examples")), words.get("default")):
            if said is not None and _fits(said, words):
                return said
        kind = words.get("type")
        kind = next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind
        if kind == "array":
            least = words.get("minItems") or 1
            item = self._value(words.get("items"), place, depth - 1)
            return None if item is None else [item] * least
        if kind in ("integer", "number"):
            return _number(words, kind)
        if kind == "object" or "properties" in words:
            fields = words.get("properties") or {}
            needed = [str(wire) for wire in _listed(words.get("required"))]
            return {wire: self._value(fields.get(wire), place, depth - 1) for wire in needed}
        return _text(words) if kind == "string" else None

    def _words(self, schema: Any, place: str, depth: int) -> dict[str, Any]:
        """Return all that is said of a value, through references and what must hold together."""
        target, there, trouble = self._documents.follow(schema, place)
        if trouble or not isinstance(target, dict) or not depth:
            return {}
        words = dict(target)
        for part in _listed(target.get("allOf")):
            words = _both(self._words(part, there, depth - 1), words)
        for choice in ("oneOf", "anyOf"):
            forms = [self._words(one, there, depth - 1) for one in _listed(target.get(choice))]
            chosen = next((one for one in forms if one and one.get("type") != "null"), {})
            words = _both(chosen, words)
        return words


def _both(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the words of both, those of the second before those of the first."""
    found = first | second
    if "required" in first and "required" in second:
        found["required"] = [*_listed(first["required"]), *_listed(second["required"])]
    if "properties" in first and "properties" in second:
        found["properties"] = first["properties"] | second["properties"]
    return found


def _fits(value: Any, words: dict[str, Any]) -> bool:
    kind = words.get("type")
    if kind == "string":
        return (
            isinstance(value, str)
            and bool(value)
            and not re.search(r"[^ -~]", value)
            and len(value) >= (words.get("minLength") or 0)
            and len(value) <= (words.get("maxLength") or len(value))
            and bool(re.search(_python(words.get("pattern")), value))
        )
    if kind in ("integer", "number"):
        right = int if kind == "integer" else (int, float)
        return isinstance(value, right) and not isinstance(value, bool) and _within(value, words)
    return kind == "boolean" and isinstance(value, bool)


def _within(value: float, words: dict[str, Any]) -> bool:
    least, most = words.get("minimum"), words.get("maximum")
    return (least is None or value >= least) and (most is None or value <= most)


def _number(words: dict[str, Any], kind: str) -> float:
    least, most = words.get("minimum"), words.get("maximum")
    start = 5 if kind == "integer" else 1.5
    step = words.get("multipleOf") or 1
    if least is not None and start < least:
        start = least + (step if words.get("exclusiveMinimum") else 0)
    if most is not None and start > most:
        start = most - (step if words.get("exclusiveMaximum") else 0)
    return start - start % step if "multipleOf" in words and start >= step else start


def _text(words: dict[str, Any]) -> str | None:
    form = str(words.get("format") or "")
    if form in _FORMATS:
        return _FORMATS[form]
    least, most = words.get("minLength") or 0, words.get("maxLength")
    if "pattern" not in words:
        return ("A1" * (least + 1))[: most or max(least, 2)]
    letters = st.characters(min_codepoint=32, max_codepoint=126)
    texts = st.from_regex(_python(words["pattern"]), alphabet=letters)
    shortest, longest = max(least, 1), most or 1000  # an empty text is a missing value
    try:
        return str(find(texts, lambda one: shortest <= len(one) <= longest, settings=_QUICK))
    except (NoSuchExample, HypothesisException, re.error, ValueError):
        return None


def _python(pattern: Any) -> str:
    """Return a pattern of JavaScript as one of Python; what matches everything for none."""
    text = pattern if isinstance(pattern, str) else ""
    return re.sub(r"(?<!\\)\$$", r"\\Z", text).replace(r"\d", "[0-9]")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
