from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from gridwright_runtime.errors import ConfigurationError, InvalidRequestError
from gridwright_runtime.message import HttpRequest
from gridwright_runtime.operation import Format, Operation, Parameter
from gridwright_runtime.problems import Problem
from gridwright_runtime.request import build_request

from .sample_api import GET_BILL, GET_DAY_PROFILE, SAVE_READING
from .support import CUSTOMER, DAY, KEY, METER

ADDRESS = "https://sample.example:11080"


def build(
    operation: Operation[Any], format: Format = "json", base_url: str = ADDRESS, **values: object
) -> HttpRequest:
    return build_request(
        operation, values, format=format, base_url=base_url, credentials={"service_key": KEY}
    )


def problems(operation: Operation[Any], **values: Any) -> list[str]:
    with pytest.raises(InvalidRequestError) as caught:
        build(operation, **values)
    assert caught.value.__context__ is None
    return [f"{problem.path} {problem.rule}" for problem in caught.value.problems]


def test_a_read_is_a_get_with_a_query_in_the_documents_order() -> None:
    request = build(GET_DAY_PROFILE, customer_number=CUSTOMER, date=DAY)
    assert request.method == "GET"
    assert request.body is None
    assert request.url == f"{ADDRESS}/api/getDayProfile.do"
    assert request.query == (
        ("custNo", CUSTOMER),
        ("date", "20241001"),
        ("serviceKey", KEY),
        ("returnType", "02"),
    )
    assert request.headers == (("Accept", "application/json"),)


def test_the_query_is_percent_encoded() -> None:
    address = build(GET_DAY_PROFILE, customer_number="가 +&", date=DAY).full_url
    assert dict(parse_qsl(urlsplit(address).query))["custNo"] == "가 +&"
    assert dict(parse_qsl(urlsplit(address).query))["serviceKey"] == KEY
    assert "+" not in urlsplit(address).query


def test_each_format_is_asked_for_in_its_own_way() -> None:
    request = build(GET_DAY_PROFILE, "xml", customer_number=CUSTOMER, date=DAY)
    assert ("returnType", "01") in request.query
    assert request.headers == (("Accept", "application/xml"),)


def test_an_optional_value_is_sent_when_given() -> None:
    instant = datetime(2024, 10, 1, 15, 0, tzinfo=UTC)
    request = build(GET_DAY_PROFILE, customer_number=CUSTOMER, date=DAY, as_of=instant)
    assert ("asOf", "202410020000") in request.query


def test_a_value_in_the_path_is_encoded_and_kept_out_of_the_safe_address() -> None:
    request = build(GET_BILL, customer_number="01/23 4", month=date(2024, 10, 1))
    assert request.url == f"{ADDRESS}/api/customers/01%2F23%204/bill.do"
    assert request.safe_url == f"{ADDRESS}/api/customers/{{custNo}}/bill.do"
    assert ("dataMonth", "202410") in request.query


def test_a_value_in_the_path_cannot_lead_elsewhere() -> None:
    assert problems(GET_BILL, customer_number="..", month=date(2024, 10, 1)) == [
        "customer_number not-text"
    ]


def test_a_write_is_a_form() -> None:
    request = build(
        SAVE_READING,
        meter_number=METER,
        read_at=datetime(2024, 10, 1, 14, tzinfo=UTC),
        energy_kwh=Decimal("1E+1"),
    )
    assert request.method == "POST"
    assert request.body == f"meterNo={METER}&dateTime=202410012300&pwr_qty=10".encode()
    assert dict(request.headers)["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert [name for name, _value in request.query] == ["serviceKey", "returnType"]


def test_a_base_address_may_have_a_path() -> None:
    request = build(
        GET_DAY_PROFILE, base_url="https://a.example/p/", customer_number=CUSTOMER, date=DAY
    )
    assert request.url == "https://a.example/p/api/getDayProfile.do"


def test_secret_and_personal_values_are_marked_as_sensitive() -> None:
    request = build(GET_DAY_PROFILE, customer_number=CUSTOMER, date=DAY)
    assert set(request.sensitive) == {CUSTOMER, KEY}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, ["customer_number required", "date required"]),
        (
            {"customer_number": None, "date": None},
            ["customer_number required", "date required"],
        ),
        ({"customer_number": "", "date": DAY}, ["customer_number required"]),
        (
            {"customer_number": "0123456789x", "date": "20241001"},
            ["customer_number too-long", "date wrong-type"],
        ),
        (
            {"customer_number": 123, "date": datetime(2024, 10, 1), "as_of": DAY},
            ["customer_number wrong-type", "date wrong-type", "as_of wrong-type"],
        ),
        (
            {"customer_number": "0\n", "date": DAY, "as_of": datetime(2024, 10, 1)},
            ["customer_number control-character", "as_of naive-time"],
        ),
        ({"customer_number": "a\ud800", "date": DAY}, ["customer_number control-character"]),
    ],
)
def test_all_mistakes_are_reported_at_once(values: dict[str, object], found: list[str]) -> None:
    assert problems(GET_DAY_PROFILE, **values) == found


def test_a_mistake_carries_rule_labels_and_line() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        build(GET_DAY_PROFILE, customer_number="0123456789x", date=DAY.replace(day=2), as_of=1)
    first, second = caught.value.problems
    assert (first.wire, first.label, first.label_en, first.source) == (
        "custNo",
        "고객번호",
        "customer number",
        "sample.txt:10",
    )
    assert (second.rule, second.label, second.source) == ("wrong-type", "기준시각", "sample.txt:11")
    assert str(caught.value).splitlines() == [
        "sample_power.get_day_profile: nothing was sent",
        "  customer_number (고객번호, customer number): too-long: "
        "has 11 characters; at most 10 are allowed [sample.txt:10]",
        "  as_of (기준시각, as of): wrong-type: "
        "must be a date with a time (datetime), not int [sample.txt:11]",
    ]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"energy_kwh": 0.1}, ["energy_kwh wrong-type"]),
        ({"energy_kwh": Decimal("10000000000")}, ["energy_kwh too-many-digits"]),
        ({"energy_kwh": Decimal("0.00001")}, ["energy_kwh too-many-decimals"]),
        ({"energy_kwh": Decimal("NaN")}, ["energy_kwh not-number"]),
        ({"read_at": datetime(2024, 10, 1, 0, 0, 1, tzinfo=UTC)}, ["read_at not-a-date"]),
    ],
)
def test_values_of_a_write_are_checked(values: dict[str, object], found: list[str]) -> None:
    good = {
        "meter_number": METER,
        "read_at": datetime(2024, 10, 1, tzinfo=UTC),
        "energy_kwh": Decimal("1.5"),
    }
    assert problems(SAVE_READING, **{**good, **values}) == found


def test_a_month_must_be_given_as_its_first_day() -> None:
    assert problems(GET_BILL, customer_number=CUSTOMER, month=date(2024, 10, 2)) == [
        "month wrong-day-of-month"
    ]


def test_a_value_that_no_check_knows_is_reported_when_it_cannot_be_written() -> None:
    from msgspec.structs import replace

    def check(request: object, path: str) -> list[Problem]:
        return []

    operation = replace(GET_DAY_PROFILE, check_request=check)
    assert problems(operation, customer_number=1, date=DAY) == ["customer_number wrong-type"]
    assert isinstance(operation.parameters[0], Parameter)


def test_a_format_that_is_not_offered_is_refused() -> None:
    from msgspec.structs import replace

    operation = replace(GET_DAY_PROFILE, formats={"xml": GET_DAY_PROFILE.formats["xml"]})
    with pytest.raises(ConfigurationError, match="is offered as xml, not as json"):
        build(operation, customer_number=CUSTOMER, date=DAY)


def test_a_missing_credential_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="service_key"):
        build_request(
            GET_DAY_PROFILE, {}, format="json", base_url=ADDRESS, credentials={"service_key": ""}
        )
