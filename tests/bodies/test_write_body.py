from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridwright_runtime.body_operation import BodyOperation
from gridwright_runtime.body_request import build_body_request
from gridwright_runtime.encoders import Unencodable
from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.operation import Format
from gridwright_runtime.record import Record
from gridwright_runtime.write_body import json_body, wire_tree, xml_body

from . import sample
from .support import (
    IDENTITY,
    ISTANBUL,
    OK,
    PERIOD,
    instant,
    json_raw,
    read,
    request,
    xml_raw,
)


def written(operation: BodyOperation[Any], payload: Record, format: Format) -> bytes:
    body = build_body_request(
        operation,
        payload,
        transaction_id=IDENTITY,
        options={"application": "gopweb"},
        format=format,
        base_url="https://api.sample.example",
    ).body
    assert isinstance(body, bytes)
    return body


FULL = request(
    first_t0=Decimal("9999999999.999"),
    first_t1=Decimal("1234567890123456789012345678"),
    reason="OTHER",
    description='endeks <&> "ölçümü"',
    is_estimated=True,
)
JSON_HEADER = (
    b'{"header":[{"key":"transactionId","value":"6d553b3c-1ffc-44cc-bed6-1dce4d5b48ac"},'
    b'{"key":"application","value":"gopweb"}],"body":'
)
XML_HEADER = (
    b"<header><key>transactionId</key><value>6d553b3c-1ffc-44cc-bed6-1dce4d5b48ac</value></header>"
    b"<header><key>application</key><value>gopweb</value></header>"
)
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

VECTORS: list[tuple[BodyOperation[Any], Record, bytes, bytes]] = [
    (
        sample.SAVE,
        sample.SaveBody(indexes=[FULL]),
        JSON_HEADER
        + b'{"indexes":[{"period":"2016-10-01T00:00:00.000+0300","meteringPointId":40012345,'
        b'"powerType":"ACTIVE","factor":1,"firstT0":9999999999.999,'
        b'"firstT1":1234567890123456789012345678,"reason":"OTHER",'
        + '"description":"endeks <&> \\"ölçümü\\"","estimated":true}]}}'.encode(),
        DECLARATION
        + b"<indexSaveRequest>"
        + XML_HEADER
        + b"<body><indexes><period>2016-10-01T00:00:00.000+0300</period>"
        b"<meteringPointId>40012345</meteringPointId><powerType>ACTIVE</powerType>"
        b"<factor>1</factor><firstT0>9999999999.999</firstT0>"
        b"<firstT1>1234567890123456789012345678</firstT1><reason>OTHER</reason>"
        + '<description>endeks &lt;&amp;&gt; "ölçümü"</description>'.encode()
        + b"<estimated>true</estimated></indexes></body></indexSaveRequest>",
    ),
    (
        sample.SEARCH,
        sample.SearchBody(
            criterias=sample.Criterias(period=datetime(2016, 1, 1, tzinfo=ISTANBUL)),
            range=sample.Range(begin=1, end=3),
        ),
        JSON_HEADER + b'{"criterias":{"period":"2016-01-01T00:00:00.000+0200"},'
        b'"range":{"begin":1,"end":3}}}',
        DECLARATION
        + b"<indexSearchRequest>"
        + XML_HEADER
        + b"<body><criterias><period>2016-01-01T00:00:00.000+0200</period></criterias>"
        b"<range><begin>1</begin><end>3</end></range></body></indexSearchRequest>",
    ),
    (
        sample.SEARCH,
        sample.SearchBody(criterias=sample.Criterias()),
        JSON_HEADER + b'{"criterias":{}}}',
        DECLARATION
        + b"<indexSearchRequest>"
        + XML_HEADER
        + b"<body><criterias></criterias></body></indexSearchRequest>",
    ),
    (
        sample.CANCEL,
        sample.CancelBody(index_ids=[7, 8]),
        JSON_HEADER + b'{"indexIds":[7,8]}}',
        DECLARATION
        + b"<indexCancelRequest>"
        + XML_HEADER
        + b"<body><indexIds>7</indexIds><indexIds>8</indexIds></body></indexCancelRequest>",
    ),
]


@pytest.mark.parametrize(("operation", "payload", "as_json", "as_xml"), VECTORS)
def test_vectors(
    operation: BodyOperation[Any], payload: Record, as_json: bytes, as_xml: bytes
) -> None:
    assert written(operation, payload, "json") == as_json
    assert written(operation, payload, "xml") == as_xml


def test_missing_values_are_left_out_or_written() -> None:
    record = sample.Range(begin=1)
    assert wire_tree(record, "omit") == {"begin": 1}
    tree = wire_tree(record, "write")
    assert json_body(tree) == b'{"begin":1,"end":null}'
    assert xml_body(tree, "range") == DECLARATION + b"<range><begin>1</begin><end/></range>"


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        (Decimal("1E+20"), b"100000000000000000000"),
        (Decimal("1E-20"), b"0.00000000000000000001"),
        (Decimal("0E-10"), b"0.0000000000"),
        (Decimal("-0.50"), b"-0.50"),
        (7, b"7"),
    ],
)
def test_decimals_have_no_exponent(number: Any, digits: bytes) -> None:
    payload = sample.SaveBody(indexes=[request(factor=number)])
    assert b'"factor":' + digits + b"}" in written(sample.SAVE, payload, "json")
    assert b"<factor>" + digits + b"</factor>" in written(sample.SAVE, payload, "xml")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"period": datetime(2016, 10, 1)}, "period naive-time"),
        ({"period": "2016-10-01"}, "period wrong-type"),
        ({"period": instant(2016, 10, 1).date()}, "period wrong-type"),
        ({"period": instant(2016, 10, 1, 0, 0, 0, 1)}, "period not-a-date"),
        ({"period": instant(1900, 1, 1)}, "period not-a-date"),
        ({"factor": 1.5}, "factor wrong-type"),
        ({"factor": Decimal("NaN")}, "factor not-number"),
        ({"metering_point_id": "7"}, "metering_point_id wrong-type"),
        ({"metering_point_id": True}, "metering_point_id wrong-type"),
        ({"is_estimated": 1}, "is_estimated wrong-type"),
        ({"description": "a\x00b"}, "description control-character"),
        ({"description": "a\ufffeb"}, "description control-character"),
        ({"description": "a\ud800b"}, "description control-character"),
        ({"power_type": None}, "power_type required"),
        ({"power_type": ""}, "power_type required"),
        ({"reason": "OTHER", "description": ""}, "description required"),
    ],
)
def test_values_that_cannot_be_written_are_problems(values: Any, problem: str) -> None:
    payload = sample.SaveBody(indexes=[request(), request(**values)])
    with pytest.raises(InvalidRequestError) as caught:
        written(sample.SAVE, payload, "xml")
    assert [f"{p.path} {p.rule}" for p in caught.value.problems] == [f"body.indexes[1].{problem}"]


@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        ([], "body.index_ids required"),
        ([1, "x"], "body.index_ids[1] wrong-type"),
        ([None], "body.index_ids[0] wrong-type"),
        ("17", "body.index_ids wrong-type"),
        (7, "body.index_ids wrong-type"),
    ],
)
def test_lists_of_values_are_checked(ids: Any, problem: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        written(sample.CANCEL, sample.CancelBody(index_ids=ids), "json")
    assert [f"{p.path} {p.rule}" for p in caught.value.problems] == [problem]


def test_what_the_check_does_not_know_is_reported_all_the_same() -> None:
    wrong = sample.Range(begin="x")  # type: ignore[arg-type]  # a wrong type is what is tested
    assert isinstance(wire_tree(wrong, "omit")["begin"], Unencodable)


decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**27), max_value=10**27)
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff"),
    min_size=1,
)
instants = st.datetimes(
    min_value=datetime(1930, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.just(ISTANBUL),
    allow_imaginary=False,
).map(lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))
integers = st.integers(-(10**18), 10**18)
row_records = st.builds(
    sample.IndexRow,
    index_id=st.none() | integers,
    period=st.none() | instants,
    power_type=st.none() | st.sampled_from(sample.POWER_TYPES),
    factor=st.none() | decimals,
    first_t0=st.none() | decimals,
    description=st.none() | texts,
    is_estimated=st.none() | st.booleans(),
)


@given(
    records=st.lists(row_records, min_size=1, max_size=3), nulls=st.sampled_from(("omit", "write"))
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_round_trips_in_both_forms(records: list[sample.IndexRow], nulls: Any) -> None:
    payload = sample.SaveReplyBody(indexes=records)
    if nulls == "omit":
        # Records without any value are empty elements: there XML cannot tell them from no record.
        payload = sample.SaveReplyBody(
            indexes=[record for record in records if wire_tree(record, "omit")]
        )
    tree = {**OK, "body": wire_tree(payload, nulls)}
    as_json = read(sample.SAVE, json_raw(json_body(tree)))
    as_xml = read(sample.SAVE, xml_raw(xml_body(tree, "indexSaveResponse")), format="xml")
    assert as_json.body == payload
    if payload.indexes:
        assert as_xml == as_json
    for result in (as_json, as_xml):
        assert result.deviations == ()
        for read_back, sent in zip(result.body.indexes or (), payload.indexes or (), strict=False):
            for name in ("factor", "first_t0"):
                assert str(getattr(read_back, name)) in (
                    str(getattr(sent, name)),
                    _plain(getattr(sent, name)),
                    str(Decimal(_plain(getattr(sent, name)))) if getattr(sent, name) else "None",
                )


def _plain(value: Decimal | None) -> str:
    return "None" if value is None else format(value, "f")


def test_the_sample_of_the_document_is_written_like_it() -> None:
    payload = sample.SaveBody(indexes=[request(period=PERIOD)])
    assert b'"2016-10-01T00:00:00.000+0300"' in written(sample.SAVE, payload, "json")
