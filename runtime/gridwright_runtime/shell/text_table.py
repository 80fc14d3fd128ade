"""Rows as text for a terminal: a table, or a block for each row where a table is too wide."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

__all__ = ["blocks", "text_table", "width_of"]


def text_table(names: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """Lay out rows under their names; numbers to the right."""
    widths = [
        max(_width(name), *(_width(row[place]) for row in rows)) if rows else _width(name)
        for place, name in enumerate(names)
    ]
    lines = [_line(names, widths, numeric), _line(["-" * width for width in widths], widths)]
    lines += [_line(row, widths, numeric) for row in rows]
    return "\n".join(lines)


def blocks(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out each row as lines of name and value; what is missing is left out, and counted."""
    width = max(map(_width, names), default=0)
    found = []
    for row in rows:
        lines = [
            f"{_padded(name, width)}  {value}"
            for name, value in zip(names, row, strict=True)
            if value
        ]
        missing = len(names) - len(lines)
        if missing:
            lines.append(f"({missing} missing)")
        found.append("\n".join(lines))
    return "\n\n".join(found)


def width_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how wide a table is."""
    return sum(
        max((_width(name), *(_width(row[place]) for row in rows))) + 2
        for place, name in enumerate(names)
    )


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool] = ()) -> str:
    right = numeric or [False] * len(cells)
    return "  ".join(
        _padded(cell, width, to_the_right=is_right)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    ).rstrip()


def _padded(text: str, width: int, *, to_the_right: bool = False) -> str:
    blanks = " " * (width - _width(text))
    return f"{blanks}{text}" if to_the_right else f"{text}{blanks}"


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
