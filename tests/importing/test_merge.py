"""A second import of a newer file: what the file changes comes, what a person edited stays."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from gridwright.importing.edit_text import edited_text
from gridwright.importing.merge import merged
from gridwright.importing.run import Imported, import_file
from gridwright.new import NewSpecError

from .test_places import TEXT, api, record, replying


def write(folder: Path, *fields: str, **more: Any) -> Imported:
    """Import an interface whose reply has these fields."""
    file = folder / "api.json"
    schema = record(**dict.fromkeys(fields, TEXT) | more)
    document = api(replying({"$ref": "#/components/schemas/Thing"}), {"Thing": schema})
    file.write_text(json.dumps(document), encoding="utf-8")
    return import_file(file, specs=folder / "specs", system="api")


def edit(found: Imported, old: str, new: str) -> None:
    text = found.path.read_text("utf-8")
    assert old in text
    found.path.write_text(text.replace(old, new), encoding="utf-8")


def spec_of(found: Imported) -> Any:
    return yaml.load(found.path.read_text("utf-8"), yaml.BaseLoader)


def test_what_a_person_edited_stays_and_what_the_file_adds_comes(tmp_path: Path) -> None:
    first = write(tmp_path, "a", "b")
    edit(first, "{name: a, type: text,", "{name: energy_kwh, type: decimal, unit: kWh,")
    edit(first, "operations:\n", "# Reviewed by a person.\noperations:\n")
    second = write(tmp_path, "a", "new", "b")
    fields = spec_of(second)["records"]["Thing"]["fields"]
    assert list(fields) == ["a", "new", "b"]
    assert (fields["a"]["name"], fields["a"]["unit"]) == ("energy_kwh", "kWh")
    assert "# Reviewed by a person.\noperations:\n" in second.path.read_text("utf-8")
    assert (second.is_merged, second.conflicts, second.problems) == (True, (), ())


def test_the_same_file_again_changes_no_letter(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    edit(first, "{name: a,", "{name: b,")
    text = first.path.read_text("utf-8")
    assert write(tmp_path, "a").path.read_text("utf-8") == text


def test_what_the_file_removes_goes(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "c")
    assert list(spec_of(write(tmp_path, "a", "c"))["records"]["Thing"]["fields"]) == ["a", "c"]


def test_an_edit_against_the_newer_file_stays_and_is_told_once(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    edit(first, "type: text", "type: integer")
    second = write(tmp_path, a={"type": "number"})
    assert [(c.path, c.newer) for c in second.conflicts] == [
        ("records.Thing.fields.a.type", "decimal")
    ]
    assert spec_of(second)["records"]["Thing"]["fields"]["a"]["type"] == "integer"
    assert write(tmp_path, a={"type": "number"}).conflicts == ()


def test_a_name_that_a_person_gave_is_that_of_what_comes_later(tmp_path: Path) -> None:
    first = write(tmp_path, inner=record(x=TEXT))
    text = first.path.read_text("utf-8").replace("ThingInner", "Meter").replace("find_it:", "find:")
    first.path.write_text(text, encoding="utf-8")
    second = write(tmp_path, inner=record(x=TEXT, y=TEXT))
    spec = spec_of(second)
    assert list(spec["records"]["Meter"]["fields"]) == ["x", "y"]
    assert spec["records"]["Thing"]["fields"]["inner"]["of"] == "Meter"
    assert (list(spec["operations"]), second.problems) == (["find"], ())


def test_a_citation_of_the_document_is_no_conflict(tmp_path: Path) -> None:
    first = write(tmp_path, "a")
    edit(first, 'inferred: "#/components/schemas/Thing/properties/a"', "at: 12")
    second = write(tmp_path, "a", "b")
    assert (spec_of(second)["records"]["Thing"]["fields"]["a"]["at"], second.conflicts) == (
        "12",
        (),
    )


def test_a_system_that_was_written_by_hand_is_not_merged(tmp_path: Path) -> None:
    write(tmp_path, "a").path.with_name("imported.yaml").unlink()
    with pytest.raises(NewSpecError, match=r"has no imported\.yaml"):
        write(tmp_path, "a", "b")


@pytest.mark.parametrize(
    ("base", "ours", "newer", "wanted"),
    [
        ({"a": "1"}, {"a": "1"}, {"a": "2"}, {"a": "2"}),
        ({"a": "1"}, {"a": "3"}, {"a": "1"}, {"a": "3"}),
        ({"a": "1"}, {}, {"a": "1"}, {}),
        ({"a": "1"}, {"a": "1"}, {}, {}),
        ({}, {"b": "1"}, {"a": "1"}, {"a": "1", "b": "1"}),
        (
            {"a": {"x": "1"}},
            {"a": {"x": "1", "y": "2"}},
            {"a": {"x": "3"}},
            {"a": {"x": "3", "y": "2"}},
        ),
    ],
)
def test_each_value_is_that_of_whoever_changed_it(
    base: Any, ours: Any, newer: Any, wanted: Any
) -> None:
    found = merged(base, ours, newer)
    assert (found.spec, found.conflicts) == (wanted, ())


TEXTS = """\
a: {x: "1"}  # of a
# of b
b:
  c: "1"
  # of d
  d: {y: "2"}
e: "5"
"""


@pytest.mark.parametrize(
    "after",
    [
        {"a": {"x": "1"}, "b": {"c": "1", "d": {"y": "3"}}, "e": "5"},
        {"a": {"x": "1"}, "b": {"c": "1", "n": "new", "d": {"y": "2"}}, "e": "5"},
        {"n": {"m": "1"}, "a": {"x": "1"}, "b": {"d": {"y": "2"}}, "e": "5", "z": ["1"]},
        {"b": {"c": "1", "d": {"y": "2"}, "q": "1"}},
        {"a": "1", "b": "2", "e": {"f": {"g": "h"}}},
    ],
)
def test_a_text_is_edited_to_the_values_that_are_wanted(after: Any) -> None:
    before = yaml.load(TEXTS, yaml.BaseLoader)
    text = edited_text(TEXTS, before, after)
    assert yaml.load(text, yaml.BaseLoader) == after
    assert list(yaml.load(text, yaml.BaseLoader)) == list(after)
    assert ("# of b" in text) == ("b" in after)


def test_another_way_to_name_what_stands_at_a_place_renames_nothing() -> None:
    def draft(name: str) -> Any:
        thing = {"en": "a thing", "inferred": "#/paths/~1a/get/parameters/0/schema"}
        return {"codes": {name: thing}, "operations": {"a": {"request": {"k": {"codes": name}}}}}

    base, newer = draft("get_it0"), draft("get_it_kind")
    assert merged(base, base, newer).spec == base
    ours = draft("kinds")
    assert merged(base, ours, newer).spec == ours


def test_what_is_new_takes_no_name_that_a_thing_of_another_place_keeps() -> None:
    def codes(**places: str) -> Any:
        return {"codes": {name: {"inferred": place} for name, place in places.items()}}

    base, newer = codes(kind="#/0"), codes(level="#/0", kind="#/1")
    assert merged(base, base, newer).spec == codes(kind="#/0", kind2="#/1")


def files_of(folder: Path, *documents: Any) -> Imported:
    """Import documents one after the other."""
    file = folder / "api.json"
    for document in documents:
        file.write_text(json.dumps(document), encoding="utf-8")
        found = import_file(file, specs=folder / "specs", system="api")
    return found


def called(operation_id: str, *fields: str, **more: Any) -> Any:
    """Return a document whose one operation has an id, and gets a record of its own place."""
    schema = record(**dict.fromkeys(fields, TEXT) | more)
    return api({"operationId": operation_id, "deprecated": True} | replying(schema))


def test_an_operation_keeps_its_name_where_the_file_gives_it_another_id(tmp_path: Path) -> None:
    found = files_of(tmp_path, called("findIt", "a"), called("getThing", "a", "b"))
    spec = spec_of(found)
    assert list(spec["operations"]) == ["find_it"]
    assert spec["operations"]["find_it"]["wire_name"] == "getThing"
    assert list(spec["records"]) == ["FindItResult"]
    assert list(spec["records"]["FindItResult"]["fields"]) == ["a", "b"]
    assert {one.operation for one in found.left_out} == {"find_it"}
    assert (found.conflicts, found.problems) == ((), ())


def test_an_edited_operation_is_no_second_one_where_the_file_gives_it_another_id(
    tmp_path: Path,
) -> None:
    first = files_of(tmp_path, called("findIt", "a"))
    edit(first, "find_it:", "find_meters:")
    edit(first, "kind: read", "kind: write")
    second = files_of(tmp_path, called("getThing", "a"))
    assert list(spec_of(second)["operations"]) == ["find_meters"]
    assert spec_of(second)["operations"]["find_meters"]["kind"] == "write"
    third = files_of(tmp_path, called("queryThing", "a"))
    assert list(spec_of(third)["operations"]) == ["find_meters"]
    assert (third.conflicts, third.problems) == ((), ())


def test_a_new_operation_takes_no_name_that_another_one_keeps(tmp_path: Path) -> None:
    newer = called("getThing", "a")
    newer["paths"]["/others"] = called("findIt", "b")["paths"]["/things"]
    spec = spec_of(files_of(tmp_path, called("findIt", "a"), newer))
    paths = {name: one["address"]["text"] for name, one in spec["operations"].items()}
    assert paths == {"find_it": "/things", "find_it2": "/others"}
    again = spec_of(files_of(tmp_path, newer))
    assert again["operations"].keys() == paths.keys()


def test_names_of_a_person_survive_a_move_of_all_that_they_are_of(tmp_path: Path) -> None:
    first = write(tmp_path, inner=record(x=TEXT))
    text = first.path.read_text("utf-8").replace("ThingInner", "Meter")
    first.path.write_text(text, encoding="utf-8")
    swagger = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "example.invalid",
        "schemes": ["https"],
        "paths": {"/things": {"get": {
            "operationId": "findIt", "produces": ["application/json"],
            "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Thing"}}},
        }}},
        "definitions": {"Thing": record(inner=record(x=TEXT, y=TEXT))},
    }  # fmt: skip
    second = files_of(tmp_path, swagger)
    assert list(spec_of(second)["records"]["Meter"]["fields"]) == ["x", "y"]
    assert (second.conflicts, second.problems) == ((), ())


def test_what_an_edited_part_refers_to_stays_with_it(tmp_path: Path) -> None:
    codes = {"type": "string", "enum": ["A", "B"]}
    first = write(tmp_path, "a", inner=record(deep=record(kind=codes), note=TEXT))
    edit(first, "{name: note,", "{name: remark,")
    second = write(tmp_path, "a")
    assert [conflict.newer for conflict in second.conflicts] == [""]
    assert second.problems == ()
    assert "ThingInnerDeep" in spec_of(second)["records"]
    assert len(spec_of(second)["codes"]) == 1
