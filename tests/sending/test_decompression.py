"""Bodies that are compressed: whole, cut off, damaged, in several members."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence

import httpx2
import pytest

from gridwright_runtime.errors import TransportError, UnexpectedReplyError
from gridwright_runtime.sending.decompression import async_pieces, pieces

from .support import GET, KINDS, Kind, caller

TEXT = b"".join(b"row %d\n" % number for number in range(2000))


class Came(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body as it comes, in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def reply(encoding: str, *came: bytes) -> httpx2.Response:
    return httpx2.Response(200, headers={"Content-Encoding": encoding}, stream=Came(*came))


def both(encoding: str, *came: bytes) -> bytes:
    """Return what a thread and a task make of a body, which is the same."""

    async def read() -> bytes:
        return b"".join([piece async for piece in async_pieces(reply(encoding, *came))])

    found = b"".join(pieces(reply(encoding, *came)))
    assert asyncio.run(read()) == found
    return found


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


@pytest.mark.parametrize(
    ("encoding", "came"),
    [
        ("gzip", [gzip.compress(TEXT)]),
        ("GZIP", [gzip.compress(TEXT)]),
        ("x-gzip", [gzip.compress(TEXT)]),
        ("deflate", [zlib.compress(TEXT)]),
        ("deflate", [raw_deflate(TEXT)]),
        ("gzip, gzip", [gzip.compress(gzip.compress(TEXT))]),
        ("deflate, gzip", [gzip.compress(zlib.compress(TEXT))]),
        ("identity", [TEXT]),
        ("gzip", [bytes([one]) for one in gzip.compress(TEXT)]),
        ("gzip", [gzip.compress(TEXT[:5000]), gzip.compress(TEXT[5000:])]),
        ("gzip", [gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:])]),
        ("gzip", [gzip.compress(TEXT) + b"\0\0", b"\0"]),
    ],
)
def test_a_whole_body_is_what_was_compressed(encoding: str, came: Sequence[bytes]) -> None:
    assert both(encoding, *came) == TEXT


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_comes_out_may_be_as_long_as_one_piece_or_longer(size: int) -> None:
    assert both("gzip", gzip.compress(b" " * size)) == b" " * size
    assert max(map(len, pieces(reply("gzip", gzip.compress(b" " * size))))) == 1 << 20


def test_a_body_without_a_byte_is_empty() -> None:
    assert both("gzip") == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_body_that_is_cut_off_is_never_the_whole(encoding: str) -> None:
    whole = gzip.compress(TEXT) if "gzip" in encoding else zlib.compress(TEXT)
    whole = gzip.compress(whole) if "," in encoding else whole
    for length in (1, len(whole) // 2, len(whole) - 1):
        with pytest.raises(httpx2.RemoteProtocolError, match="cut off"):
            both(encoding, whole[:length])


def test_a_body_that_is_cut_off_behind_a_line_is_never_the_whole() -> None:
    compressor = zlib.compressobj(wbits=31)
    came = compressor.compress(TEXT[:5000]) + compressor.flush(zlib.Z_SYNC_FLUSH)
    with pytest.raises(httpx2.RemoteProtocolError, match="cut off"):
        both("gzip", came)
    with pytest.raises(httpx2.RemoteProtocolError, match="cut off"):
        both("gzip", gzip.compress(TEXT[:5000]) + came)


@pytest.mark.parametrize(
    ("encoding", "came"),
    [
        ("gzip", gzip.compress(TEXT) + b"junk"),
        ("gzip", gzip.compress(TEXT)[:-8] + bytes(8)),
        ("gzip", b"row 1\n"),
        ("deflate", zlib.compress(TEXT) + b"junk"),
        ("deflate", b"\xff\xff\xff"),
    ],
)
def test_a_body_that_is_damaged_is_refused(encoding: str, came: bytes) -> None:
    with pytest.raises(httpx2.DecodingError):
        both(encoding, came)


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_is_made_again_where_its_compressed_reply_is_cut_off(kind: Kind) -> None:
    whole = gzip.compress(b'{"value": "good"}')
    one = caller(kind, *(lambda _, end=end: reply("gzip", whole[:end]) for end in (-3, None)))
    assert one.call(GET).body.value == "good"
    assert len(one.service.seen) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_cut_off_and_a_damaged_reply_are_is_said(kind: Kind) -> None:
    whole = gzip.compress(b'{"value": "good"}')
    cut = caller(kind, *[lambda _: reply("gzip", whole[:-3])] * 3)
    with pytest.raises(TransportError, match="the compressed body is cut off"):
        cut.call(GET)
    damaged = caller(kind, lambda _: reply("gzip", whole + b"junk"))
    with pytest.raises(UnexpectedReplyError, match="cannot be decompressed"):
        damaged.call(GET)
