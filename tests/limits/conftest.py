"""Stores of limits that two programs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.shared_server.servers import begin_long_ago, own_server

from gridwright_runtime.limits import valkey
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore
from gridwright_runtime.limits.valkey import ValkeyLimitStore


@pytest.fixture(params=["memory", "file", "server"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[LimitStore]]:
    """Return what two programs have of the same limits."""
    if request.param == "memory":
        yield [MemoryLimitStore()] * 2
    elif request.param == "file":
        yield [FileLimitStore(tmp_path / "limits") for _ in range(2)]
    else:
        with own_server(tmp_path) as server:
            begin_long_ago(server.server)
            valkey._QUEUES.clear()
            yield [ValkeyLimitStore(server.url) for _ in range(2)]
