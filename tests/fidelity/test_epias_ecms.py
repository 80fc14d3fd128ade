"""EPIAS ECMS: facts that a second reading of the document set right."""

from collections.abc import Callable, Mapping

import msgspec
import pytest

from gridwright_apis.epias_ecms.models import AccrualRequest, IndexRequest
from gridwright_apis.epias_ecms.validators import (
    check_accrual_request,
    check_index_request,
    check_save_accruals_request,
)
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record

from .support import amendment, facts, field, named

SYSTEM = "epias_ecms"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("CLOSING_RELEASE", "Closing-drain Reading"),
        ("DEBT_LEAK_TURN_ON", "Debt / Leak On Reading"),
        ("INTERIM", "mid Reading"),
    ],
)
def test_a_code_has_the_gloss_that_is_printed_behind_it(code: str, label: str) -> None:
    values = named(facts(SYSTEM)["codes"], "measure_type")["values"]
    [found] = [value for value in values if value["value"] == code]
    assert found["label"] == label


@pytest.mark.parametrize(
    ("name", "number"), [("search_indexes", "3.8"), ("search_accruals", "3.4")]
)
def test_a_search_has_the_number_of_its_sub_sections(name: str, number: str) -> None:
    assert named(facts(SYSTEM)["operations"], name)["number"] == number


def test_the_two_names_of_a_metering_point_are_cited_where_they_stand() -> None:
    assert amendment(SYSTEM, "two-names-of-a-metering-point")["lines"] == "341, 505, 3362, 3369"


ORDERS = {
    "IndexRequest": (
        "period meteringPointId meterBrand meterSerialNumber meterType powerType factor "
        "firstMeasureDate firstMeasureType firstLoadType firstT0 firstT1 firstT2 firstT3 "
        "lastMeasureDate lastMeasureType lastLoadType lastT0 lastT1 lastT2 lastT3 "
        "description digitCount"
    ),
    "AccrualRequest": (
        "period meteringPointId startDate endDate t0 t1 t2 t3 ri rc demand reason description"
    ),
    "IndexSearchCriteria": (
        "meteringPointId meterSerialNumber period firstMeasureDate lastMeasureDate "
        "measuringOrgId recordDateBegin recordDateEnd"
    ),
    "AccrualSearchCriteria": (
        "meteringPointId period startDate endDate measuringOrgId recordDateBegin recordDateEnd"
    ),
    "IndexQueryResult": (
        "indexId period meteringPointId meterBrand meterSerialNumber meterType powerType factor "
        "firstMeasureDate firstMeasureType firstLoadType firstT0 firstT1 firstT2 firstT3 "
        "lastMeasureDate lastMeasureType lastLoadType lastT0 lastT1 lastT2 lastT3 "
        "description status state supplierOrgId transformerLoss lineLoss digitCount"
    ),
    "IndexSaveResponse": "resultCode resultDescription resultType body",
}


@pytest.mark.parametrize("record", ORDERS)
def test_a_record_has_the_order_of_the_printed_examples(record: str) -> None:
    printed = ORDERS[record].split()
    fields = [one["wire"] for one in named(facts(SYSTEM)["records"], record)["fields"]]
    assert [wire for wire in fields if wire in printed] == printed


@pytest.mark.parametrize("name", ["production", "test"])
def test_the_reason_of_an_address_names_the_lines_that_its_host_stands_on(name: str) -> None:
    server = named(facts(SYSTEM)["servers"], name)
    assert server["cite"]["basis"] == "inferred"
    assert "confirmed" not in server
    assert not server.get("doubtful")
    assert "on lines 84 and 94" in server["cite"]["reason"]
    assert "line 9" not in server["cite"]["reason"].split("84 and 94")[0]


LOSSES = [
    (record, wire)
    for record in ("IndexQueryResult", "AccrualQueryResult")
    for wire in ("lineLoss", "transformerLoss")
]


@pytest.mark.parametrize(("record", "wire"), LOSSES)
def test_a_loss_is_the_whole_number_that_is_printed(record: str, wire: str) -> None:
    assert field(SYSTEM, record, wire)["type"]["kind"] == "integer"


@pytest.mark.parametrize("description", ["", " ", "\t", "\u3000"])
def test_a_description_of_blanks_does_not_pass_the_rule_for_other(description: str) -> None:
    row = {"reason": "OTHER", "description": description}
    found = check_save_accruals_request({"body": {"additionalAccruals": [row]}})
    assert ("body.accruals[0].description", "required") in {(p.path, p.rule) for p in found}


REQUIRED = {
    "IndexRequest": ["period_description", "metering_point_eic"],
    "AccrualRequest": ["metering_point_eic"],
}


@pytest.mark.parametrize(
    ("check", "record"),
    [
        (check_index_request, IndexRequest),
        (check_accrual_request, AccrualRequest),
    ],
)
def test_a_save_without_what_is_printed_as_required_is_refused(
    check: Callable[[Mapping[str, object]], list[Problem]], record: type[Record]
) -> None:
    missing = {p.path for p in check({}) if p.rule == "required"}
    assert set(REQUIRED[record.__name__]) <= missing


@pytest.mark.parametrize("record", [IndexRequest, AccrualRequest])
def test_a_record_can_be_made_without_what_all_examples_leave_out(record: type[Record]) -> None:
    absent = {f.name for f in msgspec.structs.fields(record) if not f.required}
    assert set(REQUIRED[record.__name__]) <= absent
