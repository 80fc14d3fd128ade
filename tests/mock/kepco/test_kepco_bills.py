"""Bills follow from the readings; their amounts need not add up."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.mock.worlds.kepco_opm.meters import band_of

from .support import kepco_application, records, refusal
from .test_kepco_world import FACTORY, HOME, LATE_CONSENT, MIXED, TWO_METERS, at, period

APP = kepco_application()
BANDS = ("lload", "mload", "maxload")


def bill_of(customer: str, month: str = "202409") -> dict[str, Any]:
    (bill,) = records(APP, "/OpenAPI/getCustBillData.do", custNo=customer, dataMonth=month)
    return bill


def bill_refusal(customer: str, month: str, today: str = "20241005") -> str:
    path = "/OpenAPI/getCustBillData.do"
    return refusal(records(at(today), path, custNo=customer, dataMonth=month))[0]


def used(bill: Mapping[str, Any]) -> list[int]:
    return [bill[f"{band}_usekwh"] for band in BANDS]


def shown(bill: Mapping[str, Any]) -> list[int]:
    return [bill[f"{band}_needle"] for band in BANDS]


def band_sums(customer: str, start: str, end: str) -> list[Decimal]:
    """Add up the readings of a period by tariff band."""
    sums = [Decimal(0)] * 3
    for _, day, time, value in period(customer, start, end):
        quarter = (int(time[:2]) * 60 + int(time[2:])) // 15
        when = date.fromisoformat(day)
        band = band_of(when, quarter) if quarter else band_of(when - timedelta(1), 96)
        sums[band] += Decimal(str(value)) if value != "" else 0
    return sums


@pytest.mark.parametrize("customer", [FACTORY, TWO_METERS])
def test_a_high_voltage_bill_is_the_sum_of_its_month_by_band(customer: str) -> None:
    sums = band_sums(customer, "202409010000", "202410010000")
    for kwh, measured in zip(used(bill_of(customer)), sums, strict=True):
        assert kwh > 0
        assert abs(kwh - measured) < 1


def test_a_low_voltage_bill_runs_between_reading_days_and_knows_one_band() -> None:
    bill = bill_of(HOME)
    day = bill["mr_ymd"]
    sums = band_sums(HOME, f"202408{day}0000", f"202409{day}0000")
    assert used(bill)[0] == used(bill)[2] == 0
    assert abs(used(bill)[1] - sum(sums, Decimal(0))) < 1


@pytest.mark.parametrize("customer", [FACTORY, HOME, MIXED])
def test_registers_of_two_bills_differ_by_what_was_used(customer: str) -> None:
    before, after = bill_of(customer, "202408"), bill_of(customer, "202409")
    assert [late - early for late, early in zip(shown(after), shown(before), strict=True)] == used(
        after
    )


@pytest.mark.parametrize("customer", [FACTORY, HOME, MIXED])
def test_a_discount_is_negative_and_amounts_do_not_add_up(customer: str) -> None:
    bill = bill_of(customer)
    assert bill["dc_bill"] < 0
    assert bill["base_bill"] + bill["kwh_bill"] + bill["dc_bill"] != bill["req_bill"]
    assert 0 < bill["req_bill"] < bill["req_amt"]
    assert bill["req_amt"] % 10 == 0


def test_the_billing_demand_is_the_highest_of_the_month() -> None:
    highest = max(value for *_, value in period(FACTORY, "202409010000", "202410010000"))
    assert bill_of(FACTORY)["bill_aply_pwr"] == -(-4 * highest // 1)


def test_the_reading_day_is_a_day_of_the_month() -> None:
    assert bill_of(FACTORY)["mr_ymd"] == "30"
    assert bill_of(FACTORY, "202402")["mr_ymd"] == "29"
    assert 5 <= int(bill_of(HOME)["mr_ymd"]) <= 25


def test_a_bill_names_the_day_of_a_move_in_its_period_only() -> None:
    customer = "0100000008"
    (information,) = records(APP, "/OpenAPI/getCustInfoData.do", custNo=customer)
    assert information["nm_chg_date"] == "20240610"
    moves = [bill_of(customer, f"2024{month:02d}")["move_ymd"] for month in range(4, 10)]
    assert sorted(moves) == ["", "", "", "", "", "20240610"]


def test_a_bill_comes_when_its_period_is_over() -> None:
    assert bill_refusal(FACTORY, "202409", "20240930") == "openapi-9001"
    assert bill_refusal(FACTORY, "202410") == "openapi-9001"
    assert bill_refusal("0100000099", "202409") == "mock-3001"


def test_a_bill_that_begins_before_the_consent_is_refused() -> None:
    assert bill_refusal(LATE_CONSENT, "202403") == "mock-3002"
    assert bill_of(LATE_CONSENT, "202404")["bill_ym"] == "202404"


def test_power_factors_are_percentages_with_three_decimals() -> None:
    bill = bill_of(FACTORY)
    for name in ("jn_pwrfact", "ji_pwrfact"):
        assert 90 < bill[name] <= 100
    assert bill_of(HOME)["ji_pwrfact"] == 0
