"""JSON Schema 2020-12 of every message as it stands on the wire.

A request is an object of its parameters, all text, as they travel; a reply is the JSON body of a
success.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, assert_never

from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Record,
    RecordType,
    Reply,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.ir.words import Layout
from gridwright.output.view import TextView
from gridwright.targets.calls.replies import (
    Payload,
    has_own_header,
    header_formats,
    payload_of_reply,
    root_fields,
)
from gridwright.targets.containers import Container, container_of, json_key
from gridwright.targets.json_text import json_text
from gridwright.targets.python import echoed, model_fields, source_of
from gridwright.targets.rule_schemas import with_rules
from gridwright.targets.value_facts import as_json_kind, has_value_facts, json_facts
from gridwright.targets.wire_patterns import (
    integer_expression,
    number_expression,
    pattern_expression,
    temporal_expression,
)

__all__ = [
    "body_part_schema",
    "failures_schema",
    "header_schema",
    "json_schema_views",
    "list_schema",
    "merged",
    "message_schema",
    "parameter_schema",
    "record_schema",
    "reply_schema",
    "request_schema",
    "value_schema",
]

_WITHOUT_SCHEMA = ("multipart_form", "file", "text")
"""How bodies are written that are nothing in JSON."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield a schema for the request of each operation, and for its reply in JSON."""
    folder = f"schemas/{interface.system}"
    for operation in interface.operations:
        if operation.protocol == "http" and operation.request_media not in _WITHOUT_SCHEMA:
            yield TextView(
                f"{folder}/{operation.name}.request.schema.json",
                json_text(request_schema(interface, operation)),
            )
        if "json" in operation.formats or "jsonl" in operation.formats:
            yield TextView(
                f"{folder}/{operation.name}.reply.schema.json",
                json_text(reply_schema(interface, operation)),
            )


def request_schema(interface: Interface, operation: Operation) -> dict[str, Any]:
    """Describe a request: its body in JSON, or its parameters by wire name, as texts."""
    head = {
        "$schema": _DIALECT,
        "$id": f"urn:gridwright:{interface.system}:{operation.name}:request",
        "title": f"Request of {operation.wire_name}",
        "description": f"{interface.document.file}, {source_of(operation.cite)}",
    }
    if operation.body is not None and operation.request_media != "none":
        record = operation.body.record
        names = [field.wire for field in record.fields]
        return with_rules(head | _rooted(interface, record), operation, names)
    fields = {p.field.wire or p.field.name: parameter_schema(p) for p in operation.parameters}
    schema = {
        "type": "object",
        "properties": fields,
        "required": [p.field.wire for p in operation.parameters if p.is_needed],
        "additionalProperties": False,
    }
    return with_rules(head | schema, operation, fields)


def reply_schema(interface: Interface, operation: Operation) -> dict[str, Any]:
    """Describe the JSON body of a successful reply, or one line of it."""
    is_of_lines = "jsonl" in operation.formats
    head: dict[str, Any] = {
        "$schema": _DIALECT,
        "$id": f"urn:gridwright:{interface.system}:{operation.name}:reply",
        "title": f"Successful reply of {operation.wire_name} in JSON"
        if not is_of_lines
        else f"One line of a successful reply of {operation.wire_name} in JSON lines",
        "description": f"{interface.document.file}, {source_of(operation.cite)}",
    }
    payload = payload_of_reply(interface, operation)
    if payload.is_whole:
        whole = _with_forms(interface, operation)
        if operation.reply.root is None or "json" not in operation.reply.root.formats:
            return head | whole
        definitions = whole.pop("$defs")
        return head | _below_root(operation, whole) | {"$defs": definitions}
    if payload.shape == "value":
        return head | message_schema(operation, payload, value_schema(payload))
    whole = _with_forms(interface, operation)
    if is_of_lines:
        if (failed := failed_item(operation)) is not None:
            definitions = whole.pop("$defs")
            return head | {"anyOf": [whole, failed], "$defs": definitions}
        return head | whole
    definitions = whole.pop("$defs")
    schema = list_schema(operation, whole) if payload.holds_list else whole
    return head | message_schema(operation, payload, schema) | {"$defs": definitions}


def list_schema(operation: Operation, item: dict[str, Any]) -> dict[str, Any]:
    """Describe the list of a reply, whose items are ``item`` where they are objects."""
    reply = operation.reply
    failed = failed_item(operation)
    fields = [(json_key(wire), _described(one, label))
              for _, wire, one, label in model_fields(reply.record.fields)]  # fmt: skip
    match reply.layout:
        case "arrays":
            row = {"type": "array", "prefixItems": [schema for _, schema in fields]}
            return {"type": "array", "items": row | {"minItems": len(fields)}}
        case "columns":
            columns = {wire: {"type": "array", "items": schema} for wire, schema in fields}
            optional = {json_key(one.wire) for one in reply.record.fields if one.optional}
            schema = _holding(columns, [wire for wire in columns if wire not in optional])
            return _merge(schema, _beside_schema(operation, reply.payload))
        case "keyed":
            rest = tuple(one for one in reply.record.fields if one.wire != reply.keyed_by)
            record = replace(reply.record, fields=rest)
            items = record_schema(record)
            items = items if failed is None else {"anyOf": [items, failed]}
            return {"type": "object", "additionalProperties": items}
        case "":
            return {"type": "array", "items": item if failed is None else {"anyOf": [item, failed]}}
        case _:
            assert_never(reply.layout)


def failed_item(operation: Operation) -> dict[str, Any] | None:
    """Describe an item of a list that failed while others came; None: items do not fail alone."""
    verdict = operation.reply.verdict
    if verdict is None:
        return None
    fields = {field.wire: field for field in operation.reply.record.fields}
    failing: list[dict[str, Any]] = [
        _at_place(fields[wire], {"not": {"enum": _as_values(values)}})
        for wire, values in verdict.success
        if wire in fields
    ]
    if not failing and verdict.code in fields:
        failing = [_at_place(fields[verdict.code], {"not": {"enum": ["", None]}})]
    whole = failing[0] if len(failing) == 1 else {"anyOf": failing}
    return {"description": f"an item that failed, {source_of(verdict.cite)}", **whole}


def _at_place(field: Field, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe an object that has a field at its place."""
    for wire in (json_key(field.wire), *reversed(field.under)):
        schema = {"type": "object", "properties": {wire: schema}, "required": [wire]}
    return schema


def _as_values(texts: tuple[str, ...]) -> list[Any]:
    """Return the values of JSON that a text of a spec stands for."""
    found: list[Any] = []
    for text in texts:
        found.append(text)
        if text in ("true", "false"):
            found.append(text == "true")
        elif text.isascii() and text.isdigit():
            found.append(int(text))
        elif not text:
            found.append(None)
    return found


def value_schema(payload: Payload) -> dict[str, Any]:
    """Describe a payload that is one value."""
    return _described(payload.record.fields[0], "")


def message_schema(
    operation: Operation, payload: Payload, schema: dict[str, Any]
) -> dict[str, Any]:
    """Describe a JSON message: a payload in what stands around it and beside it."""
    around = _holding({}, [])
    envelope = operation.envelope
    has_header = bool(root_fields(operation)) or has_own_header(operation)
    if envelope is not None and has_header and "json" in header_formats(operation):
        around = header_schema(envelope)
    for partial in operation.partial:
        if "json" in partial.header_formats:
            around = merged(around, failures_schema(partial))
    reply = operation.reply
    if reply.item is not None and "json" in reply.item.formats:
        schema = _holding({reply.item.wire: schema}, [reply.item.wire])
    names = _names_schema(reply)
    for depth in range(len(payload.path) - 1, 0, -1):
        wire = payload.path[depth]
        near = _beside_schema(operation, payload.path[:depth])
        schema = _merge(_holding({wire: schema} | names, [wire, *names]), near)
        names = {}
    if payload.path:
        wire = payload.path[0]
        message = merged(around, _holding({wire: schema} | names, [wire, *names]))
        return _below_root(operation, _merge(message, _beside_schema(operation, ())))
    if reply.layout == "columns":
        return _below_root(operation, _merge(schema, around))
    if payload.shape == "list" and "properties" in schema:
        return _below_root(operation, _merge(schema, _beside_schema(operation, ())))
    if not around["properties"] or payload.shape != "record":
        return _below_root(operation, schema)
    # The fields of the record stand beside those of the header.
    own = record_schema(payload.record)
    return _below_root(
        operation,
        own
        | {
            "properties": around["properties"] | own["properties"],
            "required": list(dict.fromkeys([*around["required"], *own["required"]])),
        },
    )


def _below_root(operation: Operation, message: dict[str, Any]) -> dict[str, Any]:
    root = operation.reply.root
    if root is None or "json" not in root.formats:
        return message
    return _holding({root.wire: message}, [root.wire])


def _names_schema(reply: Reply) -> dict[str, Any]:
    """Describe what names the columns beside the list, in the order in which rows have them."""
    if not reply.names:
        return {}
    named = [{"const": json_key(wire)} for _, wire, _, _ in model_fields(reply.record.fields)]
    if reply.named_by:
        named = [_holding({reply.named_by: one}, [reply.named_by]) for one in named]
    return {reply.names: {"type": "array", "prefixItems": named, "minItems": len(named)}}


def _beside_schema(operation: Operation, path: tuple[str, ...]) -> dict[str, Any]:
    """Describe what stands beside the list at one place of the message, and below it."""
    record = operation.reply.beside
    if record is None:
        return _holding({}, [])
    container = container_of(record.fields)
    for step in path:
        if step not in container.inner:
            return _holding({}, [])
        container = container.inner[step]
    return _container(container)


def _merge(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Join two objects; what both have is that of the first."""
    return _holding(
        other["properties"] | one["properties"],
        list(dict.fromkeys((*one["required"], *other["required"]))),
    )


def failures_schema(envelope: Envelope) -> dict[str, Any]:
    """Describe what holds a list of failures, from the root of a message in JSON."""
    container = container_of(envelope.fields)
    entry = _container(container)
    if [wire for wire, _, _ in container.fields] == ["."]:
        entry = _described(container.fields[0][1], "")
    schema: dict[str, Any] = {
        "description": f"what failed, {source_of(envelope.cite)}",
        "type": "array",
        "items": entry,
    }
    for wire in reversed(envelope.path):
        schema = _holding({wire: schema}, [])
    return schema


def header_schema(envelope: Envelope) -> dict[str, Any]:
    """Describe what holds the header of an envelope, from the root of a message in JSON."""
    is_optional = envelope.header_optional
    schema = _object(envelope.fields)
    if not envelope.path and is_optional:
        schema["required"] = []
    for wire in reversed(envelope.path):
        schema = _holding({wire: schema}, [] if is_optional else [wire])
    return schema


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of objects that hold what two schemas describe."""
    properties = dict(one["properties"])
    for wire, schema in other["properties"].items():
        before = properties.get(wire)
        if before is not None and "properties" in before and "properties" in schema:
            properties[wire] = merged(before, schema)
        else:
            properties[wire] = schema
    required = list(dict.fromkeys([*one["required"], *other["required"]]))
    return other | {"properties": properties, "required": required}


def _holding(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    properties = {field.wire: _described(field, "") for field in fields}
    return _holding(properties, [field.wire for field in fields if not field.optional])


def _rooted(interface: Interface, record: Record) -> dict[str, Any]:
    reachable = interface.reachable(record)
    return {
        "$ref": f"#/$defs/{record.name}",
        "$defs": {r.name: record_schema(r) for r in reachable},
    }


def _with_forms(interface: Interface, operation: Operation) -> dict[str, Any]:
    """Describe a reply that is one record, or a form of it that its own codes decide."""
    rooted = _rooted(interface, operation.reply.record)
    schema, definitions = {"$ref": rooted["$ref"]}, rooted["$defs"]
    kinds = {field.wire: field.json for field in operation.reply.record.fields}
    for variant in reversed(operation.reply.variants):
        form = _rooted(interface, variant.record)
        definitions |= form["$defs"]
        schema = {
            "if": {
                "type": "object",
                "properties": {
                    wire: {"enum": [as_json_kind(v, kinds.get(wire, "")) for v in values]}
                    for wire, values in variant.when
                },
                "required": [wire for wire, _ in variant.when],
            },
            "then": {"$ref": form["$ref"]},
            "else": schema,
        }
    return {**schema, "$defs": definitions}


def record_schema(record: Record) -> dict[str, Any]:
    """Describe a record; records in it are references into ``#/$defs``."""
    head = {"title": record.name, "description": f"{record.en}; {source_of(record.cite)}"}
    container = container_of(record.fields)
    if container.text is not None and len(container.fields) == 1 and not container.inner:
        return head | {"anyOf": [_described(container.text, "")]}  # a value that is no object
    return head | _container(container) | {"additionalProperties": record.open}


def _container(container: Container) -> dict[str, Any]:
    properties = {
        json_key(wire): _described(field, label) for wire, field, label in container.fields
    }
    required = [json_key(wire) for wire, f, _ in container.fields if f.required or not f.optional]
    for name, inner in container.inner.items():
        properties[name] = _container(inner)
        required += [] if inner.is_optional else [name]
    return _holding(properties, required)


def _described(field: Field, label: str) -> dict[str, Any]:
    title = f"{field.label} {label}".strip() or field.en
    about = f"{field.en}{f', {field.unit_text}' if field.unit_text else ''}{echoed(field)}"
    about += f"; {source_of(field.cite)}"
    value = _value_of(field)
    laid_out = _LAYOUTS[field.layout]
    if laid_out is not None:
        value = laid_out if field.required else _or_missing(laid_out)
    return {"title": title, "description": about} | _with_missing(value, field)


def _value_of(field: Field) -> dict[str, Any]:
    """Describe a value of a field, with what is said of it beside its type."""
    if field.json:
        return _value_of_kind(field)
    if not has_value_facts(field):
        return _value(field.type) if field.required else _missing_allowed(field.type)
    said, count = json_facts(field)
    value = _value(field.type)
    if isinstance(field.type, ListType):
        value["items"] = _narrowed(value["items"], said)
        if not field.required:
            value.pop("minItems", None)
        value |= count
    else:
        value = _narrowed(value, said)
    return value if field.required else _or_missing(value)


def _value_of_kind(field: Field) -> dict[str, Any]:
    """Describe a value that JSON has as another kind than its type."""
    said, count = json_facts(field)
    item = field.item_type
    value = _narrowed(_of_kind(item, field.json), said if field.json == "number" else {})
    if isinstance(field.type, ListType):
        some = {"minItems": 1} if field.required else {}
        value = {"type": "array", "items": value} | some | count
    return value if field.required else _or_missing(value)


def _of_kind(type_: TypeRef, kind: str) -> dict[str, Any]:
    match type_:
        case CodeType(codes=codes) if codes is not None:
            return {"enum": [as_json_kind(code.value, kind) for code in codes.values]}
        case IntegerType(digits=digits):
            return _pattern_schema(integer_expression(digits))
        case DecimalType():
            return _pattern_schema(number_expression(type_))
        case TemporalType():
            return {"type": "integer", "minimum": 0, "maximum": 24}  # an hour
        case _:
            return {"enum": ["true", "false"]}


def _narrowed(value: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Say more of a value; what the schema says already of the same counts, too."""
    if not said:
        return value
    if said.keys().isdisjoint(value):
        return value | said
    return value | {"allOf": [said]}


def _with_missing(value: dict[str, Any], field: Field) -> dict[str, Any]:
    """Let the texts, or numbers, that stand for a missing value stand there, too."""
    if not field.missing:
        return value
    if set(value) == {"enum"}:
        return {"enum": [*value["enum"], *field.missing]}
    is_number = isinstance(field.type, IntegerType | DecimalType)
    numbers = [json.loads(text) for text in field.missing if _is_json_number(text)]
    return {"anyOf": [value, {"enum": [*field.missing, *(numbers if is_number else ())]}]}


def _is_json_number(text: str) -> bool:
    return re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) is not None


_LAYOUTS: Mapping[Layout, dict[str, Any] | None] = {
    "": None,
    "arrays": {"type": "array", "items": {"type": "array"}},
    "columns": {"type": "object", "additionalProperties": {"type": "array"}},
    "keyed": {"type": "object"},
}
"""A list within a record that JSON lays out otherwise; None: as objects."""


def _missing_allowed(type_: TypeRef) -> dict[str, Any]:
    """Describe a value of a reply; an empty text and null are a missing value.

    A number may be written as text: the validators take it so, as XML has nothing else.
    """
    match type_:
        case TextType(size=size):
            return {"type": ["string", "null"]} | _text(size)
        case CodeType(codes=codes, size=size):
            if codes is not None:
                return {"enum": [*(code.value for code in codes.values if code.value), "", None]}
            return {"type": ["string", "null"]} | _text(size)
        case IntegerType(digits=digits):
            as_text = _pattern_schema(integer_expression(digits))
            return _or_missing({"type": "integer"} | _bounds(digits), as_text)
        case DecimalType(precision=precision, scale=scale):
            number: dict[str, Any] = {"type": "number"}
            if precision is not None:
                number |= _bounds(precision - (scale or 0))
            if scale is not None:
                number["multipleOf"] = float(f"1E-{scale}") if scale else 1
            as_text = _pattern_schema(number_expression(type_))
            return _or_missing(number, as_text)
        case TemporalType(kind="duration", pattern=pattern) if pattern != "duration":
            return _or_missing({"type": "number"}, _pattern_schema(pattern_expression(pattern)))
        case TemporalType(pattern="epoch_s" | "epoch_ms" as pattern):
            return _or_missing({"type": "integer"}, _pattern_schema(pattern_expression(pattern)))
        case TemporalType():
            return _or_missing(_pattern_schema(temporal_expression(type_)))
        case BooleanType():
            return _or_missing({"type": "boolean"})
        case BinaryType():
            return {"type": ["string", "null"], "contentEncoding": "base64"}
        case AnyType():
            return {}
        case ListType(item=item):
            return _or_missing({"type": "array", "items": _value(item)})
        case RecordType():
            return _or_missing(_value(type_))
        case _:
            assert_never(type_)


def _value(type_: TypeRef) -> dict[str, Any]:
    """Describe a value that must be there."""
    match type_:
        case RecordType(record=record):
            return {"$ref": f"#/$defs/{record}"}
        case AnyType():
            return {"not": {"type": "null"}}
        case ListType(item=item):
            return {"type": "array", "items": _value(item), "minItems": 1}
        case CodeType(codes=codes) if codes is not None:
            return {"enum": [code.value for code in codes.values if code.value]}
        case TextType(size=size) | CodeType(size=size):
            return {"type": "string", "minLength": 1} | _text(size)
        case BinaryType():
            return {"type": "string", "contentEncoding": "base64"}
        case _:
            # All forms but the last, which is a missing value.
            *forms, _missing = _missing_allowed(type_)["anyOf"]
            return {"anyOf": forms} if len(forms) > 1 else dict(forms[0])


def parameter_schema(parameter: Parameter) -> dict[str, Any]:
    """Describe a parameter as it travels: a text, or of a list each item."""
    field = parameter.field
    schema = _parameter(parameter)
    said, count = json_facts(field)
    if isinstance(field.type, ListType):
        schema["items"] = _narrowed(schema["items"], said)
        return schema | count
    if not isinstance(field.type, TextType) or not said:
        return schema  # a number travels as a text, which no schema bounds
    if field.required:
        return _narrowed(schema, said)
    return schema | {"anyOf": [said, {"maxLength": 0}]}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    field = parameter.field
    schema: dict[str, Any] = {
        "title": field.label or field.en,
        "description": f"{field.en}; {source_of(field.cite)}",
        "type": "string",
    }
    if parameter.constant is not None:
        return schema | {"const": parameter.constant}
    if field.required:
        schema["minLength"] = 1
    if parameter.formats:
        return schema | {"enum": [value for _, value in parameter.formats]}
    match field.type:
        case TextType(size=int(size)) | CodeType(codes=None, size=int(size)):
            return schema | _text(size)
        case CodeType(codes=codes) if codes is not None:
            return schema | {"enum": [code.value for code in codes.values]}
        case IntegerType(digits=digits):
            return schema | _pattern_schema(integer_expression(digits))
        case DecimalType():
            return schema | _pattern_schema(number_expression(field.type))
        case TemporalType():
            return schema | _pattern_schema(temporal_expression(field.type))
        case ListType(item=item):
            least = {"minItems": schema.pop("minLength")} if field.required else {}
            return schema | {"type": "array", "items": _item_text(item)} | least
        case _:
            return schema | _text(None)


def body_part_schema(parameter: Parameter) -> dict[str, Any]:
    """Describe a part of a body in JSON, where a number is a number."""
    field = parameter.field
    if not parameter.is_argument:
        schema = parameter_schema(parameter)
        if field.json and parameter.constant is not None:
            kind = {"number": "integer"}.get(field.json, field.json)
            constant = as_json_kind(parameter.constant, field.json)
            schema = {key: value for key, value in schema.items() if key != "minLength"}
            return schema | {"type": kind, "const": constant}
        return schema
    about = (
        f"{field.en}{f', {field.unit_text}' if field.unit_text else ''}; {source_of(field.cite)}"
    )
    return {"title": field.label or field.en, "description": about} | _value_of(field)


def _item_text(item: TypeRef) -> dict[str, Any]:
    """Describe an item of a list outside of a body, where all is text."""
    match item:
        case IntegerType(digits=digits):
            return _pattern_schema(integer_expression(digits))
        case DecimalType():
            return _pattern_schema(number_expression(item))
        case _:
            return {"type": "string"}


def _text(size: int | None) -> dict[str, Any]:
    limit = {"maxLength": size} if size else {}
    # The type is said again, or else null, of which no pattern speaks, would be refused.
    return limit | {"not": {"type": "string", "pattern": "[\\u0000-\\u001f\\u007f-\\u009f]"}}


def _pattern_schema(expression: str) -> dict[str, Any]:
    # Some engines let `$` match before a final newline.
    return {"type": "string", "pattern": f"^{expression}$", "not": {"pattern": "\\n"}}


def _bounds(digits: int | None) -> dict[str, Any]:
    if digits is None:
        return {}
    return {"exclusiveMinimum": -(10**digits), "exclusiveMaximum": 10**digits}


def _or_missing(*schemas: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*schemas, {"enum": ["", None]}]}
