"""Undo gzip and deflate, and tell a body that is cut off.

httpx2 hands out what came of such a body without asking whether it has an end, and takes the first
of several members of gzip for the whole: rows that are not there would be missed by nobody.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import httpx2

__all__ = ["async_pieces", "pieces"]


def pieces(response: httpx2.Response) -> Iterator[bytes]:
    """Yield the body of a reply as it comes, decompressed.

    Raises:
        httpx2.RemoteProtocolError: it is cut off.
        httpx2.DecodingError: it is damaged.
    """
    chain = _chain(response)
    if chain is None:
        yield from response.iter_bytes()
        return
    for raw in response.iter_raw():
        yield from _through(chain, raw)
    _finish(chain)


async def async_pieces(response: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """Yield the body of a reply as it comes, decompressed; see `pieces`."""
    chain = _chain(response)
    async with aclosing(response.aiter_bytes() if chain is None else response.aiter_raw()) as came:
        async for raw in came:
            for piece in (raw,) if chain is None else _through(chain, raw):
                yield piece
    _finish(chain or ())


def _chain(response: httpx2.Response) -> tuple[_Inflater, ...] | None:
    """Return what decompresses a body, in order; None: nothing is to be done, or httpx2 does it."""
    said = response.headers.get("Content-Encoding")
    if said is None or response.is_stream_consumed:
        return None
    names = [name.strip().lower() for name in said.split(",")]
    if len(names) > _MOST_ENCODINGS or not set(names) <= {*_KNOWN, "identity", ""}:
        return None
    return tuple(_Inflater(name) for name in reversed(names) if name in _KNOWN)


def _through(chain: tuple[_Inflater, ...], data: bytes) -> Iterator[bytes]:
    if not chain:
        yield data
        return
    for piece in chain[0].feed(data):
        yield from _through(chain[1:], piece)


def _finish(chain: tuple[_Inflater, ...]) -> None:
    if not all(one.is_at_end for one in chain):
        raise httpx2.RemoteProtocolError("the compressed body is cut off")


class _Inflater:
    """Decompress one encoding of a body that comes in pieces."""

    def __init__(self, name: str) -> None:
        self._is_gzip = name != "deflate"
        self._inflate = zlib.decompressobj(_GZIP_BITS if self._is_gzip else zlib.MAX_WBITS)
        self._may_be_raw = not self._is_gzip
        self._has_begun = False

    @property
    def is_at_end(self) -> bool:
        """Whether the body is whole; one without a byte is."""
        return self._inflate.eof or not self._has_begun

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what a further piece holds, at most so much at a time."""
        is_full = False
        while data or is_full:
            if self._inflate.eof:
                data = self._next_member(data)
                if not data:
                    return
            self._has_begun = True
            piece = self._inflated(data)
            if piece:
                yield piece
            # What is full may go on without a further byte.
            is_full = len(piece) == _MOST_AT_ONCE
            data = self._inflate.unused_data or self._inflate.unconsumed_tail

    def _inflated(self, data: bytes) -> bytes:
        may_be_raw, self._may_be_raw = self._may_be_raw, False
        try:
            return self._inflate.decompress(data, _MOST_AT_ONCE)
        except zlib.error:
            if not may_be_raw:
                raise httpx2.DecodingError("the body is damaged") from None
        # Some services leave out the two bytes with which deflate begins.
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inflated(data)

    def _next_member(self, data: bytes) -> bytes:
        """Begin the next member of gzip; zeros may fill the body up behind the last one."""
        if data and not self._is_gzip:
            raise httpx2.DecodingError("something stands behind the end of the body")
        data = data.lstrip(b"\0")
        if data:
            self._inflate = zlib.decompressobj(_GZIP_BITS)
        return data


_GZIP_BITS = zlib.MAX_WBITS | 16
_KNOWN = ("gzip", "x-gzip", "deflate")
_MOST_AT_ONCE = 1 << 20
_MOST_ENCODINGS = 5
