"""Thai usage API: facts that a second reading of the document set right."""

import pytest

from gridwright_apis import thai_moi_power
from gridwright_apis.thai_moi_power.models import ContractAccount, CustomerInfo
from gridwright_runtime.errors import ConfigurationError
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


def client(agent_id: str, base_url: str) -> thai_moi_power.Client:
    return thai_moi_power.Client(
        client_id="invented", client_secret="invented", agent_id=agent_id, base_url=base_url
    )


@pytest.mark.parametrize(
    "agent_id", ["123456789012", "12345678901234", "๑๒๓๔๕๖๗๘๙๐๑๒๓", "demo-agent-id"]
)
def test_the_number_of_the_official_is_thirteen_digits_of_ascii(agent_id: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        client(agent_id, "https://usage.example.com")
    assert "agent_id does not match [0-9]{13}" in str(caught.value)
    assert agent_id not in str(caught.value)
    with client(agent_id, "http://127.0.0.1:8000") as made:
        assert "http://127.0.0.1:8000" in repr(made)


def test_thirteen_digits_go_to_any_address() -> None:
    with client("0000000000000", "https://usage.example.com") as made:
        assert "https://usage.example.com" in repr(made)
