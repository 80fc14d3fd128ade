"""One helper for each boundary: a mock whose replies are changed on their way, and both clients."""

import asyncio
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import httpx2
from starlette.applications import Starlette

from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport
from gridwright_runtime.retry import RetryPolicy

from .systems import NOW, Call, System

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
Change = Callable[[httpx2.Response], httpx2.Response]
ONCE = RetryPolicy(attempts=1)


class Wire:
    """The mock of a system, and what becomes of its replies on their way.

    Replies to logins arrive as they are, unless they are to be changed, too.
    """

    def __init__(self, system: System, change: Change | None = None, **mock_options: Any) -> None:
        application = system.module("mock").application
        self.app: Starlette = application(clock=ManualClock(NOW), **mock_options)
        self.change = change
        self.sent: list[httpx2.Request] = []
        """The requests of calls, without those of logins."""
        self.change_login: Change | None = None
        self.is_of_login = self._login_paths()

    def _login_paths(self) -> Callable[[str], bool]:
        server = self.app.state.mock.server
        addresses = server.addresses() if server is not None else []
        pattern = "|".join(
            re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(address.path)) for address in addresses
        )
        return lambda path: bool(pattern) and re.search(f"(?:{pattern})$", path) is not None

    def arrived(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        if self.is_of_login(request.url.path):
            return response if self.change_login is None else self.change_login(response)
        self.sent.append(request)
        return response if self.change is None else self.change(response)


class _Transport(httpx2.BaseTransport):
    def __init__(self, wire: Wire) -> None:
        self._wire, self._inner = wire, MockTransport(wire.app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._wire.arrived(request, self._inner.handle_request(request))


class _AsyncTransport(httpx2.AsyncBaseTransport):
    def __init__(self, wire: Wire) -> None:
        self._wire, self._inner = wire, AsyncMockTransport(wire.app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._wire.arrived(request, await self._inner.handle_async_request(request))


def call(
    kind: Kind,
    wire: Wire,
    system: System,
    asked: Call,
    client: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> Any:
    """Make one call on a fresh client."""
    options = {"clock": ManualClock(NOW), "retry": ONCE, **system.client, **(client or {})}
    package = system.module()
    if "limit_store" in inspect.signature(package.Client).parameters:
        options.setdefault("limit_store", MemoryLimitStore())
    given = {**asked.arguments, **arguments}
    if kind == "sync":
        with package.Client(transport=_Transport(wire), **options) as one:
            return getattr(one, asked.operation)(**given)

    async def run() -> Any:
        async with package.AsyncClient(transport=_AsyncTransport(wire), **options) as other:
            return await getattr(other, asked.operation)(**given)

    return asyncio.run(run())


def outcome(kind: Kind, wire: Wire, system: System, asked: Call, **client: Any) -> Any:
    """Return what a call brings, or its error."""
    try:
        return call(kind, wire, system, asked, client)
    except GridwrightError as error:
        return error


def replying(status: int, body: bytes, media_type: str = "text/plain") -> Change:
    """Put another reply in the place of the mock's."""
    return lambda response: httpx2.Response(
        status, content=body, headers={"content-type": media_type} if media_type else {}
    )


def success_of(system: System, asked: Call) -> httpx2.Response:
    """Return the reply of the mock to a call that goes well."""
    return _seen(Wire(system), system, asked)


def refusal_of(system: System, asked: Call, code: str, text: str) -> httpx2.Response:
    """Return the reply by which the mock refuses a call in the service's own words."""
    wire = Wire(system)
    wire.app.state.mock.faults.add(asked.operation, Fault.refused(code, text))
    return _seen(wire, system, asked)


def _seen(wire: Wire, system: System, asked: Call) -> httpx2.Response:
    seen: list[httpx2.Response] = []

    def keep(response: httpx2.Response) -> httpx2.Response:
        response.read()
        seen.append(response)
        return response

    wire.change = keep
    outcome("sync", wire, system, asked)
    return seen[0]
