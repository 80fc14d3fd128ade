"""Hold coverage above a floor: ``python -m release.branches FILE``, coverage.py's JSON report."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["FLOOR_PERCENT", "main", "verdict"]

FLOOR_PERCENT = 90.0
"""Of the branches of generator and runtime. It is raised when the figure has risen for good."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how many branches the tests take; 1 where that is below the floor."""
    (file,) = sys.argv[1:] if arguments is None else arguments
    is_enough, line = verdict(json.loads(Path(file).read_text(encoding="utf-8"))["totals"])
    print(line)
    return 0 if is_enough else 1


def verdict(totals: Mapping[str, Any]) -> tuple[bool, str]:
    """Return whether enough branches are taken, and a line that says it.

    Args:
        totals: of the report.
    """
    taken, there = totals["covered_branches"], totals["num_branches"]
    percent = 100 * taken / there if there else 0.0
    line = f"branches: {taken} of {there} taken, {percent:.1f} %; the floor is {FLOOR_PERCENT:g} %"
    return percent >= FLOOR_PERCENT, line


if __name__ == "__main__":
    raise SystemExit(main())
