"""What JSON has in the place of a value stands in JSON Schemas, OpenAPI, Postman and pages."""

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.exchanges.files import EXCHANGES
from tests.generator.support import generated

METER: dict[str, Any] = {
    "meterNo": "7", "level": 1, "smart": True, "active": "true", "load": "1.5", "steps": ["2"],
}  # fmt: skip


@cache
def _made() -> dict[str, str]:
    return generated(EXCHANGES["kinds_in_json"].spec.decode())


def _named(ending: str) -> Any:
    return json.loads(next(text for path, text in _made().items() if path.endswith(ending)))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("meterNo", 7),
        ("level", "1"),
        ("smart", "true"),
        ("active", True),
        ("load", 1.5),
        ("steps", [2]),
    ],
)
def test_a_schema_takes_the_kind_of_the_document_alone(name: str, wrong: object) -> None:
    schema = Draft202012Validator(_named("save_meter.request.schema.json"))
    assert schema.is_valid(METER)
    assert not schema.is_valid({**METER, name: wrong})


def test_a_form_that_a_boolean_decides_is_judged_by_it() -> None:
    schema = Draft202012Validator(_named("save_meter.reply.schema.json"))
    assert schema.is_valid({**METER, "radio": "R1"})
    assert not schema.is_valid(METER)
    assert schema.is_valid({**METER, "smart": False})


def test_examples_have_the_kinds_of_the_document() -> None:
    api = _named("openapi.json")
    content = api["paths"]["/meters"]["post"]["requestBody"]["content"]["application/json"]
    example = content["example"]
    assert (example["meterNo"], example["level"]) == ("1", 1)
    assert (example["version"], example["final"]) == (2, True)
    assert api["paths"]["/count"]["post"]["requestBody"]["content"]["application/json"][
        "example"
    ] == ["1"]


def test_pages_say_what_stands_in_json() -> None:
    page = next(text for path, text in _made().items() if path.endswith("save_meter.md"))
    assert "in JSON a number" in page
    assert "each in JSON a text" in page
