import json
import pickle
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.body_operation import BodyOperation
from gridwright_runtime.errors import (
    AuthenticationError,
    DeviationError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    RejectedError,
    SystemFailureError,
    UnexpectedReplyError,
)
from gridwright_runtime.message import RawReply

from . import sample
from .support import FORMATS, IDENTITY, ISTANBUL, OK, json_raw, read, xml_raw

HEAD = (
    "<resultCode>0</resultCode><resultDescription>OK</resultDescription>"
    "<resultType>SUCCESS</resultType>"
)


def in_xml(body: str, root: str = "indexSearchResponse") -> RawReply:
    return xml_raw(f'<?xml version="1.0" encoding="UTF-8" ?>\n<{root}>{HEAD}{body}</{root}>')


def in_json(body: object) -> RawReply:
    return json_raw({**OK, "body": body})


def read_both(as_json: object, as_xml: str, operation: BodyOperation[Any] = sample.SEARCH) -> Any:
    first = read(operation, in_json(as_json))
    second = read(operation, in_xml(as_xml), format="xml")
    assert first == second
    assert first.deviations == second.deviations
    return first


def test_both_forms_are_equal() -> None:
    result = read_both(
        {
            "queryInformation": {"begin": 1, "count": 12534, "end": 2},
            "indexes": [
                {
                    "indexId": 40065,
                    "period": "2016-06-01",
                    "powerType": "ACTIVE",
                    "factor": 6,
                    "firstT0": None,
                    "firstT1": 9999999999.999,
                    "description": " a<b ",
                    "recordDate": "2016-10-03T13:34:43.000+0300",
                    "estimated": False,
                    "status": "OLD_VERSION",
                },
                {"indexId": 40069},
            ],
        },
        "<body><queryInformation><begin>1</begin><count>12534</count><end>2</end>"
        "</queryInformation><indexes><indexId>40065</indexId><period>2016-06-01</period>"
        "<powerType>ACTIVE</powerType><factor>6</factor><firstT0 />"
        "<firstT1>9999999999.999</firstT1><description> a&lt;b </description>"
        "<recordDate>2016-10-03T13:34:43.000+0300</recordDate><estimated>false</estimated>"
        "<status>OLD_VERSION</status></indexes>"
        "<indexes><indexId>40069</indexId></indexes></body>",
    )
    row, other = result.body.indexes
    assert result.body.query_information.count == 12534
    assert row.period == datetime(2016, 6, 1, tzinfo=ISTANBUL)
    assert row.record_date == datetime(2016, 10, 3, 13, 34, 43, tzinfo=ISTANBUL)
    assert (row.first_t1, row.factor) == (Decimal("9999999999.999"), Decimal(6))
    assert row.first_t0 is None and row.is_estimated is False
    assert other.index_id == 40069
    assert result.deviations == ()


def test_a_list_of_one_is_a_list() -> None:
    result = read_both(
        {"indexes": [{"indexId": 1}]}, "<body><indexes><indexId>1</indexId></indexes></body>"
    )
    assert [row.index_id for row in result.body.indexes] == [1]


@pytest.mark.parametrize("ids", [[7], [7, 8]])
def test_lists_of_numbers(ids: list[int]) -> None:
    elements = "".join(f"<indexIds>{number}</indexIds>" for number in ids)
    result = read_both({"indexIds": ids}, f"<body>{elements}</body>", sample.CANCEL)
    assert result.body.index_ids == ids


@pytest.mark.parametrize("element", ["<indexes/>", "<indexes></indexes>", "<indexes>\n</indexes>"])
def test_empty_lists(element: str) -> None:
    result = read_both({"indexes": []}, f"<body>{element}</body>")
    assert result.body.indexes == []


def test_a_list_that_is_not_there_is_none() -> None:
    assert read_both({}, "<body></body>").body == sample.SearchReplyBody()


@pytest.mark.parametrize(
    ("as_json", "as_xml"),
    [(None, ""), (None, "<body/>"), ("", "<body/>"), (None, "<body> </body>")],
)
def test_a_reply_without_a_body(as_json: object, as_xml: str) -> None:
    first = read(sample.SEARCH, in_json(as_json))
    second = read(sample.SEARCH, in_xml(as_xml), format="xml")
    assert first.body in (None, sample.SearchReplyBody())
    assert second.body in (None, sample.SearchReplyBody())


def test_the_success_of_the_document_whose_body_is_true() -> None:
    result = read(sample.SAVE, in_json(True))
    assert result.body is None
    assert [d.rule for d in result.deviations] == ["wrong-type"]
    assert read(sample.SAVE, in_xml("<body>true</body>"), format="xml").body is None


def test_empty_texts_are_missing() -> None:
    spread = b'{"resultCode" : "0","resultType":"SUCCESS","resultDescription":"OK","body":\n'
    for body in (b'{"indexes":[{"description": ""}]}}', b'{"indexes":[{"description":\n""}]}}'):
        result = read(sample.SEARCH, json_raw(spread + body))
        assert result.body.indexes[0].description is None
    xml = "<body><indexes><description></description><firstT0> </firstT0></indexes></body>"
    row = read(sample.SEARCH, in_xml(xml), format="xml").body.indexes[0]
    assert (row.description, row.first_t0) == (None, None)


DEVIATIONS: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"more": 1}, "<more>1</more>", ["more unknown-field"]),
    ({"more": {"a": 1}}, "<more><a>1</a></more>", ["more unknown-field"]),
    ({"status": "NEW"}, "<status>NEW</status>", ["status not-a-code"]),
    ({"period": "20161001T000000Z"}, "<period>20161001T000000Z</period>", ["period not-a-date"]),
]


@pytest.mark.parametrize(("field", "element", "found"), DEVIATIONS)
def test_deviations_are_listed_and_the_rest_is_read(
    field: dict[str, Any], element: str, found: list[str]
) -> None:
    result = read_both(
        {"indexes": [{"indexId": 1}, {"indexId": 2, **field}]},
        "<body><indexes><indexId>1</indexId></indexes>"
        f"<indexes><indexId>2</indexId>{element}</indexes></body>",
    )
    assert [row.index_id for row in result.body.indexes] == [1, 2]
    assert [f"{d.path} {d.rule}" for d in result.deviations] == [
        f"body.indexes[1].{name}" for name in found
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_strict_raises_for_deviations(format: Any) -> None:
    raw = in_json({"more": 1}) if format == "json" else in_xml("<body><more>1</more></body>")
    with pytest.raises(DeviationError, match="unknown-field"):
        read(sample.SEARCH, raw, format=format, strict=True)


def test_fields_of_the_envelope_that_nobody_knows() -> None:
    result = read(sample.SEARCH, json_raw({**OK, "body": {"indexes": []}, "extra": 1}))
    assert [d.path for d in result.deviations] == ["extra"]
    raw = in_xml("<extra>1</extra><body><indexes/></body>")
    assert [d.path for d in read(sample.SEARCH, raw, format="xml").deviations] == ["extra"]


def test_namespaces_do_not_matter() -> None:
    raw = xml_raw(
        f'<a:r xmlns:a="urn:x" xmlns="urn:x">{HEAD}<body><indexes><indexId>5</indexId>'
        "</indexes></body></a:r>"
    )
    assert read(sample.SEARCH, raw, format="xml").body.indexes[0].index_id == 5


def test_a_reply_in_the_other_form_is_read_and_reported() -> None:
    result = read(sample.SEARCH, in_xml("<body><indexes><indexId>1</indexId></indexes></body>"))
    assert result.body.indexes[0].index_id == 1
    assert [d.rule for d in result.deviations] == ["other-format"]


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ({"indexId": "x"}, "not-number"),
        ({"indexId": 1.5}, "not-number"),
        ({"firstT0": "NaN"}, "not-number"),
        ({"firstT0": "Infinity"}, "not-number"),
        ({"period": "2016-10-01T00:00:00"}, "not-a-date"),
        ({"estimated": "maybe"}, "wrong-type"),
    ],
)
@pytest.mark.parametrize("format", FORMATS)
def test_values_that_cannot_be_read(format: Any, field: dict[str, Any], rule: str) -> None:
    [(name, value)] = field.items()
    raw = in_json({"indexes": [field]})
    if format == "xml":
        raw = in_xml(f"<body><indexes><{name}>{value}</{name}></indexes></body>")
    with pytest.raises(UnexpectedReplyError) as caught:
        read(sample.SEARCH, raw, format=format)
    assert [problem.rule for problem in caught.value.problems] == [rule]


def test_numbers_written_otherwise_are_read() -> None:
    row = {"indexId": "7", "factor": "1e2", "firstT0": 1e2, "estimated": "true"}
    [found] = read(sample.SEARCH, in_json({"indexes": [row]})).body.indexes
    assert (found.index_id, found.factor, found.first_t0) == (7, Decimal(100), Decimal(100))
    assert found.is_estimated is True


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("BUSINESSERROR", RejectedError),
        ("SYSTEMERROR", SystemFailureError),
        ("SECURITYERROR", AuthenticationError),
        ("BUSINESSERR", RejectedError),
        (None, RejectedError),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
def test_failures(kind: str | None, error: type[Exception], status: int) -> None:
    said = {"resultCode": "EC-1", "resultDescription": "kural: 5", "resultType": kind}
    for body in (None, {"indexes": [{"indexId": "x"}]}, "no"):
        with pytest.raises(error) as caught:
            read(sample.SAVE, json_raw({**said, "body": body}, status))
        assert isinstance(caught.value, RejectedError | SystemFailureError | AuthenticationError)
        assert (caught.value.code, caught.value.text) == ("EC-1", "kural: 5")
        assert caught.value.transaction_id == IDENTITY
        assert type(caught.value) is error
        again = pickle.loads(pickle.dumps(caught.value))
        assert (again.code, again.transaction_id) == ("EC-1", IDENTITY)
    xml = "".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value)
    with pytest.raises(error):
        read(sample.SAVE, xml_raw(f"<indexSaveResponse>{xml}<body/></indexSaveResponse>", status))


def test_a_code_of_success_with_a_failing_type_is_a_failure() -> None:
    with pytest.raises(RejectedError):
        read(sample.SAVE, json_raw({**OK, "resultType": "BUSINESSERROR"}))
    with pytest.raises(RejectedError):
        read(sample.SAVE, json_raw({**OK, "resultCode": "17"}))


def test_a_code_may_be_a_number() -> None:
    assert read(sample.SAVE, json_raw({**OK, "resultCode": 0})).code == "0"


BROKEN: list[tuple[RawReply, type[Exception]]] = [
    (RawReply(status_code=200, body=b""), UnexpectedReplyError),
    (RawReply(status_code=200, body=b"TGT is invalid"), UnexpectedReplyError),
    (RawReply(status_code=200, body=b"<!DOCTYPE html><html><body>x</body></html>"), HtmlReplyError),
    (RawReply(status_code=500, body=b"<html>x</html>"), HtmlReplyError),
    (RawReply(status_code=500, body=b"oops"), HttpStatusError),
    (RawReply(status_code=302, body=b""), HttpStatusError),
    (RawReply(status_code=401, body=b"<html>x</html>"), AuthenticationError),
    (RawReply(status_code=403, body=b""), AuthenticationError),
    (RawReply(status_code=429, body=b""), LimitError),
    (json_raw(b"[]"), UnexpectedReplyError),
    (json_raw(b"{}"), UnexpectedReplyError),
    (json_raw(b'{"resultDescription": "OK"}'), UnexpectedReplyError),
    (
        json_raw(b'{"resultCode":"0","resultType":"SUCCESS","body":{"indexes":[{'),
        UnexpectedReplyError,
    ),
    (json_raw(b"[" * 100_000), UnexpectedReplyError),
    (in_json([1]), UnexpectedReplyError),
    (in_json({"indexes": {"indexId": 1}}), UnexpectedReplyError),
    (in_json({"indexes": [None]}), UnexpectedReplyError),
    (
        json_raw(b'{"resultCode":"0","body":{"indexes":[{"factor":1e99999999999999999999}]}}'),
        UnexpectedReplyError,
    ),
    (in_xml("<body><indexes><indexId>1</indexId></indexes>"), UnexpectedReplyError),
    (xml_raw("<indexSaveResponse/>"), UnexpectedReplyError),
    (
        xml_raw('<!DOCTYPE r [<!ENTITY a "aaaa">]><r><resultCode>&a;</resultCode></r>'),
        UnexpectedReplyError,
    ),
    (xml_raw("<r><resultCode>&xxe;</resultCode></r>"), UnexpectedReplyError),
    (xml_raw("<a>" * 5000), UnexpectedReplyError),
]


@pytest.mark.parametrize(("raw", "error"), BROKEN, ids=[str(n) for n in range(len(BROKEN))])
def test_what_is_no_reply(raw: RawReply, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        read(sample.SAVE, raw)
    assert isinstance(caught.value, UnexpectedReplyError | AuthenticationError | LimitError)
    assert caught.value.raw is raw


def test_a_bomb_of_entities_is_refused() -> None:
    bomb = (
        '<!DOCTYPE b [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
        + "]><b>&a8;</b>"
    )
    with pytest.raises(UnexpectedReplyError, match="document type"):
        read(sample.SEARCH, xml_raw(bomb), format="xml")


def test_control_characters_are_put_right_and_reported() -> None:
    raw = in_xml("<body><indexes><description>a\x01b</description></indexes></body>")
    result = read(sample.SEARCH, raw, format="xml")
    assert result.body.indexes[0].description == "a\ufffdb"
    assert [d.rule for d in result.deviations] == ["control-character"]


def test_the_raw_reply_and_masked_repr() -> None:
    raw = in_json({"indexes": [{"meteringPointId": 40012345}]})
    result = read(sample.SEARCH, raw)
    assert result.raw is raw
    assert "40012345" not in repr(result) + repr(result.body)
    assert repr(result) == f"Result(SearchReplyBody, HTTP 200, transaction {IDENTITY})"
    assert json.loads(raw.body)["body"]["indexes"][0]["meteringPointId"] == 40012345


ODD_NUMBERS = [
    "NaN",
    " -sNaN12",
    "Infinity",
    "N_a_N",
    "\u2003+inf",
    "_i_nf",
    "\u2003nan",
    "1_5",
    "_15",
    "15_",
    "1５",
    "\u0661",
    "1,5",
]


@pytest.mark.parametrize("text", ODD_NUMBERS)
@pytest.mark.parametrize("escaped", [False, True])
def test_a_text_that_only_decimal_takes_for_a_number_is_refused(text: str, escaped: bool) -> None:
    tree = {**OK, "body": {"indexes": [{"indexId": 1}, {"firstT1": text, "status": "OLD_VERSION"}]}}
    with pytest.raises(UnexpectedReplyError) as caught:
        read(sample.SEARCH, json_raw(json.dumps(tree, ensure_ascii=escaped).encode()))
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("body.indexes[1].first_t1", "not-number")
    ]


@pytest.mark.parametrize("text", ODD_NUMBERS)
def test_it_is_refused_in_xml_too(text: str) -> None:
    row = f"<indexes><firstT1>{text}</firstT1></indexes>"
    with pytest.raises(UnexpectedReplyError) as caught:
        read(sample.SEARCH, in_xml(f"<body>{row}</body>"), format="xml")
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("body.indexes[0].first_t1", "not-number")
    ]


@pytest.mark.parametrize("text", ["12.50", " 12.50\n", "1.25E1", "+12.5", "012.5"])
def test_a_number_written_as_a_text_is_read(text: str) -> None:
    result = read(sample.SEARCH, in_json({"indexes": [{"firstT1": text}]}))
    assert result.body.indexes[0].first_t1 == Decimal("12.5")


def test_numbers_are_exact_however_long() -> None:
    numbers = ["9999999999.999", "0.0000000000000000000000000001", "1234567890123456789012345678"]
    numbers += ["-12345678901234.56789012345678", "1E-20", "0.10"]
    rows = ",".join(f'{{"firstT1":{number}}}' for number in numbers)
    result = read(
        sample.SEARCH,
        json_raw(f'{{"resultCode":"0","body":{{"indexes":[{rows}]}}}}'.encode()),
    )
    assert [row.first_t1 for row in result.body.indexes] == [Decimal(one) for one in numbers]


@pytest.mark.parametrize(
    "body",
    [
        '{"resultType":"BUSINESSERROR",HEAD,"body":{"indexes":[]}}',
        '{HEAD,"body":{"indexes":[]},"resultCode":"4711"}',
        '{HEAD,"body":{"indexes":[{"indexId":1}]},"body":{"indexes":[{"indexId":2}]}}',
        '{HEAD,"body":{"indexes":[{"indexId":1}],"indexes":[{"indexId":2}]}}',
        '{HEAD,"body":{"indexes":[{"indexId":1}],"queryInformation":null,"indexes":null}}',
        '{HEAD,"body":{"indexes":[{"state":"a]"}],"queryInformation":{},"indexes":null}}',
        '{HEAD,"body":{"indexes":[{"state":"[a]"}],"queryInformation":null,"indexes":[]}}',
        '{HEAD,"body":{"indexes":[{"indexId":1}],"\\u0069ndexes":[{"indexId":2}]}}',
        '{HEAD, "body": {"indexes": [{"state": ""}], "indexes": []}}',
    ],
)
def test_which_of_two_lists_or_verdicts_counts_is_not_guessed(body: str) -> None:
    head = json.dumps(OK)[1:-1]
    with pytest.raises(UnexpectedReplyError, match="more than once"):
        read(sample.SEARCH, json_raw(body.replace("HEAD", head).encode()))


@pytest.mark.parametrize(
    "body",
    [
        "<resultType>BUSINESSERROR</resultType><body/>",
        "<body><indexes/></body><body><indexes/></body>",
        "<body/><body><indexes><indexId>1</indexId></indexes></body>",
        "<body/><resultCode>4711</resultCode>",
    ],
)
def test_nor_is_it_in_xml(body: str) -> None:
    with pytest.raises(UnexpectedReplyError, match="more than once"):
        read(sample.SEARCH, in_xml(body), format="xml")


def test_names_that_records_share_with_what_surrounds_them_are_no_repetition() -> None:
    tree = {"indexes": [{"state": "indexes", "description": '[body] "body"'}]}
    assert read(sample.SEARCH, in_json(tree)).deviations == ()


def test_a_field_that_a_record_has_twice_is_a_deviation() -> None:
    body = json.dumps({**OK, "body": {"indexes": [{"indexId": 1}, "-"]}})
    raw = json_raw(body.replace('"-"', '{"indexId":2,"state":"a","indexId":3}').encode())
    result = read(sample.SEARCH, raw)
    assert [(d.path, d.rule) for d in result.deviations] == [
        ("body.indexes[1].indexId", "repeated-field")
    ]
