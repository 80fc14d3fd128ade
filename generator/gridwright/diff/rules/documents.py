"""The document and what holds for all of it: title, history, facts, zone, missing values."""

from collections.abc import Iterator, Mapping

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, elements, provenance, values
from gridwright.diff.index import Index
from gridwright.diff.match import match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.rules.each import compare_each
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Document, Fact, Interface, Missing, Revision

__all__ = ["RULES", "compare_document"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("system-added", "S/SS/S",
         "There is a further system.",
         "nothing; `{what}` is there to be imported"),
    rule("system-removed", "B/NN/B",
         "A system is gone.",
         "stop importing `{what}`; keep the old package for as long as you need it"),
    rule("system-title-changed", "S/NN/N", "The document calls the system otherwise."),
    rule("system-reworded", "N/NN/N", "We call the system otherwise in English.",
         reading=_WORDING),
    rule("document-replaced", "S/NN/N",
         "Another text of the document is transcribed: a new edition.",
         reading=DocumentReading.EDITION),
    rule("document-title-changed", "S/NN/N", "The document has another title."),
    rule("document-language-changed", "N/NN/N", "The document counts as one in another language.",
         reading=DocumentReading.CORRECTION),
    rule("publisher-changed", "S/NN/N", "The document has another publisher."),
    rule("publisher-reworded", "N/NN/N", "We call the publisher otherwise in English.",
         reading=_WORDING),
    rule("revision-added", "S/NN/N",
         "The document's history has a further revision.", reading=DocumentReading.EDITION),
    rule("revision-removed", "R/NN/N",
         "The document's history has lost a revision.", reading=DocumentReading.CORRECTION),
    rule("revision-changed", "S/NN/N",
         "A revision in the document's history is told otherwise."),
    rule("revision-reworded", "N/NN/N", "We describe a revision in other words.",
         reading=_WORDING),
    rule("fact-added", "S/NN/N", "A further printed fact is on record; it shapes no code."),
    rule("fact-removed", "R/NN/N", "A printed fact that shapes no code is no longer on record."),
    rule("fact-changed", "R/NN/N", "A printed fact that shapes no code has changed."),
    rule("fact-reworded", "N/NN/N", "We describe a printed fact in other words.",
         reading=_WORDING),
    rule("zone-changed", "B/BB/B",
         "The dates and times on the wire run in another time zone.",
         "shift what you have stored: the same text is another instant in {new} than in {old}"),
    rule("missing-form-added", "R/NS/R",
         "A further form on the wire counts as a missing value.",
         "be ready for None where {new} was a value"),
    rule("missing-form-removed", "R/SR/R",
         "A form on the wire no longer counts as a missing value.",
         "be ready for {old} as a value, or for a deviation, where it was None"),
    rule("json-list-form-added", "S/SS/N",
         "A further form in JSON stands for a list, and is no deviation any more."),
    rule("json-list-form-removed", "R/SS/N",
         "A form in JSON that stands for a list is a deviation again.",
         "be ready for a DeviationError where you call with `strict=True`"),
    rule("sample-added", "N/NN/N", "The mock knows a further invented value.", reading=_WORDING),
    rule("sample-removed", "N/NN/S",
         "The mock no longer knows an invented value.",
         "give the mock another value in your tests than that of {what}", reading=_WORDING),
    rule("sample-changed", "N/NN/S",
         "The mock knows another invented value.",
         "give the mock {new} in your tests, in place of {old}", reading=_WORDING),
)  # fmt: skip


def compare_document(old: Index, new: Index) -> Iterator[RuleFinding]:
    """Compare what holds for the whole of two interfaces."""
    one, other = old.interface, new.interface
    system = Spot(what=other.system, old=(), new=(), spans=(one.span, other.span))
    yield from differ(system.at("title", "text"), "system-title-changed", one.title, other.title)
    yield from differ(system.at("title", "en"), "system-reworded", one.title_en, other.title_en)
    yield from differ(
        system.at("conventions", "time_zone", "name"), "zone-changed", one.zone, other.zone
    )
    yield from _missing(system.at("conventions", "missing"), one.missing, other.missing)
    yield from _json_lists(system.at("conventions", "json_lists"), one, other)
    yield from _document(system.at("document"), one.document, other.document)
    yield from _samples(dict(one.samples), dict(other.samples))
    yield from unjudged(system, one, other)


def _json_lists(spot: Spot, old: Interface, new: Interface) -> Iterator[RuleFinding]:
    before, after = old.json_lists, new.json_lists
    yield from elements(
        spot.at("forms"),
        before.forms if before is not None else (),
        after.forms if after is not None else (),
        "json-list-form-removed",
        "json-list-form-added",
    )
    if before is not None and after is not None:
        yield from provenance(spot, before.cite, after.cite)


def _document(spot: Spot, old: Document, new: Document) -> Iterator[RuleFinding]:
    rows = (
        ("file", "document-replaced", "file"),
        ("title", "document-title-changed", "title"),
        ("language", "document-language-changed", "language"),
        ("publisher", "publisher-changed", "publisher"),
        ("publisher_en", "publisher-reworded", "publisher_en"),
    )
    yield from values(spot, old, new, rows)
    yield from unjudged(spot, old, new)
    yield from _revisions(spot, old, new)
    yield from _facts(spot, old, new)


def _revisions(document: Spot, old: Document, new: Document) -> Iterator[RuleFinding]:
    matched = match(
        old.revisions, new.revisions, (lambda r: r.version, lambda r: (r.date, r.change))
    )

    def spot(a: Revision, b: Revision) -> Spot:
        return Spot(
            what=f"revision {b.version}",
            old=("document", "revisions", a.version),
            new=("document", "revisions", b.version),
            cites=(a.cite, b.cite),
            spans=document.spans,
        )

    rows = (
        ("version", "revision-changed", ""),
        ("date", "revision-changed", "date"),
        ("change", "revision-changed", "change"),
        ("en", "revision-reworded", "en"),
    )
    yield from compare_each(
        matched,
        spot,
        rows,
        gone="revision-removed",
        added="revision-added",
        told=_describe_revision,
    )


def _describe_revision(revision: Revision) -> str:
    return ", ".join(filter(None, (revision.date, revision.en or revision.change)))


def _facts(document: Spot, old: Document, new: Document) -> Iterator[RuleFinding]:
    matched = match(
        old.facts, new.facts, (lambda f: f.name, lambda f: (f.label, f.text) if f.label else None)
    )

    def spot(a: Fact, b: Fact) -> Spot:
        return Spot(
            what=f"fact {b.name}",
            old=("document", "facts", a.name),
            new=("document", "facts", b.name),
            cites=(a.cite, b.cite),
            spans=document.spans,
        )

    rows = (
        ("label", "fact-changed", "label"),
        ("text", "fact-changed", "text"),
        ("name", "fact-reworded", ""),
        ("en", "fact-reworded", "en"),
    )
    yield from compare_each(
        matched,
        spot,
        rows,
        gone="fact-removed",
        added="fact-added",
        told=lambda fact: fact.text or fact.en,
    )


def _missing(spot: Spot, old: Missing, new: Missing) -> Iterator[RuleFinding]:
    for form, before, after in (("json", old.json, new.json), ("xml", old.xml, new.xml)):
        place = Spot(
            what=f"a missing value in {form.upper()}",
            old=spot.old,
            new=spot.new,
            cites=(old.cite, new.cite),
        ).at(form)
        yield from elements(place, before, after, "missing-form-removed", "missing-form-added")
    named = Spot(what="missing values", old=spot.old, new=spot.new, cites=(old.cite, new.cite))
    yield from provenance(named, old.cite, new.cite)
    yield from unjudged(named, old, new)


def _samples(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[RuleFinding]:
    def spot(name: str) -> Spot:
        return Spot(what=f"sample {name}", old=("samples", name), new=("samples", name))

    for name in old:
        if name not in new:
            yield spot(name).gone().found("sample-removed", old[name])
        else:
            yield from differ(spot(name), "sample-changed", old[name], new[name])
    for name in new:
        if name not in old:
            yield spot(name).added().found("sample-added", "", new[name])
