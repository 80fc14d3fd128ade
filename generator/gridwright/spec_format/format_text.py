"""Lay out the text of a spec in one form. Texts in, texts out: reads and writes no file.

The author chooses what is a block and what stands in braces; braces go over a few lines of one
screen's width, or become a block. The line that is cited comes first. Nothing else changes:
scalars keep their letters and quotes, keys their order, comments and blank lines their place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

import yaml

from gridwright.source import Node, read_whole
from gridwright.spec_format.citations import Grammar, cites, inner, root_of
from gridwright.spec_format.comments import Comments, comments_of, list_comments, places_of

__all__ = ["WIDEST_COLUMNS", "FormatError", "formatted"]

WIDEST_COLUMNS = 100
_INDENT = 2
_MOST_ROWS = 4
_MOVED = {"id": 0, "at": 1}
"""Keys that come first, in this order."""


class FormatError(Exception):
    """A text cannot be laid out; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What the writing functions know of the whole."""

    text: str
    lines: tuple[str, ...]
    comments: Comments


def formatted(text: str, name: str, grammar: Mapping[str, Any]) -> str:
    """Return a text of the same meaning in the one form.

    Args:
        text: of a file that can be read as a spec.
        name: how the file is called in messages.
        grammar: the JSON Schema of such files.

    Raises:
        FormatError: the text cannot be read, or holds what has no place in the form.
    """
    before = _read(text, name)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.CollectionNode):
        raise FormatError(f"{name} holds nothing: `gridwright new` starts a spec")
    if not root.value:
        return text  # such as a list of no amendments, with comments that say how to write one
    comments = list_comments(text)
    places = tuple(places_of(root, len(text)))
    known = _Text(text, tuple(text.splitlines()), comments_of(comments, places))
    rows = [*_block(known, root, root_of(dict(grammar)), 0, 0), *known.comments.after_all]
    while rows and not rows[0]:
        rows = rows[1:]
    result = "\n".join(rows) + "\n"
    after = _read(result, name)
    kept = sorted(comment.text for comment in list_comments(result))
    if not _is_same(before, after) or kept != sorted(comment.text for comment in comments):
        raise FormatError(
            f"{name} would say something else afterwards, and stays as it is: "
            "write its longest braces as blocks, with each comment on a line of its own"
        )
    return result


def _read(text: str, name: str) -> Node:
    root = read_whole(text, name)
    if root is None:
        raise FormatError(f"{name} cannot be read: `gridwright check` says why")
    return root


# --- Collections ------------------------------------------------------------------------------


def _block(
    known: _Text, node: yaml.CollectionNode, grammar: Grammar, indent: int, depth: int
) -> Iterator[str]:
    """Yield the lines of a collection as a block."""
    pad = " " * indent
    if not isinstance(node, yaml.MappingNode):
        for item in node.value:
            yield from _above(known, item, depth, pad, "-")
            yield from _item(known, item, inner(grammar, None), indent, depth)
        return
    for key, value in _ordered(node, grammar):
        yield from _above(known, key, depth, pad)
        start = f"{pad}{_scalar(known, key, indent)}:"
        below = inner(grammar, key.value)
        yield from _value(known, (key, value), below, start, indent, depth)


def _item(
    known: _Text, item: yaml.Node, grammar: Grammar, indent: int, depth: int
) -> Iterator[str]:
    """Yield the lines of one item of a list."""
    pad = " " * indent
    behind = _behind(known, item, depth)
    if not isinstance(item, yaml.CollectionNode):
        yield f"{pad}- {_scalar(known, item, indent)}{behind}"
    elif rows := _rows(known, item, grammar, f"{pad}- ", indent + _INDENT):
        yield from rows[:-1]
        yield f"{rows[-1]}{behind}"
    else:
        first, *others = _block(known, item, grammar, indent + _INDENT, depth + 1)
        is_comment = first.lstrip().startswith("#")
        yield from [f"{pad}-", first] if is_comment else [f"{pad}- {first.lstrip()}"]
        yield from others


def _value(
    known: _Text,
    entry: tuple[yaml.Node, yaml.Node],
    grammar: Grammar,
    start: str,
    indent: int,
    depth: int,
) -> Iterator[str]:
    """Yield the lines of an entry, which begin with its key."""
    key, value = entry
    behind = _behind(known, key, depth)
    if not isinstance(value, yaml.CollectionNode):
        text = _scalar(known, value, indent)
        yield f"{start} {text}{behind}" if text else f"{start}{behind}"
    elif rows := _rows(known, value, grammar, f"{start} ", indent):
        yield from rows[:-1]
        yield f"{rows[-1]}{behind}"
    else:
        yield f"{start}{behind}"
        yield from _block(known, value, grammar, indent + _INDENT, depth + 1)


def _rows(
    known: _Text, node: yaml.CollectionNode, grammar: Grammar, start: str, indent: int
) -> list[str]:
    """Return the lines of a collection in braces or brackets; none where it becomes a block."""
    if not node.flow_style or _has_comments(known, node):
        return []
    opening, closing = "{}" if isinstance(node, yaml.MappingNode) else "[]"
    parts = _parts(known, node, grammar, indent)
    if any("\n" in part for part in parts):
        return []
    # A list of lines stays on one line, so that `trace --move` can let it grow.
    if isinstance(node, yaml.SequenceNode) and not any(map(_is_collection, node.value)):
        return [f"{start}[{', '.join(parts)}]"]
    pad = " " * (indent + _INDENT)
    rows = [f"{start}{opening}"]
    for number, part in enumerate(parts):
        end = closing if number == len(parts) - 1 else ","
        is_first = rows[-1].endswith(opening) and len(rows) == 1
        longer = f"{rows[-1]}{'' if is_first or rows[-1] == pad else ' '}{part}{end}"
        if _columns(longer) <= WIDEST_COLUMNS:
            rows[-1] = longer
        elif _columns(pad + part) < WIDEST_COLUMNS and len(rows) < _MOST_ROWS and number:
            rows.append(f"{pad}{part}{end}")
        else:
            return []
    return rows if parts else [f"{start}{opening}{closing}"]


def _columns(text: str) -> int:
    """Return how wide a text is on a screen, where signs of East Asia take two columns."""
    return len(text) + sum(east_asian_width(sign) in "WF" for sign in text)


def _is_collection(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode)


def _has_comments(known: _Text, node: yaml.Node) -> bool:
    first, last = node.start_mark.index, node.end_mark.index
    owners = (*known.comments.above, *known.comments.behind)
    return any(first < start < last for start, _ in owners)


def _parts(known: _Text, node: yaml.CollectionNode, grammar: Grammar, indent: int) -> list[str]:
    """Return the entries or items of a collection, each on one line."""
    if isinstance(node, yaml.MappingNode):
        return [
            f"{_scalar(known, key, indent)}: "
            f"{_inline(known, value, inner(grammar, key.value), indent)}".rstrip()
            for key, value in _ordered(node, grammar)
        ]
    return [_inline(known, item, inner(grammar, None), indent) for item in node.value]


def _inline(known: _Text, node: yaml.Node, grammar: Grammar, indent: int) -> str:
    if not isinstance(node, yaml.CollectionNode):
        return _scalar(known, node, indent)
    text = ", ".join(_parts(known, node, grammar, indent))
    return f"{{{text}}}" if isinstance(node, yaml.MappingNode) else f"[{text}]"


def _ordered(node: yaml.MappingNode, grammar: Grammar) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """Return the entries of a mapping, the line that it cites first, or next to its id."""
    entries: list[tuple[yaml.ScalarNode, yaml.Node]] = list(node.value)
    if not cites(grammar):
        return entries
    return sorted(entries, key=lambda entry: _MOVED.get(entry[0].value, len(_MOVED)))


# --- Scalars and what stands around them ------------------------------------------------------


def _scalar(known: _Text, node: yaml.Node, indent: int) -> str:
    """Return a scalar in its own letters; those of several lines are indented anew."""
    text = known.text[node.start_mark.index : node.end_mark.index]
    pad = " " * (indent + _INDENT)
    if text[:1] not in ("|", ">"):
        first, *others = (row.strip() for row in text.split("\n"))
        return "\n".join([first, *(f"{pad}{row}".rstrip() for row in others)])
    head, *rows = text.rstrip().split("\n")
    shift = min((len(row) - len(row.lstrip(" ")) for row in rows if row.strip()), default=0)
    return "\n".join([head, *(f"{pad}{row[shift:]}" if row.strip() else "" for row in rows)])


def _above(known: _Text, node: yaml.Node, depth: int, pad: str, mark: str = "") -> Iterator[str]:
    """Yield what stands above an entry: its comments, and one blank line where there was any."""
    start = node.start_mark
    for comment in known.comments.above.get((start.index, depth), ()):
        if _is_blank_above(known, comment.line):
            yield ""
        yield f"{pad}{comment.text}"
    begins = known.lines[start.line][: start.column].strip()
    if begins == mark and _is_blank_above(known, start.line):
        yield ""


def _is_blank_above(known: _Text, line: int) -> bool:
    return line > 0 and not known.lines[line - 1].strip()


def _behind(known: _Text, node: yaml.Node, depth: int) -> str:
    comment = known.comments.behind.get((node.start_mark.index, depth))
    return "" if comment is None else f"  {comment}"


# --- The same meaning -------------------------------------------------------------------------


def _is_same(one: Node, other: Node) -> bool:
    """Say whether two trees say the same, the places of ids and citations apart."""
    if one.entries is None or other.entries is None:
        if one.items is None or other.items is None:
            return one.plain() == other.plain()
        pairs = zip(one.items, other.items, strict=False)
        return len(one.items) == len(other.items) and all(_is_same(a, b) for a, b in pairs)
    first, second = (
        [e for e in n.entries or () if e.key not in ("id", "at")] for n in (one, other)
    )
    if [e.key for e in first] != [e.key for e in second]:
        return False
    for key in ("id", "at"):
        if (one.get(key) is None) != (other.get(key) is None):
            return False
    return all(
        _is_same(entry.value, found)
        for entry in one.entries
        if (found := other.get(entry.key)) is not None
    )
