"""What an import names, compares and says: by the whole place of a thing, and wrong in nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from gridwright.importing.read_file import ForeignFileError
from gridwright.importing.run import Imported, import_file
from gridwright.importing.spec_text import spec_text
from gridwright.language import grammar
from gridwright.spec_format.format_text import formatted


def imported(tmp_path: Path, document: Any, **others: object) -> Imported:
    for name, value in others.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    file = tmp_path / "api.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return import_file(file, specs=tmp_path / "specs", system="api")


def spec_of(found: Imported) -> Any:
    return yaml.load(found.path.read_text("utf-8"), yaml.BaseLoader)


def api(operation: dict[str, Any], schemas: dict[str, Any] | None = None, **more: Any) -> Any:
    """Return a document with one operation, ``findIt``, that gets a Thing unless told."""
    reply = {"200": {"description": "ok", "content": json_of({"$ref": "#/components/schemas/T"})}}
    method = operation.get("method", "get")
    operation = {key: value for key, value in operation.items() if key != "method"}
    item = {method: {"operationId": "findIt", "responses": reply} | operation}
    is_thing = '"#/components/schemas/T"' in json.dumps([item, schemas])
    thing = {"T": {"type": "object", "properties": {"n": {"type": "number"}}}} if is_thing else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://example.invalid/v1"}],
        "paths": {more.pop("path", "/things"): item},
        "components": {"schemas": thing | (schemas or {})},
    } | more


def json_of(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def replying(schema: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": json_of(schema)}}}


def said(found: Imported) -> str:
    return "\n".join(map(str, found.left_out))


def record(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


TEXT = {"type": "string"}


def test_inline_schemas_with_one_last_word_are_records_of_their_own(tmp_path: Path) -> None:
    results = {
        name: record(results={"type": "array", "items": record(**{field: TEXT})})
        for name, field in (("Meters", "serial"), ("Bills", "amount"))
    }
    both = record(
        a={"$ref": "#/components/schemas/Meters"}, b={"$ref": "#/components/schemas/Bills"}
    )
    spec = spec_of(imported(tmp_path, api(replying(both), results)))
    assert list(spec["records"]["MetersResultsItem"]["fields"]) == ["serial"]
    assert list(spec["records"]["BillsResultsItem"]["fields"]) == ["amount"]


def test_a_new_code_list_in_the_middle_renames_no_other(tmp_path: Path) -> None:
    def lists(*words: str) -> Any:
        fields = {f"f{n}": {"type": "string", "enum": [word, "x"]} for n, word in enumerate(words)}
        folder = tmp_path / "".join(words)
        folder.mkdir()
        return spec_of(imported(folder, api(replying(record(kind=record(**fields))))))["codes"]

    old, new = lists("a", "b"), lists("a", "c", "b")
    assert old.keys() < new.keys()
    assert old["find_it_result_kind_f0"] == new["find_it_result_kind_f0"]


def test_a_new_parameter_in_the_middle_renames_no_code_list(tmp_path: Path) -> None:
    def lists(*names: str) -> Any:
        given = [
            {"name": name, "in": "query", "schema": {"type": "string", "enum": [name, "x"]}}
            for name in names
        ]
        folder = tmp_path / "".join(names)
        folder.mkdir()
        return spec_of(imported(folder, api({"parameters": given})))["codes"]

    old, new = lists("kind", "content"), lists("items", "kind", "content")
    assert list(old) == ["find_it_content", "find_it_kind"]
    assert list(new) == ["find_it_content", "find_it_items", "find_it_kind"]
    assert {name: list(new[name]["values"]) for name in old} == {
        name: list(old[name]["values"]) for name in old
    }


def test_what_holds_together_with_a_schema_renames_no_record_in_it(tmp_path: Path) -> None:
    inner = record(inner=record(a=TEXT))
    base = {"$ref": "#/components/schemas/Base"}
    for number, parts in enumerate(([inner], [base, inner])):
        folder = tmp_path / str(number)
        folder.mkdir()
        schemas = {"Thing": {"allOf": [*parts, record(b=TEXT)]}, "Base": record(c=TEXT)}
        reply = replying({"$ref": "#/components/schemas/Thing"})
        assert "ThingInner" in spec_of(imported(folder, api(reply, schemas)))["records"]


def test_parameters_that_are_no_list_stop_their_operation(tmp_path: Path) -> None:
    found = imported(tmp_path, api({"parameters": {"name": "ids"}}))
    assert spec_of(found)["operations"] == {}
    assert "its parameters are no list" in said(found)


@pytest.mark.parametrize("word", ["items", "additionalProperties"])
def test_a_list_or_map_within_itself_is_any_value_there(tmp_path: Path, word: str) -> None:
    kind = "array" if word == "items" else "object"
    tree = {"type": kind, word: {"$ref": "#/components/schemas/Tree"}}
    found = imported(
        tmp_path, api(replying(record(tree={"$ref": "#/components/schemas/Tree"})), {"Tree": tree})
    )
    assert spec_of(found)["records"]["FindItResult"]["fields"]["tree"]["type"] == "any"
    assert "a list or a map within itself" in said(found)
    assert not found.problems


@pytest.mark.parametrize(
    ("schema", "wanted", "left"),
    [
        ({"type": "string", "format": "date-time"}, {"type": "datetime", "format": "rfc3339"}, ""),
        ({"type": "string", "format": "date"}, {"type": "date", "format": "yyyy-MM-dd"}, ""),
        ({"type": "string", "format": "duration"}, {"type": "duration"}, ""),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer"}, "enum: [1, 2]"),
        ({"type": "boolean", "enum": [True]}, {"type": "boolean"}, "enum: [true]"),
        ({"enum": [1, 2]}, {"type": "integer"}, "enum: [1, 2]"),
        ({"const": "A"}, {"type": "code"}, ""),
        ({"type": ["string", "null"]}, {"type": "text"}, "nullable"),
        ({"type": "string", "format": "byte"}, {"type": "text"}, "format: byte"),
        ({"type": "array", "items": TEXT}, {"type": "list", "of": "text"}, ""),
        ({"allOf": [{"$ref": "#/components/schemas/T"}]}, {"type": "record", "of": "T"}, ""),
        ({"oneOf": [{"type": "null"}, TEXT]}, {"type": "text"}, "nullable"),
    ],
)
def test_a_value_keeps_its_type(
    tmp_path: Path, schema: Any, wanted: dict[str, str], left: str
) -> None:
    found = imported(tmp_path, api(replying(record(it=schema))))
    field = spec_of(found)["records"]["FindItResult"]["fields"]["it"]
    assert {key: field[key] for key in wanted} == wanted
    assert (left in said(found)) if left else not found.left_out
    assert not found.problems


@pytest.mark.parametrize(
    ("parameter", "wanted"),
    [
        ({}, {"type": "list", "of": "text"}),
        ({"explode": False}, {"join": ","}),
        ({"style": "pipeDelimited", "explode": False}, {"join": "|"}),
        ({"in": "path"}, {"join": ","}),
        ({"in": "header"}, {"join": ","}),
    ],
)
def test_a_list_outside_of_a_body_is_written_as_its_style_says(
    tmp_path: Path, parameter: dict[str, Any], wanted: dict[str, str]
) -> None:
    given = {"name": "ids", "in": "query", "schema": {"type": "array", "items": TEXT}} | parameter
    found = imported(
        tmp_path,
        api({"parameters": [given]}, path="/things/{ids}" if given["in"] == "path" else "/things"),
    )
    field = spec_of(found)["operations"]["find_it"]["request"]["ids"]
    assert {key: field.get(key) for key in wanted} == wanted
    assert ("join" in field) == ("join" in wanted)
    assert not found.problems


def test_an_object_in_a_query_is_spread_over_its_properties(tmp_path: Path) -> None:
    schema = record(min={"type": "integer"}, max={"type": "integer"})
    deep = {"name": "size", "in": "query", "style": "deepObject", "schema": schema}
    spread = {"name": "page", "in": "query", "schema": record(at={"type": "integer"})}
    spec = spec_of(imported(tmp_path, api({"parameters": [deep, spread]})))
    assert list(spec["operations"]["find_it"]["request"]) == ["size[min]", "size[max]", "at"]


def test_a_body_that_cannot_be_said_stops_its_operation(tmp_path: Path) -> None:
    body = {"requestBody": {"required": True, "content": {"multipart/mixed": {"schema": TEXT}}}}
    found = imported(tmp_path, api({"method": "post"} | body))
    assert spec_of(found)["operations"] == {}
    assert found.decisions["find_it"] == ("how it is asked: its body is multipart/mixed",)
    assert "an operation that is not drafted: its body is multipart/mixed" in said(found)


@pytest.mark.parametrize(
    ("responses", "formats", "reply"),
    [
        ({"204": {"description": "gone"}}, ["none"], None),
        ({"200": {"description": "f", "content": {"image/png": {}}}}, ["file"], None),
        ({"200": {"content": json_of({"type": "array", "items": TEXT})}}, ["json"], "value"),
        ({"200": {"content": json_of(TEXT)}}, ["json"], "value"),
        (
            {"200": {"content": json_of({"type": "array", "items": record(a=TEXT)})}},
            ["json"],
            "list",
        ),
        (
            {"200": {"content": {"application/xml": {"schema": record(a=TEXT)}}}},
            ["xml"],
            "root",
        ),
    ],
)
def test_what_comes_back_has_its_format_and_shape(
    tmp_path: Path, responses: Any, formats: list[str], reply: str | None
) -> None:
    found = imported(tmp_path, api({"responses": responses}))
    operation = spec_of(found)["operations"]["find_it"]
    assert operation["formats"] == formats
    assert reply in operation["reply"] if reply else "reply" not in operation
    assert not found.problems


def test_the_first_login_that_can_be_said_is_taken_and_the_others_are_listed(
    tmp_path: Path,
) -> None:
    schemes = {
        "odd": {"type": "mutualTLS"},
        "user": {"type": "http", "scheme": "basic"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    document = api({}, security=[{"odd": []}, {"token": []}, {"user": []}])
    document["components"]["securitySchemes"] = schemes
    found = imported(tmp_path, document)
    spec = spec_of(found)
    assert spec["operations"]["find_it"]["request"]["Authorization"]["basic"] == {
        "user": "credential.user_user",
        "password": "credential.user_password",
    }
    assert {"another way to be known to the service"} <= {one.what for one in found.left_out}
    assert not found.problems


def test_client_credentials_are_a_step_that_asks_for_a_token(tmp_path: Path) -> None:
    flow = {"tokenUrl": "https://id.example.invalid/token", "scopes": {"read": "r"}}
    document = api({}, security=[{"own": ["read"]}])
    document["components"]["securitySchemes"] = {
        "own": {"type": "oauth2", "flows": {"clientCredentials": flow}}
    }
    found = imported(tmp_path, document)
    [step] = spec_of(found)["auth"]["steps"]
    assert step["send"] == {"grant_type": "client_credentials", "scope": "read"}
    assert not found.problems


def test_a_reference_to_a_file_beside_it_is_followed(tmp_path: Path) -> None:
    other = {"Pet": record(name={"$ref": "#/Name"}), "Name": TEXT}
    found = imported(tmp_path, api(replying({"$ref": "common.json#/Pet"})), common=other)
    fields = spec_of(found)["records"]["Pet"]["fields"]
    assert fields["name"]["inferred"] == "common.json#/Name"


@pytest.mark.parametrize(
    "reference",
    ["http://example.invalid/a.json", "file:///etc/passwd", "../a.json", "/etc/passwd", "a/../../b",
     "nobody.json", "%2e%2e/a.json", "c:\\a.json"],
)  # fmt: skip
def test_a_reference_out_of_the_folder_is_refused(tmp_path: Path, reference: str) -> None:
    with pytest.raises(ForeignFileError, match=r"folder|beside"):
        imported(tmp_path, api(replying({"$ref": reference})))


def nested(levels: int) -> Any:
    schema: Any = TEXT
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return schema


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 1_000_000, "a: " + "[" * 1_000_000])
def test_a_million_levels_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "api.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=r"nested|not JSON"):
        import_file(file, specs=tmp_path / "specs", system="api")


def test_schemas_nested_too_deep_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileError, match="nested too deep"):
        imported(tmp_path, api(replying(nested(300))))


def test_a_chain_of_two_thousand_records_is_followed(tmp_path: Path) -> None:
    schemas = {
        f"R{n}": record(next={"$ref": f"#/components/schemas/R{n + 1}"}) for n in range(2000)
    }
    schemas["R2000"] = record(name=TEXT)
    found = imported(tmp_path, api(replying({"$ref": "#/components/schemas/R0"}), schemas))
    assert len(spec_of(found)["records"]) == 2001


def test_what_multiplies_behind_references_is_summed_up_in_bounded_time(tmp_path: Path) -> None:
    schemas = {
        f"R{n}": record(**{f"f{m}": {"$ref": f"#/components/schemas/R{n + 1}"} for m in range(9)})
        for n in range(40)
    }
    responses = replying({"$ref": "#/components/schemas/T"})["responses"]
    responses["400"] = {
        "description": "no",
        "content": json_of({"$ref": "#/components/schemas/R0"}),
    }
    found = imported(tmp_path, api({"responses": responses}, schemas))
    assert "what a failure says" in said(found)


def test_a_draft_is_in_the_one_form_of_specs(tmp_path: Path) -> None:
    schemas = {
        "Long": record(
            **{f"field{n}": {"type": "string", "description": "x " * 90} for n in range(3)}
        )
    }
    found = imported(tmp_path, api(replying({"$ref": "#/components/schemas/Long"}), schemas))
    text = found.path.read_text("utf-8")
    assert formatted(text, "interface.yaml", grammar("interface")) == text


@pytest.mark.parametrize(
    "text", ["yes", "no", "01", "1.5", "null", "a: b", "#x", "", " x", 'é"\\', "{", "2024-01-01"]
)
def test_a_text_is_written_so_that_it_is_read_again(text: str) -> None:
    again = yaml.load(spec_text({"a": text, text: ["b", text]}), yaml.BaseLoader)
    assert again == {"a": text, text: ["b", text]}


@pytest.mark.parametrize("method", ["get", "put", "post", "delete", "patch"])
def test_each_method_is_drafted(tmp_path: Path, method: str) -> None:
    found = imported(tmp_path, api({"method": method}))
    operation = spec_of(found)["operations"]["find_it"]
    assert operation["method"] == method.upper()
    assert operation["kind"] == ("read" if method == "get" else "write")
    assert not found.problems


def test_a_change_behind_what_is_left_out_shows(tmp_path: Path) -> None:
    def left_out(name: str, point: dict[str, Any], problem: dict[str, Any]) -> str:
        schemas = {"Point": point, "Problem": problem}
        choice = {"anyOf": [{"type": "number"}, {"$ref": "#/components/schemas/Point"}]}
        responses = replying(record(value=choice))["responses"]
        headers = {"X-Id": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        content = json_of({"$ref": "#/components/schemas/Problem"})
        responses["404"] = {"description": "none", "headers": headers, "content": content}
        (tmp_path / name).mkdir()
        return said(imported(tmp_path / name, api({"responses": responses}, schemas)))

    before = left_out("a", record(title=TEXT), record(reason=TEXT))
    other_choice = left_out("b", record(title={"type": "number"}), record(reason=TEXT))
    other_failure = left_out("c", record(title=TEXT), record(title=TEXT))
    what = "a choice between several schemas"
    assert [line for line in before.splitlines() if line not in other_choice.splitlines()] == [
        line for line in before.splitlines() if what in line
    ]
    changed = [line for line in before.splitlines() if line not in other_failure.splitlines()]
    assert {"what a failure says", "headers of a failure"} == {
        line.split(": ")[1] for line in changed
    }


def test_another_wording_behind_what_is_left_out_is_no_change(tmp_path: Path) -> None:
    found = []
    for name, text in (("a", "where it is"), ("b", "its place")):
        point = record(title=TEXT) | {"description": text}
        choice = {"anyOf": [{"type": "number"}, {"$ref": "#/components/schemas/Point"}]}
        (tmp_path / name).mkdir()
        document = api(replying(record(value=choice)), {"Point": point})
        found.append(said(imported(tmp_path / name, document)))
    lines = [line for line in found[0].splitlines() if "a choice" in line]
    assert lines
    assert lines == [line for line in found[1].splitlines() if "a choice" in line]


def test_the_form_of_a_number_that_no_type_has_is_left_out(tmp_path: Path) -> None:
    forms = record(
        day={"type": "integer", "format": "date-time"}, count={"type": "integer", "format": "int64"}
    )
    listed = said(imported(tmp_path, api(replying(forms))))
    assert "/properties/day/format: date-time" in listed
    assert "/properties/count/format" not in listed


def test_what_is_said_of_texts_that_are_one_is_left_out(tmp_path: Path) -> None:
    texts = {"anyOf": [{"type": "string", "enum": ["A", "B"]}, {"type": "string"}]}
    assert "texts of several forms" in said(imported(tmp_path, api(replying(record(kind=texts)))))
