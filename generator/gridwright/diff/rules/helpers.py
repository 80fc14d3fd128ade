"""Paging and reconciling: methods of the client that call an operation for their own ends."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, optional, provenance, values
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Field, InReply, Paging, Reconcile, Reply

__all__ = ["RULES", "compare_paging", "compare_reconcile", "layouts"]

RULES = (
    rule("paging-added", "S/NN/S",
         "A long answer can be walked through.",
         "nothing; `{new}()` is there to be called"),
    rule("paging-removed", "R/NN/B",
         "A long answer can no longer be walked through.",
         "ask for the parts yourself where you called `{old}()`"),
    rule("iterator-renamed", "N/NN/B",
         "The iterator over a long answer has been renamed in Python.",
         "call `{new}()` in place of `{old}()`", reading=DocumentReading.WORDING),
    rule("paging-path-changed", "R/BB/R",
         "What asks for a page of a long answer, or ends the answer, stands elsewhere.",
         "upgrade when the service does: pages are cut by {new}"),
    rule("paging-form-changed", "R/BB/B",
         "The pages of a long answer are asked for in another way.",
         "upgrade when the service does; positions of walks before do not fit any more"),
    rule("first-page-changed", "B/BB/R",
         "The first page, or record, of a long answer has another number.",
         "upgrade when the service does"),
    rule("last-page-sooner", "B/NN/R",
         "A page of a long answer may not begin as late as before.",
         "ask for less at once where a walk ends with an error"),
    rule("last-page-later", "S/NN/S",
         "A page of a long answer may begin later than before.",
         "nothing"),
    rule("last-page-told-otherwise", "B/BB/R",
         "Other words say that another page follows.",
         "upgrade when the service does"),
    rule("paging-key-changed", "R/NN/R",
         "Another field tells the records of a long answer apart.",
         "check that no two records share {new}"),
    rule("page-size-changed", "S/SS/R",
         "A walk asks for another number of rows at a time.",
         "nothing; say `page_size` where you want another"),
    rule("reconcile-added", "S/NN/S",
         "The outcome of a write can be found out.",
         "nothing; `{new}` helps after an OutcomeUnknownError"),
    rule("reconcile-removed", "R/NN/B",
         "The outcome of a write can no longer be found out.",
         "look for the outcome yourself where you called `{old}`"),
    rule("reconcile-renamed", "N/NN/B",
         "The helper after a write has been renamed in Python.",
         "call `{new}()` in place of `{old}()`", reading=DocumentReading.WORDING),
    rule("reconcile-search-changed", "R/NN/R",
         "Another operation finds what a write left behind.",
         "check what the helper takes for stored"),
    rule("reconcile-fields-changed", "R/NN/R",
         "What was sent is looked for by other fields, or counts as stored in other states.",
         "check what the helper takes for stored"),
    rule("reconcile-reworded", "N/NN/N",
         "We describe how to learn the outcome of a write otherwise.",
         reading=DocumentReading.WORDING),
)  # fmt: skip


def compare_paging(spot: Spot, old: Paging | None, new: Paging | None) -> Iterator[RuleFinding]:
    """Compare how a long answer is read in parts."""

    def both(a: Paging, b: Paging) -> Iterator[RuleFinding]:
        place = replace(spot.at("paging"), cites=(a.cite, b.cite), spans=(a.span, b.span))
        if a.form != b.form:  # pages and records are counted from numbers of their own
            b = replace(b, first=a.first)
        rows = (
            ("name", "iterator-renamed", "name"),
            ("form", "paging-form-changed", "form"),
            ("begin", "paging-path-changed", "begin"),
            ("end", "paging-path-changed", "end"),
            ("sends", "paging-path-changed", "sends"),
            ("first", "first-page-changed", "first"),
            ("size", "paging-path-changed", "size"),
            ("total", "paging-path-changed", "total"),
            ("records", "paging-path-changed", "records"),
            ("more_values", "last-page-told-otherwise", "more"),
            ("keys", "paging-key-changed", "key"),
            ("page_size", "page-size-changed", "page_size"),
        )
        yield from values(place, a, b, rows)
        for name in ("read", "total_at", "pages", "more"):
            was, now = _spelt(getattr(a, name)), _spelt(getattr(b, name))
            yield from differ(place.at(name), "paging-path-changed", was, now)
        if a.at_most != b.at_most:
            is_sooner = b.at_most is not None and (a.at_most is None or b.at_most < a.at_most)
            which = "last-page-sooner" if is_sooner else "last-page-later"
            was, now = str(a.at_most or "any"), str(b.at_most or "any")
            yield from differ(place.at("at_most"), which, was, now)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)

    place = spot.at("paging")
    yield from optional(place, old, new, "paging-removed", "paging-added", both, lambda p: p.name)


def _spelt(place: InReply | None) -> str:
    if place is None:
        return ""
    return f"header {place.header}" if place.header else ".".join(place.path)


def compare_reconcile(
    spot: Spot, old: Reconcile | None, new: Reconcile | None, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    """Compare how the outcome of a write is learnt; ``names`` has new operations by old ones."""

    def both(a: Reconcile, b: Reconcile) -> Iterator[RuleFinding]:
        place = replace(spot.at("reconcile"), cites=(a.cite, b.cite), spans=(a.span, b.span))
        rows = (
            ("name", "reconcile-renamed", "name"),
            ("by", "reconcile-fields-changed", "by"),
            ("standing", "reconcile-fields-changed", "standing"),
            ("en", "reconcile-reworded", "en"),
        )
        yield from values(place, a, b, rows)
        search = names.get(a.search, a.search)
        yield from differ(place.at("search"), "reconcile-search-changed", search, b.search)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)

    place = spot.at("reconcile")
    yield from optional(
        place, old, new, "reconcile-removed", "reconcile-added", both,
        lambda r: f"{r.name}()" if r.name else f"a search by {r.search}()",
    )  # fmt: skip


def layouts(spot: Spot, old: Reply | Field, new: Reply | Field) -> Iterator[RuleFinding]:
    """Compare how JSON lays a list out."""
    before, after = map(_layout_words, (old, new))
    yield from differ(spot, "list-laid-out-otherwise", before, after)


def _layout_words(one: Reply | Field) -> str:
    if one.keyed_by:
        return f"keyed by {one.keyed_by}"
    if isinstance(one, Field) or not one.names:
        return one.layout or "objects"
    by = f" by {one.named_by}" if one.named_by else ""
    return f"{one.layout}, whose columns {one.names} names{by}"
