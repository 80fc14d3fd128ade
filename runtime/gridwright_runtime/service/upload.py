"""A file to send: from a path, from bytes, or from a file that is open; read piece by piece."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from ..encoders import EncodingError
from ..errors import UploadError

__all__ = ["Progress", "Upload"]

Progress = Callable[[int, int], object]
"""Is told how many bytes of a request have been sent, and how many there are in all."""


class Upload:
    """One file to send; its repr shows no name.

    Args:
        source: a path, the bytes themselves, or a binary file that is open, which is sent from
            where it stands and left open.
        filename: what the service is told; by default the name of the file.
        content_type: what the service is told.

    Raises:
        ValueError: there is no name, or the name holds a control character.
    """

    __slots__ = ("_source", "content_type", "filename")

    def __init__(
        self,
        source: str | os.PathLike[str] | bytes | IO[bytes],
        *,
        filename: str = "",
        content_type: str = "application/octet-stream",
    ) -> None:
        self._source: Path | bytes | IO[bytes] = (
            Path(source) if isinstance(source, str | os.PathLike) else source
        )
        self.filename = filename or _own_name(self._source)
        self.content_type = content_type
        if not self.filename:
            raise ValueError("an upload that is no file needs a filename")
        if not self.filename.isprintable() or not content_type.isprintable():
            raise ValueError("filename and content_type must hold no control character")

    def measure(self) -> int:
        """Return the size in bytes.

        Raises:
            OSError: there is no such file, or it has no end to look for.
        """
        source = self._source
        if isinstance(source, bytes):
            return len(source)
        if isinstance(source, Path):
            with source.open("rb") as file:  # a file that cannot be opened cannot be sent
                return _rest_of(file)
        return _rest_of(source)

    def pieces(self, size_bytes: int) -> Iterator[bytes]:
        """Yield the content, in pieces of at most 64 KiB.

        Args:
            size_bytes: what the service was told.

        Raises:
            UploadError: the file cannot be read any more, or has another size than it had.
        """
        source = self._source
        if isinstance(source, bytes):
            yield from _cut(source)
            return
        try:
            if isinstance(source, Path):
                with source.open("rb") as file:
                    yield from _read(file, size_bytes)
            else:
                yield from _read(source, size_bytes)
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else "it is closed"
            failure = UploadError(f"a file could not be read while it was sent: {said}")
        else:
            return
        # Not chained: the path may name a person.
        raise failure

    @classmethod
    def write_wire(cls, value: object) -> "Upload":
        """Return the value, as the form writes it.

        Raises:
            EncodingError: it is no upload, or cannot be read.
        """
        if not isinstance(value, Upload):
            kind = type(value).__name__
            raise EncodingError("wrong-type", f"must be an Upload, not {kind}")
        try:
            value.measure()
        except OSError as error:
            said = error.strerror or "it has no known size"
        except ValueError:
            said = "it is closed"
        else:
            return value
        raise EncodingError("unreadable", f"is a file that cannot be read: {said}")

    def __repr__(self) -> str:
        return f"Upload({self.content_type})"


def _own_name(source: Path | bytes | IO[bytes]) -> str:
    if isinstance(source, Path):
        return source.name
    name: Any = getattr(source, "name", "")
    return Path(name).name if isinstance(name, str) else ""


def _rest_of(file: IO[bytes]) -> int:
    here = file.tell()
    try:
        return max(file.seek(0, io.SEEK_END) - here, 0)
    finally:
        file.seek(here)


def _read(file: IO[bytes], size_bytes: int) -> Iterator[bytes]:
    left = size_bytes
    while left:
        piece = file.read(min(left, _PIECE_BYTES))
        if not piece:
            raise UploadError("a file became shorter while it was sent")
        left -= len(piece)
        yield piece


def _cut(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    for start in range(0, len(content), _PIECE_BYTES):
        yield bytes(view[start : start + _PIECE_BYTES])


_PIECE_BYTES = 65_536
