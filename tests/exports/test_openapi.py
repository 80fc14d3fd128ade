"""OpenAPI documents are valid, whole, and true to their own examples."""

import json
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.generator.support import base, generated, understood, yaml_of

from gridwright.targets.openapi.document import openapi_document

from .support import REST, SAMPLES, Json, exported, operations, problems

ALL = [*REST, *SAMPLES]
every_document = pytest.mark.parametrize("name", ALL)
every_system = pytest.mark.parametrize("system", REST)


def operation_of(name: str, operation: str) -> Json:
    return next(o for _, _, o in operations(exported(name)) if o["operationId"] == operation)


def schema_of(name: str, schema: str) -> Json:
    found: Json = exported(name)["components"]["schemas"][schema]
    return found


@every_document
def test_documents_are_valid(name: str) -> None:
    assert [e.message for e in OpenAPIV31SpecValidator(exported(name)).iter_errors()] == []


def test_a_wrong_document_is_not_valid() -> None:
    document = {key: part for key, part in exported("thai_moi_power").items() if key != "info"}
    assert list(OpenAPIV31SpecValidator(document).iter_errors())


@every_document
def test_examples_fit_their_own_schemas(name: str) -> None:
    document = exported(name)
    count = 0
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert problems(document, parameter["schema"], parameter["example"]) == []
            count += 1
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in media:
                assert problems(document, media["schema"], media["example"]) == []
                count += 1
    assert count


@every_system
def test_every_operation_is_there_with_its_address(system: str) -> None:
    interface = exported(system, "interface.json")
    expected = {
        (o["path"], o["method"].lower(), o["name"])
        for o in interface["operations"]
        if not o.get("known_by_example")
    }
    found = {(path, m, o["operationId"]) for path, m, o in operations(exported(system))}
    assert found == expected


@every_system
def test_every_parameter_is_there_or_is_what_a_login_gives(system: str) -> None:
    interface = exported(system, "interface.json")
    schemes = exported(system)["components"].get("securitySchemes", {})
    secret = {(scheme["in"], scheme["name"]) for scheme in schemes.values()}
    for operation in interface["operations"]:
        if operation.get("known_by_example"):
            continue
        told = operation_of(system, operation["name"]).get("parameters", ())
        found = {(p["in"], p["name"]) for p in told} | secret
        wanted = {(p["place"], p["field"]["wire"]) for p in operation.get("parameters", ())}
        assert wanted <= found


@every_system
def test_every_field_says_where_it_stands_in_the_document(system: str) -> None:
    for schema in exported(system)["components"]["schemas"].values():
        for name, field in schema.get("properties", {}).items():
            if facts := field.get("x-gridwright"):
                assert facts.get("at") or facts.get("reason") or facts.get("basis"), name


@every_system
def test_amendments_and_limits_are_all_told(system: str) -> None:
    interface, told = exported(system, "interface.json"), exported(system)["info"]["x-gridwright"]
    for kind, key in (("amendments", "id"), ("limits", "name")):
        listed = [item[key] for item in told.get(kind, ())]
        assert listed == [item[key] for item in interface[kind]]


@every_system
def test_an_address_that_nobody_confirmed_is_no_server(system: str) -> None:
    servers = exported(system, "interface.json")["servers"]
    doubtful = [s["address"] for s in servers if s.get("address") and s.get("doubtful")]
    urls = [server["url"] for server in exported(system)["servers"]]
    assert urls
    assert not set(doubtful) & set(urls)
    if not [s for s in servers if not s.get("doubtful") and s.get("address")]:
        assert urls == ["https://server.invalid"]


def test_a_size_is_a_length_and_a_precision_a_bound() -> None:
    [customer] = [
        p
        for p in operation_of("kepco_opm", "get_day_load_profile")["parameters"]
        if p["name"] == "custNo"
    ]
    assert customer["schema"]["maxLength"] == 10
    energy = schema_of("kepco_opm", "DayLoadProfile")["properties"]["pwr_qty0015"]
    number = energy["anyOf"][0]
    assert (number["exclusiveMaximum"], str(number["multipleOf"])) == (10**10, "0.0001")
    assert energy["x-gridwright"]["unit"] == "kWh"


def test_both_media_types_are_offered_with_the_names_of_their_roots() -> None:
    operation = operation_of("epias_ecms", "save_indexes")
    for content in (operation["requestBody"]["content"], operation["responses"]["200"]["content"]):
        assert {"application/json", "application/xml"} <= set(content)
    xml = operation["requestBody"]["content"]["application/xml"]["schema"]["$ref"]
    assert schema_of("epias_ecms", xml.rpartition("/")[2])["xml"] == {
        "name": "indexMeteringSaveRequest"
    }


def test_a_form_with_a_file_is_multipart_and_the_file_binary() -> None:
    content = operation_of("kansai_takusou", "attach_file")["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    record = schema_of("kansai_takusou", "FileAttachment")
    file = record["properties"]["PROVISIONAL_file"]
    assert (file["format"], file["contentMediaType"]) == ("binary", "application/octet-stream")
    assert record["required"] == ["PROVISIONAL_file"]


def test_an_open_record_takes_what_the_document_does_not_name() -> None:
    document = exported("kansai_takusou")
    schema = {"$ref": "#/components/schemas/RegularApplication"}
    assert problems(document, schema, {"whatever": [1]}) == []
    closed = {"$ref": "#/components/schemas/SaveRequest"}
    assert problems(exported("bodies"), closed, {"whatever": [1]})


def test_a_provisional_name_is_marked_as_such() -> None:
    for schema in exported("kansai_takusou")["components"]["schemas"].values():
        for wire, field in schema.get("properties", {}).items():
            provisional = field["x-gridwright"].get("provisional", False)
            assert provisional == wire.startswith("PROVISIONAL_")


def test_a_session_is_a_key_in_a_header_and_its_login_is_told() -> None:
    document = exported("thai_moi_power")
    assert document["security"] == [{"session": []}]
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Token")
    assert "`POST /api/v1/Authenticate/{AgentID}`" in scheme["description"]
    assert "28800 seconds" in scheme["description"]
    [step] = scheme["x-gridwright"]["login"]
    assert step["send"] == {
        "ClientID": {"": "credential.client_id"},
        "ClientSecret": {"": "credential.client_secret"},
    }


def test_the_steps_of_a_login_are_told_in_their_order() -> None:
    [scheme] = exported("epias_ecms")["components"]["securitySchemes"].values()
    assert [step["name"] for step in scheme["x-gridwright"]["login"]] == ["tgt", "service_ticket"]
    assert "It serves one request." in scheme["description"]


def test_a_system_without_a_login_says_so() -> None:
    assert exported("kansai_takusou")["security"] == []


def test_documented_statuses_are_told_with_what_they_mean() -> None:
    responses = operation_of("kansai_takusou", "get_progress")["responses"]
    told = {status: r["x-gridwright"]["error"] for status, r in responses.items() if status > "2"
            and "x-gridwright" in r}  # fmt: skip
    assert told == {
        "400": "rejected",
        "404": "wrong_address",
        "500": "system",
        "503": "closed_hours",
    }


def test_a_reply_may_take_each_of_its_forms() -> None:
    document = exported("services")
    variants = [
        schema
        for schema in document["components"]["schemas"].values()
        if {"$ref": "#/components/schemas/RemovalReceipt"} in schema.get("anyOf", ())
    ]
    assert variants


def test_a_body_that_breaks_a_rule_across_fields_does_not_fit() -> None:
    document = exported("epias_ecms")
    content = operation_of("epias_ecms", "save_indexes")["requestBody"]["content"]
    media = content["application/json"]
    record = media["example"]["body"]["indexes"][0]

    def with_record(**changes: str) -> Json:
        body = {"indexes": [record, record | changes]}
        return {**media["example"], "body": body}

    fine = with_record(lastMeasureType="PERIODIC")
    assert problems(document, media["schema"], fine) == []
    forbidden = with_record(lastMeasureType="METER_CHANGING_ASSEMBLY")
    assert problems(document, media["schema"], forbidden)


@pytest.mark.parametrize(
    ("description", "fits"), [("demo", True), ("", False), (" \u3000\n", False), (None, False)]
)
def test_a_field_that_another_requires_is_required(description: str | None, fits: bool) -> None:
    document = exported("epias_ecms")
    media = operation_of("epias_ecms", "save_accruals")["requestBody"]["content"][
        "application/json"
    ]
    record = dict(media["example"]["body"]["additionalAccruals"][0]) | {"reason": "OTHER"}
    record.pop("description", None)
    if description is not None:
        record["description"] = description
    body = {**media["example"], "body": {"additionalAccruals": [record]}}
    assert (problems(document, media["schema"], body) == []) == fits


def test_an_address_that_no_line_prints_is_said_to_be_inferred() -> None:
    for server in exported("epias_ecms")["servers"]:
        assert "inferred: put together from" in server["description"]


def test_a_request_needs_the_pair_that_tells_it_from_all_others() -> None:
    document = exported("epias_ecms")
    media = operation_of("epias_ecms", "find_indexes")["requestBody"]["content"]["application/json"]
    example = media["example"]
    without = {**example, "header": [p for p in example["header"] if p["key"] != "transactionId"]}
    assert problems(document, media["schema"], without)
    assert problems(document, media["schema"], {"body": example["body"]})


def test_what_a_reply_names_is_linked_with_what_asks_about_it() -> None:
    links = operation_of("kansai_takusou", "apply_regular")["x-gridwright"]["links"]
    name = "PROVISIONAL_application_number"
    assert links["get_progress"]["requestBody"] == {name: f"$response.body#/{name}"}
    assert "get_progress" not in operation_of("kansai_takusou", "get_result")["x-gridwright"]


def test_a_call_without_an_optional_key_is_allowed() -> None:
    spec = base()
    spec["credentials"] = {"key": {"en": "key", "optional": "yes", "at": "7"}}
    spec["auth"] = {"present": {"X-Key": {"in": "header", "value": "credential.key", "at": "7"}}}
    document = json.loads(generated(yaml_of(spec))["schemas/demo/openapi.json"])
    assert document["security"] == [{"key": []}, {}]


EXCHANGES = sorted((Path(__file__).parents[1] / "exchanges").glob("*.yaml"))


def document_of(path: Path) -> Json:
    """Return the document of a spec whose exchanges are written by hand; none for SOAP."""
    found, wrong = understood(path.read_text("utf-8").partition("\n---\n")[0])
    assert found is not None and not wrong
    is_soap = any(operation.protocol != "http" for operation in found.operations)
    return {} if is_soap else openapi_document(found)


@pytest.mark.parametrize("path", EXCHANGES, ids=lambda path: path.stem)
def test_documents_of_all_exchanges_are_valid(path: Path) -> None:
    document = document_of(path)
    assert not document or list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_a_key_that_travels_in_path_or_body_is_a_value_of_the_request_and_no_scheme() -> None:
    [path] = [path for path in EXCHANGES if path.stem == "key_by_auth"]
    document = document_of(path)
    [scheme] = document["components"]["securitySchemes"].values()
    assert (scheme["in"], scheme["name"]) == ("query", "authKey")
    body = document["paths"]["/question"]["post"]["requestBody"]["content"]
    schema = body["application/x-www-form-urlencoded"]["schema"]
    assert "formKey" in schema["properties"] and "formKey" in schema["required"]
    [path] = [path for path in EXCHANGES if path.stem == "lists_in_query"]
    [(address, item)] = document_of(path)["paths"].items()
    assert address.startswith("/{key}/")
    places = [(one["name"], one["in"]) for one in item["get"]["parameters"]]
    assert ("key", "path") in places


def test_one_key_in_two_places_is_two_schemes() -> None:
    spec = base()
    spec["auth"] = {
        "at": "3",
        "present": {
            "X-One": {"in": "header", "value": "credential.api_key", "at": "3"},
            "X-Two": {"in": "header", "value": "credential.api_key", "at": "3"},
        },
    }
    spec["credentials"] = {
        "api_key": {"en": "key", "secret": "yes", "environment": "DEMO_KEY", "at": "3"}
    }
    found, wrong = understood(yaml_of(spec))
    assert found is not None and not wrong
    schemes = openapi_document(found)["components"]["securitySchemes"].values()
    assert [one["name"] for one in schemes if one["in"] == "header"] == ["X-One", "X-Two"]
