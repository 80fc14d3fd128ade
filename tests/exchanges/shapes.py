"""Compare what a mock answers with a shape written by hand. Knows nothing of gridwright.

A shape is a mapping of all names that stand there, a list with the shape of its items, or a word:
``text``, ``number``, ``bool``, ``decimal``, ``digits``, ``any``; ``=x`` for exactly that text.
A name that ends in ``?`` may be missing. XML is compared as a mapping of elements, the root first,
with its namespace as in ``{urn:x}root`` or without, and all others likewise; attributes are names
with ``@``, and beside them a text is ``.``. An archive is a list of its members, a table (with
semicolons) one of rows.
"""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

__all__ = ["differences", "tree_of"]

_WORDS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str) and value != "",
    "number": lambda value: type(value) in (int, float),
    "bool": lambda value: isinstance(value, bool),
    "decimal": lambda value: isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value)),
    "digits": lambda value: isinstance(value, str) and value.isascii() and value.isdigit(),
    "any": lambda value: True,
}


def tree_of(
    body: bytes, content_type: str, *, names_space: bool = False, names_all: bool = False
) -> Any:
    """Return a body as plain values.

    Args:
        body: as it came.
        content_type: as the reply says.
        names_space: with the namespace of the root of XML.
        names_all: with those of all elements within it.
    """
    if content_type == "application/gzip":
        return _member(gzip.decompress(body))
    if content_type == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [_member(archive.read(name)) for name in archive.namelist()]
    if "xml" in content_type:
        root = ElementTree.fromstring(body)  # the mock's own
        return {root.tag if names_space else _name(root): _element(root, names_all)}
    if "json" in content_type:
        return json.loads(body)
    if "csv" in content_type:
        lines = body.decode(content_type.partition("charset=")[2] or "utf-8").splitlines()
        return list(csv.DictReader(lines, delimiter=";"))
    return body.decode()


def _member(body: bytes) -> Any:
    return tree_of(body, "application/xml" if body.startswith(b"<") else "application/json")


def differences(shape: Any, value: Any, path: str = "") -> list[str]:
    """Return where a value differs from a shape."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        names = {key.removesuffix("?"): key for key in shape}
        found = [f"{path}/{key} is there" for key in value if key not in names]
        found += [
            f"{path}/{key} is missing" for key in shape if key[-1] != "?" and key not in value
        ]
        for name in names.keys() & value.keys():
            found += differences(shape[names[name]], value[name], f"{path}/{name}")
        return found
    if isinstance(shape, list):
        items = value if isinstance(value, list) else [value]
        if not items:
            return [f"{path}: is empty"]
        return [one for item in items for one in differences(shape[0], item, f"{path}[]")]
    if str(shape).startswith("="):
        return [] if value == shape[1:] else [f"{path}: {value!r} is not {shape[1:]!r}"]
    return [] if _WORDS[shape](value) else [f"{path}: {value!r} is no {shape}"]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _element(element: ElementTree.Element, names_all: bool) -> Any:
    children = list(element)
    found: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    if not children:
        return {**found, ".": element.text or ""} if found else element.text or ""
    for child in children:
        name = child.tag if names_all else _name(child)
        value = _element(child, names_all)
        if name in found:
            before = found[name] if isinstance(found[name], list) else [found[name]]
            value = [*before, value]
        found[name] = value
    return found
