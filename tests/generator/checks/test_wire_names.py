import pytest
from lxml import etree

from ..support import (
    BASE,
    Tree,
    base,
    bodies,
    codes_of,
    codes_with,
    files_of,
    full,
    full_amendments,
    put,
    rename,
    understood,
    with_parameter,
    without,
    yaml_of,
)
from ..support import with_reply_field as json_field

OPERATION = ("operations", "list_readings")
ENVELOPE = ("envelopes", "common")
SAVE = ("operations", "save_readings")


def in_xml(tree: Tree) -> Tree:
    """Offer XML, too."""
    tree = put(tree, (*OPERATION, "formats"), ["json", "xml"])
    for part in ("root", "list", "item"):
        tree = put(tree, (*OPERATION, "reply", part), {"element": part, "at": "5"})
    return tree


@pytest.mark.parametrize(
    "name", ["a", "_a", "a-b.c", "pwr_qty0015", "요금", "ค่าไฟ", "料金", "ücret", "é", "a1"]
)
def test_a_name_of_any_script_may_be_an_element(name: str) -> None:
    assert codes_of(in_xml(json_field(name))) == []


@pytest.mark.parametrize("name", ["1a", "a b", "a:b", "<a>", "a&b", "-a", "a'b", "😀", "%"])
def test_a_name_that_is_none_of_xml_is_reported_where_xml_is_offered(name: str) -> None:
    assert codes_of(in_xml(json_field(name))) == ["wire-not-xml"]
    assert codes_of(json_field(name)) == []


@pytest.mark.parametrize("place", ["query", "form"])
def test_a_name_that_stands_in_no_xml_need_not_be_one_of_xml(place: str) -> None:
    tree = with_parameter("data[0]", **{"in": place})
    if place == "form":
        tree = put(put(tree, (*OPERATION, "method"), "POST"), (*OPERATION, "request_media"), "form")
    assert codes_of(in_xml(tree)) == []


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("data[0]", "data_x005B_0_x005D_"),
        ("요금", "요금"),
        ("1a", "_x0031_a"),
        ("a:b", "a_x003A_b"),
    ],
)
def test_a_schema_of_requests_writes_other_signs_by_their_number(name: str, element: str) -> None:
    interface, problems = understood(yaml_of(in_xml(with_parameter(name))))
    assert interface is not None and not problems
    (text,) = (
        text
        for path, text in files_of(interface).items()
        if path.endswith("list_readings.request.xsd")
    )
    schema = etree.fromstring(text.encode())
    names = [one.get("name") for one in schema.iter("{*}element")]
    assert names[-1] == element
    assert (f"Sent as {name}." in text) == (name != element)
    etree.XMLSchema(schema)


@pytest.mark.parametrize("part", ["root", "list", "item"])
def test_elements_of_a_reply_are_names_of_xml(part: str) -> None:
    tree = in_xml(base())
    assert codes_of(put(tree, (*OPERATION, "reply", part, "element"), "a b")) == ["wire-not-xml"]


def test_the_header_and_its_other_names_are_names_of_xml() -> None:
    for tree in (
        put(full(), (*ENVELOPE, "header", "element"), "a b"),
        rename(full(), (*ENVELOPE, "header", "also", "cmHeader"), "a b"),
        rename(full(), (*ENVELOPE, "header", "fields", "errMsg"), "a b"),
        rename(full(), (*ENVELOPE, "header", "fields", "successYn", "also", "sucessYn"), "a b"),
    ):
        assert "wire-not-xml" in codes_of(tree, full_amendments())


def test_the_names_of_a_series_are_names_of_xml() -> None:
    place = (*OPERATION, "reply", "fields", "q0600~q2400", "series", "wire")
    assert codes_of(put(full(), place, "{hhmm}q"), full_amendments()) == ["wire-not-xml"]


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\tb"])
def test_a_name_that_the_decoder_cannot_match_is_reported_in_replies_only(name: str) -> None:
    assert codes_of(json_field(name)) == ["wire-not-json"]
    assert codes_of(put(base(), (*OPERATION, "reply", "list", "element"), name)) == [
        "wire-not-json"
    ]
    assert codes_of(with_parameter(name)) == []


@pytest.mark.parametrize("name", ["X-Trace", "x_trace", "!#$%&'*+.^`|~"])
def test_a_token_may_be_a_header(name: str) -> None:
    assert codes_of(with_parameter(name, **{"in": "header"})) == []


@pytest.mark.parametrize("name", ["a b", "a:b", "a\r\nHost: b", "요금", "a;b", '"a"', "(a)"])
def test_a_name_that_no_header_can_have_is_reported(name: str) -> None:
    assert codes_of(with_parameter(name, **{"in": "header"})) == ["wire-not-header"]


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_an_empty_name_is_reported(name: str) -> None:
    assert "empty-wire-name" in codes_of(json_field(name))
    assert codes_of(with_parameter(name)) == ["empty-wire-name"]


def test_list_and_header_do_not_share_a_name() -> None:
    tree = put(full(), (*OPERATION, "reply", "list", "element"), "cmmHeader")
    assert codes_of(tree, full_amendments()) == ["wire-collision"]


def test_an_envelope_without_a_header_is_told_what_to_write() -> None:
    envelope = (
        "envelopes:\n  by_status:\n    at: 1\n    cases:\n"
        '      - {at: 1, status: ["404"], error: no_data, en: nothing}\n'
    )
    spec = BASE.replace("operations:\n", f"{envelope}operations:\n")
    spec = spec.replace("    reply:\n", "    envelope: by_status\n    reply:\n")
    [problem] = understood(spec)[1]
    assert problem.code == "empty-wire-name"
    assert "'by_status' has no header" in problem.message
    assert "`header:`" in problem.help


def test_a_body_in_xml_has_a_root() -> None:
    assert codes_of(without(bodies(), ("operations", "save_readings", "body", "root"))) == [
        "missing-root"
    ]


def test_names_of_nested_records_are_names_of_xml_and_json() -> None:
    place = ("records", "StoredReading", "fields", "status")
    tree = without(bodies(), (*SAVE, "reconcile"))
    assert codes_of(rename(tree, place, "a b")) == ["wire-not-xml"]
    assert codes_of(rename(tree, place, 'a"b')) == ["wire-not-json", "wire-not-xml"]
    assert codes_of(put(tree, (*SAVE, "body", "root", "element"), "a b")) == ["wire-not-xml"]


def test_what_travels_in_headers_fits_into_headers() -> None:
    assert codes_with(
        ("envelopes", "result", "language", "values"), ["tr-tr", "en\r\nHost: b"]
    ) == ["wire-not-header"]
    renamed = rename(bodies(), ("auth", "present", "service-ticket"), "a b")
    assert "wire-not-header" in codes_of(renamed)
