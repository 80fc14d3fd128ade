"""Write a body as a form: names and texts, percent-encoded."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from .wire_texts import texts_of

__all__ = ["CONTENT_TYPE", "encode"]

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=UTF-8"


def encode(tree: Mapping[str, object], nulls: Literal["omit", "write"]) -> bytes:
    """Return the form; a list repeats its name, a record within is a text in JSON.

    Args:
        tree: the fields by wire name.
        nulls: whether None is left out, or an empty text.

    Raises:
        UnicodeEncodeError: a text holds half a character.
    """
    fields = [
        (name, text)
        for name, value in tree.items()
        for text in ([""] if value is None and nulls == "write" else texts_of(value))
    ]
    return urlencode(fields).encode("ascii")
