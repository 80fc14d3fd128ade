"""Write multipart bodies: related parts whole, forms piece by piece."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

__all__ = [
    "FileContent",
    "FormPart",
    "RelatedPart",
    "SourceChanged",
    "form_content_type",
    "form_length",
    "form_pieces",
    "related_body",
    "related_content_type",
]


class SourceChanged(ValueError):
    """A file does not hold as many bytes as it did when its sending began."""


class RelatedPart(Struct, frozen=True, kw_only=True):
    """One part of a multipart/related body."""

    content: bytes
    content_type: str
    content_id: str
    """Without brackets; unique within the body."""
    filename: str = ""

    def __repr__(self) -> str:
        return f"<RelatedPart of {len(self.content)} bytes>"


class FileContent(Struct, frozen=True, kw_only=True):
    """Content that is read when it is sent."""

    size: int
    """In bytes."""
    pieces: Callable[[], Iterable[bytes]]


class FormPart(Struct, frozen=True, kw_only=True):
    """One field of a form; one with a file name is a file."""

    name: str
    content: bytes | FileContent
    filename: str | None = None
    content_type: str = ""

    def __repr__(self) -> str:
        return f"<FormPart {self.name}>"


def related_content_type(boundary: str, root_id: str, type: str = "text/xml") -> str:
    """Return the Content-Type of a body whose root is called ``root_id``."""
    return f'multipart/related; type="{type}"; start="<{root_id}>"; boundary="{boundary}"'


def related_body(parts: Sequence[RelatedPart], boundary: str) -> bytes:
    """Write a multipart/related body, its root first.

    Raises:
        ValueError: a part holds the boundary, or a header field would not stay on its line.
    """
    delimiter = f"--{boundary}".encode("ascii")
    pieces: list[bytes] = []
    for part in parts:
        if delimiter in part.content:
            raise ValueError("a part holds the boundary")
        pieces += (delimiter, _related_head(part), part.content, b"\r\n")
    return b"".join((*pieces, delimiter, b"--\r\n"))


def form_content_type(boundary: str) -> str:
    """Return the Content-Type of a form."""
    return f"multipart/form-data; boundary={boundary}"


def form_length(parts: Sequence[FormPart], boundary: str) -> int:
    """Return how many bytes the form will take."""
    contents = sum(_size(part) + len(_form_head(part, boundary)) + 2 for part in parts)
    return contents + len(_form_end(boundary))


def form_pieces(parts: Sequence[FormPart], boundary: str) -> Iterator[bytes]:
    """Yield the form: headers, and files as their sources hand them out.

    A boundary that is not drawn at random might stand in a file: nothing looks.

    Raises:
        SourceChanged: a source yields another number of bytes than it announced.
    """
    for part in parts:
        yield _form_head(part, boundary)
        if isinstance(part.content, bytes):
            yield part.content
        else:
            yield from _measured(part.content)
        yield b"\r\n"
    yield _form_end(boundary)


def _related_head(part: RelatedPart) -> bytes:
    lines = [
        f"Content-Type: {part.content_type}",
        "Content-Transfer-Encoding: binary",
        f"Content-ID: <{part.content_id}>",
    ]
    if part.filename:
        disposition = f'attachment; filename="{_escaped(part.filename)}"'
        lines.append(f"Content-Disposition: {disposition}")
    return _head(lines)


def _form_head(part: FormPart, boundary: str) -> bytes:
    disposition = f'Content-Disposition: form-data; name="{_escaped(part.name)}"'
    if part.filename is not None:
        disposition += f'; filename="{_escaped(part.filename)}"'
    lines = [disposition]
    if part.content_type:
        lines.append(f"Content-Type: {part.content_type}")
    return f"--{boundary}".encode("ascii") + _head(lines)


def _head(lines: Sequence[str]) -> bytes:
    text = "".join(lines)
    if "\r" in text or "\n" in text:
        raise ValueError("a header field of a part holds a line end")
    return "\r\n".join(("", *lines, "", "")).encode()


def _form_end(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode("ascii")


def _size(part: FormPart) -> int:
    return len(part.content) if isinstance(part.content, bytes) else part.content.size


def _measured(source: FileContent) -> Iterator[bytes]:
    left = source.size
    for piece in source.pieces():
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        what = "grew" if left < 0 else "became shorter"
        raise SourceChanged(f"a file {what} while it was sent")


def _escaped(name: str) -> str:
    """Escape a name as browsers do."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
