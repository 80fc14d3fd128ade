"""Check that version, citation, changelog and tag agree: ``python -m release.agree [TAG]``."""

import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

__all__ = ["disagreements", "main"]

_ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what does not agree; 0 where all does."""
    given = sys.argv[1:] if arguments is None else arguments
    found = disagreements(_ROOT, given[0] if given else "")
    for line in found:
        print(f"release: {line}", file=sys.stderr)
    return int(bool(found))


def disagreements(root: Path, tag: str = "") -> list[str]:
    """Return a line for each thing that says another version than pyproject.toml.

    Args:
        root: the repository.
        tag: the tag of a release; empty: there is none yet, and the changelog may lag behind.
    """
    version = tomllib.loads(_text(root, "pyproject.toml"))["project"]["version"]
    found = [
        f"{name} says {said or 'no version'}, and pyproject.toml {version}"
        for name, pattern in _PLACES.items()
        if (said := _said(pattern, _text(root, name))) != version
    ]
    if not tag:
        return found
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and the version {version}: tag it v{version}")
    changelog = _text(root, "CHANGELOG.md")
    heading = rf"^## {re.escape(version)} - \d{{4}}-\d{{2}}-\d{{2}}$"
    if re.search(heading, changelog, re.MULTILINE) is None:
        found.append(f"CHANGELOG.md has no part `## {version} - YYYY-MM-DD`")
    if re.search(r"^## Unreleased\n+(?!## )\S", changelog, re.MULTILINE):
        found.append("CHANGELOG.md still has changes under Unreleased")
    return found


_PLACES = {
    "generator/gridwright/__init__.py": r'^__version__ = "(.*)"$',
    "CITATION.cff": r"^version: (.*)$",
}


def _said(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""


def _text(root: Path, name: str) -> str:
    return (root / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
