"""Call an application in the same process, without a socket.

For the clients' ``transport`` argument::

    Client(service_key="demo-service-key", transport=MockTransport(application()))
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator, MutableMapping
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.types import ASGIApp

from .serving.sending import MOCK_EXTENSION
from .state import Mock

__all__ = ["AsyncMockTransport", "MockTransport"]


class MockTransport(httpx2.BaseTransport):
    """Runs an ASGI application for a synchronous client.

    A mock of ours never awaits anything, so it runs as an ordinary call; any other application
    gets an event loop for every request. A reply slower than the client's read timeout raises
    `httpx2.ReadTimeout`, a connection that the mock drops `httpx2.RemoteProtocolError`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.calls = self._app = app
        """The application: its clients keep limits and logins apart from all others."""
        self._run = _run_straight if _is_mock(app) else _run_in_loop

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        pieces = iter(_bytes_of(request))
        exchange = _Exchange(request, _awaitable(pieces), is_blocking=True)
        try:
            self._run(self._app(exchange.scope, exchange.receive, exchange.send))
        except TimeoutError:
            timed_out = True
        else:
            timed_out = False
        return exchange.response(timed_out)


class AsyncMockTransport(httpx2.AsyncBaseTransport):
    """Runs an ASGI application for an asynchronous client.

    `httpx2.ASGITransport` works too, but for read timeouts and dropped connections.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.calls = self._app = app
        """The application: its clients keep limits and logins apart from all others."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        stream = request.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise TypeError("an asynchronous client sends no stream that blocks")
        exchange = _Exchange(request, aiter(stream), is_blocking=False)
        try:
            await self._app(exchange.scope, exchange.receive, exchange.send)
        except TimeoutError:
            timed_out = True
        else:
            timed_out = False
        return exchange.response(timed_out)


class _Exchange:
    """One request and what the application sends in return."""

    __slots__ = (
        "_body",
        "_headers",
        "_is_complete",
        "_is_sent",
        "_pieces",
        "_request",
        "_status",
        "scope",
    )

    def __init__(
        self, request: httpx2.Request, pieces: AsyncIterator[bytes], *, is_blocking: bool
    ) -> None:
        self._request = request
        self._pieces = pieces
        self._is_sent = False
        self._status: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._is_complete = False
        url = request.url
        path, _, query = url.raw_path.partition(b"?")
        patience = request.extensions.get("timeout", {}).get("read")
        self.scope: MutableMapping[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 0),
            "extensions": {MOCK_EXTENSION: {"is_blocking": is_blocking, "read_timeout": patience}},
        }

    async def receive(self) -> MutableMapping[str, Any]:
        if self._is_sent:
            return {"type": "http.disconnect"}
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            self._is_sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.request", "body": piece, "more_body": True}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = message.get("headers", [])
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            self._is_complete = not message.get("more_body", False)

    def response(self, timed_out: bool) -> httpx2.Response:
        if timed_out:
            raise httpx2.ReadTimeout("timed out", request=self._request)
        if self._status is None or not self._is_complete:
            raise httpx2.RemoteProtocolError(
                "peer closed connection without sending complete message body",
                request=self._request,
            )
        body = b"" if self._request.method == "HEAD" else b"".join(self._body)
        return httpx2.Response(
            self._status, headers=self._headers, content=body, request=self._request
        )


def _bytes_of(request: httpx2.Request) -> Iterable[bytes]:
    if not isinstance(request.stream, httpx2.SyncByteStream):
        raise TypeError("a synchronous client sends no asynchronous stream")
    return request.stream


async def _awaitable(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what is there already, without waiting for anything."""
    for piece in pieces:
        yield piece


def _is_mock(app: ASGIApp) -> bool:
    return isinstance(app, Starlette) and isinstance(getattr(app.state, "mock", None), Mock)


def _run_straight(call: Awaitable[None]) -> None:
    """Run a call that never waits for anything."""
    steps = call.__await__()
    try:
        while True:
            if next(steps) is not None:
                raise RuntimeError("a mock must not wait for anything but its clock")
    except StopIteration:
        return


def _run_in_loop(call: Awaitable[None]) -> None:
    async def wait() -> None:
        await call

    with asyncio.Runner() as runner:
        runner.run(wait())
