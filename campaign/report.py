"""Rows as a table for people and as JSON for machines. Never tries anything."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from campaign.rows import Row

__all__ = ["as_data", "breaks", "table"]

_HEADS = ("part", "what", "tried", "broken", "seconds", "ended in")
_RIGHT = {"tried", "broken", "seconds"}
_MOST_ENDS = 4


def table(rows: Sequence[Row]) -> str:
    """Return an aligned table, one line for each row, and a last line that sums it up."""
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
    tried, broken = sum(row.tried for row in rows), sum(row.broken for row in rows)
    return "\n".join([*aligned, "", f"{tried} tried, {broken} broken"])


def breaks(rows: Sequence[Row]) -> str:
    """Return what broke, a line for each.

    A row that tried nothing has shown nothing: that is a break, too, unless this machine lacks
    what it needs; with ``CI=true`` it must not.
    """
    return "\n".join(
        f"{row.part}/{row.name}: {one}" for row in rows for one in (*row.breaks, *_untried(row))
    )


def _untried(row: Row) -> Iterator[str]:
    must_run = os.environ.get("CI") == "true"
    if not row.tried and (must_run or not row.not_tried):
        yield f"nothing was tried: {row.not_tried}" if row.not_tried else "nothing was tried"


def as_data(
    rows: Sequence[Row], facts: Mapping[str, object], seed: int, form: str
) -> dict[str, Any]:
    """Return everything for the JSON file."""
    return {
        "seed": seed,
        "form": form,
        "machine": dict(facts),
        "rows": [
            {
                "part": row.part,
                "name": row.name,
                "promise": row.promise,
                "tried": row.tried,
                "broken": row.broken,
                "not_tried": row.not_tried,
                "breaks": row.breaks,
                "ended_in": dict(row.seen.most_common()),
                "seconds": round(row.seconds, 1),
            }
            for row in rows
        ],
    }


def _cells(row: Row) -> dict[str, str]:
    ends = [f"{count} {what}" for what, count in row.seen.most_common(_MOST_ENDS)]
    if row.not_tried:
        ends = [f"not tried: {row.not_tried}"]
    cells = (
        row.part,
        row.name,
        str(row.tried),
        str(row.broken),
        f"{row.seconds:.1f}",
        ", ".join(ends),
    )
    return dict(zip(_HEADS, cells, strict=True))
