"""Places of a spec: the path of a thing, and the file and line where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from gridwright.diagnostics import Span
from gridwright.source import Node

__all__ = ["Path", "Places", "followed", "places_of", "renamed_paths", "write_path"]

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

    def amended(self, path: Path) -> tuple[str, ...]:
        """Return the amendments that put the value at ``path`` there, or one above it."""
        found: dict[str, None] = {}
        for length in range(1, len(path) + 1):
            node = self._find(path[:length])
            found |= dict.fromkeys(node[0].amended if node else ())
        return tuple(found)

    def cited(self, path: Path, depth: int) -> str:
        """Return the lines that ``path`` cites, or the nearest of the places above that cites any.

        Args:
            path: the place.
            depth: how many places above are looked at, too.
        """
        for length in range(len(path), max(len(path) - depth - 1, 0), -1):
            found = self._find(path[:length])
            at = found[0].get("at") if found else None
            if at is not None:
                return at.text or ", ".join(item.text or "" for item in at.items or ())
        return ""

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


def write_path(path: Path) -> str:
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


def renamed_paths(
    pairs: Iterable[tuple[Path | None, Path | None]], places: Places
) -> Mapping[Path, Path]:
    """Return where things stand that have another name now: the new path by the old one.

    What lies deepest comes first: a field that was renamed in a record that was renamed.

    Args:
        pairs: paths of one thing on both sides.
        places: those of the new side; what still stands there has not been renamed.
    """
    found: dict[Path, Path] = {}
    for old, new in pairs:
        if old and new and old != new and len(old) == len(new):
            while old[-1] == new[-1]:
                old, new = old[:-1], new[:-1]
            if places.span(old) is not None:
                continue
            found[old] = new
            if len(old) == 2 and old[0] == "operations":  # the document's own list of them
                found["document", "operation_list", old[1]] = ("document", "operation_list", new[1])
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def followed(place: str, renamed: Mapping[Path, Path]) -> str:
    """Return a place, written as `write_path` does, by the names of the new side."""
    for old, new in renamed.items():
        before = write_path(old)
        if place == before or place.startswith(f"{before}."):
            return write_path(new) + place[len(before) :]
    return place
