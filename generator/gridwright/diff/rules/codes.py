"""Code lists: closed for what is sent, open for what is received."""

from collections.abc import Iterator

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, provenance, values
from gridwright.diff.index import REPLY, Index
from gridwright.diff.match import Matched, Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Code, CodeList

__all__ = ["RULES", "compare_codes"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("code-list-added", "S/NN/S", "There is a further code list."),
    rule("code-list-removed", "R/NN/B",
         "A code list is gone.",
         "stop importing the constants of {what}"),
    rule("code-list-renamed", "N/NN/B",
         "A code list has been renamed in Python.",
         "import the constants of `{new}` in place of `{old}`", reading=_WORDING),
    rule("code-list-reworded", "N/NN/N", "We describe a code list in other words.",
         reading=_WORDING),
    rule("request-code-added", "S/SS/S",
         "A list of codes that are sent has a further one.",
         "nothing; send {what} only to a service that is new enough"),
    rule("request-code-removed", "R/BS/B",
         "A list of codes that are sent has lost one.",
         "stop sending {what}; it is refused before it is sent"),
    rule("reply-code-added", "S/RS/S",
         "A list of codes that are received has a further one.",
         "decide what {what} means to you where you tell codes apart"),
    rule("reply-code-removed", "R/SR/B",
         "A list of codes that are received has lost one.",
         "stop comparing with the constant of {what}"),
    rule("code-renamed", "N/NN/B",
         "A code has been renamed in Python.",
         "write `{new}` in place of `{old}`", reading=_WORDING),
    rule("code-value-changed", "R/BB/R",
         "A code is written otherwise on the wire.",
         "use the constant, not the text `{old}`; upgrade when the service does"),
    rule("code-label-changed", "S/NN/N", "The document explains a code otherwise."),
    rule("code-reworded", "N/NN/N", "We describe a code in other words.", reading=_WORDING),
)  # fmt: skip


def compare_codes(
    old: Index, new: Index, matched: Matched[CodeList], names: Names
) -> Iterator[RuleFinding]:
    """Compare all code lists of two interfaces."""
    for one, other in matched.pairs:
        yield from _list(old, new, one, other, names)
    for codes in matched.gone:
        yield _spot(codes, codes).gone().found("code-list-removed", _values(codes))
    for codes in matched.added:
        yield _spot(codes, codes).added().found("code-list-added", "", _values(codes))


def _list(
    old: Index, new: Index, one: CodeList, other: CodeList, names: Names
) -> Iterator[RuleFinding]:
    spot = _spot(one, other)
    yield from differ(spot, "code-list-renamed", one.name, other.name)
    yield from values(spot, one, other, (("en", "code-list-reworded", "en"),))
    yield from provenance(spot, one.cite, other.cite)
    yield from unjudged(spot, one, other)
    use, now = old.code_use(one.name), new.code_use(other.name)
    kept = use.ways_kept(now, names.operations)
    ways = kept or (REPLY,)
    idle = "" if kept else "no operation that is generated uses the list on both sides"
    matched = match(one.values, other.values, (lambda c: c.value, lambda c: c.name))

    def code_spot(a: Code, b: Code) -> Spot:
        return Spot(
            what=f"{other.name}.{b.name}",
            old=("codes", one.name, "values", a.value),
            new=("codes", other.name, "values", b.value),
            cites=(a.cite, b.cite),
            spans=(one.span, other.span),
            wire_idle=idle,
            concerns=spot.concerns,
        )

    for a, b in matched.pairs:
        place = code_spot(a, b)
        yield from differ(place, "code-value-changed", a.value, b.value)
        rows = (
            ("name", "code-renamed", "name"),
            ("label", "code-label-changed", "label"),
            ("en", "code-reworded", "en"),
        )
        yield from values(place, a, b, rows)
        # A code takes the source of its list where it has none of its own.
        if a.cite != one.cite or b.cite != other.cite:
            yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)
    for way in ways:
        for code in matched.gone:
            yield code_spot(code, code).gone().found(f"{way}-code-removed", _described(code))
        for code in matched.added:
            yield code_spot(code, code).added().found(f"{way}-code-added", "", _described(code))


def _spot(one: CodeList, other: CodeList) -> Spot:
    return spot_of(other.name, ("codes",), one, other)


def _values(codes: CodeList) -> tuple[str, ...]:
    return tuple(code.value for code in codes.values)


def _described(code: Code) -> str:
    return f"{code.value}: {code.en}"
