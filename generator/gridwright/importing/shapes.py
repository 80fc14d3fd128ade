"""Bring a JSON Schema, as OpenAPI has it, to what it comes down to: references and parts merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gridwright.importing.conditions import WORDS as CONDITIONS
from gridwright.importing.conditions import alternatives, conditions_of
from gridwright.importing.description import Condition
from gridwright.importing.documents import Documents, below
from gridwright.importing.read_file import ForeignFileError
from gridwright.importing.unsaid import Unsaid

__all__ = ["PlacedSchema", "SchemaShape", "Shapes", "facts_of"]

_DEEPEST = 120
"""Schemas within schemas that are no record of a name; whoever has more means something else."""
_BOUNDS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
    "maxProperties",
)  # fmt: skip
_ASIDE = frozenset({
    "description", "title", "deprecated", "readOnly", "writeOnly", "default", "example",
    "x-gridwright", "xml",
})  # fmt: skip
"""Words that say something about a use of a schema, and nothing of what may come."""
_SOFT_ENUM = "x-extensible-enum"
_READ = frozenset({
    *_BOUNDS, *CONDITIONS,
    "$ref", "type", "format", "enum", "const", "properties", "required", "items",
    "additionalProperties", "description", "title", "nullable", "x-nullable", "default", "example",
    "examples", "allOf", "anyOf", "oneOf", "discriminator", "readOnly", "writeOnly", "deprecated",
    "xml", "x-gridwright", "contentMediaType", "contentEncoding", "$schema", "$comment", "$defs",
    "definitions", "prefixItems",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacedSchema:
    """A schema that is not looked into yet, and its place."""

    schema: Any
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaShape:
    """What a schema comes down to.

    Attributes:
        place: where it is defined; two uses of one schema have one place.
        types: type names of JSON Schema, without null; empty where any may come.
        enum: the values that may come; None where nothing says them.
        properties: by wire name.
        positions: what stands at each place of an array, from the first on.
        more: what further properties are: a schema, True or False; None where nobody says.
        choices: forms, of which one holds.
        conditions: which properties are given with which others.
        words: all else that is said, by the words of OpenAPI.
    """

    place: str
    types: tuple[str, ...] = ()
    is_nullable: bool = False
    enum: tuple[Any, ...] | None = None
    properties: Mapping[str, PlacedSchema] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: PlacedSchema | None = None
    positions: tuple[PlacedSchema, ...] = ()
    more: PlacedSchema | bool | None = None
    choices: tuple[PlacedSchema, ...] = ()
    conditions: tuple[Condition, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_record(self) -> bool:
        """Whether it has named properties."""
        return bool(self.properties)


def facts_of(schema: Any) -> Mapping[str, Any]:
    """Return what our own exports say beside the words of OpenAPI; empty in other files."""
    found = schema.get("x-gridwright") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


class Shapes:
    """Shapes of a file, each found once."""

    def __init__(self, documents: Documents, unsaid: Unsaid) -> None:
        """Begin with no shape found."""
        self.documents = documents
        self.unsaid = unsaid
        self._known: dict[str, SchemaShape] = {}
        self._open: list[str] = []

    def shape(self, schema: Any, place: str) -> SchemaShape:
        """Return what a schema comes down to.

        Raises:
            ForeignFileError: it is nested too deep.
        """
        target, found, trouble = self.documents.follow(schema, place)
        if trouble:
            self.unsaid.leave(place, trouble, schema)
            return SchemaShape(place=place)
        extra = _beside_reference(schema) if found != place else {}
        known = self._known.get(found)
        if known is None:
            if found in self._open:
                self.unsaid.leave(place, "a schema that is made of itself")
                return SchemaShape(place=found)
            if len(self._open) > _DEEPEST:
                raise ForeignFileError(
                    f"schema {found} is made of itself, or nested too deep: write out what its "
                    "allOf, anyOf or oneOf comes down to"
                )
            self._open.append(found)
            try:
                known = self._known[found] = self._shape(target, found)
            finally:
                self._open.pop()
        if not extra:
            return known
        more = self._shape(extra, place)
        if more.words.keys() <= _ASIDE and not (more.types or more.conditions):
            return replace(
                known,
                words={**known.words, **more.words},
                is_nullable=known.is_nullable or more.is_nullable,
            )
        return replace(self._merged(known, more), place=place)

    def _shape(self, schema: Any, place: str) -> SchemaShape:
        if schema is True or schema is None:
            return SchemaShape(place=place)
        if not isinstance(schema, dict):
            self.unsaid.leave(place, "a schema that is no mapping", schema)
            return SchemaShape(place=place)
        for key in schema:
            if key not in _READ and (key == _SOFT_ENUM or not key.startswith("x-")):
                self.unsaid.leave(below(place, key), key, schema[key])
        if "discriminator" in schema:
            where = below(place, "discriminator")
            self.unsaid.leave(where, "discriminator", schema["discriminator"])
        shape = self._plain(schema, place)
        for number, part in enumerate(_items(schema.get("allOf"))):
            shape = self._merged(shape, self.shape(part, below(place, "allOf", number)))
        if schema.get("allOf"):
            shape = self._of_one(schema, shape, place)
        for word in ("oneOf", "anyOf"):
            if _items(schema.get(word)):
                shape = self._choice_shape(shape, schema, word, place)
        return shape

    def _of_one(self, schema: dict[str, Any], shape: SchemaShape, place: str) -> SchemaShape:
        """Keep the place of the only schema of an ``allOf`` that adds nothing."""
        parts = _items(schema["allOf"])
        rest = {key for key in schema.keys() - _ASIDE if not key.startswith("x-")}
        if len(parts) != 1 or rest - {"allOf", "nullable"}:
            return shape
        only = self.shape(parts[0], below(place, "allOf", 0))
        return replace(shape, place=_outer(place, only.place))

    def _plain(self, schema: dict[str, Any], place: str) -> SchemaShape:
        named = schema.get("type")
        listed = [named] if isinstance(named, str) else _items(named)
        types = [name for name in listed if isinstance(name, str)]
        enum = None
        if "const" in schema:
            enum = [schema["const"]]
        elif isinstance(schema.get("enum"), list):
            enum = schema["enum"]
        null = "null" in types or schema.get("nullable") is True or schema.get("x-nullable") is True
        if enum is not None and None in enum:
            null, enum = True, [value for value in enum if value is not None]
        properties = schema.get("properties")
        items = schema.get("items")
        more = schema.get("additionalProperties")
        return SchemaShape(
            place=place,
            types=tuple(t for t in types if t != "null"),
            is_nullable=null,
            enum=None if enum is None else tuple(enum),
            properties={
                str(wire): PlacedSchema(found, below(place, "properties", wire))
                for wire, found in properties.items()
            }
            if isinstance(properties, dict)
            else {},
            required=frozenset(str(name) for name in _items(schema.get("required"))),
            items=None if items is None else PlacedSchema(items, below(place, "items")),
            positions=tuple(
                PlacedSchema(found, below(place, "prefixItems", number))
                for number, found in enumerate(_items(schema.get("prefixItems")))
            ),
            more=PlacedSchema(more, below(place, "additionalProperties"))
            if isinstance(more, dict) and more
            else (True if more == {} else more if isinstance(more, bool) else None),
            conditions=conditions_of(schema, place, self.unsaid),
            words={
                key: value
                for key, value in schema.items()
                if key in _BOUNDS
                or key in _ASIDE
                or key in ("format", "contentMediaType", "contentEncoding")
                or (key == "examples" and isinstance(value, list))
            },
        )

    def _merged(self, first: SchemaShape, second: SchemaShape) -> SchemaShape:
        """Return what holds where both hold."""
        types = first.types or second.types
        if first.types and second.types and set(first.types) != set(second.types):
            types = tuple(t for t in first.types if t in second.types) or first.types
            if {"integer", "number"} <= {*first.types, *second.types}:
                types = ("integer",)
            elif not set(first.types) & set(second.types):
                self.unsaid.leave(first.place, "types that exclude each other", second.types)
        enum = first.enum if second.enum is None else second.enum
        if first.enum is not None and second.enum is not None:
            enum = tuple(value for value in first.enum if value in second.enum)
        for word in sorted(first.words.keys() & second.words.keys()):
            if word in _BOUNDS and first.words[word] != second.words[word]:
                self.unsaid.leave(below(second.place, word), word, second.words[word])
        return SchemaShape(
            place=first.place,
            types=types,
            is_nullable=first.is_nullable or second.is_nullable,
            enum=enum,
            properties={**second.properties, **first.properties}
            if set(first.properties) <= set(second.properties)
            else {**first.properties, **second.properties},
            required=first.required | second.required,
            items=first.items or second.items,
            positions=first.positions or second.positions,
            more=first.more if second.more is None else second.more,
            choices=first.choices or second.choices,
            conditions=tuple(dict.fromkeys((*first.conditions, *second.conditions))),
            words={**second.words, **first.words},
        )

    def _choice_shape(
        self, shape: SchemaShape, schema: dict[str, Any], word: str, place: str
    ) -> SchemaShape:
        """Return the shape of a choice: its only form, or all of them to choose from."""
        forms = [
            PlacedSchema(form, below(place, word, number))
            for number, form in enumerate(_items(schema[word]))
        ]
        null = any(_is_null(form.schema) for form in forms)
        forms = [form for form in forms if not _is_null(form.schema)]
        shape = replace(shape, is_nullable=shape.is_nullable or null)
        if not forms:
            return shape
        shapes = [self.shape(form.schema, form.place) for form in forms]
        kept = [one for one in shapes if not _only_requires(one)]
        if not kept:  # a condition on which properties are there
            listed = (form.schema for form in forms)
            condition = None if null else alternatives(word, [*listed], below(place, word))
            if condition is not None:
                return replace(shape, conditions=(*shape.conditions, condition))
            self.unsaid.leave(below(place, word), word, schema[word])
            return shape
        if len(kept) == 1 and len(shapes) == 1:
            merged = self._merged(shape, kept[0])
            own = shape.properties or shape.types or shape.enum or shape.items
            if own and shape.properties:
                return merged
            return replace(merged, place=_outer(place, kept[0].place))
        if number := _number_or_text(kept):
            if facts_of(schema):
                return self._merged(replace(number, place=place), shape)
            self.unsaid.leave(below(place, word), "numbers that may also be written as text")
            return replace(shape, choices=tuple(forms))
        if all(one.types == ("string",) for one in kept):
            text = _text_of(kept, place)
            if any(one.enum != text.enum or one.words.keys() & {*_BOUNDS} for one in kept):
                listed = self.documents.summary(schema[word], place)
                self.unsaid.leave(below(place, word), "texts of several forms", listed)
            return replace(self._merged(shape, text), place=place)
        return replace(shape, choices=tuple(forms))


def _outer(place: str, inner: str) -> str:
    """Return the place of what has one form alone: that of the form where it is referred to."""
    return place if inner.startswith(f"{place}/") else inner


def _text_of(shapes: list[SchemaShape], place: str) -> SchemaShape:
    """Return the text that holds each of several texts."""
    enums = [one.enum for one in shapes]
    values: dict[Any, None] = {}
    for enum in enums:
        values |= dict.fromkeys(enum or ())
    is_closed = all(enum is not None for enum in enums)
    words = {key: value for key, value in shapes[0].words.items() if key == "description"}
    formats = {one.words.get("format") for one in shapes}
    if len(formats) == 1 and None not in formats:
        words["format"] = formats.pop()
    return SchemaShape(
        place=place, types=("string",), enum=tuple(values) if is_closed else None, words=words
    )


def _number_or_text(shapes: list[SchemaShape]) -> SchemaShape | None:
    """Return the number of a choice between a number and the same as a text."""
    numbers = [one for one in shapes if set(one.types) & {"integer", "number"}]
    texts = [one for one in shapes if one.types == ("string",)]
    is_whole = len(numbers) == 1 and len(numbers) + len(texts) == len(shapes)
    return numbers[0] if is_whole and texts else None


def _only_requires(shape: SchemaShape) -> bool:
    has = shape.types or shape.enum or shape.properties or shape.items or shape.choices
    return bool(shape.required) and not has


def _is_null(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    values = schema.get("enum")
    empty = isinstance(values, list) and all(value in ("", None) for value in values)
    is_const = "const" in schema and schema["const"] is None
    return schema.get("type") in ("null", ["null"]) or empty or is_const


def _beside_reference(schema: Any) -> dict[str, Any]:
    """Return what stands beside a reference."""
    if not isinstance(schema, dict):
        return {}
    return {key: value for key, value in schema.items() if key != "$ref"}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
