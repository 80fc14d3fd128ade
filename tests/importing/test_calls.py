"""What is imported works: each operation of a file is generated and called against its mock."""

import importlib
import sys
from pathlib import Path

import pytest
from judges.imports import measured

FILE = """\
openapi: 3.1.0
info: {title: All forms, version: "1"}
servers: [{url: "https://example.invalid/v1"}]
security: [{key: []}]
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: ids, in: query, schema: {type: array, items: {type: string}}}
        - {name: kinds, in: query, explode: false, schema: {type: array, items: {$ref: '#/components/schemas/Kind'}}}
        - {name: since, in: query, required: true, schema: {type: string, format: date-time}}
        - {name: page, in: query, style: deepObject, schema: {type: object, properties: {size: {type: integer}}}}
        - {name: format, in: query, schema: {type: string, enum: [json, xml]}}
        - {name: trace, in: cookie, schema: {type: string}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
        '404': {description: none, content: {application/problem+json: {schema: {type: object}}}}
    post:
      operationId: addThing
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getThing
      security: []
      responses: {'200': {description: ok, content: {application/xml: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    put:
      operationId: putThing
      security: [{user: []}]
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Plain'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    patch:
      operationId: patchThing
      security: [{token: []}]
      requestBody: {content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/Plain'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    delete:
      operationId: dropThing
      responses: {'204': {description: gone}}
  /counts:
    get:
      operationId: getCounts
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, additionalProperties: {type: integer}}}}}}
  /things/search:
    get:
      operationId: search
      parameters: [{name: word, in: query, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: number}}}}}}
  /files:
    servers: [{url: "https://files.example.invalid"}]
    post:
      operationId: addFile
      requestBody: {content: {multipart/form-data: {schema: {type: object, required: [file], properties: {file: {type: string, format: binary}, note: {type: string}}}}}}
      responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}
    get:
      operationId: getFile
      responses: {'200': {description: ok, content: {application/pdf: {schema: {type: string, format: binary}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    user: {type: http, scheme: basic}
    token: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://id.example.invalid/token", scopes: {}}}}
  schemas:
    Kind: {type: string, enum: [A, B]}
    Plain: {type: object, required: [name], properties: {name: {type: string, maxLength: 20}, id: {type: string}, count: {type: integer}}}
    Base: {type: object, required: [name], properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
    Thing:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          properties:
            at: {type: string, format: date-time}
            day: {type: string, format: date}
            kwh: {type: [number, "null"]}
            tags: {type: array, items: {type: string}}
            parts: {type: array, items: {type: object, properties: {n: {type: integer}}}}
"""  # noqa: E501  # one fact a line


def test_each_operation_of_a_file_with_all_forms_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, work = tmp_path / "files", tmp_path / "work"
    folder.mkdir()
    (folder / "all_forms.yaml").write_text(FILE, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "imported_apis"]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    [row] = measured(folder, work, type_check=False)
    assert row.refused == {}
    assert (row.operations, row.called, row.typed) == (10, 10, 8)
