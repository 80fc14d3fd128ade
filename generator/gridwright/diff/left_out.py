"""Read the list of what an import left out of a spec."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.source import Node, read_yaml

__all__ = ["LeftOut", "read_left_out"]

_NUMBER = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One fact of an imported file that the spec does not say.

    Attributes:
        place: in the file.
        what: the word of the file, or a few words.
        value: what stands there.
        operation: the operation that lacks it; empty where several share it.
    """

    place: str
    what: str
    value: str
    operation: str
    span: Span

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays when others come or go before it: its place without the numbers of lists."""
        return _NUMBER.sub("/", self.place), self.what, self.operation


def read_left_out(data: bytes, name: str) -> tuple[LeftOut, ...]:
    """Read the list of an import; what is not in its form counts for nothing."""
    root, _ = read_yaml(data, name)
    return tuple(_entries(root)) if root is not None else ()


def _entries(root: Node) -> Iterator[LeftOut]:
    listed = root.get("left_out")
    for node in (listed.items or ()) if listed is not None else ():
        texts = {entry.key: entry.value.text or "" for entry in node.entries or ()}
        yield LeftOut(
            place=texts.get("place", ""),
            what=texts.get("what", ""),
            value=texts.get("value", ""),
            operation=texts.get("operation", ""),
            span=node.span,
        )
