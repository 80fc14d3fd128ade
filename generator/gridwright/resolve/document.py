"""Resolve what is said of the document, and the amendments to it."""

from gridwright.ir import (
    Amendment,
    Document,
    Fact,
    Revision,
)
from gridwright.ir.words import (
    AMENDMENT_KINDS,
)
from gridwright.resolve.context import (
    Context,
    cite,
    one_of,
)
from gridwright.source import Entry, Node

__all__ = ["resolve_amendment", "resolve_document"]


def resolve_document(root: Node, context: Context) -> Document:
    """Resolve what is said of the document."""
    node = root.get("document") or root
    facts = [
        Fact(
            name=e.key,
            label=e.value.string("label"),
            text=e.value.string("text"),
            en=e.value.string("en"),
            cite=cite(e.value, context, f"fact {e.key!r}"),
        )
        for e in node.children("facts")
    ]
    return Document(
        file=node.string("file"),
        title=node.string("title"),
        language=node.string("language"),
        publisher=node.string("publisher"),
        publisher_en=node.string("publisher_en"),
        revisions=tuple(
            Revision(
                version=e.key,
                date=e.value.string("date"),
                change=e.value.string("change"),
                en=e.value.string("en"),
                cite=cite(e.value, context, f"revision {e.key}"),
            )
            for e in node.children("revisions")
        ),
        facts=tuple(facts),
    )


def resolve_amendment(node: Node) -> Amendment:
    """Return an amendment, for the record."""
    at = node.get("at")
    lines = [i.text or "" for i in at.items] if at and at.items else [at.text or ""] if at else []
    patch = node.children("patch")
    return Amendment(
        id=node.string("id"),
        kind=one_of(AMENDMENT_KINDS, node.string("kind")) or "erratum",
        lines=", ".join(lines),
        evidence=node.string("evidence"),
        strength=node.string("strength"),
        finding=node.string("finding"),
        ruling=node.string("ruling"),
        about=tuple(dict.fromkeys([*node.strings("about"), *(e.key for e in patch)])),
        changes=tuple(_change(e) for e in patch),
        span=node.span,
    )


def _change(entry: Entry) -> tuple[str, str, str]:
    node = entry.value
    printed, use, rename = node.get("printed"), node.get("use"), node.get("rename")
    if rename is not None:
        return entry.key, entry.key.rsplit(".", 1)[-1].strip('"'), rename.text or ""
    return entry.key, _text(printed), _text(use) if node.get("remove") is None else ""


def _text(node: Node | None) -> str:
    """Show a value of a patch on one line."""
    if node is None:
        return ""
    if node.text is not None:
        return node.text
    if node.items is not None:
        return f"[{', '.join(map(_text, node.items))}]"
    return f"{{{', '.join(f'{e.key}: {_text(e.value)}' for e in node.entries or ())}}}"
