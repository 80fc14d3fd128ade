"""Postman collections: a request for every operation, and no variable that is not set."""

import json
import re

import pytest
import yaml
from tests.generator.support import understood, yaml_of

from gridwright.targets.postman import postman_collection

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


LOGIN = """
name: token
method: POST
address: "https://login.example.com/token"
body: form
send: {grant_type: refresh_token, refresh_token: credential.given}
read: {access: [body access_token], refresh: [body refresh_token]}
lifetime: PT1H
renew: {send: {grant_type: refresh_token, refresh_token: step.token.refresh}, at: "3"}
at: "3"
"""


def with_login(step: str) -> Json:
    made = {
        "gridwright": "1", "system": "demo", "title": {"text": "Demo", "en": "Demo", "at": "1"},
        "document": {"file": "demo.txt", "title": "Demo", "language": "en", "at": "1"},
        "conventions": {
            "required_marks": {"M": "required"}, "time_zone": {"name": "UTC", "at": "1"},
        },
        "servers": {
            "production": {"address": "https://api.example.com", "default": "yes", "at": "2"},
        },
        "credentials": {
            "given": {"en": "given", "secret": "yes", "environment": "DEMO_GIVEN", "at": "3"},
        },
        "auth": {
            "at": "3", "steps": [yaml.safe_load(step)],
            "present": {
                "Authorization": {"in": "header", "value": "Bearer {step.token.access}", "at": "3"},
                "X-State": {"in": "header", "value": "{step.token.refresh}", "at": "3"},
            },
        },
        "operations": {"ask": {
            "wire_name": "ask", "en": "question", "kind": "read", "at": "3", "method": "GET",
            "address": {"text": "/ask", "at": "3"}, "formats": ["json"],
            "reply": {"value": {"name": "state", "type": "text", "at": "4"}},
        }},
    }  # fmt: skip
    found, problems = understood(yaml_of(made))
    assert found is not None and not problems
    return postman_collection(found)


def script(made: Json) -> str:
    return "\n".join(made["event"][0]["script"]["exec"])


def test_each_part_of_a_result_has_a_variable_of_its_own() -> None:
    made = with_login(re.sub("renew: .*\n", "", LOGIN))
    headers = {one["key"]: one["value"] for one in made["item"][0]["request"]["header"]}
    assert headers == {"Authorization": "Bearer {{token-access}}", "X-State": "{{token-refresh}}"}
    assert {"token-access", "token-refresh"} <= {one["key"] for one in made["variable"]}
    assert 'pm.collectionVariables.set("token-access", found);' in script(made)
    assert 'pm.collectionVariables.set("token-refresh", found2);' in script(made)


def test_a_login_that_is_renewed_sends_what_was_given_once_and_then_what_came_last() -> None:
    made = with_login(LOGIN)
    text = script(made)
    log_in, renew = text.index("const log_in_token"), text.index("if (pm.collectionVariables.get(")
    assert "{{given}}" in text[log_in:renew]
    assert "{{token-refresh}}" in text[renew:]
    assert "{{given}}" not in text[renew:]
    assert "return log_in_token();" in text[renew:]
    assert "token-refresh" in made["info"]["description"]


def test_what_another_has_given_is_not_renewed_by_what_the_former_one_got() -> None:
    text = script(with_login(LOGIN))
    assert (
        'whose_token = CryptoJS.SHA256(pm.variables.replaceIn("{{login_url}}\\n{{given}}"' in text
    )
    assert 'if (pm.collectionVariables.get("token-of") === whose_token' in text


def test_a_login_that_is_not_renewed_says_nothing_of_it() -> None:
    made = with_login(re.sub("renew: .*\n", "", LOGIN))
    assert "renews" not in made["info"]["description"]
    assert "token-of" not in json.dumps(made)
