"""Write files that replies bring while they come: whole or not at all."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import unquote

from ..errors import DownloadError
from ..multipart.mime_header import value_and_parameters
from ..record import Record

__all__ = ["Destination", "Download", "FileSink", "Sink"]

Destination = str | os.PathLike[str] | IO[bytes]
"""Where a file goes: a path, or a binary file that is open for writing."""


class Download(Record, frozen=True, kw_only=True):
    """A file that came."""

    path: str | None
    """Where it is; None where it was written into an open file."""
    size_bytes: int
    media_type: str
    """As the service says it, without parameters; empty where it does not."""
    filename: str
    """The name that the service gives it, without folders; empty where it gives none."""


class Sink(Protocol):
    """Where the body of a reply goes, in place of memory."""

    def takes(self, status: int, content_type: str) -> bool:
        """Say whether a reply is what is waited for, and not something to be judged."""

    def write(self, chunk: bytes) -> None:
        """Take a piece."""

    def finish(self, headers: Mapping[str, str]) -> None:
        """Be told that all has come."""

    def discard(self) -> None:
        """Be told that no more will come."""


class FileSink:
    """Writes a file beside its place, and puts it there when it has come whole.

    Args:
        call: what is called, for messages.
        to: where the file goes.
        is_success: says whether a call with an HTTP status has succeeded.
    """

    def __init__(self, call: str, to: Destination, is_success: Callable[[int], bool]) -> None:
        self._call = call
        self._is_success = is_success
        self._path = Path(to) if isinstance(to, str | os.PathLike) else None
        self._file: IO[bytes] | None = None if isinstance(to, str | os.PathLike) else to
        self._part: Path | None = None
        self._size = 0
        self.has_begun = False
        """A piece has come: what is written into an open file cannot come again."""
        self.download: Download | None = None

    def takes(self, status: int, content_type: str) -> bool:
        """Say whether a reply is the file: one of success, and not a page."""
        return self._is_success(status) and _media_type(content_type) != "text/html"

    def write(self, chunk: bytes) -> None:
        """Write a piece.

        Raises:
            DownloadError: it cannot be written.
        """
        said = ""
        try:
            if self._file is None and self._path is not None:
                self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
                self._file = self._part.open("wb")
            if self._file is not None:
                self._file.write(chunk)
        except (OSError, ValueError) as error:
            said = getattr(error, "strerror", None) or type(error).__name__
        if said:
            raise DownloadError(f"{self._call}: the file cannot be written: {said}")
        self._size += len(chunk)
        self.has_begun = self.has_begun or bool(chunk)

    def finish(self, headers: Mapping[str, str]) -> None:
        """Put the file into its place.

        Raises:
            DownloadError: it cannot be put there.
        """
        if self._file is None:
            self.write(b"")  # an empty file is one, too
        said = ""
        try:
            if self._part is not None and self._path is not None and self._file is not None:
                self._file.close()
                self._part.replace(self._path)
        except OSError as error:
            said = error.strerror or type(error).__name__
        if said:
            self.discard()
            raise DownloadError(f"{self._call}: the file cannot be written: {said}")
        self.download = Download(
            path=None if self._path is None else str(self._path),
            size_bytes=self._size,
            media_type=_media_type(headers.get("content-type", "")),
            filename=_filename(headers.get("content-disposition", "")),
        )

    def discard(self) -> None:
        """Leave nothing behind, where there is a path; a later attempt begins anew."""
        if self._path is None:
            return
        if self._file is not None:
            self._file.close()
        if self._part is not None:
            self._part.unlink(missing_ok=True)
        self._file, self._part, self._size, self.has_begun = None, None, 0, False


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _filename(disposition: str) -> str:
    """Return the name of a file without any folder; empty where none is given."""
    if not disposition:
        return ""
    found = value_and_parameters(disposition)[1].get("filename", "")
    # ``filename*`` is decoded already.
    is_encoded = "%" in found and "filename*" not in disposition.lower()
    name = re.split(r"[/\\]", unquote(found) if is_encoded else found)[-1]
    return "" if name in ("", ".", "..") or not name.isprintable() else name
