"""Places of a spec: the path of a thing, and the file and line where it stands. Never judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from gridwright.diagnostics import Span
from gridwright.source import Node

__all__ = ["Path", "Places", "places_of", "shown"]

Path: TypeAlias = tuple[str, ...]
"""Keys from the root of a spec, such as ("operations", "list_readings", "request", "day")."""


@dataclass(frozen=True, slots=True)
class Places:
    """Finds spans by path, in one amended spec.

    Attributes:
        records: path of each record, by the name of its class.
    """

    root: Node
    records: Mapping[str, Path]
    _seen: dict[Path, tuple[Node, Span]] = field(default_factory=dict)
    _keys: dict[Path, dict[str, tuple[Node, Span]]] = field(default_factory=dict)

    def span(self, path: Path) -> Span | None:
        """Return where the key at ``path`` stands, or the value where it is an item of a list.

        None where there is no such place.
        """
        found = self._find(path)
        return found[1] if found else None

    def nearest(self, path: Path) -> Span:
        """Return where ``path`` stands, or the place nearest above it."""
        while path:
            if found := self._find(path):
                return found[1]
            path = path[:-1]
        return self.root.span

    def _find(self, path: Path) -> tuple[Node, Span] | None:
        if not path:
            return self.root, self.root.span
        if path in self._seen:
            return self._seen[path]
        above = self._find(path[:-1])
        if above is None:
            return None
        keys = self._keys.get(path[:-1])
        if keys is None:
            keys = self._keys[path[:-1]] = _keys(above[0])
        found = keys.get(path[-1])
        if found is not None:
            self._seen[path] = found
        return found


def places_of(root: Node) -> Places:
    """Index an amended spec."""
    records: dict[str, Path] = {}
    for entry in root.children("records"):
        records[entry.value.string("name", entry.key)] = ("records", entry.key)
    for entry in root.children("operations"):
        reply = entry.value.get("reply")
        if reply is not None and (name := reply.string("record")):
            records.setdefault(name, ("operations", entry.key, "reply"))
    return Places(root, records)


def shown(path: Path) -> str:
    """Write a path as amendments do: keys joined by dots, one with a dot in quotes."""
    return ".".join(f'"{key}"' if "." in key or not key else key for key in path)


def _keys(node: Node) -> dict[str, tuple[Node, Span]]:
    found: dict[str, tuple[Node, Span]] = {
        # An amended value stands in the amendments, and that is where a reader has to look.
        entry.key: (entry.value, entry.value.span if entry.value.amended else entry.key_span)
        for entry in node.entries or ()
    }
    for number, item in enumerate(node.items or ()):
        found[str(number)] = (item, item.span)
        if name := item.string("name"):
            found.setdefault(name, (item, item.span))
    return found
