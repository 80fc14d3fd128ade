"""Resolve what HTTP statuses mean: for a system, or for one operation."""

from gridwright.diagnostics import nearest
from gridwright.ir import Status
from gridwright.resolve.context import Context, cite
from gridwright.source import Node

__all__ = ["broken_limit", "resolve_statuses"]


def broken_limit(node: Node, context: Context) -> str:
    """Return the limit that is used up by what a code, a case or a status means."""
    named = node.get("breaks")
    if named is None:
        return ""
    name = named.text or ""
    if name not in context.usable_limits:
        context.report(
            named.span,
            "unknown-word",
            f"no rate or quota of `limits:` is called {name!r}",
            nearest(name, context.usable_limits),
        )
    if node.string("error") != "limit":
        context.report(
            named.span,
            "misplaced-key",
            f"what uses up a limit is an error of a limit, and here it is {node.string('error')!r}",
            "write `error: limit`, or leave `breaks:` out",
        )
    return name


def resolve_statuses(node: Node, context: Context) -> tuple[Status, ...]:
    """Resolve the statuses of the spec, or of one operation."""
    return tuple(
        Status(
            code=int(e.key.removesuffix("xx")) if e.key.removesuffix("xx").isdecimal() else 0,
            error=e.value.string("error"),
            label=e.value.string("label"),
            note=e.value.string("note"),
            en=e.value.string("en"),
            breaks=broken_limit(e.value, context),
            cite=cite(e.value, context, f"status {e.key!r}"),
            span=e.key_span,
        )
        for e in node.children("statuses")
    )
