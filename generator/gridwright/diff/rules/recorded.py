"""Compare what a spec records and no interface holds: headings, examples, the document's own lists.

Both amended specs are walked side by side. What differs, and what no other rule has told, is told
here. Never judges what another rule judges.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gridwright.diff.places import Path, write_path
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.source import Node

__all__ = ["RULES", "compare_recorded"]

RULES = (
    rule("recorded-fact-changed", "S/NN/N",
         "Something is on record otherwise that shapes neither messages nor code."),
)  # fmt: skip

# Keys of what no interface holds, with all below them.
_RECORDED = frozenset({
    "caption", "character_encoding", "description", "example", "heading", "kind_label",
    "method_basis", "operation_list",
})  # fmt: skip
# Keys that an interface holds of some things and not of others.
_SOMETIMES = frozenset({
    "assumed", "at", "en", "from", "inferred", "label", "observed", "reason", "to",
})  # fmt: skip


def compare_recorded(
    old: Node, new: Node, found: Iterable[RuleFinding], renamed: Mapping[Path, Path]
) -> Iterator[RuleFinding]:
    """Compare two amended specs where nothing has been found."""
    differences = [
        difference
        for difference in _differences(old, new, PathPair((), (), ()), renamed)
        if difference.pair.new[-1] in _SOMETIMES or not _RECORDED.isdisjoint(difference.pair.new)
    ]
    if not differences:
        return
    told: set[Path] = set()
    within: set[Path] = set()
    for item in found:
        for path in (item.spot.old, item.spot.new):
            if path:
                told.add(path)
                within.update(path[:length] for length in range(1, len(path)))
    for (one, other, listed), before, after in differences:
        prefixes = {path[:length] for path in (one, other) for length in range(1, len(path) + 1)}
        # Items of a list have no keys: what is told of any of them is told of all.
        if prefixes & told or (listed and listed in within):
            continue
        yield Spot(
            what=write_path(other[-2:]),
            old=one if before is not None else None,
            new=other if after is not None else None,
            spans=(before.span if before else None, after.span if after else None),
            concerns=f"in {write_path(other[:-1])}" if other[:-1] else "",
        ).found("recorded-fact-changed", _node_text(before), _node_text(after))


class PathPair(NamedTuple):
    """Paths of one thing on both sides; ``listed``: that of the outermost list above it."""

    old: Path
    new: Path
    listed: Path

    def at(self, old: str, new: str) -> "PathPair":
        """Return the paths of a key below."""
        return PathPair((*self.old, old), (*self.new, new), self.listed)


class NodeDifference(NamedTuple):
    """Two values that differ; None where a side has none."""

    pair: PathPair
    before: Node | None
    after: Node | None


def _differences(
    old: Node, new: Node, pair: PathPair, renamed: Mapping[Path, Path]
) -> Iterator[NodeDifference]:
    if old.entries is not None and new.entries is not None:
        after = {entry.key: entry.value for entry in new.entries}
        for entry in old.entries:
            path = renamed.get((*pair.old, entry.key), ())
            key = path[-1] if path[:-1] == pair.new and path else entry.key
            other = after.pop(key, None)
            if other is None:
                yield NodeDifference(pair.at(entry.key, entry.key), entry.value, None)
            else:
                yield from _differences(entry.value, other, pair.at(entry.key, key), renamed)
        for key, value in after.items():
            yield NodeDifference(pair.at(key, key), None, value)
    elif old.items is not None and new.items is not None and len(old.items) == len(new.items):
        for number, (one, other) in enumerate(zip(old.items, new.items, strict=True)):
            inner = pair.at(str(number), str(number))
            inner = inner._replace(listed=pair.listed or pair.new)
            yield from _differences(one, other, inner, renamed)
    elif (old.text is None or old.text != new.text) and old.plain() != new.plain():
        yield NodeDifference(pair, old, new)


def _node_text(node: Node | None) -> str:
    if node is None:
        return ""
    text = node.text if node.text is not None else str(node.plain())
    return text if len(text) <= 80 else f"{text[:79]}…"
