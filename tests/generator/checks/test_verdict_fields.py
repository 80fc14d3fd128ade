import pytest

from ..support import Tree, base, codes_of, problems_of, put, services, without, yaml_of

FIELDS = ("records", "Receipt", "fields")


def renamed(wire: str) -> Tree:
    """Return the spec of services where a field of the reply got another name."""
    tree = services()
    field = tree["records"]["Receipt"]["fields"][wire]
    return put(without(tree, (*FIELDS, wire)), (*FIELDS, "renamed"), field)


def test_a_reply_that_has_what_it_is_judged_by_is_right() -> None:
    assert codes_of(services()) == []


def test_a_renamed_reason_would_never_be_seen() -> None:
    assert codes_of(renamed("message")) == ["unknown-field"]


@pytest.mark.parametrize("key", ["success", "code"])
def test_what_judges_a_reply_must_be_in_it(key: str) -> None:
    value: Tree = {"state": ["00"]} if key == "success" else "state"
    tree = put(services(), ("envelopes", "receipt", key), value)
    assert "unknown-field" in codes_of(tree)


def test_a_name_is_reported_once_whatever_the_number_of_operations() -> None:
    tree = renamed("message")
    tree["operations"]["again"] = {**tree["operations"]["apply"], "wire_name": "Mshkm2"}
    assert len([p for p in problems_of(yaml_of(tree)) if "unknown-field" in p]) == 1


@pytest.mark.parametrize("word", ["has", "lacks"])
def test_a_path_of_a_case_that_begins_at_a_field_of_the_header_is_reported(word: str) -> None:
    header = {
        "element": "errors", "presence": "optional", "at": "8",
        "fields": {"code": {"name": "code", "type": "text", "at": "8"}},
    }  # fmt: skip
    for path, found in (("code", ["wrong-field"]), ("errors", []), (["errors", "code"], [])):
        case = {word: path, "error": "rejected", "en": "no", "at": "9"}
        envelope = {"header": header, "cases": [case], "code": "code", "at": "8"}
        tree = put(base(), ("envelopes",), {"common": envelope})
        tree = put(tree, ("operations", "list_readings", "envelope"), "common")
        assert codes_of(tree) == found
