"""Resolve how what was saved is found again."""

from gridwright.ir import (
    Reconcile,
)
from gridwright.resolve.context import (
    Context,
    cite,
)
from gridwright.source import Node

__all__ = ["resolve_reconcile"]


def resolve_reconcile(node: Node, context: Context) -> Reconcile | None:
    """Return how what was saved is found again; None where nothing says it."""
    reconcile = node.get("reconcile")
    if reconcile is None:
        return None
    return Reconcile(
        search=reconcile.string("search"),
        name=reconcile.string("name"),
        by=reconcile.strings("by"),
        standing=tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ()))
            for e in reconcile.children("standing")
        ),
        en=reconcile.string("en"),
        cite=cite(reconcile, context, "reconcile"),
        span=reconcile.span,
    )
