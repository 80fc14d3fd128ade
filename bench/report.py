"""Rows as a table for people and as JSON for machines. Never measures."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.rows import Row

__all__ = ["as_data", "table"]

_HEADS = ("row", "best", "median", "target", "verdict", "compared", "what")
_RIGHT = {"best", "median", "target", "compared"}


def table(rows: Sequence[Row]) -> str:
    """Return an aligned table, one line per row, and a last line that sums it up."""
    lines = [dict(zip(_HEADS, _HEADS, strict=True)), *map(_cells, rows)]
    widths = {head: max(len(line[head]) for line in lines) for head in _HEADS}
    aligned = [
        "  ".join(
            line[head].rjust(widths[head]) if head in _RIGHT else line[head].ljust(widths[head])
            for head in _HEADS
        ).rstrip()
        for line in lines
    ]
    aligned.insert(1, "  ".join("-" * widths[head] for head in _HEADS))
    return "\n".join([*aligned, "", _summary(rows)])


def as_data(rows: Sequence[Row], facts: Mapping[str, object], size: str) -> dict[str, Any]:
    """Return everything for the JSON file."""
    return {
        "size": size,
        "machine": dict(facts),
        "rows": [
            {
                "name": row.name,
                "what": row.what,
                "unit": row.unit,
                "best": None if row.estimate is None else round(row.estimate.best, 4),
                "median": None if row.estimate is None else round(row.estimate.median, 4),
                "target": row.target
                and {"bound": row.target.bound, "value": round(row.target.value, 4)},
                "verdict": row.verdict,
                "reason": row.reason,
                "compared": row.compared,
                "details": {key: round(value, 4) for key, value in row.details.items()},
            }
            for row in rows
        ],
    }


def _cells(row: Row) -> dict[str, str]:
    target = "" if row.target is None else f"{_SIGNS[row.target.bound]} {row.target.value:.2f}"
    unit = "" if row.unit in _LENGTHS else row.unit.removeprefix("x ")
    short = f"{unit}: {row.what}" if unit else row.what
    if row.estimate is None:
        short = f"did not run: {row.reason}"
    cells = (
        row.name,
        _figure(row, None if row.estimate is None else row.estimate.best),
        _figure(row, None if row.estimate is None else row.estimate.median),
        target,
        "MISSED" if row.verdict == "missed" else row.verdict,
        str(row.compared),
        short,
    )
    return dict(zip(_HEADS, cells, strict=True))


def _figure(row: Row, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f} {row.unit if row.unit in _LENGTHS else 'x'}"


def _summary(rows: Sequence[Row]) -> str:
    counts = {
        verdict: [row.name for row in rows if row.verdict == verdict]
        for verdict in ("met", "borderline", "missed", "did not run")
    }
    parts = [f"{len(counts['met'])} met"]
    for verdict in ("borderline", "missed", "did not run"):
        if counts[verdict]:
            parts.append(f"{len(counts[verdict])} {verdict} ({', '.join(counts[verdict])})")
    return f"targets: {', '.join(parts)}; every comparison that ran came to equal results"


_LENGTHS = ("s", "ms", "us")
_SIGNS = {"at least": ">=", "at most": "<="}
