"""Say fast whether a spec fits its grammar; `language` says where and why it does not.

Most specs fit, and jsonschema takes most of the time that reading one takes. This compiles the
keywords that the grammars use into functions; what it does not know, it leaves to jsonschema.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from gridwright.source import Node

__all__ = ["Fits", "compiled"]

Fits: TypeAlias = Callable[[Node], bool]

# A spec's scalars are all text; editors, which read YAML's own types, are told the others too.
_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_SAYS_NOTHING = frozenset({"$comment", "$defs", "$id", "$schema", "description", "title"})


class _UnknownKeywordError(Exception):
    """A grammar says something that is not compiled here."""


def compiled(schema: Mapping[str, object]) -> Fits:
    """Return a function that says whether a node fits; where it says no, ask jsonschema."""
    try:
        return _Compiler(schema).schema(schema)
    except _UnknownKeywordError:
        return lambda _: False


class _Compiler:
    """Compiles the parts of one grammar, each once."""

    def __init__(self, root: Mapping[str, object]) -> None:
        self._root = root
        self._done: dict[str, Fits] = {}

    def schema(self, schema: object) -> Fits:
        if schema is True:
            return lambda _: True
        if schema is False:
            return lambda _: False
        if not isinstance(schema, dict):
            raise _UnknownKeywordError
        tests: list[Fits] = []
        if {"properties", "additionalProperties"} & schema.keys():
            tests.append(self._properties(schema))
        for keyword, value in schema.items():
            if keyword in _SAYS_NOTHING or keyword in ("properties", "additionalProperties"):
                continue
            tests.append(self._keyword(keyword, value))
        if len(tests) == 1:
            return tests[0]
        return lambda node: all(test(node) for test in tests)

    def _keyword(self, keyword: str, value: object) -> Fits:
        match keyword, value:
            case "$ref", str():
                return self._reference(value)
            case "type", str() | list():
                return _type((value,) if isinstance(value, str) else value)
            case "enum", list():
                words = frozenset(word for word in value if isinstance(word, str))
                return lambda node: node.text in words
            case "pattern", str():
                return _pattern(value)
            case "required", list():
                keys = tuple(str(key) for key in value)
                return lambda node: node.entries is None or _has(node, keys)
            case "minProperties", int():
                return lambda node: node.entries is None or len(node.entries) >= value
            case "minItems", int():
                return lambda node: node.items is None or len(node.items) >= value
            case "items", _:
                inner = self.schema(value)
                return lambda node: all(inner(item) for item in node.items or ())
            case "propertyNames", _:
                name = self.schema(value)
                return lambda node: all(
                    name(Node(entry.key_span, text=entry.key)) for entry in node.entries or ()
                )
            case "anyOf", list():
                forms = [self.schema(form) for form in value]
                return lambda node: any(form(node) for form in forms)
            case "oneOf", list():
                forms = [self.schema(form) for form in value]
                return lambda node: sum(form(node) for form in forms) == 1
            case _:
                raise _UnknownKeywordError

    def _properties(self, schema: Mapping[str, object]) -> Fits:
        listed = schema.get("properties", {})
        if not isinstance(listed, dict):
            raise _UnknownKeywordError
        known = {key: self.schema(part) for key, part in listed.items()}
        other = self.schema(schema.get("additionalProperties", True))

        def fits(node: Node) -> bool:
            return all(known.get(e.key, other)(e.value) for e in node.entries or ())

        return fits

    def _reference(self, path: str) -> Fits:
        if path not in self._done:
            part: object = self._root
            for step in path.removeprefix("#").split("/")[1:]:
                if not isinstance(part, dict) or step not in part:
                    raise _UnknownKeywordError
                part = part[step]
            # A definition may refer to itself: until it is done, it is looked up when called.
            self._done[path] = lambda node: self._done[path](node)
            self._done[path] = self.schema(part)
        return self._done[path]


def _type(names: Collection[object]) -> Fits:
    if not set(map(str, names)) <= {"object", "array", *_SCALARS}:
        raise _UnknownKeywordError
    mapping, listed, scalar = "object" in names, "array" in names, "string" in names

    def fits(node: Node) -> bool:
        if node.entries is not None:
            return mapping
        return listed if node.items is not None else scalar

    return fits


def _pattern(text: str) -> Fits:
    """Match as the grammar means it: a line break at the end does not pass."""
    search = re.compile(text).search

    def fits(node: Node) -> bool:
        return node.text is None or ("\n" not in node.text and search(node.text) is not None)

    return fits


def _has(node: Node, keys: tuple[str, ...]) -> bool:
    there = {entry.key for entry in node.entries or ()}
    return all(key in there for key in keys)
