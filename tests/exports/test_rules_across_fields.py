"""Schemas say which values are given with which others, and examples keep to it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.generator.support import files_of

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.targets.kept_rules import as_shown

SPEC = Path(__file__).parents[1] / "exchanges" / "fields_together.yaml"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    text = SPEC.read_text("utf-8").partition("\n---\n")[0]
    # A sample of what excludes another, and one of what goes with another.
    text += "\nsamples: {all_meters: Y, first_day: 2024-10-01}\n"
    interface, problems = understand(*amend_text(text.encode(), "spec.yaml", ()))
    assert interface is not None and not problems
    return dict(files_of(interface))


def schema_of(files: dict[str, str], operation: str) -> Draft202012Validator:
    name = f"{operation}.request.schema.json"
    (text,) = (text for path, text in files.items() if path.endswith(name))
    return Draft202012Validator(json.loads(text))


@pytest.mark.parametrize(
    ("asked", "is_valid"),
    [
        ({"all": "Y"}, True),
        ({"all": "Y", "from": "20240101", "to": "20240102"}, True),
        ({"all": "Y", "from": "20240101"}, False),
        ({"all": "Y", "to": "20240101"}, False),
        ({}, False),
        ({"all": "Y", "ids": ["7"]}, False),
        ({"all": "Y", "ids": []}, True),
        ({"ids": []}, False),
    ],
)
def test_a_schema_of_parameters_says_what_goes_together(
    asked: dict[str, Any], is_valid: bool, files: dict[str, str]
) -> None:
    assert schema_of(files, "list_days").is_valid(asked) == is_valid


@pytest.mark.parametrize(
    ("row", "is_valid"),
    [
        ({"energy": 1}, True),
        ({"state": 1, "reason": "x", "remark": "y"}, True),
        ({"energy": 1, "remark": None}, True),
        ({"energy": 1, "state": None}, True),
        ({}, False),
        ({"energy": 1, "state": 1}, False),
        ({"energy": 1, "remark": "y"}, False),
        ({"energy": 1, "remark": "y", "reason": None}, False),
    ],
)
def test_schemas_of_bodies_say_it_of_each_item_of_a_list(
    row: dict[str, Any], is_valid: bool, files: dict[str, str]
) -> None:
    body = {"rows": [{"energy": 1}, row]}
    assert schema_of(files, "send_rows").is_valid(body) == is_valid
    (text,) = (text for path, text in files.items() if path.endswith("openapi.json"))
    whole = json.loads(text)
    schema = {"$ref": "#/components/schemas/Sent", "components": whole["components"]}
    assert Draft202012Validator(schema).is_valid(body) == is_valid


def changed(rules: str, *, note: bool = False) -> Draft202012Validator:
    """Return the schema of what is sent with other rules, and with a note beside the rows."""
    text = SPEC.read_text("utf-8").partition("\n---\n")[0]
    before, _, after = text.rpartition("    rules:\n")
    text = f"{before}    rules:\n{rules}    reply: {{of: Day}}\n"
    text += after.partition("    reply: {of: Day}\n")[2]
    if note:
        field = "      note: {name: note, type: text, required: O, at: 4}\n"
        text = text.replace("  Day: {en", f"{field}  Day: {{en")
    interface, problems = understand(*amend_text(text.encode(), "spec.yaml", ()))
    assert interface is not None and not problems
    return schema_of(files_of(interface), "send_rows")


CONDITIONS = """\
      - {kind: required_if, field: rows.reason, when: {rows.remark: [other]}, en: say why, at: 7}
      - {kind: forbidden, field: rows.reason, values: [none, "-"], en: say a reason, at: 7}
      - {kind: exactly_one, fields: [rows.energy, rows.state, rows.remark], en: one, at: 7}
"""


@pytest.mark.parametrize(
    ("row", "is_valid"),
    [
        ({"remark": "more"}, True),
        ({"remark": "other"}, False),
        ({"remark": "other", "reason": " "}, False),
        ({"remark": "other", "reason": None}, False),
        ({"remark": "other", "reason": "x"}, True),
        ({"remark": "more", "reason": "none"}, False),
        ({"energy": 1, "reason": "-"}, False),
        ({"energy": 1, "remark": "more"}, False),
        ({"state": 1, "remark": "more"}, False),
        ({"energy": 1, "state": 1}, False),
    ],
)
def test_schemas_say_what_is_needed_or_forbidden_beside_a_value(
    row: dict[str, Any], is_valid: bool
) -> None:
    assert changed(CONDITIONS).is_valid({"rows": [row]}) == is_valid


def test_schemas_say_nothing_of_a_rule_over_two_records() -> None:
    schema = changed(
        "      - {kind: needs, fields: [rows.remark, note], en: both, at: 7}\n", note=True
    )
    assert schema.is_valid({"rows": [{"remark": "y"}]})
    assert not schema.is_valid({"note": "y"})


def test_examples_keep_the_rules(files: dict[str, str]) -> None:
    (text,) = (text for path, text in files.items() if path.endswith("openapi.json"))
    media = json.loads(text)["paths"]["/rows"]["post"]["requestBody"]["content"]
    (said,) = media.values()
    assert schema_of(files, "send_rows").is_valid(said["example"])
    (text,) = (text for path, text in files.items() if path.endswith("postman_collection.json"))
    days, rows = json.loads(text)["item"]
    asked = {one["key"]: one["value"] for one in days["request"]["url"]["query"]}
    assert asked.keys() == {"from", "to", "all"}
    assert schema_of(files, "send_rows").is_valid(json.loads(rows["request"]["body"]["raw"]))


def test_what_is_shown_stays_the_same_where_it_is_shown_again() -> None:
    text = SPEC.read_text("utf-8").partition("\n---\n")[0]
    interface, _ = understand(*amend_text(text.encode(), "spec.yaml", ()))
    assert interface is not None
    for operation in interface.operations:
        shown = as_shown(interface, operation)
        assert shown != (interface, operation)
        assert as_shown(*shown) == shown


def test_the_order_of_rules_does_not_matter() -> None:
    text = SPEC.read_text("utf-8").partition("\n---\n")[0]
    interface, _ = understand(*amend_text(text.encode(), "spec.yaml", ()))
    assert interface is not None
    for operation in interface.operations:
        turned = replace(operation, rules=operation.rules[::-1])
        found = replace(as_shown(interface, turned)[1], rules=operation.rules)
        assert (as_shown(interface, turned)[0], found) == as_shown(interface, operation)


def test_the_call_of_a_page_keeps_the_rules(files: dict[str, str]) -> None:
    pages = "\n".join(text for path, text in files.items() if path.endswith(".md"))
    assert 'all_meters="Y"' in pages and "last_day=datetime.date" in pages
    assert "ids=" not in pages and "meters=[" not in pages
    assert "energy_kwh=Decimal" in pages
