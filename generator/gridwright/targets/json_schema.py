"""JSON Schema 2020-12 of every message as it stands on the wire.

A request is an object of its parameters, all text, as they travel; a reply is the JSON body of a
success.
"""

import json
from collections.abc import Iterator
from typing import Any, assert_never

from gridwright.ir import (
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.targets.python import echoed, model_fields, source_of
from gridwright.targets.replies import (
    Payload,
    has_own_header,
    header_formats,
    payload_of_reply,
    root_fields,
)
from gridwright.targets.wire_patterns import (
    integer_expression,
    number_expression,
    pattern_expression,
)
from gridwright.view import Text

__all__ = [
    "body_part_schema",
    "json_schema_views",
    "message_schema",
    "parameter_schema",
    "record_schema",
    "reply_schema",
    "request_schema",
    "value_schema",
]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema_views(interface: Interface, package: str) -> Iterator[Text]:
    """Yield a schema for the request of each operation, and for its reply in JSON."""
    folder = f"schemas/{interface.system}"
    for operation in interface.operations:
        if operation.protocol == "http" and operation.request_media != "multipart_form":
            yield Text(
                f"{folder}/{operation.name}.request.schema.json",
                _dump(request_schema(interface, operation)),
            )
        if "json" in operation.formats:
            yield Text(
                f"{folder}/{operation.name}.reply.schema.json",
                _dump(reply_schema(interface, operation)),
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
        return head | _rooted(interface, operation.body.record)
    return head | {
        "type": "object",
        "properties": {
            p.field.wire or p.field.name: parameter_schema(p) for p in operation.parameters
        },
        "required": [p.field.wire for p in operation.parameters if p.is_needed],
        "additionalProperties": False,
    }


def reply_schema(interface: Interface, operation: Operation) -> dict[str, Any]:
    """Describe the JSON body of a successful reply."""
    head: dict[str, Any] = {
        "$schema": _DIALECT,
        "$id": f"urn:gridwright:{interface.system}:{operation.name}:reply",
        "title": f"Successful reply of {operation.wire_name} in JSON",
        "description": f"{interface.document.file}, {source_of(operation.cite)}",
    }
    payload = payload_of_reply(interface, operation)
    if payload.is_whole:
        return head | _with_forms(interface, operation)
    if payload.shape == "value":
        return head | message_schema(operation, payload, value_schema(payload))
    whole = _with_forms(interface, operation)
    definitions = whole.pop("$defs")
    schema = {"type": "array", "items": whole} if payload.is_list else whole
    return head | message_schema(operation, payload, schema) | {"$defs": definitions}


def value_schema(payload: Payload) -> dict[str, Any]:
    """Describe a payload that is one value."""
    return _described(payload.record.fields[0], "")


def message_schema(
    operation: Operation, payload: Payload, schema: dict[str, Any]
) -> dict[str, Any]:
    """Describe a JSON message: a payload in what stands around it and beside it."""
    beside: dict[str, Any] = {}
    needed: list[str] = []
    envelope = operation.envelope
    if envelope is not None and "json" in header_formats(operation):
        for field in root_fields(operation):
            beside[field.wire] = _described(field, "")
            needed += [] if field.optional else [field.wire]
        if has_own_header(operation):
            beside[envelope.header.wire] = _object(envelope.fields)
            needed.append(envelope.header.wire)
    for wire in reversed(payload.path[1:]):
        schema = _holding({wire: schema}, [wire])
    if payload.path:
        wire = payload.path[0]
        return _holding({**beside, wire: schema}, [*needed, wire])
    if not beside or payload.shape != "record":
        return schema
    # The fields of the record stand beside those of the header.
    own = record_schema(payload.record)
    return own | {
        "properties": beside | own["properties"],
        "required": [*needed, *own["required"]],
    }


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
    for variant in reversed(operation.reply.variants):
        form = _rooted(interface, variant.record)
        definitions |= form["$defs"]
        schema = {
            "if": {
                "type": "object",
                "properties": {wire: {"enum": list(values)} for wire, values in variant.when},
                "required": [wire for wire, _ in variant.when],
            },
            "then": {"$ref": form["$ref"]},
            "else": schema,
        }
    return {**schema, "$defs": definitions}


def record_schema(record: Record) -> dict[str, Any]:
    """Describe a record; records in it are references into ``#/$defs``."""
    unfolded = model_fields(record.fields)
    return {
        "title": record.name,
        "description": f"{record.en}; {source_of(record.cite)}",
        "type": "object",
        "properties": {wire: _described(field, label) for _, wire, field, label in unfolded},
        "required": [wire for _, wire, f, _ in unfolded if f.required or not f.optional],
        "additionalProperties": record.open,
    }


def _described(field: Field, label: str) -> dict[str, Any]:
    title = f"{field.label} {label}".strip() or field.en
    about = f"{field.en}{f', {field.unit}' if field.unit else ''}{echoed(field)}"
    about += f"; {source_of(field.cite)}"
    value = _value(field.type) if field.required else _missing_allowed(field.type)
    return {"title": title, "description": about} | value


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
            as_text = _written(integer_expression(digits))
            return _or_missing({"type": "integer"} | _bounds(digits), as_text)
        case DecimalType(precision=precision, scale=scale):
            number: dict[str, Any] = {"type": "number"}
            if precision is not None:
                number |= _bounds(precision - (scale or 0))
            if scale is not None:
                number["multipleOf"] = float(f"1E-{scale}") if scale else 1
            as_text = _written(number_expression(type_))
            return _or_missing(number, as_text)
        case TemporalType(kind="duration", pattern=pattern) if pattern != "duration":
            return _or_missing({"type": "number"}, _written(pattern_expression(pattern)))
        case TemporalType(pattern="epoch_s" | "epoch_ms" as pattern):
            return _or_missing({"type": "integer"}, _written(pattern_expression(pattern)))
        case TemporalType(pattern=pattern):
            return _or_missing(_written(pattern_expression(pattern)))
        case BooleanType():
            return _or_missing({"type": "boolean"})
        case BinaryType():
            return {"type": ["string", "null"], "contentEncoding": "base64"}
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
            return schema | _written(integer_expression(digits))
        case DecimalType():
            return schema | _written(number_expression(field.type))
        case TemporalType(pattern=pattern):
            return schema | _written(pattern_expression(pattern))
        case ListType(item=item):
            least = {"minItems": schema.pop("minLength")} if field.required else {}
            return schema | {"type": "array", "items": _item_text(item)} | least
        case _:
            return schema | _text(None)


def body_part_schema(parameter: Parameter) -> dict[str, Any]:
    """Describe a part of a body in JSON, where a number is a number."""
    field = parameter.field
    if not parameter.is_argument:
        return parameter_schema(parameter)
    value = _value(field.type) if field.required else _missing_allowed(field.type)
    about = f"{field.en}{f', {field.unit}' if field.unit else ''}; {source_of(field.cite)}"
    return {"title": field.label or field.en, "description": about} | value


def _item_text(item: TypeRef) -> dict[str, Any]:
    """Describe an item of a list outside of a body, where all is text."""
    match item:
        case IntegerType(digits=digits):
            return _written(integer_expression(digits))
        case DecimalType():
            return _written(number_expression(item))
        case _:
            return {"type": "string"}


def _text(size: int | None) -> dict[str, Any]:
    limit = {"maxLength": size} if size else {}
    # The type is said again, or else null, of which no pattern speaks, would be refused.
    return limit | {"not": {"type": "string", "pattern": "[\\u0000-\\u001f\\u007f-\\u009f]"}}


def _written(expression: str) -> dict[str, Any]:
    # Some engines let `$` match before a final newline.
    return {"type": "string", "pattern": f"^{expression}$", "not": {"pattern": "\\n"}}


def _bounds(digits: int | None) -> dict[str, Any]:
    if digits is None:
        return {}
    return {"exclusiveMinimum": -(10**digits), "exclusiveMaximum": 10**digits}


def _or_missing(*schemas: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*schemas, {"enum": ["", None]}]}


def _dump(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
