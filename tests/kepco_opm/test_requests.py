"""A request with mistakes: all of them are reported, and nothing is sent."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.interface import Format

from .support import CALLS, FORMATS, KEY, KINDS, NEVER, OPERATIONS, SEOUL, Kind, brief, call

DOCUMENT = "000_9b7e70a5ee68bee1.txt"
LONG_KEY = "k" * 256
Expected = list[tuple[str, str, str, str, str]]
"""Path, wire name, rule, label and line of each problem."""

MISTAKES: dict[str, tuple[dict[str, Any], Expected]] = {
    "get_day_load_profile_dr": (
        {"customer_number": "0" * 11, "date": datetime(2024, 10, 1)},
        [
            ("customer_number", "custNo", "too-long", "고객번호", "67"),
            ("date", "date", "wrong-type", "일자", "68"),
            ("service_key", "serviceKey", "too-long", "서비스키", "69"),
        ],
    ),
    "get_day_load_profile": (
        {"customer_number": "", "date": "20241001"},
        [
            ("customer_number", "custNo", "required", "고객번호", "139"),
            ("date", "date", "wrong-type", "일자", "140"),
            ("service_key", "serviceKey", "too-long", "서비스키", "141"),
        ],
    ),
    "get_quarter_hour_reading_dr": (
        {"customer_number": 100000001, "date_time": datetime(2024, 10, 1, 14)},
        [
            ("customer_number", "custNo", "wrong-type", "고객번호", "208"),
            ("date_time", "dateTime", "naive-time", "일자시분", "209"),
            ("service_key", "serviceKey", "too-long", "서비스키", "210"),
        ],
    ),
    "get_quarter_hour_reading": (
        {"customer_number": "1\n", "date_time": datetime(2024, 10, 1, 14, 0, 1, tzinfo=SEOUL)},
        [
            ("customer_number", "custNo", "control-character", "고객번호", "273"),
            ("date_time", "dateTime", "not-a-date", "일자시분", "274"),
            ("service_key", "serviceKey", "too-long", "서비스키", "275"),
        ],
    ),
    "list_customers": ({}, [("service_key", "serviceKey", "too-long", "서비스키", "338")]),
    "list_customer_meters": ({}, [("service_key", "serviceKey", "too-long", "서비스키", "401")]),
    "get_all_customers_hour": (
        {"hour": datetime(2024, 10, 1, 14, 15, tzinfo=SEOUL)},
        [
            ("hour", "date", "not-a-date", "조회일시", "452"),
            ("service_key", "serviceKey", "too-long", "서비스키", "453"),
        ],
    ),
    "get_period_readings": (
        {
            "customer_number": "가" * 11,
            "start_date": datetime(2024, 10, 1, tzinfo=SEOUL),
            "end_date": None,
            "start_time": "2460",
            "end_time": time(1, 0, tzinfo=SEOUL),
        },
        [
            ("customer_number", "custNo", "too-long", "고객번호", "519"),
            ("start_date", "sDate", "wrong-type", "시작일자", "520"),
            ("end_date", "endDate", "required", "종료일자", "521"),
            ("start_time", "stTime", "not-a-date", "시작시간", "522"),
            ("end_time", "endTime", "wrong-type", "종료시간", "523"),
            ("service_key", "serviceKey", "too-long", "서비스키", "524"),
        ],
    ),
    "get_customer_info": (
        {"customer_number": "\x7f" + "0" * 10},
        [
            ("customer_number", "custNo", "control-character", "고객번호", "591"),
            ("customer_number", "custNo", "too-long", "고객번호", "591"),
            ("service_key", "serviceKey", "too-long", "서비스키", "592"),
        ],
    ),
    "get_customer_bill": (
        {"customer_number": None, "month": date(2024, 9, 2)},
        [
            ("customer_number", "custNo", "required", "고객번호", "669"),
            ("month", "dataMonth", "wrong-day-of-month", "청구년월", "670"),
            ("service_key", "serviceKey", "too-long", "서비스키", "671"),
        ],
    ),
    "get_join_status": (
        {"customer_number": b"0100000001", "business_number": "0" * 11},
        [
            ("customer_number", "custNo", "wrong-type", "고객번호", "753"),
            ("business_number", "bizNo", "too-long", "사업자번호", "754"),
            ("service_key", "serviceKey", "too-long", "서비스키", "755"),
        ],
    ),
    "get_household_day_load_profile": (
        {"household_number": "0" * 19, "date": 20241001},
        [
            ("household_number", "cntrNo", "too-long", "세대번호", "803"),
            ("date", "date", "wrong-type", "일자", "804"),
            ("service_key", "serviceKey", "too-long", "서비스키", "805"),
        ],
    ),
    "get_household_quarter_hour_reading": (
        {
            "household_number": "",
            "date_time": datetime(1, 1, 1, tzinfo=ZoneInfo("Pacific/Kiritimati")),
        },
        [
            ("household_number", "cntrNo", "required", "세대번호", "868"),
            ("date_time", "dateTime", "not-a-date", "일자시분", "869"),
            ("service_key", "serviceKey", "too-long", "서비스키", "870"),
        ],
    ),
}


def refused(
    name: str, kind: Kind = "sync", key: str = KEY, **arguments: Any
) -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        call(kind, NEVER, name, client={"service_key": key}, **arguments)
    return caught.value


@pytest.mark.parametrize("name", list(OPERATIONS))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_all_mistakes_of_a_request_are_reported_with_label_and_line(
    name: str, kind: Kind, format: Format
) -> None:
    arguments, expected = MISTAKES[name]
    error = refused(name, kind, LONG_KEY, format=format, **arguments)
    assert [
        (problem.path, problem.wire, problem.rule, problem.label, problem.source)
        for problem in error.problems
    ] == [
        (path, wire, rule, label, f"{DOCUMENT}:{line}")
        for path, wire, rule, label, line in expected
    ]
    headline, *lines = str(error).splitlines()
    assert headline == f"kepco_opm.{name}: nothing was sent"
    assert [line.strip() for line in lines] == [str(problem) for problem in error.problems]


def test_a_problem_reads_as_a_sentence_with_its_place_in_the_document() -> None:
    error = refused("get_day_load_profile", customer_number="0" * 11)
    assert str(error) == (
        "kepco_opm.get_day_load_profile: nothing was sent\n"
        "  customer_number (고객번호, customer number): too-long: has 11 characters; "
        f"at most 10 are allowed [{DOCUMENT}:139]"
    )


def test_no_problem_shows_the_value_that_is_wrong() -> None:
    secret = "SECRET-9182736455"
    error = refused("get_customer_info", key=f"{secret}{LONG_KEY}", customer_number=secret)
    assert brief(error.problems) == ["customer_number too-long", "service_key too-long"]
    assert "9182736455" not in repr(error) + str(error) + repr(error.problems)


@pytest.mark.parametrize("name", list(CALLS))
def test_a_request_at_the_limits_is_sent(name: str) -> None:
    longest = {
        "customer_number": "가" * 10,
        "household_number": "0" * 18,
        "business_number": "9" * 10,
        "date": date(1, 1, 1),
        "start_date": date(9999, 12, 31),
        "end_date": date(2024, 2, 29),
        "start_time": "2400",
        "end_time": time(23, 59),
        "month": date(9999, 12, 1),
    }
    arguments = {key: value for key, value in longest.items() if key in CALLS[name]}
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200, json={OPERATIONS[name].reply.payload[0]: []})

    key = {"service_key": "k" * 255}
    call("sync", httpx2.MockTransport(answer), name, client=key, **arguments)
    assert len(sent) == 1


def test_unknown_arguments_are_pythons_own_error() -> None:
    with pytest.raises(TypeError, match="customer_numbr"):
        call("sync", NEVER, "get_customer_info", customer_numbr="1")
