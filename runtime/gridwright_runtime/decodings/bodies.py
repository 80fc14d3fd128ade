"""Tell what the body of a reply is, and decode it by its format."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from ..codecs.body import Kind, MalformedBody, sniff
from ..codecs.packing import is_packed, unpacked_members
from ..interface import Operation
from ..message import RawReply
from .circumstances import Circumstances
from .decoded_body import DecodedBody, Judged, Outside
from .json.message import json_tree, read_json
from .trees import read_tree

__all__ = ["SENTENCES", "is_multipart", "kind_of", "members_of", "read_body", "typed_headers"]


def members_of(
    operation: Operation[Any], raw: RawReply, circumstances: Circumstances
) -> Sequence[RawReply] | str:
    """Return the messages in a reply: itself, where it is not packed; or why there are none."""
    packing = operation.reply.packing
    if packing is None or not is_packed(raw.body, packing):
        return (raw,)
    try:
        bodies = unpacked_members(raw.body, packing, circumstances.most_bytes)
    except MalformedBody as error:
        return str(error)
    headers = tuple(pair for pair in raw.headers if pair[0].lower() != "content-type")
    return [structs.replace(raw, body=body, headers=headers) for body in bodies]


def read_body(operation: Operation[Any], raw: RawReply, kind: Kind) -> DecodedBody | str:
    """Return what the body holds, or a sentence about why it holds nothing."""
    try:
        if kind == "json":
            return read_json(operation, raw.body, raw.content_type, raw.status_code)
        if kind == "xml":
            return _read_xml(operation, raw)
        if kind == "csv":
            from .lines.csv_message import read_csv  # few replies are tables

            return read_csv(operation, raw)
        if kind in ("jsonl", "text"):
            from .lines.messages import read_jsonl, read_text

            return read_jsonl(operation, raw) if kind == "jsonl" else read_text(operation, raw)
        if kind == "other":
            return _read_other(operation, raw)
    except MalformedBody as error:
        return str(error)
    if operation.reply.shape in WITHOUT_MESSAGE and kind == "empty":
        return read_tree(operation, {}, format="json")
    return SENTENCES[kind]


def kind_of(operation: Operation[Any], raw: RawReply) -> Kind:
    """Tell what a body is, among others by the formats that the document offers.

    A table, a text and lines of JSON look like nothing, and so does what stands in the place of
    one: they are taken for it where the call succeeded.
    """
    kind = sniff(raw)
    offered = operation.reply.formats
    if offered.keys() <= _SEEN or not operation.is_success(raw.status_code):
        return kind
    if kind == "json" and "jsonl" in offered and raw.body.lstrip(_MARKS)[:1] == b"{":
        return "jsonl"
    if kind == "empty":
        return _kind_of_nothing(operation)
    is_page = raw.body.lstrip()[:1] == b"<"
    is_xml = kind == "xml" and not raw.body.startswith(_UTF16_MARKS)
    if kind == "json" or is_page or is_xml:
        return kind
    return "csv" if "csv" in offered else "text" if "text" in offered else kind


def _kind_of_nothing(operation: Operation[Any]) -> Kind:
    """Tell what an empty body is: rows and lines may be none at all."""
    reply = operation.reply
    if "csv" in reply.formats and reply.csv is not None and not reply.csv.heading:
        return "csv"
    return "jsonl" if "jsonl" in reply.formats else "empty"


def _read_xml(operation: Operation[Any], raw: RawReply) -> DecodedBody:
    body, content_type, status = raw.body, raw.content_type, raw.status_code
    # SOAP is slow to import, and so is XML; few replies need both.
    from .xml.message import read_xml

    if operation.soap is None and b"Envelope" not in body[:1000]:
        return read_xml(operation, body, content_type, status)
    from .xml.soap import read_envelope

    envelope = read_envelope(operation, body, content_type)
    if envelope is None:
        if operation.soap is not None:
            raise MalformedBody("the XML body is no envelope of SOAP 1.1")
        return read_xml(operation, body, content_type, status)
    if envelope.fault is not None:
        return DecodedBody(judged=Judged(failure=envelope.fault))
    found = read_tree(operation, envelope.tree, "xml", Outside(status, envelope.root))
    if envelope.blocks:
        found = structs.replace(found, blocks=envelope.blocks)
    if not envelope.repeats:
        return found
    return structs.replace(found, unreadable=[*envelope.repeats, *found.unreadable])


def _read_other(operation: Operation[Any], raw: RawReply) -> DecodedBody | str:
    """Read a body in several parts, or a value of JSON that is no object and no list."""
    if is_multipart(raw):
        from .xml.soap import unpacked

        parts = unpacked(raw.body, raw.content_type)
        inner = structs.replace(raw, body=parts.body, headers=typed_headers(parts.content_type))
        found = read_body(operation, inner, sniff(inner))
        return (
            found
            if isinstance(found, str)
            else structs.replace(found, attachments=parts.attachments)
        )
    if operation.reply.shape == "value" and not operation.reply.payload:
        tree = json_tree(operation, raw.body, raw.content_type)
        return read_tree(operation, tree, "json", Outside(raw.status_code))
    if operation.reply.shape in WITHOUT_MESSAGE:
        return read_tree(operation, {}, format="json")
    return SENTENCES["other"]


def is_multipart(raw: RawReply) -> bool:
    """Say whether a body is in several parts."""
    return raw.content_type.lstrip()[:10].lower() == "multipart/"


def typed_headers(content_type: str) -> tuple[tuple[str, str], ...]:
    """Return headers that say nothing but a media type."""
    return (("content-type", content_type),)


_SEEN = frozenset({"json", "xml"})
"""The formats that a body shows itself."""
_MARKS = b"\xef\xbb\xbf \t\r\n"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WITHOUT_MESSAGE = frozenset({"file", "none"})
SENTENCES: Mapping[Kind, str] = {
    "html": "an HTML page came instead of data",
    "empty": "the reply has no body",
    "other": "the body is neither JSON nor XML",
}
