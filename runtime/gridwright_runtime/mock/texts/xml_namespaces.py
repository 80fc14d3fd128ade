"""Write elements in their namespaces, and find those that are in others.

Written by itself, not with what clients write and read with: so each is a check on the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ...interface import Namespaces
from .wire_text import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["declarations", "namespace_of", "strangers_in", "with_prefixes"]

_Said = dict[str, Any]


def with_prefixes(name: str, tree: object, namespaces: Namespaces) -> tuple[str, object]:
    """Return the name of a root and what it holds, as XML has them."""
    said = _prefixes_of(namespaces)
    return _qualified(namespaces.root, name), _prefixed(tree, said, namespaces.root)


def declarations(namespaces: Namespaces) -> str:
    """Return the attributes of a root that declare all prefixes."""
    pairs = namespaces.prefixes.items()
    return "".join([f' xmlns:{prefix}="{escape(space)}"' for prefix, space in pairs])


def strangers_in(root: "_Element", namespaces: Namespaces) -> Iterator[str]:
    """Yield the elements of a message that are in other namespaces than the document's."""
    spaces = dict(namespaces.prefixes)
    yield from _strangers(root, _prefixes_of(namespaces), namespaces.root, spaces)


def namespace_of(element: "_Element") -> str:
    """Return the namespace of an element; empty: it is in none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag[:1] == "{" else ""


def _strangers(
    element: "_Element", said: _Said, prefix: str, spaces: Mapping[str, str]
) -> Iterator[str]:
    wanted = spaces.get(prefix, "")
    if namespace_of(element) != wanted:
        yield f"{local_name(element)} is not in {wanted or 'no namespace'}"
    for child in element:
        if isinstance(child.tag, str):
            below = said.get(local_name(child), {})
            own = below.get("", said.get("*", {}).get("", prefix))
            yield from _strangers(child, below, own, spaces)


def _prefixed(tree: object, said: _Said, prefix: str) -> object:
    if isinstance(tree, Mapping):
        found: dict[str, object] = {}
        for name, value in tree.items():
            if name[:1] == "@":
                found[f"@{_qualified(said.get(name, {}).get('', ''), name[1:])}"] = value
                continue
            if name == ".":
                found[name] = value
                continue
            below = said.get(name, {})
            own = below.get("", said.get("*", {}).get("", prefix))
            found[_qualified(own, name)] = _prefixed(value, below, own)
        return found
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [_prefixed(item, said, prefix) for item in tree]
    return tree


def _prefixes_of(namespaces: Namespaces) -> _Said:
    """Return the prefixes of elements as a tree, each prefix under an empty name."""
    top: _Said = {}
    for path, prefix in namespaces.elements.items():
        inner = top
        for step in path:
            inner = inner.setdefault(step, {})
        inner[""] = prefix
    return top


def _qualified(prefix: str, name: str) -> str:
    return f"{prefix}:{name}" if prefix else name
