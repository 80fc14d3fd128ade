"""Compare the meanings of HTTP statuses, of a system or of one operation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import provenance, values
from gridwright.diff.match import match
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Status

__all__ = ["RULES", "compare_statuses"]

RULES = (
    rule("status-added", "S/SS/R",
         "An HTTP status becomes an error of its own.",
         "catch the new error ({new}) where you looked at the status"),
    rule("status-removed", "R/SS/B",
         "An HTTP status no longer becomes an error of its own.",
         "look at the status where you caught the error of {old}"),
    rule("status-covered-otherwise", "S/SS/N",
         "An HTTP status is said by itself where all that begin like it were, or the reverse."),
    rule("status-maps-elsewhere", "R/SS/B",
         "An HTTP status becomes another error.",
         "catch the error {new} where you caught {old}"),
    rule("limit-used-up-otherwise", "R/SS/R",
         "A refusal says, or no longer says, that a limit is used up.",
         "expect a LimitError before anything is sent, until the limit resets, where it says so"),
    rule("status-label-changed", "S/NN/N", "The document explains an HTTP status otherwise."),
    rule("status-reworded", "N/NN/N", "We explain an HTTP status in other words.",
         reading=DocumentReading.WORDING),
)  # fmt: skip


def compare_statuses(
    spot: Spot, old: Sequence[Status], new: Sequence[Status]
) -> Iterator[RuleFinding]:
    """Compare the statuses of two interfaces, or of two operations.

    Args:
        spot: the mapping of statuses.
        old: those of the old side.
        new: those of the new side.
    """
    matched = match(old, new, (lambda s: s.code,))

    def status_spot(a: Status, b: Status) -> Spot:
        return replace(
            spot.at(b.wire),
            what=f"status {b.wire}{_of(spot)}",
            cites=(a.cite, b.cite),
            spans=(a.span, b.span),
        )

    for a, b in matched.pairs:
        place = status_spot(a, b)
        rows = (
            ("error", "status-maps-elsewhere", "error"),
            ("breaks", "limit-used-up-otherwise", "breaks"),
            ("label", "status-label-changed", "label"),
            ("note", "status-label-changed", "note"),
            ("en", "status-reworded", "en"),
        )
        yield from values(place, a, b, rows)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)
    for status in matched.gone:
        rule_id = "status-covered-otherwise" if _covered(status, new) else "status-removed"
        yield status_spot(status, status).gone().found(rule_id, status.error)
    for status in matched.added:
        rule_id = "status-covered-otherwise" if _covered(status, old) else "status-added"
        yield status_spot(status, status).added().found(rule_id, "", status.error)


def _covered(status: Status, others: Sequence[Status]) -> bool:
    """Whether what is said of all statuses that begin like this one says the same of it."""
    if status.code in _MEANT_EVERYWHERE:
        return False
    return any(
        (other.code, other.error, other.breaks) == (status.code // 100, status.error, status.breaks)
        for other in others
    )


_MEANT_EVERYWHERE = frozenset({401, 403, 429})
"""What these mean is more exact than what is said of all that begin like them, here and there."""


def _of(spot: Spot) -> str:
    """Name the operation that a status is of; nothing where it is the system's."""
    return f" of {spot.what}" if spot.what != "statuses" else ""
