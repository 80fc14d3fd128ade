"""tests/golden: one folder per feature, with the smallest spec that shows it and what comes out.

``expected/only.txt``, where it is there, names the files that the feature shows in; without it the
folder holds everything that is generated, and no other file may appear.
"""

import shutil
from pathlib import Path

import pytest

from .support import ROOT, generated

CASES = sorted(path for path in (ROOT / "tests" / "golden").iterdir() if path.is_dir())
ONLY = "only.txt"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden(case: Path, update_golden: bool) -> None:
    expected, actual = read_tree(case / "expected"), generate_tree(case)
    only = expected.pop(ONLY, "").split()
    assert set(only) <= set(actual), "only.txt names files that are not generated"
    actual = {path: text for path, text in actual.items() if not only or path in only}
    if update_golden and actual != expected:
        replace_tree(case / "expected", actual, only)
        pytest.fail(f"rewrote {case.name}: read the diff, then run without the flag")
    assert actual == expected


def generate_tree(case: Path) -> dict[str, str]:
    amendments = case / "amendments.yaml"
    further = [amendments.read_bytes()] if amendments.is_file() else []
    return generated((case / "spec.yaml").read_bytes(), *further)


def read_tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def replace_tree(folder: Path, tree: dict[str, str], only: list[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if only:
        tree = tree | {ONLY: "".join(f"{path}\n" for path in only)}
    for path, text in tree.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
