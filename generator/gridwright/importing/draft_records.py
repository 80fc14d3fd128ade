"""Write values and records of a description as fields and records of a spec."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from gridwright.analysis.naming import class_name
from gridwright.importing.bounds import count_of, facts_of_value
from gridwright.importing.description import (
    Codes,
    Description,
    Field,
    Media,
    Operation,
    Parameter,
    Payload,
    Record,
    Value,
)
from gridwright.importing.names import (
    class_of,
    names_of_places,
    snake_of,
    unique,
    words_of_place,
)
from gridwright.importing.read_file import Json
from gridwright.importing.unsaid import Unsaid
from gridwright.notation.patterns import PatternError, understand

__all__ = ["DraftRecords"]

_ANY: Json = {"type": "any"}
_KEY = "{key}"
"""The wire name of the key of an entry of a map: in JSON it is the key itself, and has no name."""
_LONGEST_REMARK = 200
_PLAIN = frozenset({"text", "integer", "decimal"})
"""What a list may hold beside records."""
_AS_TEXT = frozenset({"code", "date", "datetime", "duration", "binary"})
"""What is a text on the wire."""


class DraftRecords:
    """Drafts of records and code lists, each under a name of its whole place.

    ``why`` says what stood in the way of the operation that was asked for last.
    """

    def __init__(
        self, description: Description, operations: Mapping[str, str], unsaid: Unsaid
    ) -> None:
        """Name all records and code lists."""
        self.unsaid = unsaid
        self.why = ""
        self._records = description.records
        named = {place: class_name(operations[place]) for place in operations}
        taken = [f"{name}{word}" for name in named.values() for word in ("Request", "Reply")]
        self._operations = named
        self._parameters = description.parameters
        wanted = {place: class_of(self._words(place)) for place in description.records}
        self._names = names_of_places(wanted, taken, "Record")
        self._extra: Json = {}
        self._drafts: dict[str, Json] = {}
        self._needed: dict[str, None] = {}
        sent = [o.body.value for o in description.operations if o.body]
        self._sent = _reached(sent, description.records)
        self._plain = _reached(_values_beside_json(description), description.records)
        self._leads_back = _leading_back(description.records)
        self._codes = _code_lists(description)
        wanted_codes = {place: snake_of(self._words(place), "codes") for place in self._codes}
        self._code_names = names_of_places(wanted_codes, (), "_codes")

    def _words(self, place: str) -> str:
        return words_of_place(place, self._operations, self._parameters)

    # --- What a spec holds ----------------------------------------------------------------------

    def records(self) -> Json:
        """Return the drafts of all records that operations need, in the order of their names."""
        if self._drafts:
            return self._drafts
        waiting = list(self._needed)
        done: Json = {}
        while waiting:
            place = waiting.pop(0)
            name = self._names[place]
            if name in done:
                continue
            known = len(self._needed)
            done[name] = self._record(self._records[place], name)
            waiting += list(self._needed)[known:]
        for place in self._records.keys() - self._needed.keys():
            self.unsaid.leave(place, "a record that no operation needs")
        found = {**done, **self._extra}
        self._drafts = {name: found[name] for name in sorted(found)}
        return self._drafts

    def codes(self, used: Collection[str]) -> Json:
        """Return the drafts of code lists, by the names that fields use."""
        found = {}
        for place, name in self._code_names.items():
            if name not in used:
                continue
            codes = self._codes[place]
            names: set[str] = set()
            values: Json = {}
            for value in codes.values:
                ours = unique(snake_of(value, "code"), names)
                names.add(ours)
                values[value] = {"name": ours}
            said = self.remark(codes.said, place) or name.replace("_", " ")
            found[name] = {"en": said, "inferred": place, "values": values}
        return {name: found[name] for name in sorted(found)}

    # --- Fields ---------------------------------------------------------------------------------

    def parameter(self, part: Parameter) -> Json:
        """Return the draft of a value outside of a body."""
        value = part.field.value
        field: Json = {"in": part.place}
        if value.is_missing_too:
            self.unsaid.leave(value.place, "nullable")
        if value.kind == "list":
            field |= self._field_facts(part.field)
            item = value.item
            of = item.kind if item and item.kind in _PLAIN else "text"
            if item is not None and item.kind not in _PLAIN:
                self._leave_bounds(item, ())
                self.unsaid.leave(item.place, "what the items of a list are", _describe_value(item))
            field |= {"type": "list", "of": of} | ({"join": part.join} if part.join else {})
        else:
            field |= self._field_facts(part.field)
            kind = value
            if value.kind in ("binary", "any"):
                field["type"] = "text"
            else:
                field |= self._type(kind)
        return (
            field
            | self._value_facts(part.field, field)
            | {
                "required": "required" if part.field.is_required else "optional",
                **_source(value.facts, value.place),
            }
        )

    def _field_facts(self, field: Field) -> Json:
        value = field.value
        found: Json = {"name": value.facts.get("name") or snake_of(field.wire, "field")}
        if value.facts.get("label"):
            found["label"] = value.facts["label"]
        said = self.remark(value.said, value.place)
        return found | ({"en": said} if said else {})

    def _field(self, field: Field, record: str, *, files: bool = False) -> Json | None:
        """Return the draft of a field of a record; None where no type holds what it may be.

        Args:
            field: as the file has it.
            record: place of its record.
            files: the record is a form.
        """
        value = field.value
        if (record, field.wire) in self._leads_back:
            self.unsaid.leave(value.place, "a record within itself", _describe_value(value))
            kind: Json | None = _ANY
        elif files and value.kind == "binary":
            kind = {"type": "binary"}
        elif files and _is_files(value):
            kind = {"type": "list", "of": "binary"}
        elif (files and not _is_of_a_form(value)) or (value.layout and record in self._plain):
            kind = None
        else:
            kind = self._whole_type(value, is_keyed=record not in self._sent | self._plain)
        if kind == _ANY and (files or record in self._plain):
            kind = None
        if kind is None:
            self.unsaid.leave(value.place, "the type of a field", _describe_value(value))
            return None
        is_there = value.sent and value.received and not value.is_missing_too
        for is_told, word in (
            (not value.sent, "readOnly"),
            (not value.received, "writeOnly"),
            (value.is_missing_too, "nullable"),
        ):
            if is_told:
                self.unsaid.leave(value.place, word)
        found = self._field_facts(field) | kind
        found |= self._value_facts(field, found)
        found["required"] = "required" if field.is_required and is_there else "optional"
        for mark in ("personal", "secret"):
            if value.facts.get(mark):
                found[mark] = "yes"
        for word in ("echoes", "missing"):
            if value.facts.get(word):
                found[word] = value.facts[word]
        return found | _source(value.facts, value.place)

    def _whole_type(self, value: Value, *, is_keyed: bool) -> Json:
        """Return the type of a value; ``is_keyed``: a list may be an object of JSON."""
        if value.kind == "record":
            self._needed[value.record] = None
            return {"type": "record", "of": self._names[value.record]}
        if value.kind == "list":
            of = self._entry(value) if value.keyed and is_keyed else ""
            if of:
                return {"type": "list", "of": of, "keyed_by": _KEY}
            return self._list_type(value)
        return _ANY if value.kind == "any" else self._type(value)

    def _list_type(self, value: Value) -> Json:
        item = value.item
        if value.keyed and item is not None:
            self.unsaid.leave(value.place, "what the values of a map are", _describe_value(item))
        if item is None or value.keyed:
            return _ANY
        if item.kind == "record":
            self._needed[item.record] = None
            return {"type": "list", "of": self._names[item.record]} | _layout(value)
        if item.kind in _PLAIN:
            return {"type": "list", "of": item.kind}
        if item.kind in _AS_TEXT:
            self._leave_bounds(item, ())
            self.unsaid.leave(item.place, "what the items of a list are", _describe_value(item))
            return {"type": "list", "of": "text"}
        self.unsaid.leave(item.place, "what the items of a list are", _describe_value(item))
        return _ANY

    def _entry(self, value: Value) -> str:
        """Return the name of the record of an entry of a map: its key, and what stands behind it.

        "" where what stands behind a key is no record and no single value.
        """
        item = value.item
        if item is None or item.kind in ("list", "any"):
            return ""
        name = f"{class_of(self._words(value.place))}ByKey"
        if name in self._extra:
            return name
        self._extra[name] = {}  # a map may lead back to itself
        is_taken = item.kind == "record" and any(
            snake_of(field.wire, "field") == "key" for field in self._records[item.record].fields
        )
        name_of_key = "entry_key" if is_taken else "key"
        key = {"name": name_of_key, "en": "key of the entry", "type": "text"}
        fields: Json = {_KEY: {**key, "required": "required", "inferred": value.place}}
        draft: Json = {"en": self.remark(value.said, value.place) or name}
        if item.kind == "record":
            drafted = self._record(self._records[item.record], name, taken=(name_of_key,))
            draft |= {word: drafted[word] for word in ("open",) if word in drafted}
            fields |= drafted.get("fields", {})
        else:
            held = self._field(Field(wire=".", value=item, is_required=True), value.place)
            fields["."] = {**(held or {}), "name": "entry"}
        self._extra[name] = {**draft, "fields": fields, "inferred": value.place}
        return name

    def _type(self, value: Value) -> Json:
        if value.kind == "code" and value.codes is not None:
            return {"type": "code", "codes": self._code_names[value.codes.place]}
        if value.kind == "binary":
            self.unsaid.leave(value.place, "bytes that stand in a text")
            return {"type": "text"}
        found: Json = {"type": value.kind}
        if value.format:
            found["format"] = value.format
        size = str(value.facts.get("type") or "")
        if size.startswith(("decimal(", "integer(")):
            found["size"] = size.partition("(")[2].rstrip(")")
        return found

    def _value_facts(self, field: Field, found: Json) -> Json:
        """Return what else is said of a field: its size, default, example and unit."""
        value = field.value
        rest: Json = {}
        said = {"deprecated"}
        longest = value.bounds.get("maxLength")
        if value.kind == found.get("type") or found.get("type") == "list":
            rest, said = self._bounds(value, found)
        if found.get("type") == "text" and isinstance(longest, int) and longest > 0:
            if "length" not in rest:
                rest = {"size": str(longest)} | rest
            said |= {"maxLength"}
        if value.bounds.get("deprecated"):
            rest["note"] = "deprecated"
        self._leave_bounds(value, said)
        if value.facts.get("unit"):
            rest["unit"] = value.facts["unit"]
        for word, text in (("default", value.default), ("example", value.example)):
            if not text:
                continue
            is_fit = _fits(text, value)
            if word == "default":
                is_fit = is_fit and _is_possible(text, value, rest.get("range", {}))
            if is_fit and not value.facts.get("secret"):
                rest[word] = text
            else:
                self.unsaid.leave(f"{value.place}/{word}", word, text)
        return rest

    def _bounds(self, value: Value, found: Json) -> tuple[Json, set[str]]:
        """Return what is said of the values of a field, and the words of OpenAPI that say it."""
        if found["type"] != "list":
            rest, said = facts_of_value(found["type"], value.bounds)
            return rest, {"deprecated", *said}
        rest, said = count_of(value.bounds)
        item = value.item
        if item is not None and item.kind == found.get("of"):
            of_items, said_of_items = facts_of_value(item.kind, item.bounds)
            rest |= of_items
            self._leave_bounds(item, said_of_items)
        return rest, {"deprecated", *said}

    def _leave_bounds(self, value: Value, said: Collection[str]) -> None:
        for word, bound in value.bounds.items():
            if word not in said and not value.facts:
                self.unsaid.leave(f"{value.place}/{word}", word, bound)

    def remark(self, text: str, place: str) -> str:
        """Return a description as one line; what is too long is cut off and left out."""
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if len(line) <= _LONGEST_REMARK:
            return line
        self.unsaid.leave(place, "the rest of a description", line)
        return line[:_LONGEST_REMARK].rpartition(" ")[0] or line[:_LONGEST_REMARK]

    # --- Records --------------------------------------------------------------------------------

    def _record(
        self, record: Record, name: str, *, files: bool = False, taken: Collection[str] = ()
    ) -> Json:
        fields: Json = {}
        names: set[str] = {"items", *taken}
        is_open = record.is_open
        for field in record.fields:
            found = self._field(field, record.place, files=files)
            if found is None:
                is_open = True
                continue
            found["name"] = unique(found["name"], names)
            names.add(found["name"])
            fields[field.wire] = found
        draft: Json = {"en": self.remark(record.said, record.place) or name}
        if is_open or not fields:
            draft["open"] = "yes"
        if fields:
            draft["fields"] = fields
        return draft | _source(record.facts, record.place)

    def argument_names(self, record: str) -> frozenset[str]:
        """Return the names of the fields of a record that is a body."""
        if record in self._extra:
            fields = self._extra[record].get("fields", {})
            return frozenset(field["name"] for field in fields.values())
        names: set[str] = {"items"}
        for place, name in self._names.items():
            for field in self._records[place].fields if name == record else ():
                found = self._field(field, place)
                if found is not None:
                    names.add(unique(found["name"], names))
        return frozenset(names)

    def _open_record(self, value: Value) -> str:
        """Return the name of a record of which nothing is known beforehand."""
        name = class_of(self._words(value.place))
        name = f"{name}Record" if name in self._names.values() else name
        self._extra[name] = {
            "en": self.remark(value.said, value.place) or name,
            "open": "yes",
            "inferred": value.place,
        }
        if value.item is not None:
            self.unsaid.leave(
                value.place, "what the values of a map are", _describe_value(value.item)
            )
        return name

    # --- Bodies and replies ---------------------------------------------------------------------

    def body(self, operation: Operation) -> Json | None:
        """Return the draft of a body; empty where there is none, None where it cannot be said."""
        media = operation.body
        if media is None:
            return {}
        value = media.value
        if value.is_missing_too:
            self.unsaid.leave(media.place, "nullable", own=True)
        if media.encoding in ("file", "text"):
            return self._value_of_body(media)
        if value.kind == "record" and media.encoding in ("form", "multipart_form"):
            return self._form(media, operation)
        if value.kind == "record":
            self._needed[value.record] = None
            of = self._names[value.record]
        elif value.keyed or (value.kind == "any" and media.encoding == "json"):
            of = self._open_record(value)
        elif media.encoding == "json" and value.kind != "binary":
            return self._value_of_body(media)
        else:
            self.why = f"its body is {_describe_value(value)}"
            return None
        body: Json = {"of": of}
        if media.encoding == "xml" or "xml" in operation.payload.formats:
            body["root"] = {"element": media.root or of, "inferred": media.place}
        return {"request_media": media.encoding, "body": {**body, "inferred": media.place}}

    def _value_of_body(self, media: Media) -> Json:
        """Return the draft of a body that is a list, one value or a file."""
        value = media.value
        if media.encoding == "file":
            kind: Json = {"type": "binary"}
            rest: Json = {}
        else:
            kind = self._whole_type(value, is_keyed=False)
            rest, said = self._bounds(value, kind)
            self._leave_bounds(value, said)
        name = "entries" if value.kind == "list" and media.encoding == "json" else "content"
        held = {"name": name, **kind, **rest, "required": "required", "inferred": value.place}
        return {
            "request_media": media.encoding,
            "body": {"value": held, "inferred": media.place},
        }

    def _form(self, media: Media, operation: Operation) -> Json | None:
        record = self._records[media.value.record]
        kept = tuple(field for field in record.fields if field.wire not in media.apart)
        if not kept:
            return {"request_media": media.encoding}
        record = replace(record, fields=kept)
        name = f"{self._operations_name(operation)}Form"
        name = f"{name}Record" if name in self._names.values() else name
        draft = self._record(record, name, files=True)
        draft.pop("open", None)
        left = [
            f.wire for f in record.fields if f.is_required and f.wire not in draft.get("fields", {})
        ]
        if left or not draft.get("fields"):
            self.why = f"its form has {', '.join(left) or 'no plain fields'}"
            return None
        if media.encoding == "form":
            for field in draft["fields"].values():
                if field["type"] == "binary":
                    field["type"] = "text"
                elif field.get("of") == "binary":
                    field["of"] = "text"
        self._extra[name] = draft
        return {
            "request_media": media.encoding,
            "body": {"of": name, "inferred": media.place},
        }

    def _operations_name(self, operation: Operation) -> str:
        return self._operations[operation.place]

    def reply(self, payload: Payload, value: Value) -> Json | None:
        """Return the draft of what comes back; None where it is best read as a file."""
        place = payload.place
        if value.is_missing_too:
            self.unsaid.leave(place, "nullable", own=True)
        if value.kind == "record":
            self._needed[value.record] = None
            return {"of": self._names[value.record]}
        is_json = payload.formats == ("json",)
        if value.kind == "list" and value.keyed:
            of = self._entry(value) if is_json else ""
            if of:
                return {"of": of, "list": {"element": ".", "keyed_by": _KEY, "inferred": place}}
            return {"of": self._open_record(value)}
        if value.layout and not is_json:
            return None
        if value.kind == "list" and value.item is not None and value.item.kind == "record":
            self._needed[value.item.record] = None
            of = self._names[value.item.record]
            return {"of": of, "list": {"element": ".", **_layout(value), "inferred": place}}
        kind = self._whole_type(value, is_keyed=False)
        if kind == _ANY:
            said = "any value" if value.kind == "any" else _describe_value(value)
            self.unsaid.leave(value.place, "what a reply holds", said, own=True)
            if not is_json:
                return None
        self._leave_bounds(value, ())
        name = "entries" if value.kind == "list" else "content"
        return {"value": {"name": name, **kind, "inferred": value.place}}


def _values_beside_json(description: Description) -> Iterator[Value]:
    """Yield what travels in other forms than JSON, which alone tells a number from its text."""
    for operation in description.operations:
        body, payload = operation.body, operation.payload
        if body is not None and body.encoding != "json":
            yield body.value
        if payload.value is not None and set(payload.formats) - {"json", "jsonl"}:
            yield payload.value


def _leading_back(records: Mapping[str, Record]) -> frozenset[tuple[str, str]]:
    """Return the fields, by place of record and wire name, by which a record would hold itself."""
    found: set[tuple[str, str]] = set()
    done: set[str] = set()
    for start in records:
        way: list[tuple[str, Iterator[tuple[str, str]]]] = [(start, _held_records(records[start]))]
        open_ = {start}
        while way and start not in done:
            place, fields = way[-1]
            for wire, target in fields:
                if target in open_:
                    found.add((place, wire))
                elif target not in done:
                    way.append((target, _held_records(records[target])))
                    open_.add(target)
                    break
            else:
                way.pop()
                open_.discard(place)
                done.add(place)
    return frozenset(found)


def _held_records(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the fields that hold records, by wire name, with the places of these."""
    for field in record.fields:
        value: Value | None = field.value
        while value is not None and value.kind == "list":
            value = value.item
        if value is not None and value.kind == "record":
            yield field.wire, value.record


def _reached(values: Iterable[Value], records: Mapping[str, Record]) -> frozenset[str]:
    """Return the places of the records that values lead to."""
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value: Value | None = waiting.pop()
        while value is not None and value.kind == "list":
            value = value.item
        if value is not None and value.kind == "record" and value.record not in found:
            found.add(value.record)
            waiting += [field.value for field in records[value.record].fields]
    return frozenset(found)


def _code_lists(description: Description) -> dict[str, Codes]:
    """Return all code lists by their place."""
    found: dict[str, Codes] = {}

    def collect(value: Value | None) -> None:
        while value is not None:
            if value.codes is not None:
                found.setdefault(value.codes.place, value.codes)
            value = value.item

    for record in description.records.values():
        for field in record.fields:
            collect(field.value)
    for operation in description.operations:
        for part in operation.parts:
            collect(part.field.value)
        collect(operation.body.value if operation.body else None)
        collect(operation.payload.value)
    return found


def _layout(value: Value) -> Json:
    return {"layout": value.layout} if value.layout else {}


def _is_of_a_form(value: Value) -> bool:
    """Whether a form holds it: one plain value, or a list whose name is repeated for each."""
    if value.kind != "list":
        return value.kind != "record"
    item = value.item
    return not value.keyed and item is not None and item.kind in _PLAIN | _AS_TEXT - {"binary"}


def _is_files(value: Value) -> bool:
    """Whether a form holds it as any number of files, each a part of the same name."""
    is_list = value.kind == "list" and not value.keyed and not value.layout
    return is_list and value.item is not None and value.item.kind == "binary"


def _describe_value(value: Value) -> str:
    """Say in words what a value is, for the list of what is left out."""
    if value.kind == "list" and value.item is not None:
        return f"{'a map' if value.keyed else 'a list'} of {_describe_value(value.item)}"
    if value.codes is not None:
        return f"one of {', '.join(value.codes.values)}"
    return f"{value.kind} {value.format}".strip()


def _fits(text: str, value: Value) -> bool:
    """Whether a default or an example can be printed: one short line of the value's kind."""
    if (
        value.kind in ("list", "record", "any", "binary")
        or not text.isprintable()
        or len(text) > 120
    ):
        return False
    if value.codes is not None:
        return text in value.codes.values
    if value.kind == "integer":
        return text.lstrip("-").isdigit()
    return text == text.strip()


def _is_possible(text: str, value: Value, bounds: Mapping[str, str]) -> bool:
    """Whether a value can be what a text says: a number in its bounds, a time as it is written."""
    if value.kind in ("integer", "decimal"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return False
        least, most = bounds.get("from", number), bounds.get("to", number)
        return Decimal(least) <= number <= Decimal(most)
    if value.kind in ("date", "datetime", "time", "duration") and value.format:
        try:
            return re.fullmatch(understand(value.format).expression, text) is not None
        except PatternError:
            return True
    return True


def _source(facts: Mapping[str, Any], place: str) -> Json:
    """Say where a fact comes from: what our own exports say, else the place in the file."""
    found: Json = {}
    if facts.get("reason"):
        found[str(facts.get("basis") or "inferred")] = facts["reason"]
    if facts.get("at"):
        found["at"] = [part.strip() for part in str(facts["at"]).split(",")]
    return found or {"inferred": place}
