"""An import says with the words of the language what a file says: maps, media types, logins."""

from pathlib import Path
from typing import Any

import pytest

from .test_places import TEXT, api, imported, json_of, record, replying, said, spec_of

WHOLE = {"type": "integer"}
FILE = {"type": "string", "format": "binary"}


def map_of(schema: Any) -> Any:
    return {"type": "object", "additionalProperties": schema}


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (WHOLE, {"{key}": "key", ".": "entry"}),
        (record(n=WHOLE), {"{key}": "key", "n": "n"}),
        (record(key=WHOLE), {"{key}": "entry_key", "key": "key"}),
    ],
)
def test_a_map_that_is_received_is_a_list_by_key(
    tmp_path: Path, entry: Any, fields: dict[str, str]
) -> None:
    found = imported(tmp_path, api(replying(record(meters=map_of(entry)))))
    spec = spec_of(found)
    field = spec["records"]["FindItResult"]["fields"]["meters"]
    assert (field["type"], field["of"]) == ("list", "FindItResultMetersByKey")
    assert field["keyed_by"] == "{key}"
    drafted = spec["records"]["FindItResultMetersByKey"]["fields"]
    assert {wire: one["name"] for wire, one in drafted.items()} == fields
    assert not found.problems


def test_a_reply_that_is_a_map_is_a_list_by_key(tmp_path: Path) -> None:
    found = imported(tmp_path, api(replying(map_of(WHOLE))))
    reply = spec_of(found)["operations"]["find_it"]["reply"]
    assert reply["of"] == "FindItResultByKey"
    assert reply["list"]["keyed_by"] == "{key}"
    assert not found.problems


@pytest.mark.parametrize("schema", [{}, map_of({"type": "array", "items": WHOLE}), map_of({})])
def test_what_no_other_type_holds_is_any_value(tmp_path: Path, schema: Any) -> None:
    found = imported(tmp_path, api(replying(record(more=schema))))
    fields = spec_of(found)["records"]["FindItResult"]["fields"]
    assert fields["more"]["type"] == "any"
    assert not found.problems


def test_a_map_that_is_sent_is_any_value(tmp_path: Path) -> None:
    body = {"required": True, "content": json_of(record(tags=map_of(TEXT)))}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    assert spec_of(found)["records"]["FindItBody"]["fields"]["tags"]["type"] == "any"
    assert "what the values of a map are: text" in said(found)
    assert not found.problems


def test_any_value_in_xml_opens_its_record(tmp_path: Path) -> None:
    content = {"application/xml": {"schema": record(a=TEXT, more={})}}
    found = imported(tmp_path, api({"responses": {"200": {"content": content}}}))
    drafted = spec_of(found)["records"]["FindItResult"]
    assert drafted["open"] == "yes"
    assert list(drafted["fields"]) == ["a"]
    assert not found.problems


ROW = record(day={"type": "string", "format": "date"}, kwh={"type": "number"})
ROWS = {"type": "array", "items": ROW}


@pytest.mark.parametrize(
    ("media", "schema", "formats", "accept"),
    [
        ("application/json", ROW, ["json"], None),
        ("*/*", ROW, ["json"], None),
        ("application/json; charset=utf-8", ROW, ["json"], None),
        ("application/hal+json", ROW, ["json"], "application/hal+json"),
        ("application/atom+xml", ROW, ["xml"], "application/atom+xml"),
        ("text/csv", ROWS, ["csv"], None),
        ("text/csv", TEXT, ["text"], "text/csv"),
        ("application/x-ndjson", ROWS, ["jsonl"], None),
        ("text/html", TEXT, ["text"], "text/html"),
        ("text/event-stream", TEXT, ["file"], None),
        ("application/pdf", TEXT, ["file"], None),
    ],
)
def test_a_reply_is_asked_for_by_its_own_media_type(
    tmp_path: Path, media: str, schema: Any, formats: list[str], accept: str | None
) -> None:
    reply = {"200": {"description": "ok", "content": {media: {"schema": schema}}}}
    found = imported(tmp_path, api({"responses": reply}))
    operation = spec_of(found)["operations"]["find_it"]
    assert operation["formats"] == formats
    assert operation.get("request", {}).get("Accept", {}).get("value") == accept
    assert not found.problems


def test_a_body_is_sent_by_its_own_media_type(tmp_path: Path) -> None:
    body = {"required": True, "content": {"application/vnd.x+json": {"schema": ROW}}}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    field = spec_of(found)["operations"]["find_it"]["request"]["Content-Type"]
    assert field["value"] == "application/vnd.x+json"
    assert not found.problems


@pytest.mark.parametrize(
    ("required", "security", "credentials"),
    [(True, [], ["authorization"]), (False, [], []), (True, [{"own": []}], ["own"])],
)
def test_a_login_that_is_a_mere_header_is_a_credential_where_no_other_is_declared(
    tmp_path: Path, required: bool, security: Any, credentials: list[str]
) -> None:
    header = {"name": "Authorization", "in": "header", "required": required, "schema": TEXT}
    document = api({"parameters": [header]}, security=security)
    document["components"]["securitySchemes"] = {
        "own": {"type": "apiKey", "in": "header", "name": "X-Key"}
    }
    found = imported(tmp_path, document)
    assert list(spec_of(found).get("credentials", {})) == credentials
    assert not found.problems


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (
            {"type": "array", "items": ROW},
            {"name": "entries", "type": "list", "of": "FindItBodyItem"},
        ),
        ({"type": "integer", "minimum": 1}, {"name": "content", "type": "integer"}),
    ],
)
def test_a_body_that_is_no_record_is_one_value(
    tmp_path: Path, schema: Any, value: dict[str, str]
) -> None:
    body = {"required": True, "content": json_of(schema)}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    drafted = spec_of(found)["operations"]["find_it"]["body"]["value"]
    assert {key: drafted[key] for key in value} == value
    assert not found.problems


def rows_of(*positions: Any, **words: Any) -> Any:
    return {"type": "array", "items": {"type": "array", "prefixItems": positions} | words}


@pytest.mark.parametrize(
    ("words", "required"),
    [({}, ["optional"] * 2), ({"minItems": 1, "items": False}, ["required", "optional"])],
)
def test_a_list_of_arrays_by_position_is_laid_out_as_arrays(
    tmp_path: Path, words: Any, required: list[str]
) -> None:
    start = {"title": "starts at", "type": "string", "format": "date-time"}
    rows = rows_of(start, {"title": "kwh", "type": "number"}, **words)
    found = imported(tmp_path, api(replying(rows)))
    spec = spec_of(found)
    reply = spec["operations"]["find_it"]["reply"]
    assert (reply["of"], reply["list"]["layout"]) == ("FindItResultItem", "arrays")
    fields = spec["records"]["FindItResultItem"]["fields"]
    assert list(fields) == ["starts at", "kwh"]
    assert [field["required"] for field in fields.values()] == required
    assert not found.problems


def test_positions_without_titles_of_their_own_are_numbered(tmp_path: Path) -> None:
    found = imported(tmp_path, api(replying(record(rows=rows_of(TEXT, WHOLE)))))
    spec = spec_of(found)
    assert spec["records"]["FindItResult"]["fields"]["rows"]["layout"] == "arrays"
    assert list(spec["records"]["FindItResultRowsItem"]["fields"]) == ["position 1", "position 2"]
    assert not found.problems


@pytest.mark.parametrize(
    "rows",
    [
        rows_of(TEXT, items=TEXT),  # more may follow, of any number
        rows_of(TEXT, record(a=TEXT)),
        rows_of(TEXT, {}),
        {"type": "array", "prefixItems": [TEXT, WHOLE], "items": False},  # one row alone
    ],
)
def test_arrays_that_are_no_rows_of_plain_values_are_any_value_and_listed(
    tmp_path: Path, rows: Any
) -> None:
    found = imported(tmp_path, api(replying(record(rows=rows))))
    assert spec_of(found)["records"]["FindItResult"]["fields"]["rows"]["type"] == "any"
    assert "prefixItems" in said(found)
    assert not found.problems


def test_rows_by_position_in_xml_open_their_record(tmp_path: Path) -> None:
    content = {"application/xml": {"schema": record(rows=rows_of(TEXT), name=TEXT)}}
    found = imported(
        tmp_path, api({"responses": {"200": {"description": "ok", "content": content}}})
    )
    assert list(spec_of(found)["records"]["FindItResult"]["fields"]) == ["name"]
    assert "the type of a field" in said(found)
    assert not found.problems


@pytest.mark.parametrize(
    ("content", "media", "kind", "header"),
    [
        ({"application/octet-stream": {"schema": FILE}}, "file", "binary", None),
        ({"image/png": {}}, "file", "binary", "image/png"),
        ({"image/*": {"schema": FILE}}, "file", "binary", None),
        ({"*/*": {"schema": FILE}}, "file", "binary", None),
        ({"image/png": {}, "image/jpeg": {}}, "file", "binary", None),
        ({"text/csv": {"schema": {"type": "array", "items": ROW}}}, "file", "binary", "text/csv"),
        ({"text/plain": {"schema": TEXT}}, "text", "text", None),
        ({"text/markdown": {"schema": TEXT}}, "text", "text", "text/markdown"),
        ({"text/plain": {"schema": WHOLE}}, "text", "integer", None),
    ],
)
def test_a_body_of_no_format_is_a_file_and_one_of_text_is_a_text(
    tmp_path: Path, content: Any, media: str, kind: str, header: str | None
) -> None:
    body = {"required": True, "content": content}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    operation = spec_of(found)["operations"]["find_it"]
    assert operation["request_media"] == media
    assert operation["body"]["value"]["type"] == kind
    assert operation.get("request", {}).get("Content-Type", {}).get("value") == header
    assert not found.problems
    asked = "of which media type its body is: the Upload says it"
    assert (asked in found.decisions.get("find_it", ())) == (len(content) > 1)


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    ("encoding", "join"),
    [({}, None), ({"explode": False}, ","), ({"style": "pipeDelimited", "explode": False}, "|")],
)
def test_a_list_in_a_form_is_written_as_its_encoding_says(
    tmp_path: Path, media: str, encoding: Any, join: str | None
) -> None:
    ids = {"type": "array", "items": WHOLE}
    content = {media: {"schema": record(name=TEXT, ids=ids), "encoding": {"ids": encoding}}}
    body = {"required": True, "content": content}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    spec = spec_of(found)
    fields = spec["records"]["FindItForm"]["fields"]
    parts = spec["operations"]["find_it"].get("request", {})
    assert ("ids" in fields, "ids" in parts) == (join is None, join is not None)
    field = fields.get("ids") or parts["ids"]
    assert (field["type"], field["of"], field.get("join")) == ("list", "integer", join)
    assert not found.problems


@pytest.mark.parametrize("encoding", [{}, {"contentType": "application/pdf"}])
def test_a_list_of_files_in_a_form_is_a_part_for_each(tmp_path: Path, encoding: Any) -> None:
    files = {"type": "array", "items": FILE, "minItems": 1, "maxItems": 5}
    schema = record(note=TEXT, files=files) | {"required": ["files"]}
    content = {"multipart/form-data": {"schema": schema, "encoding": {"files": encoding}}}
    found = imported(
        tmp_path, api({"method": "post", "requestBody": {"required": True, "content": content}})
    )
    field = spec_of(found)["records"]["FindItForm"]["fields"]["files"]
    assert (field["type"], field["of"], field["count"]) == ("list", "binary", "1-5")
    assert not found.problems
    assert "what the items of a list are" not in said(found)


def test_files_in_a_form_that_holds_none_are_texts(tmp_path: Path) -> None:
    content = {
        "application/x-www-form-urlencoded": {
            "schema": record(files={"type": "array", "items": FILE})
        }
    }
    found = imported(
        tmp_path, api({"method": "post", "requestBody": {"required": True, "content": content}})
    )
    field = spec_of(found)["records"]["FindItForm"]["fields"]["files"]
    assert (field["type"], field["of"]) == ("list", "text")
    assert not found.problems


def test_a_list_in_a_form_that_is_written_otherwise_stops_its_operation(tmp_path: Path) -> None:
    content = {
        "multipart/form-data": {
            "schema": record(ids={"type": "array", "items": WHOLE}),
            "encoding": {"ids": {"contentType": "application/json"}},
        }
    }
    body = {"required": True, "content": content}
    found = imported(tmp_path, api({"method": "post", "requestBody": body}))
    assert spec_of(found)["operations"] == {}
    assert "ids is a list in a form, written in a way of its own" in said(found)


@pytest.mark.parametrize(
    ("words", "join"),
    [({}, ","), ({"collectionFormat": "multi"}, None), ({"collectionFormat": "ssv"}, " ")],
)
def test_a_list_in_a_form_of_swagger_is_joined_unless_it_says_otherwise(
    tmp_path: Path, words: dict[str, str], join: str | None
) -> None:
    ids = {"name": "ids", "in": "formData", "type": "array", "items": WHOLE} | words
    found = imported(tmp_path, swagger([ids, {"name": "note", "in": "formData", "type": "string"}]))
    spec = spec_of(found)
    held = spec["records"]["FindItForm"]["fields"] | spec["operations"]["find_it"].get(
        "request", {}
    )
    assert held["ids"].get("join") == join
    assert not found.problems


def test_what_swagger_does_not_say_of_a_list_in_a_form_is_to_be_decided(tmp_path: Path) -> None:
    schema = record(ids={"type": "array", "items": WHOLE})
    found = imported(tmp_path, swagger([{"name": "body", "in": "body", "schema": schema}]))
    assert found.decisions["find_it"] == ("ids: whether the form repeats its name, as it does now",)
    assert not found.problems


def swagger(parameters: list[Any]) -> Any:
    """Return a file of Swagger 2 whose only operation is sent as a form."""
    operation = {
        "operationId": "find_it",
        "consumes": ["application/x-www-form-urlencoded"],
        "parameters": parameters,
        "responses": {"200": {"description": "ok"}},
    }
    return {
        "swagger": "2.0",
        "info": {"title": "Forms", "version": "1"},
        "host": "example.invalid",
        "paths": {"/things": {"post": operation}},
    }


@pytest.mark.parametrize(
    ("schema", "facts"),
    [
        (TEXT | {"minLength": 2, "maxLength": 5}, {"length": "2-5"}),
        (TEXT | {"maxLength": 5}, {"size": "5"}),
        (TEXT | {"minLength": 0, "pattern": "^[A-Z]{3}$"}, {"matches": "^[A-Z]{3}$"}),
        (WHOLE | {"minimum": 1, "maximum": 9}, {"range": {"from": "1", "to": "9"}}),
        (WHOLE | {"exclusiveMinimum": 0}, {"range": {"from": "1"}}),
        (WHOLE | {"minimum": 0, "exclusiveMinimum": True}, {"range": {"from": "1"}}),
        (
            {"type": "number", "minimum": 0, "multipleOf": 0.5},
            {"range": {"from": "0", "step": "0.5"}},
        ),
        ({"type": "array", "items": WHOLE, "minItems": 1}, {"count": "1-"}),
        (
            {"type": "array", "items": WHOLE | {"minimum": 1}, "maxItems": 3},
            {"count": "0-3", "range": {"from": "1"}},
        ),
    ],
)
def test_bounds_are_said_in_the_words_of_the_language(
    tmp_path: Path, schema: Any, facts: dict[str, Any]
) -> None:
    found = imported(tmp_path, api(replying(record(a=schema))))
    field = spec_of(found)["records"]["FindItResult"]["fields"]["a"]
    assert {key: field.get(key) for key in facts} == facts
    assert said(found) == ""
    assert not found.problems


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        (TEXT | {"pattern": "^a|b$"}, "pattern"),
        (TEXT | {"pattern": "a"}, "pattern"),
        (TEXT | {"pattern": r"^(?=a)\w$"}, "pattern"),
        (TEXT | {"minLength": 5, "maxLength": 2}, "minLength"),
        ({"type": "number", "exclusiveMinimum": 0}, "exclusiveMinimum"),
        (WHOLE | {"minimum": 5, "maximum": 2}, "minimum"),
        ({"type": "array", "items": WHOLE, "uniqueItems": True}, "uniqueItems"),
    ],
)
def test_bounds_without_a_word_are_listed(tmp_path: Path, schema: Any, word: str) -> None:
    found = imported(tmp_path, api(replying(record(a=schema))))
    assert f"/{word}: " in said(found)
    assert not found.problems


@pytest.mark.parametrize(
    ("keys", "value", "place"),
    [
        (("info", "license"), {"name": "free"}, "#/info/license"),
        (("info", "contact"), {"name": "office"}, "#/info/contact"),
        (("externalDocs",), {"url": "https://example.invalid"}, "#/externalDocs"),
        (("tags",), [{"name": "meters"}], "#/tags"),
        (("paths", "/things", "summary"), "all things", "#/paths/~1things/summary"),
        (("components", "schemas", "Left"), TEXT, "#/components/schemas/Left"),
        (("components", "examples", "left"), {"value": 1}, "#/components/examples/left"),
    ],
)
def test_what_a_file_says_beside_its_operations_is_listed(
    tmp_path: Path, keys: tuple[str, ...], value: Any, place: str
) -> None:
    document = api(replying({"$ref": "#/components/schemas/Used"}), {"Used": record(a=TEXT)})
    holder = document
    for key in keys[:-1]:
        holder = holder.setdefault(key, {})
    holder[keys[-1]] = value
    [left] = imported(tmp_path, document).left_out
    assert left.place == place


def test_examples_of_bodies_replies_and_parameters_are_listed(tmp_path: Path) -> None:
    examples = {"one": {"value": {"a": "x"}}}
    content = {"application/json": {"schema": record(a=TEXT), "examples": examples}}
    given = {
        "name": "q",
        "in": "query",
        "schema": TEXT,
        "examples": examples,
        "allowReserved": True,
    }
    found = imported(
        tmp_path,
        api(
            {
                "method": "post",
                "parameters": [given],
                "requestBody": {"required": True, "content": content},
                "responses": {"200": {"description": "ok", "content": content}},
            }
        ),
    )
    assert sorted(left.what for left in found.left_out) == [
        "allowReserved",
        *["examples"] * 3,
    ]


@pytest.mark.parametrize(
    ("schema", "is_kept"),
    [
        ({"type": "integer", "minimum": 1, "default": 0}, False),
        ({"type": "integer", "minimum": 1, "default": 1}, True),
        ({"type": "number", "default": "many"}, False),
        ({"type": "string", "format": "date", "default": "today"}, False),
        ({"type": "string", "format": "date", "default": "2024-01-01"}, True),
    ],
)
def test_a_default_that_cannot_be_is_left_out(tmp_path: Path, schema: Any, is_kept: bool) -> None:
    asked = {"name": "part", "in": "query", "schema": schema}
    found = imported(tmp_path, api({**replying(record(n=WHOLE)), "parameters": [asked]}))
    assert ("default" in spec_of(found)["operations"]["find_it"]["request"]["part"]) is is_kept
    assert not found.problems


def test_an_operation_at_another_host_is_stopped_and_one_at_another_environment_is_not(
    tmp_path: Path,
) -> None:
    here, test = "https://example.invalid/v1", "https://test.example.invalid"
    file = api(replying(WHOLE), servers=[{"url": here}, {"url": test}])
    operation = file["paths"]["/things"]["get"]
    for number, url in enumerate((test, "https://files.invalid"), 1):
        other = operation | {"operationId": f"findIt{number}", "servers": [{"url": url}]}
        file["paths"][f"/things/{number}"] = {"get": other}
    found = imported(tmp_path, file)
    assert not found.problems
    assert set(spec_of(found)["operations"]) == {"find_it", "find_it1"}
    assert "another host" in said(found)
