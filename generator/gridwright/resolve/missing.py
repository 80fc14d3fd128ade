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
    for form, words in _ALWAYS_READ.items():
        _report_left_out(node, context, form, words)
    return Missing(
        json=node.strings("json") or ("empty", "null", "absent"),
        xml=node.strings("xml") or ("empty", "absent"),
        cite=cite(node, context, "the form of a missing value"),
    )


def _report_left_out(node: Node, context: Context, form: str, words: tuple[str, ...]) -> None:
    """Report forms that are not said, as if a client told them from a missing value."""
    listed = node.get(form)
    said = node.strings(form)
    left_out = [word for word in words if word not in said]
    if listed is None or not left_out:
        return
    further = [word for word in said if word not in words]
    context.report(
        listed.span,
        "always-missing",
        f"every client takes {' and '.join(left_out)} in {form.upper()} for a missing value, too",
        f"write `{form}: [{', '.join(map(_written, (*words, *further)))}]`, and what the document "
        "says in `document.facts:`",
    )


def _written(word: str) -> str:
    """Write a word as YAML has it, where a bare null is none."""
    return f'"{word}"' if word == "null" else word


def resolve_json_lists(root: Node, context: Context) -> JsonLists | None:
    """Resolve what JSON has in place of lists; None where it has lists."""
    node = (root.get("conventions") or root).get("json_lists")
    if node is None:
        return None
    return JsonLists(
        forms=node.strings("forms"), cite=cite(node, context, "what JSON has in place of lists")
    )


_ALWAYS_READ = {"json": ("empty", "null"), "xml": ("empty",)}
"""What every client reads as a missing value. That an item is left out is said at each field."""
