"""Forms as Postman sends them, and keys that travel in a body as OpenAPI has them."""

from typing import Any

import pytest
from tests.generator.support import understood, yaml_of

from gridwright.targets.openapi.document import openapi_document
from gridwright.targets.postman import postman_collection

BASE: dict[str, Any] = {
    "gridwright": "1", "system": "demo", "title": {"text": "Demo", "en": "Demo", "at": "1"},
    "document": {"file": "demo.txt", "title": "Demo", "language": "en", "at": "1"},
    "conventions": {
        "required_marks": {"M": "required"}, "time_zone": {"name": "UTC", "at": "1"},
    },
    "servers": {
        "production": {"address": "https://api.example.com", "default": "yes", "at": "2"},
    },
}  # fmt: skip
ASK: dict[str, Any] = {
    "wire_name": "ask", "en": "question", "kind": "read", "at": "3", "method": "POST",
    "address": {"text": "/ask", "at": "3"}, "formats": ["json"],
    "reply": {"value": {"name": "state", "type": "text", "at": "4"}},
}  # fmt: skip


def interface(operation: dict[str, Any], **parts: Any) -> Any:
    found, problems = understood(yaml_of({**BASE, **parts, "operations": {"ask": operation}}))
    assert found is not None and not problems
    return found


def test_a_record_in_a_form_is_sent_as_a_form() -> None:
    fields = {
        "id": {"name": "id", "type": "text", "required": "M", "at": "3"},
        "n": {"name": "row_count", "type": "integer", "required": "M", "at": "3"},
        "tag": {"name": "tags", "type": "list", "of": "text", "required": "M", "at": "3"},
    }
    records = {"Sent": {"en": "what is sent", "at": "3", "fields": fields}}
    body = {"of": "Sent", "at": "3"}
    made = interface({**ASK, "request_media": "form", "body": body}, records=records)
    [item] = postman_collection(made)["item"]
    assert item["request"]["body"] == {
        "mode": "urlencoded",
        "urlencoded": [
            {"key": "id", "value": "1"},
            {"key": "n", "value": "1"},
            {"key": "tag", "value": "1"},
        ],
    }
    assert item["request"]["header"] == []


@pytest.mark.parametrize(
    ("media", "place", "type_"),
    [
        ("form", "form", "application/x-www-form-urlencoded"),
        ("json", "body", "application/json"),
    ],
)
def test_a_key_in_a_body_is_a_field_of_it_and_no_scheme(media: str, place: str, type_: str) -> None:
    key = {"name": "key", "en": "key", "in": place, "credential": "api_key", "required": "M",
           "at": "3"}  # fmt: skip
    credential = {"label": "key", "en": "the key", "secret": "yes", "environment": "K", "at": "3"}
    made = interface(
        {**ASK, "request_media": media, "request": {"key": key}},
        credentials={"api_key": credential},
    )
    document = openapi_document(made)
    assert "securitySchemes" not in document["components"]
    [content] = document["paths"]["/ask"]["post"]["requestBody"]["content"].values()
    assert list(document["paths"]["/ask"]["post"]["requestBody"]["content"]) == [type_]
    assert list(content["schema"]["properties"]) == ["key"]
    assert content["schema"]["required"] == ["key"]


def test_a_key_in_a_header_is_a_scheme_and_no_parameter() -> None:
    key = {"name": "key", "en": "key", "in": "header", "credential": "api_key", "required": "M",
           "at": "3"}  # fmt: skip
    credential = {"label": "key", "en": "the key", "secret": "yes", "environment": "K", "at": "3"}
    made = interface(
        {**ASK, "method": "GET", "request": {"x-key": key}}, credentials={"api_key": credential}
    )
    document = openapi_document(made)
    assert document["components"]["securitySchemes"]["api_key"]["in"] == "header"
    assert "parameters" not in document["paths"]["/ask"]["get"]
