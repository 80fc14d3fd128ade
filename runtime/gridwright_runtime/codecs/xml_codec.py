"""Make XML bodies ready for the parser, and read the elements that it made of them."""

import re
from collections.abc import Container
from typing import TYPE_CHECKING

from msgspec import Struct

from .body import MalformedBody
from .charsets import charset_of, decode, is_surely_utf8, python_charset

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "XmlSource",
    "flat",
    "local_name",
    "open_xml",
    "outer_lists",
    "plain",
]


class XmlSource(Struct, frozen=True):
    """A body made ready for the parser."""

    body: bytes
    """UTF-8."""
    start: int
    """Where the document begins, after byte order mark and declaration."""
    repairs: tuple[tuple[str, str], ...]
    """Rule and message of what had to be put right."""

    def without_control_characters(self) -> "XmlSource | None":
        """Put U+FFFD for characters that XML forbids; None when there are none."""
        body, count = _FORBIDDEN.subn("\ufffd".encode(), self.body[self.start :])
        return XmlSource(body, 0, (*self.repairs, _CONTROL)) if count else None


def open_xml(body: bytes, content_type: str = "") -> XmlSource:
    """Make a body ready: its encoding known, its declaration read even where it is malformed.

    Raises:
        MalformedBody: it has a document type, or is not of the encoding it names.
    """
    return _without_nil_texts(_opened(body, content_type))


def _opened(body: bytes, content_type: str) -> XmlSource:
    usual = _USUAL.match(body)
    if usual is not None:
        return XmlSource(body, usual.end(), ())
    is_utf16 = body.startswith(tuple(_UTF16))
    body, start = _without_mark(body)
    declaration = _DECLARATION.match(body, start)
    if declaration is None:
        unusual = (_INSTRUCTION,) if body[start : start + 2] == b"<?" else ()
        return _checked(_transcoded(body, start, charset_of(body, content_type), unusual))
    repairs: tuple[tuple[str, str], ...] = ()
    is_good = _GOOD_DECLARATION.fullmatch(declaration[0]) is not None
    if declaration.start() != start or not is_good or _AGAIN.match(body, declaration.end()):
        repairs = (("xml-declaration", "has a malformed XML declaration"),)
    named = _ENCODING.search(declaration[0])
    charset = python_charset(named[1].decode("ascii")) if named else charset_of(body, content_type)
    if charset is None:
        raise MalformedBody("the XML body names an encoding that is not known")
    if charset.startswith("utf-16"):
        # The declaration itself was readable as ASCII, so this is not UTF-16 any more.
        charset, repairs = "utf-8", repairs if is_utf16 else (*repairs, _OTHER_ENCODING)
    if charset not in ("utf-8", "ascii"):
        if is_surely_utf8(body[declaration.end() :], charset):
            charset, repairs = "utf-8", (*repairs, _OTHER_ENCODING)
        elif named is not None:
            _refuse_contradiction(body[declaration.end() :], charset, content_type)
    return _checked(_transcoded(body, declaration.end(), charset, repairs))


def outer_lists(root: "_Element", list_name: str) -> list["_Element"]:
    """Return all lists, except those inside another: a record may have the list's own name."""
    lists = list(root.iter(f"{{*}}{list_name}"))
    within = {inner for one in lists for inner in one.iterdescendants(f"{{*}}{list_name}")}
    return [one for one in lists if one not in within]


def local_name(element: "_Element") -> str:
    """Return the name of an element without its namespace."""
    tag = str(element.tag)
    return tag if tag[:1] != "{" else tag.rpartition("}")[2]


def flat(element: "_Element") -> dict[str, str | None]:
    """Return names and texts of an element's children, the fast way: no namespace, none nested."""
    return {child.tag: child.text for child in element}


def plain(element: "_Element", without: Container[str] = ()) -> dict[str, object]:
    """Return an element's children as text, None or dicts, in lists where a name repeats."""
    found: dict[str, object] = {}
    for child in element:
        name = local_name(child)
        if name in without or not isinstance(child.tag, str):
            continue
        value: object = plain(child) if len(child) else child.text
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)  # type: ignore[attr-defined]
        else:
            found[name] = [found[name], value]
    return found


def _without_nil_texts(source: XmlSource) -> XmlSource:
    """Empty elements that say of themselves that they are nil, so that no text in them counts."""
    body = source.body
    # The long name is found many times as fast as the short one, and few bodies have it.
    if b"XMLSchema-instance" not in body or b":nil" not in body:
        return source
    texts: list[bytes] = []

    def emptied(found: re.Match[bytes]) -> bytes:
        texts.append(found[2].strip())
        return found[1]

    emptied_body = _NIL_WITH_TEXT.sub(emptied, body)
    if not texts:
        return source
    repairs = (*source.repairs, _NOT_NIL) if any(texts) else source.repairs
    return XmlSource(emptied_body, source.start, repairs)


def _without_mark(body: bytes) -> tuple[bytes, int]:
    """Undo UTF-16, and return where the text begins."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body, 3
    for start, charset in _UTF16.items():
        if body.startswith(start):
            text = decode(body, charset)
            if text is None:
                raise MalformedBody("the XML body is not the UTF-16 it seems to be")
            return text.lstrip("\ufeff").encode("utf-8", "replace"), 0
    return body, 0


def _refuse_contradiction(body: bytes, charset: str, content_type: str) -> None:
    """Refuse a body that reads differently by its declaration and by its header."""
    other = charset_of(body, content_type)
    if other in ("utf-8", charset) or body.isascii():
        return
    text = decode(body, other)
    if text is not None and text != decode(body, charset):
        raise MalformedBody("the XML body names another encoding than its header")


def _transcoded(
    body: bytes, start: int, charset: str, repairs: tuple[tuple[str, str], ...]
) -> XmlSource:
    if charset in ("utf-8", "ascii"):
        return XmlSource(body, start, repairs)
    text = decode(body[start:], charset)
    if text is None:
        raise MalformedBody("the XML body is not of the encoding it names")
    return XmlSource(text.encode("utf-8", "replace"), 0, repairs)


def _checked(source: XmlSource) -> XmlSource:
    stray = _STRAY.match(source.body, source.start)
    if stray is not None:
        source = XmlSource(source.body, stray.end(), (*source.repairs, _CONTROL))
    prolog = _PROLOG.match(source.body, source.start)
    start = prolog.end() if prolog else source.start
    if source.body.startswith(b"<!", start):
        raise MalformedBody("the XML body has a document type, which is refused")
    return XmlSource(source.body, start, source.repairs)


_CONTROL = ("control-character", "holds a control character, which XML forbids")
_NOT_NIL = ("forbidden", "holds a text in an element that is nil; it is not read")
_INSTRUCTION = ("xml-declaration", "begins with an instruction that is no XML declaration")
_OTHER_ENCODING = ("xml-declaration", "names another encoding than the one it is written in")
_UTF16 = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}
_DECLARATION = re.compile(rb"\s*+<\?xml\b[^<>]{0,300}?(?:\?>|>|(?=<))")
# What nearly all bodies begin with, for which nothing of the rest is needed.
_USUAL = re.compile(
    rb"<\?xml version=\"1\.0\" encoding=\"(?:UTF|utf)-8\" ?\?>[ \t\r\n]*+(?=<[^!?])"
)
_GOOD_DECLARATION = re.compile(
    rb"<\?xml\s+version\s*=\s*([\"'])1\.[0-9]\1"
    rb"(?:\s+encoding\s*=\s*([\"'])[A-Za-z][A-Za-z0-9._-]*\2)?"
    rb"(?:\s+standalone\s*=\s*([\"'])(?:yes|no)\3)?\s*\?>"
)
_STRAY = re.compile(rb"[ \t\r\n]*+[\x00-\x08\x0b\x0c\x0e-\x1f][\x00-\x20]*+")
"""What may stand nowhere, in front of the root."""
_NIL_WITH_TEXT = re.compile(
    rb"(:nil[ \t\r\n]*=[ \t\r\n]*[\"'](?:true|1)[\"'](?:[^<>]*[^<>/])?>)([^<]+)(?=</)"
)
"""An element with `xsi:nil`, from there on, and the text in it."""
_AGAIN = re.compile(rb"\s*+(?:\xef\xbb\xbf|<\?xml\s)")
"""A second beginning: the body of another message."""
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']\s*([A-Za-z][A-Za-z0-9._:-]*)")
_PROLOG = re.compile(rb"(?:\s++|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)
