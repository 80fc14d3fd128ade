"""Print requirements with the lowest version of each direct dependency that pyproject.toml allows.

What the tests need beside it is not held down: nobody installs it with gridwright.
"""

import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["lowest_requirements", "main"]

_ROOT = Path(__file__).resolve().parents[1]
_PROMISED = ("generate", "mock", "tables", "harvest", "valkey", "postgres")


def main() -> int:
    """Print the requirements."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sys.stdout.write("\n".join((*lowest_requirements(project), "")))
    return 0


def lowest_requirements(project: dict[str, Any]) -> Sequence[str]:
    """Return a requirement for each dependency, the promised ones at their lowest version.

    Raises:
        ValueError: a dependency has no lowest version.
    """
    extras = project["optional-dependencies"]
    promised = [*project["dependencies"], *(one for extra in _PROMISED for one in extras[extra])]
    return [*map(_pinned, promised), *extras["dev"]]


def _pinned(requirement: str) -> str:
    found = re.fullmatch(r"([A-Za-z0-9_.-]+(?:\[[a-z,]+\])?)>=([0-9.]+)(,<[0-9.]+)?", requirement)
    if found is None:
        raise ValueError(f"{requirement!r} names no lowest version: write it as name>=1.2,<2")
    return f"{found[1]}=={found[2]}"


if __name__ == "__main__":
    raise SystemExit(main())
