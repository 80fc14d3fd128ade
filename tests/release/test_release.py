"""Versions agree, lowest versions are named, and coverage has a floor."""

import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from release.agree import disagreements, main
from release.branches import FLOOR_PERCENT, verdict
from release.lowest import lowest_requirements

from gridwright import __version__

ROOT = Path(__file__).parents[2]
FILES = ("pyproject.toml", "CHANGELOG.md", "CITATION.cff", "generator/gridwright/__init__.py")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_versions_of_the_repository_agree() -> None:
    assert main([]) == 0


@pytest.mark.parametrize("name", ["CITATION.cff", "generator/gridwright/__init__.py"])
def test_another_version_somewhere_is_named(name: str, repository: Path) -> None:
    replace(repository / name, __version__, "9.9.9")
    assert disagreements(repository) == [
        f"{name} says 9.9.9, and pyproject.toml {__version__}",
    ]


def test_a_release_that_is_ready_has_no_disagreement(repository: Path) -> None:
    replace(
        repository / "CHANGELOG.md",
        "## Unreleased\n",
        f"## Unreleased\n\n## {__version__} - 2026-11-28\n",
    )
    assert disagreements(repository, f"v{__version__}") == []


def test_a_tag_of_another_version_is_refused(repository: Path) -> None:
    replace(
        repository / "CHANGELOG.md",
        "## Unreleased\n",
        f"## Unreleased\n\n## {__version__} - 2026-11-28\n",
    )
    for tag in ("v9.9.9", __version__):
        assert disagreements(repository, tag) == [
            f"the tag is {tag}, and the version {__version__}: tag it v{__version__}"
        ]


def test_a_release_needs_its_part_of_the_changelog(repository: Path) -> None:
    (repository / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- new\n", "utf-8")
    assert disagreements(repository, f"v{__version__}") == [
        f"CHANGELOG.md has no part `## {__version__} - YYYY-MM-DD`",
        "CHANGELOG.md still has changes under Unreleased",
    ]


def test_promised_dependencies_are_held_down_and_others_are_not() -> None:
    project = {
        "dependencies": ["lxml>=6.0,<7", "xsdata[lxml]>=26.10,<27"],
        "optional-dependencies": {
            "generate": ["black>=26.1,<27"],
            "mock": ["tzdata>=2025.2"],
            "tables": ["pyarrow>=20"],
            "harvest": ["duckdb>=2.0,<3"],
            "valkey": [],
            "postgres": [],
            "dev": ["pytest>=9.0"],
        },
    }
    assert list(lowest_requirements(project)) == [
        *("lxml==6.0", "xsdata[lxml]==26.10", "black==26.1", "tzdata==2025.2"),
        *("pyarrow==20", "duckdb==2.0", "pytest>=9.0"),
    ]


def test_a_dependency_without_a_lowest_version_is_refused() -> None:
    names = ("generate", "mock", "tables", "harvest", "valkey", "postgres", "dev")
    extras: dict[str, list[str]] = {name: [] for name in names}
    with pytest.raises(ValueError, match="'lxml<7' names no lowest version"):
        lowest_requirements({"dependencies": ["lxml<7"], "optional-dependencies": extras})


def test_every_promised_dependency_names_its_lowest_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = [Requirement(text) for text in lowest_requirements(project)]
    assert {one.name for one in pinned if "==" in str(one)} >= {"httpx2", "starlette", "jinja2"}


def test_coverage_below_the_floor_fails() -> None:
    for covered, is_enough in ((1000, True), (int(FLOOR_PERCENT * 10) - 1, False)):
        found, line = verdict({"covered_branches": covered, "num_branches": 1000})
        assert found is is_enough
        assert f"{covered} of 1000" in line
    assert verdict({"covered_branches": 0, "num_branches": 0})[0] is False
