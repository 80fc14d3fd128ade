"""The day of registration: an object by the document's table, of which it gives no field."""

import json

import httpx2
import pytest

from gridwright_apis import thai_moi_power


@pytest.mark.parametrize("value", [{"day": "1"}, "1", None, ["1"]], ids=str)
def test_whatever_stands_there_is_handed_on_and_no_deviation(value: object) -> None:
    [account] = usage({"RegisDate": value}).contract_accounts or []
    assert account.items["RegisDate"] == value


def test_no_repr_shows_it() -> None:
    assert "invented-day" not in repr(usage({"RegisDate": "invented-day"}))


def usage(account: dict[str, object]) -> thai_moi_power.models.PowerUsage:
    """Read a reply of one contract account, of which nothing else is known."""
    body = {"CAList": [account], "rowCount": "1", "status": "invented"}

    def answer(request: httpx2.Request) -> httpx2.Response:
        if "Authenticate" in request.url.path:
            return httpx2.Response(200, headers={"Token": "invented-token"}, text='"Authorized"')
        return httpx2.Response(200, text=json.dumps(body))

    with thai_moi_power.Client(
        client_id="demo-client-id",
        client_secret="demo-client-secret",
        agent_id="demo-agent-id",
        base_url="http://127.0.0.1",
        transport=httpx2.MockTransport(answer),
    ) as client:
        result = client.get_power_usage(citizen_id="9000000000012")
    assert not [d for d in result.deviations if "RegisDate" in d.wire]
    assert result.body is not None
    return result.body
