"""Write a body as XML: elements alone, in no namespace or with the prefixes of several."""

import re

from ..interface import Namespaces
from ..texts.encoders import EncodingError
from .write_body import xml_body

__all__ = ["CONTENT_TYPE", "encode", "is_name"]

CONTENT_TYPE = "application/xml; charset=UTF-8"


def encode(tree: object, root: str, namespaces: Namespaces | None = None) -> bytes:
    """Return the document; None is an empty element, a list repeats its element.

    Args:
        tree: what the root holds.
        root: its name.
        namespaces: of the elements; None: they are in none.

    Raises:
        EncodingError: a text holds a character that XML cannot carry.
        UnicodeEncodeError: a text holds half a character.
    """
    if namespaces is None:
        document = xml_body(tree, root)
    else:
        from .xml_names import declared, prefixed  # few systems have several

        root, tree = prefixed(tree, root, namespaces)
        document = xml_body(tree, root, declared(namespaces.prefixes))
    is_clean = len(document) == len(document.translate(None, _CONTROLS))
    if is_clean and _FFFE not in document and _FFFF not in document:
        return document
    raise EncodingError("control-character", "holds a character that XML cannot carry")


def is_name(text: str) -> bool:
    """Say whether a text can be the name of an element."""
    return re.fullmatch(_NAME, text) is not None


_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_FFFE, _FFFF = "\ufffe".encode(), "\uffff".encode()
_NAME = r"[^\W\d][\w.\-]*"
