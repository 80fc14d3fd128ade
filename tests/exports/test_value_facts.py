"""What is said of values beside their type stands in validators, JSON Schemas and XSDs alike."""

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree
from tests.generator.support import BASE, generated

FIELDS = """\
        code:
          {name: code, type: text, length: [4, 6-8], matches: "[A-Z]+[0-9]*", required: O, at: 6}
        note: {name: note, type: text, length: 2-3, at: 6}
        level: {name: level, type: integer, range: -3-12, at: 6}
        price:
          {name: price_eur, type: decimal, unit: EUR, range: {from: 0, to: 2.5, step: 0.5},
          required: O, at: 6}
        marks:
          {name: marks, type: list, of: text, count: 1-2, matches: "[a-z]", presence: optional,
          at: 6}
"""
SPEC = (
    BASE[: BASE.index("        energy:")]
    .replace("formats: [json]", "formats: [json, xml]")
    .replace("      list:", "      root: {element: all, at: 5}\n      list:")
    .replace("      fields:", "      item: {element: reading, at: 5}\n      fields:")
    + FIELDS
)
RIGHT: dict[str, Any] = {"code": "ABC1", "note": "", "level": 0, "price": 2.5, "marks": ["a"]}
CASES = [
    ({}, True),
    ({"code": "ABCDE6"}, True),
    ({"code": "ABCD5"}, False),
    ({"code": "abc1"}, False),
    ({"code": "ABCDEFGHI"}, False),
    ({"code": ""}, False),
    ({"note": "ab"}, True),
    ({"note": "a"}, False),
    ({"note": "abcd"}, False),
    ({"level": -3}, True),
    ({"level": -4}, False),
    ({"level": 13}, False),
    ({"level": ""}, True),
    ({"price": 3}, False),
    ({"price": -0.5}, False),
    ({"marks": ["a", "b"]}, True),
    ({"marks": ["a", "b", "c"]}, False),
    ({"marks": ["A"]}, False),
]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return generated(SPEC)


def _named(made: dict[str, str], ending: str) -> str:
    return next(text for path, text in made.items() if path.endswith(ending))


def _validator(made: dict[str, str]) -> Any:
    space: dict[str, Any] = {}
    source = _named(made, "validators.py").replace("from . import codes", "")
    exec(compile(source, "validators.py", "exec", dont_inherit=True), space)
    return space["check_reading"]


@pytest.mark.parametrize(("changed", "is_right"), CASES, ids=lambda value: json.dumps(value))
def test_validator_and_json_schema_agree(
    made: dict[str, str], changed: dict[str, Any], is_right: bool
) -> None:
    record = RIGHT | changed
    wire = json.loads(json.dumps(record), parse_float=Decimal)
    assert (_validator(made)(wire) == []) is is_right
    schema = json.loads(_named(made, "list_readings.reply.schema.json"))
    assert Draft202012Validator(schema).is_valid({"readings": [record]}) is is_right


@pytest.mark.parametrize(("changed", "is_right"), CASES, ids=lambda value: json.dumps(value))
def test_xsd_agrees(made: dict[str, str], changed: dict[str, Any], is_right: bool) -> None:
    reading = "".join(
        f"<{name}>{one}</{name}>"
        for name, value in (RIGHT | changed).items()
        for one in (value if isinstance(value, list) else [value])
    )
    message = f"<all><readings><reading>{reading}</reading></readings></all>"
    schema = etree.XMLSchema(etree.fromstring(_named(made, "list_readings.reply.xsd").encode()))
    assert schema.validate(etree.fromstring(message)) is is_right, schema.error_log


def test_a_step_is_judged_by_validator_and_json_schema_alone(made: dict[str, str]) -> None:
    record = RIGHT | {"price": 0.75}
    found = _validator(made)(json.loads(json.dumps(record), parse_float=Decimal))
    assert [problem.rule for problem in found] == ["off-step"]
    schema = json.loads(_named(made, "list_readings.reply.schema.json"))
    assert not Draft202012Validator(schema).is_valid({"readings": [record]})


def test_openapi_says_them_in_its_own_words(made: dict[str, str]) -> None:
    fields = json.loads(_named(made, "openapi.json"))["components"]["schemas"]["Reading"]
    assert fields["properties"]["marks"]["anyOf"][0]["maxItems"] == 2
    assert fields["properties"]["price"]["multipleOf"] == 0.5
    assert fields["properties"]["price"]["x-gridwright"]["says"] == [
        "from 0 to 2.5, a multiple of 0.5"
    ]


def test_pages_and_classes_say_them(made: dict[str, str]) -> None:
    page = _named(made, "list_readings.md")
    assert "exactly 4 or 6 to 8 characters; matches `[A-Z]+[0-9]*`" in page
    assert "1 to 2 items" in _named(made, "models.py")
