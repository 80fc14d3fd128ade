"""Find elements and attributes of a reply that are in other namespaces than the document's."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ...interface import Namespaces, Operation, Path, ReplySpec
from ...problems import Problem
from ...redact import printable
from ..decoded_body import problem_at

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "Strangers",
    "namespaces_in",
    "other_namespace",
    "other_namespaces",
    "with_plain_attributes",
]


class Strangers:
    """Elements that are not where the document has them, each namespace once."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._spaces = {"": "", **namespaces.prefixes}
        self._known: dict[Path, str | None] = {(): self._spaces[namespaces.root] or None}
        self._found: dict[tuple[str, str], str] = {}

    def inspect(self, element: "_Element", path: Path = ()) -> None:
        """Look at an element to which a path leads from the root, and at all within it."""
        space, _, name = str(element.tag).rpartition("}")
        wanted = self._expected(path)
        if wanted is not None and space[1:] != wanted:
            self._found.setdefault((space[1:], wanted), name)
        for key in element.attrib:
            self._inspect_attribute(element, str(key), path)
        for child in element:
            if isinstance(child.tag, str):
                self.inspect(child, (*path, child.tag.rpartition("}")[2]))

    def _inspect_attribute(self, element: "_Element", key: str, path: Path) -> None:
        space, _, name = key.rpartition("}")
        prefix = self._namespaces.elements.get((*path, f"@{name}"))
        if prefix is None or space[1:] == _FOR_PARSERS:
            return
        wanted = self._spaces[prefix]
        is_there = f"{{{wanted}}}{name}" in element.attrib
        if space[1:] != wanted and not (space and is_there):
            self._found.setdefault((space[1:], wanted), f"@{name}")

    def problems(self) -> Iterator[Problem]:
        """Yield what was found."""
        for (space, _), name in self._found.items():
            yield other_namespace(space, name)

    def _expected(self, path: Path) -> str | None:
        """Return the namespace of an element; None: any will do."""
        if path not in self._known:
            elements = self._namespaces.elements
            prefix = elements.get(path, elements.get((*path[:-1], "*")))
            around = self._expected(path[:-1])
            self._known[path] = around if prefix is None else self._spaces[prefix]
        return self._known[path]


def with_plain_attributes(
    operation: Operation[Any], element: "_Element", path: Path = ()
) -> "_Element":
    """Take the namespaces off the attributes that the document has in one; return the element.

    One that is in another namespace is read by its name, as elements are; `Strangers` tells of it.

    Args:
        operation: whose reply it is.
        element: an element of it, whose attributes are renamed, and those within.
        path: from the root to it.
    """
    known = _attributes_by_place(operation)
    if path not in known:
        return element
    for name, space in known[path].items():
        keys = [str(key) for key in element.attrib if str(key).rpartition("}")[2] == name]
        others = (key for key in keys if key != name and key[1:].partition("}")[0] != _FOR_PARSERS)
        exact = f"{{{space}}}{name}"
        taken = exact if exact in keys else name if name in keys else next(others, None)
        if taken is not None and taken != name:
            element.set(name, element.attrib.pop(taken))
    for child in element:
        if isinstance(child.tag, str):
            with_plain_attributes(operation, child, (*path, child.tag.rpartition("}")[2]))
    return element


@cache
def _attributes_by_place(operation: Operation[Any]) -> Mapping[Path, Mapping[str, str]]:
    """Return the namespaces of attributes by name, by the path of their element.

    The paths of all elements around them are there, too.
    """
    found: dict[Path, dict[str, str]] = {}
    spaces = operation.reply.namespaces
    for path, prefix in spaces.elements.items() if spaces is not None else ():
        if spaces is None or path[-1][:1] != "@":
            continue
        for depth in range(len(path)):
            found.setdefault(path[:depth], {})
        found[path[:-1]][path[-1][1:]] = spaces.prefixes[prefix]
    return found


def namespaces_in(element: "_Element") -> dict[str, str]:
    """Return the namespaces of an element and those within it, each with the name of one."""
    found: dict[str, str] = {}
    for one in element.iter():
        if isinstance(one.tag, str):
            space, _, name = one.tag.rpartition("}")
            found.setdefault(space[1:], name)
    return found


def other_namespaces(reply: ReplySpec[Any], found: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the namespaces that are none of a document with one alone."""
    for space, name in found.items():
        if space != reply.namespace:
            yield other_namespace(space, name)


def other_namespace(space: str, name: str) -> Problem:
    """Say that an element is in another namespace than the document's."""
    shown = f"of namespace {printable(space, 120)!r}" if space else "of no namespace"
    return problem_at(printable(name, 60), "other-namespace", f"is {shown}")


_FOR_PARSERS = "http://www.w3.org/2001/XMLSchema-instance"
"""The namespace of attributes that speak of a schema: ``xsi:type``, ``xsi:schemaLocation``."""
