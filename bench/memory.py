"""Peak memory of reading a large reply, in a fresh process for every figure.

Three processes, each of which imports everything and reads a small reply before it notes where it
starts from (see `memory_child`):

- peak: reads the body from a file and then into a `Reply`; how high its resident memory rose;
- objects: builds the same records from a file of small replies, one at a time, and keeps only the
  records; how much its resident memory grew, the allocator's free memory given back;
- the body counts with its length.

The ratio is peak over (objects + body). As the small replies leave next to no scratch memory
behind, the objects are not flattered by what a large reply would leave. All three processes end up
with the same records, which a digest shows. The reply has gaps and empty registers, as captured
ones do: it takes the most, since its JSON is written anew before it is decoded.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypedDict

from bench import bodies
from bench.children import run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows"]

_PART = 20
"""Customers in one small reply."""


class Found(TypedDict):
    """What a process says of itself."""

    bytes: int
    records: int
    digest: str
    own_bytes: int


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    days = bodies.days_as_sent(size.customers)
    parts = [days[at : at + _PART] for at in range(0, len(days), _PART)]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "small").write_bytes(b"\n".join(map(bodies.json_body, parts)))
        (place / "json").write_bytes(bodies.json_body(days))
        (place / "xml").write_bytes(bodies.xml_body(days))
        objects = _run("objects", place / "small", size)
        return [_row(kind, place / kind, objects, size) for kind in ("json", "xml")]


def _row(kind: str, file: Path, objects: Sequence[Found], size: Size) -> Row:
    peaks, body = _run(kind, file, size), file.stat().st_size
    for found in (*peaks, *objects):
        require_equal(found["records"], size.customers, f"memory, {kind}, number of records")
        require_equal(found["digest"], objects[0]["digest"], f"memory, {kind}, records")
    peak = [found["bytes"] for found in peaks]
    kept = [found["bytes"] for found in objects]
    return Row(
        name=f"memory-{kind}",
        what=f"peak memory of reading {kind.upper()}, against objects plus body",
        unit="x memory",
        estimate=Estimate(
            best=min(peak) / (min(kept) + body), median=median(peak) / (median(kept) + body)
        ),
        target=Target("at most", 1.5),
        compared=size.customers * len(peaks),
        details={
            "peak_bytes": min(peak),
            "objects_bytes": min(kept),
            # The objects alone, as Python counts them: without the gaps between them.
            "objects_own_bytes": objects[0]["own_bytes"],
            "body_bytes": body,
        },
    )


def _run(kind: str, file: Path, size: Size) -> list[Found]:
    return [
        json.loads(run_python("-m", "bench.memory_child", kind, str(file)).output)
        for _ in range(size.memory_rounds)
    ]
