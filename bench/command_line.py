"""Milliseconds of `gridwright --version` and `--help`, start of the interpreter included.

What counts is the processor time of the whole process, which does one thing after another: what a
script waits for on a machine that is idle. The wall clock is among the details.
"""

from statistics import median

from bench.children import Spent, run_python
from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size

__all__ = ["rows"]

_LIMIT_MS = 80.0


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [_row(option, size) for option in ("version", "help")]


def _row(option: str, size: Size) -> Row:
    expected = _run(option).output  # not counted: it may have to compile
    if "gridwright" not in expected:
        raise RuntimeError(f"gridwright --{option} prints something else")
    spent: list[Spent] = []
    bare: list[Spent] = []
    compared = 0
    for _ in range(size.child_rounds):
        bare.append(run_python("-c", "pass"))
        spent.append(_run(option))
        compared += require_equal(spent[-1].output, expected, f"gridwright --{option}")
    taken = [one.cpu_seconds * 1000 for one in spent]
    return Row(
        name=f"cli-{option}",
        what=f"gridwright --{option}, start of the interpreter included",
        unit="ms",
        estimate=Estimate(best=min(taken), median=median(taken)),
        target=Target("at most", _LIMIT_MS),
        compared=compared,
        details={
            "wall_ms": min(one.wall_seconds for one in spent) * 1000,
            "interpreter_ms": min(one.cpu_seconds for one in bare) * 1000,
        },
    )


def _run(option: str) -> Spent:
    return run_python("-m", "gridwright", f"--{option}")
