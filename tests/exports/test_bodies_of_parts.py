"""Bodies that are put together of parts: containers around them, numbers as numbers."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.generator.support import understood, yaml_of

from gridwright.targets.openapi.document import openapi_document
from gridwright.targets.postman import postman_collection

PARTS = {
    "kind": {"name": "kind", "en": "kind", "in": "body", "value": "A1", "at": "3"},
    "count": {
        "name": "row_count", "en": "rows", "in": "body", "under": ["page", "rows"],
        "type": "integer", "required": "M", "at": "3",
    },
    "limit": {
        "name": "limit_kwh", "en": "limit", "in": "body", "under": "page", "type": "decimal",
        "unit": "kWh", "at": "3",
    },
}  # fmt: skip


def interface(body: bool) -> Any:
    records = {
        "Sent": {
            "en": "what is sent", "at": "3",
            "fields": {"id": {"name": "id", "type": "text", "required": "M", "at": "3"}},
        }
    }  # fmt: skip
    tree = {
        "gridwright": "1", "system": "demo", "title": {"text": "Demo", "en": "Demo", "at": "1"},
        "document": {"file": "demo.txt", "title": "Demo", "language": "en", "at": "1"},
        "conventions": {
            "required_marks": {"M": "required"}, "time_zone": {"name": "UTC", "at": "1"},
        },
        "servers": {
            "production": {"address": "https://api.example.com", "default": "yes", "at": "2"},
        },
        **({"records": records} if body else {}),
        "operations": {"ask": {
            "wire_name": "ask", "en": "question", "kind": "read", "at": "3", "method": "POST",
            "address": {"text": "/ask", "at": "3"}, "formats": ["json"], "request_media": "json",
            "request": PARTS, **({"body": {"of": "Sent", "at": "3"}} if body else {}),
            "reply": {"value": {"name": "state", "type": "text", "at": "4"}},
        }},
    }  # fmt: skip
    found, problems = understood(yaml_of(tree))
    assert found is not None and not problems
    return found


@pytest.mark.parametrize("body", [False, True])
def test_the_body_of_openapi_has_the_containers_and_numbers(body: bool) -> None:
    document = openapi_document(interface(body))
    content = document["paths"]["/ask"]["post"]["requestBody"]["content"]["application/json"]
    beside = {"id": "1"} if body else {}
    assert content["example"] == {
        **beside, "kind": "A1", "page": {"rows": {"count": 1}, "limit": 1},
    }  # fmt: skip
    validator = Draft202012Validator(content["schema"])
    assert validator.is_valid(content["example"])
    assert not validator.is_valid({**beside, "kind": "A1", "count": 1})
    assert not validator.is_valid({**content["example"], "kind": "A2"})


@pytest.mark.parametrize("body", [False, True])
def test_postman_sends_the_same(body: bool) -> None:
    item = postman_collection(interface(body))["item"][0]
    sent = json.loads(item["request"]["body"]["raw"])
    assert sent["page"] == {"rows": {"count": 1}, "limit": 1}
    assert sent["kind"] == "A1"
