"""Tell what a body is by looking at it: providers' Content-Type headers often say otherwise."""

import re
from typing import Literal

from ..message import RawReply

__all__ = ["Kind", "MalformedBody", "sniff"]

Kind = Literal["json", "xml", "csv", "jsonl", "text", "html", "empty", "other"]
"""The first five are formats of replies; `sniff` sees the first two."""


class MalformedBody(ValueError):
    """A body that is not what it seems to be; the message never quotes it."""


def sniff(raw: RawReply) -> Kind:
    """Return what the body of a reply looks like."""
    head = raw.body[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        return "empty" if not raw.body.strip() else "other"
    if head[:1] in (b"{", b"["):
        return "json"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "json" if head[2:].strip(b"\x00 \t\r\n")[:1] in (b"{", b"[") else "xml"
    if head.startswith(b"\x00<"):
        return "xml"
    says_html = "html" in raw.content_type.lower()
    if _HTML.match(head) or (says_html and not _DATA.match(head)):
        return "html"
    return "xml" if head.startswith(b"<") else "other"


_HEAD = 4096
_HTML = re.compile(
    rb"(?:\s++|<!--.*?-->|<\?.*?\?>)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
# An element that no page begins with: data, sent as text/html all the same.
_DATA = re.compile(
    rb"<(?!(?:head|body|title|meta|script|style|center|div|font|table|p|br|h[1-6])\b)[a-z?]",
    re.IGNORECASE,
)
