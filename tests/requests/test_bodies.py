"""Requests with a body: JSON, XML, pairs, open records, names that the document does not give."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from gridwright_runtime.errors import (
    ConfigurationError,
    InvalidRequestError,
    UndocumentedNameError,
)
from gridwright_runtime.interface import BodySpec
from gridwright_runtime.problems import Problem

from .sample import APPLY, GET_USAGE, SAVE_INDEXES, apply_operation, models
from .support import ELSEWHERE, HERE, NOW, OPTIONS, body_of, built, drafted, problems, shown

ROW = models.IndexRow(metering_point_id=40012345, factor=Decimal("1.50"), reason='<&> "ölçümü"')


def save(*rows: Any, **values: Any) -> Any:
    return models.SaveBody(indexes=list(rows) or [ROW], **values)


def sent(**values: Any) -> Any:
    return json.loads(body_of(built(APPLY, models.ApplyRequest(**values))))


# Pairs and a payload


def test_pairs_stand_before_the_payload_in_json() -> None:
    body = body_of(built(SAVE_INDEXES, save(), format="json"))
    assert (
        body
        == (
            '{"header":[{"key":"transactionId","value":"7f1c"},{"key":"application","value":"gopweb"}],'
            '"body":{"indexes":[{"meteringPointId":40012345,"factor":1.50,'
            '"reason":"<&> \\"ölçümü\\""}]}}'
        ).encode()
    )


def test_pairs_stand_before_the_payload_in_xml() -> None:
    body = body_of(built(SAVE_INDEXES, save(), format="xml"))
    assert (
        body
        == (
            '<?xml version="1.0" encoding="UTF-8"?><saveRequest>'
            "<header><key>transactionId</key><value>7f1c</value></header>"
            "<header><key>application</key><value>gopweb</value></header>"
            "<body><indexes><meteringPointId>40012345</meteringPointId><factor>1.50</factor>"
            '<reason>&lt;&amp;&gt; "ölçümü"</reason></indexes></body></saveRequest>'
        ).encode()
    )


def test_headers_say_what_is_sent_and_what_is_wanted() -> None:
    as_json, as_xml = (
        built(SAVE_INDEXES, save(), format=format).headers for format in ("json", "xml")
    )
    assert as_json == (
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("Accept-Charset", "UTF-8"),
        ("ticket", "ST-1-INVENTED"),
    )
    assert as_xml == (
        ("Content-Type", "application/xml; charset=UTF-8"),
        ("Accept", "application/xml"),
        ("ticket", "ST-1-INVENTED"),
    )


def test_an_optional_pair_and_header_are_there_where_they_have_a_value() -> None:
    options = OPTIONS | {"client_ip": "192.0.2.7", "language": "tr-tr"}
    request = built(SAVE_INDEXES, save(), options=options, format="json")
    assert json.loads(body_of(request))["header"][2] == {"key": "clientIp", "value": "192.0.2.7"}
    assert ("Accept-Language", "tr-tr") in request.headers


def test_an_option_that_is_no_ascii_is_refused_before_anything_is_sent() -> None:
    language = "T\u00fcrk\u00e7e"
    with pytest.raises(ConfigurationError, match="language travels in a header") as caught:
        built(SAVE_INDEXES, save(), options=OPTIONS | {"language": language})
    assert language not in shown(caught.value)


@pytest.mark.parametrize("identity", ["", " ", "a\nb", "a\ud800", 7])
def test_an_identity_must_be_a_text_on_one_line(identity: Any) -> None:
    assert problems(SAVE_INDEXES, save(), identity=identity)[0] == "transaction_id not-text"


def test_pairs_are_checked_with_the_body() -> None:
    found = problems(SAVE_INDEXES, save(), identity="x" * 37, format="json")
    assert found == ["header[0].value too-long"]


def test_arguments_of_another_kind_are_refused() -> None:
    assert problems(SAVE_INDEXES, models.ApplyRequest()) == ["body wrong-type"]
    assert problems(APPLY, models.GetUsageRequest(citizen_id="1")) == [" wrong-type"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"factor": 1.5}, "factor wrong-type"),
        ({"factor": Decimal("NaN")}, "factor not-number"),
        ({"metering_point_id": "7"}, "metering_point_id wrong-type"),
        ({"metering_point_id": True}, "metering_point_id wrong-type"),
        ({"is_estimated": 1}, "is_estimated wrong-type"),
        ({"reason": "a\x00b"}, "reason control-character"),
        ({"reason": "a\ud800b"}, "reason control-character"),
        ({"factor": None}, "factor required"),
    ],
)
def test_values_that_cannot_be_written_are_problems(values: Any, problem: str) -> None:
    found = problems(SAVE_INDEXES, save(ROW, replace(ROW, **values)), format="xml")
    assert found == [f"body.indexes[1].{problem}"]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"indexes": []}, "body.indexes required"),
        ({"indexes": "17"}, "body.indexes wrong-type"),
        ({"texts": ["a", 1]}, "body.texts[1] wrong-type"),
        ({"texts": ["a\ud800"]}, "body.texts[0] control-character"),
        ({"texts": [None]}, "body.texts[0] wrong-type"),
    ],
)
def test_lists_are_checked(values: Any, problem: str) -> None:
    arguments = models.SaveBody(**({"indexes": [ROW]} | values))
    assert problems(SAVE_INDEXES, arguments, format="json") == [problem]


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        (Decimal("1E+20"), b"100000000000000000000"),
        (Decimal("1E-20"), b"0.00000000000000000001"),
        (Decimal("-0.50"), b"-0.50"),
    ],
)
def test_decimals_have_no_exponent(number: Decimal, digits: bytes) -> None:
    arguments = save(replace(ROW, factor=number))
    assert b'"factor":' + digits + b"," in body_of(built(SAVE_INDEXES, arguments, format="json"))
    assert b"<factor>" + digits + b"<" in body_of(built(SAVE_INDEXES, arguments, format="xml"))


def test_missing_values_are_left_out_or_written() -> None:
    spec = SAVE_INDEXES.request.body
    assert spec is not None
    writing = replace(
        SAVE_INDEXES,
        request=replace(SAVE_INDEXES.request, body=replace(spec, nulls="write")),
    )
    assert b"estimated" not in body_of(built(SAVE_INDEXES, save(), format="json"))
    assert b'"estimated":null' in body_of(built(writing, save(), format="json"))
    assert b"<estimated/>" in body_of(built(writing, save(), format="xml"))


# A record that is the whole body


def test_a_json_body_holds_what_was_given_and_nothing_else() -> None:
    request = built(
        APPLY,
        models.ApplyRequest(
            applicant_name="関西", wanted_on=date(2024, 10, 1), capacity_kw=Decimal("1E+3")
        ),
    )
    assert request.body == '{"applicantName":"関西","wantedOn":"20241001","capacity":1000}'.encode()
    assert request.headers == (
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
        ("Accept-Charset", "UTF-8"),
    )


def test_blanks_alone_are_refused_where_no_text_is_required() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        sent(applicant_name="\u3000 ")
    [problem] = caught.value.problems
    assert (problem.path, problem.rule) == ("applicant_name", "not-text")
    assert problem.message == "holds nothing but blanks: leave it out"


def test_blanks_alone_are_sent_under_a_name_that_the_document_does_not_have() -> None:
    assert sent(items={"x": " "}) == {"x": " "}


def test_all_problems_are_reported_at_once_without_a_value() -> None:
    arguments = models.ApplyRequest(
        applicant_name="INVENTED name too long",
        wanted_on="tomorrow",
        capacity_kw=Decimal("1.234"),
    )
    with pytest.raises(InvalidRequestError) as caught:
        built(APPLY, arguments)
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("applicant_name", "too-long"),
        ("wanted_on", "wrong-type"),
        ("capacity_kw", "too-many-decimals"),
    ]
    assert "INVENTED" not in shown(caught.value)


# Undocumented names


@pytest.mark.parametrize("base_url", [HERE, "http://localhost:1", "http://[::1]:1"])
def test_a_provisional_name_goes_to_this_machine(base_url: str) -> None:
    request = built(APPLY, models.ApplyRequest(application_number="INVENTED"), base_url)
    assert b"PROVISIONAL_application_number" in body_of(request)


def test_a_provisional_name_goes_nowhere_else() -> None:
    arguments = models.ApplyRequest(
        application_number="INVENTED", equipment=[models.Equipment(code="1")]
    )
    with pytest.raises(UndocumentedNameError) as caught:
        built(APPLY, arguments, ELSEWHERE)
    said = str(caught.value)
    assert [p.path for p in caught.value.problems] == ["application_number", "equipment.code"]
    for word in ("申込番号", "line 37", "--amend", "docs/how-to.md", "api.sample.example"):
        assert word in said
    assert "INVENTED" not in said


def test_a_request_without_provisional_names_may_go_anywhere() -> None:
    arguments = models.ApplyRequest(
        applicant_name="a", equipment=[models.Equipment(items={"x": 1})]
    )
    assert built(APPLY, arguments, ELSEWHERE).url.startswith(ELSEWHERE)


# Open records


def test_items_stand_beside_the_documented_fields() -> None:
    found = sent(applicant_name="a", items={"zip": "5300001", "n": {"deep": [1, None, True]}})
    assert found == {"applicantName": "a", "zip": "5300001", "n": {"deep": [1, None, True]}}


def test_items_of_a_record_within_stand_in_that_record() -> None:
    assert sent(equipment=[models.Equipment(items={"x": "1"})]) == {"equipment": [{"x": "1"}]}


def test_an_item_with_a_documented_name_is_a_problem() -> None:
    arguments = models.ApplyRequest(items={"applicantName": "INVENTED"})
    assert problems(APPLY, arguments) == ["applicant_name repeated-field"]


@pytest.mark.parametrize(
    "value", [object(), date(2024, 1, 1), 1.5, Decimal("NaN"), {1: 2}, "\ud800", {"\ud800": 1}]
)
def test_an_item_that_json_does_not_have_is_a_problem(value: object) -> None:
    [found] = problems(APPLY, models.ApplyRequest(items={"x": value}))
    assert found.startswith("x ")


def test_the_name_of_an_item_is_a_printable_text() -> None:
    assert problems(APPLY, models.ApplyRequest(items={"\ud800": 1})) == ["items wrong-type"]


def test_an_item_that_holds_itself_is_a_problem() -> None:
    knot: list[object] = []
    knot.append(knot)
    [found] = problems(APPLY, models.ApplyRequest(items={"x": knot}))
    assert found.startswith("x[0]")
    assert found.endswith(" wrong-type")


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**90), 10**90) | st.text('aé日\n"', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_json)
def test_any_item_of_json_arrives_as_it_was(value: object) -> None:
    assert json.loads(body_of(built(APPLY, models.ApplyRequest(items={"x": value})))) == {
        "x": value
    }


def test_what_items_hold_is_sensitive() -> None:
    arguments = models.ApplyRequest(items={"name": "INVENTED"}, applicant_name="INVENTED 2")
    assert set(built(APPLY, arguments, credentials={}).sensitive) == {"INVENTED", "INVENTED 2"}


@pytest.mark.parametrize("name", ["a b", "a><b", "1a", "x:y", "<x/>"])
def test_an_item_whose_name_no_element_can_have_is_a_problem_of_an_xml_body(name: str) -> None:
    arguments = models.ApplyRequest(equipment=[models.Equipment(items={name: "1"})])
    [found] = problems(apply_operation("xml"), arguments)
    assert found == f"equipment[0].{name} wrong-type"


@pytest.mark.parametrize("value", ["a\x00", "\ufffe", "a\nb\x0b"])
def test_an_item_that_xml_cannot_carry_is_a_problem(value: str) -> None:
    arguments = models.ApplyRequest(applicant_name="a", items={"x": ["ok", value]})
    assert problems(apply_operation("xml"), arguments) == ["x[1] control-character"]


@pytest.mark.parametrize("encoding", ["form", "multipart_form"])
@pytest.mark.parametrize("item", [None, ["b"], []])
def test_an_item_of_a_list_that_a_form_would_lose_is_a_problem(encoding: Any, item: Any) -> None:
    arguments = models.ApplyRequest(items={"x": ["a", item]})
    assert problems(apply_operation(encoding), arguments) == ["x[1] wrong-type"]


@pytest.mark.parametrize("encoding", ["form", "multipart_form"])
@pytest.mark.parametrize("item", [0, False, "b", {"deep": [None, [1]]}])
def test_an_item_of_a_list_that_a_form_can_tell_is_sent(encoding: Any, item: Any) -> None:
    arguments = models.ApplyRequest(items={"x": ["a", item]})
    body = body_of(built(apply_operation(encoding), arguments))
    assert body.count(b'name="x"') == 2 or body.count(b"x=") == 2


def test_a_list_in_a_list_is_a_problem_of_an_xml_body() -> None:
    arguments = models.ApplyRequest(items={"x": ["a"], "n": {"d": [{"e": [[1], 2]}, [3]]}})
    assert problems(apply_operation("xml"), arguments) == [
        "n.d[0].e[0] wrong-type",
        "n.d[1] wrong-type",
    ]


def test_an_open_record_may_be_an_xml_body() -> None:
    arguments = models.ApplyRequest(
        applicant_name="氏<名", items={"zip": "1\r\n", "n": {"d": [1, 2]}}
    )
    root = etree.fromstring(body_of(built(apply_operation("xml"), arguments)))
    assert root.tag == "apply"
    assert [(e.tag, e.text) for e in root.iter() if not len(e)] == [
        ("applicantName", "氏<名"),
        ("zip", "1\r\n"),
        ("d", "1"),
        ("d", "2"),
    ]


# What varies and what does not


def test_a_request_that_never_varies_is_built_once() -> None:
    draft = drafted(APPLY, models.ApplyRequest(applicant_name="a"))
    first, second = (draft.request(results={}, now=NOW) for _ in range(2))
    assert first is second
    assert draft.can_be_repeated


def test_a_large_body_is_written_once_for_all_tickets() -> None:
    draft = drafted(SAVE_INDEXES, save(), format="json")
    assert draft.steps == {"ticket"}
    one, two = (draft.request(results={"ticket": {"": text}}, now=NOW) for text in ("ST-1", "ST-2"))
    assert one.body is two.body
    assert ("ticket", "ST-1") in one.headers
    assert ("ticket", "ST-2") in two.headers
    assert "ST-2" in two.sensitive
    assert "ST-1" not in two.sensitive


def test_an_operation_without_a_body_sends_none() -> None:
    request = built(GET_USAGE, models.GetUsageRequest(citizen_id="1000000000009"))
    assert request.body is None
    assert "Content-Type" not in dict(request.headers)


def test_a_body_of_no_arguments_is_an_empty_object() -> None:
    assert built(APPLY, models.ApplyRequest()).body == b"{}"


def test_arguments_that_have_no_place_are_a_mistake_of_the_operation() -> None:
    operation = replace(GET_USAGE, request=replace(GET_USAGE.request, parts=()))
    with pytest.raises(TypeError, match="citizen_id has no place"):
        built(operation, models.GetUsageRequest(citizen_id="1"))


def test_a_check_that_knows_nothing_lets_no_half_character_through() -> None:
    def check(request: object, path: str) -> list[Problem]:
        return []

    for encoding in ("json", "xml", "form", "multipart_form"):
        body = BodySpec(encodings={"json": encoding}, root="r")
        request = replace(APPLY.request, check=check, body=body, provisional=())
        operation = replace(APPLY, request=request)
        arguments = models.ApplyRequest(applicant_name="a\ud800")
        assert problems(operation, arguments) == ["applicant_name control-character"]
