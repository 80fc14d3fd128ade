"""Resolve envelopes: what wraps a reply, and what every request carries."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import (
    Case,
    Citation,
    CodeType,
    Consent,
    Element,
    Envelope,
    ErrorCode,
    FailureKind,
    Field,
    Language,
    Pair,
    Pairs,
    TextType,
    WireName,
)
from gridwright.ir.words import PAIR_FILLERS
from gridwright.notation.known_patterns import PATTERNS
from gridwright.resolve.context import Context, cite, one_of, path_of
from gridwright.resolve.fields import resolve_fields
from gridwright.resolve.message_records import element
from gridwright.resolve.statuses import broken_limit
from gridwright.source import Entry, Node

__all__ = ["resolve_envelope"]


_OF_REPLIES = (
    *("header", "root", "payload", "failure_in_list", "partial", "pairs", "identity", "language"),
)
"""What an envelope says of whole replies and of requests, and not of the items of a list."""
_OF_SUCCESS = (*("root", "payload", "success", "failure_in_list", "pairs", "identity", "language"),)
"""What an envelope says of whole replies and of requests, and not of failures beside data."""
_OF_MESSAGES = ("root", "status", "has", "lacks")
"""What a case asks of whole replies."""


def resolve_envelope(entry: Entry, context: Context, *, of_items: bool = False) -> Envelope:
    """Resolve one envelope: its header, its payload, and what tells success from failure.

    Args:
        entry: the envelope, under its name.
        context: what names mean.
        of_items: a list has it as the verdict of its items, whose fields it speaks of.
    """
    node = entry.value
    header, partial = node.get("header"), node.get("partial")
    citation = cite(node, context, f"envelope {entry.key!r}")
    fields = resolve_fields(header.children("fields"), context) if header else ()
    known = {f.wire for f in fields}
    _check(entry, fields, context, of_items=of_items)
    payload, failure = node.get("payload"), node.get("failure_in_list")
    consent, pairs, kinds = node.get("consent"), node.get("pairs"), node.get("kinds")
    language = node.get("language")
    return Envelope(
        name=entry.key,
        root=element(root, context, "the root") if (root := node.get("root")) else None,
        header=element(header, context, "the header")
        if header
        else Element(wire="", provisional=False, label="", en="", cite=citation, span=node.span),
        header_under=path_of(header.get("under")) if header else (),
        header_optional=header is not None
        and (partial is not None or header.string("presence") == "optional"),
        header_also=_header_also(header, context, citation),
        header_formats=(header.strings("formats") if header else ()) or ("xml", "json"),
        fields=fields,
        payload=element(payload, context, "the payload") if payload else None,
        success=tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ()))
            for e in node.children("success")
        ),
        cases=_cases(node, context),
        code=node.string("code"),
        message=node.string("message"),
        errors=_errors(node, context),
        failure_in_list=cite(failure, context, "failure_in_list") if failure else None,
        consent=_consent(consent, context) if consent else None,
        pairs=_pairs(pairs, context) if pairs else None,
        language=_language(language, context) if language else None,
        identity=node.string("identity"),
        kind_field=kinds.string("field") if kinds else "",
        kinds=_kinds(kinds, None if of_items else known, context) if kinds else (),
        of_items=of_items,
        partial=cite(partial, context, "partial") if partial else None,
        cite=citation,
        span=entry.key_span,
    )


def _header_also(header: Node | None, context: Context, citation: Citation) -> tuple[WireName, ...]:
    """Return the further names that the element of a header has been seen with."""
    return tuple(
        WireName(name=e.key, cite=cite(e.value, context, f"element {e.key!r}", citation))
        for e in (header.children("also") if header else ())
    )


def _errors(node: Node, context: Context) -> tuple[ErrorCode, ...]:
    return tuple(
        ErrorCode(
            code=e.key,
            error=e.value.string("error"),
            en=e.value.string("en"),
            breaks=broken_limit(e.value, context),
            cite=cite(e.value, context, f"code {e.key!r}"),
        )
        for e in node.children("errors")
    )


def _check(entry: Entry, fields: Sequence[Field], context: Context, *, of_items: bool) -> None:
    """Report what the parts of an envelope say that does not go together."""
    node = entry.value
    header, partial = node.get("header"), node.get("partial")
    if of_items:
        _check_words_of_items(entry, context)
    if partial is not None:
        _check_partial(entry, header, context)
    _check_fields(fields, context, is_beside=partial is not None)
    if not of_items:
        known = {f.wire for f in fields}
        success = [(e.key, e.value) for e in node.children("success")]
        _check_names(entry, known, success, context)
        _check_paths_of_cases(node, header, known, context)
    if of_items or partial is not None:
        _check_cases_of_items(node, context)
    _check_tests(entry, context)


def _check_words_of_items(entry: Entry, context: Context) -> None:
    """Report what the verdict of the items of a list says of whole replies."""
    for word in _OF_REPLIES:
        if (stray := entry.value.entry(word)) is not None:
            context.report(
                stray.key_span,
                "misplaced-key",
                f"envelope {entry.key!r} judges the items of a list, and has a {word!r}",
                f"leave {word!r} out: the names are those of the fields of an item",
            )


def _check_fields(fields: Sequence[Field], context: Context, *, is_beside: bool) -> None:
    """Report fields of a header that no verdict can compare; ``is_beside``: of failures."""
    for field in fields:
        if not isinstance(field.type, TextType | CodeType):
            context.report(
                field.span,
                "wrong-field",
                f"header field {field.wire!r} is not text",
                "say `type: text`: the header is compared, never computed with",
            )
        if field.item or (field.under and not is_beside):
            context.report(
                field.span,
                "misplaced-key",
                f"header field {field.wire!r} stands in containers of its own",
                "`under:` at the header, for all its fields",
            )


def _check_names(
    entry: Entry, known: Collection[str], success: Sequence[tuple[str, Node]], context: Context
) -> None:
    """Report names that an envelope speaks of, and that no field of its header has."""
    node = entry.value
    for key, value in [
        *success,
        *((given.text or "", given) for k in ("code", "message") if (given := node.get(k))),
        *(
            (named.key, named.value)
            for one in (node.get("cases") or node).items or ()
            for word in ("when", "contains")
            for named in one.children(word)
        ),
    ]:
        if key not in known:
            context.report(
                value.span,
                "unknown-field",
                f"envelope {entry.key!r} has no header field {key!r}",
                nearest(key, (f for f in known if f)),
            )


def _check_paths_of_cases(
    node: Node, header: Node | None, known: Collection[str], context: Context
) -> None:
    """Report paths of cases that begin at a field of the header, and not at the root."""
    way = (*path_of(header.get("under")), header.string("element")) if header else ()
    if way in ((), (".",)):
        return
    for one in (node.get("cases") or node).items or ():
        for word in ("has", "lacks"):
            value = one.get(word)
            path = path_of(value)
            if value is not None and path and path[0] in known and path[0] != way[0]:
                context.report(
                    value.span,
                    "wrong-field",
                    f"{word!r} counts from the root of the message, and {path[0]!r} is a field of "
                    f"the header {'.'.join(way)!r}",
                    f"write `{word}: [{', '.join((*way, *path))}]`",
                )


def _check_cases_of_items(node: Node, context: Context) -> None:
    """Report what a case of the items of a list asks of whole replies."""
    for one in (node.get("cases") or node).items or ():
        for word in _OF_MESSAGES:
            if (asked := one.entry(word)) is not None:
                context.report(
                    asked.key_span,
                    "misplaced-key",
                    f"a case of the items of a list asks for {word!r}, which is of a whole reply",
                    "say by `when:` or `contains:` what the fields of an item have",
                )


def _check_tests(entry: Entry, context: Context) -> None:
    """Report an envelope by which nobody can tell whether a call succeeded."""
    tests = ("success", "cases", "errors", "kinds", "partial")
    if not any(entry.value.get(word) for word in tests):
        context.report(
            entry.key_span,
            "verdict-without-test",
            f"envelope {entry.key!r} tells no success from a failure",
            "add `success: {FIELD: [VALUE]}`, `errors:`, or "
            "`cases: [{when: {FIELD: [VALUE]}, error: rejected, en: …, at: …}]`",
        )


def _check_partial(entry: Entry, header: Node | None, context: Context) -> None:
    """Report what an envelope of failures beside the data cannot say."""
    for word in _OF_SUCCESS:
        if (stray := entry.value.entry(word)) is not None:
            context.report(
                stray.key_span,
                "misplaced-key",
                f"envelope {entry.key!r} lists failures beside the data, and has a {word!r}",
                f"an envelope of its own with {word!r}, and the names of both in `envelope:`",
            )
    presence = header.entry("presence") if header is not None else None
    if presence is not None:
        context.report(
            presence.key_span,
            "misplaced-key",
            f"the list of failures of envelope {entry.key!r} says how often it is there",
            "leave `presence:` out: it is there where something failed",
        )
    if header is None or header.string("element") == ".":
        context.report(
            entry.key_span if header is None else header.span,
            "wrong-field",
            f"envelope {entry.key!r} names no list of failures",
            "`header: {element: NAME, fields: {…}}` with the name of the list",
        )


def _cases(node: Node, context: Context) -> tuple[Case, ...]:
    found: list[Case] = []
    for one in (node.get("cases") or node).items or ():
        case = _case(one, context)
        if not any((case.root, case.status, case.when, case.contains, case.has, case.lacks)):
            context.report(
                one.span,
                "empty-value",
                "the case asks for nothing, and would hold for every reply",
                "say when it holds: `root:`, `status:`, `when:`, `contains:`, `has:` or `lacks:`",
            )
        before = next((earlier for earlier in found if _holds_with(earlier, case)), None)
        if before is not None:
            context.report(
                one.span,
                "hidden-case",
                f"the case of line {one.span.line} can never decide: that of line "
                f"{before.span.line} holds wherever it does, and comes first",
                "put the one that asks for more before the other",
            )
        found.append(case)
    if node.get("cases") is not None:
        _check_errors(node, found, context)
    return tuple(found)


def _case(node: Node, context: Context) -> Case:
    return Case(
        root=node.strings("root"),
        status=node.strings("status"),
        when=tuple(
            (e.key, tuple(i.text or "" for i in e.value.items or ())) for e in node.children("when")
        ),
        contains=tuple((e.key, e.value.text or "") for e in node.children("contains")),
        has=path_of(node.get("has")),
        lacks=path_of(node.get("lacks")),
        error=node.string("error"),
        en=node.string("en"),
        breaks=broken_limit(node, context),
        cite=cite(node, context, f"the case {node.string('en')!r}"),
        span=node.span,
    )


def _check_errors(node: Node, cases: Sequence[Case], context: Context) -> None:
    """Report codes that a case decides about, whatever `errors:` says of them."""
    code = node.string("code")
    for entry in node.children("errors"):
        when = ((code, (entry.key,)),)
        alone = [
            replace(case, root=(), status=(), when=when, contains=(), has=(), lacks=())
            for case in cases[:1]
        ]
        before = next((case for case in cases for one in alone if _holds_with(case, one)), None)
        if before is not None:
            context.report(
                entry.key_span,
                "hidden-case",
                f"code {entry.key!r} of `errors:` can never decide: the case of line "
                f"{before.span.line} holds wherever it does, and comes first",
                "remove one of the two, or let the case ask for more",
            )


def _holds_with(one: Case, other: Case) -> bool:
    """Say whether a case holds wherever another does."""
    values, texts = dict(other.when), dict(other.contains)

    def is_within(field: str, text: str) -> bool:
        known = values.get(field)
        return text in texts.get(field, "") or (
            known is not None and all(text in value for value in known)
        )

    return (
        (not one.root or (bool(other.root) and {*other.root} <= {*one.root}))
        and (not one.status or (bool(other.status) and _covers(one.status, other.status)))
        and all(field in values and {*values[field]} <= {*wanted} for field, wanted in one.when)
        and all(is_within(field, text) for field, text in one.contains)
        and (not one.has or other.has[: len(one.has)] == one.has)
        and (not one.lacks or (bool(other.lacks) and one.lacks[: len(other.lacks)] == other.lacks))
    )


def _covers(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Say whether some statuses are all among others."""
    return all(status in wide or f"{status[:1]}xx" in wide for status in narrow)


def _consent(node: Node, context: Context) -> Consent:
    known = {k for k, p in PATTERNS.items() if p.kind == "date"}
    if node.string("format") not in known:
        context.report(
            (node.get("format") or node).span,
            "unknown-format",
            f"{node.string('format')!r} is not a known pattern of a date",
            nearest(node.string("format"), known),
        )
    if not node.string("sentence").strip():
        context.report(
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
        cite=cite(node, context, "consent"),
    )


def _pairs(node: Node, context: Context) -> Pairs:
    citation = cite(node, context, "the pairs")
    return Pairs(
        field=node.string("field"),
        key=node.string("key"),
        value=node.string("value"),
        fill=tuple(
            Pair(
                key=e.key,
                source=one_of(PAIR_FILLERS, e.value.string("with")) or "option",
                name=e.value.string("name"),
                en=e.value.string("en"),
                default=e.value.string("default"),
                cite=cite(e.value, context, f"pair {e.key!r}", citation),
            )
            for e in node.children("fill")
        ),
    )


def _language(node: Node, context: Context) -> Language:
    values, default = node.strings("values"), node.get("default") or node
    if default.text not in values:
        context.report(
            default.span,
            "unknown-word",
            f"{default.text!r} is not one of the languages",
            nearest(default.text or "", values),
        )
    return Language(
        values=values,
        default=default.text or "",
        en=node.string("en"),
        cite=cite(node, context, "the language"),
    )


def _kinds(node: Node, known: Collection[str] | None, context: Context) -> tuple[FailureKind, ...]:
    field = node.get("field") or node
    if known is not None and field.text not in known:
        context.report(
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
            cite=cite(e.value, context, f"kind {e.key!r}"),
        )
        for e in node.children("values")
    )
