"""Resolve the forms of what is missing, and what JSON has in place of lists."""

from gridwright.ir import (
    Basis,
    Citation,
    JsonLists,
    Missing,
)
from gridwright.resolve.context import (
    Context,
    cite,
)
from gridwright.source import Node

__all__ = ["resolve_json_lists", "resolve_missing"]


def resolve_missing(root: Node, context: Context) -> Missing:
    """Resolve the forms of a missing value."""
    node = (root.get("conventions") or root).get("missing")
    if node is None:
        reason = "no source says it; the common forms are read"
        return Missing(
            json=("empty", "null", "absent"),
            xml=("empty", "absent"),
            cite=Citation(lines=(), basis=Basis.ASSUMED, reason=reason),
        )
    return Missing(
        json=node.strings("json") or ("empty", "null", "absent"),
        xml=node.strings("xml") or ("empty", "absent"),
        cite=cite(node, context, "the form of a missing value"),
    )


def resolve_json_lists(root: Node, context: Context) -> JsonLists | None:
    """Resolve what JSON has in place of lists; None where it has lists."""
    node = (root.get("conventions") or root).get("json_lists")
    if node is None:
        return None
    return JsonLists(
        forms=node.strings("forms"), cite=cite(node, context, "what JSON has in place of lists")
    )
