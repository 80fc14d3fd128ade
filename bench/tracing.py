"""Seconds of `gridwright trace` over all documents.

Where the documents are not at hand the recorded hashes of their lines stand for them. What counts
is processor time, as for the generator: see `bench/generating.py`.
"""

import json
import os
from pathlib import Path
from statistics import median

from bench.children import ROOT, Spent, run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows"]


def rows(size: Size) -> list[Row]:
    """Measure the row of this group."""
    documents = _documents()
    _trace(documents)  # not counted: compiles what it imports
    starts = [run_python("-c", "pass") for _ in range(size.generate_rounds)]
    costs = [_trace(documents) for _ in range(size.generate_rounds)]
    compared = {_lines(cost.output) for cost in costs}
    require_equal(len(compared), 1, "trace, lines that are cited or dismissed")
    cpu = [cost.cpu_seconds for cost in costs]
    start = [cost.cpu_seconds for cost in starts]
    return [
        Row(
            name="trace-documents",
            what="gridwright trace over all documents, interpreter start taken off",
            unit="s",
            estimate=Estimate(best=min(cpu) - min(start), median=median(cpu) - median(start)),
            target=Target("at most", 1.0),
            compared=compared.pop(),
            details={
                "texts_at_hand": float(documents is not None),
                "wall_seconds_best": min(cost.wall_seconds for cost in costs),
                "wall_seconds_median": median(cost.wall_seconds for cost in costs),
            },
        )
    ]


def _documents() -> Path | None:
    given = os.environ.get("GRIDWRIGHT_DOCUMENTS")
    folder = Path(given) if given else ROOT.parent / "shared" / "documents"
    return folder if folder.is_dir() else None


def _trace(documents: Path | None) -> Spent:
    given = () if documents is None else ("--documents", str(documents))
    return run_python("-m", "gridwright", "trace", "--json", *given)


def _lines(output: str) -> int:
    return sum(system["cited"] + system["dismissed"] for system in json.loads(output)["systems"])
