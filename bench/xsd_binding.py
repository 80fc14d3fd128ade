"""Classes for xsdata's parser, bound from the XSD that gridwright generates.

xsdata's own class generator is not used: of a union of a decimal and the empty text it keeps the
empty text alone, so that no number would come out as one. These classes are what it would make
otherwise: keyword-only dataclasses with one element per field, numbers as `Decimal`.
"""

from dataclasses import field, make_dataclass
from decimal import Decimal
from pathlib import Path
from types import GenericAlias
from typing import Any

from lxml import etree

__all__ = ["bind"]

_XS = "{http://www.w3.org/2001/XMLSchema}"


def bind(schema: Path) -> type:
    """Return the class of a schema's root element."""
    root = etree.parse(schema).getroot()
    element = root.find(f"{_XS}element")
    if element is None:
        raise ValueError("the schema has no root element")
    named = {str(kind.get("name")): kind for kind in root.findall(f"{_XS}complexType")}
    kind: type = _type_of(element, named)
    return kind


def _type_of(element: "etree._Element", named: dict[str, "etree._Element"]) -> Any:
    complex_type = element.find(f"{_XS}complexType")
    if complex_type is None:
        complex_type = named.get(str(element.get("type")))
    if complex_type is None:
        return _simple(element)
    name = str(element.get("name"))
    fields = [
        _field(inner, named) for group in complex_type for inner in group if _is_element(inner)
    ]
    return make_dataclass(name, fields, kw_only=True)


def _field(element: "etree._Element", named: dict[str, "etree._Element"]) -> tuple[str, Any, Any]:
    name, kind = str(element.get("name")), _type_of(element, named)
    metadata = {"name": name, "type": "Element"}
    if element.get("maxOccurs", "1") != "1":
        many = GenericAlias(list, (kind,))
        return name, many, field(default_factory=list, metadata=metadata)
    if element.get("minOccurs") == "0":
        return name, kind | None, field(default=None, metadata=metadata)
    return name, kind, field(metadata=metadata)


def _simple(element: "etree._Element") -> type:
    bases = {base.get("base") for base in element.iter(f"{_XS}restriction")}
    return Decimal if bases & {"xs:decimal", "xs:integer"} else str


def _is_element(node: "etree._Element") -> bool:
    return node.tag == f"{_XS}element"
