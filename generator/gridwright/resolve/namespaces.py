"""Resolve the namespaces that a spec declares, and where it names them."""

import re

from gridwright.diagnostics import nearest
from gridwright.ir import NO_NAMESPACE, XML_NAMESPACE, Namespace
from gridwright.resolve.context import Context, cite
from gridwright.source import Entry, Node

__all__ = ["namespace_of", "namespace_of_root", "resolve_namespaces"]

_PREFIX = re.compile(r"(?!(?i:xml))[A-Za-z_][A-Za-z0-9_.\-]*")


def resolve_namespaces(root: Node, context: Context) -> tuple[Namespace, ...]:
    """Resolve what stands under ``conventions.namespaces``."""
    entries = (root.get("conventions") or root).children("namespaces")
    known: dict[str, Namespace] = {}
    for entry in entries:
        found = _namespace(entry, context)
        if entry.key == NO_NAMESPACE or not _PREFIX.fullmatch(entry.key):
            context.report(
                entry.key_span,
                "malformed-key",
                f"{entry.key!r} cannot be the prefix of a namespace",
                "write letters and digits, such as bm; xml and none mean something else",
            )
        first = known.setdefault(found.uri, found)
        if first is not found:
            context.report(
                entry.key_span,
                "name-collision",
                f"{entry.key!r} and {first.prefix!r} are the same namespace",
                f"first declared at {first.span}",
            )
    return tuple(known.values())


def namespace_of(node: Node, context: Context, *, is_attribute: bool = False) -> str:
    """Return the namespace that a node names by its prefix; empty: it names none.

    Args:
        node: what may say it.
        context: where problems go.
        is_attribute: it is an attribute, which may be one of XML itself, as ``xml:lang`` is.
    """
    said = node.get("namespace")
    name = node.string("namespace")
    if said is None or name == NO_NAMESPACE:
        return name
    if is_attribute and name == "xml":
        return XML_NAMESPACE
    context.used.add(f"namespace {name}")
    if name not in context.namespaces:
        context.report(
            said.span,
            "unknown-namespace",
            f"no namespace has the prefix {name!r}",
            nearest(name, context.namespaces)
            or f"declare it: `conventions: {{namespaces: {{{name}: {{is: …}}}}}}`",
        )
    return context.namespaces.get(name, "")


def namespace_of_root(node: Node, context: Context) -> str:
    """Return the namespace of a message: a node names it whole, or by its prefix."""
    name = node.string("namespace")
    context.used.add(f"namespace {name}")
    return context.namespaces.get(name, name)


def _namespace(entry: Entry, context: Context) -> Namespace:
    node = entry.value
    return Namespace(
        prefix=entry.key,
        uri=node.string("is"),
        en=node.string("en"),
        cite=cite(node, context, f"namespace {entry.key!r}"),
        span=(node.get("is") or node).span,
    )
