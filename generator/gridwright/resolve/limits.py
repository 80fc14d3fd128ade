"""Resolve limits, each with the operations that it is about."""

from collections.abc import Iterator

from gridwright.diagnostics import nearest
from gridwright.ir import (
    LOGINS,
    Limit,
)
from gridwright.ir.words import (
    LIMIT_KINDS,
    LIMIT_SCOPES,
    LIMIT_STRETCHES,
    SPACING_STARTS,
    LimitKind,
)
from gridwright.resolve.context import (
    Context,
    cite,
    days_of,
    duration,
    months_of,
    one_of,
    whole_number,
    yes,
)
from gridwright.source import Entry, Node

__all__ = ["resolve_limits"]


def resolve_limits(root: Node, operations: tuple[str, ...], context: Context) -> Iterator[Limit]:
    """Yield the limits; ``operations`` are the names of all operations."""
    for entry in root.children("limits"):
        kind = one_of(LIMIT_KINDS, entry.value.string("kind"))
        if kind is not None:
            yield _limit(entry, kind, operations, context)


def _limit(entry: Entry, kind: LimitKind, operations: tuple[str, ...], context: Context) -> Limit:
    node = entry.value
    named = node.get("operations")
    excepted = named.strings("except") if named is not None else ()
    about = node.strings("operations")
    if excepted:
        about = tuple(name for name in operations if name not in excepted)
        if not about:
            context.report(
                node.span,
                "limit-of-nothing",
                f"limit {entry.key!r} excepts every operation",
                "write `operations: logins` where it counts logins alone, or leave one out",
            )
    elif named is not None and named.text == "logins":
        about = (LOGINS,)
    for name in (*node.strings("operations"), *excepted):
        if name not in operations:
            context.report(
                node.span,
                "unknown-operation",
                f"limit {entry.key!r} names {name!r}, which is no operation",
                nearest(name, operations),
            )
    return Limit(
        name=entry.key,
        kind=kind,
        requests=whole_number(node.get("requests"), context),
        per=duration(node.string("per")) if node.get("per") else None,
        penalty=duration(node.string("penalty")) if node.get("penalty") else None,
        each=one_of(LIMIT_STRETCHES, node.string("each")) or "",
        resets=node.string("resets"),
        at_most=node.string("at_most"),
        period=duration(node.string("at_most")) if kind in ("period", "lifetime") else None,
        months=months_of(node.string("at_most")) if kind == "period" else 0,
        days=days_of(node.string("at_most")) if kind == "period" else 0,
        wait=duration(node.string("wait")) if node.get("wait") else None,
        after=one_of(SPACING_STARTS, node.string("after")) or "",
        same=(node.string("same"),) if node.string("same") else node.strings("same"),
        scope=one_of(LIMIT_SCOPES, node.string("scope")) or "",
        operations=about,
        each_operation=yes(node, "each_operation"),
        weekly=node.string("weekly"),
        zone=node.string("zone", context.zone),
        from_field=node.string("from"),
        to_field=node.string("to"),
        to_is=node.string("to_is"),
        field=node.string("field"),
        en=node.string("en"),
        cite=cite(node, context, f"limit {entry.key!r}"),
        span=entry.key_span,
    )
