"""The document's own examples: read, judged and answered, in both forms.

They are read from their lines in the document, where it is at hand.
"""

import json
import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any, Literal

import httpx2
import msgspec
import pytest
import yaml
from jsonschema import Draft202012Validator
from lxml import etree

from gridwright_apis.epias_ecms import models
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.result import Result

from .support import (
    FORMATS,
    ISTANBUL,
    OPERATIONS,
    PASSWORD,
    PRODUCTION,
    SCHEMAS,
    SPECS,
    USERNAME,
    brief,
    document,
    make_app,
    model_of,
    read_body,
    received,
)

pytestmark = pytest.mark.skipif(
    document() is None,
    reason="the document is not at hand: its publisher keeps the copyright, "
    "so it is not in the repository",
)
# metering-point-eic-required, period-description-required
LEFT_OUT = {
    "save_indexes": {"periodDescription": "invented", "meteringPointEic": "40ZINVENTED00001"},
    "save_accruals": {"meteringPointEic": "40ZINVENTED00001"},
}
every_operation = pytest.mark.parametrize("name", list(OPERATIONS))
formats = pytest.mark.parametrize("format", FORMATS)
Part = Literal["request", "reply"]


@cache
def places() -> dict[str, Any]:
    spec = yaml.safe_load((SPECS / "interface.yaml").read_text(encoding="utf-8"))
    return {name: operation["examples"] for name, operation in spec["operations"].items()}


@cache
def lines() -> list[str]:
    path = document()
    assert path is not None
    return path.read_text(encoding="utf-8").splitlines()


def example(name: str, format: Format, part: Part) -> bytes:
    """Return an example, with what the definitions require of a save and all examples leave out."""
    body = printed(name, format, part)
    if part == "request":
        for wire, value in LEFT_OUT.get(name, {}).items():
            added = f'"{wire}":"{value}",' if format == "json" else f"<{wire}>{value}</{wire}>"
            behind = rb'"%s":[^,]*,' if format == "json" else rb"</%s>"
            pattern = behind % wire.removesuffix("Eic").removesuffix("Description").encode()
            pattern = pattern.replace(b"meteringPoint", b"meteringPointId")
            body = re.sub(pattern, rb"\g<0>" + added.encode(), body)
    return body


def printed(name: str, format: Format, part: Part) -> bytes:
    key = f"{format}_reply" if part == "reply" else format
    place = places()[name][key]["at"][-1]
    first, last = map(int, str(place).split("-"))
    return "\n".join(lines()[first - 1 : last]).encode()


def body_of(name: str, format: Format) -> Any:
    body = read(name, format).body
    assert type(body) is model_of(name)
    return body


def read(name: str, format: Format) -> Result[Any]:
    return read_body(name, example(name, format, "reply"), format)


def arguments(name: str, format: Format) -> Any:
    request = received(name, example(name, format, "request"), format)
    assert request.problems == ()
    assert request.pairs["transactionId"] == "6d553b3c-1ffc-44cc-bed6-1dce4d5b48ac"
    return request.arguments


@every_operation
@formats
def test_every_reply_is_read_as_a_success(name: str, format: Format) -> None:
    result = read(name, format)
    assert type(result.body) is model_of(name)
    assert (result.code, result.description) == ("0", "OK")


@every_operation
@formats
def test_replies_depart_from_the_definitions_only_where_an_erratum_says_so(
    name: str, format: Format
) -> None:
    expected = []
    if (name, format) == ("cancel_accruals", "xml"):
        expected = [  # cancel-reply-of-another-operation
            "additionalAccrualCancelResponse renamed-field",
            "body.cancelled_accrual_ids renamed-field",
        ]
    assert brief(read(name, format).deviations) == expected


@every_operation
def test_both_forms_of_a_reply_say_the_same(name: str) -> None:
    in_json, in_xml = body_of(name, "json"), body_of(name, "xml")
    if name == "search_indexes":  # one-record-in-two-date-forms: XML has lost the time of day
        in_json = without_times(in_json)
    assert in_json == in_xml


def without_times(body: models.IndexSearchResponseBody) -> models.IndexSearchResponseBody:
    rows = [
        msgspec.structs.replace(
            row,
            first_measured_at=day_of(row.first_measured_at),
            last_measured_at=day_of(row.last_measured_at),
        )
        for row in body.indexes or ()
    ]
    return msgspec.structs.replace(body, indexes=rows)


def day_of(at: datetime | None) -> datetime | None:
    return at and at.replace(hour=0, minute=0)


def test_the_replies_hold_what_the_document_prints() -> None:
    body: models.IndexSearchResponseBody = body_of("search_indexes", "json")
    assert body.query_information == models.QueryInformation(begin=1, end=3, count=12534)
    assert body.indexes is not None
    assert [row.index_id for row in body.indexes] == [40065, 40069, 40071]
    row = body.indexes[0]
    assert row.last_t1 == Decimal("9999999999.999")
    assert row.first_t0 is None
    # 2014-06-01T23:59:00.000+0300, when Istanbul had summer time
    assert row.first_measured_at == datetime(2014, 6, 1, 23, 59, tzinfo=ISTANBUL)
    assert row.status == "OLD_VERSION"
    saved: models.IndexSaveResponseBody = body_of("save_indexes", "xml")
    assert saved.indexes is not None
    assert (saved.indexes[0].description, saved.indexes[0].state) == (
        "endeks ölçümü",
        "Kaydedildi.",
    )
    assert saved.indexes[0].period == datetime(2016, 10, 1, tzinfo=ISTANBUL)
    cancelled: models.AccrualCancelResponseBody = body_of("cancel_accruals", "xml")
    assert cancelled.cancelled_accrual_ids == [58372, 58563]


@every_operation
@formats
def test_every_request_is_one_that_the_checks_accept(name: str, format: Format) -> None:
    assert arguments(name, format)


@pytest.mark.parametrize("name", LEFT_OUT)
@formats
def test_a_save_as_printed_lacks_what_the_definitions_require(name: str, format: Format) -> None:
    request = received(name, printed(name, format, "request"), format)
    assert [(p.wire, p.rule) for p in request.problems] == [(w, "required") for w in LEFT_OUT[name]]


@every_operation
def test_both_forms_of_a_request_say_the_same(name: str) -> None:
    in_json, in_xml = arguments(name, "json"), arguments(name, "xml")
    if name == "save_indexes":
        (row,), (other,) = in_json["indexes"], in_xml["indexes"]
        # power-type-differs, serial-number-differs
        assert (row["power_type"], other["power_type"]) == ("ACTIVE", "INDUCTIVE")
        assert row["meter_serial_number"] != other["meter_serial_number"]
        kept = ("power_type", "meter_serial_number")
        in_xml = {"indexes": [{**other, **{key: row[key] for key in kept}}]}
    assert in_json == in_xml


@every_operation
@pytest.mark.parametrize("part", ["request", "reply"])
def test_examples_fit_the_json_schema(name: str, part: Part) -> None:
    schema = json.loads((SCHEMAS / f"{name}.{part}.schema.json").read_text(encoding="utf-8"))
    tree = json.loads(example(name, "json", part), parse_float=Decimal)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(tree)] == []


@every_operation
@pytest.mark.parametrize("part", ["request", "reply"])
def test_examples_fit_the_xsd_but_for_the_one_of_another_operation(name: str, part: Part) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.{part}.xsd"))
    fits = schema.validate(etree.parse(BytesIO(example(name, "xml", part))))
    # cancel-reply-of-another-operation
    assert fits == ((name, part) != ("cancel_accruals", "reply"))


@every_operation
@formats
def test_the_mock_takes_every_request(name: str, format: Format) -> None:
    cas = "https://cas.epias.com.tr/cas/v1/tickets"
    with httpx2.Client(transport=MockTransport(make_app())) as http:
        login = {"username": USERNAME, "password": PASSWORD}
        grant = http.post(f"{cas}?format=text", data=login).text
        headers = {
            "ecms-service-ticket": http.post(f"{cas}/{grant}", data={"service": PRODUCTION}).text,
            "content-type": f"application/{format}",
            "accept": "application/json",
        }
        url = f"{PRODUCTION}/ecms-index-metering-data/rest{OPERATIONS[name].path}"
        body = example(name, format, "request")
        reply = http.post(url, content=body, headers=headers)
    assert reply.status_code == 200
    # The ids of the document are none of the mock's.
    expected = "BUSINESSERROR" if name.startswith("cancel") else "SUCCESS"
    assert reply.json()["resultType"] == expected, reply.text
