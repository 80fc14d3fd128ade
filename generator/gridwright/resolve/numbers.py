"""Read an example of a number for the signs of its thousands and decimals."""

import re

from gridwright.resolve.context import Context
from gridwright.source import Node

__all__ = ["number_signs"]

_PLAIN = ("", ".")
_SIGNS = " '.,"


def number_signs(node: Node, context: Context) -> tuple[str, str]:
    """Return the signs of thousands (empty: none) and of decimals that an example shows.

    Reports an example that is none, or whose one sign could be either.
    """
    text = (node.text or "").strip().replace("\u00a0", " ").replace("\u202f", " ")
    signs = re.sub("[0-9]", "", text.removeprefix("-"))
    decimal = next((sign for sign in reversed(signs) if sign in ".,"), "")
    grouped = re.fullmatch(rf"-?[0-9]{{1,3}}(?:(?P<sign>[{_SIGNS}])[0-9]{{3}})+", text)
    if grouped is not None and len(set(signs)) == 1:
        if len(signs) > 1 or signs in " '":  # nothing but thousands: their sign is no decimal one
            return signs[0], "," if signs[0] == "." else "."
        if text[0] != "0":
            context.report(
                node.span,
                "ambiguous-format",
                f"{text!r} can be read in two ways: as thousands, and as decimals",
                "show both signs, such as 1.234,5 or 1,234.5",
            )
            return _PLAIN
    found = re.fullmatch(
        rf"-?(?:[0-9]+|[0-9]{{1,3}}(?:(?P<sign>[{_SIGNS}])[0-9]{{3}})(?:(?P=sign)[0-9]{{3}})*)"
        r"(?P<decimal>[.,])[0-9]+",
        text,
    )
    if found is None or found["sign"] == found["decimal"]:
        if re.fullmatch("-?[0-9]+", text) is None:
            context.report(
                node.span,
                "unknown-format",
                f"{text!r} is no example of a number",
                "write one with the signs of the document, such as 1.234,5 or 1 234,56",
            )
        return _PLAIN
    return found["sign"] or "", decimal
