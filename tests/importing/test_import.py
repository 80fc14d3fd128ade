"""`gridwright import`: drafts of foreign files; what has no word is listed, never dropped."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from gridwright.cli import main
from gridwright.importing.read_file import ForeignFileError, read_foreign
from gridwright.importing.run import Imported, import_file
from gridwright.importing.unsaid import Left
from gridwright.load import find_systems, load_system
from gridwright.pipeline import generate, interface_of

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"

PET = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 10, "description": "name of the pet"},
        "bornAt": {"type": "string", "format": "date-time"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "weight": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"$ref": "#/definitions/Owner"},
    },
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "host": "pets.example.com",
    "basePath": "/v1",
    "schemes": ["https"],
    "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    "security": [{"key": []}],
    "paths": {
        "/pets/{petId}": {
            "get": {
                "operationId": "getPet",
                "summary": "one pet",
                "parameters": [{"name": "petId", "in": "path", "required": True, "type": "string"}],
                "responses": {
                    "200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}
                },
            }
        },
        "/pets": {
            "post": {
                "operationId": "addPet",
                "parameters": [
                    {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}
                ],
                "responses": {
                    "201": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}
                },
            }
        },
    },
    "definitions": {
        "Pet": PET,
        "Owner": {"type": "object", "properties": {"fullName": {"type": "string"}}},
    },
}


def changed(*path: str, to: object) -> dict[str, Any]:
    document = deepcopy(SWAGGER)
    place: Any = document
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = to
    return document


def imported(tmp_path: Path, document: object) -> Imported:
    file = tmp_path / "pets.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return import_file(file, specs=tmp_path / "specs", system="pets")


def spec_of(found: Imported) -> Any:
    return yaml.load(found.path.read_text("utf-8"), yaml.BaseLoader)


def test_a_swagger_file_becomes_a_draft_with_a_place_in_the_file_for_each_fact(
    tmp_path: Path,
) -> None:
    found = imported(tmp_path, SWAGGER)
    assert (found.operations, found.decisions) == (2, {})
    assert [str(left) for left in found.left_out] == [
        "#/paths/~1pets/post/requestBody/required: a body that may be left out"
    ]
    spec = spec_of(found)
    assert spec["servers"]["server"]["address"] == "https://pets.example.com/v1"
    assert spec["records"]["Pet"]["fields"]["name"] == {
        "name": "name",
        "en": "name of the pet",
        "type": "text",
        "size": "10",
        "required": "required",
        "inferred": "#/components/schemas/Pet/properties/name",
    }
    fields = spec["records"]["Pet"]["fields"]
    assert [fields[w]["type"] for w in ("bornAt", "kind", "weight", "tags", "owner")] == [
        *("datetime", "code", "decimal", "list", "record")
    ]
    assert spec["codes"]["pet_kind"]["values"] == {"cat": {"name": "cat"}, "dog": {"name": "dog"}}
    assert spec["operations"]["get_pet"]["request"]["petId"]["name"] == "pet_id"
    assert spec["operations"]["add_pet"]["body"]["of"] == "Pet"
    assert spec["operations"]["get_pet"]["kind"] == "read"
    assert spec["operations"]["add_pet"]["kind"] == "write"


def test_a_draft_keeps_to_the_grammar_and_its_names_are_bound(tmp_path: Path) -> None:
    found = imported(tmp_path, SWAGGER)
    assert found.problems == ()


def test_the_same_interface_in_openapi_and_in_yaml_gives_the_same_draft(tmp_path: Path) -> None:
    from gridwright.importing.swagger2 import as_openapi3

    texts = {
        "a": json.dumps(SWAGGER),
        "b": json.dumps(as_openapi3(deepcopy(SWAGGER)) | {"openapi": "3.1.0"}),
        "c": yaml.safe_dump(SWAGGER),
    }
    drafts = []
    for name, text in texts.items():
        file = tmp_path / name / "pets.txt"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        drafts.append(spec_of(import_file(file, specs=tmp_path / name, system="pets")))
    assert drafts[0] == drafts[1] == drafts[2]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            ("definitions", "Pet", "properties", "weight", "exclusiveMinimum"),
            0,
            "weight/exclusiveMinimum: 0",
        ),
        (("definitions", "Pet", "properties", "name", "pattern"), "^a", "name/pattern: ^a"),
        (
            ("definitions", "Pet", "properties", "x"),
            {"oneOf": [{"type": "object"}, {"type": "boolean"}]},
            "a choice between several schemas",
        ),
        (
            ("definitions", "Pet", "properties", "x"),
            {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "numbers that may also be written as text",
        ),
        (
            ("definitions", "Pet", "properties", "x"),
            {"$ref": "#/definitions/Nobody"},
            "a reference that leads nowhere",
        ),
        (
            ("definitions", "Pet", "additionalProperties"),
            {"type": "string"},
            "what further items of the record are",
        ),
        (("securityDefinitions", "key"), {"type": "digest"}, "a login"),
        (("paths", "/pets", "head"), {"responses": {}}, "an operation of this method"),
        (("host",), "http server", "a server whose address"),
    ],
)
def test_what_the_language_has_no_word_for_is_listed_and_stands_in_the_draft(
    tmp_path: Path, path: tuple[str, ...], value: object, said: str
) -> None:
    document = changed(*path, to=value)
    if path == ("host",):
        document["schemes"] = ["http"]
    found = imported(tmp_path, document)
    assert any(said in str(left) for left in found.left_out), found.left_out
    written = yaml.safe_load(found.path.with_name("unsaid.yaml").read_text("utf-8"))
    keys = ("place", "what", "value", "operation")
    listed = tuple(Left(*(one.get(key, "") for key in keys)) for one in written["left_out"])
    decisions = {name: tuple(lines) for name, lines in written.get("decide", {}).items()}
    assert (listed, decisions) == (found.left_out, found.decisions)


def test_a_reference_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    document = changed("definitions", "Pet", "properties", "parent", to={"$ref": "#/definitions/P"})
    document["definitions"]["P"] = {"$ref": "#/definitions/P"}
    assert any("back to itself" in str(left) for left in imported(tmp_path, document).left_out)


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize("more", [[], [{"properties": {"a": {"type": "string"}}}]])
def test_a_schema_that_is_made_of_itself_is_named(
    tmp_path: Path, word: str, more: list[Any]
) -> None:
    document = changed("definitions", "P", to={word: [{"$ref": "#/definitions/Q"}, *more]})
    document["definitions"]["Q"] = {"allOf": [{"$ref": "#/definitions/P"}]}
    document["definitions"]["Pet"] = {"properties": {"parent": {"$ref": "#/definitions/P"}}}
    try:
        found = imported(tmp_path, document)
    except ForeignFileError as error:
        assert "is made of itself" in str(error)
        assert "schemas/" in str(error)
    else:
        assert found.operations == 2


def test_schemas_that_are_made_of_the_same_ones_over_and_over_take_no_time(tmp_path: Path) -> None:
    document = changed("definitions", "S0", to={"properties": {"a": {"type": "string"}}})
    for number in range(1, 60):
        below = {"$ref": f"#/definitions/S{number - 1}"}
        document["definitions"][f"S{number}"] = {"allOf": [below, below]}
    document["definitions"]["Pet"] = {"$ref": "#/definitions/S59"}
    assert "a" in spec_of(imported(tmp_path, document))["records"]["S59"]["fields"]


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = [
        "a0: &a0 [x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)),
    ]
    for text in ("\n".join(lines), "\n".join(lines).replace("[x]", "{x: 1}")):
        file = tmp_path / "x.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ForeignFileError, match="with its aliases written out"):
            read_foreign(file)


@pytest.mark.parametrize(
    "text", ['{"a": ' + "9" * 5000 + "}", "a: !!int ''", "a: !!timestamp x", "a: !!float [1]"]
)
def test_a_value_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=r"x\.yaml"):
        read_foreign(file)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"openapi": "3.0.0", "info": {"title": "\\ud800"}, "paths": {}}', "half a character"),
        (f"openapi: 3.0.0\ninfo: {{version: {'9' * 5000}}}\npaths: {{}}\n", "a number"),
        (f"openapi: 3.0.0\ninfo: {{version: 0x{'f' * 9000}}}\npaths: {{}}\n", "a number"),
        ("openapi: 3.0.0\ninfo: {}\npaths: &a {/a: *a}\n", "refers to itself"),
    ],
)
def test_a_file_says_why_it_cannot_be_read(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=why):
        read_foreign(file)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("info",), []),
        (("schemes",), "https"),
        (("definitions",), []),
        (("securityDefinitions",), 7),
        (("paths", "/pets", "post", "parameters"), {"name": "body"}),
        (("paths", "/pets", "post", "responses"), []),
        (("paths", "/pets", "post", "consumes"), "text/plain"),
    ],
)
def test_a_swagger_file_that_is_malformed_is_refused_with_the_word(
    tmp_path: Path, path: tuple[str, ...], value: object
) -> None:
    with pytest.raises(ForeignFileError, match=f"^{path[-1]} is .*correct the file"):
        imported(tmp_path, changed(*path, to=value))


def test_a_record_that_holds_itself_holds_any_value_there(tmp_path: Path) -> None:
    document = changed(
        "definitions", "Owner", "properties", "pets",
        to={"type": "array", "items": {"$ref": "#/definitions/Pet"}},
    )  # fmt: skip
    found = imported(tmp_path, document)
    records = spec_of(found)["records"]
    assert records["Pet"]["fields"]["owner"]["of"] == "Owner"
    assert records["Owner"]["fields"]["pets"]["type"] == "any"
    assert found.problems == ()
    assert "a record within itself" in {left.what for left in found.left_out}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ":1:2: it is not JSON"),
        ("a: [", "it is not YAML"),
        ("[]", "it is no mapping"),
        ("a: 1", "its version is not said"),
        ('{"openapi": "4.0.0"}', "its version is 4.0.0"),
        ('{"openapi": "3.1.0"}', "it has no paths"),
        ("a: &x [*x]", "it refers to itself"),
    ],
)
def test_a_file_that_describes_no_interface_is_refused_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=r"x\.json") as caught:
        read_foreign(file)
    assert said in str(caught.value)


def exported(system: str, folder: Path) -> Path | None:
    """Write the OpenAPI export of a system; None where its messages are SOAP."""
    artifacts = generate(SPECS, system, carry_spec=True).artifacts
    [*found] = [a for a in artifacts if a.path.endswith("/openapi.json")]
    if not found:
        return None
    path = folder / "openapi.json"
    path.write_text(found[0].text, encoding="utf-8")
    return path


@pytest.mark.parametrize("system", find_systems(SPECS))
def test_our_own_export_comes_back_as_the_same_interface(system: str, tmp_path: Path) -> None:
    file = exported(system, tmp_path)
    if file is None:
        protocols = {
            o["protocol"] for o in plain(SPECS, system)["interface"]["operations"].values()
        }
        assert protocols == {"soap11"}
        return
    found = import_file(file, specs=tmp_path / "specs", system=system)
    assert (found.left_out, found.problems) == ((), ())
    assert plain(tmp_path / "specs", system) == plain(SPECS, system)
    sides = [str(SPECS), str(tmp_path / "specs")]
    assert main(["diff", *sides, "--only", system, "--fail-on", "none"]) == 0


def plain(specs: Path, system: str) -> Any:
    loaded, problems = load_system(specs, system)
    assert loaded is not None and not problems
    return loaded.plain()


def test_an_export_that_was_edited_is_drafted_anew_and_says_where(tmp_path: Path) -> None:
    file = exported("kepco_opm", tmp_path)
    assert file is not None
    document = json.loads(file.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    schemas["CustomerMeter"]["properties"]["meter"]["maxLength"] = 21
    document["paths"]["/OpenAPI/getCustNoList.do"]["get"].pop("summary")
    file.write_text(json.dumps(document), encoding="utf-8")
    found = import_file(file, specs=tmp_path / "specs", system="kepco_opm")
    places = [str(left) for left in found.left_out if "since the export" in left.what]
    assert places == [
        "#/components/schemas/CustomerMeter/properties/meter/maxLength: was changed since the "
        "export, so its spec was not restored",
        "#/paths/~1OpenAPI~1getCustNoList.do/get/summary: was removed since the export, so its "
        "spec was not restored",
    ]


def test_the_command_prints_what_it_wrote_and_what_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pets.json"
    document = changed("definitions", "Pet", "properties", "weight", "exclusiveMinimum", to=0)
    file.write_text(json.dumps(document), encoding="utf-8")
    arguments = ["import", str(file), "--system", "pets", "--specs", str(tmp_path / "specs")]
    status = main(arguments)
    interface, problems = interface_of(tmp_path / "specs", "pets")
    assert interface is not None
    assert status == (1 if problems else 0)
    printed = capsys.readouterr().out
    assert "2 operations" in printed
    assert "2 facts left out: a body that may be left out 1, exclusiveMinimum 1" in printed
    assert main([*arguments[:2], "--system", "class", *arguments[4:]]) == 2


@pytest.mark.parametrize("system", find_systems(SPECS))
def test_an_export_holds_its_spec_only_on_request(system: str) -> None:
    plain, carrying = (
        {a.path: a.text for a in generate(SPECS, system, carry_spec=carry).artifacts}
        for carry in (False, True)
    )
    assert not any("x-gridwright-spec" in text for text in plain.values())
    differing = {path for path in plain if plain[path] != carrying[path]}
    assert differing == {path for path in plain if path.endswith("/openapi.json")}
