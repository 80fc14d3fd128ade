"""Receive the body of a request. Never reads what is in it."""

from collections.abc import AsyncIterator

from starlette.types import Receive, Scope

__all__ = ["body_pieces", "headers_of", "read_body"]


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


async def read_body(receive: Receive, largest: int) -> bytes | None:
    """Return the body of a request; None when it is too large.

    What is too large is received all the same: a server that answers before has no reader.

    Args:
        receive: gives it piece by piece.
        largest: the most bytes.
    """
    parts: list[bytes] = []
    size = 0
    async for part in body_pieces(receive):
        size += len(part)
        if size <= largest:
            parts.append(part)
        else:
            parts.clear()
    return b"".join(parts) if size <= largest else None
