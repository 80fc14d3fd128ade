"""interface.json holds all of an interface, and is valid by the schema that is published."""

import json

import pytest
from jsonschema import Draft202012Validator
from tests.generator.support import services, understood, yaml_of

from gridwright.targets.interface_json import INTERFACE_VERSION, interface_plain, interface_schema

from .support import ROOT, SAMPLES, SYSTEMS, Json, exported, sample_files

PUBLISHED = ROOT / "docs" / "schemas" / f"interface-{INTERFACE_VERSION}.schema.json"


def schema() -> Json:
    found: Json = json.loads(PUBLISHED.read_text("utf-8"))
    return found


def test_the_published_schema_is_that_of_the_interface(update_golden: bool) -> None:
    text = json.dumps(interface_schema(), ensure_ascii=False, indent=1) + "\n"
    if update_golden:
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text("utf-8") == text


def test_the_published_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", [*SYSTEMS, *SAMPLES])
def test_interfaces_are_valid(name: str) -> None:
    found = exported(name, "interface.json")
    errors = Draft202012Validator(schema()).iter_errors(found)
    assert [f"{e.json_path}: {e.message}" for e in errors] == []


@pytest.mark.parametrize("place", ["operations", "records", "system", "limits"])
def test_an_interface_without_one_of_its_parts_is_not_valid(place: str) -> None:
    found = dict(exported("thai_moi_power", "interface.json"))
    del found[place]
    assert not Draft202012Validator(schema()).is_valid(found)


def test_an_unknown_part_is_not_valid() -> None:
    found = exported("thai_moi_power", "interface.json") | {"colour": "green"}
    assert not Draft202012Validator(schema()).is_valid(found)


def test_what_is_written_is_what_was_resolved() -> None:
    interface, _ = understood(yaml_of(services()))
    assert interface is not None
    [text] = [t for p, t in sample_files("services").items() if p.endswith("interface.json")]
    assert json.loads(text) == json.loads(json.dumps(interface_plain(interface)))


def test_operations_that_only_an_example_shows_are_in_it_too() -> None:
    operations = exported("full", "interface.json")["operations"]
    assert {o["known_by_example"] for o in operations} >= {False}
    assert len(operations) >= len(exported("full")["paths"])
