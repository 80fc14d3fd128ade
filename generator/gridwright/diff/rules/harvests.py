"""Hints for bulk work: what `gridwright harvest` does without being told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import differ, optional, provenance, values
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.ir import Harvest

__all__ = ["RULES", "compare_harvest"]

RULES = (
    rule("harvest-added", "S/NN/S",
         "A harvest of an operation needs no options.",
         "nothing; options that you give still count for more"),
    rule("harvest-removed", "R/NN/R",
         "A harvest of an operation needs options that were said before.",
         "give --each, --window and --key"),
    rule("harvest-subjects-changed", "R/NN/R",
         "A harvest takes its subjects from elsewhere.",
         "begin a new lake, or go on with the old one by the options that its manifest has"),
    rule("harvest-window-changed", "R/NN/R",
         "A harvest asks for another stretch of time.",
         "begin a new lake, or go on with the old one by the options that its manifest has"),
    rule("harvest-key-changed", "R/NN/R",
         "Other fields tell the readings of a harvest apart.",
         "begin a new lake: what the old key took for one may be two"),
    rule("harvest-timing-changed", "R/NN/R",
         "A harvest waits for another time, or reads values again for another time.",
         "check that late and corrected values are there"),
    rule("harvest-history-changed", "R/NN/R",
         "A harvest begins with another day.",
         "check which days your lake lacks"),
)  # fmt: skip


def compare_harvest(
    spot: Spot, old: Harvest | None, new: Harvest | None, names: Mapping[str, str]
) -> Iterator[RuleFinding]:
    """Compare the hints for a harvest; ``names`` has new operations by old ones."""

    def both(a: Harvest, b: Harvest) -> Iterator[RuleFinding]:
        place = replace(spot.at("harvest"), cites=(a.cite, b.cite), spans=(a.span, b.span))
        rows = (
            ("each", "harvest-subjects-changed", "each.argument"),
            ("listed_as", "harvest-subjects-changed", "each.field"),
            ("first", "harvest-window-changed", "window"),
            ("last", "harvest-window-changed", "window.to"),
            ("is_end_excluded", "harvest-window-changed", "window.to_is"),
            ("step", "harvest-window-changed", "window.step"),
            ("key", "harvest-key-changed", "key"),
            ("published", "harvest-timing-changed", "published"),
            ("corrected", "harvest-timing-changed", "corrected"),
            ("history", "harvest-history-changed", "history"),
            ("since", "harvest-history-changed", "history.field"),
        )
        yield from values(place, a, b, rows)
        listed_by = names.get(a.listed_by, a.listed_by)
        where = place.at("each", "operation")
        yield from differ(where, "harvest-subjects-changed", listed_by, b.listed_by)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)

    place = spot.at("harvest")
    yield from optional(place, old, new, "harvest-removed", "harvest-added", both, _windows)


def _windows(harvest: Harvest) -> str:
    return f"windows of {harvest.step}"
