"""Hashes of lines: enough to see that a line has changed, without holding its text.

A hash of a short line can be guessed by trying; for facts, which the spec holds anyway, that does
no harm. Lines that must not be guessed are withheld and have no hash.
"""

import hashlib
from collections.abc import Collection, Sequence

__all__ = ["BLANK", "WITHHELD", "hash_line", "hash_lines", "is_hash", "lines_of"]

BLANK = "-"
"""In the place of the hash of a blank line."""
WITHHELD = "?"
"""In the place of the hash of a withheld line."""
_DIGITS = 10


def lines_of(text: str) -> list[str]:
    """Return the lines of a document; the end of the last one begins no further line."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def hash_line(system: str, line: str) -> str:
    """Return the hash of one line, salted with the system's id; blanks at its end do not count."""
    text = line.rstrip()
    if not text:
        return BLANK
    return hashlib.sha256(f"{system}\n{text}".encode()).hexdigest()[:_DIGITS]


def hash_lines(
    system: str, lines: Sequence[str], withheld: Collection[int] = ()
) -> tuple[str, ...]:
    """Return the hash of every line; those that are withheld, by number, have none."""
    return tuple(
        WITHHELD if number in withheld else hash_line(system, line)
        for number, line in enumerate(lines, 1)
    )


def is_hash(text: str) -> bool:
    """Whether a text can stand for a line."""
    return text in (BLANK, WITHHELD) or (
        len(text) == _DIGITS and not set(text) - set("0123456789abcdef")
    )
