"""Resolve rules over several fields."""

from collections.abc import Sequence

from gridwright.diagnostics import nearest
from gridwright.ir import (
    Field,
    Rule,
)
from gridwright.ir.words import (
    RULE_KINDS,
)
from gridwright.resolve.context import (
    Context,
    cite,
    days_of,
    duration,
    months_of,
    one_of,
)
from gridwright.source import Node

__all__ = ["resolve_rules"]


def resolve_rules(node: Node, fields: Sequence[Field], context: Context) -> tuple[Rule, ...]:
    """Resolve the rules over several fields of an operation."""
    known = {field.wire for field in fields if field.wire}
    rules = []
    for item in (node.get("rules") or Node(node.span, items=())).items or ():
        names = item.strings("fields") or ((item.string("field"),) if item.get("field") else ())
        when = tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ())) for e in item.children("when")
        )
        for name in (*names, *(key for key, _ in when)):
            if name not in known and "." not in name:
                context.report(
                    item.span,
                    "unknown-field",
                    f"a rule names {name!r}, which is no field",
                    nearest(name, known),
                )
        kind = one_of(RULE_KINDS, item.string("kind"))
        if kind is None:
            continue  # the grammar has reported it
        rules.append(
            Rule(
                kind=kind,
                fields=names,
                when=when,
                values=item.strings("values"),
                at_most=duration(item.string("at_most")) if item.get("at_most") else None,
                months=months_of(item.string("at_most")),
                days=days_of(item.string("at_most")),
                en=item.string("en"),
                cite=cite(item, context, "a rule"),
                span=item.span,
            )
        )
    return tuple(rules)
