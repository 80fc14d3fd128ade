"""One helper for each boundary: the clock, the mock, both clients, and what calls they make."""

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NoReturn
from zoneinfo import ZoneInfo

import httpx2
from starlette.applications import Starlette

from gridwright_apis.kepco_opm import AsyncClient, Client, mock
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.mock.faults import Faults
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.reply import Reply
from gridwright_runtime.retry import RetryPolicy

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
FORMATS: tuple[Format, ...] = ("json", "xml")

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "generated" / "schemas" / "kepco_opm"
PAGES = ROOT / "generated" / "docs" / "kepco_opm"
SPECS = ROOT / "specs" / "kepco_opm"

KEY = "demo-service-key"
SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2024, 10, 10, 3, 7, tzinfo=UTC)
"""12:07 in Seoul."""
DAY = date(2024, 10, 1)

FACTORY = "0100000001"
HOUSEHOLD_CUSTOMER = "0100000002"
TWO_METERS = "0100000003"
WITH_GAPS = "0100000004"
LATE_CONSENT = "0100000005"
NOT_SUBSCRIBED = "0100000006"
HIGH_AND_LOW = "0100000007"
HOUSEHOLD = "010000000000000001"
HOUSEHOLD_WITH_GAPS = "010000000000000002"

OPERATIONS: Mapping[str, Operation[Any]] = {item.name: item for item in mock.OPERATIONS}


def model_of(operation: Operation[Any]) -> type[Record]:
    """Return the model of a reply's records."""
    model = operation.reply.model
    assert model is not None
    return model


CALLS: Mapping[str, Mapping[str, object]] = {
    "get_day_load_profile_dr": {"customer_number": FACTORY, "date": DAY},
    "get_day_load_profile": {"customer_number": FACTORY, "date": DAY},
    "get_quarter_hour_reading_dr": {
        "customer_number": FACTORY,
        "date_time": datetime(2024, 10, 1, 14, tzinfo=SEOUL),
    },
    "get_quarter_hour_reading": {
        "customer_number": FACTORY,
        "date_time": datetime(2024, 10, 1, 14, tzinfo=SEOUL),
    },
    "list_customers": {},
    "list_customer_meters": {},
    "get_all_customers_hour": {"hour": datetime(2024, 10, 1, 14, tzinfo=SEOUL)},
    "get_period_readings": {
        "customer_number": FACTORY,
        "start_date": DAY,
        "end_date": date(2024, 10, 2),
        "start_time": "2200",
        "end_time": "0200",
    },
    "get_customer_info": {"customer_number": FACTORY},
    "get_customer_bill": {"customer_number": FACTORY, "month": date(2024, 9, 1)},
    "get_join_status": {"customer_number": FACTORY, "business_number": "0900000001"},
    "get_household_day_load_profile": {"household_number": HOUSEHOLD, "date": DAY},
    "get_household_quarter_hour_reading": {
        "household_number": HOUSEHOLD,
        "date_time": datetime(2024, 10, 1, 14, tzinfo=SEOUL),
    },
}
"""Arguments of each operation that the mock answers with records."""


class FakeClock:
    """A clock that only sleeping moves."""

    def __init__(self, start: datetime = NOW) -> None:
        self.start = start
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.start + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def async_sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def make_app(now: datetime = NOW, seed: int = 1) -> Starlette:
    return mock.application(clock=FakeClock(now), seed=seed)


def faults_of(app: Starlette) -> Faults:
    faults: Faults = app.state.mock.faults
    return faults


def call(
    kind: Kind,
    at: Starlette | httpx2.MockTransport,
    operation: str,
    *,
    client: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> Reply[Any]:
    """Make one call on a fresh client, sync or async.

    Args:
        kind: which client.
        at: the mock, or a transport.
        operation: its Python name.
        client: what the client gets beside key and transport.
        arguments: put over those of `CALLS`.
    """
    options = {"service_key": KEY, "clock": FakeClock(), **(client or {})}
    values = {**CALLS[operation], **arguments}
    if kind == "sync":
        transport = MockTransport(at) if isinstance(at, Starlette) else at
        with Client(transport=transport, **options) as one:
            found: Reply[Any] = getattr(one, operation)(**values)
            return found

    async def run() -> Reply[Any]:
        async_transport = AsyncMockTransport(at) if isinstance(at, Starlette) else at
        async with AsyncClient(transport=async_transport, **options) as other:
            got: Reply[Any] = await getattr(other, operation)(**values)
            return got

    return asyncio.run(run())


def responding(
    body: bytes | str, status: int = 200, headers: Mapping[str, str] | None = None
) -> httpx2.MockTransport:
    content = body.encode() if isinstance(body, str) else body
    return httpx2.MockTransport(
        lambda request: httpx2.Response(status, content=content, headers=headers)
    )


def raising(make: Callable[[httpx2.Request], Exception]) -> httpx2.MockTransport:
    def handle(request: httpx2.Request) -> NoReturn:
        raise make(request)

    return httpx2.MockTransport(handle)


def never(request: httpx2.Request) -> NoReturn:
    raise AssertionError("a request was sent")


NEVER = httpx2.MockTransport(never)
PATIENT = RetryPolicy(attempts=3, base_seconds=1.0, random=lambda: 0.0)


def brief(problems: tuple[Problem, ...]) -> list[str]:
    """Return path and rule of each problem."""
    return [f"{problem.path} {problem.rule}" for problem in problems]


def document() -> Path | None:
    """Return the KEPCO document, where it is at hand."""
    folder = os.environ.get("GRIDWRIGHT_DOCUMENTS")
    path = Path(folder) if folder else ROOT.parent / "shared" / "documents"
    found = path / "000_9b7e70a5ee68bee1.txt"
    return found if found.is_file() else None
