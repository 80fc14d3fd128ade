"""Classes for xsdata's parser, bound from the XSD that gridwright generates.

xsdata's own class generator is not used: it needs packages that nothing else here does. These
classes are what it makes, keyword-only dataclasses with one element per field, but that numbers are
`Decimal` alone and codes are texts; its parser takes the same time for both.
"""

from dataclasses import field, make_dataclass
from decimal import Decimal
from pathlib import Path
from types import GenericAlias
from typing import Any

from lxml import etree

__all__ = ["bind"]

_XS = "{http://www.w3.org/2001/XMLSchema}"
_NUMBERS = {"xs:decimal", "xs:integer"}


def bind(schema: Path) -> type:
    """Return the class of a schema's root element."""
    root = etree.parse(schema).getroot()
    element = root.find(f"{_XS}element")
    if element is None:
        raise ValueError("the schema has no root element")
    kind: type = _type_of(element, _Named(root))
    return kind


class _Named:
    """The types of a schema that have names."""

    def __init__(self, root: "etree._Element") -> None:
        self._types = {(str(child.tag), str(child.get("name"))): child for child in root}

    def get(self, tag: str, name: str) -> "etree._Element | None":
        return self._types.get((tag, name))


def _type_of(element: "etree._Element", named: _Named) -> Any:
    complex_type = element.find(f"{_XS}complexType")
    if complex_type is None:
        complex_type = named.get(f"{_XS}complexType", str(element.get("type")))
    if complex_type is None:
        return Decimal if _primitives(element, named) & _NUMBERS else str
    name = str(element.get("name"))
    fields = [
        _field(inner, named) for group in complex_type for inner in group if _is_element(inner)
    ]
    return make_dataclass(name, fields, kw_only=True)


def _field(element: "etree._Element", named: _Named) -> tuple[str, Any, Any]:
    name, kind = str(element.get("name")), _type_of(element, named)
    metadata = {"name": name, "type": "Element"}
    if element.get("maxOccurs", "1") != "1":
        many = GenericAlias(list, (kind,))
        return name, many, field(default_factory=list, metadata=metadata)
    if element.get("minOccurs") == "0":
        return name, kind | None, field(default=None, metadata=metadata)
    return name, kind, field(metadata=metadata)


def _primitives(node: "etree._Element", named: _Named) -> set[str]:
    """Return the types of XML Schema that a simple type is made of, a union of several."""
    found: set[str] = set()
    for inner in node.iter():
        for attribute in ("type", "base", "memberTypes"):
            for name in inner.get(attribute, "").split():
                simple = named.get(f"{_XS}simpleType", name)
                found |= {name} if simple is None else _primitives(simple, named)
    return found


def _is_element(node: "etree._Element") -> bool:
    return node.tag == f"{_XS}element"
