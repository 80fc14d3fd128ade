"""The bills of invented citizens, in both shapes, with entries that stand for nothing."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from gridwright_runtime.mock.worlds.thai_moi_power import CITIZENS

from .support import thai, usage

NEW_YEAR = datetime(2025, 1, 1, 2, tzinfo=UTC)


def told(citizen: str, **options: Any) -> dict[str, Any]:
    response = usage(thai(**options), citizen)
    assert response.status_code == 200
    found = json.loads(response.content, parse_float=Decimal)
    assert isinstance(found, dict)
    return found


def test_the_numbers_begin_with_9_and_pass_the_check_of_their_last_digit() -> None:
    for citizen in CITIZENS:
        digits = [int(digit) for digit in citizen]
        total = sum((13 - place) * digit for place, digit in enumerate(digits[:12]))
        assert (len(digits), digits[0], digits[12]) == (13, 9, (11 - total % 11) % 10)


def test_the_example_s_form_has_six_entries_the_last_bill_first() -> None:
    reply = told(CITIZENS[0], now=NEW_YEAR)
    (customer,) = reply["customerinfo"]
    assert "CAList" not in reply
    assert (reply["error"], reply["id"], reply["rowCount"]) == ("", CITIZENS[0], "1")
    dates = [entry["billDate"] for entry in customer["usageHistory"]]
    assert dates[0] == "2024-12-03T00:00:00"  # that of January is yet to come
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 6


def test_who_moved_in_last_month_has_one_bill_and_five_entries_for_nothing() -> None:
    (customer,) = told(CITIZENS[1])["customerinfo"]
    first, *others = customer["usageHistory"]
    assert first["kwh"] > 0
    assert others == [{"kwh": 0, "Amount": 0, "billDate": ""}] * 5


def test_the_table_s_form_has_contract_accounts_with_bills() -> None:
    reply = told(CITIZENS[2])
    assert "customerinfo" not in reply
    assert reply["rowCount"] == "2"
    assert [len(account["BillList"]) for account in reply["CAList"]] == [6, 6]
    assert reply["CAList"][0]["CANo"]


def test_an_empty_house_has_a_bill_with_a_date_and_no_energy() -> None:
    (customer,) = told(CITIZENS[3])["customerinfo"]
    assert [entry["kwh"] for entry in customer["usageHistory"]].count(0) == 1
    assert all(entry["billDate"] for entry in customer["usageHistory"])


def test_amounts_are_written_to_the_last_digit() -> None:
    for citizen in (CITIZENS[0], CITIZENS[4]):
        for customer in told(citizen)["customerinfo"]:
            for entry in customer["usageHistory"]:
                assert Decimal(entry["Amount"]).as_tuple().exponent == -2


def test_an_unknown_number_is_an_error_inside_http_200() -> None:
    reply = told("9000000000999")
    assert reply["error"] == "mock: there is no citizen of this number"
    assert reply["status"] == "mock-3001"
    assert "customerinfo" not in reply


def test_the_same_seed_and_month_give_the_same_bills() -> None:
    assert told(CITIZENS[4], seed=3) == told(CITIZENS[4], seed=3)
    assert told(CITIZENS[4], seed=3) != told(CITIZENS[4], seed=4)
