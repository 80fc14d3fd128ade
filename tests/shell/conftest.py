"""Mocks that are served on loopback, and the command line in this process."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from gridwright.cli import main
from gridwright_apis.epias_ecms import mock as epias_mock
from gridwright_apis.kepco_opm import mock as kepco_mock
from gridwright_runtime.limits.kinds import Limits, closed_weekly
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.serve import running

NOON = datetime(2024, 10, 5, 12, tzinfo=UTC)


class Ran(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


class Served(NamedTuple):
    """A mock that is served."""

    address: str
    app: Any


@pytest.fixture
def kepco(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "demo-service-key")
    app = kepco_mock.application()
    with running(app) as address:
        yield Served(address, app)


@pytest.fixture
def epias(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Served]:
    monkeypatch.setenv("EPIAS_ECMS_USERNAME", "demo-username")
    monkeypatch.setenv("EPIAS_ECMS_PASSWORD", "demo-password")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = epias_mock.application()
    with running(app) as address:
        yield Served(address, app)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    def ran(*words: str) -> Ran:
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    return ran


def wait_till_it_opens() -> None:
    """Wait from `NOON` on for a service that opens two hours and a half later."""
    closed = closed_weekly("nights", "saturday 19:00-23:30", "Asia/Seoul")
    limiter = Limiter(
        Limits((closed,)), system="sample", server="https://sample.invalid", account="invented",
        store=MemoryLimitStore(), clock=ManualClock(NOON),
    )  # fmt: skip
    limiter.take("ask", "0100000001").done()
