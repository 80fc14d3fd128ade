"""Describe whole messages in JSON Schema 2020-12.

A request is an object of its parameters, all text, as they travel; a reply is the JSON body of a
success.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, assert_never

from gridwright.ir import (
    Envelope,
    Field,
    Interface,
    Operation,
    Record,
    Reply,
)
from gridwright.output.view import TextView
from gridwright.targets.calls.replies import (
    Payload,
    has_own_header,
    header_formats,
    payload_of_reply,
    root_fields,
)
from gridwright.targets.containers import container_of, json_key
from gridwright.targets.json_schema.fields import (
    container_schema,
    field_schema,
    holding,
    parameter_schema,
    record_schema,
)
from gridwright.targets.json_text import json_text
from gridwright.targets.python import model_fields, source_of
from gridwright.targets.rule_schemas import with_rules
from gridwright.targets.value_facts import as_json_kind

__all__ = [
    "failures_schema",
    "header_schema",
    "json_schema_views",
    "list_schema",
    "merged",
    "message_schema",
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
    fields = [(json_key(wire), field_schema(one, label))
              for _, wire, one, label in model_fields(reply.record.fields)]  # fmt: skip
    match reply.layout:
        case "arrays":
            row = {"type": "array", "prefixItems": [schema for _, schema in fields]}
            return {"type": "array", "items": row | {"minItems": len(fields)}}
        case "columns":
            columns = {wire: {"type": "array", "items": schema} for wire, schema in fields}
            optional = {json_key(one.wire) for one in reply.record.fields if one.optional}
            schema = holding(columns, [wire for wire in columns if wire not in optional])
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
    return field_schema(payload.record.fields[0], "")


def message_schema(
    operation: Operation, payload: Payload, schema: dict[str, Any]
) -> dict[str, Any]:
    """Describe a JSON message: a payload in what stands around it and beside it."""
    around = holding({}, [])
    envelope = operation.envelope
    has_header = bool(root_fields(operation)) or has_own_header(operation)
    if envelope is not None and has_header and "json" in header_formats(operation):
        around = header_schema(envelope)
    for partial in operation.partial:
        if "json" in partial.header_formats:
            around = merged(around, failures_schema(partial))
    reply = operation.reply
    if reply.item is not None and "json" in reply.item.formats:
        schema = holding({reply.item.wire: schema}, [reply.item.wire])
    names = _names_schema(reply)
    for depth in range(len(payload.path) - 1, 0, -1):
        wire = payload.path[depth]
        near = _beside_schema(operation, payload.path[:depth])
        schema = _merge(holding({wire: schema} | names, [wire, *names]), near)
        names = {}
    if payload.path:
        wire = payload.path[0]
        message = merged(around, holding({wire: schema} | names, [wire, *names]))
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
    return holding({root.wire: message}, [root.wire])


def _names_schema(reply: Reply) -> dict[str, Any]:
    """Describe what names the columns beside the list, in the order in which rows have them."""
    if not reply.names:
        return {}
    named = [{"const": json_key(wire)} for _, wire, _, _ in model_fields(reply.record.fields)]
    if reply.named_by:
        named = [holding({reply.named_by: one}, [reply.named_by]) for one in named]
    return {reply.names: {"type": "array", "prefixItems": named, "minItems": len(named)}}


def _beside_schema(operation: Operation, path: tuple[str, ...]) -> dict[str, Any]:
    """Describe what stands beside the list at one place of the message, and below it."""
    record = operation.reply.beside
    if record is None:
        return holding({}, [])
    container = container_of(record.fields)
    for step in path:
        if step not in container.inner:
            return holding({}, [])
        container = container.inner[step]
    return container_schema(container)


def _merge(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Join two objects; what both have is that of the first."""
    return holding(
        other["properties"] | one["properties"],
        list(dict.fromkeys((*one["required"], *other["required"]))),
    )


def failures_schema(envelope: Envelope) -> dict[str, Any]:
    """Describe what holds a list of failures, from the root of a message in JSON."""
    container = container_of(envelope.fields)
    entry = container_schema(container)
    if [wire for wire, _, _ in container.fields] == ["."]:
        entry = field_schema(container.fields[0][1], "")
    schema: dict[str, Any] = {
        "description": f"what failed, {source_of(envelope.cite)}",
        "type": "array",
        "items": entry,
    }
    for wire in reversed(envelope.path):
        schema = holding({wire: schema}, [])
    return schema


def header_schema(envelope: Envelope) -> dict[str, Any]:
    """Describe what holds the header of an envelope, from the root of a message in JSON."""
    is_optional = envelope.header_optional
    schema = _object(envelope.fields)
    if not envelope.path and is_optional:
        schema["required"] = []
    for wire in reversed(envelope.path):
        schema = holding({wire: schema}, [] if is_optional else [wire])
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


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    properties = {field.wire: field_schema(field, "") for field in fields}
    return holding(properties, [field.wire for field in fields if not field.optional])


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
