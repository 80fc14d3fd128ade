"""Write wire values as texts, for addresses, headers and forms."""

import re
from collections.abc import Mapping
from decimal import Decimal

from ..interface import Place
from .write_body import json_body

__all__ = ["carries_xml", "fault_in", "texts_of"]


def texts_of(value: object) -> list[str]:
    """Return what a value is in a place that knows names and texts alone.

    A list is several texts, None is none, and a record is one text in JSON.
    """
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    if isinstance(value, Mapping):
        return [json_body(value).decode()]
    return [] if value is None else [_plain(value)]


def fault_in(place: Place, text: str) -> tuple[str, str] | None:
    """Return why a text cannot stand in a place, as rule and message; None where it can."""
    if place == "header":
        return None if re.fullmatch(_FIELD, text) else _NO_FIELD
    if place == "cookie":
        return None if re.fullmatch(_COOKIE, text) else _NO_COOKIE
    if place == "path" and text in _STEPS:
        return "not-text", "would lead to another address"
    if place in ("soap_header", "soap_security") and not carries_xml(text):
        return "control-character", "holds a character that XML cannot carry"
    return None if text.isascii() or _is_whole(text) else _HALF


def carries_xml(text: str) -> bool:
    """Say whether XML has all characters of a text."""
    return text.isprintable() or not re.search(_NOT_IN_XML, text)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_STEPS = frozenset({"", ".", ".."})
_HALF = ("control-character", "holds half a character")
_NO_FIELD = ("not-text", "must be printable ASCII without outer blanks")
_NO_COOKIE = (
    "not-text",
    "must be printable ASCII without blanks, quotes, commas, semicolons and backslashes",
)
# Patterns are compiled when first used: importing a client must stay cheap.
_FIELD = r"[!-~](?:[ -~]*[!-~])?"
_COOKIE = r"[!#-+\--:<-\[\]-~]+"
_NOT_IN_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
