"""Find in a reply what a walk has to know: records, total, what the next page is asked for by."""

import re
from typing import Any

from ..errors import UnexpectedReplyError
from ..interface import Operation
from ..redact import printable
from ..reply import Reply
from ..result import Result
from .pages import InReply, Links, Page, Pages, Tokens

__all__ = ["page_of"]


def page_of(operation: Operation[Any], pages: Pages, reply: Reply[Any] | Result[Any]) -> Page:
    """Return what a reply says as a page.

    Raises:
        UnexpectedReplyError: the number of records or pages is none.
    """
    payload: object = reply if isinstance(reply, Reply) else reply.body
    form = pages.form
    following = None
    if isinstance(form, Tokens | Links):
        following = _text(payload, reply, form.read)
        if following is not None and isinstance(form, Links) and form.read.header:
            following = _link_of(following)
    more = _text(payload, reply, pages.more_at) if pages.more_at is not None else None
    total = InReply(pages.total) if pages.total else pages.total_at
    return Page(
        records=_with_failures(_at(payload, pages.records) or [], reply),
        failures=tuple(one for one in reply.failures if one.is_beside),
        total=_number(operation, payload, reply, total),
        pages=_number(operation, payload, reply, pages.pages_at),
        more=None if more is None else more in pages.more,
        next=following,
        deviations=reply.deviations,
    )


def _with_failures(records: list[Any], reply: Reply[Any] | Result[Any]) -> list[Any]:
    """Return the records of a page, and the items that failed at the end; a walk counts both."""
    failures = [one for one in reply.failures if not one.is_beside]
    return [*records, *failures] if failures else records


def _text(payload: object, reply: Reply[Any] | Result[Any], place: InReply) -> str | None:
    """Return the text that stands at a place; None where nothing does."""
    if place.header:
        return (reply.raw.header(place.header) or "").strip() or None
    found = _at(payload, place.field)
    if isinstance(found, bool):
        return "true" if found else "false"
    return None if found is None else str(found).strip() or None


def _number(
    operation: Operation[Any],
    payload: object,
    reply: Reply[Any] | Result[Any],
    place: InReply | None,
) -> int | None:
    """Return the number that stands at a place; None where nothing does."""
    text = None if place is None else _text(payload, reply, place)
    if text is None or place is None:
        return None
    if not _WHOLE.fullmatch(text):
        where = printable(place.header or place.field, 80)
        raise UnexpectedReplyError(
            f"{operation.call}: {where} of a page is no whole number", raw=reply.raw
        )
    return int(text)


def _at(payload: object, path: str) -> Any:
    """Return what stands at a path of Python names; None where nothing does, or it is empty."""
    found: Any = payload if path else None
    for name in path.split("."):
        found = None if found is None else getattr(found, name)
    return found


def _link_of(header: str) -> str | None:
    """Return the address that a Link header calls the next; None: there is none."""
    for match in _LINK.finditer(header):
        relations = _RELATION.findall(match[2])
        if any("next" in relation.lower().split() for relation in relations):
            return match[1]
    return None


_WHOLE = re.compile("[0-9]{1,15}")
_LINK = re.compile(r"<([^>]*)>((?:[^,<\"]|\"[^\"]*\")*)")
_RELATION = re.compile(r"(?:^|;)\s*rel\s*=\s*\"?([^\";]*)", re.IGNORECASE)
