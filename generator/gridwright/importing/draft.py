"""Turn an OpenAPI document into the draft of a spec. Never reads or writes files."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gridwright.importing.names import class_of, snake_of, unique
from gridwright.importing.reading import ForeignFileError, Json
from gridwright.importing.schemas import Tables, body_record, facts_of, field_of, resolved

__all__ = ["Draft", "draft_spec"]

_METHODS = ("get", "post", "put", "delete")
_OTHER_METHODS = ("options", "head", "patch", "trace")
_SERVER = "https://server.invalid"


@dataclass(frozen=True, slots=True)
class Draft:
    """A spec as plain values, and what could not be said in it, by place in the file."""

    spec: Json
    left_out: tuple[str, ...]


def draft_spec(document: Json, *, system: str, file: str) -> Draft:
    """Draft the spec of a system.

    Args:
        document: in the shape of OpenAPI 3.
        system: id of the system.
        file: name of the file that is imported.

    Raises:
        ForeignFileError: a schema is made of itself.
    """
    tables = Tables(document)
    try:
        return _draft(tables, document, system=system, file=file)
    except RecursionError:
        raise ForeignFileError(
            f"{file}: schema {tables.place} is made of itself, or nested too deep: write out what "
            "its allOf, anyOf or oneOf comes down to"
        ) from None


def _draft(tables: Tables, document: Json, *, system: str, file: str) -> Draft:
    info = document.get("info") or {}
    facts = facts_of(info)
    title = " ".join(str(info.get("title") or system).split())
    credentials, carried = _security(tables)
    operations: Json = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if isinstance(item, dict) and isinstance(item.get(method), dict):
                pointer = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
                found = _operation(tables, item, method, path, carried, pointer)
                if found is not None:
                    operations[unique(found[0], operations)] = found[1]
        for method in _OTHER_METHODS:
            if isinstance(item, dict) and method in item:
                tables.leave_out(f"#/paths/{path}/{method}", "an operation of this method")
    source = "the imported file"
    spec: Json = {
        "gridwright": "1",
        "system": system,
        "title": {"text": title, "en": title, "inferred": source},
        "document": {
            "file": str(facts.get("document", {}).get("file") or file),
            "title": str(facts.get("document", {}).get("title") or title),
            "language": str(facts.get("document", {}).get("language") or "en"),
        },
        "conventions": {
            "required_marks": {"required": "required", "optional": "optional"},
            "time_zone": {
                "name": str(facts.get("time_zone") or "UTC"),
                "assumed": "the imported file names no zone: correct it",
            },
        },
        "servers": _servers(tables),
    }
    if credentials:
        spec["credentials"] = credentials
    if tables.codes:
        spec["codes"] = tables.codes
    if tables.records:
        spec["records"] = tables.records
    spec["operations"] = operations
    for key in ("webhooks", "callbacks"):
        if document.get(key):
            tables.leave_out(f"#/{key}", "calls in the other direction")
    return Draft(spec, tuple(tables.left_out))


def _servers(tables: Tables) -> Json:
    found: Json = {}
    for number, server in enumerate(tables.document.get("servers") or []):
        url = str(server.get("url") or "") if isinstance(server, dict) else ""
        parts = urlsplit(url)
        if parts.scheme != "https" or "{" in url or url.startswith(_SERVER):
            if not url.startswith(_SERVER):
                tables.leave_out(f"#/servers/{number}", f"the address {url!r}")
            continue
        name = unique(snake_of(str(server.get("description") or "server"), "server"), found)
        found[name] = {"address": url.rstrip("/"), "inferred": f"#/servers/{number}"}
        if number == 0:
            found[name]["default"] = "yes"
    return found or {"server": {"address": "undocumented", "inferred": "the file names no server"}}


def _security(tables: Tables) -> tuple[Json, Json]:
    """Return credentials, and the request fields that carry them, by scheme."""
    components = tables.document.get("components") or {}
    credentials: Json = {}
    carried: Json = {}
    for name, scheme in (components.get("securitySchemes") or {}).items():
        pointer = f"#/components/securitySchemes/{name}"
        place = scheme.get("in") if isinstance(scheme, dict) else None
        if not isinstance(scheme, dict) or scheme.get("type") != "apiKey" or place == "cookie":
            tables.leave_out(pointer, "a login that is not a key in a header or a query")
            continue
        key = snake_of(name, "key")
        said = str(scheme.get("description") or "key of the account")
        credentials[key] = {
            "en": " ".join(said.split()),
            "secret": "yes",
            "environment": key.upper(),
            "inferred": pointer,
        }
        carried[name] = (
            str(scheme.get("name")),
            {
                "name": key,
                "type": "text",
                "in": place,
                "credential": key,
                "required": "required",
                "secret": "yes",
                "inferred": pointer,
            },
        )
        if isinstance(scheme.get("x-gridwright"), dict):
            tables.leave_out(pointer, "the login that gives the key")
    return credentials, carried


def _operation(
    tables: Tables, item: Json, method: str, path: str, carried: Json, pointer: str
) -> tuple[str, Json] | None:
    operation = item[method]
    facts = facts_of(operation)
    name = snake_of(str(operation.get("operationId") or f"{method} {path}"), "operation")
    reply = _reply(tables, operation, name, pointer)
    if reply is None:
        tables.leave_out(pointer, "an operation whose reply is no record")
        return None
    said = " ".join(str(operation.get("summary") or operation.get("description") or name).split())
    kind = facts.get("kind") or ("read" if method == "get" else "write")
    found: Json = {
        "wire_name": str(facts.get("wire_name") or operation.get("operationId") or path),
        "en": said,
        "kind": kind,
        "method": method.upper(),
        "address": {"text": path, "inferred": pointer},
        "formats": _formats(operation),
    }
    request = _request(tables, item, operation, carried, pointer)
    if request:
        found["request"] = request
    body = _body(tables, operation, name, pointer)
    if body:
        found |= body
    found["reply"] = reply
    if "callbacks" in operation:
        tables.leave_out(f"{pointer}/callbacks", "calls in the other direction")
    found["inferred"] = pointer
    return name, found


def _request(tables: Tables, item: Json, operation: Json, carried: Json, pointer: str) -> Json:
    found: Json = {}
    names: set[str] = set()
    listed = [*(item.get("parameters") or []), *(operation.get("parameters") or [])]
    for number, given in enumerate(listed):
        parameter, place = resolved(tables, given, f"{pointer}/parameters/{number}")
        if parameter.get("in") not in ("query", "path", "header"):
            tables.leave_out(place, f"a parameter in {parameter.get('in')!r}")
            continue
        wire = str(parameter.get("name"))
        schema = {**(parameter.get("schema") or {})}
        for key in ("description", "x-gridwright"):
            if parameter.get(key):
                schema[key] = parameter[key]
        required = bool(parameter.get("required"))
        field = field_of(tables, wire, schema, place, required=required)
        field["name"] = unique(field["name"], names)
        names.add(field["name"])
        found[wire] = {"in": parameter["in"], **field}
    security = operation.get("security", tables.document.get("security")) or []
    for scheme in security[0] if security and isinstance(security[0], dict) else ():
        if scheme in carried:
            wire, field = carried[scheme]
            found[wire] = field
    return found


def _body(tables: Tables, operation: Json, name: str, pointer: str) -> Json:
    body, place = resolved(tables, operation.get("requestBody") or {}, f"{pointer}/requestBody")
    content = body.get("content") or {}
    if not content:
        return {}
    media, kind = _media(content)
    if media is None:
        tables.leave_out(place, f"a body of {', '.join(map(str, content))}")
        return {}
    key = body_record(
        tables, content[media].get("schema") or {}, f"{place}/content", f"{class_of(name)} Body"
    )
    if key is None:
        tables.leave_out(place, "a body that is no record")
        return {}
    return {"request_media": kind, "body": {"of": key, "inferred": place}}


def _media(content: Json) -> tuple[str | None, str]:
    for media in content:
        plain = str(media).partition(";")[0].strip().lower()
        if re.fullmatch(r"application/(.+\+)?json|\*/\*", plain):
            return str(media), "json"
    for media in content:
        if str(media).startswith("multipart/form-data"):
            return str(media), "multipart_form"
    return None, ""


def _formats(operation: Json) -> list[str]:
    media = " ".join(
        str(media)
        for response in (operation.get("responses") or {}).values()
        if isinstance(response, dict)
        for media in response.get("content") or {}
    )
    return [name for name in ("json", "xml") if name in media] or ["json"]


def _reply(tables: Tables, operation: Json, name: str, pointer: str) -> Json | None:
    responses = operation.get("responses") or {}
    status = next((s for s in ("200", "201", "202", "2XX", "default") if s in responses), None)
    if status is None:
        return None
    response, place = resolved(tables, responses[status], f"{pointer}/responses/{status}")
    content = response.get("content") or {}
    media, _ = _media(content)
    if media is None:
        return None
    schema = content[media].get("schema") or {}
    key = body_record(tables, schema, f"{place}/content", f"{class_of(name)} Reply")
    return None if key is None else {"of": key, "inferred": place}
