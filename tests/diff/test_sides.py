"""Sides: folders and revisions of a repository that the test makes itself."""

import subprocess
from pathlib import Path

import pytest

from gridwright.diff.sides import SideError, folder_side, sides_of, understand_sides

from .support import base, patched, yaml_of

PLACE = Path("specs/pairs/interface.yaml")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [
            "git",
            "-C",
            str(folder),
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.com",
            *arguments,
        ],
        check=True,
        capture_output=True,
    )


def write(folder: Path, requests: str) -> None:
    path = folder / PLACE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(yaml_of(patched(base(), {"limits.rate.requests": requests})))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two commits on main, one on a branch, and a change in the work tree."""
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, "2")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "two")
    git(tmp_path, "checkout", "-q", "-b", "branch")
    write(tmp_path, "3")
    git(tmp_path, "commit", "-q", "-am", "three")
    git(tmp_path, "checkout", "-q", "main")
    write(tmp_path, "4")
    git(tmp_path, "commit", "-q", "-am", "four")
    write(tmp_path, "5")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rates(old: str, new: str | None = None) -> tuple[int | None, int | None]:
    sides = understand_sides(*sides_of(old, new, Path("specs")))
    assert sides.problems == ()
    if sides.same:
        return None, None
    old_limits, new_limits = (side["pairs"].interface.limits for side in (sides.old, sides.new))
    return old_limits[0].requests, new_limits[0].requests


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("HEAD", None, (4, 5)),
        ("main~1", None, (2, 5)),
        ("HEAD~1", "HEAD", (2, 4)),
        ("main~1..", None, (2, 4)),
        ("main~1..main", None, (2, 4)),
        ("branch..main", None, (3, 4)),
        ("branch...main", None, (2, 4)),
        ("main...branch", None, (2, 3)),
        ("HEAD", "specs", (4, 5)),
        ("specs", "branch", (5, 3)),
    ],
)
def test_a_side_is_a_folder_a_revision_or_an_end_of_a_range(
    repository: Path, old: str, new: str | None, expected: tuple[int, int]
) -> None:
    assert rates(old, new) == expected


def test_files_of_a_revision_are_called_as_in_the_work_tree(repository: Path) -> None:
    old, new = sides_of("HEAD", None, Path("specs"))
    assert old.systems["pairs"].interface[1] == new.systems["pairs"].interface[1] == str(PLACE)


def test_a_folder_of_specs_that_is_gone_is_still_in_the_revision(repository: Path) -> None:
    (repository / "specs").rename(repository / "moved")
    old, _ = sides_of("HEAD", "moved", Path("specs"))
    assert list(old.systems) == ["pairs"]


def test_equal_sides_are_not_even_resolved(repository: Path) -> None:
    sides = understand_sides(*sides_of("HEAD", "HEAD", Path("specs")))
    assert (sides.same, sides.old, sides.new) == (("pairs",), {}, {})


@pytest.mark.parametrize("name", ["no-such-branch", "--help", "HEAD~99"])
def test_what_is_neither_folder_nor_revision_is_named(repository: Path, name: str) -> None:
    with pytest.raises(SideError, match="neither a folder nor a revision"):
        sides_of(name, None, Path("specs"))


def test_a_revision_without_specs_says_where_they_were_looked_for(repository: Path) -> None:
    with pytest.raises(SideError, match="has no spec in other"):
        sides_of("HEAD", "specs", Path("other"))


def test_outside_of_a_repository_a_folder_still_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    write(tmp_path, "2")
    assert list(folder_side(Path("specs")).systems) == ["pairs"]
    with pytest.raises(SideError, match="not a git repository"):
        sides_of("HEAD", None, Path("specs"))


def test_a_side_that_does_not_resolve_is_named_with_all_that_is_wrong(repository: Path) -> None:
    wrong = patched(base(), {"conventions.time_zone.name": "Asia/Soul", "limits.rate.kind": "fast"})
    (repository / PLACE).write_bytes(yaml_of(wrong))
    sides = understand_sides(*sides_of("HEAD", None, Path("specs")))
    ((name, problems),) = sides.problems
    assert name == "specs"
    assert {p.code for p in problems} == {"unknown-word"}


def test_further_amendments_are_laid_over_both_sides(repository: Path) -> None:
    private = repository / "private.yaml"
    patch = {"limits.rate.per": {"printed": "PT1S", "use": "PT1M"}}
    private.write_bytes(
        yaml_of([{"id": "ours", "kind": "private", "finding": "x", "ruling": "y", "patch": patch}])
    )
    sides = understand_sides(*sides_of("HEAD", None, Path("specs")), extra=[private])
    both = [side["pairs"].interface for side in (sides.old, sides.new)]
    assert [[a.id for a in interface.amendments] for interface in both] == [["ours"], ["ours"]]
