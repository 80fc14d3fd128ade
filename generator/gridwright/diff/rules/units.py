"""Units that a spec declares itself."""

from collections.abc import Iterator

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, provenance, values
from gridwright.diff.index import Index
from gridwright.diff.match import match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import DeclaredUnit

__all__ = ["RULES", "compare_units"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("unit-declared", "S/NN/N", "A further unit is declared."),
    rule("unit-undeclared", "R/NN/N", "A unit is declared no longer."),
    rule("declared-unit-renamed", "N/NN/N", "A declared unit is written otherwise.",
         reading=_WORDING),
    rule("declared-unit-redefined", "B/BB/B",
         "A declared unit is another amount.",
         "check what you have stored in {what}: it was {old}, and is {new}"),
    rule("declared-unit-reworded", "N/NN/N", "We describe a declared unit in other words.",
         reading=_WORDING),
)  # fmt: skip


def compare_units(old: Index, new: Index) -> Iterator[RuleFinding]:
    """Compare the units that two specs declare."""
    matched = match(
        old.interface.units,
        new.interface.units,
        (lambda u: u.name, lambda u: u.same_as or u.en),
    )
    for one, other in matched.pairs:
        spot = _spot(one, other)
        yield from differ(spot, "declared-unit-renamed", one.name, other.name)
        rows = (
            ("same_as", "declared-unit-redefined", "is"),
            ("en", "declared-unit-reworded", "en"),
        )
        yield from values(spot, one, other, rows)
        yield from provenance(spot, one.cite, other.cite)
        yield from unjudged(spot, one, other)
    for unit in matched.gone:
        yield _spot(unit, unit).gone().found("unit-undeclared", _described(unit))
    for unit in matched.added:
        yield _spot(unit, unit).added().found("unit-declared", "", _described(unit))


def _spot(one: DeclaredUnit, other: DeclaredUnit) -> Spot:
    return spot_of(other.name, ("units",), one, other)


def _described(unit: DeclaredUnit) -> str:
    return f"{unit.en}, {unit.same_as}" if unit.same_as else unit.en
