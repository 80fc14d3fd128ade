"""Read whole multipart bodies, as SOAP and mail libraries write them."""

import base64
import binascii
import re

from msgspec import Struct

from .mime_header import value_and_parameters
from .part import BodyPart, MalformedMultipart, PartHead
from .read_stream import LIMITS, MultipartLimits, MultipartStream, PartBegin, PartContent

__all__ = ["Related", "boundary_of", "read_form", "read_parts", "read_related"]


class Related(Struct, frozen=True):
    """A root, and what came with it."""

    root: BodyPart
    others: tuple[BodyPart, ...]
    """In the order in which they came."""


def read_related(content_type: str, body: bytes, limits: MultipartLimits = LIMITS) -> Related:
    """Read a multipart/related body.

    The root is the part that ``start`` names; without one, or where no part is called so, the
    first.

    Raises:
        MalformedMultipart: it is cut off or not well formed, or holds no part.
    """
    parts = read_parts(content_type, body, limits)
    if not parts:
        raise MalformedMultipart("the multipart body holds no part")
    start = value_and_parameters(content_type)[1].get("start", "").strip()
    start = start.removeprefix("<").removesuffix(">")
    named = (at for at, part in enumerate(parts) if start and part.head.content_id == start)
    at = next(named, 0)
    return Related(parts[at], (*parts[:at], *parts[at + 1 :]))


def read_form(
    content_type: str, body: bytes, limits: MultipartLimits = LIMITS
) -> tuple[tuple[str, BodyPart], ...]:
    """Read a multipart/form-data body: the names of its fields, and what they hold.

    Raises:
        MalformedMultipart: it is cut off or not well formed, or a part has no name.
    """
    named: list[tuple[str, BodyPart]] = []
    for part in read_parts(content_type, body, limits):
        if part.head.name is None:
            raise MalformedMultipart("a part of the form has no name")
        named.append((part.head.name, part))
    return tuple(named)


def read_parts(
    content_type: str, body: bytes, limits: MultipartLimits = LIMITS
) -> tuple[BodyPart, ...]:
    """Read a multipart body of any kind.

    Raises:
        MalformedMultipart: it is cut off or not well formed.
    """
    stream = MultipartStream(boundary_of(content_type), limits)
    parts: list[tuple[PartHead, list[bytes]]] = []
    for event in (*stream.feed(body), *stream.close()):
        match event:
            case PartBegin(head=head):
                parts.append((head, []))
            case PartContent(content=content):
                parts[-1][1].append(content)
    return tuple(BodyPart(head, _decoded(head, b"".join(pieces))) for head, pieces in parts)


def boundary_of(content_type: str) -> str:
    """Return the boundary that a Content-Type names.

    Raises:
        MalformedMultipart: it names none.
    """
    boundary = value_and_parameters(content_type)[1].get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedMultipart("the Content-Type of the multipart body names no usable boundary")
    return boundary


def _decoded(head: PartHead, content: bytes) -> bytes:
    match head.transfer_encoding:
        case "base64":
            try:
                return base64.b64decode(content.translate(None, b" \t\r\n"), validate=True)
            except binascii.Error:
                raise MalformedMultipart("a part is not the base64 it says it is") from None
        case "quoted-printable":
            return binascii.a2b_qp(content)
        case "" | "7bit" | "8bit" | "binary":
            return content
        case _:
            raise MalformedMultipart("a part names a transfer encoding that is not known")


_BOUNDARY = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
