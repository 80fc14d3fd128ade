"""Receive the body of a request."""

import hashlib
from collections.abc import AsyncIterator

from starlette.types import Receive, Scope

from ..world import ReceivedFile

__all__ = ["FileMeasure", "body_pieces", "headers_of", "read_body"]


class FileMeasure:
    """Measures a body that is a file while it arrives, whatever its length.

    Args:
        content_type: as the request says it.
    """

    __slots__ = ("_content_type", "_digest", "_size_bytes")

    def __init__(self, content_type: str) -> None:
        self._content_type = content_type
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    async def passed(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the pieces on."""
        async for piece in pieces:
            self._digest.update(piece)
            self._size_bytes += len(piece)
            yield piece

    def file(self) -> ReceivedFile:
        """Return what has come; a body has no name."""
        return ReceivedFile("", self._content_type, self._size_bytes, self._digest.hexdigest())


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, by name in small letters; of two alike the last counts."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


async def body_pieces(receive: Receive) -> AsyncIterator[bytes]:
    """Yield the body of a request as it arrives."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def read_body(pieces: AsyncIterator[bytes], largest: int) -> bytes | None:
    """Return the body of a request; None when it is too large.

    What is too large is received all the same: a server that answers before has no reader.

    Args:
        pieces: those of the body.
        largest: the most bytes.
    """
    parts: list[bytes] = []
    size = 0
    async for part in pieces:
        size += len(part)
        if size <= largest:
            parts.append(part)
        else:
            parts.clear()
    return b"".join(parts) if size <= largest else None
