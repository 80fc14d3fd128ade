import pytest

from ..support import Tree, at, base, codes_of, put, with_parameter, with_reply_field, without

OPERATION = ("operations", "list_readings")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_these_methods_are_generated(method: str) -> None:
    assert codes_of(put(base(), (*OPERATION, "method"), method)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("method", "PUT"),
        ("method", "DELETE"),
        ("protocol", "soap11"),
        ("request_media", "form"),
        ("request_media", "multipart_related"),
        (
            "paging",
            {
                **{"begin": "a", "end": "b", "total": "c", "records": "d", "key": "e"},
                **{"name": "iter_readings", "at": "9"},
            },
        ),
        ("rules", [{"kind": "one_of", "fields": ["meterNo"], "en": "x", "at": "9"}]),
    ],
)
def test_an_operation_that_no_template_renders_is_reported(key: str, value: Tree) -> None:
    assert codes_of(put(base(), (*OPERATION, key), value)) == ["not-generated"]


@pytest.mark.parametrize("place", ["form", "body", "soap_header", "part"])
def test_a_place_that_no_request_has_is_reported(place: str) -> None:
    assert codes_of(with_parameter("x", **{"in": place})) == ["not-generated"]


@pytest.mark.parametrize("place", ["query", "header"])
def test_these_places_are_generated(place: str) -> None:
    assert codes_of(with_parameter("x", **{"in": place})) == []


@pytest.mark.parametrize("kind", ["boolean", "binary"])
def test_types_that_no_codec_reads_are_reported_in_requests_and_replies(kind: str) -> None:
    assert codes_of(with_parameter("x", type=kind)) == ["not-generated"]
    assert codes_of(with_reply_field("x", type=kind)) == ["not-generated"]


PATTERNS = [
    ("date", "yyyymmdd", True, True),
    ("date", "yyyy-MM-dd", False, False),
    ("datetime", "yyyymmddhh", True, True),
    ("datetime", "yyyymmddhhmi", True, True),
    ("datetime", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", False, False),
    ("month", "yyyymm", True, True),
    ("day_of_month", "dd", False, True),
    ("time", "hhmi", True, True),
]


@pytest.mark.parametrize(("kind", "pattern", "sent", "read"), PATTERNS)
def test_patterns_are_generated_where_the_runtime_has_them(
    kind: str, pattern: str, sent: bool, read: bool
) -> None:
    keys = {"type": kind, "format": pattern}
    assert codes_of(with_parameter("x", **keys)) == ([] if sent else ["not-generated"])
    assert codes_of(with_reply_field("x", **keys)) == ([] if read else ["not-generated"])


@pytest.mark.parametrize("kind", ["record", "list"])
def test_nested_records_are_reported(kind: str) -> None:
    inner = {"a": {"name": "a", "type": "text", "at": "7"}}
    record = {"en": "r", "at": "7", "fields": inner}
    tree = put(with_reply_field("x", type=kind, of="Inner"), ("records",), {"Inner": record})
    assert codes_of(tree) == ["not-generated"]


def test_a_record_that_no_reply_holds_is_checked_too() -> None:
    record = {"en": "r", "at": "7", "fields": {"a": {"name": "a", "type": "boolean", "at": "7"}}}
    assert codes_of(put(base(), ("records",), {"Inner": record})) == ["not-generated"]


def test_a_reply_without_a_list_makes_a_service_of_a_system_and_is_reported_beside_lists() -> None:
    alone = without(base(), (*OPERATION, "reply", "list"))
    assert codes_of(alone) == []
    both = put(base(), ("operations", "one_more"), at(alone, OPERATION))
    both = put(both, ("operations", "one_more", "reply", "record"), "Other")
    assert codes_of(both) == ["not-generated"]


def test_a_login_and_a_limit_are_reported() -> None:
    address = "https://login.example.com/tickets"
    step = {"name": "a", "method": "POST", "address": address, "read": ["b"], "at": "9"}
    assert codes_of(put(base(), ("auth",), {"steps": [step]})) == ["not-generated"]
    present = {"present": {"Authorization": {"in": "header", "value": "x", "at": "9"}}}
    assert codes_of(put(base(), ("auth",), present)) == ["not-generated"]
    limit = {"kind": "rate", "requests": "1", "per": "PT1S", "en": "x", "at": "9"}
    assert codes_of(put(base(), ("limits",), {"pace": limit})) == ["not-generated"]


def test_a_second_reading_in_one_record_is_reported() -> None:
    instant = {"day": "d", "time": "t", "step": "PT15M", "label_marks": "end"}
    tree = base()
    for wire, field in {
        "d": {"name": "d", "type": "date", "format": "yyyymmdd", "at": "6"},
        "t": {"name": "t", "type": "time", "format": "hhmi", "at": "6"},
        "a": {"name": "a", "type": "decimal", "at": "6", "instant": instant},
        "b": {"name": "b", "type": "decimal", "at": "6", "instant": instant},
    }.items():
        tree = put(tree, (*OPERATION, "reply", "fields", wire), field)
        assert codes_of(tree) == (["not-generated"] if wire == "b" else [])


def test_two_selectors_of_the_format_travel_in_one_place() -> None:
    tree = base()
    for wire, place in (("a", "query"), ("b", "header")):
        selector = {
            "name": wire, "type": "text", "selects": "format", "values": {"1": "json"},
            "in": place, "at": "4",
        }  # fmt: skip
        tree = put(tree, (*OPERATION, "request", wire), selector)
    assert codes_of(tree) == ["not-generated"]


def with_credential_in_a_record(credential: str) -> Tree:
    field = {"name": "key", "en": "key", "type": "text", "credential": credential, "at": "9"}
    record = {"en": "what nobody sends", "at": "9", "fields": {"key": field}}
    return put(base(), ("records",), {"Kept": record})


def test_a_credential_in_a_record_that_is_not_sent_is_reported() -> None:
    assert "not-generated" in codes_of(with_credential_in_a_record("api_key"))


def test_a_credential_of_a_record_must_be_declared() -> None:
    assert "unknown-credential" in codes_of(with_credential_in_a_record("apikey"))
