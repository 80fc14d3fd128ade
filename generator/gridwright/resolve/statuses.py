"""Resolve what HTTP statuses mean: for a system, or for one operation."""

from gridwright.ir import Status
from gridwright.resolve.scope import Scope, cite
from gridwright.source import Node

__all__ = ["resolve_statuses"]


def resolve_statuses(node: Node, scope: Scope) -> tuple[Status, ...]:
    """Resolve the statuses of the spec, or of one operation."""
    return tuple(
        Status(
            code=int(e.key.removesuffix("xx")) if e.key.removesuffix("xx").isdecimal() else 0,
            error=e.value.string("error"),
            label=e.value.string("label"),
            note=e.value.string("note"),
            en=e.value.string("en"),
            cite=cite(e.value, scope, f"status {e.key!r}"),
            span=e.key_span,
        )
        for e in node.children("statuses")
    )
