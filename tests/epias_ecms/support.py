"""One helper for each boundary: the clock, the mock, both clients, the wire, and the document."""

import asyncio
import io
import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

import httpx2
from starlette.applications import Starlette

from gridwright_apis.epias_ecms import AsyncClient, Client, mock, models, operations
from gridwright_runtime.decodings.reader import Circumstances, Refused, list_deviations, read_reply
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.message import RawReply
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.logins.server import LoginServer
from gridwright_runtime.mock.requests.incoming import IncomingRequest
from gridwright_runtime.mock.requests.part_values import PartValues
from gridwright_runtime.mock.requests.request_reader import RequestReader
from gridwright_runtime.mock.state import Mock
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport
from gridwright_runtime.problems import Problem, refusals
from gridwright_runtime.record import Record
from gridwright_runtime.result import Result
from gridwright_runtime.values.convert import convert_record

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
FORMATS: tuple[Format, ...] = ("json", "xml")

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "generated" / "schemas" / "epias_ecms"
SPECS = ROOT / "specs" / "epias_ecms"

USERNAME, PASSWORD = "demo-username", "demo-password"
PRODUCTION, TEST = "https://tysapi.epias.com.tr", "https://testtysapi.epias.com.tr"
ISTANBUL = ZoneInfo("Europe/Istanbul")
NOW = datetime(2024, 6, 15, 9, tzinfo=UTC)
"""12:00 in Istanbul."""
MAY = datetime(2024, 5, 1, tzinfo=ISTANBUL)
JUNE = datetime(2024, 6, 1, tzinfo=ISTANBUL)
POINT = 123_456
"""A metering point without records at the start."""
EIC = "40ZINVENTED00001"

OPERATIONS: Mapping[str, Operation[Any]] = {item.name: item for item in mock.OPERATIONS}


def index(**changes: Any) -> models.IndexRequest:
    given: dict[str, Any] = {
        "period": MAY,
        "period_description": "invented",
        "metering_point_id": POINT,
        "metering_point_eic": EIC,
        "meter_brand": "MOCK-A",
        "meter_serial_number": "INVENTED1",
        "meter_type": "ELECTRONIC",
        "power_type": "ACTIVE",
        "factor": Decimal(1),
        "first_measured_at": MAY,
        "first_measure_type": "PERIODIC",
        "first_load_type": "MANUALLY",
        "first_t1": Decimal("1.5"),
        "last_measured_at": JUNE,
        "last_measure_type": "PERIODIC",
        "last_load_type": "MANUALLY",
        "last_t1": Decimal("9999999999.999"),
    }
    return models.IndexRequest(**{**given, **changes})


def accrual(**changes: Any) -> models.AccrualRequest:
    given: dict[str, Any] = {
        "period": MAY,
        "metering_point_id": POINT,
        "metering_point_eic": EIC,
        "start_at": MAY,
        "end_at": datetime(2024, 5, 5, tzinfo=ISTANBUL),
        "t1": Decimal("12.5"),
        "reason": "METER_DIGIT_FAULT",
    }
    return models.AccrualRequest(**{**given, **changes})


def make_app(**options: Any) -> Starlette:
    return mock.application(clock=options.pop("clock", None) or ManualClock(NOW), **options)


def mock_of(app: Starlette) -> Mock:
    found = app.state.mock
    assert isinstance(found, Mock)
    return found


def server_of(app: Starlette) -> LoginServer:
    server = mock_of(app).server
    assert server is not None
    return server


def clock_of(app: Starlette) -> ManualClock:
    clock = mock_of(app).clock
    assert isinstance(clock, ManualClock)
    return clock


def play(app: Starlette, operation: str | None, fault: Fault, *, times: int = 1) -> None:
    mock_of(app).faults.add(operation, fault, times=times)


Watch = Callable[[httpx2.Request], None]
"""Sees every request to the service before it is answered; may change the mock."""


class Watched(httpx2.BaseTransport):
    def __init__(self, app: Starlette, watch: Watch) -> None:
        self._inner = MockTransport(app)
        self._watch = watch

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        _tell(self._watch, request)
        return self._inner.handle_request(request)


class AsyncWatched(httpx2.AsyncBaseTransport):
    def __init__(self, app: Starlette, watch: Watch) -> None:
        self._inner = AsyncMockTransport(app)
        self._watch = watch

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        _tell(self._watch, request)
        return await self._inner.handle_async_request(request)


def _tell(watch: Watch, request: httpx2.Request) -> None:
    if "/cas/" not in request.url.path:
        watch(request)


def nothing(request: httpx2.Request) -> None:
    return None


class Desk:
    """A client, sync or async, in the same words; the mock's clock is its own."""

    def __init__(
        self, kind: Kind, app: Starlette, *, watch: Watch = nothing, **options: Any
    ) -> None:
        self.app = app
        self.kind = kind
        given = {"username": USERNAME, "password": PASSWORD, "clock": clock_of(app), **options}
        self.client: Any
        if kind == "sync":
            self.client = Client(transport=Watched(app, watch), **given)
        else:
            self._runner = asyncio.Runner()
            self.client = AsyncClient(transport=AsyncWatched(app, watch), **given)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.kind == "sync":
            self.client.close()
        else:
            self._runner.run(self.client.aclose())
            self._runner.close()

    def call(self, operation: str, **arguments: Any) -> Any:
        method = getattr(self.client, operation)
        if self.kind == "sync":
            return method(**arguments)

        async def run() -> Any:
            return await method(**arguments)

        return self._runner.run(run())

    def take(self, walk: Any, count: int | None = None) -> list[Any]:
        """Return what is left of a walk, or the next so many."""
        if self.kind == "sync":
            return [record for _, record in zip(_numbers(count), walk, strict=False)]

        async def run() -> list[Any]:
            found = []
            for _ in _numbers(count):
                try:
                    found.append(await anext(walk))
                except StopAsyncIteration:
                    break
            return found

        return self._runner.run(run())


def _numbers(count: int | None) -> Iterator[int]:
    return iter(range(count if count is not None else 10**9))


class Received(NamedTuple):
    """A request body as the mock reads it."""

    tree: Mapping[str, Any]
    arguments: Mapping[str, object]
    problems: tuple[Problem, ...]

    @property
    def pairs(self) -> Mapping[str, str]:
        return {pair["key"]: pair["value"] for pair in self.tree["header"]}


def received(name: str, body: bytes, format: Format) -> Received:
    """Read the body of a request as the service does."""
    operation = OPERATIONS[name]
    reader = RequestReader(operation, operations.SYSTEM.options)
    headers = [(b"content-type", f"application/{format}".encode())]
    scope = {"type": "http", "headers": headers, "query_string": b""}
    arrival = IncomingRequest(scope, body=body)
    tree = reader.body.read_tree(arrival, None)
    problems = refusals(operation.request.check(tree, ""))
    payload = tree.get("body")
    if isinstance(payload, dict) and not problems:
        convert_record(payload, operation.request.model, "body", problems)
    understood = reader.understand(PartValues(arrival, {}, tree=tree))
    return Received(tree, understood.arguments, tuple(problems))


def read_body(name: str, body: bytes, format: Format) -> Result[Any]:
    """Read the body of a reply.

    Raises:
        GridwrightError: it says that the call failed, or cannot be read.
    """
    raw = RawReply(status_code=200, body=body)
    about = Circumstances(identity="invented")
    found = read_reply(OPERATIONS[name], raw, format=format, circumstances=about)
    if isinstance(found, Refused):
        raise found.error
    assert isinstance(found, Result)
    return found


def deviations_of(name: str, body: bytes, format: Format) -> tuple[Problem, ...]:
    raw = RawReply(status_code=200, body=body)
    return list_deviations(OPERATIONS[name], raw, format=format)


def model_of(name: str) -> type[Record]:
    """Return the model of what a reply is about."""
    model = OPERATIONS[name].reply.model
    assert model is not None
    return model


def brief(problems: tuple[Problem, ...]) -> list[str]:
    """Return path and rule of each problem."""
    return [f"{problem.path} {problem.rule}" for problem in problems]


def shown(error: BaseException) -> str:
    """Return everything that a tool may print of an error, variables of the runtime included."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in trace.stack if "gridwright_runtime" in frame.filename]
    ours = [frame for frame in frames if "/mock/" not in frame.filename]
    variables = [str(frame.locals) for frame in ours]
    # The provider's own words are kept as they came.
    attributes = {name: value for name, value in vars(error).items() if name != "text"}
    return "\n".join((repr(error), str(error), repr(error.args), *variables, str(attributes)))


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """Collect everything that anybody logs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def document() -> Path | None:
    """Return the EPIAS document, where it is at hand."""
    folder = os.environ.get("GRIDWRIGHT_DOCUMENTS")
    path = Path(folder) if folder else ROOT.parent / "shared" / "documents"
    found = path / "004_ccbedd479e8bcb47.txt"
    return found if found.is_file() else None
