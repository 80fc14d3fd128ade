"""Namespaces that a spec declares: their prefixes and words. What is in them tells where it is."""

from collections.abc import Iterator

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import provenance, values
from gridwright.diff.index import Index
from gridwright.diff.match import match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Namespace

__all__ = ["RULES", "compare_namespaces"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("namespace-declared", "S/NN/N", "A further namespace is declared."),
    rule("namespace-undeclared", "R/NN/N", "A namespace is declared no longer."),
    rule("declared-namespace-changed", "R/NN/N",
         "A declared prefix stands for another namespace: what is in it tells its own change."),
    rule("prefix-renamed", "N/NN/N", "A declared namespace has another prefix.",
         reading=_WORDING),
    rule("declared-namespace-reworded", "N/NN/N",
         "We describe a declared namespace in other words.", reading=_WORDING),
)  # fmt: skip


def compare_namespaces(old: Index, new: Index) -> Iterator[RuleFinding]:
    """Compare the namespaces that two specs declare."""
    matched = match(
        old.interface.namespaces, new.interface.namespaces, (lambda n: n.prefix, lambda n: n.uri)
    )
    for one, other in matched.pairs:
        spot = _spot(one, other)
        rows = (
            ("uri", "declared-namespace-changed", "is"),
            ("prefix", "prefix-renamed", ""),
            ("en", "declared-namespace-reworded", "en"),
        )
        yield from values(spot, one, other, rows)
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)
    for namespace in matched.gone:
        yield _spot(namespace, namespace).gone().found("namespace-undeclared", namespace.uri)
    for namespace in matched.added:
        yield _spot(namespace, namespace).added().found("namespace-declared", "", namespace.uri)


def _spot(one: Namespace, other: Namespace) -> Spot:
    return Spot(
        what=other.prefix,
        old=("conventions", "namespaces", one.prefix),
        new=("conventions", "namespaces", other.prefix),
        cites=(one.cite, other.cite),
        spans=(one.span, other.span),
    )
