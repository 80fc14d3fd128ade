"""The reference pages of all systems: they run as printed, on the mocks, and they link."""

import re
from pathlib import Path

import pytest
from tests.markdown import tables

PAGES = sorted((Path(__file__).parents[2] / "generated" / "docs").rglob("*.md"))
SNIPPETS = [
    pytest.param(code, id=f"{page.parent.name} {page.stem}")
    for page in PAGES
    for code in re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
]

every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: f"{page.parent.name} {page.stem}"
)


def test_every_system_has_snippets() -> None:
    shown = {str(snippet.id).partition(" ")[0] for snippet in SNIPPETS}
    assert shown == {page.parent.name for page in PAGES}


@pytest.mark.parametrize("code", SNIPPETS)
def test_every_snippet_runs_as_printed_and_shows_something(
    code: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    exec(compile(code, "snippet", "exec", dont_inherit=True), {"__name__": "__main__"})
    first, *_ = capsys.readouterr().out.strip().splitlines()
    assert first not in ("", "None")


@pytest.mark.parametrize("folder", sorted({page.parent for page in PAGES}), ids=lambda f: f.name)
def test_there_is_no_page_that_nobody_links_to(folder: Path) -> None:
    own = [page for page in PAGES if page.parent == folder]
    linked = {link for page in own for link in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))}
    assert {page.name for page in own} <= linked


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@every_page
def test_every_row_of_a_table_has_as_many_cells_as_its_heading(page: Path) -> None:
    for table in tables(page.read_text("utf-8")):
        assert {len(row) for row in table} == {len(table[0])}, table[0]
        assert set(table[1]) == {"---"}
        assert len(table) > 2, table[0]


@every_page
def test_no_line_of_a_page_is_cut_by_a_stray_mark(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.count("```") % 2 == 0
    assert "\r" not in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    assert text.endswith("\n")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"></a>', text))
