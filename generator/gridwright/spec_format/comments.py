"""Comments and blank lines of a YAML text, and the entries that they belong to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

__all__ = ["Comment", "CommentPlace", "Comments", "comments_of", "list_comments", "places_of"]


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment.

    Attributes:
        text: with its ``#``.
        index: where it begins in the text.
        line: from 0.
        stands_alone: nothing but blanks stands before it on its line.
    """

    text: str
    index: int
    line: int
    stands_alone: bool


@dataclass(frozen=True, slots=True)
class CommentPlace:
    """Where an entry of a mapping, or an item of a list, stands in the text.

    Attributes:
        key: tells it from the others: where its node begins, and how deep it stands.
        start: where it begins.
        line: of its beginning, from 0.
        ends: where the innermost flow collection around it ends; the text's end for none.
    """

    key: tuple[int, int]
    start: int
    line: int
    ends: int


@dataclass(slots=True)
class Comments:
    """What stands around each entry, by the key of its `CommentPlace`."""

    above: dict[tuple[int, int], list[Comment]] = field(default_factory=dict)
    behind: dict[tuple[int, int], str] = field(default_factory=dict)
    after_all: list[str] = field(default_factory=list)


def list_comments(text: str) -> tuple[Comment, ...]:
    """Return all comments of a text, in its order."""
    found: list[Comment] = []
    end = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        found += _in_gap(text, end, token.start_mark.index)
        end = max(end, _end(text, token))
    return (*found, *_in_gap(text, end, len(text)))


def comments_of(comments: Sequence[Comment], places: Sequence[CommentPlace]) -> Comments:
    """Say to which entry each comment belongs.

    One behind an entry belongs to it, one on a line of its own to the entry that follows.
    """
    found = Comments()
    for comment in comments:
        owner = None if comment.stands_alone else _behind(comment, places)
        if owner is not None and owner.key not in found.behind:
            found.behind[owner.key] = comment.text
            continue
        following = [place for place in places if place.start > comment.index]
        if following:
            first = min(following, key=lambda place: (place.start, place.key[1]))
            found.above.setdefault(first.key, []).append(comment)
        else:
            found.after_all.append(comment.text)
    return found


def places_of(root: yaml.Node, length: int) -> Iterator[CommentPlace]:
    """Yield the places of all entries and items below a node."""
    yield from _places(root, 0, length)


def _places(node: yaml.Node, depth: int, ends: int) -> Iterator[CommentPlace]:
    if isinstance(node, yaml.MappingNode):
        parts: list[tuple[yaml.Node, yaml.Node]] = list(node.value)
    elif isinstance(node, yaml.SequenceNode):
        parts = [(item, item) for item in node.value]
    else:
        return
    inner = min(ends, node.end_mark.index) if node.flow_style else ends
    for first, value in parts:
        mark = first.start_mark
        yield CommentPlace((mark.index, depth), mark.index, mark.line, inner)
        yield from _places(value, depth + 1, inner)


def _behind(comment: Comment, places: Sequence[CommentPlace]) -> CommentPlace | None:
    """Return the innermost entry that begins on the line and is still open at the comment."""
    there = [
        place
        for place in places
        if place.line == comment.line and place.start < comment.index < place.ends
    ]
    return max(there, key=lambda place: place.key, default=None)


def _in_gap(text: str, start: int, stop: int) -> Iterator[Comment]:
    at = start
    while (at := text.find("#", at, stop)) >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        before = text[text.rfind("\n", 0, at) + 1 : at]
        yield Comment(text[at:end].rstrip(), at, text.count("\n", 0, at), not before.strip())
        at = end


def _end(text: str, token: yaml.Token) -> int:
    """Return where a token ends; a block scalar ends with its last letter, not with its mark."""
    end: int = token.end_mark.index
    if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
        return len(text[:end].rstrip())
    return end
