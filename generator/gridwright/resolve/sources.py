"""Resolve who gives the values of a request: texts with holes, credentials, results of steps."""

import re
from collections.abc import Iterator

from gridwright.diagnostics import nearest
from gridwright.ir import Argument, Basic, Filled, FormatWord, Hole, Source, Text
from gridwright.ir.words import FILLERS, HOLE_KINDS
from gridwright.resolve.context import Context, one_of
from gridwright.source import Entry, Node

__all__ = ["basic_of", "constant_in", "credential_text", "field_source", "text_of"]

# `{credential.NAME}`, `{step.NAME}`, `{step.NAME.PART}`, `{option.NAME}`; all other braces are
# text. A text that is one of these names alone needs no braces.
_NAME = r"(?P<kind>credential|step|option)\.(?P<name>[A-Za-z0-9_]+)(?:\.(?P<part>[A-Za-z0-9_]+))?"
_HOLE = re.compile(rf"\{{{_NAME}\}}")
_ALONE = re.compile(_NAME)
_SOURCES = ("credential", "value", "basic", "with", "selects")


def field_source(entry: Entry, context: Context) -> Source:
    """Resolve who gives the value of a request's field; the caller where nothing says else."""
    node = entry.value
    given = [key for key in _SOURCES if node.get(key) is not None]
    for key in given[1:]:
        context.report(
            (node.get(key) or node).span,
            "misplaced-key",
            f"{entry.key!r} is filled by `{given[0]}:`, and by `{key}:` too",
            f"keep one of them: a value has one source, and `{given[0]}:` says which",
        )
    if node.get("selects") is not None or node.get("values") is not None:
        return FormatWord(tuple((e.value.text or "", e.key) for e in node.children("values")))
    if node.get("credential") is not None:
        return credential_text(node.string("credential"))
    if (value := node.get("value")) is not None:
        return text_of(value, context)
    if (basic := node.get("basic")) is not None:
        return basic_of(basic, context)
    if (with_ := one_of(FILLERS, node.string("with"))) is not None:
        return Filled(with_, node.string("name") if with_ == "option" else "")
    return Argument()


def credential_text(name: str) -> Text:
    """Return the source that is one credential and nothing else."""
    return Text((Hole("credential", name),))


def constant_in(text: str) -> str | None:
    """Return the text of a `value:` that never varies; None where it has holes."""
    return None if _ALONE.fullmatch(text) or _HOLE.search(text) else text


def basic_of(node: Node, context: Context) -> Basic:
    """Resolve user and password."""
    return Basic(
        text_of(node.get("user") or node, context), text_of(node.get("password") or node, context)
    )


def text_of(node: Node, context: Context) -> Text:
    """Resolve a text with holes; report holes that nothing fills."""
    text = node.text or ""
    alone = _ALONE.fullmatch(text)
    pieces = (_hole(alone),) if alone else tuple(_pieces(text))
    for piece in pieces:
        if isinstance(piece, Hole):
            _check_hole(piece, node, context)
    return Text(pieces)


def _pieces(text: str) -> Iterator[str | Hole]:
    end = 0
    for match in _HOLE.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        yield _hole(match)
        end = match.end()
    if end < len(text) or not text:
        yield text[end:]


def _hole(match: re.Match[str]) -> Hole:
    kind = one_of(HOLE_KINDS, match["kind"]) or "option"
    return Hole(kind, match["name"], match["part"] or "")


def _check_hole(hole: Hole, node: Node, context: Context) -> None:
    if hole.kind == "option":
        return  # an option is declared by the field that it fills
    known = context.credentials if hole.kind == "credential" else frozenset(context.steps)
    if hole.name not in known:
        context.report(
            node.span,
            "unknown-credential" if hole.kind == "credential" else "unknown-step",
            f"{hole.kind}.{hole.name} names no {hole.kind}",
            nearest(hole.name, known),
        )
    elif hole.kind == "step" and hole.part not in context.steps[hole.name]:
        parts = [part for part in context.steps[hole.name] if part]
        context.report(
            node.span,
            "unknown-step",
            f"step {hole.name!r} gives no {hole.part!r}"
            if hole.part
            else f"step {hole.name!r} gives several results",
            f"known: {', '.join(f'step.{hole.name}.{part}' for part in parts)}"
            if parts
            else f"it gives one result: write step.{hole.name}",
        )
