"""OpenAPI describes the headers of a reply in which values, tokens and addresses stand."""

import json
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.generator.support import understood, yaml_of

from gridwright.targets.openapi.document import openapi_document

from .support import Json

EXCHANGES = sorted((Path(__file__).parents[1] / "exchanges").glob("*.yaml"))


def document_of(name: str) -> Json:
    """Return the document of a spec whose exchanges are written by hand."""
    [path] = [path for path in EXCHANGES if path.stem == name]
    spec = path.read_text("utf-8").partition("\n---\n")[0]
    found, problems = understood(spec)
    assert found is not None and not problems
    return openapi_document(found)


def headers_of(document: Json, operation: str, status: str = "200") -> Json:
    [said] = [
        one
        for item in document["paths"].values()
        for one in item.values()
        if one["operationId"] == operation
    ]
    found: Json = said["responses"][status].get("headers", {})
    return found


def paged(paging: Json, request: Json, beside: Json) -> Json:
    """Return the headers of a success that comes in pages."""
    tree = {
        "gridwright": "1", "system": "demo", "title": {"text": "Demo", "en": "Demo", "at": "1"},
        "document": {"file": "demo.txt", "title": "Demo", "language": "en", "at": "1"},
        "conventions": {
            "required_marks": {"M": "required", "O": "optional"},
            "time_zone": {"name": "UTC", "at": "1"},
        },
        "servers": {
            "production": {"address": "https://api.example.com", "default": "yes", "at": "2"},
        },
        "operations": {"list_rows": {
            "wire_name": "rows", "en": "rows", "kind": "read", "at": "3", "method": "GET",
            "address": {"text": "/rows", "at": "3"}, "formats": ["json"], "request": request,
            "reply": {
                "record": "Row", "list": {"element": "rows", "at": "4"}, "beside": beside,
                "fields": {"id": {"name": "row_id", "en": "id", "type": "integer", "at": "5"}},
            },
            "paging": {"at": "6", **paging}, "walk": "iter_rows",
        }},
    }  # fmt: skip
    if not beside:
        del tree["operations"]["list_rows"]["reply"]["beside"]  # type: ignore[index]  # all of it is a mapping
    if not request:
        del tree["operations"]["list_rows"]["request"]  # type: ignore[index]  # all of it is a mapping
    found, problems = understood(yaml_of(tree))
    assert found is not None and not problems, problems
    document = openapi_document(found)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    return headers_of(document, "list_rows")


def test_a_value_in_a_header_is_described_as_the_text_that_it_is() -> None:
    document = document_of("beside_the_list")
    [(name, said)] = headers_of(document, "list_prices").items()
    assert name == "X-Calls-Left"
    assert said["required"] is True
    assert said["description"].startswith("calls that are left today")
    assert said["x-gridwright"]["name"] == "calls_left"
    validator = Draft202012Validator(said["schema"])
    assert validator.is_valid("999")
    assert not validator.is_valid("many")
    assert not validator.is_valid(999)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_a_header_that_may_be_missing_is_not_required_and_has_its_texts_for_nothing() -> None:
    text = yaml.safe_load(
        "X-Left: {name: left, en: calls left, in: header, type: integer, presence: optional, "
        "missing: ['-'], at: '7'}"
    )
    found = paged({"link": "header Link"}, {}, text)
    assert "required" not in found["X-Left"]
    validator = Draft202012Validator(found["X-Left"]["schema"])
    assert [validator.is_valid(one) for one in ("7", "-", "x")] == [True, True, False]


def test_headers_that_lead_to_other_pages_are_described() -> None:
    assert "rel=next" in paged({"link": "header Link"}, {}, {})["Link"]["description"]
    cursor = {"cursor": {
        "name": "cursor", "en": "cursor", "type": "text", "required": "O", "at": "3",
    }}  # fmt: skip
    token = {"token": {"send": "cursor", "read": "header X-Next"}}
    assert list(paged(token, cursor, {})) == ["X-Next"]
    page = {"page": {
        "name": "page_number", "en": "page", "type": "integer", "required": "O", "at": "3",
    }}  # fmt: skip
    of_pages = {"page": "page", "total": "header X-Total", "page_size": "10"}
    assert paged(of_pages, page, {})["X-Total"] == {
        "description": "how many records there are in all; line 6",
        "schema": {"type": "string"},
    }


def test_a_header_that_is_a_value_too_is_described_once() -> None:
    total = yaml.safe_load(
        "x-total: {name: total, en: all rows, in: header, type: integer, at: '7'}"
    )
    page = {"page": {
        "name": "page_number", "en": "page", "type": "integer", "required": "O", "at": "3",
    }}  # fmt: skip
    of_pages = {"page": "page", "total": "header X-Total", "page_size": "10"}
    assert list(paged(of_pages, page, total)) == ["x-total"]


def test_a_reply_without_documented_headers_says_none() -> None:
    document = document_of("pages_by_token")
    assert headers_of(document, "list_outages") == {}
    assert '"headers"' not in json.dumps(document)
