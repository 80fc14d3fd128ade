"""Thai usage API: facts that a second reading of the document set right."""

import pytest

from gridwright_apis.thai_moi_power.models import ContractAccount, CustomerInfo
from gridwright_runtime.record import Record

from .support import amendment, facts, named

SYSTEM = "thai_moi_power"


@pytest.mark.parametrize(
    ("model", "names"),
    [(CustomerInfo, {"province", "province_code"}), (ContractAccount, {"province"})],
)
def test_the_province_of_a_person_is_masked(model: type[Record], names: set[str]) -> None:
    assert names <= model.__personal__


def test_the_number_of_rows_is_printed_as_a_text_and_read_as_a_number() -> None:
    changes = amendment(SYSTEM, "numbers-as-text")["changes"]
    assert changes == [["records.PowerUsage.fields.rowCount.type", "text", "integer"]]


def test_the_envelope_is_json_alone() -> None:
    [envelope] = facts(SYSTEM)["envelopes"]
    assert envelope["header_formats"] == ["json"]
    assert named(facts(SYSTEM)["operations"], "get_power_usage")["formats"] == ["json"]
