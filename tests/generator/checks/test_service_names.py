"""Names of requests and of SOAP messages are told apart, and fit where they travel."""

import pytest

from ..support import bodies, codes_of, put, services, soap, without

APPLY = ("operations", "apply")


def test_the_specs_of_services_are_fine() -> None:
    assert [codes_of(spec()) for spec in (bodies, services, soap)] == [[], [], []]


@pytest.mark.parametrize("namespace", ["not a uri", 'urn:x"', "relative/path", "urn:<x>"])
def test_a_namespace_is_a_uri(namespace: str) -> None:
    assert "wire-not-xml" in codes_of(put(soap(), ("soap", "namespace"), namespace))


def test_what_speaks_soap_has_a_namespace() -> None:
    assert "missing-key" in codes_of(without(soap(), ("soap",)))


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


def beside(**said: object) -> list[str]:
    """Return the codes for a field beside the list of a SOAP reply, in a block of its header."""
    reply = ("operations", "get_status", "reply")
    listed = put(soap(), (*reply, "list"), {"element": "rows", "at": "12"})
    field = {"name": "x", "en": "x", "in": "soap_header", "type": "text", "at": "12", **said}
    wire = "pageID" if said.get("under") == "pageHeader" else "x"
    return codes_of(put(listed, (*reply, "beside"), {wire: field}))


def test_a_value_in_the_header_of_a_reply_stands_in_a_block_that_is_declared() -> None:
    assert beside() == []
    assert beside(under="pageHeader") == []
    assert beside(under="pageHead") == ["missing-key"]
    assert beside(under=["pageHeader", "inner"]) == ["missing-key"]


def test_an_element_of_a_block_is_of_one_type_in_requests_and_replies() -> None:
    assert beside(under="pageHeader", type="integer") == ["wire-collision"]


def test_a_value_in_the_header_of_a_reply_is_a_single_one() -> None:
    assert "misplaced-key" in beside(type="record", of="Row")
    assert "misplaced-key" in beside(type="list", of="text")
