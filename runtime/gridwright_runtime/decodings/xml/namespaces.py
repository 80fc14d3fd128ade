"""Find elements of a reply that are in other namespaces than the document's."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...interface import Namespaces, Path, ReplySpec
from ...problems import Problem
from ...redact import printable
from ..decoded_body import problem_at

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Strangers", "namespaces_in", "other_namespace", "other_namespaces"]


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
        for child in element:
            if isinstance(child.tag, str):
                self.inspect(child, (*path, child.tag.rpartition("}")[2]))

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
