"""Envelopes: what wraps a reply, what success is in it, what every request carries."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, elements, optional, provenance, values
from gridwright.diff.index import REPLY, Index
from gridwright.diff.match import Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.rules.each import compare_each
from gridwright.diff.rules.elements import compare_element
from gridwright.diff.rules.fields import compare_also, compare_fields, field_key
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import (
    Case,
    Consent,
    Envelope,
    ErrorCode,
    FailureKind,
    Field,
    Language,
    Pair,
    Pairs,
)

__all__ = ["RULES", "compare_envelopes"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("envelope-added", "S/NN/N", "There is a further envelope."),
    rule("envelope-removed", "S/NN/N", "An envelope is gone; operations say what they have."),
    rule("envelope-renamed", "N/NN/N", "We call an envelope otherwise.", reading=_WORDING),
    rule("header-formats-changed", "R/BB/N",
         "The header stands in the replies of other formats.",
         "upgrade when the service does"),
    rule("header-moved", "R/BB/N",
         "What speaks of success stands in another element or under another root.",
         "upgrade when the service does"),
    rule("header-became-optional", "R/BS/R",
         "A success may do without what speaks of it.",
         "replies without {old} were refused, and count as success from now on"),
    rule("header-became-certain", "R/SB/R",
         "A success always has what speaks of it.",
         "replies without {new} raise from now on"),
    rule("case-added", "R/RR/R",
         "A further case decides what a reply means.",
         "catch the error {new} where it decides, or take those replies for a success"),
    rule("case-removed", "R/RR/R",
         "A case no longer decides what a reply means.",
         "see what {old} becomes: another case, a code, a status or a success decides now"),
    rule("case-moved", "R/RR/R",
         "Cases are asked in another order, and the first that holds decides.",
         "check which errors you catch: before {old}, now {new}"),
    rule("case-holds-otherwise", "R/RR/R",
         "A case decides about other replies than before.",
         "check which errors you catch"),
    rule("case-maps-elsewhere", "R/SS/R",
         "A case becomes another error.",
         "catch the error {new} where you caught {old}"),
    rule("case-reworded", "N/NN/N", "We explain a case in other words.", reading=_WORDING),
    rule("payload-moved", "R/BB/R",
         "The data of a reply stand in another element, or in the root.",
         "upgrade when the service does"),
    rule("success-value-added", "R/BS/S",
         "A further value means success.",
         "upgrade before the service says {new}: the old package takes it for a failure"),
    rule("success-value-removed", "R/RB/R",
         "A value no longer means success.",
         "replies with {old} raise from now on; the old package takes them for success"),
    rule("success-field-added", "R/RB/R",
         "Success depends on a further field of the header.",
         "replies without {new} raise from now on"),
    rule("success-field-removed", "R/BS/R",
         "Success no longer depends on a field of the header.",
         "replies count as success whatever {old} says"),
    rule("failure-code-read-elsewhere", "R/BB/R",
         "The provider's code of a failure is read from another field.",
         "check what you make of `error.code`"),
    rule("failure-text-read-elsewhere", "R/RR/R",
         "The provider's words on a failure are read from another field.",
         "check what you make of the message of an error"),
    rule("error-code-added", "S/SS/R",
         "A code of the provider's becomes an error of its own.",
         "catch the new error ({new}) where you caught RejectedError and looked at the code"),
    rule("error-code-removed", "R/SS/B",
         "A code of the provider's no longer becomes an error of its own.",
         "catch RejectedError, and look at its code, where you caught the error of {old}"),
    rule("error-code-maps-elsewhere", "R/SS/B",
         "A code of the provider's becomes another error.",
         "catch the error {new} where you caught {old}"),
    rule("error-code-reworded", "N/NN/N", "We explain a code of failure in other words.",
         reading=_WORDING),
    rule("failure-kind-added", "S/SS/R",
         "A kind of failure becomes an error of its own.",
         "catch the new error ({new}) where you caught RejectedError"),
    rule("failure-kind-removed", "R/SS/B",
         "A kind of failure no longer becomes an error of its own.",
         "catch RejectedError where you caught the error of {old}"),
    rule("failure-kind-maps-elsewhere", "R/SS/B",
         "A kind of failure becomes another error.",
         "catch the error {new} where you caught {old}"),
    rule("failure-kind-reworded", "N/NN/N", "We explain a kind of failure in other words.",
         reading=_WORDING),
    rule("failure-kinds-read-elsewhere", "R/BB/R",
         "The kind of a failure is read from another field.",
         "check which errors you catch"),
    rule("failure-in-list-expected", "S/RS/R",
         "A failure may stand inside of the list of data, and is found there.",
         "upgrade: the old package takes such a failure for data"),
    rule("failure-in-list-not-expected", "R/NB/B",
         "A failure inside of the list of data is no longer looked for.",
         "do not upgrade while the service answers like that: failures would be read as data"),
    rule("failures-beside-expected", "R/RR/R",
         "The header is a list of failures beside the data, and no longer refuses the whole.",
         "look at `reply.failures`: a call no longer raises them where data are left"),
    rule("failures-beside-not-expected", "R/RR/R",
         "The header refuses the whole call, and is no longer a list of failures beside data.",
         "catch the error: what came beside a failure is not returned any more"),
    rule("consent-added", "S/SS/R",
         "A refusal that names the first allowed day becomes a ConsentError.",
         "catch ConsentError where you looked at the provider's words"),
    rule("consent-removed", "R/SS/B",
         "A refusal that names the first allowed day is no longer recognised.",
         "look at the provider's words where you caught ConsentError"),
    rule("consent-sentence-changed", "R/RR/R",
         "A refusal that names the first allowed day is recognised by other words.",
         "upgrade when the service does, or ConsentError is missed"),
    rule("consent-reworded", "N/NN/N", "We describe a refusal for lack of consent in other words.",
         reading=_WORDING),
    rule("pairs-moved", "R/BB/N",
         "The pairs that every request carries stand elsewhere.",
         "upgrade when the service does"),
    rule("pair-added", "R/RS/S",
         "Every request carries a further pair.",
         "give `{what}` to the client where the service asks for it"),
    rule("pair-removed", "R/RS/B",
         "Requests no longer carry a pair.",
         "do not give `{what}` to the client any more"),
    rule("pair-renamed", "N/NN/B",
         "A pair that requests carry has been renamed in Python.",
         "give the client `{new}` in place of `{old}`", reading=_WORDING),
    rule("pair-filled-otherwise", "R/RR/B",
         "A pair that every request carries is filled otherwise.",
         "see whether client or calls take `{what}`"),
    rule("pair-default-changed", "R/SS/R",
         "A pair has another default.",
         "give `{what}` to the client where it matters"),
    rule("pair-reworded", "N/NN/N", "We describe a pair in other words.", reading=_WORDING),
    rule("identity-changed", "R/NN/R",
         "Another pair identifies a request.",
         "check what you keep of `transaction_id` for questions to the provider"),
    rule("language-offered", "S/SS/S",
         "The language of the provider's texts can be chosen.",
         "nothing; the client has an argument `language`"),
    rule("language-withdrawn", "R/SS/B",
         "The language of the provider's texts can no longer be chosen.",
         "do not give the client `language`"),
    rule("language-added", "S/SS/S", "The provider's texts can be had in a further language."),
    rule("language-removed", "R/SS/B",
         "The provider's texts can no longer be had in a language.",
         "do not give the client `language=\"{old}\"`"),
    rule("default-language-changed", "R/SS/R",
         "The provider's texts come in another language where nobody says otherwise.",
         "give the client `language` where you read the provider's words"),
    rule("language-reworded", "N/NN/N", "We describe the choice of a language in other words.",
         reading=_WORDING),
)  # fmt: skip

_HEADER = "the client itself reads the header; no attribute has its fields"


def compare_envelopes(old: Index, new: Index) -> Iterator[RuleFinding]:
    """Compare all envelopes of two interfaces."""
    matched = match(
        old.interface.envelopes,
        new.interface.envelopes,
        (lambda e: e.name, lambda e: (e.header.wire, e.code), lambda e: e.cite.lines or None),
    )
    for one, other in matched.pairs:
        yield from _envelope(_spot(one, other), one, other)
    for envelope in matched.gone:
        yield _spot(envelope, envelope).gone().found("envelope-removed")
    for envelope in matched.added:
        yield _spot(envelope, envelope).added().found("envelope-added")


def _envelope(spot: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    yield from differ(spot, "envelope-renamed", old.name, new.name)
    yield from _header(spot.at("header"), old, new)
    if old.root is not None and new.root is not None:
        yield from provenance(spot.at("root"), old.root.cite, new.root.cite)
    yield from _cases(spot, old.cases, new.cases)
    yield from _payload(spot, old, new)
    yield from _success(spot.at("success"), old, new)
    rows = (
        ("code", "failure-code-read-elsewhere", "code"),
        ("message", "failure-text-read-elsewhere", "message"),
        ("kind_field", "failure-kinds-read-elsewhere", "kinds.field"),
        ("identity", "identity-changed", "identity"),
    )
    yield from values(spot, old, new, rows)
    yield from _errors(spot, old, new)
    yield from _kinds(spot, old, new)
    failure = spot.at("failure_in_list")
    yield from optional(
        replace(failure, cites=(old.failure_in_list, new.failure_in_list)),
        old.failure_in_list, new.failure_in_list,
        "failure-in-list-not-expected", "failure-in-list-expected",
        lambda a, b: provenance(failure, a, b),
    )  # fmt: skip
    partial = spot.at("partial")
    yield from optional(
        replace(partial, cites=(old.partial, new.partial)),
        old.partial, new.partial,
        "failures-beside-not-expected", "failures-beside-expected",
        lambda a, b: provenance(partial, a, b),
    )  # fmt: skip
    yield from optional(
        spot.at("consent"), old.consent, new.consent, "consent-removed", "consent-added",
        lambda a, b: _consent(spot.at("consent"), a, b),
        lambda c: c.en,
    )  # fmt: skip
    yield from _pairs(spot.at("pairs"), old.pairs, new.pairs)
    yield from optional(
        spot.at("language"), old.language, new.language, "language-withdrawn", "language-offered",
        lambda a, b: _language(spot.at("language"), a, b),
        lambda language: ", ".join(language.values),
    )  # fmt: skip
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _header(header: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    yield from compare_element(header, "header", old.header, new.header)
    cites = (old.header.cite, new.header.cite)
    yield from compare_also(header.at("also"), old.header_also, new.header_also, cites)
    if sorted(old.header_formats) != sorted(new.header_formats):
        yield header.at("formats").found(
            "header-formats-changed", old.header_formats, new.header_formats
        )
    before, after = ((e.root.wire if e.root else "", *e.header_under) for e in (old, new))
    yield from differ(header, "header-moved", before, after)
    if old.header_optional != new.header_optional:
        word = "optional" if new.header_optional else "certain"
        yield header.at("presence").found(f"header-became-{word}", old.header.wire, new.header.wire)
    yield from _header_fields(header, old, new)


def _header_fields(header: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    def field_spot(a: Field, b: Field) -> Spot:
        return Spot(
            what=f"header field {field_key(b)} of {header.what}",
            old=None if header.old is None else (*header.old, "fields", field_key(a)),
            new=None if header.new is None else (*header.new, "fields", field_key(b)),
            cites=(a.cite, b.cite),
            spans=(a.span, b.span),
            python_idle=_HEADER,
        )

    yield from compare_fields(old.fields, new.fields, (REPLY,), field_spot, Names())


def _payload(spot: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    if old.payload is not None and new.payload is not None:
        yield from compare_element(spot.at("payload"), "payload", old.payload, new.payload)
    elif old.payload is not None or new.payload is not None:
        yield spot.at("payload").found(
            "payload-moved",
            old.payload.wire if old.payload else "the root",
            new.payload.wire if new.payload else "the root",
        )


def _success(spot: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    before, after = dict(old.success), dict(new.success)
    for field, wanted in before.items():
        if field not in after:
            yield spot.at(field).gone().found("success-field-removed", f"{field}: {wanted}")
    for field, wanted in after.items():
        if field not in before:
            yield spot.at(field).added().found("success-field-added", "", field)
            continue
        yield from elements(
            spot.at(field), before[field], wanted, "success-value-removed", "success-value-added"
        )


def _errors(spot: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    matched = match(old.errors, new.errors, (lambda e: e.code,))

    def error_spot(a: ErrorCode, b: ErrorCode) -> Spot:
        return replace(
            spot.at("errors", b.code), what=f"code {b.code} of {spot.what}", cites=(a.cite, b.cite)
        )

    yield from compare_each(
        matched,
        error_spot,
        (
            ("error", "error-code-maps-elsewhere", "error"),
            ("breaks", "limit-used-up-otherwise", "breaks"),
            ("en", "error-code-reworded", "en"),
        ),
        gone="error-code-removed",
        added="error-code-added",
        told=lambda error: f"{error.code}: {error.error}",
    )


def _kinds(spot: Spot, old: Envelope, new: Envelope) -> Iterator[RuleFinding]:
    matched = match(old.kinds, new.kinds, (lambda k: k.value,))

    def kind_spot(a: FailureKind, b: FailureKind) -> Spot:
        return replace(
            spot.at("kinds", "values", b.value),
            what=f"kind {b.value} of {spot.what}",
            cites=(a.cite, b.cite),
        )

    yield from compare_each(
        matched,
        kind_spot,
        (("error", "failure-kind-maps-elsewhere", "error"), ("en", "failure-kind-reworded", "en")),
        gone="failure-kind-removed",
        added="failure-kind-added",
        told=lambda kind: f"{kind.value}: {kind.error}",
    )


def _cases(spot: Spot, old: Sequence[Case], new: Sequence[Case]) -> Iterator[RuleFinding]:
    matched = match(
        old, new, (_conditions, lambda c: (c.error, c.en), lambda c: c.cite.lines or None)
    )

    def case_spot(a: Case, b: Case) -> Spot:
        return Spot(
            what=f"the case {b.en!r} of {spot.what}",
            old=None if spot.old is None else (*spot.old, "cases", str(_index(old, a))),
            new=None if spot.new is None else (*spot.new, "cases", str(_index(new, b))),
            cites=(a.cite, b.cite),
            spans=(a.span, b.span),
        )

    rows = (
        ("root", "case-holds-otherwise", "root"),
        ("status", "case-holds-otherwise", "status"),
        ("when", "case-holds-otherwise", "when"),
        ("contains", "case-holds-otherwise", "contains"),
        ("has", "case-holds-otherwise", "has"),
        ("lacks", "case-holds-otherwise", "lacks"),
        ("error", "case-maps-elsewhere", "error"),
        ("breaks", "limit-used-up-otherwise", "breaks"),
        ("en", "case-reworded", "en"),
    )
    yield from compare_each(
        matched,
        case_spot,
        rows,
        gone="case-removed",
        added="case-added",
        told=lambda case: f"{case.error}: {case.en}",
    )
    kept = {id(a): b for a, b in matched.pairs}
    order = [kept[id(a)] for a in old if id(a) in kept]
    if order != [b for b in new if any(b is one for one in order)]:
        yield spot.at("cases").found(
            "case-moved", ", ".join(c.error for c in old), ", ".join(c.error for c in new)
        )


def _conditions(case: Case) -> object:
    return (case.root, case.status, case.when, case.contains, case.has, case.lacks)


def _index(cases: Sequence[Case], case: Case) -> int:
    return next((at for at, one in enumerate(cases) if one is case), 0)


def _consent(spot: Spot, old: Consent, new: Consent) -> Iterator[RuleFinding]:
    place = replace(spot, cites=(old.cite, new.cite))
    rows = (
        ("sentence", "consent-sentence-changed", "sentence"),
        ("date_after", "consent-sentence-changed", "date_after"),
        ("pattern", "consent-sentence-changed", "format"),
        ("en", "consent-reworded", "en"),
    )
    yield from values(place, old, new, rows)
    yield from provenance(place, old.cite, new.cite)
    yield from unjudged(place, old, new)


def _pairs(spot: Spot, old: Pairs | None, new: Pairs | None) -> Iterator[RuleFinding]:
    before = (old.field, old.key, old.value) if old else ()
    after = (new.field, new.key, new.value) if new else ()
    if before and after:
        yield from differ(spot, "pairs-moved", before, after)
    if old and new:
        yield from unjudged(spot, old, new)
    matched = match(
        old.fill if old else (), new.fill if new else (), (lambda p: p.key, lambda p: p.name)
    )

    def pair_spot(a: Pair, b: Pair) -> Spot:
        return Spot(
            what=b.name,
            old=None if spot.old is None else (*spot.old, "fill", a.key),
            new=None if spot.new is None else (*spot.new, "fill", b.key),
            cites=(a.cite, b.cite),
        )

    for a, b in matched.pairs:
        place = pair_spot(a, b)
        rows = (
            ("name", "pair-renamed", "name"),
            ("source", "pair-filled-otherwise", "with"),
            ("default", "pair-default-changed", "default"),
            ("en", "pair-reworded", "en"),
        )
        yield from values(place, a, b, rows)
        yield from differ(place, "pairs-moved", a.key, b.key)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)
    for pair in matched.gone:
        yield pair_spot(pair, pair).gone().found("pair-removed", f"{pair.key}, by {pair.source}")
    for pair in matched.added:
        yield pair_spot(pair, pair).added().found("pair-added", "", f"{pair.key}, by {pair.source}")


def _language(spot: Spot, old: Language, new: Language) -> Iterator[RuleFinding]:
    place = replace(spot, cites=(old.cite, new.cite))
    yield from elements(
        place.at("values"), old.values, new.values, "language-removed", "language-added"
    )
    rows = (("default", "default-language-changed", "default"), ("en", "language-reworded", "en"))
    yield from values(place, old, new, rows)
    yield from provenance(place, old.cite, new.cite)
    yield from unjudged(place, old, new)


def _spot(one: Envelope, other: Envelope) -> Spot:
    return spot_of(f"envelope {other.name}", ("envelopes",), one, other)
