"""Describe records, fields and parameters in JSON Schema 2020-12."""

import json
import re
from collections.abc import Mapping
from typing import Any, assert_never

from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    ListType,
    Parameter,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.ir.words import Layout
from gridwright.targets.containers import Container, container_of, json_key
from gridwright.targets.python import echoed, source_of
from gridwright.targets.value_facts import as_json_kind, has_value_facts, json_facts
from gridwright.targets.wire_patterns import (
    integer_expression,
    number_expression,
    pattern_expression,
    temporal_expression,
)

__all__ = [
    "body_part_schema",
    "container_schema",
    "field_schema",
    "holding",
    "parameter_schema",
    "record_schema",
]


def record_schema(record: Record) -> dict[str, Any]:
    """Describe a record; records in it are references into ``#/$defs``."""
    head = {"title": record.name, "description": f"{record.en}; {source_of(record.cite)}"}
    container = container_of(record.fields)
    if container.text is not None and len(container.fields) == 1 and not container.inner:
        return head | {"anyOf": [field_schema(container.text, "")]}  # a value that is no object
    return head | container_schema(container) | {"additionalProperties": record.open}


def container_schema(container: Container) -> dict[str, Any]:
    """Describe the object that is a container of fields."""
    properties = {
        json_key(wire): field_schema(field, label) for wire, field, label in container.fields
    }
    required = [json_key(wire) for wire, f, _ in container.fields if f.required or not f.optional]
    for name, inner in container.inner.items():
        properties[name] = container_schema(inner)
        required += [] if inner.is_optional else [name]
    return holding(properties, required)


def field_schema(field: Field, label: str) -> dict[str, Any]:
    """Describe a field; ``label`` is its own within a series."""
    title = f"{field.label} {label}".strip() or field.en
    about = f"{field.en}{f', {field.unit_text}' if field.unit_text else ''}{echoed(field)}"
    about += f"; {source_of(field.cite)}"
    value = _value_of(field)
    laid_out = _LAYOUTS[field.layout]
    if laid_out is not None:
        value = laid_out if field.required else _or_missing(laid_out)
    return {"title": title, "description": about} | _with_missing(value, field)


def holding(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Describe an object that holds some properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


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


_LAYOUTS: Mapping[Layout, dict[str, Any] | None] = {
    "": None,
    "arrays": {"type": "array", "items": {"type": "array"}},
    "columns": {"type": "object", "additionalProperties": {"type": "array"}},
    "keyed": {"type": "object"},
}
