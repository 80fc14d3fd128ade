"""Unpack a body: gzip, or a zip archive with one member or many.

What comes out is bounded, however small what came was, and so is the number of members.
"""

import zlib
from typing import Literal

from .body import MalformedBody

__all__ = ["Packing", "is_packed", "unpacked_members"]

Packing = Literal["gzip", "zip", "zip_of_many"]


def is_packed(body: bytes, packing: Packing) -> bool:
    """Say whether a body begins as a packed one does; a refusal mostly comes as it is."""
    return body.startswith(_GZIP if packing == "gzip" else _ZIP)


def unpacked_members(body: bytes, packing: Packing, most_bytes: int) -> list[bytes]:
    """Return what is in a packed body: one member, or those of an archive in their order.

    Raises:
        MalformedBody: it is cut off or damaged, needs a password, holds too much, or holds
            another number of members than one where it is no archive of many.
    """
    if packing == "gzip":
        return [_gunzipped(body, most_bytes)]
    members = _unzipped(body, most_bytes)
    if packing == "zip" and len(members) != 1:
        raise MalformedBody(f"the zip archive holds {len(members)} members, not one")
    return members


def _gunzipped(body: bytes, most_bytes: int) -> bytes:
    pieces: list[bytes] = []
    left, rest = most_bytes, body
    while rest:
        inflate = zlib.decompressobj(wbits=31)
        try:
            while not inflate.eof:
                piece = inflate.decompress(rest, left + 1)
                left -= len(piece)
                if left < 0:
                    raise MalformedBody(_too_much(most_bytes))
                pieces.append(piece)
                rest = inflate.unconsumed_tail
                if not rest and not inflate.eof:
                    raise MalformedBody("the gzip body is cut off")
        except zlib.error:
            raise MalformedBody("the gzip body is damaged") from None
        rest = inflate.unused_data.lstrip(b"\0")  # members may follow each other
    return b"".join(pieces)


def _unzipped(body: bytes, most_bytes: int) -> list[bytes]:
    # Few replies are packed, and the module is slow to import.
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile

    members: list[bytes] = []
    left = most_bytes
    problem = "the zip archive is cut off or damaged"
    try:
        with ZipFile(BytesIO(body)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > _MOST_MEMBERS:
                raise MalformedBody(f"the zip archive holds more than {_MOST_MEMBERS} members")
            for info in infos:
                if info.flag_bits & _ENCRYPTED:
                    raise MalformedBody("the zip archive needs a password")
                with archive.open(info) as member:
                    # By what comes out, since an archive may lie about its sizes.
                    content = member.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise MalformedBody(_too_much(most_bytes))
                members.append(content)
        return members
    except MalformedBody:
        raise
    except NotImplementedError:
        problem = "the zip archive is packed in a way that is not known"
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        pass
    raise MalformedBody(problem)


def _too_much(most_bytes: int) -> str:
    return f"the body has more than {most_bytes} bytes when it is unpacked"


_GZIP = (b"\x1f\x8b",)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 1
_MOST_MEMBERS = 10_000
