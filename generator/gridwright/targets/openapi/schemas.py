"""Schemas of an OpenAPI document: the messages of each operation, and the records in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from gridwright.ir import (
    NO_NAMESPACE,
    XML_NAMESPACE,
    BinaryType,
    Element,
    Envelope,
    Field,
    Interface,
    Operation,
    Record,
)
from gridwright.targets.calls.replies import (
    Payload,
    has_own_header,
    header_formats,
    is_in_root,
    payload_of_reply,
    root_fields,
)
from gridwright.targets.containers import Container, container_of, json_key
from gridwright.targets.json_schema.fields import record_schema
from gridwright.targets.json_schema.messages import (
    failures_schema,
    list_schema,
    message_schema,
    value_schema,
)
from gridwright.targets.openapi.facts import Json, drop_empty, field_facts, provenance
from gridwright.targets.openapi.identity import with_identity
from gridwright.targets.python import class_name, source_of
from gridwright.targets.rule_schemas import with_rules

__all__ = ["is_plain", "message_schemas", "ref", "request_record_schema", "with_parts"]


def message_schemas(interface: Interface, operation: Operation) -> Json:
    """Describe the messages of one operation, and the records in them."""
    name, reply, body = class_name(operation.name), operation.reply, operation.body
    found: Json = {}
    forms = (reply.record, *(variant.record for variant in reply.variants))
    for record in (one for form in forms for one in interface.reachable(form)):
        found[record.name] = _record(interface, record)
    if body is not None:
        for record in interface.reachable(body.record):
            found[record.name] = _record(interface, record)
        found[body.record.name] = request_record_schema(interface, operation)
        if body.root is not None and "xml" in operation.formats:
            found[f"{name}XmlRequest"] = _rooted(
                ref(body.record.name), _xml_name(interface, body.root)
            )
    if "json" in operation.formats and not is_plain(interface, operation):
        found[f"{name}JsonReply"] = _json_reply(interface, operation)
    if "xml" in operation.formats:
        found[f"{name}XmlReply"] = _xml_reply(interface, operation)
    return found


def request_record_schema(interface: Interface, operation: Operation) -> Json:
    """Describe the record of a body, with the rules across its fields."""
    if operation.body is None:
        return {}
    record = operation.body.record
    names = [field.wire for field in record.fields]
    return with_identity(with_rules(_record(interface, record), operation, names), operation)


def with_parts(record: Json, parts: Json) -> Json:
    """Describe a body that is a record with parts beside its fields."""
    required = [*record.get("required", ()), *parts.get("required", ())]
    return {
        **record,
        "properties": record["properties"] | parts["properties"],
        **({"required": required} if required else {}),
    }


def is_plain(interface: Interface, operation: Operation) -> bool:
    """Whether the JSON body of a reply is one record and nothing else."""
    is_whole = payload_of_reply(interface, operation).is_whole
    others = [*_failures(operation), *_other_messages(interface, operation, "json")]
    return is_whole and not operation.reply.variants and not others


def _json_reply(interface: Interface, operation: Operation) -> Json:
    reply, payload = operation.reply, payload_of_reply(interface, operation)
    records = [reply.record, *(variant.record for variant in reply.variants)]
    one = _any_of([*(ref(record.name) for record in records), *_failures_in_list(operation)])
    message = one
    if not payload.is_whole:
        schema = _moved(list_schema(operation, one)) if payload.holds_list else one
        if payload.shape == "value":
            schema = value_schema(payload)
        message = _moved(message_schema(operation, payload, schema))
    return _any_of([message, *_failures(operation), *_other_messages(interface, operation, "json")])


def _xml_reply(interface: Interface, operation: Operation) -> Json:
    reply, payload = operation.reply, payload_of_reply(interface, operation)
    root = _xml_name(interface, reply.root)
    others = _other_messages(interface, operation, "xml")
    if payload.is_whole:
        message = _rooted(_any_of([ref(reply.record.name), *_failures(operation)]), root)
        return _any_of([message, *others])
    return _any_of([_xml_message(interface, operation, payload, root), *others])


def _xml_message(interface: Interface, operation: Operation, payload: Payload, root: Json) -> Json:
    reply, properties = operation.reply, Json()
    envelope = operation.envelope
    has_header = bool(root_fields(operation)) or has_own_header(operation)
    if envelope is not None and has_header and "xml" in header_formats(operation):
        properties |= _nest(envelope.path, _header_in_xml(interface, envelope))["properties"]
    for partial in operation.partial:
        if "xml" in partial.header_formats:
            listed = _nest(partial.path, _failures_in_xml(interface, partial))
            properties = _both(properties, listed["properties"])
    schema: Json = ref(reply.record.name)
    if payload.shape == "value":
        schema = _moved(value_schema(payload))
        schema = _in_space(interface, schema, reply.record.fields[0].namespace)
    if reply.list is not None:
        item = schema | {"xml": _xml_name(interface, reply.item)}
        schema = {"type": "array", "xml": {"wrapped": True}, "items": item}
        schema = _in_space(interface, schema, reply.list.namespace)
    if payload.path:
        properties = _both(properties, _nest(payload.path, schema)["properties"])
        if reply.beside is not None:
            properties = _record(interface, reply.beside)["properties"] | properties
        return {"type": "object", "xml": root, "properties": properties}
    return _rooted({"allOf": [{"type": "object", "properties": properties}, schema]}, root)


def _failures(operation: Operation) -> list[Json]:
    """Describe what stands in the place of the message when the call was refused."""
    envelope = operation.envelope
    if envelope is None or not is_in_root(envelope):
        return []
    return [_header(envelope.fields)]


def _other_messages(interface: Interface, operation: Operation, format: str) -> list[Json]:
    """Describe messages of failure that have another form than the reply."""
    found = []
    for envelope in operation.envelopes:
        is_own = envelope is operation.envelope and (is_in_root(envelope) or bool(envelope.success))
        if is_own or format not in envelope.header_formats:
            continue
        schema = _nest(envelope.path, _header(envelope.fields))
        roots = [root for case in envelope.cases for root in case.root]
        root = envelope.root.wire if envelope.root else next(iter(roots), "")
        if format == "xml":
            name = root or (operation.reply.root.wire if operation.reply.root else "")
            schema = schema | {"xml": {"name": name}} if name else schema
        elif envelope.root is not None:
            schema = _nest((root,), schema)
        found.append(schema | {"description": f"a refusal, {source_of(envelope.cite)}"})
    for envelope in operation.partial:
        if format not in envelope.header_formats:
            continue
        schema = _moved(failures_schema(envelope))
        if format == "xml":
            name = operation.reply.root.wire if operation.reply.root else ""
            schema = _nest(envelope.path, _failures_in_xml(interface, envelope))
            schema = schema | {"xml": {"name": name}} if name else schema
        found.append(schema | {"description": f"nothing but failures, {source_of(envelope.cite)}"})
    return found


def _nest(path: tuple[str, ...], schema: Json) -> Json:
    for wire in reversed(path):
        schema = {"type": "object", "properties": {wire: schema}}
    return schema


def _both(one: Json, other: Json) -> Json:
    """Return the properties of what holds both."""
    found = dict(one)
    for wire, schema in other.items():
        before = found.get(wire, {})
        if "properties" in before and "properties" in schema:
            schema = schema | {"properties": _both(before["properties"], schema["properties"])}
        found[wire] = schema
    return found


def _failures_in_list(operation: Operation) -> list[Json]:
    """Describe what stands where a record would, when the call was refused."""
    envelope = operation.envelope
    if envelope is None or envelope.failure_in_list is None or operation.reply.list is None:
        return []
    return [_refusal_part(name) for name in (envelope.message, envelope.code)]


def _refusal_part(name: str) -> Json:
    return {
        "type": "object",
        "description": "part of a refusal, in the place of a record",
        "properties": {name: {"type": "string"}},
        "required": [name],
        "additionalProperties": False,
    }


def _header_in_xml(interface: Interface, envelope: Envelope) -> Json:
    """Describe the header of an envelope as an element, each with its namespace."""
    own = envelope.header.namespace if envelope.path else ""
    header = _in_space(interface, _header(envelope.fields), own)
    for field in envelope.fields:
        schema = header["properties"][field.wire]
        header["properties"][field.wire] = _in_space(interface, schema, field.namespace or own)
    return header


def _failures_in_xml(interface: Interface, envelope: Envelope) -> Json:
    """Describe a list of failures as elements, each with its namespace."""
    own = envelope.header.namespace
    properties = Json()
    for field in envelope.fields:
        schema: Json = _header((field,))["properties"][field.wire]
        if field.wire.startswith("@"):
            schema |= {"xml": {"attribute": True} | _xml_space(interface, field.namespace)}
        else:
            schema = _in_space(interface, schema, field.namespace or own)
        path = (*field.under, field.wire.removeprefix("@"))
        properties = _both(properties, _nest(path, schema)["properties"])
    entry: Json = {"type": "object", "properties": properties}
    if list(properties) == ["."]:
        entry = properties["."]
    return {"type": "array", "items": _in_space(interface, entry, own)}


def _header(fields: Iterable[Field]) -> Json:
    return {
        "type": "object",
        "properties": {
            field.wire: {
                "type": ["string", "null"],
                "description": f"{field.en}; {source_of(field.cite)}",
            }
            for field in fields
        },
    }


def _record(interface: Interface, record: Record) -> Json:
    """Describe a record as the JSON Schemas do, with references of this document."""
    schema: Json = _moved(record_schema(record))
    if "properties" not in schema:  # a value that is no object
        return schema
    for properties, wire, field, label in _properties(
        interface, schema, container_of(record.fields)
    ):
        # Generators name their classes by titles: a label is no name, and two may be alike.
        properties[wire].pop("title")
        if "anyOf" in properties[wire]:
            properties[wire]["title"] = f"{record.name}{class_name(field.name)}Value"
        if field.label not in ("", wire):
            properties[wire]["description"] = f"{field.label}: {properties[wire]['description']}"
        properties[wire]["x-gridwright"] = field_facts(field) | drop_empty(interval=label)
        inner = field.item_type
        if isinstance(inner, BinaryType):
            # By its format older tools know a file; OpenAPI 3.1 tells it by the media type.
            file = _of_files(properties[wire]) if inner is not field.type else properties[wire]
            file |= {
                "type": "string",
                "format": "binary",
                "contentMediaType": "application/octet-stream",
            }
            file.pop("contentEncoding", None)
    _add_spaces(interface, record, schema, container_of(record.fields))
    schema["x-gridwright"] = drop_empty(
        **provenance(record.cite, record.cite.amended),
        filler=dict(record.filler),
        extends=record.extends,
    )
    return schema


def _properties(
    interface: Interface, schema: Json, container: Container
) -> Iterator[tuple[Json, str, Field, str]]:
    """Yield the properties of a record and of the containers in it, with their fields."""
    properties: Json = schema["properties"]
    for wire, field, label in container.fields:
        yield properties, json_key(wire), field, label
        if wire.startswith("@"):
            space = _xml_space(interface, field.namespace)
            properties[json_key(wire)]["xml"] = {"attribute": True} | space
    for name, inner in container.inner.items():
        yield from _properties(interface, properties[name], inner)


def _add_spaces(interface: Interface, record: Record, schema: Json, container: Container) -> None:
    """Say of each element in what namespace it is, where its record or its field says it."""
    properties: Json = schema["properties"]
    for wire, field, _ in container.elements:
        space = field.namespace or record.namespace
        properties[wire] = _in_space(interface, properties[wire], space)
    for name, inner in container.inner.items():
        properties[name] = _in_space(interface, properties[name], record.namespace)
        _add_spaces(interface, record, properties[name], inner)


def _moved(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/")
            if key == "$ref"
            else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(item) for item in schema] if isinstance(schema, list) else schema


def _xml_name(interface: Interface, element: Element | None) -> Json:
    named: Json = {"name": element.wire if element else ""}
    return named | _xml_space(interface, element.namespace if element else "")


def _xml_space(interface: Interface, namespace: str) -> Json:
    """Return the namespace of an element, with its prefix; nothing where none is said."""
    if namespace in ("", NO_NAMESPACE):
        # OpenAPI has no word for an element that is in none.
        return {"x-gridwright": {"namespace": ""}} if namespace else {}
    prefixes = {XML_NAMESPACE: "xml"}
    prefixes |= {known.uri: known.prefix for known in interface.namespaces}
    prefix = {"prefix": prefixes[namespace]} if namespace in prefixes else {}
    return {"namespace": namespace} | prefix


def _in_space(interface: Interface, schema: Json, namespace: str) -> Json:
    """Return what describes an element, with its namespace where that is said."""
    space = _xml_space(interface, namespace)
    return schema | {"xml": schema.get("xml", {}) | space} if space else schema


def _rooted(schema: Json, root: Json) -> Json:
    return {"xml": root, "allOf": [schema]}


def _any_of(schemas: list[Json]) -> Json:
    flat = [
        one
        for schema in schemas
        for one in (schema["anyOf"] if [*schema] == ["anyOf"] else [schema])
    ]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def ref(name: str) -> Json:
    """Refer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _of_files(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one file in that of a list of files, which may be missing."""
    arrays = (one for one in (schema, *schema.get("anyOf", ())) if "items" in one)
    items: dict[str, Any] = next(arrays)["items"]
    return items
