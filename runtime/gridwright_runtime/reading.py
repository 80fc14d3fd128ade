"""Read the reply of an operation: records, or the error it stands for. Never sends."""

from collections.abc import Mapping
from typing import Any, TypeVar

from .body import Kind, MalformedBody, sniff
from .content import Content
from .errors import (
    DeviationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    UnexpectedReplyError,
)
from .failure import Failure, provider_error
from .message import RawReply
from .operation import Format, Operation
from .problems import Deviation, Problem
from .read_json import json_content, json_deviations
from .read_xml import xml_content, xml_deviations
from .record import Record
from .reply import Reply

__all__ = ["list_deviations", "read_reply"]

RecordT = TypeVar("RecordT", bound=Record)


def read_reply(
    operation: Operation[RecordT],
    raw: RawReply,
    *,
    format: Format,
    strict: bool = False,
    hide: tuple[str, ...] = (),
) -> Reply[RecordT]:
    """Read a reply.

    Args:
        operation: what was called.
        raw: what came back.
        format: what was asked for; a body of the other format is read too, and reported.
        strict: refuse a reply that departs from the document.
        hide: values of the request that no message may show.

    Raises:
        ProviderError: the body, or failing that the HTTP status, says that the call failed.
        HtmlReplyError: it is an HTML page.
        HttpStatusError: the HTTP status is not one of success, and nothing says more.
        UnexpectedReplyError: it cannot be read; what was found is at hand as ``.raw``.
        DeviationError: it departs from the document, and ``strict`` is true.
    """
    kind = sniff(raw)
    content = _content(operation, raw, kind)
    if isinstance(content, Failure):
        raise provider_error(operation, content, raw, hide)
    if not 200 <= raw.status_code < 300:
        raise _status_error(operation, raw, kind, hide)
    if isinstance(content, str):
        raise _unexpected(operation, raw, kind, content)
    if content.unreadable:
        raise UnexpectedReplyError(
            f"{operation.call}: the reply holds values that cannot be read",
            raw=raw,
            problems=content.unreadable,
        )
    reply = Reply(
        content.records,
        raw=raw,
        header=content.header,
        look=lambda: list_deviations(operation, raw, format=format),
    )
    if strict and reply.deviations:
        raise DeviationError(
            f"{operation.call}: the reply departs from the document",
            raw=raw,
            problems=reply.deviations,
        )
    return reply


def list_deviations(
    operation: Operation[Any], raw: RawReply, *, format: Format
) -> tuple[Deviation, ...]:
    """Return how a reply that can be read departs from the document."""
    kind = sniff(raw)
    found: list[Problem] = []
    if kind != format:
        found.append(
            Problem(path="", wire="", rule="other-format", message=f"is {kind}, not {format}")
        )
    listed = json_deviations if kind == "json" else xml_deviations
    try:
        found.extend(listed(operation, raw))
    except MalformedBody as error:
        # The fast way reads past what no field takes: bytes of another encoding, for instance.
        found.append(Problem(path="", wire="", rule="unreadable", message=f"{error}"))
    return tuple(found)


def _content(operation: Operation[Any], raw: RawReply, kind: Kind) -> Content | Failure | str:
    """Return what the body holds, or a sentence about why it holds nothing."""
    if kind not in ("json", "xml"):
        return _SENTENCES[kind]
    try:
        return (json_content if kind == "json" else xml_content)(operation, raw)
    except MalformedBody as error:
        return str(error)


def _status_error(
    operation: Operation[Any], raw: RawReply, kind: Kind, hide: tuple[str, ...]
) -> GridwrightError:
    status = raw.status_code
    if status in operation.envelope.statuses:
        return provider_error(operation, Failure(None, None), raw, hide)
    if kind == "html":
        return _unexpected(operation, raw, kind, _SENTENCES[kind])
    return HttpStatusError(f"{operation.call}: HTTP status {status}", status=status, raw=raw)


def _unexpected(
    operation: Operation[Any], raw: RawReply, kind: Kind, sentence: str
) -> UnexpectedReplyError:
    message = f"{operation.call}: {sentence} (HTTP status {raw.status_code})"
    if kind == "html" or (kind == "xml" and "html" in raw.content_type.lower()):
        return HtmlReplyError(message, status=raw.status_code, raw=raw)
    return UnexpectedReplyError(message, raw=raw)


_SENTENCES: Mapping[Kind, str] = {
    "html": "an HTML page came instead of data",
    "empty": "the reply has no body",
    "other": "the body is neither JSON nor XML",
}
