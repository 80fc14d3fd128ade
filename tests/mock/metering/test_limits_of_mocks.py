"""Clients of a mock keep limits and logins to themselves, in memory alone."""

import asyncio
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

from .conftest import SPEC

ACCESS = {"client_id": "demo-client-id", "client_secret": "demo-client-secret"}
REPORT = {"market_location": "51234567890", "position": 1}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def spend(client: Any) -> int:
    """Return how many calls went before one would have had to wait."""
    for count in range(5):
        try:
            client.report_correction(**REPORT)
        except LimitError:
            return count
    return 5


def test_a_client_of_a_mock_leaves_no_files(api: ModuleType, mock: ModuleType, cache: Path) -> None:
    app = mock.application()
    with api.Client(**ACCESS, transport=MockTransport(app), wait_for_turn=False) as client:
        assert spend(client) == 2  # and a login
    assert list(cache.rglob("*")) == []


def test_so_does_one_of_tasks(api: ModuleType, mock: ModuleType, cache: Path) -> None:
    async def run() -> None:
        transport = AsyncMockTransport(mock.application())
        async with api.AsyncClient(**ACCESS, transport=transport) as client:
            await client.report_correction(**REPORT)

    asyncio.run(run())
    assert list(cache.rglob("*")) == []


def test_clients_of_one_mock_share_its_limits_and_those_of_another_do_not(
    api: ModuleType, mock: ModuleType, cache: Path
) -> None:
    one, other = mock.application(), mock.application()

    def client(app: Any) -> Any:
        return api.Client(**ACCESS, transport=MockTransport(app), wait_for_turn=False)

    with client(one) as first, client(one) as second, client(other) as third:
        assert spend(first) == 2
        assert spend(second) == 0
        assert spend(third) == 2


def test_transports_of_httpx2_that_lead_nowhere_count_as_mocks(
    api: ModuleType, cache: Path
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx2.Response(200, json={"ticket": "K-1"})

    transport = httpx2.MockTransport(answer)
    with api.Client(**ACCESS, transport=transport, wait_for_turn=False) as client:
        assert spend(client) == 2
    assert list(cache.rglob("*")) == []


def test_a_transport_that_leads_out_shares_the_limits_of_this_user(
    api: ModuleType, cache: Path
) -> None:
    class Out(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.path == "/oauth/token":
                return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
            return httpx2.Response(200, json={"ticket": "K-1"})

    with api.Client(**ACCESS, transport=Out()) as client:
        client.report_correction(**REPORT)
    assert list(cache.rglob("*"))


def test_a_store_that_is_given_is_taken(api: ModuleType, mock: ModuleType, cache: Path) -> None:
    store = MemoryLimitStore()
    for count in (2, 0):
        with api.Client(
            **ACCESS,
            transport=MockTransport(mock.application()),
            limit_store=store,
            wait_for_turn=False,
        ) as client:
            assert spend(client) == count


@pytest.fixture(scope="module")
def logins_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """A package whose limit counts logins, and nothing else."""
    text = SPEC.read_text("utf-8").replace(
        "{at: 1, kind: rate, requests: 3, per: PT1M, scope: account,",
        "{at: 1, kind: rate, requests: 1, per: PT1M, scope: account, operations: logins,",
    )
    folder = tmp_path_factory.mktemp("logins_alone")
    write_package(text.encode(), folder, "logins_alone_apis.metering")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield import_module("logins_alone_apis.metering")


def test_a_limit_of_logins_counts_them_alone(logins_alone: ModuleType, cache: Path) -> None:
    app = import_module("logins_alone_apis.metering.mock").application()
    limits = MemoryLimitStore()

    def client() -> Any:
        return logins_alone.Client(
            **ACCESS,
            transport=MockTransport(app),
            limit_store=limits,
            wait_for_turn=False,
        )

    with client() as first, client() as second:
        assert spend(first) == 5
        with pytest.raises(LimitError):
            second.report_correction(**REPORT)
    assert app.state.mock.watch.requests["(login)"] == 1
