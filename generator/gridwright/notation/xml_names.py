"""Names of elements of XML, and how a name is written that none can have."""

import re
from functools import cache

__all__ = ["as_element_name", "is_element_name"]

# NCName of XML 1.0: a name without a colon, as elements are compared by their local name.
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_XML_NAME = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*")


def is_element_name(name: str) -> bool:
    """Say whether an element may have the name, and a schema declare it."""
    return bool(_XML_NAME.fullmatch(name)) and (name.isascii() or _is_in_xsd(name))


@cache
def _is_in_xsd(name: str) -> bool:
    """Whether a schema may declare the name: XSD 1.0 knows the letters of an older Unicode."""
    from lxml import etree  # only names beyond ASCII need it

    space = "http://www.w3.org/2001/XMLSchema"
    schema = etree.Element(f"{{{space}}}schema")
    etree.SubElement(schema, f"{{{space}}}element", {"name": name})
    try:
        etree.XMLSchema(schema)
    except etree.XMLSchemaParseError:
        return False
    return True


def as_element_name(name: str) -> str:
    """Return a name with the signs that no element can have as `_x005B_`, as SQL/XML has them."""
    if is_element_name(name):
        return name
    signs = (
        sign if is_element_name(f"a{sign}" if at else sign) else f"_x{ord(sign):04X}_"
        for at, sign in enumerate(name)
    )
    return "".join(signs)
