"""The invented Korea: who may be asked about, what is known when, and that it all agrees."""

import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from starlette.applications import Starlette

from gridwright_apis.kepco_opm.codes import METER_KIND
from gridwright_apis.kepco_opm.mock import OPERATIONS
from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import Argument
from gridwright_runtime.labels import day_labels
from gridwright_runtime.mock.world import Question, Refusal

from .support import KEY, NOON, SetClock, ask, http, kepco_application, mock_of, records, refusal

APP = kepco_application()
DAY_PATH = "/OpenAPI/getDayLpData.do"
LABELS = day_labels("0015", "2400", 15)
FULL_HOURS = day_labels("0100", "2400", 60)

FACTORY = "0100000001"
HOME = "0100000002"
TWO_METERS = "0100000003"
WITH_GAPS = "0100000004"
LATE_CONSENT = "0100000005"
NOT_SUBSCRIBED = "0100000006"
MIXED = "0100000007"
HOUSEHOLD = "010000000000000001"
HOUSEHOLD_WITH_GAPS = "010000000000000002"


def at(day: str, time: str = "1207") -> Starlette:
    """Return the mock at a Korean wall clock time."""
    return kepco_application(now=korean(day, time))


def korean(day: str, time: str = "0000") -> datetime:
    local = datetime.strptime(day + time, "%Y%m%d%H%M").replace(tzinfo=UTC)
    return local - timedelta(hours=9)


def day_of(customer: str, day: str = "20241001", app: Starlette = APP) -> list[dict[str, Any]]:
    return records(app, DAY_PATH, custNo=customer, date=day)


def values_of(record: dict[str, Any]) -> list[Decimal | None]:
    return [
        None if (value := record[f"pwr_qty{label}"]) == "" else Decimal(str(value))
        for label in LABELS
    ]


def missing_in(record: dict[str, Any]) -> list[str]:
    return [label for label in LABELS if record[f"pwr_qty{label}"] == ""]


def period(
    customer: str, start: str, end: str, app: Starlette = APP
) -> list[tuple[str, str, str, Any]]:
    found = records(
        app,
        "/OpenAPI/getPeriodData.do",
        custNo=customer,
        sDate=start[:8],
        stTime=start[8:],
        endDate=end[:8],
        endTime=end[8:],
    )
    return [
        tuple(item[name] for name in ("meter", "mr_ymd", "mr_hhmi", "pwr_qty")) for item in found
    ]


# Refusals


@pytest.mark.parametrize(
    ("customer", "day", "code"),
    [
        ("0100000099", "20241001", "mock-3001"),
        (NOT_SUBSCRIBED, "20241001", "openapi-4001"),
        (FACTORY, "20221231", "mock-3002"),
        (FACTORY, "20241006", "openapi-9001"),
        (FACTORY, "21991231", "openapi-9001"),
        (FACTORY, "22000101", "mock-2003"),
        (FACTORY, "99991231", "mock-2003"),
        (FACTORY, "19000101", "mock-3002"),
        (FACTORY, "18991231", "mock-2003"),
        (FACTORY, "00010101", "mock-2003"),
        (HOME, "20241004", "openapi-9001"),
    ],
)
def test_a_day_that_cannot_be_had_is_refused(customer: str, day: str, code: str) -> None:
    assert refusal(day_of(customer, day))[0] == code


def test_a_day_before_the_consent_is_refused_with_its_first_day() -> None:
    _, text = refusal(day_of(LATE_CONSENT, "20240314"))
    assert text == (
        "고객이 해당서비스에 정보제공 동의한 날짜부터 조회가 가능합니다. 정보제공동의일 : 20240315"
    )
    assert len(day_of(LATE_CONSENT, "20240315")) == 1


@pytest.mark.parametrize(
    "parameters",
    [
        {"dateTime": "202410011407", "custNo": FACTORY},
        {"dateTime": "202410011401", "cntrNo": HOUSEHOLD},
    ],
)
def test_a_time_between_quarter_hours_is_refused(parameters: dict[str, str]) -> None:
    path = "/OpenAPI/getMinuteLpData.do"
    if "cntrNo" in parameters:
        path = "/KukminAPI/getKukminMinuteLpData.do"
    assert refusal(records(APP, path, **parameters))[0] == "mock-2003"


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    listed = records(
        APP,
        "/OpenAPI/getPeriodData.do",
        custNo=FACTORY,
        sDate="20241002",
        stTime="0000",
        endDate="20241001",
        endTime="0000",
    )
    assert refusal(listed)[0] == "mock-2003"


def test_the_first_year_of_the_calendar_is_no_year_to_ask_for() -> None:
    listed = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="0001010100")
    assert refusal(listed)[0] == "mock-2003"
    listed = records(APP, "/OpenAPI/getCustBillData.do", custNo=HOME, dataMonth="000101")
    assert refusal(listed)[0] == "mock-2003"


@pytest.mark.parametrize(
    ("operation", "arguments", "code"),
    [
        ("get_day_load_profile", {"customer_number": FACTORY, "date": date.max}, "openapi-9001"),
        ("get_day_load_profile", {"customer_number": FACTORY, "date": date.min}, "mock-3002"),
        ("get_all_customers_hour", {"hour": datetime.min.replace(tzinfo=UTC)}, "openapi-9001"),
        ("get_all_customers_hour", {"hour": korean("99991231", "2300")}, "openapi-9001"),
        ("get_customer_bill", {"customer_number": HOME, "month": date.min}, "openapi-9001"),
    ],
)
def test_the_world_itself_knows_no_data_at_the_ends_of_the_calendar(
    operation: str, arguments: dict[str, Any], code: str
) -> None:
    found = mock_of(APP).world.answer(operation, Question(arguments=arguments))
    assert isinstance(found, Refusal)
    assert found.code == code


def test_an_operation_that_korea_does_not_have_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="other"):
        mock_of(APP).world.answer("other", Question(arguments={}))


# What is known when


def test_high_voltage_quarter_hours_come_as_they_end() -> None:
    (record,) = day_of(FACTORY, "20241005")
    assert missing_in(record) == list(LABELS[48:])
    assert record["pwr_qty1200"] != ""
    (later,) = day_of(FACTORY, "20241005", at("20241005", "1215"))
    assert missing_in(later) == list(LABELS[49:])


def test_before_the_first_quarter_hour_of_a_day_there_are_no_data() -> None:
    assert refusal(day_of(FACTORY, "20241005", at("20241005", "0014")))[0] == "openapi-9001"
    assert len(day_of(FACTORY, "20241005", at("20241005", "0015"))) == 1


def test_the_last_quarter_hour_of_a_day_comes_at_midnight() -> None:
    (record,) = day_of(FACTORY, "20241005", at("20241005", "2359"))
    assert missing_in(record) == ["2400"]
    (record,) = day_of(FACTORY, "20241005", at("20241006", "0000"))
    assert missing_in(record) == []


def test_low_voltage_days_come_whole_two_days_late() -> None:
    assert refusal(day_of(HOME, "20241003", at("20241004", "2359")))[0] == "openapi-9001"
    (record,) = day_of(HOME, "20241003", at("20241005", "0000"))
    assert all(record[f"pwr_qty{label}"] != "" for label in FULL_HOURS)


def test_low_voltage_meters_have_values_on_the_hour_only() -> None:
    (record,) = day_of(HOME)
    assert missing_in(record) == [label for label in LABELS if label not in FULL_HOURS]


def test_households_come_the_day_after_with_quarter_hours() -> None:
    path = "/KukminAPI/getKukminDayLpData.do"
    assert refusal(records(APP, path, cntrNo=HOUSEHOLD, date="20241005"))[0] == "openapi-9001"
    (record,) = records(APP, path, cntrNo=HOUSEHOLD, date="20241004")
    assert record["cntrNo"] == HOUSEHOLD
    assert missing_in(record) == []
    assert refusal(records(APP, path, cntrNo="010000000000000099", date="20241004"))
    assert refusal(records(APP, path, cntrNo=HOUSEHOLD, date="20221231"))[0] == "openapi-9001"


def test_some_gaps_are_filled_within_five_days_and_some_never() -> None:
    counts = [
        len(missing_in(day_of(WITH_GAPS, "20241001", at(f"202410{day:02d}"))[0]))
        for day in range(2, 12)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[5]
    assert 1 <= counts[5] <= 4
    assert len(set(counts[4:])) == 1


def test_only_meters_with_gaps_have_them() -> None:
    assert missing_in(day_of(FACTORY)[0]) == []
    assert missing_in(day_of(WITH_GAPS)[0]) != []
    path = "/KukminAPI/getKukminDayLpData.do"
    (record,) = records(APP, path, cntrNo=HOUSEHOLD_WITH_GAPS, date="20241001")
    assert missing_in(record) != []


# Meters


def test_several_meters_are_several_records() -> None:
    one, other = day_of(TWO_METERS)
    assert (one["multi_meter_yn"], other["multi_meter_yn"]) == ("Y", "Y")
    assert one["meterNo"] != other["meterNo"]
    assert values_of(one) != values_of(other)
    (single,) = day_of(FACTORY)
    assert single["multi_meter_yn"] == "N"


def test_a_customer_with_both_voltages_gets_the_later_meter_later() -> None:
    assert len(day_of(MIXED, "20241004")) == 1
    assert len(day_of(MIXED, "20241003")) == 2


def test_registers_are_of_low_voltage_meters_and_empty_for_high_voltage() -> None:
    (home,) = day_of(HOME)
    (factory,) = day_of(FACTORY)
    assert {factory[f"vld_pwr{label}"] for label in FULL_HOURS} == {""}
    assert all(home[f"vld_pwr{label}"] != "" for label in FULL_HOURS)


def test_registers_grow_by_the_energy_of_each_hour_and_across_midnight() -> None:
    shown: list[Decimal] = []
    energy: list[Decimal] = []
    for day in ("20240930", "20241001", "20241002"):
        (record,) = day_of(HOME, day)
        shown += [Decimal(str(record[f"vld_pwr{label}"])) for label in FULL_HOURS]
        energy += [Decimal(str(record[f"pwr_qty{label}"])) for label in FULL_HOURS]
    assert [late - early for early, late in pairwise(shown)] == energy[1:]
    assert all(value > 0 for value in energy)


def test_large_meters_count_in_halves_of_a_kwh() -> None:
    assert {value % Decimal("0.5") for value in values_of(day_of(FACTORY)[0]) if value} == {0}


def test_values_have_at_most_four_decimals() -> None:
    for customer in (HOME, WITH_GAPS):
        for value in values_of(day_of(customer)[0]):
            assert value is None or int(value.as_tuple().exponent) >= -4


def test_numbers_have_lost_their_trailing_zeros() -> None:
    text = ask(APP, DAY_PATH, custNo=FACTORY, date="20241001").text
    assert ".0," not in text
    assert ".50" not in text


def test_loads_are_plausible() -> None:
    (tuesday,) = day_of(FACTORY, "20241001")
    (sunday,) = day_of(FACTORY, "20240929")
    values = [value for value in values_of(tuesday) if value is not None]
    night, day = values[8:16], values[40:44]
    assert sum(day) / 4 > 2 * sum(night) / 8
    assert sum(values) > Decimal("1.5") * sum(value or 0 for value in values_of(sunday))
    (home,) = day_of(HOME)
    assert home["pwr_qty2000"] > 2 * home["pwr_qty0300"]


# That it all agrees


@pytest.mark.parametrize("customer", [FACTORY, HOME, TWO_METERS, WITH_GAPS, MIXED])
def test_single_readings_are_those_of_the_day_profile(customer: str) -> None:
    profile = day_of(customer)
    for label in ("0015", "0100", "1115", "1400", "2345"):
        found = records(
            APP, "/OpenAPI/getMinuteLpData.do", custNo=customer, dateTime=f"20241001{label}"
        )
        assert [item["pwr_qty"] for item in found] == [r[f"pwr_qty{label}"] for r in profile]
        assert {(item["mr_ymd"], item["mr_hhmi"]) for item in found} == {("20241001", label)}
        registers = [item["vld_pwr"] for item in found]
        assert registers == [record.get(f"vld_pwr{label}", "") for record in profile]


@pytest.mark.parametrize("asked", ["202410020000", "202410012400"])
def test_midnight_is_the_last_quarter_hour_of_the_day_before(asked: str) -> None:
    (profile,) = day_of(FACTORY)
    (found,) = records(APP, "/OpenAPI/getMinuteLpData.do", custNo=FACTORY, dateTime=asked)
    assert found["pwr_qty"] == profile["pwr_qty2400"]
    assert (found["mr_ymd"], found["mr_hhmi"]) == ("20241002", "0000")


def test_the_operations_for_demand_response_tell_the_same() -> None:
    assert records(APP, "/DrAPI/getDayLpData.do", custNo=MIXED, date="20241001") == day_of(MIXED)
    single = {"custNo": FACTORY, "dateTime": "202410011400"}
    assert records(APP, "/DrAPI/getMinuteLpData.do", **single) == records(
        APP, "/OpenAPI/getMinuteLpData.do", **single
    )


def test_a_household_reading_is_that_of_its_day_profile() -> None:
    (profile,) = records(APP, "/KukminAPI/getKukminDayLpData.do", cntrNo=HOUSEHOLD, date="20241001")
    for label in ("0015", "1400"):
        (found,) = records(
            APP,
            "/KukminAPI/getKukminMinuteLpData.do",
            cntrNo=HOUSEHOLD,
            dateTime=f"20241001{label}",
        )
        assert found["pwr_qty"] == profile[f"pwr_qty{label}"]
        assert (found["metrNo"], found["mr_hhmi"]) == (profile["metrNo"], label)


@pytest.mark.parametrize("customer", [FACTORY, HOME, TWO_METERS, WITH_GAPS])
def test_a_period_of_a_day_is_its_day_profile(customer: str) -> None:
    found = period(customer, "202410010000", "202410020000")
    assert found == period(customer, "202410010000", "202410012400")
    expected = [
        (
            record["meterNo"],
            "20241002" if label == "2400" else "20241001",
            "0000" if label == "2400" else label,
            record[f"pwr_qty{label}"],
        )
        for record in day_of(customer)
        for label in LABELS
    ]
    assert found == expected


def test_a_period_holds_the_quarter_hours_that_lie_wholly_within_it() -> None:
    found = period(FACTORY, "202410010950", "202410011040")
    assert [time for _, _, time, _ in found] == ["1015", "1030"]
    found = period(FACTORY, "202410011000", "202410011030")
    assert [time for _, _, time, _ in found] == ["1015", "1030"]


def test_two_periods_that_meet_lose_nothing_and_double_nothing() -> None:
    whole = period(FACTORY, "202409290000", "202410020000")
    parts = period(FACTORY, "202409290000", "202409301015")
    parts += period(FACTORY, "202409301015", "202410020000")
    assert parts == whole
    assert len(whole) == 3 * 96


def test_a_period_ends_at_the_present() -> None:
    found = period(FACTORY, "202410051100", "203001010000")
    assert [time for _, _, time, _ in found] == ["1115", "1130", "1145", "1200"]


def test_a_period_shorter_than_a_quarter_hour_has_no_data() -> None:
    listed = records(
        APP,
        "/OpenAPI/getPeriodData.do",
        custNo=FACTORY,
        sDate="20241001",
        stTime="1000",
        endDate="20241001",
        endTime="1000",
    )
    assert refusal(listed)[0] == "openapi-9001"


def test_an_hour_of_all_customers_is_labelled_by_the_ends_of_its_quarter_hours() -> None:
    found = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="2024100100")
    factory = [item for item in found if item["custNo"] == FACTORY]
    assert [item["mr_hhmi"] for item in factory] == ["0000", "0015", "0030", "0045"]
    (before,), (day) = day_of(FACTORY, "20240930"), day_of(FACTORY)[0]
    assert [item["pwr_qty"] for item in factory] == [
        before["pwr_qty2400"],
        *(day[f"pwr_qty{label}"] for label in LABELS[:3]),
    ]


def test_an_hour_of_all_customers_has_every_subscribed_meter() -> None:
    found = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="2024100114")
    meters = Counter((item["custNo"], item["meter"]) for item in found)
    listed = records(APP, "/OpenAPI/getCustMeterList.do")
    assert meters == Counter({(item["custNo"], item["meter"]): 4 for item in listed})
    assert NOT_SUBSCRIBED not in {item["custNo"] for item in listed}


def test_an_hour_of_today_has_only_what_has_come() -> None:
    found = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="2024100512")
    assert {item["mr_hhmi"] for item in found} == {"1200"}
    assert HOME not in {item["custNo"] for item in found}
    listed = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="2024100513")
    assert refusal(listed)[0] == "openapi-9001"


def test_an_hour_before_a_consent_leaves_the_customer_out() -> None:
    found = records(APP, "/OpenAPI/getAllCustPeriodData.do", date="2024031412")
    assert LATE_CONSENT not in {item["custNo"] for item in found}


def test_lists_have_who_consented_by_now() -> None:
    early = at("20240314")
    for path in ("/OpenAPI/getCustNoList.do", "/OpenAPI/getCustMeterList.do"):
        assert LATE_CONSENT in {item["custNo"] for item in records(APP, path)}
        assert LATE_CONSENT not in {item["custNo"] for item in records(early, path)}
        assert refusal(records(at("20200101"), path))[0] == "openapi-9001"


def test_customer_information_agrees_with_lists_and_readings() -> None:
    names = {item["custNo"]: item for item in records(APP, "/OpenAPI/getCustNoList.do")}
    for number, listed in names.items():
        found = records(APP, "/OpenAPI/getCustInfoData.do", custNo=number)
        for item in found:
            assert item["cntr_pwr"] == listed["ikw"]
            assert item["ictg"] == listed["ictg"]
            assert item["etong_cd"] in METER_KIND
            is_high = item["lv_hv_val"] == "고압"
            assert item["etong_cd"].startswith("1" if is_high else "3")
        peak = sum(
            max(value for value in values_of(record) if value is not None)
            for record in day_of(number)
        )
        assert peak < found[0]["cntr_pwr"]
    assert refusal(records(APP, "/OpenAPI/getCustInfoData.do", custNo="0100000099"))


def test_names_and_numbers_are_visibly_invented() -> None:
    for item in records(APP, "/OpenAPI/getCustNoList.do"):
        assert item["custNm"].startswith("고객0")
        assert item["custNo"].startswith("01000000")
        assert item["inds"].startswith("가상")


@pytest.mark.parametrize(
    ("customer", "business", "expected"),
    [
        (FACTORY, "0900000001", "YYY"),
        (FACTORY, "0900000002", "YNY"),
        (NOT_SUBSCRIBED, "0900000006", "NYN"),
        ("0100000099", "0900000099", "NNN"),
    ],
)
def test_the_join_status_says_who_joined_matches_and_agreed(
    customer: str, business: str, expected: str
) -> None:
    path = "/OpenAPI/getCustJoinInfoData.do"
    (status,) = records(APP, path, custNo=customer, bizNo=business)
    assert status["joinYn"] + status["infoYn"] + status["agreeYn"] == expected
    assert ("prvd_agre_dd" in status) == (status["agreeYn"] == "Y")


def test_the_join_status_before_a_consent_says_so() -> None:
    path = "/OpenAPI/getCustJoinInfoData.do"
    (status,) = records(at("20240314"), path, custNo=LATE_CONSENT, bizNo="0900000005")
    assert (status["joinYn"], status["agreeYn"]) == ("Y", "N")


# That it repeats


def every_question() -> list[tuple[str, dict[str, str]]]:
    given = {
        "custNo": MIXED,
        "cntrNo": HOUSEHOLD,
        "date": "20241001",
        "dateTime": "202410011400",
        "sDate": "20240930",
        "endDate": "20241001",
        "stTime": "0000",
        "endTime": "2400",
        "dataMonth": "202409",
        "bizNo": "0900000007",
    }
    questions = []
    for operation in OPERATIONS:
        parts = operation.request.parts
        wires = [part.wire for part in parts if isinstance(part.source, Argument)]
        chosen = {wire: given[wire] for wire in wires}
        if operation.name == "get_all_customers_hour":
            chosen["date"] = "2024100114"
        for form in ("01", "02"):
            questions.append((operation.path, {**chosen, "returnType": form}))
    return questions


def test_every_operation_answers_in_both_forms() -> None:
    for path, parameters in every_question():
        ask(APP, path, **parameters)
    entries = mock_of(APP).journal[-len(every_question()) :]
    assert {entry.outcome for entry in entries} == {"answered"}
    assert {entry.operation for entry in entries} == {operation.name for operation in OPERATIONS}


def test_the_same_seed_gives_the_same_bytes_in_whatever_order() -> None:
    questions = every_question()
    app = kepco_application()
    expected = {
        str(question): ask(app, question[0], **question[1]).content for question in questions
    }
    shuffled = questions * 2
    random.Random(7).shuffle(shuffled)
    other = kepco_application()
    for question in shuffled:
        assert ask(other, question[0], **question[1]).content == expected[str(question)]


def test_another_seed_gives_other_values_for_the_same_customers() -> None:
    other = kepco_application(seed=2)
    assert values_of(day_of(FACTORY, app=other)[0]) != values_of(day_of(FACTORY)[0])
    path = "/OpenAPI/getCustNoList.do"
    assert [item["custNo"] for item in records(other, path)] == [
        item["custNo"] for item in records(APP, path)
    ]


def test_the_hash_seed_of_python_changes_nothing() -> None:
    program = (
        "from datetime import date\n"
        "from gridwright_apis.kepco_opm.mock import application\n"
        "from gridwright_runtime.mock.world import Question, Refusal\n"
        "day = {'customer_number': '0100000007', 'date': date(2024, 10, 1)}\n"
        "world = application().state.mock.world\n"
        "print(world.answer('get_day_load_profile', Question(arguments=day)).payload)\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_threads_get_the_same_replies() -> None:
    questions = every_question()
    expected = [ask(APP, path, **parameters).content for path, parameters in questions]
    app = kepco_application(clock=mock_of(APP).clock)  # type: ignore[arg-type]
    with ThreadPoolExecutor(8) as pool:
        replies = [pool.submit(ask, app, path, **given) for path, given in questions * 4]
        assert [reply.result().content for reply in replies] == expected * 4


def test_more_customers_only_add_to_the_first_ones() -> None:
    path = "/OpenAPI/getCustMeterList.do"
    few, many = kepco_application(customers=2), kepco_application(customers=20)
    assert [item["custNo"] for item in records(few, path)] == [FACTORY, HOME]
    assert len({item["custNo"] for item in records(many, path)}) == 19
    assert day_of(FACTORY, app=few) == day_of(FACTORY, app=many)
    assert len(records(many, "/OpenAPI/getCustInfoData.do", custNo="0100000014")) == 1


def test_time_moves_what_is_known_even_between_kept_replies() -> None:
    clock = SetClock(NOON)
    app = kepco_application(clock=clock)
    first = missing_in(day_of(FACTORY, "20241005", app)[0])
    assert missing_in(day_of(FACTORY, "20241005", app)[0]) == first
    clock.advance(900)
    assert missing_in(day_of(FACTORY, "20241005", app)[0]) == first[1:]


def test_the_response_time_is_korean_and_written_as_in_the_examples() -> None:
    clock = SetClock(datetime(2024, 10, 5, 15, 1, 2, 345_678, tzinfo=UTC))
    with http(kepco_application(clock=clock)) as client:
        text = client.get(
            "/OpenAPI/getCustNoList.do", params={"serviceKey": KEY, "returnType": "01"}
        ).text
    assert "<responseTime>20241006:000102345</responseTime>" in text
