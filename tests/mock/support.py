"""One helper for each boundary: the clock, the application, requests to it."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.applications import Starlette

from gridwright_apis.kepco_opm.mock import OPERATIONS
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.engine import Mock, build_application
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.list_world import ListAnswer as Answer
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.worlds import find_world

from . import tiny_api

KEY = "demo-service-key"
NOON = datetime(2024, 10, 5, 3, 7, tzinfo=UTC)
"""12:07 in Seoul."""


class SetClock(ManualClock):
    """A clock that stands at noon of an invented Saturday until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        super().__init__(now)


class TinyWorld:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, answer: Answer = (), version: Hashable = 0) -> None:
        self.answer = answer
        self.current: Hashable = version
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    def reply(self, operation: str, arguments: Mapping[str, object]) -> Answer:
        self.asked.append((operation, dict(arguments)))
        return self.answer

    def version(self) -> Hashable:
        return self.current

    def response_time(self) -> str:
        return "20241005:120700000"


def tiny_application(world: TinyWorld | None = None, **options: Any) -> Starlette:
    return build_application(
        system="tiny",
        operations=tiny_api.OPERATIONS,
        world=world or TinyWorld([tiny_api.BOLT]),
        credentials={"api_key": KEY},
        clock=options.pop("clock", None) or SetClock(),
        **options,
    )


def kepco_application(
    *, now: datetime = NOON, seed: int = 1, customers: int = 8, clock: SetClock | None = None
) -> Starlette:
    clock = clock or SetClock(now)
    world = find_world("kepco_opm", seed=seed, clock=clock, customers=customers)
    return build_application(
        system="kepco_opm",
        operations=OPERATIONS,
        world=world,
        clock=clock,
        credentials={"service_key": KEY},
    )


def mock_of(app: Starlette) -> Mock:
    mock = app.state.mock
    assert isinstance(mock, Mock)
    return mock


def play(app: Starlette, operation: str | None, fault: Fault, *, times: int = 1) -> None:
    mock_of(app).faults.add(operation, fault, times=times)


def http(app: Starlette) -> httpx2.Client:
    return httpx2.Client(transport=MockTransport(app), base_url="http://mock.invalid")


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
