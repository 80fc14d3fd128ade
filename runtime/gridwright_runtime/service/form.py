"""Write a record as a form with files, which are read when they are sent. Never holds a file."""

from collections.abc import Iterator, Mapping
from functools import partial

from ..message import Stream
from ..write_body import json_body
from .upload import Progress, Upload
from .write_multipart import (
    FileContent,
    FormPart,
    form_content_type,
    form_length,
    form_pieces,
)

__all__ = ["FormStream", "write_form"]


def write_form(
    tree: Mapping[str, object], progress: Progress | None, boundary: str
) -> tuple[list[tuple[str, str]], Stream]:
    """Return headers and body; every file must be one that can be read.

    Args:
        tree: the fields by wire name; a list repeats its field.
        progress: is told how far the sending has come.
        boundary: must stand in no file, as a random one does not.
    """
    parts = tuple(part for wire, value in tree.items() for part in _parts(wire, value))
    size_bytes = form_length(parts, boundary)
    headers = [("Content-Type", form_content_type(boundary)), ("Content-Length", str(size_bytes))]
    return headers, FormStream(parts, boundary, size_bytes, progress)


class FormStream:
    """The form as it is sent."""

    __slots__ = ("_boundary", "_parts", "_progress", "_sent_bytes", "_size_bytes")

    def __init__(
        self,
        parts: tuple[FormPart, ...],
        boundary: str,
        size_bytes: int,
        progress: Progress | None,
    ) -> None:
        self._parts = parts
        self._boundary = boundary
        self._size_bytes = size_bytes
        self._progress = progress
        self._sent_bytes = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the form.

        Raises:
            UploadError: a file cannot be read to its end.
        """
        self._sent_bytes = 0
        yield from form_pieces(self._parts, self._boundary)

    def sent(self, size_bytes: int) -> None:
        """Count what has left, and say so to who wants to know."""
        self._sent_bytes += size_bytes
        if self._progress is not None:
            self._progress(self._sent_bytes, self._size_bytes)

    def __repr__(self) -> str:
        return f"<form of {self._size_bytes} bytes>"


def _parts(wire: str, value: object) -> Iterator[FormPart]:
    if isinstance(value, list):
        for item in value:
            yield from _parts(wire, item)
    elif isinstance(value, Upload):
        measured = value.measure()
        yield FormPart(
            name=wire,
            content=FileContent(size=measured.size_bytes, pieces=partial(value.pieces, measured)),
            filename=value.filename,
            content_type=value.content_type,
        )
    elif isinstance(value, Mapping):
        yield FormPart(name=wire, content=json_body(value), content_type="application/json")
    elif value is not None:
        yield FormPart(name=wire, content=_text(value).encode())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
