from typing import Any

from ..support import base, codes_of, put

DECLARED = {"b": {"is": "urn:example:b", "at": "1"}}


def in_xml() -> Any:
    """Return the base spec with a reply in XML, whose root is in a namespace."""
    tree = put(base(), ("conventions", "namespaces"), DECLARED)
    place = ("operations", "list_readings")
    tree = put(tree, (*place, "formats"), ["xml"])
    tree = put(tree, (*place, "reply", "root"), {"element": "r", "namespace": "b", "at": "5"})
    return put(tree, (*place, "reply", "item"), {"element": "i", "at": "5"})


def test_the_namespace_of_a_record_in_xml_is_fine() -> None:
    assert codes_of(in_xml()) == []
    named = put(in_xml(), ("operations", "list_readings", "reply", "namespace"), "none")
    assert codes_of(named) == []


def test_the_namespace_of_a_value_of_the_address_is_reported() -> None:
    place = ("operations", "list_readings", "request", "meterNo", "namespace")
    assert codes_of(put(in_xml(), place, "b")) == ["misplaced-key"]


def test_an_attribute_may_be_in_a_namespace_and_in_that_of_xml_itself() -> None:
    def codes(namespace: str) -> list[str]:
        field = {"name": "state", "type": "text", "namespace": namespace, "at": "6"}
        place = ("operations", "list_readings", "reply", "fields", "@state")
        return codes_of(put(in_xml(), place, field))

    assert codes("b") == codes("xml") == []
    assert codes("none") == ["misplaced-key"]


def test_no_element_is_in_the_namespace_of_xml_itself() -> None:
    field = {"name": "state", "type": "text", "namespace": "xml", "at": "6"}
    place = ("operations", "list_readings", "reply", "fields", "state")
    assert codes_of(put(in_xml(), place, field)) == ["unknown-namespace"]


def test_the_namespace_of_a_record_that_is_not_in_xml_is_reported() -> None:
    fields = {"a": {"name": "a", "type": "text", "at": "7"}}
    record = {"en": "x", "namespace": "b", "fields": fields, "at": "7"}
    tree = put(in_xml(), ("records",), {"Alone": record})
    assert "misplaced-key" in codes_of(tree)


def test_a_prefix_that_nothing_names_is_reported() -> None:
    tree = put(base(), ("conventions", "namespaces"), DECLARED)
    assert codes_of(tree) == ["unused"]


def test_what_cannot_be_a_namespace_is_reported() -> None:
    tree = put(in_xml(), ("conventions", "namespaces", "b", "is"), "no namespace")
    assert set(codes_of(tree)) == {"wire-not-xml"}


def test_one_namespace_has_one_prefix() -> None:
    two = {**DECLARED, "c": {"is": "urn:example:b", "at": "1"}}
    tree = put(in_xml(), ("conventions", "namespaces"), two)
    assert "name-collision" in codes_of(tree)
