"""Character encodings that bodies name; those of Python that do other things are left out."""

import codecs
import re

__all__ = ["charset_of", "decode", "is_surely_utf8", "python_charset"]


def charset_of(body: bytes, content_type: str) -> str:
    """Return the encoding of a body that does not name one itself.

    Servers name a charset by default, and a wrong one; so what is UTF-8 is taken for UTF-8.
    """
    found = _CHARSET.search(content_type)
    named = python_charset(found[1]) if found else None
    if named is None or named == "utf-8":
        return "utf-8"
    if body.isascii():  # in ISO 2022 other letters are written in ASCII, too
        return named if named.startswith("iso2022") else "utf-8"
    return "utf-8" if is_surely_utf8(body, named) else named


def is_surely_utf8(body: bytes, charset: str) -> bool:
    """Say whether a body is UTF-8 and not of the encoding that it names.

    The letters of Korean, Japanese and Thai take three bytes there; in their own encodings they
    take one or two, which now and then look like a letter of two bytes of UTF-8.
    """
    text = decode(body, "utf-8")
    if text is None or text.isascii():
        return False
    if charset not in _OF_THREE_BYTES or decode(body, charset) is None:
        return True
    return any(letter >= "\u0800" for letter in text)


def python_charset(name: str) -> str | None:
    """Return Python's name of an encoding, or None when it is not one of text."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    # What is declared EUC-KR is often its superset.
    known = "cp949" if known == "euc_kr" else known
    return known if known in _TEXT else None


def decode(body: bytes, charset: str) -> str | None:
    """Decode a body, or return None when its bytes are not of this encoding."""
    try:
        return body.decode(charset)
    except UnicodeError:
        return None


_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_OF_THREE_BYTES = frozenset(
    {
        *("cp949", "johab", "shift_jis", "cp932", "euc_jp", "big5", "gbk", "gb18030"),
        *("tis-620", "cp874", "iso8859-11"),
    }
)
"""Encodings of letters that take three bytes in UTF-8."""
_TEXT = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"),
        *("cp949", "johab", "iso2022_kr"),
        *("shift_jis", "cp932", "euc_jp", "iso2022_jp"),
        *("tis-620", "cp874", "iso8859-11"),
        *("iso8859-1", "iso8859-9", "iso8859-15", "cp1252", "cp1254"),
        *("iso8859-2", "iso8859-13", "cp1250", "cp1251", "cp1257"),
        *("iso8859-7", "cp1253", "big5", "gbk", "gb18030"),
    }
)
