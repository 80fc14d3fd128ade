"""Give the elements of a body the prefixes of their namespaces."""

from collections.abc import Mapping

from ..interface import Namespaces, Path

__all__ = ["declared", "prefixed"]


def prefixed(tree: object, root: str, namespaces: Namespaces) -> tuple[str, object]:
    """Return the name of a root and what it holds, all elements with their prefixes."""
    return _with(namespaces.root, root), _with_prefixes(tree, (), namespaces.root, namespaces)


def declared(prefixes: Mapping[str, str]) -> str:
    """Return what declares prefixes, as it stands in the start of an element."""
    return "".join(f' xmlns:{prefix}="{_quoted(space)}"' for prefix, space in prefixes.items())


def _with_prefixes(tree: object, path: Path, around: str, namespaces: Namespaces) -> object:
    if isinstance(tree, list):
        return [_with_prefixes(one, path, around, namespaces) for one in tree]
    if not isinstance(tree, Mapping):
        return tree
    found: dict[str, object] = {}
    for name, value in tree.items():
        own = (*path, name)
        prefix = namespaces.elements.get(own)
        if prefix is None:
            prefix = namespaces.elements.get((*path, "*"), around)
        found[_with(prefix, name)] = _with_prefixes(value, own, prefix, namespaces)
    return found


def _with(prefix: str, name: str) -> str:
    return f"{prefix}:{name}" if prefix else name


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
