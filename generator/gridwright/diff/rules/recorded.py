"""What a spec records and no interface holds: headings, examples, the document's own lists.

Both amended specs are walked side by side. What differs, and what no other rule has told, is told
here. Never judges what another rule judges.
"""

from collections.abc import Iterable, Iterator

from gridwright.diff.places import Path
from gridwright.diff.rule import Found, Spot, rule
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


def compare_recorded(old: Node, new: Node, found: Iterable[Found]) -> Iterator[Found]:
    """Compare two amended specs where nothing has been found."""
    differences = [
        difference
        for difference in _differences(old, new, (), ())
        if difference[0][-1] in _SOMETIMES or not _RECORDED.isdisjoint(difference[0])
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
    for path, listed, before, after in differences:
        prefixes = {path[:length] for length in range(1, len(path) + 1)}
        # Items of a list have no keys: what is told of any of them is told of all.
        if prefixes & told or (listed and listed in within):
            continue
        yield Spot(
            what=path[-1],
            old=path if before is not None else None,
            new=path if after is not None else None,
            spans=(before.span if before else None, after.span if after else None),
            concerns=f"in {'.'.join(path[:-1])}" if path[:-1] else "",
        ).found("recorded-fact-changed", _shown(before), _shown(after))


def _differences(
    old: Node, new: Node, path: Path, listed: Path
) -> Iterator[tuple[Path, Path, Node | None, Node | None]]:
    """Yield path, path of the outermost list above, and both values."""
    if old.entries is not None and new.entries is not None:
        after = {entry.key: entry.value for entry in new.entries}
        for entry in old.entries:
            other = after.pop(entry.key, None)
            if other is None:
                yield (*path, entry.key), listed, entry.value, None
            else:
                yield from _differences(entry.value, other, (*path, entry.key), listed)
        for key, value in after.items():
            yield (*path, key), listed, None, value
    elif old.items is not None and new.items is not None and len(old.items) == len(new.items):
        for number, (one, other) in enumerate(zip(old.items, new.items, strict=True)):
            yield from _differences(one, other, (*path, str(number)), listed or path)
    elif (old.text is None or old.text != new.text) and old.plain() != new.plain():
        yield path, listed, old, new


def _shown(node: Node | None) -> str:
    if node is None:
        return ""
    text = node.text if node.text is not None else str(node.plain())
    return text if len(text) <= 80 else f"{text[:79]}…"
