"""Seconds of `gridwright diff`: over all systems, and over a large invented one.

Every system differs in one line, so that none is passed over as equal. What counts is the
processor time of the process less that of an interpreter that does nothing.
"""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.children import ROOT, Spent, run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows", "synthetic_spec"]

_HEAD = """\
gridwright: 1
system: large
title: {text: Large, en: Large, at: 1}
document: {file: large.txt, title: Large, language: en, at: 1}
conventions:
  required_marks: {M: required, O: optional}
  time_zone: {name: Asia/Seoul, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 2}
codes:
  kind:
    en: kind of meter
    at: 3
    values:
      "01": {name: one_phase, label: One}
      "02": {name: three_phases, label: Three}
operations:
"""
_OPERATION = """\
  get_readings_{n}:
    wire_name: getReadings{n}
    en: readings number {n}
    kind: read
    at: {line}
    method: GET
    address: {{text: "https://api.example.com/readings/{n}", at: {line}}}
    formats: [json, xml]
    request:
      meterNo: {{name: meter_number, label: Meter, en: meter, type: text, required: M, size: {size}, personal: yes, at: {line}}}
      day: {{name: day, label: Day, en: day, type: date, required: M, size: 8, format: yyyymmdd, at: {line}}}
      kind: {{name: kind, label: Kind, en: kind, type: code, codes: kind, required: O, size: 2, at: {line}}}
    reply:
      record: Reading{n}
      record_en: reading number {n}
      root: {{element: response, at: {line}}}
      list: {{element: readings, at: {line}}}
      item: {{element: reading, at: {line}}}
      fields:
        meterNo: {{name: meter_number, label: Meter, en: meter, type: text, size: 20, personal: yes, at: {line}}}
        day: {{name: reading_date, label: Day, en: day, type: date, size: 8, format: yyyymmdd, at: {line}}}
        energy: {{name: energy_kwh, label: Energy, en: energy, type: decimal, size: "14,4", unit: kWh, at: {line}}}
        kind: {{name: kind, label: Kind, en: kind, type: code, codes: kind, size: 2, at: {line}}}
"""  # noqa: E501 - a spec's lines
_EVERY = 10
"""One operation of so many differs."""


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    with TemporaryDirectory() as folder:
        return [_all_systems(Path(folder), size), *_synthetic(Path(folder), size)]


def synthetic_spec(operations: int, *, changed: bool) -> str:
    """Write an invented spec; where it is changed, one operation of ten takes longer numbers."""
    parts = [_HEAD]
    for n in range(operations):
        longer = changed and n % _EVERY == 0
        parts.append(_OPERATION.format(n=n, line=10 + n, size=22 if longer else 20))
    return "".join(parts)


def _all_systems(folder: Path, size: Size) -> Row:
    old, new = folder / "old", folder / "new"
    shutil.copytree(ROOT / "specs", old)
    shutil.copytree(ROOT / "specs", new)
    specs = sorted(new.glob("*/interface.yaml"))
    for path in specs:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^(title: .*?text: )", r"\1New ", text, count=1), "utf-8")
    spent, changes = _measured(old, new, size.generate_rounds)
    require_equal(changes, len(specs), "diff over all systems, changes")
    return _row("systems", f"gridwright diff over {len(specs)} systems", 1.0, spent, changes)


def _synthetic(folder: Path, size: Size) -> list[Row]:
    measured: dict[int, tuple[list[Spent], int]] = {}
    for operations in (size.diff_operations // 2, size.diff_operations):
        sides = []
        for changed in (False, True):
            side = folder / f"{operations}-{changed}"
            (side / "large").mkdir(parents=True)
            text = synthetic_spec(operations, changed=changed)
            (side / "large" / "interface.yaml").write_text(text, encoding="utf-8")
            sides.append(side)
        measured[operations] = _measured(sides[0], sides[1], size.generate_rounds)
        expected = -(-operations // _EVERY)
        require_equal(measured[operations][1], expected, f"diff of {operations} operations")
    half, whole = size.diff_operations // 2, size.diff_operations
    spent, changes = measured[whole]
    start = [run_python("-c", "pass").cpu_seconds for _ in range(3)]
    small, large = ([one.cpu_seconds - min(start) for one in measured[n][0]] for n in (half, whole))
    return [
        _row("large", f"gridwright diff of a spec with {whole} operations", 5.0, spent, changes),
        Row(
            name="diff-growth",
            what=f"the same against half as many operations ({half}); 2 is linear",
            unit="x time",
            estimate=Estimate(min(large) / min(small), median(large) / median(small)),
            target=Target("at most", 2.4),
            compared=changes,
        ),
    ]


def _measured(old: Path, new: Path, rounds: int) -> tuple[list[Spent], int]:
    spent: list[Spent] = []
    changes = 0
    for number in range(rounds + 1):
        one = run_python(
            *("-m", "gridwright", "diff", str(old), str(new)),
            *("--format", "json", "--fail-on", "never"),
            folder=old.parent,
            environment={"PYTHONPATH": str(ROOT / "generator")},
        )
        changes = len(json.loads(one.output)["changes"])
        if number:  # the first one compiles what it imports
            spent.append(one)
    return spent, changes


def _row(name: str, what: str, seconds: float, spent: Sequence[Spent], changes: int) -> Row:
    start = [run_python("-c", "pass") for _ in range(3)]
    cpu = [one.cpu_seconds for one in spent]
    wall = [one.wall_seconds for one in spent]
    start_cpu, start_wall = (
        min(one.cpu_seconds for one in start),
        min(one.wall_seconds for one in start),
    )
    return Row(
        name=f"diff-{name}",
        what=f"{what}, interpreter start taken off",
        unit="s",
        estimate=Estimate(min(cpu) - start_cpu, median(cpu) - start_cpu),
        target=Target("at most", seconds),
        compared=changes,
        details={
            "wall_seconds_best": min(wall) - start_wall,
            "wall_seconds_median": median(wall) - start_wall,
        },
    )
