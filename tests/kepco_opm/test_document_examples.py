"""The document's own JSON replies, read as the amendments say."""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.reply import Reply

from .support import OPERATIONS, SPECS, brief, call, document, responding

DOCUMENT = document()
pytestmark = pytest.mark.skipif(
    DOCUMENT is None,
    reason=(
        "the document is not at hand: its publisher keeps the copyright, so it is not in the "
        "repository"
    ),
)
every_operation = pytest.mark.parametrize("name", list(OPERATIONS))

BROKEN = {
    # all-customers-hour-json-not-closed: "read as if it were there"
    "get_all_customers_hour": (re.compile(r"\Z"), "}"),
    # customer-bill-json-commas
    "get_customer_bill": (re.compile(", ,"), ","),
}
"""Where JSON itself is broken, and what the amendments put there."""

LABELS_FOR_DAYS = {
    # example-values-are-labels: "the tables decide on types and patterns"
    "get_day_load_profile_dr": ["records[0].reading_date"],
    "get_day_load_profile": ["records[0].reading_date"],
    "get_quarter_hour_reading_dr": ["records[0].reading_date"],
    "get_quarter_hour_reading": ["records[0].reading_date"],
    "list_customers": [],
    "list_customer_meters": [],
    "get_all_customers_hour": [f"records[{index}].reading_date" for index in range(8)],
    "get_period_readings": [f"records[{index}].reading_date" for index in range(2)],
    "get_customer_info": ["records[0].name_changed_on", "records[0].service_started_on"],
    "get_customer_bill": ["records[0].bill_month", "records[0].moved_on"],
    "get_join_status": [],
    "get_household_day_load_profile": ["records[0].reading_date"],
    "get_household_quarter_hour_reading": ["records[0].reading_date"],
}
"""The fields in which a label stands where a day must."""

# example-placeholder-fields ("it is no field") and example-json-day-shorter.
SHORT_DAY = [
    *(
        f"records[0].energy_kwh_{minute // 60:02}{minute % 60:02} missing-field"
        for minute in range(75, 1440, 15)
    ),
    "records[0].pwr_qtyxxxx unknown-field",
    "records[0].pwr_qtyxxxx repeated-field",
]
LABEL_FOR_CODE = ["records[0].is_multi_meter not-a-code", "records[0].is_multi_meter too-long"]
DEVIATIONS = {
    "get_day_load_profile_dr": [*LABEL_FOR_CODE, *SHORT_DAY],
    "get_day_load_profile": [*LABEL_FOR_CODE, *SHORT_DAY],
    "get_quarter_hour_reading_dr": LABEL_FOR_CODE,
    "get_quarter_hour_reading": LABEL_FOR_CODE,
    # customer-info-meter-kind-size: "another value is passed on as a deviation"
    "get_customer_info": [
        "records[0].meter_kind not-a-code",
        "records[0].sub_meter_kind not-a-code",
        "records[0].sub_meter_kind too-long",
    ],
    "get_household_day_load_profile": SHORT_DAY,
    # household-quarter-hour-reading-meter-number: "a reply with meterNo is read as well"
    "get_household_quarter_hour_reading": ["records[0].meter_number renamed-field"],
}
"""What is listed once the days are days."""


@cache
def spec() -> Any:
    return yaml.safe_load((SPECS / "interface.yaml").read_text(encoding="utf-8"))


def example(name: str) -> str:
    """Return the JSON reply of an operation as printed, without the marks around it."""
    assert DOCUMENT is not None
    line = spec()["operations"][name]["examples"]["json_reply"]["at"]
    text = DOCUMENT.read_text(encoding="utf-8").split("\n")[line - 1]
    # markup-around-examples: "these marks are no part of the examples"
    return re.sub("</?pre>", "", text).strip()


def mended(name: str) -> str:
    if name not in BROKEN:
        return example(name)
    place, instead = BROKEN[name]
    text, count = place.subn(instead, example(name))
    assert count == 1
    return text


def with_days(text: str) -> str:
    for wire, label, day in (
        ("mr_ymd", "조회일자2?", "20141001"),
        ("nm_chg_date", "명의변경일", "20141001"),
        ("onsvc_ymd", "송전일자", "20141001"),
        ("bill_ym", "청구년월", "201801"),
        ("move_ymd", "이사정산일vv", "20180131"),
    ):
        text = re.sub(f'"{wire}":( ?)"{label}"', f'"{wire}":\\1"{day}"', text)
    return text


def read(name: str, text: str) -> Reply[Any]:
    return call("sync", responding(text), name, format="json")


@pytest.mark.parametrize("name", list(BROKEN))
def test_an_example_that_is_no_json_is_refused_as_printed(name: str) -> None:
    with pytest.raises(UnexpectedReplyError, match=r"malformed|cut off"):
        read(name, example(name))


@every_operation
def test_an_example_with_labels_for_days_is_refused_and_one_without_is_read(name: str) -> None:
    if not LABELS_FOR_DAYS[name]:
        assert read(name, mended(name)).records
        return
    with pytest.raises(UnexpectedReplyError) as caught:
        read(name, mended(name))
    assert brief(caught.value.problems) == [f"{path} not-a-date" for path in LABELS_FOR_DAYS[name]]
    assert all(problem.label and problem.source for problem in caught.value.problems)


@every_operation
def test_an_example_with_days_is_read_and_its_departures_are_listed(name: str) -> None:
    reply = read(name, with_days(mended(name)))
    assert reply.records
    # Where a customer's number should be, the examples have its label: it is not the one asked for.
    departures = [one for one in brief(reply.deviations) if not one.endswith(" other-than-asked")]
    assert departures == DEVIATIONS.get(name, [])


def test_the_values_of_the_examples_are_those_printed() -> None:
    def first(name: str) -> Any:
        return read(name, with_days(mended(name))).records[0]

    day = first("get_day_load_profile")
    assert [str(one.energy_kwh) for one in day.readings()[:4]] == [
        "0.0911",
        "0.0728",
        "0.0208",
        "0.0221",
    ]
    assert day.readings()[4].energy_kwh is None
    assert str(day.readings()[-1].energy_kwh) == "0.0211"
    assert first("list_customers").power_consumption == 5
    assert first("get_customer_bill").mid_peak_register_kwh == 6453
    assert first("get_customer_bill").reading_day == 1
    assert first("get_customer_info").power_factor_percent == 90
    status = first("get_join_status")
    assert (status.is_joined, status.is_information_matched, status.is_agreed) == ("Y", "Y", "Y")
    assert first("get_household_quarter_hour_reading").meter_number == "계기번호"
