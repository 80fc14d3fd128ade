"""Rules across fields of a request: what is judged before anything is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import compare_bounds, differ, elements, provenance
from gridwright.diff.match import match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Rule
from gridwright.notation.lengths import iso

__all__ = ["RULES", "compare_rules"]

RULES = (
    rule("requirement-added", "R/BN/R",
         "A request has to keep a further rule across fields.",
         "keep the rule: {new}; what breaks it is refused before it is sent"),
    rule("requirement-removed", "S/NS/S",
         "A request no longer has to keep a rule across fields.",
         "nothing; calls that break the former rule need a service that is new enough"),
    rule("requirement-fields-changed", "R/BR/R",
         "A rule across fields is about other fields.",
         "keep the rule for {new}"),
    rule("requirement-condition-changed", "R/BR/R",
         "A rule across fields holds under another condition.",
         "keep the rule where {new}"),
    rule("forbidden-value-added", "R/BS/R",
         "A rule forbids a further value.",
         "do not send {new}; it is refused before it is sent"),
    rule("forbidden-value-removed", "S/SS/S",
         "A rule no longer forbids a value."),
    rule("requested-period-shorter", "R/BS/R",
         "A request may span a shorter period only.",
         "split periods longer than {new}"),
    rule("requested-period-longer", "S/SS/S",
         "A request may span a longer period."),
    rule("requirement-reworded", "N/NN/N", "We put a rule across fields in other words.",
         reading=DocumentReading.WORDING),
)  # fmt: skip


def compare_rules(spot: Spot, old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[RuleFinding]:
    """Compare the rules of one operation; they have no names."""
    matched = match(
        old,
        new,
        (
            lambda r: (r.kind, r.fields, r.when, r.values, r.at_most),
            lambda r: (r.kind, r.fields, r.when),
            lambda r: (r.kind, r.fields),
            lambda r: (r.kind, r.when) if r.when else None,
            lambda r: r.en,
            lambda r: r.kind,
        ),
    )

    def rule_spot(a: Rule, b: Rule) -> Spot:
        return replace(
            spot,
            what=f"rule {b.kind}({', '.join(b.fields)}) of {spot.what}",
            old=None if spot.old is None else (*spot.old, _key(a)),
            new=None if spot.new is None else (*spot.new, _key(b)),
            cites=(a.cite, b.cite),
            spans=(a.span, b.span),
        )

    for a, b in matched.pairs:
        yield from _rule(rule_spot(a, b), a, b)
    for item in matched.gone:
        yield rule_spot(item, item).gone().found("requirement-removed", item.en)
    for item in matched.added:
        yield rule_spot(item, item).added().found("requirement-added", "", item.en)


def _rule(spot: Spot, old: Rule, new: Rule) -> Iterator[RuleFinding]:
    if (old.kind, old.fields) != (new.kind, new.fields):
        yield spot.found("requirement-fields-changed", _describe_rule(old), _describe_rule(new))
    yield from differ(spot, "requirement-condition-changed", _when(old), _when(new))
    yield from elements(
        spot, old.values, new.values, "forbidden-value-removed", "forbidden-value-added"
    )
    yield from compare_bounds(
        spot, _longest(old), _longest(new), "requested-period-shorter", "requested-period-longer"
    )
    yield from differ(spot, "requirement-reworded", old.en, new.en)
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _longest(rule: Rule) -> timedelta | None:
    """Return about how long a period may be; a month is taken for 30.5 days."""
    if rule.at_most is None:
        return None
    return rule.at_most + rule.months * timedelta(days=30.5)


def _key(rule: Rule) -> str:
    """Return what stands for the rule in a place: rules have no keys of their own."""
    longest = _longest(rule)
    details = [*rule.fields, _when(rule), *rule.values, iso(longest) if longest else ""]
    return f"{rule.kind}({', '.join(filter(None, details))})"


def _describe_rule(rule: Rule) -> str:
    return f"{rule.kind} of {', '.join(rule.fields)}"


def _when(rule: Rule) -> str:
    return " and ".join(f"{field} is {' or '.join(values)}" for field, values in rule.when)
