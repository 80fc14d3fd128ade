"""Write a form with files: they are read while they are sent, and not held in memory."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal

from ..message import Stream
from ..multipart.upload import Upload
from ..multipart.write import (
    FileContent,
    FormPart,
    form_content_type,
    form_length,
    form_pieces,
)
from .boundaries import free_boundary
from .file import check_content_type, measured
from .streams import CountedStream
from .varying_body import WhenSent
from .wire_texts import texts_of
from .write_body import json_body

__all__ = ["FormBody"]


class FormBody:
    """The fields and files of a form.

    Args:
        tree: the fields by wire name; a list repeats its field, a record within is JSON.
        nulls: whether None is left out, or an empty field.

    Raises:
        EncodingError: a file is of a media type that no header can say.
        UnicodeEncodeError: a text holds half a character.
        UploadError: a file cannot be read any more.
    """

    __slots__ = ("_parts",)

    def __init__(self, tree: Mapping[str, object], nulls: Literal["omit", "write"]) -> None:
        is_written = nulls == "write"
        self._parts = tuple(
            part for wire, value in tree.items() for part in _parts(wire, value, is_written)
        )

    def write(self, at: WhenSent) -> tuple[list[tuple[str, str]], bytes | Stream]:
        """Return headers and body: a stream where there are files, else all of it.

        Files are not searched for the boundary.
        """
        texts = [part.content for part in self._parts if isinstance(part.content, bytes)]
        boundary = free_boundary(texts, at.new_boundary)
        headers = [("Content-Type", form_content_type(boundary))]
        if len(texts) == len(self._parts):
            return headers, b"".join(form_pieces(self._parts, boundary))
        size_bytes = form_length(self._parts, boundary)
        headers.append(("Content-Length", str(size_bytes)))
        make = partial(form_pieces, self._parts, boundary)
        return headers, CountedStream(make, size_bytes, at.progress, at.begin)

    def __repr__(self) -> str:
        return f"<form of {len(self._parts)} parts>"


def _parts(wire: str, value: object, is_written: bool) -> Iterator[FormPart]:
    if isinstance(value, list):
        for item in value:
            yield from _parts(wire, item, is_written)
    elif isinstance(value, Upload):
        yield _file(wire, value)
    elif isinstance(value, Mapping):
        yield FormPart(name=wire, content=json_body(value), content_type="application/json")
    elif value is None and is_written:
        yield FormPart(name=wire, content=b"")
    else:
        for text in texts_of(value):
            yield FormPart(name=wire, content=text.encode())


def _file(wire: str, upload: Upload) -> FormPart:
    if upload.content_type:
        check_content_type(upload)
    size = measured(upload)
    return FormPart(
        name=wire,
        content=FileContent(size=size.size_bytes, pieces=partial(upload.pieces, size)),
        filename=upload.filename,
        content_type=upload.content_type,
    )
