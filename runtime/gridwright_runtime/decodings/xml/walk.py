"""Walk an XML body while it is parsed, so that a long one needs little memory."""

from collections.abc import Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from msgspec import Struct

from ...codecs.body import MalformedBody
from ...codecs.xml_codec import XmlSource, local_name, outer_lists

if TYPE_CHECKING:
    from lxml.etree import XMLParser, XPath, _Element

__all__ = ["Walked", "WalkedPath", "parsed", "walk"]

Walked = Literal["record", "nested", "root"]


class WalkedPath(Struct, frozen=True, kw_only=True):
    """What to walk over."""

    path: tuple[str, ...]
    """The element, from below the root; () is the root itself."""
    item: str = ""
    """The name of the children that count; empty: all do."""


def walk(source: XmlSource, place: WalkedPath) -> Iterator[tuple[Walked, "_Element"]]:
    """Yield the children at a place and then the root, without them.

    A child whose own children have children comes as "nested", any other as "record". Children
    are dropped from the tree soon after they were yielded: look at one before the next.

    Raises:
        MalformedBody: it is not XML, or is cut off.
    """
    body, start = source.body, source.start
    # One sign is found many times as fast as two, and texts hold few of it.
    if body.find(b"?", start) >= 0 and body.find(b"<?", start) >= 0:
        # An instruction would cut the text that it stands in.
        root = parsed(source)
    else:
        root = yield from _streamed(source, place)
    for holder in _holders(root, place):
        yield from _children(holder, place.item, _Count(), keep=0)
    yield "root", root


def parsed(source: XmlSource) -> "_Element":
    """Return the root of a body, all of it in memory, without comments and instructions.

    Raises:
        MalformedBody: it is not XML, or is cut off.
    """
    from lxml import etree

    body = source.body[source.start :] if source.start else source.body
    try:
        return etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        place = error.position
    raise MalformedBody(_malformed(place))


class _Count(Struct):
    """How many children at the front have been passed over."""

    passed: int = 0


def _streamed(
    source: XmlSource, place: WalkedPath
) -> Generator[tuple[Walked, "_Element"], None, "_Element"]:
    from lxml import etree  # slow to import, and JSON replies do without

    parser = etree.XMLPullParser(
        events=("pi",),
        encoding="utf-8",
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        huge_tree=False,
        collect_ids=False,
    )
    # Any event for elements would cost a quarter more. So one instruction is put in front: what
    # comes next to it is the root, as far as it has been parsed.
    parser.feed(b"<?root?>")
    # All events are taken: one that waits would hold the tree, in a circle, until it is collected.
    [(_event, mark)] = cast("Iterator[tuple[str, _Element]]", parser.read_events())
    found: _Element | None = None
    count = _Count()
    position = (0, 0)
    steps = _steps(place.path)
    try:
        for at in range(source.start, len(source.body), _CHUNK):
            parser.feed(source.body[at : at + _CHUNK])
            if found is None:
                root = mark.getnext()
                found = root if root is None or not steps else root.find(steps)
            if found is not None:
                # The last child may not have ended.
                yield from _children(found, place.item, count, keep=1)
        return parser.close()
    except etree.XMLSyntaxError as error:
        position = error.position
    raise MalformedBody(_malformed(position))


def _holders(root: "_Element", place: WalkedPath) -> list["_Element"]:
    if not place.path:
        return [root]
    found = list(root.findall(_steps(place.path)))
    # A list may stand deeper than documented.
    return found or ([] if place.item else outer_lists(root, place.path[-1]))


def _children(
    parent: "_Element", item: str, count: _Count, keep: int
) -> Iterator[tuple[Walked, "_Element"]]:
    found = len(parent) - keep - count.passed
    if found <= 0:
        return
    # One test for all, since each takes long to start.
    has_nested = _nesting("*/*/*")(parent)
    children = list(parent)[count.passed : count.passed + found]
    taken = []
    for child in children:
        if not isinstance(child.tag, str):
            continue
        if item and local_name(child) != item:
            continue
        yield ("nested" if has_nested and _nesting("*/*")(child) else "record"), child
        if item:
            taken.append(child)
    if not item:
        del parent[:found]
        return
    for child in taken:
        if has_nested:
            child.clear()  # else each node below is looked at again
        parent.remove(child)
    count.passed += found - len(taken)


def _steps(path: tuple[str, ...]) -> str:
    return "/".join(f"{{*}}{step}" for step in path)


@cache
def _nesting(path: str) -> "XPath":
    from lxml import etree

    return etree.XPath(f"boolean({path})")


@cache
def _parser() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(
        encoding="utf-8",
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
        collect_ids=False,
    )


def _malformed(position: tuple[int, int]) -> str:
    line, column = position
    where = f" at line {line}, column {column}" if line else ""
    return f"the XML body is malformed or cut off{where}"


_CHUNK = 65536
