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


def test_a_place_that_another_thing_has_taken_keeps_nobodys_name() -> None:
    def codes(**places: str) -> Any:
        return {"codes": {name: {"inferred": place} for name, place in places.items()}}

    base, newer = codes(kind="#/0"), codes(level="#/0", kind="#/1")
    assert merged(base, base, newer).spec == newer
