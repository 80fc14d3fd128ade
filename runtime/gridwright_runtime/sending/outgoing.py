"""Turn requests into those of httpx2, and its exceptions into outcomes."""

from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from typing import Any

import httpx2

from ..message import HttpRequest, Stream
from ..redact import transport_reason
from .outcome import Failed

__all__ = ["HTTPX_ERRORS", "NO_AUTH", "NotSendable", "failed", "outgoing"]


class Outgoing(httpx2.Request):
    """A request that shows neither its address nor its headers: they may hold the key."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method}>"


class NotSendable(Exception):
    """A request holds what no request can hold; nothing was sent. The message shows no value."""


def outgoing(
    http: httpx2.Client | httpx2.AsyncClient, request: HttpRequest, timeout_seconds: float
) -> httpx2.Request:
    """Return a request for httpx2; it waits for a free connection as long as need be.

    Raises:
        NotSendable: a header holds a letter that headers cannot hold.
    """
    # An address without personal values is parsed once, and kept.
    is_same = request.url == request.safe_url and not request.query
    url = _parsed(request.url) if is_same else httpx2.URL(request.full_url)
    try:
        headers = [(name.encode("ascii"), text.encode("ascii")) for name, text in request.headers]
    except UnicodeEncodeError:
        headers = None
    if headers is None:
        raise NotSendable("a header holds a letter outside ASCII")
    is_bare = request.body is None and request.method == "GET"  # others have a length of 0
    if (is_bare or (isinstance(request.body, bytes) and request.body)) and not http.cookies:
        names = tuple(name for name, _ in request.headers)
        others = _other_headers(names, tuple(http.headers.raw))
        if others is not None:
            headers = [(b"Host", url.netloc), *others, *headers]
            body = request.body if isinstance(request.body, bytes) else None
            return _whole(request.method, url, headers, body, timeout_seconds)
    built = http.build_request(
        request.method,
        url,
        headers=list(request.headers),
        content=_content(http, request.body),
        timeout=httpx2.Timeout(timeout_seconds, pool=None),
    )
    built.__class__ = Outgoing
    return built


def failed(error: Exception, request: HttpRequest) -> Failed:
    """Say what an exception of httpx2 means, without keeping it: its request holds the secrets."""
    reason = transport_reason(error, request.sensitive)
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


def _whole(
    method: str,
    url: httpx2.URL,
    headers: list[tuple[bytes, bytes]],
    body: bytes | None,
    timeout_seconds: float,
) -> httpx2.Request:
    """Return what httpx2 would build of a body that is at hand or none, in a third of the time."""
    if body is not None:
        headers.append((b"Content-Length", b"%d" % len(body)))
    sent = Outgoing(
        method,
        url,
        headers=headers,
        stream=httpx2.ByteStream(body or b""),
        extensions={"timeout": dict(_timeout(timeout_seconds))},
    )
    sent.read()  # for transports that look at its content
    return sent


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
    return httpx2.Timeout(seconds, pool=None).as_dict()


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


_LENGTH_OR_HOST = frozenset({b"host", b"content-length", b"transfer-encoding"})
NO_AUTH = httpx2.Auth()  # an address holds no password to look for
HTTPX_ERRORS: tuple[Any, ...] = (httpx2.HTTPError, httpx2.InvalidURL)
