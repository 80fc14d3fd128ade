"""Turn Swagger 2 into the shape of OpenAPI 3, so that one reader serves all."""

from typing import Any

from gridwright.importing.read_file import ForeignFileError, Json

__all__ = ["as_openapi3"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_SCHEMA_KEYS = (
    "type", "format", "items", "enum", "default", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "multipleOf",
    "uniqueItems", "x-nullable",
)  # fmt: skip


def as_openapi3(document: Json) -> Json:
    """Return the document in the shape of OpenAPI 3; one that has it is returned as it is."""
    if "openapi" in document:
        return document
    consumes = _texts(document, "consumes") or ["application/json"]
    produces = _texts(document, "produces") or ["application/json"]
    return {
        "swagger": document.get("swagger"),
        "openapi": "3.0.3",
        "info": _mapping(document, "info"),
        **{key: document[key] for key in ("externalDocs", "tags") if key in document},
        "servers": _servers(document),
        "security": document.get("security") or [],
        "paths": {
            path: _path(document, item, consumes, produces)
            for path, item in document["paths"].items()
            if isinstance(item, dict)
        },
        "components": {
            "schemas": _moved(_mapping(document, "definitions")),
            "securitySchemes": {
                name: _scheme(scheme)
                for name, scheme in _mapping(document, "securityDefinitions").items()
                if isinstance(scheme, dict)
            },
        },
    }


def _servers(document: Json) -> list[Json]:
    host, path = document.get("host"), document.get("basePath") or ""
    if not host:
        return []
    schemes = _texts(document, "schemes") or ["https"]
    scheme = "https" if "https" in schemes else schemes[0]
    return [{"url": f"{scheme}://{host}{path}".rstrip("/")}]


def _path(document: Json, item: Json, consumes: list[str], produces: list[str]) -> Json:
    shared = _list_under(item, "parameters")
    return {
        method: _operation(document, operation, shared, consumes, produces)
        for method, operation in item.items()
        if method in _METHODS and isinstance(operation, dict)
    }


def _operation(
    document: Json,
    operation: Json,
    shared: list[Json],
    consumes: list[str],
    produces: list[str],
) -> Json:
    listed = [*shared, *_list_under(operation, "parameters")]
    given = [found for p in listed if isinstance(found := _resolved(document, p), dict)]
    kept = {
        key: value for key, value in operation.items() if key not in ("parameters", "responses")
    }
    body = next((p for p in given if p.get("in") == "body"), None)
    form = [p for p in given if p.get("in") == "formData"]
    media = _texts(operation, "consumes") or consumes
    if body is not None:
        schema = _moved(body.get("schema") or {})
        kept["requestBody"] = {
            "required": bool(body.get("required")),
            "content": {one: {"schema": schema} for one in media},
        }
    elif form:
        content = {"schema": _form(form), "encoding": _lists_in_form(form)}
        kept["requestBody"] = {"content": {_form_media(form, media): content}}
    kept["parameters"] = [_parameter(p) for p in given if p.get("in") not in ("body", "formData")]
    kept["responses"] = {
        status: _response(document, response, _texts(operation, "produces") or produces)
        for status, response in _mapping(operation, "responses").items()
        if isinstance(response, dict)
    }
    return kept


def _parameter(parameter: Json) -> Json:
    """Move the words of a schema into one, and say how a list is written."""
    found = {key: value for key, value in parameter.items() if key not in _SCHEMA_KEYS}
    found["schema"] = {key: _moved(parameter[key]) for key in _SCHEMA_KEYS if key in parameter}
    if parameter.get("type") == "array":
        usual = "form" if parameter.get("in") == "query" else "simple"
        found |= _style(str(found.pop("collectionFormat", "csv")), usual)
    return found


def _style(collection_format: str, usual: str) -> Json:
    """Return the words of OpenAPI 3 for how a list is written."""
    match collection_format:
        case "multi":
            return {"style": "form", "explode": True}
        case "ssv":
            return {"style": "spaceDelimited", "explode": False}
        case "pipes":
            return {"style": "pipeDelimited", "explode": False}
        case "tsv":
            return {"style": "tabDelimited", "explode": False}
    return {"style": usual, "explode": False}


def _lists_in_form(form: list[Json]) -> Json:
    """Return how each list in a form is written."""
    return {
        p["name"]: _style(str(p.get("collectionFormat") or "csv"), "form")
        for p in form
        if p.get("type") == "array"
    }


def _form_media(form: list[Json], media: list[str]) -> str:
    has_file = any(p.get("type") == "file" for p in form)
    if has_file or "multipart/form-data" in media:
        return "multipart/form-data"
    return "application/x-www-form-urlencoded"


def _form(form: list[Json]) -> Json:
    return {
        "type": "object",
        "properties": {
            p["name"]: {"type": "string", "format": "binary"}
            if p.get("type") == "file"
            else {key: p[key] for key in _SCHEMA_KEYS if key in p}
            | {"description": p.get("description") or ""}
            for p in form
        },
        "required": [p["name"] for p in form if p.get("required")],
    }


def _response(document: Json, response: Json, produces: list[str]) -> Json:
    response = _resolved(document, response)
    found: Json = {"description": response.get("description") or ""}
    if response.get("headers"):
        found["headers"] = response["headers"]
    if response.get("schema"):
        schema = _moved(response["schema"])
        if schema.get("type") == "file":
            schema = {"type": "string", "format": "binary"}
        found["content"] = {one: {"schema": schema} for one in produces}
    return found


def _scheme(scheme: Json) -> Json:
    if scheme.get("type") == "basic":
        return {**scheme, "type": "http", "scheme": "basic"}
    if scheme.get("type") == "oauth2":
        flow = _FLOWS.get(str(scheme.get("flow")), str(scheme.get("flow")))
        kept = {
            key: scheme[key] for key in ("authorizationUrl", "tokenUrl", "scopes") if key in scheme
        }
        return {"type": "oauth2", "description": scheme.get("description"), "flows": {flow: kept}}
    return scheme


def _mapping(holder: Json, word: str) -> Json:
    """Return what stands under a word; empty where nothing does.

    Raises:
        ForeignFileError: it is no mapping.
    """
    found = holder.get(word)
    if found is not None and not isinstance(found, dict):
        raise ForeignFileError(f"{word} is {str(found)[:40]!r}, and no mapping: correct the file")
    return found or {}


def _list_under(holder: Json, word: str) -> list[Any]:
    """Return what stands under a word; empty where nothing does.

    Raises:
        ForeignFileError: it is no list.
    """
    found = holder.get(word)
    if found is not None and not isinstance(found, list):
        raise ForeignFileError(f"{word} is {str(found)[:40]!r}, and no list: correct the file")
    return found or []


def _texts(holder: Json, word: str) -> list[str]:
    return [one for one in _list_under(holder, word) if isinstance(one, str)]


def _resolved(document: Json, value: Json) -> Json:
    """Follow a reference to a shared parameter or response."""
    reference = value.get("$ref") if isinstance(value, dict) else None
    found: object = document
    for key in reference.removeprefix("#/").split("/") if isinstance(reference, str) else ():
        found = found.get(key) if isinstance(found, dict) else None
    return found if reference and isinstance(found, dict) else value


def _moved(value: Any) -> Any:
    """Let references point to where OpenAPI 3 has the schemas."""
    if isinstance(value, dict):
        return {
            key: below.replace("#/definitions/", "#/components/schemas/")
            if key == "$ref" and isinstance(below, str)
            else _moved(below)
            for key, below in value.items()
        }
    return [_moved(item) for item in value] if isinstance(value, list) else value
