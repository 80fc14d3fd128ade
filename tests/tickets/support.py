"""One helper for each boundary: a ticket server with a service, offices, clocks, processes."""

import asyncio
import io
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import httpx2
from gridwright_runtime.call import Failed
from gridwright_runtime.driver import BaseAsyncClient, BaseClient
from gridwright_runtime.tickets.flow import TicketFlow
from gridwright_runtime.tickets.office import AsyncTicketOffice, NoTicket, TicketOffice
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from tests.access.ticket_server import TicketServer

from gridwright_runtime.access.store import MemoryTicketStore, TicketStore
from gridwright_runtime.clock import Clock
from gridwright_runtime.message import HttpRequest, RawReply
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

from .account import FLOW, HEADER, PASSWORD, SERVICE, URL, USERNAME

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
Outcome = RawReply | Failed | NoTicket

NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)

REQUEST = HttpRequest(
    method="POST", url=f"{URL}/service", safe_url=f"{URL}/service", body=b'{"invented": 1}'
)


class FakeClock:
    """A clock that only sleeping, and the test, moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.set_back = timedelta(0)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds) - self.set_back

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


class Place:
    """A ticket server and a service that takes its tickets, in one application."""

    def __init__(self, clock: Clock | None = None, password: str = PASSWORD) -> None:
        self.clock = clock or FakeClock()
        self.server = TicketServer(
            users={USERNAME: password}, services=[SERVICE, "other"], clock=self.clock
        )
        self.calls: list[str | None] = []
        """What was wrong with the ticket of each call; None for nothing."""
        self.seen: list[str] = []
        """The tickets that came, TGTs and STs."""
        self.refusals = 0
        """How many of the next calls the service refuses, whatever their ticket."""
        self.app = Starlette(
            routes=[*self.server.routes(), Route("/service", self._serve, methods=["POST"])]
        )

    async def _serve(self, request: Request) -> Response:
        ticket = request.headers.get(HEADER)
        self.seen.append(ticket or "")
        wrong = self.server.consume(ticket, SERVICE)
        self.calls.append(wrong)
        if self.refusals:
            self.refusals -= 1
            wrong = "not today"
        return PlainTextResponse(wrong or "served")

    @property
    def fake(self) -> FakeClock:
        assert isinstance(self.clock, FakeClock)
        return self.clock


Edit = Callable[[httpx2.Request], httpx2.Response | None]


class Tampering(httpx2.BaseTransport):
    """A transport that a test may answer in place of the application."""

    def __init__(self, app: Starlette, edit: Edit) -> None:
        self._inner = MockTransport(app)
        self._edit = edit

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return self._edit(request) or self._inner.handle_request(request)


class AsyncTampering(httpx2.AsyncBaseTransport):
    def __init__(self, app: Starlette, edit: Edit) -> None:
        self._inner = AsyncMockTransport(app)
        self._edit = edit

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self._edit(request) or await self._inner.handle_async_request(request)


def nothing(request: httpx2.Request) -> None:
    return None


class Desk:
    """One call after another at an office, sync or async, in the same words."""

    def __init__(
        self,
        kind: Kind,
        place: Place,
        *,
        store: TicketStore | None = None,
        edit: Edit = nothing,
        username: str = USERNAME,
        password: str = PASSWORD,
        environment: str = "production",
        flow: TicketFlow = FLOW,
        ticket_url: str | None = None,
        timeout_seconds: float = 30.0,
    ) -> None:
        self.kind = kind
        self.timeout_seconds = timeout_seconds
        self.exchanges: list[HttpRequest] = []
        self.store = store or MemoryTicketStore()
        self._sync = BaseClient(
            system="sample",
            credentials=[],
            base_url=URL,
            transport=Tampering(place.app, edit),
            clock=place.clock,
        )
        self._async = BaseAsyncClient(
            system="sample",
            credentials=[],
            base_url=URL,
            transport=AsyncTampering(place.app, edit),
            clock=place.clock,
        )
        self.office = TicketOffice(
            flow,
            system="sample",
            environment=environment,
            username=username,
            password=password,
            exchange=self.exchange,
            clock=place.clock,
            ticket_url=ticket_url,
            store=self.store,
        )
        self.async_office = AsyncTicketOffice(
            flow,
            system="sample",
            environment=environment,
            username=username,
            password=password,
            exchange=self.async_exchange,
            clock=place.clock,
            ticket_url=ticket_url,
            store=self.store,
        )

    def exchange(self, request: HttpRequest, timeout_seconds: float) -> RawReply | Failed:
        self.exchanges.append(request)
        return self._sync._exchange(request, timeout_seconds)

    async def async_exchange(
        self, request: HttpRequest, timeout_seconds: float
    ) -> RawReply | Failed:
        self.exchanges.append(request)
        return await self._async._exchange(request, timeout_seconds)

    def send(self, renewals: int = 0) -> Outcome:
        """Make a call; while the service refuses it, and ``renewals`` are left, send again."""
        if self.kind == "sync":
            call = self.office.begin("get_things", timeout_seconds=self.timeout_seconds)
            outcome = call.send(REQUEST)
            while renewals and not is_served(outcome) and call.renew():
                renewals -= 1
                outcome = call.send(REQUEST)
            return outcome

        async def run() -> Outcome:
            call = self.async_office.begin("get_things", timeout_seconds=self.timeout_seconds)
            left = renewals
            outcome = await call.send(REQUEST)
            while left and not is_served(outcome) and call.renew():
                left -= 1
                outcome = await call.send(REQUEST)
            return outcome

        return asyncio.run(run())


def is_served(outcome: Outcome) -> bool:
    return isinstance(outcome, RawReply) and outcome.body == b"served"


def error_of(outcome: Outcome) -> Exception:
    assert isinstance(outcome, NoTicket)
    return outcome.error


def shown(error: BaseException) -> str:
    """Return everything that a tool may print of an error, the variables of its frames included."""
    # Frames of the test itself know the secrets.
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame in trace.stack if "/tests/" not in frame.filename]
    variables = [str(frame.locals) for frame in frames]
    return "\n".join((repr(error), str(error), repr(error.args), *variables, str(vars(error))))


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


class Worker:
    """Another Python process that makes calls; see `worker`."""

    def __init__(self, url: str, folder: Path, kind: Kind = "sync", calls: int = 1) -> None:
        root = Path(__file__).parents[2]
        paths = [str(root), str(root / "runtime"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.tickets.worker", url, str(folder), kind, str(calls)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )

    def await_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def start(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def results(self) -> list[str]:
        """Return what each call came to."""
        out, _ = self.process.communicate(timeout=20)
        found: list[str] = json.loads(out)
        return found


@contextmanager
def workers(
    count: int, url: str, folder: Path, kind: Kind = "sync", calls: int = 1
) -> Iterator[list[Worker]]:
    """Yield processes that wait to be started, and end those that are left."""
    made = [Worker(url, folder, kind, calls) for _ in range(count)]
    try:
        for one in made:
            one.await_ready()
        yield made
    finally:
        for one in made:
            if one.process.poll() is None:
                one.process.kill()
            one.process.wait()
            for stream in (one.process.stdin, one.process.stdout):
                if stream is not None and not stream.closed:
                    stream.close()
