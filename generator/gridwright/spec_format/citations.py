"""Tell mappings of a spec that cite lines by `at` from those with a key of that name."""

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Grammar", "cites", "inner", "root_of"]

Schema = dict[str, Any]
Grammar = tuple[Schema, Sequence[Schema]]
"""A whole schema, and those of its parts that may hold for one place."""


def root_of(schema: Schema) -> Grammar:
    """Return the grammar of a whole file."""
    return schema, tuple(_alternatives(schema, schema))


def inner(grammar: Grammar, key: str | None) -> Grammar:
    """Return the grammar of a value by its key, or of the items of a list (None)."""
    whole, here = grammar
    below = (found for schema in here for found in _below(schema, key))
    return whole, tuple(found for schema in below for found in _alternatives(whole, schema))


def cites(grammar: Grammar) -> bool:
    """Say whether `at` is a key of the language here, and no name of the document's."""
    return any("at" in schema.get("properties", {}) for schema in grammar[1])


def _below(schema: Schema, key: str | None) -> Iterator[Schema]:
    if key is None:
        items = schema.get("items")
        if isinstance(items, dict):
            yield items
        return
    known = schema.get("properties", {}).get(key)
    if isinstance(known, dict):
        yield known
        return
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        yield others


def _alternatives(whole: Schema, schema: Schema) -> Iterator[Schema]:
    reference = schema.get("$ref")
    if reference is not None:
        found: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        yield from _alternatives(whole, found)
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, ()):
            yield from _alternatives(whole, one)
