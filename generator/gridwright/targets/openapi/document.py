"""OpenAPI 3.1 of a system that speaks HTTP without SOAP: one document for tools of any language.

What OpenAPI has no word for stands in ``x-gridwright``: Python names, units, marks, provenance,
limits, logins and amendments. Examples are invented.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gridwright.ir import Case, Interface, ListType, Operation, Parameter, Place, Server
from gridwright.ir.words import Encoding
from gridwright.output.view import TextView
from gridwright.targets.calls.parts import encodings
from gridwright.targets.calls.replies import MEDIA_OF_ROWS, PACKED_MEDIA, WITHOUT_MESSAGE
from gridwright.targets.calls.requests import IN_BODY
from gridwright.targets.examples import (
    body_part_example,
    nested,
    parameter_example,
    request_example,
    value_example,
)
from gridwright.targets.json_schema.fields import body_part_schema, parameter_schema
from gridwright.targets.json_text import json_text
from gridwright.targets.kept_rules import as_shown
from gridwright.targets.openapi.facts import Json, drop_empty, field_facts, provenance
from gridwright.targets.openapi.headers import headers_of_success
from gridwright.targets.openapi.links import links_from
from gridwright.targets.openapi.paths import paths_of
from gridwright.targets.openapi.schemas import (
    is_plain,
    message_schemas,
    ref,
    request_record_schema,
    with_parts,
)
from gridwright.targets.openapi.security import (
    PLACES,
    carried_in_request,
    security_requirements,
    security_schemes,
)
from gridwright.targets.python import class_name
from gridwright.targets.rule_schemas import with_rules

__all__ = ["SPEC_KEY", "openapi_document", "openapi_views"]

SPEC_KEY = "x-gridwright-spec"
_PLACEHOLDER = "https://server.invalid"
_MEDIA: Mapping[Encoding, str] = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "file": "application/octet-stream",
    "multipart_form": "multipart/form-data",
    "text": "text/plain",
    "xml": "application/xml",
}


def openapi_views(interface: Interface, spec: Mapping[str, object] | None) -> Iterator[TextView]:
    """Yield the document of a system, unless its messages are SOAP.

    Args:
        interface: the system.
        spec: its spec and amendments, which go along, so that `gridwright import` can restore them;
            None: the document has its own words alone.
    """
    if all(operation.protocol == "http" for operation in interface.operations):
        document = openapi_document(interface) | ({SPEC_KEY: spec} if spec else {})
        yield TextView(f"schemas/{interface.system}/openapi.json", json_text(document))


def openapi_document(interface: Interface) -> Json:
    """Describe a whole system."""
    document = interface.document
    paths = paths_of(interface, lambda operation: _operation(interface, operation))
    schemas: Json = {}
    for operation in interface.operations:
        schemas |= message_schemas(interface, operation)
    schemes = security_schemes(interface)
    version = document.revisions[-1].version if document.revisions else "1"
    return {
        "openapi": "3.1.0",
        "info": {
            "title": interface.title_en,
            "version": version,
            "description": _description(interface),
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
                    drop_empty(id=a.id, kind=a.kind, at=a.lines, evidence=a.evidence,
                            finding=a.finding, ruling=a.ruling)
                    for a in interface.amendments
                ],
            },
        },
        "servers": _servers(interface.servers),
        "tags": [{"name": interface.system, "description": interface.title_en}],
        "security": security_requirements(interface),
        "paths": paths,
        "components": {
            "schemas": schemas,
            **({"securitySchemes": schemes} if schemes else {}),
        },
    }  # fmt: skip


def _description(interface: Interface) -> str:
    """Tell a person what the system is, and what a client must keep."""
    document = interface.document
    publisher = document.publisher_en or document.publisher
    lines = [f"{interface.title}. {publisher}. Transcribed from {document.file}."]
    if interface.limits:
        lines += ["", "Limits:", "", *(f"- {limit.en}" for limit in interface.limits)]
    return "\n".join(lines)


def _succeeds(operation: Operation) -> str:
    """Tell a person which reply with status 200 is a success."""
    envelope = operation.envelope
    if operation.partial:
        lists = ", ".join(f"`{'.'.join(one.path)}`" for one in operation.partial)
        return f"Success, where data are left: {lists} tells what failed."
    if envelope is None:
        return "Success."
    told = "; ".join(
        f"`{name}` is {' or '.join(value or 'empty' for value in values)}"
        for name, values in envelope.success
    )
    if not told:
        return "Success, or a refusal that the body tells of."
    if operation.reply.list is not None and envelope.code:
        told = f"{told}, where there is such a header; else no record has `{envelope.code}`"
    return f"Success, or a refusal that the body tells of. Success: {told}."


def _servers(servers: Iterable[Server]) -> list[Json]:
    known = [s for s in servers if not s.doubtful]
    first = sorted(known, key=lambda server: not server.default)
    listed = [drop_empty(url=s.address, description=_addressed(s)) for s in first]
    about = "Each party is told its own address, or has to confirm the one that is printed."
    return listed or [{"url": _PLACEHOLDER, "description": about}]


def _addressed(server: Server) -> str:
    """Say what a server is, and where its address is not printed, what it follows from."""
    cite, name = server.cite, server.en or server.name
    return f"{name}; {cite.basis.value}: {cite.reason}" if cite.reason else name


def _operation(interface: Interface, operation: Operation) -> Json:
    carried = list(carried_in_request(interface, operation))
    placed = (*operation.parameters, *carried)
    shown = [p for p in placed if not (_is_security(p) or p.place in IN_BODY)]
    described = operation.description_en or operation.en
    return {
        "operationId": operation.name,
        "summary": operation.en,
        "description": f"{described[:1].upper()}{described[1:].rstrip('.')}.",
        "tags": [interface.system],
        **({"parameters": [_parameter(interface, p) for p in shown]} if shown else {}),
        **({"requestBody": _request_body(interface, operation)} if encodings(operation) else {}),
        "responses": _responses(interface, operation),
        "x-gridwright": drop_empty(
            wire_name=operation.wire_name,
            label=operation.label,
            kind=operation.kind,
            known_by_example=operation.known_by_example,
            **provenance(operation.cite, operation.amended),
            rules=[rule.en for rule in operation.rules],
            links=links_from(interface, operation),
            limits=[x.name for x in interface.limits if operation.name in x.operations],
        ),
    }


def _is_security(parameter: Parameter) -> bool:
    """Whether OpenAPI has it among the security schemes; what travels in body or path, it has
    not.
    """
    is_secret = parameter.credential is not None or parameter.field.secret
    return is_secret and parameter.place not in (*IN_BODY, Place.PATH)


def _parameter(interface: Interface, parameter: Parameter) -> Json:
    field = parameter.field
    schema = parameter_schema(parameter)
    about = schema.pop("description")
    schema.pop("title", None)
    example: object = parameter_example(interface, parameter)
    place = PLACES.get(parameter.place, "query")
    style = list_style(parameter)
    if isinstance(field.type, ListType):
        example = [example]
        if style is None:
            # No style of OpenAPI has this sign between items: their text is what travels.
            schema, example = {"type": "string"}, example[0]
            about += f"; items joined by {parameter.join!r}"
    return {
        "name": field.wire,
        "in": place,
        "required": parameter.is_needed or parameter.place is Place.PATH,
        "description": about,
        **(style or {}),
        "schema": schema,
        "example": example,
        "x-gridwright": field_facts(field)
        | drop_empty(
            selects_format={value: format for format, value in parameter.formats},
            join=parameter.join,
        ),
    }


def list_style(parameter: Parameter) -> Json | None:
    """Return how OpenAPI says what stands between the items of a list; None: it cannot."""
    if not isinstance(parameter.field.type, ListType):
        return {}
    is_simple = parameter.place in (Place.HEADER, Place.PATH)
    match parameter.join:
        case "":
            return {} if not is_simple else {"style": "simple"}
        case ",":
            return {"style": "simple" if is_simple else "form", "explode": False}
        case " " | "|" if parameter.place is Place.QUERY:
            style = "spaceDelimited" if parameter.join == " " else "pipeDelimited"
            return {"style": style, "explode": False}
        case _:
            return None


def _request_body(interface: Interface, operation: Operation) -> Json:
    content = {
        _MEDIA[encoding]: _body_content(interface, operation, encoding)
        for encoding in dict.fromkeys(encodings(operation).values())
    }
    body = operation.body
    is_needed = body is None or not body.is_value or body.record.fields[0].required
    return {"required": is_needed, "content": content}


def _body_content(interface: Interface, operation: Operation, encoding: Encoding) -> Json:
    body = operation.body
    placed = (*operation.parameters, *carried_in_request(interface, operation))
    fields = [p for p in placed if p.place in IN_BODY]
    if encoding == "xml" and body is not None and body.root is not None:
        return {"schema": ref(f"{class_name(operation.name)}XmlRequest")}
    if encoding == "file":
        return {"schema": {"type": "string", "format": "binary"}}
    if body is not None and body.is_value:
        value = value_example(interface, operation)
        shown_value = _as_text(value) if encoding == "text" else value
        return {"schema": ref(body.record.name), "example": shown_value}
    schema: Json = ref(body.record.name) if body is not None else {}
    example = request_example(interface, operation)
    described, shown = parameter_schema, parameter_example
    if encoding == "json":
        described, shown = body_part_schema, body_part_example
    if fields:
        parts = _object([(p.under, p, described(p)) for p in fields])
        # A record that is closed would refuse what stands beside its fields: it is written out.
        whole = (
            parts
            if body is None
            else with_parts(request_record_schema(interface, operation), parts)
        )
        own = {p.field.wire for p in fields if not p.under}
        held = {field.wire for field in body.record.fields} if body is not None else set()
        schema = with_rules(whole, operation, own | held)
        shown_too = {p.field.wire for p in as_shown(interface, operation)[1].parameters}
        shown_too |= {p.field.wire for p in fields if p not in operation.parameters}
        example |= nested((p, shown(interface, p)) for p in fields if p.field.wire in shown_too)
    styles = {p.field.wire: list_style(p) for p in fields if p.join and not p.under}
    said = {"encoding": {wire: style for wire, style in styles.items() if style}}
    return {"schema": schema, "example": example, **drop_empty(**said)}


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _object(parts: Sequence[tuple[tuple[str, ...], Parameter, Json]]) -> Json:
    """Describe an object that holds parts, each below the containers that are left of its path."""
    own = [(p.field.wire, p.is_needed, schema) for under, p, schema in parts if not under]
    for name in dict.fromkeys(under[0] for under, _, _ in parts if under):
        below = [(under[1:], p, schema) for under, p, schema in parts if under[:1] == (name,)]
        own.append((name, any(p.is_needed for _, p, _ in below), _object(below)))
    required = [name for name, is_needed, _ in own if is_needed]
    return {
        "type": "object",
        "properties": {name: schema for name, _, schema in own},
        **({"required": required} if required else {}),
    }


def _responses(interface: Interface, operation: Operation) -> Json:
    name = class_name(operation.name)
    content = {
        f"application/{format}": {
            "schema": ref(
                operation.reply.record.name
                if format == "json" and is_plain(interface, operation)
                else f"{name}{format.capitalize()}Reply"
            )
        }
        for format in operation.formats
        if operation.reply.shape not in WITHOUT_MESSAGE and format not in MEDIA_OF_ROWS
    }
    messages = content
    content = content | _rows(operation)
    if operation.reply.packing:
        # What is in it is described by the schemas of the messages.
        whole = {"type": "string", "format": "binary", "x-gridwright": {"holds": content}}
        media = PACKED_MEDIA[operation.reply.packing]
        of_success: Json = {name: {"schema": whole} for name in media}
    elif operation.reply.shape == "file":
        whole = {"type": "string", "format": "binary"}
        of_success = {"application/octet-stream": {"schema": whole}}
    else:
        of_success = content
    page = {kind: {"schema": {"type": "string"}} for kind in ("text/html", "text/plain")}
    success = str(operation.success_status)
    headers = headers_of_success(operation)
    responses: Json = {
        success: {
            "description": _succeeds(operation),
            **({"headers": headers} if headers else {}),
            **_content_keyword(of_success),
        }
    }
    envelope = operation.envelope
    has_body = bool(operation.partial) or (envelope is not None and envelope.header_optional)
    for status in (*interface.statuses, *operation.statuses):
        if status.error != "none":
            responses[status.wire.upper()] = {
                "description": f"{status.en[:1].upper()}{status.en[1:]}.",
                "content": page | messages if has_body else page,
                "x-gridwright": {"error": status.error},
            }
    for wire, cases in _cases_by_status(operation).items():
        errors = list(dict.fromkeys(case.error for case in cases))
        told = "; or ".join(dict.fromkeys(case.en for case in cases))
        responses.setdefault(
            wire,
            {
                "description": f"{told[:1].upper()}{told[1:]}.",
                "content": page | messages,
                "x-gridwright": {"error": errors[0] if len(errors) == 1 else errors},
            },
        )
    refused = {"description": "A page, a text, or a refusal in the form of a reply."}
    for others in ("4XX", "default"):
        responses.setdefault(others, refused | {"content": page | messages})
    return responses


def _rows(operation: Operation) -> Json:
    """Describe replies that are rows, lines or a text, for which OpenAPI knows no schema."""
    found: Json = {}
    record = operation.reply.record
    for format in operation.formats:
        for media in MEDIA_OF_ROWS.get(format, ()):
            schema: Json = {"type": "string"}
            if format != "text":
                schema |= {"x-gridwright": {"each": ref(record.name)}}
            found[media] = {"schema": schema}
    return found


def _cases_by_status(operation: Operation) -> dict[str, list[Case]]:
    """Return the cases of failure that speak of an HTTP status of failure, by status."""
    found: dict[str, list[Case]] = {}
    for envelope in operation.envelopes:
        for case in envelope.cases:
            for status in case.status if case.error != "none" else ():
                if not status.startswith("2"):
                    found.setdefault(status.upper(), []).append(case)
    return found


def _content_keyword(content: Json) -> Json:
    return {"content": content} if content else {}


def _limit(interface: Interface, name: str) -> Json:
    limit = next(x for x in interface.limits if x.name == name)
    return drop_empty(
        name=limit.name,
        kind=limit.kind,
        requests=limit.requests,
        per_seconds=limit.per.total_seconds() if limit.per else None,
        penalty_seconds=limit.penalty.total_seconds() if limit.penalty else None,
        each=limit.each,
        resets=limit.resets,
        at_most=limit.at_most,
        wait_seconds=limit.wait.total_seconds() if limit.wait else None,
        after=limit.after,
        same=limit.same[0] if len(limit.same) == 1 else list(limit.same),
        scope=limit.scope,
        operations=list(limit.operations),
        weekly=limit.weekly,
        zone=limit.zone if limit.weekly or limit.kind == "quota" else "",
        to_is=limit.to_is,
        field=limit.field,
        en=limit.en,
        at=str(limit.cite),
    )
