"""Peak memory of a long walk, page by page: whether it is flat.

A fresh process (see `walk_child`) walks all records, a hundred pages of them. The ratio is how far
its resident memory rose at its highest over the whole walk, by how far it rose over the first tenth
of the records: 10 where everything is kept, 1 where memory is flat. Records are counted by their
ids: all of them, in order.
"""

import json
from statistics import median
from typing import TypedDict

from bench.children import run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows"]


class Found(TypedDict):
    """What a process says of its walk."""

    early_bytes: int
    bytes: int
    records: int
    requests: int
    tickets: int


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    walks = [_walk(size.walked) for _ in range(size.memory_rounds)]
    for walk in walks:
        require_equal(walk["records"], size.walked, "walk, number of records")
        require_equal(walk["tickets"], walk["requests"], "walk, a ticket for each request")
    ratios = [walk["bytes"] / max(walk["early_bytes"], 1) for walk in walks]
    return [
        Row(
            name="epias-walk-memory",
            what="peak memory of walking all index records, against the first tenth of them",
            unit="x memory",
            estimate=Estimate(best=min(ratios), median=median(ratios)),
            target=Target("at most", 1.1),
            compared=sum(walk["records"] for walk in walks),
            details={
                "peak_bytes": min(walk["bytes"] for walk in walks),
                "early_bytes": min(walk["early_bytes"] for walk in walks),
                "records": size.walked,
                "requests": walks[0]["requests"],
            },
        )
    ]


def _walk(records: int) -> Found:
    found: Found = json.loads(run_python("-m", "bench.walk_child", str(records)).output)
    return found
