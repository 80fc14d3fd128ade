"""Amendments, and where facts come from: what we make of the document, and how sure we are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import values
from gridwright.diff.index import Index
from gridwright.diff.match import match
from gridwright.diff.places import Path, followed
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Amendment
from gridwright.ir.words import AmendmentKind

__all__ = ["RULES", "compare_amendments"]

_RULING, _SOURCE, _WORDING = DocumentReading.RULING, DocumentReading.SOURCE, DocumentReading.WORDING

RULES = (
    rule("erratum-added", "R/NN/N",
         "The document is found to contradict itself or to leave something open, and a ruling "
         "says what counts.", reading=_RULING),
    rule("erratum-withdrawn", "R/NN/N",
         "An erratum is withdrawn: what is printed counts again.", reading=_RULING),
    rule("observation-added", "S/NN/N",
         "Real replies are found to be otherwise than the document says.", reading=_RULING),
    rule("observation-withdrawn", "R/NN/N",
         "An observation of real replies is withdrawn.", reading=_RULING),
    rule("private-amendment-added", "S/NN/N",
         "A private amendment is laid over the spec.", reading=_RULING),
    rule("private-amendment-withdrawn", "R/NN/N",
         "A private amendment is withdrawn.", reading=_RULING),
    rule("amendment-kind-changed", "R/NN/N",
         "An amendment counts as another kind: erratum, observation or private.", reading=_RULING),
    rule("amendment-patch-changed", "R/NN/N",
         "An amendment changes other places, or to other values.", reading=_RULING),
    rule("amendment-finding-changed", "R/NN/N",
         "An amendment finds something else wrong, missing or open.", reading=_RULING),
    rule("amendment-ruling-changed", "R/NN/N",
         "An amendment's ruling is put otherwise.", reading=_RULING),
    rule("amendment-evidence-changed", "S/NN/N",
         "An amendment rests on other evidence, or on evidence of another strength.",
         reading=_SOURCE),
    rule("amendment-lines-changed", "N/NN/N",
         "An amendment cites other lines of the document.", reading=_SOURCE),
    rule("amendment-concerns-changed", "N/NN/N",
         "An amendment is shown at other places of the spec.", reading=_WORDING),
    rule("amendment-renamed", "N/NN/N", "An amendment has another id.", reading=_WORDING),
    rule("basis-weaker", "R/NN/N",
         "A fact is believed on weaker grounds.", reading=_SOURCE),
    rule("basis-stronger", "S/NN/N",
         "A fact is believed on stronger grounds.", reading=_SOURCE),
    rule("reason-reworded", "N/NN/N",
         "The reason why a fact is believed is put otherwise.", reading=_SOURCE),
    rule("lines-moved", "N/NN/N",
         "A fact cites other lines of the document.", reading=_SOURCE),
    rule("lines-no-longer-cited", "R/NN/N",
         "A fact no longer cites a line of the document.", reading=_SOURCE),
    rule("lines-now-cited", "S/NN/N",
         "A fact that cited no line cites one.", reading=_SOURCE),
)  # fmt: skip

_ADDED: Mapping[AmendmentKind, str] = {
    "erratum": "erratum-added",
    "observation": "observation-added",
    "private": "private-amendment-added",
}
_WITHDRAWN: Mapping[AmendmentKind, str] = {
    "erratum": "erratum-withdrawn",
    "observation": "observation-withdrawn",
    "private": "private-amendment-withdrawn",
}


def compare_amendments(
    old: Index, new: Index, renamed: Mapping[Path, Path]
) -> Iterator[RuleFinding]:
    """Compare the amendments that were laid over two transcriptions.

    Args:
        old: the old side.
        new: the new side.
        renamed: new paths by old ones; a place under a new name is no other place.
    """
    matched = match(
        old.interface.amendments,
        new.interface.amendments,
        (
            lambda a: a.id,
            lambda a: (a.changes, a.lines) if a.changes else None,
            lambda a: a.finding,
        ),
    )
    for one, other in matched.pairs:
        spot = _spot(one, other)
        rows = (
            ("id", "amendment-renamed", ""),
            ("kind", "amendment-kind-changed", ""),
            ("finding", "amendment-finding-changed", ""),
            ("ruling", "amendment-ruling-changed", ""),
            ("evidence", "amendment-evidence-changed", ""),
            ("strength", "amendment-evidence-changed", ""),
            ("lines", "amendment-lines-changed", ""),
        )
        yield from values(spot, one, other, rows)
        patches = tuple((followed(c[0], renamed), *c[1:]) for c in one.changes)
        if patches != other.changes:
            yield spot.found("amendment-patch-changed", _patch(one), _patch(other))
        elif tuple(followed(place, renamed) for place in one.about) != other.about:
            yield spot.found("amendment-concerns-changed", one.about, other.about)
        yield from unjudged(spot, one, other)
    for amendment in matched.gone:
        rule_id = _WITHDRAWN[amendment.kind]
        yield _spot(amendment, amendment).gone().found(rule_id, f"ruling: {amendment.ruling}")
    for amendment in matched.added:
        rule_id = _ADDED[amendment.kind]
        yield _spot(amendment, amendment).added().found(rule_id, "", f"ruling: {amendment.ruling}")


def _patch(amendment: Amendment) -> str:
    return "; ".join(
        f"{place}: {printed or 'nothing'} → {used or 'removed'}"
        for place, printed, used in amendment.changes
    )


def _spot(one: Amendment, other: Amendment) -> Spot:
    # Amendments stand in files of their own: the span leads there, the path is for reading.
    spot = Spot(
        what=f"{other.kind} {other.id}",
        old=("amendments", one.id),
        new=("amendments", other.id),
        spans=(one.span, other.span),
    )
    places = len(other.about)
    shown = ", ".join(other.about[:3]) + (f" and {places - 3} more" if places > 3 else "")
    return replace(spot, concerns=f"about {shown}" if shown else "")
