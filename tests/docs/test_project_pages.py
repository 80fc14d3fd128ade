"""All pages: links lead somewhere, and lists of files, targets and packages are complete."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors of headings, as Git hosts make them, and those written as such."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain} | set(re.findall(r'id="(.*?)"', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md", "docs/how-to.md"])
def test_files_that_a_page_names_are_there(name: str) -> None:
    named = re.findall(
        r"`((?:generator|runtime|templates|specs|tests|docs)/[\w./-]+)`", text_of(name)
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    # Of a recipe's own example.
    assert [path for path in missing if "my_system" not in path] == []


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md", "docs/how-to.md"])
def test_modules_that_a_page_names_are_there(name: str) -> None:
    named = re.findall(r"`([\w./-]+\.py)`", text_of(name))
    folders = ("generator", "runtime", "tests")
    there = [f"/{path.relative_to(ROOT).as_posix()}" for f in folders for path in modules_in(f)]
    missing = {one for one in named if not any(path.endswith(f"/{one}") for path in there)}
    # Of a recipe's own example, and of the reader's own.
    assert missing - {"worlds/my_system.py", "day.py"} == set()


def test_names_that_the_steps_place_in_a_file_are_there() -> None:
    """Such as ``_step`` in ``generator/…/systems.py``, of private names and of constants."""
    placed = re.findall(
        r"`(?:\w+\.)?(_?[A-Za-z]+\w*)`(?: and `(\w+)`)? (?:in|of) "
        r"`((?:generator|runtime|tests)/[\w./-]+\.py)`",
        text_of("docs/how-to.md"),
    )
    assert len(placed) > 20
    missing = [
        f"{name} in {path}"
        for *names, path in placed
        for name in filter(None, names)
        if not re.search(rf"\b{name}\b", text_of(path))
    ]
    assert missing == []


def modules_in(folder: str) -> list[Path]:
    return [*(ROOT / folder).rglob("*.py")]


@pytest.mark.parametrize("root", ["generator/gridwright", "runtime/gridwright_runtime"])
def test_the_architecture_page_names_every_module(root: str) -> None:
    named = set(re.findall(r"[`/]([\w-]+\.py)`", text_of("docs/architecture.md")))
    modules = {
        path.name
        for path in (ROOT / root).rglob("*.py")
        if not path.name.startswith("__") and "worlds" not in path.parent.parts
    }
    assert modules - named == set()


def test_the_readme_lists_the_make_targets() -> None:
    listed = re.findall(r"^\| `make (\w+)` \|", text_of("README.md"), re.MULTILINE)
    there = re.findall(r"^(\w+):.*## ", text_of("Makefile"), re.MULTILINE)
    assert sorted(listed) == sorted(there)


def names(requirements: list[str]) -> list[str]:
    return [re.split(r"[\[<>=~!; ]", text)[0].lower() for text in requirements]


@pytest.mark.parametrize(
    ("heading", "extra"),
    [
        ("A client", None),
        ("Extra `generate`", "generate"),
        ("Extra `mock`", "mock"),
        ("Extra `tables`", "tables"),
        ("Extra `harvest`", "harvest"),
        ("Extra `valkey`", "valkey"),
        ("Development", "dev"),
    ],
)
def test_the_page_of_dependencies_lists_all_and_no_other(heading: str, extra: str | None) -> None:
    project: dict[str, Any] = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    part = text_of("docs/dependencies.md").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| ([\w-]+) \| .+ \|", part, re.MULTILINE)
    assert [name for name in listed if name != "Package"] == sorted(names(wanted))


def test_the_license_is_whole_and_names_the_authors() -> None:
    license = text_of("LICENSE")
    assert "Version 2.0, January 2004" in license
    assert "END OF TERMS AND CONDITIONS" in license
    assert "Copyright The gridwright authors" in license


def test_the_changelog_has_a_part_for_what_is_not_released() -> None:
    assert "\n## Unreleased\n" in text_of("CHANGELOG.md")
