"""List the pages of a site: those of a project, and those of its systems."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridwright.diagnostics import Diagnostic, sorted_diagnostics
from gridwright.ir import Interface
from gridwright.output.render import render
from gridwright.pipeline import interface_of
from gridwright.targets.pages.docs import docs_views

__all__ = ["PageSource", "address_of", "project_sources", "system_sources"]

_LINK = re.compile(r"\]\(([^)\s#]+\.md)")


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page in Markdown.

    Attributes:
        file: its path within the project, with slashes; links of pages are relative to it.
        address: where its page stands within the site.
        system: id of the system that it is about; empty: it is a page of the project.
        language: of the column of labels in its tables, such as ``ko``; empty: nobody says.
    """

    file: str
    address: str
    text: str
    system: str = ""
    language: str = ""


def address_of(file: str) -> str:
    """Return where a file of the project stands within the site, be it a page or not."""
    generated = re.fullmatch(r"generated/docs/([^/]+)/(.+)\.md", file)
    if generated:
        name = "index" if generated[2] == "README" else generated[2]
        return f"systems/{generated[1]}/{name}.html"
    if not file.endswith(".md"):
        return f"files/{file}.html"
    stem = file.removesuffix(".md")
    return re.sub(r"(^|/)readme\.html$", r"\1index.html", f"{stem}.html".lower())


def project_sources(folder: Path) -> Iterator[PageSource]:
    """Yield the pages of a project: those in its folder, and those below `docs`.

    The README comes first, then what it links to, in its order.
    """
    files = [*sorted(folder.glob("*.md")), *sorted((folder / "docs").rglob("*.md"))]
    texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}
    first = ["README.md", *_LINK.findall(texts.get("README.md", ""))]
    order = {file: place for place, file in reversed(list(enumerate(first)))}
    for file in sorted(texts, key=lambda name: (order.get(name, len(first)), name)):
        yield PageSource(file, address_of(file), texts[file])


def system_sources(
    specs: Path, systems: Sequence[str], amendments: Sequence[Path], package: str
) -> tuple[Mapping[str, tuple[PageSource, ...]], Mapping[str, Interface], tuple[Diagnostic, ...]]:
    """Return the pages of each system, the systems themselves, and what is wrong with specs."""
    pages, interfaces = {}, {}
    problems: list[Diagnostic] = []
    for system in systems:
        interface, found = interface_of(specs, system, amendments)
        problems += found
        if interface is not None and not found:
            interfaces[system] = interface
            pages[system] = tuple(_pages_of(interface, f"{package}.{system}"))
    return pages, interfaces, sorted_diagnostics(problems)


def _pages_of(interface: Interface, package: str) -> Iterator[PageSource]:
    for view in docs_views(interface, package):
        made = render(view, package)
        file = f"generated/{made.path}"
        language = interface.document.language
        yield PageSource(file, address_of(file), made.text, interface.system, language)
