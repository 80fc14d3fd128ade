"""Turn shapes of schemas into the values and records of an interface, neutral as to the spec."""

from dataclasses import replace
from typing import Any

from gridwright.importing.description import Codes, Field, Record, Value
from gridwright.importing.documents import below
from gridwright.importing.shapes import PlacedSchema, SchemaShape, Shapes, facts_of
from gridwright.importing.unsaid import Unsaid

__all__ = ["Schemas"]

_TIMES = {"date": ("date", "yyyy-MM-dd"), "date-time": ("datetime", "rfc3339")}
_SAID_FORMATS = frozenset({"date", "date-time", "duration", "binary", "int32", "int64", "float",
                           "double"})  # fmt: skip

_FORMS_OF_NUMBERS = frozenset({"int32", "int64", "float", "double"})


class Schemas:
    """Values and records of a file; each record once, under its place."""

    def __init__(self, shapes: Shapes, unsaid: Unsaid) -> None:
        """Begin with no record."""
        self.shapes = shapes
        self.unsaid = unsaid
        self.records: dict[str, Record | None] = {}
        """By place; None until its fields are read."""
        self._waiting: list[SchemaShape] = []
        self._open: list[str] = []
        """Places of the lists and maps that are being read, the outermost first."""

    def now(self, place: str) -> Record:
        """Return a record that was met, at once."""
        found = self.records[place]
        if found is None:
            [shape] = [one for one in self._waiting if one.place == place]
            found = self.records[place] = self._read_record(shape)
        return found

    def finish(self) -> dict[str, Record]:
        """Read the fields of all records that were met, and of those that these lead to."""
        while self._waiting:
            shape = self._waiting.pop(0)
            if self.records[shape.place] is None:
                self.records[shape.place] = self._read_record(shape)
        return {place: record for place, record in self.records.items() if record is not None}

    def value(self, schema: Any, place: str) -> Value:
        """Return what a schema says of a value."""
        return self._value(self.shapes.shape(schema, place), place)

    def _value(self, shape: SchemaShape, place: str) -> Value:
        """Say what stands at a place, by the shape that it has."""
        words = shape.words
        facts = facts_of({"x-gridwright": words.get("x-gridwright")})
        value = Value(
            kind="any",
            place=shape.place,
            said=str(words.get("description") or words.get("title") or ""),
            bounds={key: words[key] for key in words if key in _BOUND_WORDS},
            default=_plain(words.get("default")),
            example=_example(words),
            is_missing_too=shape.is_nullable,
            sent=words.get("readOnly") is not True,
            received=words.get("writeOnly") is not True,
            xml=words["xml"] if isinstance(words.get("xml"), dict) else {},
            facts=facts,
        )
        return self._typed(value, shape, place)

    def _typed(self, value: Value, shape: SchemaShape, place: str) -> Value:
        if shape.choices:
            return self._choice(value, shape)
        kind = _kind(shape)
        match kind:
            case "object":
                return self._record(value, shape)
            case "array":
                return self._list(value, shape)
            case "integer" | "number" | "boolean":
                if shape.enum is not None:
                    self.unsaid.leave(below(shape.place, "enum"), "enum", list(shape.enum))
                self._leave_form(shape, _FORMS_OF_NUMBERS)
                ours = {"integer": "integer", "number": "decimal", "boolean": "boolean"}[kind]
                return replace(value, kind=ours)
            case "string":
                return self._text(value, shape)
        if shape.types or shape.enum:
            self.unsaid.leave(shape.place, "a value of several types", shape.types or shape.enum)
        return value

    def _text(self, value: Value, shape: SchemaShape) -> Value:
        form = shape.words.get("format")
        if shape.enum is not None:
            texts = [text for text in shape.enum if isinstance(text, str) and text.strip() == text]
            if len(texts) < len(shape.enum) or not texts:
                empty = [text for text in shape.enum if text not in texts]
                self.unsaid.leave(below(shape.place, "enum"), "values of a code list", empty)
            if texts and form not in _TIMES:
                codes = Codes(
                    place=shape.place, said=value.said, values=tuple(dict.fromkeys(texts))
                )
                return replace(value, kind="code", codes=codes)
            return replace(value, kind="text")
        if form in _TIMES:
            kind, pattern = _TIMES[form]
            return replace(value, kind=kind, format=pattern)
        if form == "duration":
            return replace(value, kind="duration")
        if form == "binary" or shape.words.get("contentMediaType") == "application/octet-stream":
            return replace(value, kind="binary")
        self._leave_form(shape, _SAID_FORMATS)
        return replace(value, kind="text")

    def _leave_form(self, shape: SchemaShape, said: frozenset[str]) -> None:
        """Note what a schema says of the form of a value, but for the forms that are ``said``."""
        for word in ("format", "contentMediaType", "contentEncoding"):
            if shape.words.get(word) and shape.words[word] not in said:
                self.unsaid.leave(below(shape.place, word), word, shape.words[word])

    def _list(self, value: Value, shape: SchemaShape) -> Value:
        items = shape.items or PlacedSchema({}, below(shape.place, "items"))
        if isinstance(items.schema, bool):
            items = PlacedSchema({}, items.place)
        row = self.shapes.shape(items.schema, items.place)
        if row.positions and self._is_laid_out(row):
            return replace(value, kind="list", item=self._row(value, row), layout="arrays")
        if shape.positions:
            listed = [found.schema for found in shape.positions]
            self.unsaid.leave(below(shape.place, "prefixItems"), "prefixItems", listed)
        return self._of_items(value, shape, items)

    def _is_laid_out(self, row: SchemaShape) -> bool:
        """Whether an array is a record: a plain value at each place, and nothing said of others."""
        is_closed = row.items is None or row.items.schema is False
        shapes = [self.shapes.shape(one.schema, one.place) for one in row.positions]
        return is_closed and all(
            not one.choices and _kind(one) in ("string", "integer", "number", "boolean")
            for one in shapes
        )

    def _row(self, value: Value, row: SchemaShape) -> Value:
        """Return a record that is written as an array, whose fields are called by their titles."""
        if row.place not in self.records:
            titles = [
                str(self.shapes.shape(one.schema, one.place).words.get("title") or "").strip()
                for one in row.positions
            ]
            is_named = all(titles) and len({*titles}) == len(titles)
            least = row.words.get("minItems")
            needed = least if isinstance(least, int) else 0
            self.records[row.place] = Record(
                place=row.place,
                said=str(row.words.get("description") or row.words.get("title") or ""),
                fields=tuple(
                    Field(
                        wire=titles[number] if is_named else f"position {number + 1}",
                        value=self.value(one.schema, one.place),
                        is_required=number < needed,
                    )
                    for number, one in enumerate(row.positions)
                ),
                is_open=False,
                xml={},
                facts={},
            )
        return replace(
            value, kind="record", place=row.place, record=row.place, bounds={}, default=None,
            example=None, facts={}, is_missing_too=row.is_nullable,
        )  # fmt: skip

    def _of_items(
        self, value: Value, shape: SchemaShape, items: PlacedSchema, *, keyed: bool = False
    ) -> Value:
        """Return a list or a map; any value where it would stand within itself."""
        if shape.place in self._open:
            self.unsaid.leave(shape.place, "a list or a map within itself")
            return value
        self._open.append(shape.place)
        try:
            item = self.value(items.schema, items.place)
        finally:
            self._open.pop()
        return replace(value, kind="list", item=item, keyed=keyed)

    # --- Records --------------------------------------------------------------------------------

    def _record(self, value: Value, shape: SchemaShape) -> Value:
        if not shape.properties and isinstance(shape.more, PlacedSchema):
            return self._of_items(value, shape, shape.more, keyed=True)
        if not shape.properties:
            return value  # an object of which nothing is said
        if shape.place not in self.records:
            # Later, as records may lead to each other, and in chains of any length.
            self.records[shape.place] = None
            self._waiting.append(shape)
        return replace(value, kind="record", record=shape.place)

    def _read_record(self, shape: SchemaShape) -> Record:
        for word in ("minProperties", "maxProperties"):
            if word in shape.words:
                self.unsaid.leave(below(shape.place, word), word, shape.words[word])
        for name in sorted(shape.required - shape.properties.keys()):
            self.unsaid.leave(
                below(shape.place, "required"), "a required name without a property", name
            )
        if isinstance(shape.more, PlacedSchema):
            self.unsaid.leave(
                below(shape.place, "additionalProperties"), "what further items of the record are",
                shape.more.schema,
            )  # fmt: skip
        return Record(
            place=shape.place,
            said=str(shape.words.get("description") or shape.words.get("title") or ""),
            fields=tuple(
                Field(
                    wire=wire,
                    value=self.value(placed.schema, placed.place),
                    is_required=wire in shape.required,
                )
                for wire, placed in shape.properties.items()
            ),
            is_open=shape.more is True or isinstance(shape.more, PlacedSchema),
            conditions=shape.conditions,
            xml=shape.words["xml"] if isinstance(shape.words.get("xml"), dict) else {},
            facts=facts_of({"x-gridwright": shape.words.get("x-gridwright")}),
        )

    # --- Choices --------------------------------------------------------------------------------

    def _choice(self, value: Value, shape: SchemaShape) -> Value:
        """Say what several forms have in common; any value where that is nothing."""
        forms = [self.shapes.shape(form.schema, form.place) for form in shape.choices]
        summary = self.shapes.documents.summary
        listed = {
            form.place: summary(given.schema, given.place)
            for form, given in zip(forms, shape.choices, strict=True)
        }
        self.unsaid.leave(shape.place, "a choice between several schemas", listed)
        if not all(form.is_record for form in forms):
            for form in forms:
                if form.is_record:
                    self._record(value, form)  # its record is drafted, though nothing holds it
            return value
        return self._record(value, self._union(shape, forms))

    def _union(self, shape: SchemaShape, forms: list[SchemaShape]) -> SchemaShape:
        """Return the record that has the properties of all forms; those of some are optional."""
        properties = dict(shape.properties)
        clashing: set[str] = set()
        for form in forms:
            for wire, placed in form.properties.items():
                if wire in properties and not self._alike(properties[wire], placed):
                    clashing.add(wire)
                properties.setdefault(wire, placed)
        for wire in clashing - shape.properties.keys():
            held = [form.properties[wire] for form in forms if wire in form.properties]
            kinds = {_kind(self.shapes.shape(one.schema, one.place)) for one in held}
            common = {"type": "string"} if kinds == {"string"} else {}
            properties[wire] = PlacedSchema(common, below(shape.place, "properties", wire))
        required = frozenset.intersection(*(form.required for form in forms)) | shape.required
        return SchemaShape(
            place=shape.place,
            types=("object",),
            is_nullable=shape.is_nullable,
            properties=properties,
            required=required,
            conditions=shape.conditions,
            words=shape.words,
        )

    def _alike(self, first: PlacedSchema, second: PlacedSchema) -> bool:
        if first.place == second.place:
            return True
        one, other = (self.shapes.shape(p.schema, p.place) for p in (first, second))
        same_types = (one.types, one.words.get("format")) == (
            other.types,
            other.words.get("format"),
        )
        return one.place == other.place or (
            same_types and _kind(one) in ("string", "number", "integer", "boolean")
            and one.enum == other.enum
        )  # fmt: skip


_BOUND_WORDS = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "deprecated",
})  # fmt: skip


def _kind(shape: SchemaShape) -> str:
    """Return the one type of a shape, guessed from its words where it says none; "" for several."""
    if len(shape.types) == 1:
        return shape.types[0]
    if set(shape.types) == {"integer", "number"}:
        return "number"
    if shape.types:
        return ""
    if shape.properties or isinstance(shape.more, PlacedSchema):
        return "object"
    if shape.items is not None:
        return "array"
    if shape.enum:
        kinds = {_kind_of(value) for value in shape.enum}
        return kinds.pop() if len(kinds) == 1 else ""
    return "string" if shape.words.get("format") in _TIMES else ""


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else ""


def _plain(value: Any) -> str | None:
    """Return a scalar as the text that the spec has for it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def _example(words: Any) -> str | None:
    if "example" in words:
        return _plain(words["example"])
    listed = words.get("examples")
    return _plain(listed[0]) if isinstance(listed, list) and listed else None
