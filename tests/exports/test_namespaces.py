"""Schemas, OpenAPI and Postman say in which namespaces elements are."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.exchanges.files import EXCHANGES
from tests.exchanges.messages import parsed
from tests.generated_packages import write_package


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("namespaces")
    for name in ("xml_namespaces", "soap_namespaces"):
        write_package(EXCHANGES[name].spec, folder, f"exports_of.{name}")
    return folder / "schemas"


def exchanged(number: int, side: str) -> Any:
    told = EXCHANGES["xml_namespaces"].told["calls"][number]["wire"][0]
    return etree.fromstring(parsed(told[side]).body)


@pytest.mark.parametrize("side", ["request", "reply"])
def test_a_schema_takes_the_elements_where_the_document_has_them(schemas: Path, side: str) -> None:
    file = schemas / "xml_namespaces" / f"list_readings.{side}.xsd"
    etree.XMLSchema(file=str(file)).assertValid(exchanged(0, side))


def test_a_schema_refuses_them_elsewhere(schemas: Path) -> None:
    file = schemas / "xml_namespaces" / "list_readings.reply.xsd"
    assert not etree.XMLSchema(file=str(file)).validate(exchanged(1, "reply"))


def test_a_schema_refuses_an_attribute_in_another_namespace(schemas: Path) -> None:
    schema = etree.XMLSchema(file=str(schemas / "xml_namespaces" / "list_readings.reply.xsd"))
    reply = exchanged(0, "reply")
    (reading,) = reply.iter("{urn:example:objects:1}reading")
    reading.set("href", reading.attrib.pop("{http://www.w3.org/1999/xlink}href"))
    assert not schema.validate(reply)


def test_openapi_names_namespace_and_prefix(schemas: Path) -> None:
    text = (schemas / "xml_namespaces" / "openapi.json").read_text("utf-8")
    known = json.loads(text)["components"]["schemas"]
    reading = known["Reading"]["properties"]
    assert reading["point"]["xml"] == {"namespace": "urn:example:objects:1", "prefix": "o"}
    assert reading["note"]["xml"] == {"namespace": "urn:example:messages:1", "prefix": "m"}
    assert known["Point"]["properties"]["legacy"]["xml"] == {"x-gridwright": {"namespace": ""}}
    xlink = {"namespace": "http://www.w3.org/1999/xlink", "prefix": "xlink"}
    assert reading["href"]["xml"] == {"attribute": True} | xlink
    assert reading["values"]["properties"]["lang"]["xml"]["prefix"] == "xml"


def test_postman_writes_them_with_their_prefixes(schemas: Path) -> None:
    text = (schemas / "soap_namespaces" / "postman_collection.json").read_text("utf-8")
    bodies = {item["name"]: item["request"]["body"]["raw"] for item in items_of(json.loads(text))}
    envelope = etree.fromstring(next(iter(bodies.values())).encode())
    tags = [element.tag for element in envelope.iter()]
    assert "{urn:example:header:1}page" in tags
    assert "{urn:example:messages:1}listReadings" in tags
    assert "{urn:example:objects:1}code" in tags


def items_of(folder: Any) -> list[Any]:
    found = []
    for item in folder["item"]:
        found += items_of(item) if "item" in item else [item]
    return found
