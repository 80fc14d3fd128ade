"""The page: a document beside its spec, in one file, where nothing of either is obeyed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gridwright.output.escape import html
from gridwright.output.render import render
from gridwright.trace.page import page_view
from gridwright.trace.report import coverage_of

from .support import AMENDMENTS, DOCUMENT, INTERFACE, LINES, SYSTEM, with_hashes, write_system

# May stand in a page of ours.
TAGS = {"html", "head", "meta", "title", "style", "body", "header", "nav", "section", "div"} | {
    "h1", "h2", "h3", "p", "ul", "li", "table", "tr", "td", "a",
}  # fmt: skip


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: dict[str, str] = {}
        self.links: dict[str, list[str]] = {}
        self._row = ""
        self._is_text = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append((tag, known))
        if tag == "tr":
            self._row = known["id"] or ""
        if tag == "a" and self._row:
            self.links.setdefault(self._row, []).append(known["href"] or "")
        self._is_text = tag == "td" and known.get("class") == "text"

    def handle_endtag(self, tag: str) -> None:
        self._is_text = self._is_text and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._is_text:
            self.cells[self._row] = self.cells.get(self._row, "") + data


def page(
    folder: Path,
    document: str = DOCUMENT,
    lines: str | None = None,
    interface: str = INTERFACE,
    amendments: str = AMENDMENTS,
) -> tuple[str, Reader]:
    lines = with_hashes(LINES, document) if lines is None else lines
    specs = write_system(
        folder, document=document, lines=lines, interface=interface, amendments=amendments
    )
    found = coverage_of(specs, SYSTEM, folder / "documents")
    assert found.sheet is not None
    text = render(page_view([found.sheet], "page.html"), "").text
    reader = Reader()
    reader.feed(text)
    return text, reader


def classes(reader: Reader) -> dict[str, str | None]:
    return {known["id"] or "": known.get("class") for tag, known in reader.tags if tag == "tr"}


def test_each_line_links_to_its_facts_and_back(tmp_path: Path) -> None:
    _, reader = page(tmp_path)
    assert reader.cells["demo-L9"] == "day  day of the readings  8  O  yyyymmdd"
    assert "#demo-interface-28" in reader.links["demo-L9"]
    assert "#demo-amendments-8" in reader.links["demo-L9"]
    assert reader.cells["demo-interface-28"].strip().startswith("day: {name: day")
    assert "#demo-L9" in reader.links["demo-interface-28"]


def test_every_link_leads_to_a_line_of_the_page(tmp_path: Path) -> None:
    _, reader = page(tmp_path)
    ids = {known["id"] for _, known in reader.tags if "id" in known}
    links = {known["href"] for tag, known in reader.tags if tag == "a"}
    assert {link for link in links if link and link[1:] not in ids} == set()


def test_errata_dismissals_blanks_and_what_is_left_are_marked(tmp_path: Path) -> None:
    lines = with_hashes(LINES.replace("- {like: 7, reason: heads of columns}\n", ""))
    _, reader = page(tmp_path, lines=lines)
    found = classes(reader)
    assert (found["demo-L9"], found["demo-L16"], found["demo-L4"]) == ("erratum", "erratum", None)
    assert (found["demo-L2"], found["demo-L3"], found["demo-L7"]) == ("dismissed", "blank", "left")
    assert found["demo-amendments-1"] == "erratum"


def test_the_page_is_one_file_without_scripts(tmp_path: Path) -> None:
    text, reader = page(tmp_path)
    assert {tag for tag, _ in reader.tags} <= TAGS
    assert not re.search(r"\b(?:src|action|on\w+)\s*=|url\(|@import", text)
    assert all((known["href"] or "").startswith("#") for tag, known in reader.tags if tag == "a")
    assert "default-src 'none'" in text


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></table><iframe src=//example.com>",
    "{{ 7*7 }}{% include 'x' %}",
    "<!-- --><![CDATA[ ]]>&lt;&#60;",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_document_or_spec_stays_text(hostile: str, tmp_path: Path) -> None:
    quoted = '"' + hostile.replace("\\", "\\\\").replace('"', '\\"') + '"'
    interface = INTERFACE.replace("en: readings of a meter", f"en: {quoted}")
    amendments = AMENDMENTS.replace(
        "finding: the zone of the day is not said", f"finding: {quoted}"
    )
    rules = f"dismissed:\n- {{at: [2, 7, 10, 18], reason: {quoted}}}\n"
    document = DOCUMENT.replace("2. Reply", hostile)
    text, reader = page(tmp_path, document, with_hashes(rules, document), interface, amendments)
    assert reader.cells["demo-L12"] == hostile
    assert {tag for tag, _ in reader.tags} <= TAGS
    assert hostile not in text
    allowed = {"id", "class", "href", "title", "lang", "charset", "http-equiv", "content", "name"}
    assert {key for _, known in reader.tags for key in known} <= allowed


def test_a_withheld_line_is_not_on_the_page(tmp_path: Path) -> None:
    document = DOCUMENT + "Sample password  open-sesame\n"
    rules = LINES + "withheld:\n- {at: 19, reason: sample of a password}\n"
    text, reader = page(tmp_path, document, with_hashes(rules, document, [19]))
    assert "open-sesame" not in text
    assert reader.cells["demo-L19"] == "(withheld)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb", "a\tb"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x00\x1b[1m", "⟨U+0000⟩⟨U+001B⟩[1m"),
        ("a\u00a0b", "a\u00a0b"),
        ("고객 <번호>", "고객 &lt;번호&gt;"),
        ("\"'`&", "&quot;&#39;&#96;&amp;"),
    ],
)
def test_html_is_escaped_and_what_cannot_be_seen_is_spelt_out(text: str, shown: str) -> None:
    assert html(text) == shown
