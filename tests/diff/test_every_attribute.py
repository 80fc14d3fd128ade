"""No value of a spec changes unseen, and none is judged where the interface is the same."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from gridwright.diff.compare import compare
from gridwright.diff.index import Index, index_of
from gridwright.language import check_grammar
from gridwright.resolve import resolve
from gridwright.source import Node, read_yaml

from .support import base, yaml_of

Place: TypeAlias = tuple[int, ...]
"""Positions from the root of a file down to one text."""

NEW_TEXTS = ("{}x", "{}1", "9", "no", "yes", "optional", "text", "xml", "GET", "write", "end")


def leaves(node: Node, above: Place = ()) -> Iterator[Place]:
    below = node.items or tuple(entry.value for entry in node.entries or ())
    for number, inner in enumerate(below):
        yield from leaves(inner, (*above, number))
    if node.text is not None:
        yield above


def changed(node: Node, place: Place, text: str) -> Node:
    """Return the file with another text at one place; all else stands where it stood."""
    if not place:
        return replace(node, text=text.replace("{}", node.text or ""))
    number, rest = place[0], place[1:]
    if node.items is not None:
        items = list(node.items)
        items[number] = changed(items[number], rest, text)
        return replace(node, items=tuple(items))
    entries = list(node.entries or ())
    entries[number] = replace(entries[number], value=changed(entries[number].value, rest, text))
    return replace(node, entries=tuple(entries))


def text_at(node: Node, place: Place) -> str:
    for number in place:
        node = node.items[number] if node.items else (node.entries or ())[number].value
    return node.text or ""


def side(root: Node) -> Index | None:
    """Resolve a file; None where it is not in order."""
    if check_grammar(root, "interface"):
        return None
    interface, problems = resolve(root, ())
    return None if problems else index_of(interface, root)


def path_of(node: Node, place: Place) -> str:
    keys = []
    for number in place:
        if node.items is not None:
            keys.append(str(number))
            node = node.items[number]
        elif node.entries is not None:
            keys.append(node.entries[number].key)
            node = node.entries[number].value
    return ".".join(keys)


def test_each_value_of_the_base_is_seen_to_change() -> None:
    root, _ = read_yaml(yaml_of(base()), "interface.yaml")
    assert root is not None
    old = side(root)
    assert old is not None
    unseen: list[str] = []
    invented: list[str] = []
    tried = 0
    for place in leaves(root):
        path = path_of(root, place)
        if path == "system":
            continue  # a system of another name is another system: nobody compares the two
        others = [text for text in NEW_TEXTS if text != text_at(root, place)]
        new = next(filter(None, (side(changed(root, place, text)) for text in others)), None)
        if new is None:
            continue  # no other text may stand there
        tried += 1
        rules = {change.rule for change in compare(old, new)}
        if not rules:
            unseen.append(path)
        if old.interface == new.interface and rules != {"recorded-fact-changed"}:
            invented.append(path)
    assert (unseen, invented) == ([], [])
    assert tried > 400
