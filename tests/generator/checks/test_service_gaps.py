"""What a spec of services may say and no target renders is reported, one thing at a time."""

import pytest

from ..support import Place, Tree, base, codes_of, put, services, soap, without

STEP = ("auth", "steps", 0)
APPLY = ("operations", "apply")
ASK = ("operations", "get_status")
LIMIT = ("limits", "pace")


def test_all_of_the_specs_of_services_is_generated() -> None:
    assert codes_of(services()) == []
    assert codes_of(soap()) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*STEP, "uses"), "once"),
        ((*STEP, "body"), "none"),
        ((*STEP, "address"), "https://login.example.com/Authenticate/<AgentID>"),
        ((*STEP, "address"), "/Authenticate"),
        ((*STEP, "address"), "/Authenticate/<AgentID>/<Other>"),
        ((*STEP, "send"), {"ClientID": "a text"}),
        ((*STEP, "send"), {"ClientID": {"production": "credential.client_id"}}),
        ((*STEP, "success_status"), "2xx"),
        ((*STEP, "read"), ["cookie sid"]),
        ((*STEP, "renew_when"), ["often"]),
        (("auth", "present", "Token", "in"), "query"),
        (("auth", "present", "Other"), {"in": "header", "value": "step.session", "at": "6"}),
        (("credentials", "unused"), {"en": "unused", "at": "4"}),
        ((*LIMIT, "kind"), "lifetime"),
        ((*LIMIT, "scope"), "host"),
        (("envelopes", "receipt", "payload"), {"element": "message", "at": "15"}),
        ((*APPLY, "body"), {"of": "Application", "arguments": "lamps", "at": "20"}),
        ((*APPLY, "body", "attachments"), "yes"),
        ((*APPLY, "reply", "attachments"), "yes"),
        ((*APPLY, "request_media"), "form"),
        ((*APPLY, "request_media"), "none"),
        ((*APPLY, "rules", 0), {"kind": "one_of", "fields": ["kind"], "en": "x", "at": "9"}),
        (("records", "Application", "fields", "kind", "type"), "binary"),
        (("records", "Receipt", "fields", "message", "type"), "binary"),
        (("operations", "get_usage", "request", "year", "in"), "form"),
        (("operations", "get_usage", "request", "year", "type"), "binary"),
        (("operations", "get_usage", "request_media"), "json"),
    ],
)
def test_what_no_service_has_is_reported(place: Place, value: Tree) -> None:
    assert "not-generated" in codes_of(put(services(), place, value))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*ASK, "method"), "PUT"),
        ((*ASK, "request_media"), "json"),
        ((*ASK, "formats"), ["json"]),
        ((*ASK, "request"), {"x": {"name": "x", "type": "text", "at": "12"}}),
        (("records", "Row", "open"), "yes"),
        (("records", "Row", "fields", "amount", "type"), "binary"),
        (
            ("auth",),
            {
                "steps": [
                    {
                        **{
                            "name": "session",
                            "method": "POST",
                            "address": "/login",
                            "body": "json",
                        },
                        **{"send": {"p": "credential.password"}, "read": ["body"], "at": "6"},
                        "lifetime": "PT8H",
                    }
                ],
                "present": {"Token": {"in": "header", "value": "step.session", "at": "6"}},
            },
        ),
    ],
)
def test_what_no_soap_service_has_is_reported(place: Place, value: Tree) -> None:
    assert "not-generated" in codes_of(put(soap(), place, value))


@pytest.mark.parametrize("place", [(*STEP, "lifetime"), ("auth", "present")])
def test_a_session_needs_an_end_and_a_header(place: Place) -> None:
    assert codes_of(without(services(), place)) == ["not-generated"]


def test_a_file_in_a_list_is_reported() -> None:
    place = ("records", "Drawing", "fields", "file")
    many = {"name": "drawings", "en": "drawings", "type": "list", "of": "binary", "at": "17"}
    assert "not-generated" in codes_of(put(services(), place, many))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("statuses", {"404": {"error": "wrong_address", "en": "x", "at": "9"}}),
        ("soap", soap()["soap"]),
        ("records", {"Open": {"open": "yes", "en": "x", "at": "9"}}),
    ],
)
def test_what_services_alone_have_is_reported_elsewhere(key: str, value: Tree) -> None:
    assert "not-generated" in codes_of(put(base(), (key,), value))


def test_a_limit_is_reported_where_requests_take_no_turns() -> None:
    limit = {"kind": "rate", "requests": "1", "per": "PT1S", "en": "x", "at": "9"}
    assert codes_of(put(base(), ("limits",), {"pace": limit})) == ["not-generated"]


@pytest.mark.parametrize("namespace", ["not a uri", 'urn:x"', "relative/path", "urn:<x>"])
def test_a_namespace_is_a_uri(namespace: str) -> None:
    assert "wire-not-xml" in codes_of(put(soap(), ("soap", "namespace"), namespace))


def test_a_soap_header_is_made_of_elements() -> None:
    field = {"with": "uuid", "name": "x", "type": "text", "at": "6"}
    assert "wire-not-xml" in codes_of(put(soap(), ("soap", "fields", "a b"), field))
    assert "wire-not-xml" in codes_of(put(soap(), ("soap", "header", "element"), "1"))


@pytest.mark.parametrize("name", ["attachments", "items", "models", "progress", "strict"])
def test_arguments_keep_clear_of_what_methods_have(name: str) -> None:
    place = ("records", "Drawing", "fields", "file", "name")
    assert "reserved-name" in codes_of(put(services(), place, name))


def test_a_name_of_an_argument_stands_once_among_address_and_body() -> None:
    parameter = {"name": "kind", "in": "query", "type": "text", "at": "20"}
    assert "name-collision" in codes_of(put(services(), (*APPLY, "request"), {"k": parameter}))


@pytest.mark.parametrize(
    ("key", "value"),
    [("apply.items", "no json"), ("apply.items", "[1]"), ("get_usage.items", "{}"), ("x.y", "1")],
)
def test_samples_are_for_arguments_of_operations(key: str, value: str) -> None:
    assert codes_of(put(services(), ("samples", key), value)) != []
