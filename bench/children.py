"""Run processes of our own and take what they cost: seconds of wall clock and of processor."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Spent", "run_python"]

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Spent:
    """One finished process.

    Attributes:
        cpu_seconds: of the process and those it waited for, user and system.
        wall_seconds: from start to end.
        output: what it wrote to standard output.
    """

    cpu_seconds: float
    wall_seconds: float
    output: str


def run_python(
    *arguments: str,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    interpreter: Path | str = sys.executable,
) -> Spent:
    """Run an interpreter; one process at a time, so that the costs are those of this one.

    Compiled modules are kept, as they are for users, even where this process was told otherwise:
    the first of several runs may have to compile.

    Raises:
        RuntimeError: the process failed; the message holds the end of what it complained.
    """
    told = {**os.environ, **(environment or {})}
    before, started = _children_cpu(), time.perf_counter()
    done = subprocess.run(
        [str(interpreter), *arguments],
        cwd=folder,
        env={key: value for key, value in told.items() if key != "PYTHONDONTWRITEBYTECODE"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    wall = time.perf_counter() - started
    if done.returncode != 0:
        raise RuntimeError(f"a measured process failed:\n{done.stderr[-2000:]}")
    return Spent(_children_cpu() - before, wall, done.stdout)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
