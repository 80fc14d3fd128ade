"""interface.json holds all of an interface, and is valid by the schema that is published."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from tests.generator.support import services, understood, yaml_of

from gridwright.targets.interface_json import INTERFACE_VERSION, interface_plain, interface_schema
from gridwright.targets.json_text import json_text

from .support import ROOT, SAMPLES, SYSTEMS, Json, exported, sample_files

PUBLISHED = ROOT / "docs" / "schemas" / f"interface-{INTERFACE_VERSION}.schema.json"


def schema() -> Json:
    found: Json = json.loads(PUBLISHED.read_text("utf-8"))
    return found


def test_the_published_schema_is_that_of_the_interface(update_golden: bool) -> None:
    text = json_text(interface_schema())
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
    operations = exported("bodies", "interface.json")["operations"]
    shown = [operation for operation in operations if operation.get("known_by_example")]
    assert shown
    assert not {operation["path"] for operation in shown} & exported("bodies")["paths"].keys()


@pytest.mark.parametrize("name", [*SYSTEMS, *SAMPLES])
def test_what_says_nothing_is_left_out_but_for_the_parts_of_an_interface(name: str) -> None:
    def found(value: object) -> Iterator[object]:
        if isinstance(value, dict):
            yield from value.values()
            for item in value.values():
                yield from found(item)
        elif isinstance(value, list):
            for item in value:
                yield from found(item)

    parts = exported(name, "interface.json").values()
    below = [value for part in parts for value in found(part)]
    assert None not in below
    assert [] not in below
    assert not [value for value in below if value is False]


def test_the_schema_says_what_an_absent_attribute_stands_for() -> None:
    field = schema()["$defs"]["Field"]
    assert field["required"] == ["name", "type", "cite"]
    absent = {key for key in field["properties"] if key not in field["required"]}
    assert all("default" in field["properties"][key] for key in absent)
    assert field["properties"]["also"]["default"] == []
    assert field["properties"]["default"]["default"] is None
    assert field["properties"]["personal"]["default"] is False


def test_an_empty_text_is_told_from_none() -> None:
    interface, _ = understood(yaml_of(services()))
    assert interface is not None
    record = interface.records[0]
    for default, shown in (("", {"default": ""}), (None, {})):
        field = replace(record.fields[0], default=default)
        plain = interface_plain(replace(interface, records=(replace(record, fields=(field,)),)))
        [found] = plain["records"][0]["fields"]
        assert {key: found[key] for key in found if key == "default"} == shown
