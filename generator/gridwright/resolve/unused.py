"""Report what a spec declares and nothing uses, and facts without a source that shape no code."""

from gridwright.resolve.context import (
    Context,
    cite,
)
from gridwright.source import Node

__all__ = ["check_cited", "check_unused", "check_unused_namespaces"]


def check_cited(root: Node, context: Context) -> None:
    """Report facts without a source that shape no code, and so are resolved nowhere else."""
    conventions = root.get("conventions") or root
    for node, what in (
        (root.get("title"), "the title"),
        (conventions.get("character_encoding"), "the character encoding"),
        *(
            (entry.value, f"row {entry.key!r} of the list of operations")
            for entry in (root.get("document") or root).children("operation_list")
        ),
        *(
            (entry.value.get(key), f"{key} of {entry.key!r}")
            for entry in root.children("operations")
            for key in ("method_basis", "heading")
        ),
    ):
        if node is not None:
            cite(node, context, what)


def check_unused_namespaces(root: Node, context: Context) -> None:
    """Report namespaces in which no element is."""
    for entry in (root.get("conventions") or root).children("namespaces"):
        if f"namespace {entry.key}" not in context.used:
            context.report(
                entry.key_span,
                "unused",
                f"no element is in namespace {entry.key!r}",
                "name the prefix at what is in it, or remove it",
            )


def check_unused(root: Node, context: Context) -> None:
    """Report code lists, units and envelopes that nothing uses."""
    for key, prefix, lack, what in _DECLARED:
        for entry in root.children(key):
            if f"{prefix}{entry.key}" not in context.used:
                context.report(
                    entry.key_span,
                    "unused",
                    f"{lack} {entry.key!r}",
                    f"use the {what}, or remove it",
                )


# By the key under which they are declared: how the context notes their use, and what is said.
_DECLARED = (
    ("codes", "", "no field takes its codes from", "list"),
    ("units", "unit ", "no field has unit", "unit"),
    ("envelopes", "envelope ", "no operation has envelope", "envelope"),
)
