"""Links of a site lead to its pages, files and anchors, or the site is not built."""

from pathlib import Path

import pytest
from tests.generator.support import BASE

from gridwright.diagnostics import Diagnostic
from gridwright.site.build import Site, SiteOptions, build_site


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "specs" / "demo").mkdir(parents=True)
    (tmp_path / "specs" / "demo" / "interface.yaml").write_text(BASE, "utf-8")
    (tmp_path / "README.md").write_text("# Start\n\nNo link.\n", "utf-8")
    (tmp_path / "docs" / "use.md").write_text("# Use\n\n## At first\n\nText.\n", "utf-8")
    (tmp_path / "LICENSE").write_text("<Free>\n", "utf-8")
    return tmp_path


def built(project: Path, text: str = "", *, docs: str = "") -> Site:
    if text:
        (project / "README.md").write_text(f"# Start\n\n{text}\n", "utf-8")
    if docs:
        (project / "docs" / "use.md").write_text(f"# Use\n\n## At first\n\n{docs}\n", "utf-8")
    return build_site(SiteOptions(specs=project / "specs", systems=["demo"], project=project))


def page(site: Site, address: str) -> str:
    (found,) = (artifact.text for artifact in site.artifacts if artifact.path == address)
    return found


def dead(site: Site) -> list[Diagnostic]:
    assert site.artifacts == ()
    assert {problem.code for problem in site.problems} == {"dead-link"}
    return list(site.problems)


def test_links_lead_to_pages_of_the_site(project: Path) -> None:
    text = "[use](docs/use.md#at-first) [demo](generated/docs/demo/README.md) [here](#start)"
    made = page(built(project, text), "index.html")
    for address in ("docs/use.html#at-first", "systems/demo/index.html", "#start"):
        assert f'<a href="{address}">' in made


def test_links_go_up_and_down_folders(project: Path) -> None:
    made = built(project, docs="[start](../README.md) [license](../LICENSE)")
    assert '<a href="../index.html">start</a>' in page(made, "docs/use.html")
    assert '<a href="../files/LICENSE.html">license</a>' in page(made, "docs/use.html")


def test_a_file_that_is_linked_to_is_a_page_with_its_text(project: Path) -> None:
    assert "&lt;Free&gt;" in page(built(project, "[license](LICENSE)"), "files/LICENSE.html")


def test_links_to_other_hosts_stay(project: Path) -> None:
    made = page(built(project, "[other](https://example.com/a#b)"), "index.html")
    assert '<a href="https://example.com/a#b" rel="noreferrer">other</a>' in made


@pytest.mark.parametrize(
    ("link", "message", "help"),
    [
        ("docs/ues.md", "there is no docs/ues.md", "did you mean 'docs/use.md'?"),
        ("NOTHING", "there is no NOTHING", "correct the link, or remove it"),
        ("docs/use.md#at-frist", "docs/use.md has no anchor 'at-frist'",
         "did you mean 'at-first'?"),
        ("#nowhere", "README.md has no anchor 'nowhere'", "correct the link, or remove it"),
        ("generated/docs/other/README.md", "there is no generated/docs/other/README.md",
         "did you mean 'generated/docs/demo/README.md'?"),
        ("../../etc/passwd", "'../../etc/passwd' leads out of the project",
         "link to a page of it"),
        ("/etc/passwd", "'/etc/passwd' leads out of the project", "link to a page of it"),
        ("//example.com/a", "'//example.com/a' leads out of the project", "link to a page of it"),
    ],
)  # fmt: skip
def test_a_dead_link_is_told_with_its_place(
    project: Path, link: str, message: str, help: str
) -> None:
    (problem,) = dead(built(project, f"First line.\n\n[link]({link})"))
    assert (problem.message, problem.help) == (message, help)
    assert str(problem.span) == "README.md:5:1"


def test_all_dead_links_are_told_at_once(project: Path) -> None:
    found = dead(built(project, "[a](b.md) [c](d.md)", docs="[e](f.md)"))
    assert [problem.span.file for problem in found] == ["README.md", "README.md", "docs/use.md"]


def test_mistakes_of_specs_come_first(project: Path) -> None:
    spec = project / "specs" / "demo" / "interface.yaml"
    spec.write_text(BASE.replace("unit: kWh", "unit: kw/h"), "utf-8")
    assert [problem.code for problem in built(project, "[a](b.md)").problems] == ["unknown-unit"]
