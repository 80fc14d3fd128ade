import pytest

from ..support import (
    Place,
    Tree,
    at,
    bodies,
    codes_of,
    put,
    rename,
    understood,
    without,
    yaml_of,
)

SAVE, SEARCH = ("operations", "save_readings"), ("operations", "search_readings")
ENVELOPE = ("envelopes", "result")
RULE = {"kind": "required_if", "field": "body.readings.note", "en": "x", "at": "31"}


def changed(place: Place, value: Tree) -> list[str]:
    return codes_of(put(bodies(), place, value))


def test_the_body_demo_is_fine() -> None:
    assert codes_of(bodies()) == []


def test_the_arguments_are_a_record_of_the_body() -> None:
    assert changed((*SAVE, "body", "arguments"), "header") == ["wrong-field"]


@pytest.mark.parametrize(
    ("wire", "code"), [("bodi", "unknown-field"), ("resultCode", "wrong-field")]
)
def test_the_payload_is_a_record_of_every_reply(wire: str, code: str) -> None:
    assert code in changed((*ENVELOPE, "payload", "element"), wire)


@pytest.mark.parametrize(("key", "value"), [("field", "body"), ("key", "name"), ("value", "key2")])
def test_the_pairs_are_a_list_of_records_in_every_body(key: str, value: str) -> None:
    assert changed((*ENVELOPE, "pairs", key), value) == ["unknown-field"]


def test_the_identity_is_one_of_the_pairs() -> None:
    assert changed((*ENVELOPE, "identity"), "requestId") == ["unknown-field"]


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ({"when": {"body.readings.reason": ["OTHER"]}}, []),
        ({}, ["missing-key"]),
        ({"values": ["x"]}, ["misplaced-key", "missing-key"]),
        ({"kind": "forbidden", "values": ["x"]}, []),
        ({"kind": "forbidden", "when": {"body.readings.reason": ["OTHER"]}},
         ["misplaced-key", "missing-key"]),
        ({"kind": "not_after"}, ["wrong-field"]),
        ({"when": {"body.readings.reason": ["OTHER"]}, "field": "body.readings.nota"},
         ["unknown-field"]),
        ({"when": {"body.readings.reasen": ["x"]}}, ["unknown-field"]),
    ],
)  # fmt: skip
def test_a_rule_says_what_its_kind_needs_and_nothing_else(rule: Tree, codes: list[str]) -> None:
    assert changed((*SAVE, "rules"), [{**RULE, **rule}]) == codes


def test_a_rule_is_about_one_field() -> None:
    fields = ["body.readings.note", "body.readings.reason"]
    rule = {**without(RULE, ("field",)), "fields": fields, "when": {fields[1]: ["OTHER"]}}
    assert changed((*SAVE, "rules"), [rule]) == ["wrong-field"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("begin", "body.criteria.meterId", "wrong-field"),
        ("begin", "body.range", "wrong-field"),
        ("begin", "header.key", "wrong-field"),
        ("end", "body.range.last", "unknown-field"),
        ("total", "resultCode", "wrong-field"),
        ("total", "body.readings", "wrong-field"),
        ("records", "body.count", "wrong-field"),
        ("records", "resultCode", "wrong-field"),
        ("key", "uid", "unknown-field"),
    ],
)
def test_a_page_is_two_numbers_asked_and_a_list_and_a_number_got(
    key: str, value: str, code: str
) -> None:
    assert code in changed((*SEARCH, "paging", key), value)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("search", "find_readings", "unknown-operation"),
        ("search", "save_readings", "wrong-field"),
        ("search", "list_points", "wrong-field"),
        ("by", ["energy"], "unknown-field"),
        ("by", ["begin"], "unknown-field"),
        ("standing", {"state": ["ACTIVE"]}, "unknown-field"),
    ],
)
def test_what_was_sent_can_be_searched_for(key: str, value: Tree, code: str) -> None:
    assert changed((*SAVE, "reconcile", key), value) == [code]


def test_a_helper_says_by_which_fields_it_searches() -> None:
    assert codes_of(without(bodies(), (*SAVE, "reconcile", "by"))) == ["wrong-field"]


@pytest.mark.parametrize(("type_", "codes"), [("text", ["wrong-field"]), ("integer", [])])
@pytest.mark.parametrize("is_within", [True, False])
def test_what_is_stored_can_be_what_was_sent(type_: str, codes: list[str], is_within: bool) -> None:
    fields = ("records", "StoredReading", "fields")
    tree = put(bodies(), (*fields, "meterId", "type"), "integer" if is_within else type_)
    parts = {"name": "parts", "en": "x", "type": "list", "required": "optional", "at": "20"}
    for record, kind in (("NewReading", "integer"), ("StoredReading", type_)):
        part = {"name": "part", "en": "x", "type": kind, "required": "optional", "at": "20"}
        inner = {"en": "part", "at": "20", "fields": {"part": part}}
        tree = put(tree, ("records", f"{record}Part"), inner)
        if is_within:
            field = {**parts, "of": f"{record}Part"}
            tree = put(tree, ("records", record, "fields", "parts"), field)
    if not is_within:
        tree = without(
            without(tree, ("records", "NewReadingPart")), ("records", "StoredReadingPart")
        )
    assert codes_of(tree) == codes


def test_without_a_helper_the_pages_alone_tell_how_to_search() -> None:
    tree = put(bodies(), (*SAVE, "reconcile"), {"search": "search_readings", "en": "x", "at": "32"})
    assert codes_of(tree) == []


@pytest.mark.parametrize("record", ["Criteria", "Range"])
def test_what_a_search_needs_is_filled_by_what_is_known(record: str) -> None:
    more = {"name": "more", "en": "x", "type": "integer", "required": "required", "at": "19"}
    place = ("records", record, "fields", "more")
    assert changed(place, more) == ["wrong-field"]
    assert changed(place, {**more, "required": "optional"}) == []


def test_what_the_criteria_need_and_nothing_fills_is_added_to_by() -> None:
    more = {"name": "more", "en": "x", "type": "integer", "required": "required", "at": "19"}
    _, problems = understood(
        yaml_of(put(bodies(), ("records", "Criteria", "fields", "more"), more))
    )
    assert [(one.message, one.help) for one in problems] == [
        (
            "the criteria need 'more', which `by:` does not name",
            "add more to `by:`, where what is sent has it",
        )
    ]


def test_criteria_stand_alone_beside_the_range() -> None:
    record = ("records", "SearchBody", "fields")
    tree = put(bodies(), (*record, "more"), at(bodies(), (*record, "criteria")))
    tree = put(tree, (*record, "more", "name"), "more")
    assert codes_of(tree) == ["wrong-field"]


def test_a_record_that_holds_itself_is_not_generated() -> None:
    record = ("records", "NewReading", "fields")
    inner = {"name": "inner", "type": "list", "of": "SaveBody", "required": "optional", "at": "14"}
    assert "record-in-itself" in codes_of(put(bodies(), (*record, "inner"), inner))


def test_a_body_in_xml_has_a_root() -> None:
    assert codes_of(without(bodies(), (*SAVE, "body", "root"))) == ["missing-root"]


def test_names_of_nested_records_are_names_of_xml_and_json() -> None:
    place = ("records", "StoredReading", "fields", "status")
    tree = without(bodies(), (*SAVE, "reconcile"))
    assert codes_of(rename(tree, place, "a b")) == ["wire-not-xml"]
    assert codes_of(rename(tree, place, 'a"b')) == ["wire-not-json", "wire-not-xml"]
    assert codes_of(put(tree, (*SAVE, "body", "root", "element"), "a b")) == ["wire-not-xml"]


def test_what_travels_in_headers_fits_into_headers() -> None:
    assert changed((*ENVELOPE, "language", "values"), ["tr-tr", "en\r\nHost: b"]) == [
        "wire-not-header"
    ]
    renamed = rename(bodies(), ("auth", "present", "service-ticket"), "a b")
    assert "wire-not-header" in codes_of(renamed)


@pytest.mark.parametrize(
    "address",
    ["http://cas.example.com/a", "cas.example.com", "https://a b", 'https://a/"', "https://u:p@a/b",
     "https://a/b\nc", ""],
)  # fmt: skip
def test_the_address_of_a_login_is_encrypted_and_nothing_more(address: str) -> None:
    place = ("auth", "steps", 0, "address", "production")
    assert changed(place, address) == ["not-an-address"]


@pytest.mark.parametrize("name", ["environment", "language", "base_url", "login_folder", "class"])
def test_an_option_keeps_clear_of_the_constructors_arguments(name: str) -> None:
    place = (*ENVELOPE, "pairs", "fill", "application", "name")
    assert changed(place, name) == ["reserved-name"]


def test_an_option_is_not_called_like_a_credential() -> None:
    place = (*ENVELOPE, "pairs", "fill", "application", "name")
    assert changed(place, "username") == ["name-collision"]


@pytest.mark.parametrize("name", ["transaction_id", "format", "models", "strict", "begin"])
def test_an_argument_keeps_clear_of_what_its_method_needs(name: str) -> None:
    place = ("records", "SaveBody", "fields", "readings", "name")
    assert changed(place, name) == ["reserved-name"]


@pytest.mark.parametrize("name", ["close", "save_readings", "search_readings"])
def test_an_iterator_keeps_clear_of_the_other_methods(name: str) -> None:
    codes = changed((*SEARCH, "paging", "name"), name)
    assert codes == (["reserved-name"] if name == "close" else ["name-collision"])


def test_an_operation_is_not_called_like_the_constant_of_the_system() -> None:
    assert codes_of(rename(bodies(), ("operations", "list_points"), "system")) == ["name-collision"]


@pytest.mark.parametrize("kind", ["", "yes"])
def test_a_rule_of_no_kind_is_told_and_no_more_is_asked_of_it(kind: str) -> None:
    rule = {**RULE, "kind": kind, "when": {"body.readings.reason": ["OTHER"]}}
    assert len(changed((*SAVE, "rules"), [rule])) == 1
