"""Write a body that is one plain value, as a text."""

from .wire_texts import texts_of

__all__ = ["CONTENT_TYPE", "encode"]

CONTENT_TYPE = "text/plain; charset=UTF-8"


def encode(value: object) -> bytes:
    """Return the text; a number in plain notation.

    Raises:
        UnicodeEncodeError: a text holds half a character.
    """
    return "".join(texts_of(value)).encode()
