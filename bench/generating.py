"""Seconds of `gridwright generate`: nothing changed, one field changed, or all of a large system.

Generator, templates and specs are copied into a temporary folder, so that nothing that happens to
the checkout meanwhile matters. What counts is the processor time of the process less that of an
interpreter that does nothing: what it would take on a machine that is idle. Seconds of wall clock
are among the details.
"""

import json
import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.children import ROOT, Spent, run_python
from bench.diffing import synthetic_spec
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows"]

_SYSTEM = "kepco_opm"
_LARGE = "large"
_LABEL = "en: business registration number"
_CHANGED = "en: number of the business registration"


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    with TemporaryDirectory() as folder:
        copy = _Copy(Path(folder))
        return [*_rows(copy, size), *_large(copy, size)]


class _Copy:
    """A copy of generator, templates and specs, with an output folder of its own."""

    def __init__(self, folder: Path) -> None:
        ignored = shutil.ignore_patterns("__pycache__")
        for name in ("generator", "templates", "specs"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        self._folder = folder
        self._spec = folder / "specs" / _SYSTEM / "interface.yaml"
        self._as_it_was = self._spec.read_text(encoding="utf-8")

    def generate(
        self, out: str = "out", system: str = _SYSTEM, specs: str = "specs"
    ) -> tuple[Spent, int]:
        """Run the generator; returns what it cost and how many files it wrote."""
        spent = run_python(
            *("-m", "gridwright", "generate", system, "--json"),
            *("--specs", specs, "--out", out),
            folder=self._folder,
            environment={"PYTHONPATH": str(self._folder / "generator")},
        )
        (row,) = json.loads(spent.output)["systems"]
        return spent, row["written"]

    def add_large_system(self, operations: int) -> str:
        """Write an invented spec; returns the folder of specs that holds it alone."""
        folder = self._folder / f"specs-{operations}" / _LARGE
        folder.mkdir(parents=True)
        text = synthetic_spec(operations, changed=False)
        (folder / "interface.yaml").write_text(text, encoding="utf-8")
        return folder.parent.name

    def change_field(self, changed: bool) -> None:
        """Give one field of the spec another English label, or its own again."""
        if self._as_it_was.count(_LABEL) != 1:
            raise RuntimeError("the spec has no such line any more: adapt bench/generating.py")
        text = self._as_it_was.replace(_LABEL, _CHANGED) if changed else self._as_it_was
        self._spec.write_text(text, encoding="utf-8")

    def tree(self, out: str = "out") -> dict[str, bytes]:
        """Return every file of the output."""
        root = self._folder / out
        files = (path for path in root.rglob("*") if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _rows(copy: _Copy, size: Size) -> list[Row]:
    copy.generate()  # not counted: compiles what it imports
    original = copy.tree()
    copy.change_field(True)
    copy.generate("fresh")
    changed = copy.tree("fresh")
    copy.change_field(False)
    spent: dict[str, list[Spent]] = {}
    compared = {"unchanged": 0, "one-field": 0}
    for _ in range(size.generate_rounds):
        spent.setdefault("start", []).append(run_python("-c", "pass"))
        spent.setdefault("yaml", []).append(run_python("-c", "import yaml, jsonschema"))
        cost, written = copy.generate()
        require_equal(written, 0, "generate with nothing changed, files written")
        compared["unchanged"] += _same(copy.tree(), original, "generate with nothing changed")
        spent.setdefault("unchanged", []).append(cost)
        for is_changed, expected in ((True, changed), (False, original)):
            copy.change_field(is_changed)
            cost, _ = copy.generate()
            compared["one-field"] += _same(copy.tree(), expected, "generate after a change")
            spent.setdefault("one-field", []).append(cost)
    return [
        _row("unchanged", "make generate with nothing changed", 1 / 3, spent, compared),
        _row("one-field", "make generate after a change of one field", 2.0, spent, compared),
    ]


def _large(copy: _Copy, size: Size) -> list[Row]:
    """Measure a large system, and one of half as many operations beside it."""
    counts = (size.generate_operations // 2, size.generate_operations)
    spent: dict[int, list[Spent]] = {count: [] for count in counts}
    start: list[Spent] = []
    specs = {count: copy.add_large_system(count) for count in counts}
    files = {}
    for turn in range(min(size.generate_rounds, 3)):
        start.append(run_python("-c", "pass"))
        for count in counts:
            cost, files[count] = copy.generate(f"large-{count}-{turn}", _LARGE, specs[count])
            spent[count].append(cost)
    half, whole = (
        Estimate(best=min(costs), median=median(costs))
        for costs in (
            [c.cpu_seconds - s.cpu_seconds for c, s in zip(spent[count], start, strict=True)]
            for count in counts
        )
    )
    wall = min(cost.wall_seconds for cost in spent[counts[1]])
    return [
        Row(
            name="generate-large",
            what=f"make generate of {counts[1]} operations, interpreter start taken off",
            unit="s",
            estimate=whole,
            target=Target("at most", 20.0),
            compared=files[counts[1]],
            details={"wall_seconds_best": wall},
        ),
        Row(
            name="generate-growth",
            what=f"the same against half as many operations ({counts[0]}); 2 is linear",
            unit="x time",
            estimate=Estimate(whole.best / half.best, whole.median / half.median),
            target=Target("at most", 2.2),
            compared=files[counts[0]],
        ),
    ]


def _row(
    name: str, what: str, seconds: float, spent: dict[str, list[Spent]], compared: dict[str, int]
) -> Row:
    cpu = {key: [one.cpu_seconds for one in costs] for key, costs in spent.items()}
    wall = {key: [one.wall_seconds for one in costs] for key, costs in spent.items()}
    return Row(
        name=f"generate-{name}",
        what=f"{what}, interpreter start taken off",
        unit="s",
        estimate=Estimate(
            best=min(cpu[name]) - min(cpu["start"]),
            median=median(cpu[name]) - median(cpu["start"]),
        ),
        target=Target("at most", seconds),
        compared=compared[name],
        details={
            "wall_seconds_best": min(wall[name]) - min(wall["start"]),
            "wall_seconds_median": median(wall[name]) - median(wall["start"]),
            "start_cpu_seconds": min(cpu["start"]),
            # How the process compares with one that only imports what reads a spec.
            "times_import_yaml_jsonschema": min(cpu[name]) / min(cpu["yaml"]),
        },
    )


def _same(tree: dict[str, bytes], expected: dict[str, bytes], what: str) -> int:
    require_equal(sorted(tree), sorted(expected), f"{what}, files")
    return sum(
        require_equal(tree[path], data, f"{what}, {path}") for path, data in expected.items()
    )
