"""Requests whose arguments are parameters, with a key and a word for the format."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from gridwright_runtime.errors import ConfigurationError, InvalidRequestError
from gridwright_runtime.problems import Problem

from .sample import GET_BILL, GET_DAY, SAVE_READING, models
from .support import HERE, KEY, built, problems, shown

CUSTOMER = "0100000001"
DAY = date(2024, 10, 1)


def day(**values: Any) -> Any:
    good: dict[str, Any] = {"customer_number": CUSTOMER, "date": DAY}
    return models.GetDayRequest(**(good | values))


def reading(**values: Any) -> Any:
    good: dict[str, Any] = {
        "meter_number": "METER-1",
        "read_at": datetime(2024, 10, 1, 14, tzinfo=UTC),
        "energy_kwh": Decimal("1E+1"),
    }
    return models.SaveReadingRequest(**(good | values))


def test_a_read_is_a_get_with_a_query_in_the_documents_order() -> None:
    request = built(GET_DAY, day(), format="json")
    assert request.method == "GET"
    assert request.body is None
    assert request.url == f"{HERE}/api/getDay.do"
    assert request.query == (
        ("custNo", CUSTOMER),
        ("date", "20241001"),
        ("serviceKey", KEY),
        ("returnType", "02"),
    )
    assert request.headers == (("Accept", "application/json"),)


def test_the_query_is_percent_encoded() -> None:
    address = built(GET_DAY, day(customer_number="가 +&")).full_url
    assert dict(parse_qsl(urlsplit(address).query))["custNo"] == "가 +&"
    assert "+" not in urlsplit(address).query


def test_each_format_is_asked_for_in_its_own_way() -> None:
    request = built(GET_DAY, day(), format="xml")
    assert ("returnType", "01") in request.query
    assert request.headers == (("Accept", "application/xml, text/xml"),)


@pytest.mark.parametrize(("given", "sent"), [(time(23, 59), "2359"), ("2400", "2400")])
def test_a_time_of_day_is_a_time_or_a_text(given: Any, sent: str) -> None:
    assert ("stTime", sent) in built(GET_DAY, day(start_time=given)).query


def test_an_optional_value_is_sent_when_given() -> None:
    instant = datetime(2024, 10, 1, 15, 0, tzinfo=UTC)
    assert ("asOf", "202410020000") in built(GET_DAY, day(as_of=instant)).query


def test_a_value_in_the_path_is_encoded_and_kept_out_of_the_safe_address() -> None:
    arguments = models.GetBillRequest(customer_number="01/23 4", month=DAY)
    request = built(GET_BILL, arguments)
    assert request.url == f"{HERE}/api/customers/01%2F23%204/bill.do"
    assert request.safe_url == f"{HERE}/api/customers/{{custNo}}/bill.do"
    assert ("dataMonth", "202410") in request.query


def test_a_value_in_the_path_cannot_lead_elsewhere() -> None:
    arguments = models.GetBillRequest(customer_number="..", month=DAY)
    assert problems(GET_BILL, arguments) == ["customer_number not-text"]


def test_a_write_is_a_form() -> None:
    request = built(SAVE_READING, reading())
    assert request.method == "POST"
    assert request.body == b"meterNo=METER-1&dateTime=202410012300&pwr_qty=10"
    assert request.headers == (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("Accept", "application/json"),
    )
    assert [name for name, _value in request.query] == ["serviceKey", "returnType"]


def test_a_base_address_may_have_a_path() -> None:
    request = built(GET_DAY, day(), "https://a.example/p/")
    assert request.url == "https://a.example/p/api/getDay.do"


def test_secret_and_personal_values_are_marked_as_sensitive() -> None:
    request = built(GET_DAY, day(), credentials={"service_key": KEY})
    assert set(request.sensitive) == {CUSTOMER, KEY}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (
            {"customer_number": None, "date": None},
            ["customer_number required", "date required"],
        ),
        ({"customer_number": ""}, ["customer_number required"]),
        ({"customer_number": " \u3000"}, ["customer_number required"]),
        (
            {"customer_number": "0123456789x", "date": "20241001"},
            ["customer_number too-long", "date wrong-type"],
        ),
        (
            {"customer_number": 123, "date": datetime(2024, 10, 1), "as_of": DAY},
            ["customer_number wrong-type", "date wrong-type", "as_of wrong-type"],
        ),
        (
            {"customer_number": "0\n", "as_of": datetime(2024, 10, 1)},
            ["customer_number control-character", "as_of naive-time"],
        ),
        ({"customer_number": "a\ud800"}, ["customer_number control-character"]),
        ({"start_time": "２４００"}, ["start_time not-a-date"]),
        ({"start_time": "2460"}, ["start_time not-a-date"]),
    ],
)
def test_all_mistakes_are_reported_at_once(values: dict[str, Any], found: list[str]) -> None:
    assert problems(GET_DAY, day(**values)) == found


def test_blanks_alone_are_refused_where_a_text_is_required_with_label_and_line() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        built(GET_DAY, day(customer_number="\u3000 "))
    [problem] = caught.value.problems
    assert str(problem) == (
        "customer_number (고객번호, customer number): required: "
        "is required, and holds nothing but blanks [sample.txt:10]"
    )


def test_a_mistake_carries_rule_labels_and_line() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        built(GET_DAY, day(customer_number="0123456789x", as_of=1))
    first, second = caught.value.problems
    assert (first.wire, first.label, first.label_en, first.source) == (
        "custNo",
        "고객번호",
        "customer number",
        "sample.txt:10",
    )
    assert (second.rule, second.label, second.source) == ("wrong-type", "기준시각", "sample.txt:11")
    assert str(caught.value).splitlines() == [
        "sample.get_day: nothing was sent",
        "  customer_number (고객번호, customer number): too-long: "
        "has 11 characters; at most 10 are allowed [sample.txt:10]",
        "  as_of (기준시각, as of): wrong-type: "
        "must be a date with a time (datetime), not int [sample.txt:11]",
    ]


def test_a_credential_that_breaks_a_rule_is_reported_beside_the_arguments() -> None:
    credentials = {"service_key": "SECRET-" + "k" * 20}
    with pytest.raises(InvalidRequestError) as caught:
        built(GET_DAY, day(date=None), credentials=credentials)
    assert [f"{p.path} {p.rule}" for p in caught.value.problems] == [
        "date required",
        "service_key too-long",
    ]
    assert "SECRET" not in shown(caught.value)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"energy_kwh": 0.1}, ["energy_kwh wrong-type"]),
        ({"energy_kwh": Decimal("10000000000")}, ["energy_kwh too-many-digits"]),
        ({"energy_kwh": Decimal("0.00001")}, ["energy_kwh too-many-decimals"]),
        ({"energy_kwh": Decimal("NaN")}, ["energy_kwh not-number"]),
        ({"energy_kwh": "１"}, ["energy_kwh wrong-type"]),
        ({"read_at": datetime(2024, 10, 1, 0, 0, 1, tzinfo=UTC)}, ["read_at not-a-date"]),
    ],
)
def test_values_of_a_write_are_checked(values: dict[str, Any], found: list[str]) -> None:
    assert problems(SAVE_READING, reading(**values)) == found


def test_a_month_must_be_given_as_its_first_day() -> None:
    arguments = models.GetBillRequest(customer_number=CUSTOMER, month=date(2024, 10, 2))
    assert problems(GET_BILL, arguments) == ["month wrong-day-of-month"]


def test_a_value_that_no_check_knows_is_reported_when_it_cannot_be_written() -> None:
    def check(request: object, path: str) -> list[Problem]:
        return []

    operation = replace(GET_DAY, request=replace(GET_DAY.request, check=check))
    assert problems(operation, day(customer_number=1)) == ["customer_number wrong-type"]


@pytest.mark.parametrize("credentials", [{}, {"service_key": ""}])
def test_a_missing_credential_is_refused_by_name(credentials: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="get_day needs service_key"):
        built(GET_DAY, day(), credentials=credentials)


def test_no_word_for_a_format_is_sent_where_there_is_none() -> None:
    parts = tuple(
        replace(part, source=replace(part.source, words={"xml": "01"}), checked=False)
        if part.wire == "returnType"
        else part
        for part in GET_DAY.request.parts
    )

    def check(request: object, path: str) -> list[Problem]:
        return []

    operation = replace(GET_DAY, request=replace(GET_DAY.request, parts=parts, check=check))
    names = [name for name, _value in built(operation, day(), format="json").query]
    assert names == ["custNo", "date", "serviceKey"]
