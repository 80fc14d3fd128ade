"""Tables of Markdown."""

import re
from collections.abc import Iterator


def tables(text: str) -> Iterator[list[list[str]]]:
    """Yield the cells of each table, heading and rule included."""
    for block in re.findall(r"(?:^\|.*\|$\n?)+", text, re.M):
        yield [
            [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in block.splitlines()
        ]
