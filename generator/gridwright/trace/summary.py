"""Summarise a coverage for readers and for machines. Never shows a document's text."""

from collections.abc import Iterator

from gridwright.trace.coverage import Coverage, in_ranges_alone, kind_rows, runs
from gridwright.trace.facts import Ranges

__all__ = ["as_data", "percent", "table", "write_ranges"]


def table(coverage: Coverage) -> Iterator[str]:
    """Yield the lines of a summary: the whole, then a row for each kind of fact and dismissal."""
    yield (
        f"{coverage.system}: {_percent(coverage)} of {coverage.document}: {coverage.size} lines, "
        f"{len(coverage.cited)} cited, {len(coverage.dismissed)} dismissed, "
        f"{len(coverage.blank)} blank, {len(coverage.left)} left"
    )
    rows = kind_rows(coverage)
    width = max((len(row.kind) for row in rows), default=0)
    if rows:
        yield f"  {'':{width}}  facts  lines  lines of no other kind"
    for row in rows:
        yield f"  {row.kind:<{width}}  {row.facts:>5}  {row.lines:>5}  {row.alone:>5}"
    if within := in_ranges_alone(coverage):
        yield (
            f"  {len(within)} lines are cited by ranges of three lines or more alone: look whether "
            "they hold facts (--in-ranges)"
        )
    for reason, lines in _reasons(coverage).items():
        yield f"  dismissed: {reason}: {lines}"


def as_data(coverage: Coverage) -> dict[str, object]:
    """Return a coverage as plain values."""
    return {
        "system": coverage.system,
        "document": coverage.document,
        "percent": percent(coverage),
        "lines": coverage.size,
        "cited": len(coverage.cited),
        "dismissed": len(coverage.dismissed),
        "blank": len(coverage.blank),
        "left": list(coverage.left),
        "in_ranges": list(in_ranges_alone(coverage)),
        "kinds": [
            {"kind": row.kind, "facts": row.facts, "lines": row.lines, "alone": row.alone}
            for row in kind_rows(coverage)
        ],
        "reasons": [
            {"reason": reason, "lines": lines} for reason, lines in _reasons(coverage).items()
        ],
    }


def percent(coverage: Coverage) -> float:
    """Return how much of a document's text is cited or dismissed; 100 only where all is."""
    lines = coverage.size - len(coverage.blank)
    if not coverage.left or not lines:
        return 100.0
    # Rounded down: what is not whole must not look it.
    return int(1000 * (lines - len(coverage.left)) / lines) / 10


def write_ranges(lines: Ranges) -> str:
    """Write lines as a citation does."""
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in lines)


def _percent(coverage: Coverage) -> str:
    return f"{percent(coverage):g} %"


def _reasons(coverage: Coverage) -> dict[str, str]:
    reasons: dict[str, list[int]] = {}
    for number, reason in coverage.dismissed.items():
        reasons.setdefault(reason, []).append(number)
    return {reason: write_ranges(runs(lines)) for reason, lines in reasons.items()}
