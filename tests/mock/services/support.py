"""One helper for each boundary: the clock, the mocks of generated packages, requests to them."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
from msgspec.structs import replace
from starlette.applications import Starlette

from gridwright_apis import kansai_kakusyu
from gridwright_apis.kansai_kakusyu import mock as kakusyu_mock
from gridwright_apis.kansai_takusou import mock as takusou_mock
from gridwright_apis.kansai_takusou import operations as takusou_operations
from gridwright_apis.thai_moi_power import mock as thai_mock
from gridwright_runtime.limits.kinds import ConcurrencyLimit, Limits
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.application import Mock, build_application
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.transport import MockTransport

NOON = datetime(2024, 10, 5, 3, 0, tzinfo=UTC)
"""Saturday, 12:00 in Tokyo and 10:00 in Bangkok."""
CLOSED = datetime(2024, 10, 5, 16, 30, tzinfo=UTC)
"""Sunday, 01:30 in Tokyo."""
LOCAL = "http://127.0.0.1:8080"
NUMBER = "PROVISIONAL_application_number"
ACCOUNT = {
    "client_id": "demo-client-id",
    "client_secret": "demo-client-secret",
    "agent_id": "demo-agent-id",
}

ASKED = {"Accept-Charset": "UTF-8"}


def takusou(**options: Any) -> Starlette:
    return takusou_mock.application(**_timed(options))


def takusou_two_at_once(**options: Any) -> Starlette:
    """Return the mock of a system that takes two calls at once, beside its other limits."""
    system = takusou_operations.SYSTEM
    assert system.limits is not None
    two = ConcurrencyLimit(name="two_at_once", at_most=2, operations=("apply_regular",))
    system = replace(system, limits=Limits((*system.limits.limits, two)))
    return build_application(system, takusou_mock.OPERATIONS, **_timed(options))


def kakusyu(**options: Any) -> Starlette:
    return kakusyu_mock.application(**_timed(options))


def thai(**options: Any) -> Starlette:
    return thai_mock.application(**_timed(options))


def kakusyu_client(app: Starlette, **options: Any) -> kansai_kakusyu.Client:
    given = {"login_id": "demo-login-id", "password": "demo-password", "ip_address": "192.0.2.1"}
    return kansai_kakusyu.Client(
        base_url=LOCAL,
        transport=MockTransport(app),
        clock=clock_of(app),
        limit_store=MemoryLimitStore(),
        **(given | options),
    )


def mock_of(app: Starlette) -> Mock:
    mock = app.state.mock
    assert isinstance(mock, Mock)
    return mock


def clock_of(app: Starlette) -> ManualClock:
    clock = mock_of(app).clock
    assert isinstance(clock, ManualClock)
    return clock


def http(app: Starlette) -> httpx2.Client:
    return httpx2.Client(transport=MockTransport(app), base_url=LOCAL)


def post(app: Starlette, path: str, body: object) -> httpx2.Response:
    """Post JSON."""
    with http(app) as client:
        headers = {"content-type": "application/json"}
        return client.post(path, content=json.dumps(body).encode(), headers=headers)


def log_in(app: Starlette) -> httpx2.Response:
    with http(app) as client:
        return client.post(
            f"/api/v1/Authenticate/{ACCOUNT['agent_id']}",
            json={"ClientID": ACCOUNT["client_id"], "ClientSecret": ACCOUNT["client_secret"]},
        )


def usage(app: Starlette, citizen: str) -> httpx2.Response:
    token = log_in(app).headers["Token"]
    with http(app) as client:
        return client.get(f"/api/v1/PowerCapital/{citizen}", headers={"Token": token, **ASKED})


def _timed(options: dict[str, Any]) -> dict[str, Any]:
    return {"clock": ManualClock(options.pop("now", NOON)), **options}
