"""The mock invents the form that a record's own codes decide, with the records inside it."""

import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType

import httpx2
import pytest

from gridwright_runtime.mock.transport import MockTransport

DAY = date(2024, 3, 13)


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_mock_fills_the_list_of_the_form(api: ModuleType, mock: ModuleType, seed: int) -> None:
    with api.Client(
        client_id="demo-client-id",
        client_secret="demo-client-secret",
        transport=MockTransport(mock.application(seed=seed)),
    ) as client:
        result = client.get_either(market_location="51234567890", day=DAY)
    form = {"kWh": api.models.EnergyProfile, "kW": api.models.PowerProfile}[result.body.unit]
    assert type(result.body) is form
    readings = result.body.readings()
    assert len(readings) == 96
    name = "energy_kwh" if result.body.unit == "kWh" else "mean_power_kw"
    assert any(getattr(one, name) is not None for one in readings)
    assert list(result.deviations) == []


def test_a_form_without_its_list_is_told(api: ModuleType) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
        day = {"malo": "51234567890", "day": "2024-03-13", "unit": "kWh", "values": None}
        return httpx2.Response(200, json=day)

    with api.Client(
        client_id="1", client_secret="s", transport=httpx2.MockTransport(answer)
    ) as client:
        for call in (client.get_either, client.get_energy):
            result = call(market_location="51234567890", day=DAY)
            assert "energies" in [problem.path for problem in result.deviations]


def test_pages_and_openapi_have_the_records_inside_of_forms(folder: Path) -> None:
    page = (folder / "docs/example_metering/get_either.md").read_text("utf-8")
    assert "`EnergyValue`" in page and "`mean_power_kw`" in page
    text = (folder / "schemas/example_metering/openapi.json").read_text("utf-8")
    named = json.loads(text)["components"]["schemas"].keys()
    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) <= named
