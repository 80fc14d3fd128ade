"""Resolve envelopes: what wraps a reply, and what every request carries."""

from collections.abc import Collection

from gridwright.diagnostics import nearest
from gridwright.ir import (
    CodeType,
    Consent,
    Element,
    Envelope,
    ErrorCode,
    FailureKind,
    Language,
    Pair,
    Pairs,
    TextType,
    WireName,
)
from gridwright.resolve.fields import resolve_fields
from gridwright.resolve.operations import element
from gridwright.resolve.scope import Scope, cite
from gridwright.source import Entry, Node
from gridwright.vocabulary import PATTERNS

__all__ = ["resolve_envelope"]


def resolve_envelope(entry: Entry, scope: Scope) -> Envelope:
    """Resolve one envelope: its header, its payload, and what tells success from failure."""
    node = entry.value
    header = node.get("header")
    citation = cite(node, scope, f"envelope {entry.key!r}")
    fields = resolve_fields(header.children("fields"), scope) if header else ()
    for field in fields:
        if not isinstance(field.type, TextType | CodeType):
            scope.report(
                field.span,
                "wrong-field",
                f"header field {field.wire!r} is not text",
                "say `type: text`: the header is compared, never computed with",
            )
    known = {f.wire for f in fields}
    success = [(e.key, e.value) for e in node.children("success")]
    for key, value in [
        *success,
        *((node.string(k), node.get(k) or node) for k in ("code", "message")),
    ]:
        if key not in known:
            scope.report(
                value.span,
                "unknown-field",
                f"envelope {entry.key!r} has no header field {key!r}",
                nearest(key, (f for f in known if f)),
            )
    payload, failure = node.get("payload"), node.get("failure_in_list")
    consent, pairs, kinds = node.get("consent"), node.get("pairs"), node.get("kinds")
    language = node.get("language")
    return Envelope(
        name=entry.key,
        header=element(header, scope, "the header")
        if header
        else Element(wire="", provisional=False, label="", en="", cite=citation, span=node.span),
        header_also=tuple(
            WireName(name=e.key, cite=cite(e.value, scope, f"element {e.key!r}", citation))
            for e in (header.children("also") if header else ())
        ),
        header_formats=(header.strings("formats") if header else ()) or ("xml", "json"),
        fields=fields,
        payload=element(payload, scope, "the payload") if payload else None,
        success=tuple((k, tuple(i.text or "" for i in v.items or ())) for k, v in success),
        code=node.string("code"),
        message=node.string("message"),
        errors=tuple(
            ErrorCode(
                code=e.key,
                error=e.value.string("error"),
                en=e.value.string("en"),
                cite=cite(e.value, scope, f"code {e.key!r}"),
            )
            for e in node.children("errors")
        ),
        failure_in_list=cite(failure, scope, "failure_in_list") if failure else None,
        consent=_consent(consent, scope) if consent else None,
        pairs=_pairs(pairs, scope) if pairs else None,
        language=_language(language, scope) if language else None,
        identity=node.string("identity"),
        kind_field=kinds.string("field") if kinds else "",
        kinds=_kinds(kinds, known, scope) if kinds else (),
        cite=citation,
        span=entry.key_span,
    )


def _consent(node: Node, scope: Scope) -> Consent:
    known = {k for k, p in PATTERNS.items() if p.kind == "date"}
    if node.string("format") not in known:
        scope.report(
            (node.get("format") or node).span,
            "unknown-format",
            f"{node.string('format')!r} is not a known pattern of a date",
            nearest(node.string("format"), known),
        )
    if not node.string("sentence").strip():
        scope.report(
            (node.get("sentence") or node).span,
            "empty-value",
            "the sentence of a refusal for lack of consent is empty",
            "write the part of it that never varies",
        )
    return Consent(
        sentence=node.string("sentence"),
        date_after=node.string("date_after"),
        pattern=node.string("format"),
        en=node.string("en"),
        cite=cite(node, scope, "consent"),
    )


def _pairs(node: Node, scope: Scope) -> Pairs:
    citation = cite(node, scope, "the pairs")
    return Pairs(
        field=node.string("field"),
        key=node.string("key"),
        value=node.string("value"),
        fill=tuple(
            Pair(
                key=e.key,
                source=e.value.string("with"),
                name=e.value.string("name"),
                en=e.value.string("en"),
                default=e.value.string("default"),
                cite=cite(e.value, scope, f"pair {e.key!r}", citation),
            )
            for e in node.children("fill")
        ),
    )


def _language(node: Node, scope: Scope) -> Language:
    values, default = node.strings("values"), node.get("default") or node
    if default.text not in values:
        scope.report(
            default.span,
            "unknown-word",
            f"{default.text!r} is not one of the languages",
            nearest(default.text or "", values),
        )
    return Language(
        values=values,
        default=default.text or "",
        en=node.string("en"),
        cite=cite(node, scope, "the language"),
    )


def _kinds(node: Node, known: Collection[str | None], scope: Scope) -> tuple[FailureKind, ...]:
    field = node.get("field") or node
    if field.text not in known:
        scope.report(
            field.span,
            "unknown-field",
            f"no header field is called {field.text!r}",
            nearest(field.text or "", (name for name in known if name)),
        )
    return tuple(
        FailureKind(
            value=e.key,
            error=e.value.string("error"),
            en=e.value.string("en"),
            cite=cite(e.value, scope, f"kind {e.key!r}"),
        )
        for e in node.children("values")
    )
