"""Operations of one address are told apart by a constant; left out, it is its default."""

from types import ModuleType

import httpx2
import pytest

from gridwright_runtime.mock.transport import MockTransport


@pytest.mark.parametrize(
    ("query", "operation", "unit"),
    [
        ("", "get_energy", "kWh"),
        ("&quantity=E", "get_energy", "kWh"),
        ("&quantity=P", "get_power", "kW"),
    ],
)
def test_a_constant_that_is_left_out_is_its_default(
    mock: ModuleType, query: str, operation: str, unit: str
) -> None:
    app = mock.application()
    with httpx2.Client(transport=MockTransport(app), base_url="https://mds.grid.example") as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": "demo-client-id",
            "client_secret": "demo-client-secret",
        }
        token = client.post("https://login.grid.example/oauth/token", data=form).json()
        reply = client.get(
            f"/api/v2/points/51234567890/profile?day=2024-03-13{query}",
            headers={"Authorization": f"Bearer {token['access_token']}"},
        )
    assert (reply.status_code, reply.json()["malo"]) == (200, "51234567890")
    assert app.state.mock.journal.of(operation)
