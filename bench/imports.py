"""Importing a system's package, alone and with its client, against httpx2 and msgspec; and beside
another system, against without it.

Every import is made by a fresh process, which times it itself: the interpreter's own start, which
is the same for all, does not count.
"""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.children import ROOT, run_python
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


_APIS = ROOT / "generated" / "gridwright_apis"
_BESIDE = """
import sys, time
sys.path[:] = [{folder!r}, *(one for one in sys.path if one != {generated!r})]
started = time.process_time()
{statement}
seconds = time.process_time() - started
import json
from importlib.util import find_spec
others = [name for name in sys.modules if name.startswith("gridwright_apis.epias_ecms")]
is_there = find_spec("gridwright_apis.epias_ecms") is not None
print(json.dumps([seconds, kepco_opm.__file__, is_there, others]))
"""


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [*_against_libraries(size), _beside_another(size)]


def _against_libraries(size: Size) -> list[Row]:
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


def _beside_another(size: Size) -> Row:
    """Import from two copies of the packages, one of which lacks the other system."""
    seconds: dict[str, list[float]] = {"alone": [], "beside": []}
    compared = 0
    with TemporaryDirectory() as temporary:
        folders = {name: Path(temporary, name) for name in seconds}
        for name, folder in folders.items():
            for system in ("kepco_opm", *(["epias_ecms"] if name == "beside" else [])):
                shutil.copytree(_APIS / system, folder / "gridwright_apis" / system)
            _import_from(folder)  # not counted: it has to compile
        for number in range(2 * size.child_rounds):
            for name in in_order(tuple(seconds), number):
                taken, origin, is_there, others = _import_from(folders[name])
                seconds[name].append(taken)
                compared += require_equal(
                    (Path(origin).is_relative_to(folders[name]), is_there, others),
                    (True, name == "beside", []),
                    f"import, {name}",
                )
    return Row(
        name="import-beside",
        what="the same with another system's package beside it, against without that",
        unit="x time",
        estimate=ratio(tuple(seconds["beside"]), tuple(seconds["alone"])),
        target=Target("at most", 1.1),
        compared=compared,
        details={f"{name}_ms": min(taken) * 1000 for name, taken in seconds.items()},
    )


def _import_from(folder: Path) -> tuple[float, str, bool, list[str]]:
    code = _BESIDE.format(
        folder=str(folder), generated=str(_APIS.parent), statement=_STATEMENTS["client"]
    )
    taken, origin, is_there, others = json.loads(run_python("-c", code).output)
    return taken, origin, is_there, others
