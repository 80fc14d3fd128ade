"""The two drivers, sync and async, on httpx2: they send, wait and close. Never judge a reply."""

import math
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, get_args
from urllib.parse import urlsplit

import httpx2

from .call import Call, Failed
from .clock import Clock, SystemClock
from .errors import ConfigurationError
from .loopback import is_loopback
from .message import HttpRequest, RawReply, Stream
from .operation import Credential, Format, Operation
from .record import Record
from .redact import Shield, install_log_filter, printable, scrub
from .reply import Reply
from .request import build_request
from .retry import RetryPolicy

if TYPE_CHECKING:
    import ssl

__all__ = ["MAX_BODY_BYTES", "BaseAsyncClient", "BaseClient", "Format", "checked_address"]

RecordT = TypeVar("RecordT", bound=Record)
HttpT = TypeVar("HttpT", httpx2.Client, httpx2.AsyncClient)

MAX_BODY_BYTES = 256 * 1024 * 1024


class _Core:
    """What both clients know; neither opens nor waits for anything."""

    def __init__(
        self,
        *,
        system: str,
        credentials: Sequence[tuple[Credential, str | None]],
        base_url: str,
        timeout_seconds: float,
        retry: RetryPolicy,
        clock: Clock | None,
        format: Format,
        strict: bool,
        max_connections: int,
        max_body_bytes: int,
        any_address: bool,
    ) -> None:
        install_log_filter()
        _check(system, "format", format in get_args(Format), "must be json or xml")
        _check(system, "max_connections", _is_count(max_connections), _COUNT)
        _check(system, "max_body_bytes", _is_count(max_body_bytes), _COUNT)
        _check(system, "attempts of retry", _is_count(retry.attempts), _COUNT)
        _check(system, "timeout_seconds", _is_wait(timeout_seconds), _WAIT)
        self._system = system
        self._base_url = checked_address(system, base_url, any_address)
        self._credentials = _Secrets(
            {item.name: _credential(system, item, value) for item, value in credentials}
        )
        self._timeout_seconds = timeout_seconds
        self._retry = retry
        self._clock: Clock = clock or SystemClock()
        aware = self._clock.now().utcoffset() is not None
        _check(system, "clock", aware, "must tell aware time")
        self._format: Format = format
        self._strict = strict
        self._max_body_bytes = max_body_bytes
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._system} at {self._base_url}>"

    def _begin(
        self,
        operation: Operation[RecordT],
        values: Mapping[str, object],
        format: Format | None,
        strict: bool | None,
    ) -> Call[RecordT]:
        if self._closed:
            raise ConfigurationError(f"{operation.call}: the client is closed")
        format = format or self._format
        request = build_request(
            operation,
            values,
            format=format,
            base_url=self._base_url,
            credentials=self._credentials,
        )
        return Call(
            operation,
            request,
            format=format,
            strict=self._strict if strict is None else strict,
            policy=self._retry,
            clock=self._clock,
        )

    def _opened(
        self,
        make: Callable[..., HttpT],
        max_connections: int,
        ssl_context: "ssl.SSLContext | None",
        waits_for_connection: bool,
        other_addresses: Sequence[str | None],
        **options: Any,
    ) -> HttpT:
        """Make a client of httpx2; it asks no proxy for what is on this machine."""
        if ssl_context is not None:
            options["verify"] = ssl_context
        elif all(_is_without_tls(address) for address in (self._base_url, *other_addresses)):
            options["verify"] = _trusting_nobody()
        try:
            return make(
                limits=_limits(max_connections, waits_for_connection),
                follow_redirects=False,
                trust_env=not is_loopback(urlsplit(self._base_url).hostname or ""),
                **options,
            )
        except (ValueError, OSError, ImportError, httpx2.InvalidURL) as error:
            kind = type(error).__name__
        # Not chained: a proxy's address may hold a password.
        raise ConfigurationError(
            f"{self._system}: the proxy or certificate variables of the environment cannot be "
            f"used ({kind})"
        )

    def _seconds(self, call: str, timeout_seconds: float | None) -> float:
        if timeout_seconds is None:
            return self._timeout_seconds
        _check(call, "timeout_seconds", _is_wait(timeout_seconds), _WAIT)
        return timeout_seconds

    def _raw(self, response: httpx2.Response, body: bytes, started: float) -> RawReply:
        return RawReply(
            status_code=response.status_code,
            headers=tuple(response.headers.multi_items()),
            body=body,
            elapsed_seconds=self._clock.monotonic() - started,
            received_at=self._clock.now(),
        )

    def _too_large(self) -> Failed:
        return Failed("unreadable", f"the body has more than {self._max_body_bytes} bytes")


class BaseClient(_Core):
    """The sync client that generated clients extend; safe to share between threads.

    Args:
        other_addresses: those besides ``base_url`` that it talks to; None: of the document.
    """

    def __init__(
        self,
        *,
        system: str,
        credentials: Sequence[tuple[Credential, str | None]],
        base_url: str,
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
        ssl_context: "ssl.SSLContext | None" = None,
        waits_for_connection: bool = True,
        other_addresses: Sequence[str | None] = (),
    ) -> None:
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=base_url,
            timeout_seconds=timeout_seconds,
            retry=retry,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            any_address=transport is not None,
        )
        self._http = self._opened(
            httpx2.Client,
            max_connections,
            ssl_context,
            waits_for_connection,
            other_addresses,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections; a closed client makes no more calls."""
        self._closed = True
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _call(
        self,
        operation: Operation[RecordT],
        values: Mapping[str, object],
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> Reply[RecordT]:
        seconds = self._seconds(operation.call, timeout_seconds)
        call = self._begin(operation, values, format, strict)
        while True:
            outcome = self._exchange(call.request, seconds)
            pause = call.pause(outcome)
            if pause is None:
                return call.finish(outcome)
            self._clock.sleep(pause)

    def _exchange(self, request: HttpRequest, timeout_seconds: float) -> RawReply | Failed:
        started = self._clock.monotonic()
        try:
            with Shield(request):
                outgoing = _outgoing(self._http, request, timeout_seconds)
                response = self._http.send(outgoing, stream=True, auth=_NO_AUTH)
                try:
                    chunks, size = [], 0
                    for chunk in response.iter_bytes():
                        size += len(chunk)
                        if size > self._max_body_bytes:
                            return self._too_large()
                        chunks.append(chunk)
                finally:
                    response.close()
        except _HTTPX_ERRORS as error:
            return _failed(error, request)
        return self._raw(response, b"".join(chunks), started)


class BaseAsyncClient(_Core):
    """The async client that generated clients extend; safe to share between tasks of one loop.

    Args:
        other_addresses: as in the sync client.
    """

    def __init__(
        self,
        *,
        system: str,
        credentials: Sequence[tuple[Credential, str | None]],
        base_url: str,
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        format: Format = "json",
        strict: bool = False,
        max_connections: int = 10,
        max_body_bytes: int = MAX_BODY_BYTES,
        ssl_context: "ssl.SSLContext | None" = None,
        waits_for_connection: bool = True,
        other_addresses: Sequence[str | None] = (),
    ) -> None:
        super().__init__(
            system=system,
            credentials=credentials,
            base_url=base_url,
            timeout_seconds=timeout_seconds,
            retry=retry,
            clock=clock,
            format=format,
            strict=strict,
            max_connections=max_connections,
            max_body_bytes=max_body_bytes,
            any_address=transport is not None,
        )
        self._http = self._opened(
            httpx2.AsyncClient,
            max_connections,
            ssl_context,
            waits_for_connection,
            other_addresses,
            transport=transport,
        )

    async def aclose(self) -> None:
        """Close the connections; a closed client makes no more calls."""
        self._closed = True
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _call(
        self,
        operation: Operation[RecordT],
        values: Mapping[str, object],
        format: Format | None,
        strict: bool | None,
        timeout_seconds: float | None,
    ) -> Reply[RecordT]:
        seconds = self._seconds(operation.call, timeout_seconds)
        call = self._begin(operation, values, format, strict)
        while True:
            outcome = await self._exchange(call.request, seconds)
            pause = call.pause(outcome)
            if pause is None:
                return call.finish(outcome)
            await self._clock.async_sleep(pause)

    async def _exchange(self, request: HttpRequest, timeout_seconds: float) -> RawReply | Failed:
        started = self._clock.monotonic()
        try:
            with Shield(request):
                outgoing = _outgoing(self._http, request, timeout_seconds)
                response = await self._http.send(outgoing, stream=True, auth=_NO_AUTH)
                try:
                    chunks, size = [], 0
                    async with aclosing(response.aiter_bytes()) as pieces:
                        async for chunk in pieces:
                            size += len(chunk)
                            if size > self._max_body_bytes:
                                return self._too_large()
                            chunks.append(chunk)
                finally:
                    await response.aclose()
        except _HTTPX_ERRORS as error:
            return _failed(error, request)
        return self._raw(response, b"".join(chunks), started)


class _Secrets(dict[str, str]):
    """Secrets by name; shows none, where a tool prints the variables of a traceback."""

    def __repr__(self) -> str:
        return "<secrets>"


def _outgoing(
    http: httpx2.Client | httpx2.AsyncClient, request: HttpRequest, timeout_seconds: float
) -> httpx2.Request:
    # An address without personal values is parsed once, and kept.
    is_same = request.url == request.safe_url and not request.query
    url = _parsed(request.url) if is_same else httpx2.URL(request.full_url)
    if isinstance(request.body, bytes) and request.body and not http.cookies:
        names = tuple(name for name, _ in request.headers)
        others = _other_headers(names, tuple(http.headers.raw))
        if others is not None:
            headers = [(b"Host", url.netloc), *others]
            headers += [(name.encode(), value.encode("ascii")) for name, value in request.headers]
            return _whole(request.method, url, headers, request.body, timeout_seconds)
    return http.build_request(
        request.method,
        url,
        headers=list(request.headers),
        content=_content(http, request.body),
        timeout=timeout_seconds,
    )


def _whole(
    method: str,
    url: httpx2.URL,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    timeout_seconds: float,
) -> httpx2.Request:
    """Return what httpx2 would build of a body that is at hand, in a third of the time."""
    headers.append((b"Content-Length", b"%d" % len(body)))
    outgoing = httpx2.Request(
        method,
        url,
        headers=headers,
        stream=httpx2.ByteStream(body),
        extensions={"timeout": dict(_timeout(timeout_seconds))},
    )
    outgoing.read()  # for transports that look at its content
    return outgoing


@lru_cache(maxsize=64)
def _other_headers(
    names: tuple[str, ...], defaults: tuple[tuple[bytes, bytes], ...]
) -> tuple[tuple[bytes, bytes], ...] | None:
    """Return what httpx2 adds to the headers of these names; None where that depends."""
    named = {name.lower().encode("ascii") for name in names}
    if not named.isdisjoint(_LENGTH_OR_HOST):
        return None
    return tuple(pair for pair in defaults if pair[0].lower() not in named)


@lru_cache(maxsize=16)
def _timeout(seconds: float) -> dict[str, float | None]:
    return httpx2.Timeout(seconds).as_dict()


@lru_cache(maxsize=256)
def _parsed(address: str) -> httpx2.URL:
    return httpx2.URL(address)


def _content(
    http: httpx2.Client | httpx2.AsyncClient, body: bytes | Stream | None
) -> bytes | Iterator[bytes] | AsyncIterator[bytes] | None:
    if body is None or isinstance(body, bytes):
        return body
    return _streamed_async(body) if isinstance(http, httpx2.AsyncClient) else _streamed(body)


def _streamed(body: Stream) -> Iterator[bytes]:
    for piece in body.pieces():
        yield piece
        body.sent(len(piece))


async def _streamed_async(body: Stream) -> AsyncIterator[bytes]:
    from anyio import to_thread  # comes with httpx2

    pieces = body.pieces()
    # A disk may be slow, or lie across a network: the event loop stays free.
    while (piece := await to_thread.run_sync(next, pieces, None)) is not None:
        yield piece
        body.sent(len(piece))


def _failed(error: Exception, request: HttpRequest) -> Failed:
    """Say what an exception of httpx2 means, without keeping it: its request holds the secrets."""
    name = type(error).__name__
    said = printable(scrub(str(error), request.sensitive), 200)
    reason = f"{name}: {said}" if said else name
    match error:
        case httpx2.ConnectTimeout():
            return Failed("timeout", reason, "connect", sent=False)
        case httpx2.PoolTimeout():
            return Failed("timeout", reason, "pool", sent=False)
        case httpx2.WriteTimeout():
            return Failed("timeout", reason, "write")
        case httpx2.TimeoutException():
            return Failed("timeout", reason, "read")
        case httpx2.ConnectError() | httpx2.ProxyError():
            return Failed("connect", reason, sent=False)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return Failed("setup", reason, sent=False)
        case httpx2.DecodingError():
            return Failed("unreadable", "the body cannot be decompressed")
        case _:
            return Failed("broken", reason)


def _is_without_tls(address: str | None) -> bool:
    return isinstance(address, str) and address[:7].lower() == "http://"


def _trusting_nobody() -> "ssl.SSLContext":
    """Return what refuses all servers, for a client that talks to none over TLS.

    Those who can be trusted need not be loaded, which takes longer than all the rest of a client.
    """
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _limits(max_connections: int, waits_for_connection: bool) -> httpx2.Limits:
    """Return the size of the pool; who does not wait for a connection opens another one."""
    most = max_connections if waits_for_connection else None
    return httpx2.Limits(max_connections=most, max_keepalive_connections=max_connections)


def _credential(system: str, credential: Credential, value: str | None) -> str:
    value = os.environ.get(credential.environment) if value is None else value
    _check(system, credential.name, value is None or isinstance(value, str), "must be text")
    if not value:
        raise ConfigurationError(
            f"{system}: no {credential.name}; pass {credential.name}=… "
            f"or set {credential.environment}"
        )
    if not value.isprintable() or value != value.strip():
        raise ConfigurationError(
            f"{system}: {credential.name} holds a line end, a control character or outer blanks"
        )
    return value


def _check(where: str, name: str, holds: bool, rule: str) -> None:
    if not holds:
        raise ConfigurationError(f"{where}: {name} {rule}")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and value >= 1


def _is_wait(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def checked_address(system: str, address: str, any_address: bool, name: str = "base_url") -> str:
    """Return the address; secrets go over TLS only, save to this machine or a given transport."""
    _check(system, name, isinstance(address, str), "must be text")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError(f"{system}: {name} is no http or https address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(f"{system}: {name} must be scheme, host, port and path alone")
    if parts.scheme == "http" and not is_loopback(host) and not any_address:
        raise ConfigurationError(f"{system}: {name} must be https: the calls carry secrets")
    return address.rstrip("/")


_LENGTH_OR_HOST = frozenset({b"host", b"content-length", b"transfer-encoding"})
_NO_AUTH = httpx2.Auth()  # an address holds no password to look for
_COUNT = "must be a whole number of at least 1"
_WAIT = "must be a finite number of seconds above 0"
_HTTPX_ERRORS: tuple[Any, ...] = (httpx2.HTTPError, httpx2.InvalidURL)
