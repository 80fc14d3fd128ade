"""Compare what all SOAP messages share: their namespace and their header."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.analysis.type_words import describe_type
from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, optional, provenance, spelt
from gridwright.diff.index import REQUEST, Index
from gridwright.diff.match import Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.rules.elements import compare_element
from gridwright.diff.rules.fields import compare_field, field_key, needed_or_not
from gridwright.ir import Security, Soap, SoapHeaderField

__all__ = ["RULES", "compare_soap"]

RULES = (
    rule("soap-made-or-unmade", "R/BB/B",
         "The messages of the system are in SOAP, or no longer are.",
         "upgrade when the service does, and write the calls anew"),
    rule("soap-namespace-changed", "R/BB/N",
         "The elements of SOAP messages are in another namespace.",
         "upgrade when the service does"),
    rule("soap-namespace-supplied", "S/RS/S",
         "The namespace of SOAP messages, which was undocumented, is known.",
         "upgrade: only now can messages be sent to a real server"),
    rule("soap-namespace-withdrawn", "R/SB/R",
         "The namespace of SOAP messages is undocumented now.",
         "do not upgrade where you call a real server, unless a private amendment supplies it"),
    rule("soap-header-field-added", "R/BR/S",
         "The SOAP header has a further field.",
         "upgrade when the service asks for {what}"),
    rule("soap-header-field-removed", "R/SB/R",
         "The SOAP header has lost a field.",
         "upgrade only once the service no longer asks for {what}"),
    rule("soap-header-field-filled-otherwise", "R/RR/B",
         "A field of the SOAP header is filled otherwise.",
         "see whether the client still takes {what}"),
    rule("soap-header-made-or-unmade", "R/BR/S",
         "SOAP messages have a block of the document's own in their header, or no longer have it.",
         "upgrade when the service does"),
    rule("soap-security-made-or-unmade", "R/BR/S",
         "The SOAP header carries the token of WS-Security, or no longer does.",
         "upgrade when the service asks for it; give the client its credentials"),
    rule("soap-token-changed", "R/BB/N",
         "The token of WS-Security is made of something else, or in another way.",
         "upgrade when the service does"),
    rule("soap-header-default-changed", "R/SS/R",
         "A field of the SOAP header has another default.",
         "give {what} to the client where it matters"),
)  # fmt: skip

_HEADER = "the client itself fills the header"


def compare_soap(old: Index, new: Index, names: Names) -> Iterator[RuleFinding]:
    """Compare what the SOAP messages of two interfaces share."""
    spot = Spot(what="soap", old=("soap",), new=("soap",))
    yield from optional(
        spot, old.interface.soap, new.interface.soap, "soap-made-or-unmade", "soap-made-or-unmade",
        lambda a, b: _soap(
            replace(spot, cites=(a.cite, b.cite), spans=(a.span, b.span)), a, b, names
        ),
    )  # fmt: skip


def _soap(spot: Spot, old: Soap, new: Soap, names: Names) -> Iterator[RuleFinding]:
    if old.provisional != new.provisional:
        rule_id = "soap-namespace-supplied" if old.provisional else "soap-namespace-withdrawn"
        yield spot.at("namespace").found(rule_id, _namespace_name(old), _namespace_name(new))
    else:
        place = spot.at("namespace")
        yield from differ(place, "soap-namespace-changed", old.namespace, new.namespace)
    yield from optional(
        spot.at("header"), old.header, new.header,
        "soap-header-made-or-unmade", "soap-header-made-or-unmade",
        lambda a, b: compare_element(spot.at("header"), "header", a, b, is_sent=True),
    )  # fmt: skip
    yield from optional(
        spot.at("security"), old.security, new.security,
        "soap-security-made-or-unmade", "soap-security-made-or-unmade",
        lambda a, b: _security(spot.at("security"), a, b, names),
    )  # fmt: skip
    yield from _fields(spot.at("fields"), old.fields, new.fields, names)
    yield from _blocks(spot.at("headers"), old, new, names)
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _blocks(spot: Spot, old: Soap, new: Soap, names: Names) -> Iterator[RuleFinding]:
    matched = match(old.headers, new.headers, (lambda b: b.element.wire,))
    for one, other in matched.pairs:
        place = spot.at(other.element.wire)
        wire = other.element.wire
        yield from compare_element(place, wire, one.element, other.element, is_sent=True)
        yield from _fields(place.at("fields"), one.fields, other.fields, names)
        yield from unjudged(place, one, other)
    for block in matched.gone:
        place = spot.at(block.element.wire)
        yield place.gone().found("soap-header-made-or-unmade", block.element.wire)
    for block in matched.added:
        place = spot.at(block.element.wire)
        yield place.added().found("soap-header-made-or-unmade", "", block.element.wire)


def _security(spot: Spot, old: Security, new: Security, names: Names) -> Iterator[RuleFinding]:
    renamed = {f"credential.{a}": f"credential.{b}" for a, b in names.credentials.items()}
    if spelt(old.token, renamed) != spelt(new.token):
        yield spot.found("soap-token-changed", spelt(old.token), spelt(new.token))
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _fields(
    spot: Spot, old: Sequence[SoapHeaderField], new: Sequence[SoapHeaderField], names: Names
) -> Iterator[RuleFinding]:
    matched = match(
        old,
        new,
        (lambda f: f.field.wire, lambda f: f.field.name, lambda f: f.field.label or None),
    )

    def field_spot(a: SoapHeaderField, b: SoapHeaderField) -> Spot:
        return Spot(
            what=b.field.name,
            old=None if spot.old is None else (*spot.old, field_key(a.field)),
            new=None if spot.new is None else (*spot.new, field_key(b.field)),
            cites=(a.field.cite, b.field.cite),
            spans=(a.field.span, b.field.span),
        )

    for a, b in matched.pairs:
        place = field_spot(a, b)
        idle = replace(place, python_idle=_HEADER)
        # The default is the client's here, and told as such.
        known = replace(a.field, default=b.field.default)
        yield from compare_field(idle, known, b.field, (REQUEST,), names, {})
        if a.field.required != b.field.required:
            became = "required" if b.field.required else "optional"
            marks = (needed_or_not(a.field.required), needed_or_not(b.field.required))
            yield idle.at("required").found(f"request-field-became-{became}", *marks)
        filled = ((a.source, a.name), (b.source, b.name))
        yield from differ(place.at("with"), "soap-header-field-filled-otherwise", *filled)
        yield from differ(place.at("default"), "soap-header-default-changed", a.default, b.default)
        yield from unjudged(place, a, b)
    for field in matched.gone:
        yield field_spot(field, field).gone().found("soap-header-field-removed", _described(field))
    for field in matched.added:
        yield (
            field_spot(field, field).added().found("soap-header-field-added", "", _described(field))
        )


def _namespace_name(soap: Soap) -> str:
    return "undocumented" if soap.provisional else soap.namespace


def _described(field: SoapHeaderField) -> str:
    return f"{field.field.wire}: {describe_type(field.field.type)}, by {field.source}"
