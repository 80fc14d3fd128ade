"""A file to send: from a path, from bytes, or from a file that is open; read piece by piece."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from msgspec import Struct

from ..errors import UploadError
from ..texts.encoders import EncodingError
from .file_names import composed, refused_character

__all__ = ["Measured", "Progress", "Reporting", "Upload"]

Progress = Callable[[int, int], object]
"""Is told how many bytes of a request have been sent, and how many there are in all."""


class Reporting:
    """Reports progress, and knows the error by which that ended an upload."""

    __slots__ = ("_progress", "raised")

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.raised: Exception | None = None

    def __call__(self, sent_bytes: int, total_bytes: int) -> None:
        """Report; what that raises is the caller's own."""
        try:
            self._progress(sent_bytes, total_bytes)
        except Exception as error:
            self.raised = error
            raise


class Measured(Struct, frozen=True):
    """What was known of a file when its size was announced."""

    size_bytes: int
    stamp: tuple[int, ...] = ()
    """Which file it is and when it was last written to; empty where nobody says."""


class Upload:
    """One file to send; its repr shows no name.

    Args:
        source: a path, the bytes themselves, or a binary file that is open, which is sent from
            where it stands when it is first looked at, the second time too, and left open. One
            that stands behind all that it holds is refused.
        filename: what the service is told; by default the name of the file. Letters in pieces,
            as a Mac writes them, are put together.
        content_type: what the service is told.

    Raises:
        ValueError: there is no name, or the name holds a control character.
    """

    __slots__ = ("_source", "_start", "content_type", "filename")

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
        self._start: int | None = None
        self.filename = composed(filename or _file_name(self._source))
        self.content_type = content_type
        if not self.filename:
            raise ValueError("an upload that is no file needs a filename")
        if refused := refused_character(self.filename):
            raise ValueError(f"filename holds {refused}, which no name may have")
        if not content_type.isprintable():
            raise ValueError("content_type must hold no control character")

    def measure(self) -> Measured:
        """Return the size, and what would tell of a change.

        Raises:
            OSError: there is no such file, or it has no end to look for.
            ValueError: it is closed.
            TypeError: it is no file that holds bytes.
        """
        source = self._source
        if isinstance(source, bytes):
            return Measured(len(source))
        if isinstance(source, Path):
            with source.open("rb") as file:  # a file that cannot be opened cannot be sent
                return _measured(file, 0)
        if not hasattr(source, "read") or hasattr(source, "encoding"):  # text has an encoding
            raise TypeError("not a binary file")
        with _alone():
            if self._start is None:
                self._start = source.tell()
            return _measured(source, self._start)

    def pieces(self, measured: Measured) -> Iterator[bytes]:
        """Yield the content, in pieces of at most 64 KiB.

        Args:
            measured: what the service was told.

        Raises:
            UploadError: the file cannot be read any more, or is not what it was.
        """
        source = self._source
        if isinstance(source, bytes):
            yield from _pieces(source)
            return
        try:
            if isinstance(source, Path):
                with source.open("rb") as file:
                    yield from _read(file, measured, 0)
            else:
                yield from _read(source, measured, self._start or 0)
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
            measured = value.measure()
        except OSError as error:
            said = error.strerror or "it has no known size"
        except ValueError:
            said = "it is closed"
        except TypeError:
            raise EncodingError(
                "wrong-type", "must be of a path, of bytes, or of a file open in binary mode"
            ) from None
        else:
            if measured.size_bytes or not value._start:
                return value
            # Somebody has read it, or written it and not gone back: an empty file is not meant.
            said = "it stands at its end, and nothing of it would be sent; call seek(0) before"
        raise EncodingError("unreadable", f"is a file that cannot be read: {said}")

    @classmethod
    def read_wire(cls, value: object) -> "Upload":
        """Refuse what stands in the place of a file.

        Raises:
            ValueError: always; no wire value becomes an upload.
        """
        raise ValueError("is not a file")

    def __repr__(self) -> str:
        return f"Upload({self.content_type})"


def _file_name(source: Path | bytes | IO[bytes]) -> str:
    if isinstance(source, Path):
        return source.name
    name: Any = getattr(source, "name", "")
    return Path(name).name if isinstance(name, str) else ""


def _measured(file: IO[bytes], start: int) -> Measured:
    try:
        size_bytes = max(file.seek(0, io.SEEK_END) - start, 0)
    finally:
        file.seek(start)
    return Measured(size_bytes, _stamp(file))


def _stamp(file: IO[bytes]) -> tuple[int, ...]:
    if not isinstance(file, io.BufferedReader | io.BufferedRandom | io.FileIO):
        return ()
    status = os.fstat(file.fileno())
    return status.st_dev, status.st_ino, status.st_mtime_ns


def _read(file: IO[bytes], measured: Measured, start: int) -> Iterator[bytes]:
    at, end = start, start + measured.size_bytes
    while at < end:
        with _alone():
            file.seek(at)
            piece = file.read(min(end - at, _PIECE_BYTES))
        if not piece:
            raise UploadError("a file became shorter while it was sent")
        at += len(piece)
        if at == end:
            # Before the last piece leaves, so that nobody takes what went out for the file.
            _refuse_change(file, measured, end)
        yield piece
    if start == end:
        _refuse_change(file, measured, end)


def _refuse_change(file: IO[bytes], measured: Measured, end: int) -> None:
    with _alone():
        file.seek(end)
        has_more = bool(file.read(1))
    if has_more:
        raise UploadError("a file grew while it was sent")
    if _stamp(file) != measured.stamp:
        raise UploadError("a file was written to while it was sent")


def _alone() -> threading.Lock:
    """Return a lock: threads that send one open file move its place, each for itself."""
    return _LOCKS.setdefault(os.getpid(), threading.Lock())


def _pieces(content: bytes) -> Iterator[bytes]:
    view = memoryview(content)
    for start in range(0, len(content), _PIECE_BYTES):
        yield bytes(view[start : start + _PIECE_BYTES])


_PIECE_BYTES = 65_536
_LOCKS: dict[int, threading.Lock] = {}
"""By process: a child that was forked off must not inherit a lock that is held."""
