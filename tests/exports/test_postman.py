"""Postman collections: a request for every operation, and no variable that is not set."""

import json
import re

import pytest

from .support import SYSTEMS, Json, exported

every_system = pytest.mark.parametrize("system", SYSTEMS)


def collection(system: str) -> Json:
    return exported(system, "postman_collection.json")


@every_system
def test_every_operation_has_a_request_and_a_check(system: str) -> None:
    operations = exported(system, "interface.json")["operations"]
    expected = [(o["name"], o["method"]) for o in operations if not o.get("known_by_example")]
    items = collection(system)["item"]
    assert [(item["name"], item["request"]["method"]) for item in items] == expected
    assert all("pm.test" in "".join(i["event"][0]["script"]["exec"]) for i in items)


@every_system
def test_every_variable_that_is_used_is_set(system: str) -> None:
    text = json.dumps(collection(system), default=str)
    used = {name for name in re.findall(r"\{\{([^}]+)\}\}", text) if not name.startswith("$")}
    assert "base_url" in used
    assert used <= {variable["key"] for variable in collection(system)["variable"]}


@every_system
def test_what_is_set_leads_to_this_machine_with_invented_credentials(system: str) -> None:
    for variable in collection(system)["variable"]:
        value = variable["value"]
        assert value == "" or value.startswith(("demo-", "http://127.0.0.1:"))


def test_a_file_travels_in_a_form_with_its_name() -> None:
    [item] = [i for i in collection("kansai_takusou")["item"] if i["name"] == "attach_file"]
    raw = item["request"]["body"]["raw"]
    assert 'name="PROVISIONAL_file"; filename="' in raw
    assert raw.endswith("--\r\n")


def test_soap_travels_as_the_first_part_of_a_multipart_message() -> None:
    item = collection("kansai_kakusyu")["item"][0]
    headers = {header["key"]: header["value"] for header in item["request"]["header"]}
    assert headers["Content-Type"].startswith("multipart/related;")
    assert "<s:Envelope" in item["request"]["body"]["raw"]
