"""The driver as git calls it: changes of a spec in `git diff`, its amendments included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .support import ROOT, Tree, base, patched, yaml_of

SIZE = "operations.list_readings.reply.fields.meterNo.size"
ERRATUM: Tree = {
    "id": "longer",
    "kind": "erratum",
    "at": "53",
    "finding": "an example is longer",
    "ruling": "the longer one",
    "patch": {SIZE: {"printed": "20", "use": "30"}},
}


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    driver = f"diff.gridwright.command={sys.executable} -m gridwright diff --git-driver"
    done = subprocess.run(
        ["git", "-C", str(folder), *who, "-c", driver, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator")},
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one spec, one erratum, and the driver in its attributes."""
    folder = tmp_path / "specs" / "pairs"
    folder.mkdir(parents=True)
    (folder / "interface.yaml").write_bytes(yaml_of(base()))
    (folder / "amendments.yaml").write_bytes(yaml_of([ERRATUM]))
    (tmp_path / ".gitattributes").write_text("specs/*/*.yaml diff=gridwright\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def test_git_diff_shows_changes_of_the_interface(repository: Path) -> None:
    patch = {"limits.rate.requests": "1"}
    path = repository / "specs" / "pairs" / "interface.yaml"
    path.write_bytes(yaml_of(patched(base(), patch)))
    shown = git(repository, "diff")
    assert "rate-lowered" in shown and "@@" not in shown


def test_git_diff_shows_what_a_withdrawn_erratum_changes(repository: Path) -> None:
    path = repository / "specs" / "pairs" / "amendments.yaml"
    path.write_bytes(yaml_of([{**ERRATUM, "patch": {SIZE: {"printed": "20", "use": "40"}}}]))
    shown = git(repository, "diff")
    assert "reply-size-grown" in shown and "30 → 40" in shown


def test_both_files_may_change_at_once(repository: Path) -> None:
    folder = repository / "specs" / "pairs"
    (folder / "interface.yaml").write_bytes(yaml_of(patched(base(), {SIZE: "22"})))
    (folder / "amendments.yaml").write_bytes(
        yaml_of([{**ERRATUM, "patch": {SIZE: {"printed": "22", "use": "40"}}}])
    )
    assert "30 → 40" in git(repository, "diff")
