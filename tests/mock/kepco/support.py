"""One helper for each boundary: the clock, the application, requests to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.applications import Starlette

from gridwright_apis.kepco_opm.mock import OPERATIONS
from gridwright_apis.kepco_opm.operations import SYSTEM
from gridwright_runtime.mock.application import Mock, build_application
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.transport import MockTransport

KEY = "demo-service-key"
NOON = datetime(2024, 10, 5, 3, 7, tzinfo=UTC)
"""12:07 in Seoul."""


class SetClock(ManualClock):
    """A clock that stands at noon of an invented Saturday until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        super().__init__(now)


def kepco_application(
    *, now: datetime = NOON, seed: int = 1, customers: int = 8, clock: SetClock | None = None
) -> Starlette:
    return build_application(
        SYSTEM, OPERATIONS, seed=seed, customers=customers, clock=clock or SetClock(now)
    )


def mock_of(app: Starlette) -> Mock:
    mock = app.state.mock
    assert isinstance(mock, Mock)
    return mock


def http(app: Starlette) -> httpx2.Client:
    return httpx2.Client(transport=MockTransport(app), base_url="http://127.0.0.1")


def ask(app: Starlette, path: str, **parameters: str) -> httpx2.Response:
    """Ask the KEPCO mock in JSON, with the key, unless the parameters say otherwise."""
    given = {"serviceKey": KEY, "returnType": "02", **parameters}
    with http(app) as client:
        return client.get(path, params=given)


def records(app: Starlette, path: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the one list of a JSON reply of the KEPCO mock."""
    ((_, listed),) = ask(app, path, **parameters).json().items()
    assert isinstance(listed, list)
    return listed


def refusal(listed: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return code and text of a refusal inside a list."""
    assert [list(item) for item in listed] == [["errMsg"], ["returnCode"]]
    return listed[1]["returnCode"], listed[0]["errMsg"]
