"""Write and read JSON and XML as a service does.

Written by itself, not with what clients write and read with: so each is a check on the other.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import msgspec

from ...codecs.body import MalformedBody

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "DECLARATION",
    "XmlRoot",
    "escaped",
    "json_text",
    "local_name",
    "read_json",
    "read_xml",
    "tree_of",
    "xml_text",
]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class XmlRoot(NamedTuple):
    """An XML document."""

    name: str
    """Of its root, without a namespace."""
    element: "_Element"


def json_text(tree: object) -> str:
    """Write JSON; decimals are numbers in plain notation."""
    try:
        written = _JSON.encode(tree)
    except (OverflowError, msgspec.MsgspecError):
        written = b"E+"
    if b"E+" in written or b"E-" in written:
        # Few numbers are written with an exponent, or too large for the encoder.
        written = _JSON.encode(_with_plain_numbers(tree))
    return written.decode()


def xml_text(name: str, value: object, attributes: str = "") -> str:
    """Write an element without a declaration; a list inside of it repeats its element."""
    parts: list[str] = []
    if isinstance(value, Mapping):
        _append_mapping(parts, name, value, attributes)
    else:
        text = escaped(value)
        parts.append(f"<{name}{attributes}>{text}</{name}>" if text else f"<{name}{attributes}/>")
    return "".join(parts)


def escaped(value: object) -> str:
    """Write a plain value as the text of an element."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return _FORBIDDEN_IN_XML.sub("", str(value)).translate(_ESCAPES)


def read_json(body: bytes) -> object:
    """Read JSON, its numbers exactly.

    Raises:
        MalformedBody: it is none.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, ArithmeticError):
        pass
    # Not chained: the library's message may repeat what stands there.
    raise MalformedBody("the JSON body cannot be read")


def read_xml(body: bytes) -> XmlRoot:
    """Read XML: no document type, no entity, no network.

    Raises:
        MalformedBody: it is none, or has a document type.
    """
    from lxml import etree  # slow to import, and JSON alone does without

    parser = etree.XMLParser(
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise MalformedBody("the XML body cannot be read")
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedBody("the XML body has a document type, which is refused")
    return XmlRoot(local_name(root), root)


def tree_of(element: "_Element") -> dict[str, object]:
    """Return an element's children as text, None or mappings, in lists where a name repeats."""
    found: dict[str, object] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        value: object = tree_of(child) if len(child) else child.text
        name = local_name(child)
        known = found.get(name)
        if name not in found:
            found[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            found[name] = [known, value]
    return found


def local_name(element: "_Element") -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _append(parts: list[str], name: str, value: object) -> None:
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _append(parts, name, item)
    elif isinstance(value, Mapping):
        _append_mapping(parts, name, value)
    else:
        text = escaped(value)
        parts.append(f"<{name}>{text}</{name}>" if text else f"<{name}/>")


def _append_mapping(
    parts: list[str], name: str, value: Mapping[str, object], attributes: str = ""
) -> None:
    """Write an element of which some values are attributes, and one may be its text."""
    begun = len(parts)
    parts.append("")
    for inner, content in value.items():
        if inner[:1] == "@":
            if content is not None:
                attributes += f' {inner[1:]}="{escaped(content).translate(_IN_QUOTES)}"'
        elif inner == ".":
            parts.append(escaped(content))
        else:
            _append(parts, inner, content)
    parts[begun] = f"<{name}{attributes}>"
    parts.append(f"</{name}>")


def _with_plain_numbers(value: object) -> object:
    """Replace numbers that the encoder cannot write plainly by their digits."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Decimal):
        text = str(value)
        return msgspec.Raw(format(value, "f").encode()) if "E" in text else value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63:
        return msgspec.Raw(str(value).encode())
    if isinstance(value, Mapping):
        return {name: _with_plain_numbers(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_plain_numbers(item) for item in value]
    return value


def _refuse_constant(_text: str) -> NoReturn:
    raise ValueError


_JSON = msgspec.json.Encoder(decimal_format="number")
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_QUOTES = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
