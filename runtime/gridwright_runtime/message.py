"""Requests and replies, independent of any transport."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from urllib.parse import quote, urlencode

from msgspec import Struct

__all__ = ["Hidden", "HttpRequest", "RawReply", "Stream"]


class Hidden(tuple[str, ...]):
    """Values that no text may show; neither does its own repr, which tracebacks may print."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} hidden values>"


class Stream(Protocol):
    """A body that is sent piece by piece, because it is too large to be held."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the body; reading may wait for a disk."""

    def sent(self, size_bytes: int) -> None:
        """Be told that a piece of this size has left."""


class HttpRequest(Struct, frozen=True, kw_only=True):
    """One HTTP request, complete; its repr shows neither query, headers nor body."""

    method: str
    url: str
    """Address without ``query``, though a link that is followed has one of its own; may hold
    personal values in its path."""
    safe_url: str
    """The same address with the path as the document prints it: fit for logs."""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Stream | None = None
    """A stream comes with a Content-Length among the headers."""
    sensitive: Hidden = Hidden()
    """The secret and personal values in it, to be kept out of every text."""

    @property
    def full_url(self) -> str:
        """The address with its query, percent-encoded as UTF-8."""
        if not self.query:
            return self.url
        joint = "&" if "?" in self.url else "?"
        return f"{self.url}{joint}{urlencode(self.query, quote_via=quote, safe='')}"

    def __repr__(self) -> str:
        return f"HttpRequest({self.method} {self.safe_url})"


class RawReply(Struct, frozen=True, kw_only=True):
    """One HTTP reply as it came; its repr shows neither headers nor body."""

    status_code: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    """The body with its content encoding (gzip) undone."""
    elapsed_seconds: float = 0.0
    received_at: datetime | None = None
    """When it had come whole, aware."""

    @property
    def content_type(self) -> str:
        """The Content-Type header, or an empty text."""
        return self.header("content-type") or ""

    def header(self, name: str) -> str | None:
        """Return the first header of this name, whatever its case."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None

    def __repr__(self) -> str:
        size = len(self.body)
        return f"RawReply(status_code={self.status_code}, body=<{size} bytes>)"
