"""OpenAPI 3.1 of a system that speaks HTTP without SOAP: one document for tools of any language.

What OpenAPI has no word for stands in ``x-gridwright``: Python names, units, marks, provenance,
limits, logins and amendments. Examples are invented.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from gridwright.ir import (
    BinaryType,
    Citation,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Place,
    Record,
    RecordType,
    Server,
    TypeRef,
)
from gridwright.resolve.fields import describe_type
from gridwright.targets.examples import parameter_example, request_example
from gridwright.targets.json_schema import parameter_schema, record_schema
from gridwright.targets.python import class_name, model_fields, source_of
from gridwright.view import Text

__all__ = ["openapi_document", "openapi_views"]

Json = dict[str, Any]

_PLACES = {Place.QUERY: "query", Place.PATH: "path", Place.HEADER: "header"}
_PLACEHOLDER = "https://server.invalid"


def openapi_views(interface: Interface, package: str) -> Iterator[Text]:
    """Yield the document of a system, unless its messages are SOAP."""
    if all(operation.protocol == "http" for operation in interface.operations):
        document = openapi_document(interface)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        yield Text(f"schemas/{interface.system}/openapi.json", text)


def openapi_document(interface: Interface) -> Json:
    """Describe a whole system."""
    document = interface.document
    paths: dict[str, Json] = {}
    for operation in interface.operations:
        item = paths.setdefault(operation.path, {})
        item[operation.method.lower()] = _operation(interface, operation)
    schemas: Json = {}
    for operation in interface.operations:
        schemas |= _schemas(interface, operation)
    schemes = _security_schemes(interface)
    version = document.revisions[-1].version if document.revisions else "1"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": interface.title_en,
            "version": version,
            "description": f"{interface.title}. {document.publisher_en or document.publisher}."
            f" Transcribed from {document.file}.",
            "x-gridwright": {
                "system": interface.system,
                "document": {
                    "file": document.file,
                    "title": document.title,
                    "language": document.language,
                    "publisher": document.publisher,
                },
                "time_zone": interface.zone,
                "missing": {
                    "json": list(interface.missing.json),
                    "xml": list(interface.missing.xml),
                },
                "limits": [_limit(interface, name) for name in (x.name for x in interface.limits)],
                "amendments": [
                    _filled(id=a.id, kind=a.kind, at=a.lines, evidence=a.evidence,
                            finding=a.finding, ruling=a.ruling)
                    for a in interface.amendments
                ],
            },
        },
        "servers": _servers(interface.servers),
        "tags": [{"name": interface.system, "description": interface.title_en}],
        "security": [{name: [] for name in schemes}] if schemes else [],
        "paths": paths,
        "components": {
            "schemas": schemas,
            **({"securitySchemes": schemes} if schemes else {}),
        },
    }  # fmt: skip


def _servers(servers: Iterable[Server]) -> list[Json]:
    known = [s for s in servers if s.confirmed]
    first = sorted(known, key=lambda server: not server.default)
    listed = [_filled(url=s.address, description=s.en or s.name) for s in first]
    about = "Each party is told its own address, or has to confirm the one that is printed."
    return listed or [{"url": _PLACEHOLDER, "description": about}]


def _operation(interface: Interface, operation: Operation) -> Json:
    shown = [p for p in operation.parameters if not _is_security(p)]
    described = operation.description_en or operation.en
    return {
        "operationId": operation.name,
        "summary": operation.en,
        "description": f"{described[:1].upper()}{described[1:].rstrip('.')}.",
        "tags": [interface.system],
        **({"parameters": [_parameter(interface, p) for p in shown]} if shown else {}),
        **({"requestBody": _request_body(interface, operation)} if operation.body else {}),
        "responses": _responses(interface, operation),
        "x-gridwright": _filled(
            wire_name=operation.wire_name,
            label=operation.label,
            kind=operation.kind,
            known_by_example=operation.known_by_example,
            **_provenance(operation.cite, operation.amended),
            rules=[rule.en for rule in operation.rules],
            limits=[x.name for x in interface.limits if operation.name in x.operations],
        ),
    }


def _is_security(parameter: Parameter) -> bool:
    return parameter.credential is not None or parameter.field.secret


def _parameter(interface: Interface, parameter: Parameter) -> Json:
    field = parameter.field
    schema = parameter_schema(parameter)
    about = schema.pop("description")
    schema.pop("title", None)
    return {
        "name": field.wire,
        "in": _PLACES.get(parameter.place, "query"),
        "required": field.required or parameter.place is Place.PATH,
        "description": about,
        "schema": schema,
        "example": parameter_example(interface, parameter),
        "x-gridwright": _field_facts(field)
        | _filled(selects_format={value: format for format, value in parameter.formats}),
    }


def _request_body(interface: Interface, operation: Operation) -> Json:
    body = operation.body
    if body is None:
        raise TypeError("asked only for operations with a body")
    if operation.request_media == "multipart_form":
        return {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": _ref(body.record.name),
                    "example": request_example(interface, operation),
                }
            },
        }
    content: Json = {
        "application/json": {
            "schema": _ref(body.record.name),
            "example": request_example(interface, operation),
        }
    }
    if "xml" in operation.formats and body.root is not None:
        content["application/xml"] = {"schema": _ref(f"{class_name(operation.name)}XmlRequest")}
    return {"required": True, "content": content}


def _responses(interface: Interface, operation: Operation) -> Json:
    name = class_name(operation.name)
    content = {
        f"application/{format}": {
            "schema": _ref(
                operation.reply.record.name
                if format == "json" and _is_plain(operation)
                else f"{name}{format.capitalize()}Reply"
            )
        }
        for format in operation.formats
    }
    page = {"text/html": {"schema": {"type": "string"}}}
    responses: Json = {
        "200": {"description": "Success, or a refusal that the body tells of.", "content": content}
    }
    for status in interface.statuses:
        if status.error != "none":
            responses[str(status.code)] = {
                "description": f"{status.en[:1].upper()}{status.en[1:]}.",
                "content": page,
                "x-gridwright": {"error": status.error},
            }
    refused = {"description": "A page, or a refusal in the form of a reply."}
    responses["4XX"] = responses["default"] = refused | {"content": page | content}
    return responses


def _schemas(interface: Interface, operation: Operation) -> Json:
    """Describe the messages of one operation, and the records in them."""
    name, reply, body = class_name(operation.name), operation.reply, operation.body
    found: Json = {}
    for record in (*interface.reachable(reply.record), *(v.record for v in reply.variants)):
        found[record.name] = _record(interface, record)
    if body is not None:
        for record in interface.reachable(body.record):
            found[record.name] = _record(interface, record)
        if body.root is not None and "xml" in operation.formats:
            found[f"{name}XmlRequest"] = _rooted(_ref(body.record.name), body.root.wire)
    if "json" in operation.formats and not _is_plain(operation):
        found[f"{name}JsonReply"] = _json_reply(operation)
    if "xml" in operation.formats:
        found[f"{name}XmlReply"] = _xml_reply(operation)
    return found


def _is_plain(operation: Operation) -> bool:
    """Whether the JSON body of a reply is one record and nothing else."""
    reply = operation.reply
    return reply.list is None and not reply.variants and not _failures(operation)


def _json_reply(operation: Operation) -> Json:
    reply = operation.reply
    if reply.list is None:
        records = [reply.record, *(variant.record for variant in reply.variants)]
        return _any_of([*(_ref(record.name) for record in records), *_failures(operation)])
    item = _any_of([_ref(reply.record.name), *_failures(operation)])
    return {
        "type": "object",
        "properties": {reply.list.wire: {"type": "array", "items": item}},
        "required": [reply.list.wire],
        "additionalProperties": False,
    }


def _xml_reply(operation: Operation) -> Json:
    reply, envelope = operation.reply, operation.envelope
    root = reply.root.wire if reply.root else ""
    if reply.list is None:
        return _rooted(_any_of([_ref(reply.record.name), *_failures(operation)]), root)
    properties: Json = {}
    if envelope is not None and "xml" in envelope.header_formats:
        properties[envelope.header.wire] = _header(envelope.fields)
    properties[reply.list.wire] = {
        "type": "array",
        "xml": {"wrapped": True},
        "items": _ref(reply.record.name) | {"xml": {"name": reply.item.wire if reply.item else ""}},
    }
    return {"type": "object", "xml": {"name": root}, "properties": properties}


def _failures(operation: Operation) -> list[Json]:
    """Describe what stands where a record would, when the call was refused."""
    envelope = operation.envelope
    if envelope is None:
        return []
    if envelope.failure_in_list is not None and operation.reply.list is not None:
        return [_said(envelope, name) for name in (envelope.message, envelope.code)]
    if envelope.header.wire == ".":
        return [_header(envelope.fields)]
    return []


def _said(envelope: Envelope, name: str) -> Json:
    return {
        "type": "object",
        "description": "part of a refusal, in the place of a record",
        "properties": {name: {"type": "string"}},
        "required": [name],
        "additionalProperties": False,
    }


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
    properties: Json = schema["properties"]
    for _, wire, field, label in model_fields(record.fields):
        # Generators name their classes by titles: a label is no name, and two may be alike.
        properties[wire].pop("title")
        if "anyOf" in properties[wire]:
            properties[wire]["title"] = f"{record.name}{class_name(field.name)}Value"
        if field.label not in ("", wire):
            properties[wire]["description"] = f"{field.label}: {properties[wire]['description']}"
        properties[wire]["x-gridwright"] = _field_facts(field) | _filled(interval=label)
        inner = field.type.item if isinstance(field.type, ListType) else field.type
        if isinstance(inner, BinaryType):
            # By its format older tools know a file; OpenAPI 3.1 tells it by the media type.
            properties[wire] |= {
                "type": "string",
                "format": "binary",
                "contentMediaType": "application/octet-stream",
            }
            properties[wire].pop("contentEncoding", None)
    schema["x-gridwright"] = _filled(
        **_provenance(record.cite, record.cite.amended),
        filler=dict(record.filler),
        extends=record.extends,
    )
    return schema


def _moved(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/")
            if key == "$ref"
            else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(item) for item in schema] if isinstance(schema, list) else schema


def _field_facts(field: Field) -> Json:
    return _filled(
        name=field.name,
        label=field.label,
        type=_type(field.type),
        unit=field.unit or "",
        personal=field.personal,
        secret=field.secret,
        provisional=field.provisional,
        also=[other.name for other in field.also],
        **_provenance(field.cite, field.cite.amended),
    )


def _type(type_: TypeRef) -> str:
    match type_:
        case DecimalType(precision=int(precision), scale=scale):
            return f"decimal({precision},{scale})" if scale is not None else f"decimal({precision})"
        case IntegerType(digits=int(digits)):
            return f"integer({digits})"
        case RecordType(record=record):
            return f"record {record}"
        case _:
            return describe_type(type_)


def _provenance(cite: Citation, amended: tuple[str, ...]) -> Json:
    return {
        "at": str(cite),
        "basis": "" if cite.basis.value == "document" else cite.basis.value,
        "reason": cite.reason,
        "amended": list(amended),
    }


def _limit(interface: Interface, name: str) -> Json:
    limit = next(x for x in interface.limits if x.name == name)
    return _filled(
        name=limit.name,
        kind=limit.kind,
        requests=limit.requests,
        per_seconds=limit.per.total_seconds() if limit.per else None,
        at_most=limit.at_most,
        wait_seconds=limit.wait.total_seconds() if limit.wait else None,
        after=limit.after,
        same=limit.same,
        scope=limit.scope,
        operations=list(limit.operations),
        weekly=limit.weekly,
        zone=limit.zone if limit.weekly else "",
        en=limit.en,
        at=str(limit.cite),
    )


def _security_schemes(interface: Interface) -> Json:
    """Describe what a request carries: keys, and what a login gave."""
    schemes: Json = {}
    credentials = {credential.name: credential for credential in interface.credentials}
    for operation in interface.operations:
        for parameter in operation.parameters:
            credential = credentials.get(parameter.credential or "")
            if credential is not None:
                schemes[credential.name] = {
                    "type": "apiKey",
                    "in": _PLACES.get(parameter.place, "query"),
                    "name": parameter.field.wire,
                    "description": f"{credential.en}; {source_of(credential.cite)}",
                }
    for presented in interface.presented:
        step = presented.value.removeprefix("step.")
        schemes[step] = {
            "type": "apiKey",
            "in": presented.place,
            "name": presented.wire,
            "description": f"what the login gave; {source_of(presented.cite)}",
            "x-gridwright": {"login": [_step(interface, s.name) for s in interface.auth_steps]},
        }
    return schemes


def _step(interface: Interface, name: str) -> Json:
    step = next(step for step in interface.auth_steps if step.name == name)
    return _filled(
        name=step.name,
        en=step.en,
        method=step.method,
        address=dict(step.address),
        path=dict(step.path),
        body=step.body,
        send={name: dict(values) for name, values in step.send},
        success_status=step.success_status,
        read=list(step.read),
        lifetime_seconds=step.lifetime.total_seconds() if step.lifetime else None,
        lifetime_from=step.lifetime_from,
        once=step.once,
        shared=step.shared,
        renew_when=list(step.renew_when),
        never=list(step.never),
        at=str(step.cite),
    )


def _rooted(schema: Json, root: str) -> Json:
    return {"xml": {"name": root}, "allOf": [schema]}


def _any_of(schemas: list[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _filled(**values: object) -> Json:
    """Keep what says something: an absent key, a no and an empty list say the same."""
    return {key: value for key, value in values.items() if value not in (None, "", False, [], {})}
