"""Build a site: pages, what is around them, the search; links that lead nowhere are problems."""

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.ir import Interface
from gridwright.output.artifact import Artifact
from gridwright.output.escape import html
from gridwright.output.render import render
from gridwright.output.view import View
from gridwright.resources import template_folder
from gridwright.site.markup import Link, SitePage, page_of
from gridwright.site.names import index_of, names_page
from gridwright.site.sources import PageSource, address_of, project_sources, system_sources

__all__ = ["Site", "SiteOptions", "build_site"]

_NAMES = "names.html"
_SCRIPTS = ("site.css", "site.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """What a site is made of.

    Attributes:
        project: folder whose README, other pages and `docs` are part of it; None: systems alone.
        package: import path of the generated package, which snippets print.
        title: what stands at the top of each page.
    """

    specs: Path
    systems: Sequence[str]
    amendments: Sequence[Path] = ()
    project: Path | None = None
    package: str = "gridwright_apis"
    title: str = "gridwright"


@dataclass(frozen=True, slots=True)
class Site:
    """All files of a site, or what stands in the way of them."""

    artifacts: tuple[Artifact, ...]
    pages: int
    problems: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class NavigationLine:
    """One line of the navigation: where it leads, what it says, and whether it is this page."""

    address: str
    title: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """Lines of the navigation below one title; open where the page is one of them."""

    title: str
    items: tuple[NavigationLine, ...]
    is_open: bool


def build_site(wanted: SiteOptions) -> Site:
    """Make a site; nothing is written."""
    own, interfaces, problems = system_sources(
        wanted.specs, wanted.systems, wanted.amendments, wanted.package
    )
    if problems:
        return Site((), 0, problems)
    sources = [*(project_sources(wanted.project) if wanted.project is not None else ())]
    sources += [source for system in own for source in own[system]]
    if not any(source.address == "index.html" for source in sources):
        sources.insert(0, _start(wanted.title, interfaces))
    pages = [page_of(source) for source in sources]
    files, missing = _linked_files(pages, wanted.project)
    problems = sorted_diagnostics(
        [*(problem for page in pages for problem in page.problems), *missing, *_dead(pages)]
    )
    if problems:
        return Site((), 0, problems)
    made = tuple(_artifacts(pages, files, wanted.title))
    return Site(made, len(pages), ())


def _start(title: str, interfaces: Mapping[str, Interface]) -> PageSource:
    """Return the first page of a site that has systems alone."""
    lines = [f"# {title}", "", "| System | Operations |", "|---|---|"]
    for system, interface in interfaces.items():
        title_en = " ".join(interface.title_en.split()).replace("|", "\\|")
        link = f"[{title_en}](generated/docs/{system}/README.md)"
        lines.append(f"| {link} | {len(interface.operations)} |")
    return PageSource("README.md", "index.html", "\n".join([*lines, ""]))


def _linked_files(
    pages: Sequence[SitePage], project: Path | None
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return the texts of files that are no pages and are linked to, and links to none."""
    known = {page.source.file for page in pages}
    texts: dict[str, str] = {}
    missing = []
    for page in pages:
        for link in page.links:
            if link.file in known or link.file in texts:
                continue
            path = project / link.file if project is not None else None
            if path is None or not path.is_file() or link.file.endswith(".md"):
                missing.append(_dead_link(link, f"there is no {link.file}", known))
            else:
                texts[link.file] = path.read_text("utf-8")
    return texts, missing


def _dead(pages: Sequence[SitePage]) -> Iterator[Diagnostic]:
    """Report links to anchors that their page does not have."""
    anchors = {page.source.file: page.anchors for page in pages}
    for page in pages:
        for link in page.links:
            known = anchors.get(link.file)
            if known is not None and link.anchor and link.anchor not in known:
                message = f"{link.file} has no anchor {link.anchor!r}"
                yield _dead_link(link, message, known, link.anchor)


def _dead_link(
    link: Link, message: str, known: Iterable[str], wanted: str | None = None
) -> Diagnostic:
    close = get_close_matches(wanted or link.file, sorted(known), n=1)
    help = f"did you mean {close[0]!r}?" if close else "correct the link, or remove it"
    return Diagnostic(link.span, "dead-link", message, help)


def _artifacts(
    pages: Sequence[SitePage], files: Mapping[str, str], title: str
) -> Iterator[Artifact]:
    for page in pages:
        yield _page(page.source.address, page.title, page.html, pages, title, page)
    intro = (
        "<h1>All names</h1><p>Wire names, names in Python, labels of the documents, codes, "
        "diagnostics and rules, each with the places where it stands.</p>"
    )
    yield _page(_NAMES, "All names", f"{intro}\n{names_page(pages)}", pages, title)
    for file, text in files.items():
        body = f'<h1>{html(file)}</h1>\n<pre tabindex="0"><code>{html(text)}</code></pre>'
        yield _page(address_of(file), file, body, pages, title)
    index = json.dumps(index_of(pages), ensure_ascii=False, separators=(",", ":"))
    yield Artifact("search.js", f"var GRIDWRIGHT_INDEX = {index};\n")
    for name in _SCRIPTS:
        yield Artifact(name, (template_folder() / "site" / name).read_text("utf-8"))


def _page(
    address: str,
    title: str,
    body: str,
    pages: Sequence[SitePage],
    site: str,
    page: SitePage | None = None,
) -> Artifact:
    depth = address.count("/")
    contents = [s for s in page.sections if s.level == 2] if page is not None else []
    context = {
        "title": html(title if title == site else f"{title} · {site}"),
        "site": html(site),
        "root": "../" * depth,
        "body": body,
        "groups": tuple(_navigation(address, pages)),
        "contents": [(quote(s.anchor), html(s.title)) for s in contents]
        if len(contents) > 3
        else [],
    }
    return render(View(address, "site/page.html.j2", context, python=False), "")


def _navigation(address: str, pages: Sequence[SitePage]) -> Iterator[NavigationGroup]:
    """Yield the groups of the navigation: pages of the project by folder, then the systems."""
    folder = posixpath.dirname(address) or "."
    groups: dict[str, list[NavigationLine]] = {}
    for page in pages:
        source = page.source
        above = posixpath.dirname(source.address)
        relative = posixpath.relpath(source.address, folder)
        item = NavigationLine(html(relative), html(page.title), source.address == address)
        groups.setdefault(source.system or above, []).append(item)
    for name, items in groups.items():
        is_open = not name or any(item.is_here for item in items)
        yield NavigationGroup(html(_TITLES.get(name, name)), tuple(items), is_open)


_TITLES = {"": "Project", "docs": "Guide", "docs/language": "Language of the specs"}
