"""The OpenAPI document from which the rivals' clients are generated, made from our models.

It says what the models say, no more: each field optional and never null, decimals as ``number``,
instants as ``date-time``, and code lists as plain texts, since ours are open when they are read.
"""

from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from gridwright_apis.epias_ecms import models
from gridwright_apis.epias_ecms.times import LocalInstant
from gridwright_runtime.record import Record

__all__ = ["openapi_document"]

_KINDS: dict[Any, dict[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer", "format": "int64"},
    Decimal: {"type": "number"},
    LocalInstant: {"type": "string", "format": "date-time"},
}


def openapi_document() -> dict[str, Any]:
    """Return a document with one operation, the search for index records."""
    schemas: dict[str, Any] = {}
    answer = _schema(models.IndexSearchResponse, schemas)
    request = {"type": "object"}
    search = {
        "operationId": "searchIndexes",
        "requestBody": {"content": {"application/json": {"schema": request}}},
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": answer}}}
        },
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "rival", "version": "1.0.0"},
        "paths": {"/index-metering/search": {"post": search}},
        "components": {"schemas": schemas},
    }


def _schema(kind: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema(get_args(kind)[0], schemas)}
    if NoneType in get_args(kind):
        return _schema(next(one for one in get_args(kind) if one is not NoneType), schemas)
    if not (isinstance(kind, type) and issubclass(kind, Record)):
        return dict(_KINDS[kind])
    if kind.__name__ not in schemas:
        schemas[kind.__name__] = {
            "type": "object",
            "properties": {
                field.encode_name: _schema(field.type, schemas)
                for field in msgspec.structs.fields(kind)
            },
        }
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
