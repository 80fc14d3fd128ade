"""Importing a system's package, alone and with its client, against httpx2 and msgspec.

Every import is made by a fresh process, which times it itself: the interpreter's own start, which
is the same for all, does not count.
"""

import json

from bench.children import run_python
from bench.equal import require_equal
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import in_order, ratio

__all__ = ["rows"]

_CODE = """
import gc, sys, time
started = time.process_time()
{statement}
seconds = time.process_time() - started
import httpx2, msgspec, json
from gridwright_apis import kepco_opm
same = [httpx2.__version__, msgspec.__version__, kepco_opm.Client.__module__]
print(json.dumps([seconds, same]))
"""
_STATEMENTS = {
    "libraries": "import httpx2, msgspec",
    "package": "import gridwright_apis.kepco_opm",
    "client": "from gridwright_apis import kepco_opm; kepco_opm.Client, kepco_opm.AsyncClient",
}


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    seconds: dict[str, list[float]] = {name: [] for name in _STATEMENTS}
    compared = 0
    first = _import("client")[1]  # not counted: it may have to compile
    for number in range(size.child_rounds):
        for name in in_order(tuple(_STATEMENTS), number):
            taken, same = _import(name)
            seconds[name].append(taken)
            compared += require_equal(same, first, f"import, {name}")
    details = {f"{name}_ms": min(taken) * 1000 for name, taken in seconds.items()}
    return [
        Row(
            name=f"import-{name}",
            what=f"{what}, against importing httpx2 and msgspec",
            unit="x time",
            estimate=ratio(tuple(seconds[name]), tuple(seconds["libraries"])),
            target=Target("at most", 1.5),
            compared=compared,
            details=details,
        )
        for name, what in (
            ("package", "import gridwright_apis.kepco_opm"),
            ("client", "the same with Client and AsyncClient"),
        )
    ]


def _import(name: str) -> tuple[float, list[str]]:
    found = json.loads(run_python("-c", _CODE.format(statement=_STATEMENTS[name])).output)
    return found[0], found[1]
