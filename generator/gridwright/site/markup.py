"""Turn a page in Markdown into HTML, and tell what others ask of it: anchors, links, names."""

import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from gridwright.diagnostics import Diagnostic, Span
from gridwright.site.sources import PageSource, address_of

__all__ = ["Link", "Row", "Section", "SitePage", "page_of"]

# What a page may hold of HTML: an anchor, and what nobody sees.
_ANCHOR = re.compile(r'<a id="([\w.-]+)">(?:</a>)?')
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_NAMING = frozenset({
    "Argument", "Code", "Element", "Environment variable", "Key", "Kind", "Python", "Rule",
    "Wire", "Wire name",
})  # fmt: skip
_TELLING = ("Meaning", "Means", "In English", "What happened", "As printed")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another place of the site; ``anchor`` is empty where it leads to a whole page."""

    file: str
    anchor: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table that names something.

    Attributes:
        names: by which it may be looked for: those in code, and labels of the document.
        about: what it means.
        section: the heading above it.
    """

    anchor: str
    names: tuple[str, ...]
    about: str
    section: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it, up to the next; ``level`` is 1 for the page's own."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """One page of the site, without what is around it."""

    source: PageSource
    title: str
    html: str
    anchors: frozenset[str]
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    problems: tuple[Diagnostic, ...]


def page_of(source: PageSource) -> SitePage:
    """Turn one page into HTML."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(source.text)
    problems = list(_own_html(tokens, source))
    anchors = _Anchors()
    sections = _with_headings(tokens, anchors)
    rows = tuple(_with_rows(tokens, source, anchors))
    links: list[Link] = []
    for token, line in _inline(tokens):
        if token.type == "link_open":
            links += _with_link(token, line, source, problems)
        elif token.type == "image":
            problems.append(_unknown_html(source, line, "an image"))
    html = parser.renderer.render(tokens, parser.options, {})
    return SitePage(
        source=source,
        title=sections[0].title if sections else source.file,
        html=html,
        anchors=frozenset(anchors.taken),
        sections=tuple(sections),
        rows=rows,
        links=tuple(links),
        problems=tuple(problems),
    )


class _Anchors:
    """The anchors of one page, each once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def take(self, name: str) -> str:
        """Return the name, with a number where it is taken, as Git hosts count."""
        found, number = name, 0
        while found in self.taken:
            number += 1
            found = f"{name}-{number}"
        self.taken.add(found)
        return found


def _inline(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Yield what stands within paragraphs and cells, with its line from 1."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        for child in token.children or ():
            yield child, line


def _own_html(tokens: Sequence[Token], source: PageSource) -> Iterator[Diagnostic]:
    """Report HTML that is neither an anchor nor a comment, and take it out."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        for part in (token, *(token.children or ())):
            if part.type not in ("html_block", "html_inline"):
                continue
            part.content = _COMMENT.sub("", part.content)
            rest = _ANCHOR.sub("", part.content).strip()
            if rest not in ("", "</a>"):
                yield _unknown_html(source, line, rest.partition("\n")[0][:60])
                part.content = ""


def _unknown_html(source: PageSource, line: int, what: str) -> Diagnostic:
    return Diagnostic(
        Span(source.file, line, 1),
        "page-html",
        f"a page of the site holds {what}",
        "write it in Markdown",
    )


def _text(token: Token) -> str:
    """Return what a reader sees of the content of a paragraph or cell."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or ()
        if child.type != "html_inline"
    )


def _slug(heading: str) -> str:
    """Return the anchor of a heading, as Git hosts make it."""
    kept = (c for c in heading.lower() if c in "-_ " or unicodedata.category(c)[0] in "LMN")
    return "".join(kept).replace(" ", "-")


def _with_headings(tokens: Sequence[Token], anchors: _Anchors) -> list[Section]:
    """Give each heading its anchor, and return the sections of the page."""
    written = [part for token in tokens for part in (token, *(token.children or ()))]
    for part in written:
        if part.type in ("html_block", "html_inline"):
            anchors.taken.update(_ANCHOR.findall(part.content))
    sections: list[Section] = []
    texts: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            title = _text(tokens[place + 1])
            anchor = _anchor_before(tokens[max(place - 3, 0) : place]) or anchors.take(_slug(title))
            token.attrSet("id", anchor)
            sections.append(Section(anchor, title, int(token.tag[1:]), ""))
            texts.append([])
        elif token.type in ("fence", "code_block") and texts:
            texts[-1].append(token.content)
        elif token.type == "inline" and texts and tokens[place - 1].type != "heading_open":
            texts[-1].append(_text(token))
    return [
        replace(section, text=" ".join(" ".join(text).split()))
        for section, text in zip(sections, texts, strict=True)
    ]


def _anchor_before(before: Sequence[Token]) -> str:
    """Return the anchor that is written right before a heading, which has it from now on."""
    if [token.type for token in before] != ["paragraph_open", "inline", "paragraph_close"]:
        return ""
    opening, content, closing = before
    anchor = _ANCHOR.fullmatch(content.content)
    if anchor is None:
        return ""
    opening.hidden = closing.hidden = True
    content.children = []
    return anchor[1]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table, with the anchor of the heading above; cells by the head of the column."""

    row: Token
    cells: Mapping[str, tuple[Token, Token]]
    section: str
    slug: str


def _table_rows(tokens: Sequence[Token]) -> Iterator[_Row]:
    """Yield the rows of all tables but their heads."""
    section, slug = "", ""
    heads: list[str] = []
    cells: list[tuple[Token, Token]] = []
    row = None
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            section, slug = _text(following), str(token.attrGet("id") or "")
        elif token.type == "thead_open":
            heads = []
        elif token.type == "th_open":
            heads.append(_text(following))
        elif token.type == "tr_open":
            row, cells = token, []
        elif token.type == "td_open":
            cells.append((token, following))
        elif token.type == "tr_close" and row is not None and cells:
            yield _Row(row, dict(zip(heads, cells, strict=False)), section, slug)


def _with_rows(tokens: Sequence[Token], source: PageSource, anchors: _Anchors) -> Iterator[Row]:
    """Give each row that names something an anchor, and each cell the head of its column."""
    for row in _table_rows(tokens):
        for head, (cell, _) in row.cells.items():
            cell.attrSet("data-head", head)
            if head == "Label" and source.language:
                cell.attrSet("lang", source.language)
        contents = {head: content for head, (_, content) in row.cells.items()}
        names = _names(contents, source)
        if not names:
            continue
        own = re.sub(r"\s+", "_", next(iter(_codes(contents.get("Wire"))), names[0]))
        anchor = anchors.take(f"{row.slug}.{own}" if source.system else own)
        row.row.attrSet("id", anchor)
        yield Row(anchor, names, _summary_of(contents), row.section)


def _names(contents: Mapping[str, Token], source: PageSource) -> tuple[str, ...]:
    """Return what a row names: in code, and by the document's label."""
    heads = [head for head in contents if head in _NAMING] if source.system else [*contents][:1]
    codes = [code for head in heads for code in _codes(contents[head])]
    label = _text(contents["Label"]) if codes and "Label" in contents else ""
    return tuple(dict.fromkeys(name for name in (*codes, label) if name))


def _codes(content: Token | None) -> list[str]:
    children = (content.children if content is not None else None) or ()
    return [child.content for child in children if child.type == "code_inline"]


def _summary_of(contents: Mapping[str, Token]) -> str:
    telling = [head for head in _TELLING if head in contents] or [*contents][1:2]
    return _text(contents[telling[0]]) if telling else ""


def _with_link(
    token: Token, line: int, source: PageSource, problems: list[Diagnostic]
) -> Iterator[Link]:
    """Lead a link to the page of the site, and yield it; one that leaves the site stays."""
    href = str(token.attrGet("href") or "")
    parts = urlsplit(href)
    if parts.scheme in ("http", "https", "mailto"):
        token.attrSet("rel", "noreferrer")
        return
    span = Span(source.file, line, 1)
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source.file), path))
    if parts.scheme or parts.netloc or path.startswith("/") or file.startswith(".."):
        problems.append(
            Diagnostic(
                span, "dead-link", f"{href!r} leads out of the project", "link to a page of it"
            )
        )
        return
    file = file if path else source.file
    address = address_of(file)
    relative = posixpath.relpath(address, posixpath.dirname(source.address) or ".")
    fragment = f"#{quote(anchor)}" if anchor else ""
    is_own = address == source.address and fragment
    token.attrSet("href", fragment if is_own else quote(relative) + fragment)
    yield Link(file, anchor, span)
