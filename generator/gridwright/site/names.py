"""List all names of a site: for its search, and on a page of their own."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from gridwright.output.escape import html
from gridwright.site.markup import SitePage

__all__ = ["SitePlace", "index_of", "names_of", "names_page"]

_SCRIPTS = {
    "HANGUL": "Korean",
    "CJK": "Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "THAI": "Thai",
    "DIGIT": "Digits and signs",
    "FULLWIDTH": "Digits and signs",
}


@dataclass(frozen=True, slots=True, order=True)
class SitePlace:
    """Where a name stands: an address with an anchor, and what a reader calls it."""

    where: str
    address: str


def names_of(pages: Iterable[SitePage]) -> Mapping[str, tuple[SitePlace, ...]]:
    """Return every name that a row of a table has, with all its places, in order."""
    found: dict[str, list[SitePlace]] = {}
    for page in pages:
        for row in page.rows:
            where = " › ".join(_path(page, row.section))
            place = SitePlace(where, f"{page.source.address}#{quote(row.anchor)}")
            for name in row.names:
                found.setdefault(name, []).append(place)
    return {name: tuple(found[name]) for name in sorted(found, key=lambda n: (n.casefold(), n))}


def names_page(pages: Sequence[SitePage]) -> str:
    """Return the list of all names as HTML, for a page beside the first one."""
    groups: dict[str, list[str]] = {}
    for name, places in names_of(pages).items():
        links = ", ".join(
            f'<a href="{html(place.address)}">{html(place.where)}</a>'
            for place in dict.fromkeys(places)
        )
        row = f"<dt>{html(name)}</dt><dd>{links}</dd>"
        groups.setdefault(_group(name), []).append(row)
    order = sorted(groups, key=lambda group: (len(group) > 1, group))
    links = " ".join(f'<a href="#{html(_anchor(g))}">{html(g)}</a>' for g in order)
    parts = [f'<p class="groups">{links}</p>']
    for group in order:
        parts.append(f'<h2 id="{html(_anchor(group))}">{html(group)}</h2>')
        parts += ["<dl>", *groups[group], "</dl>"]
    return "\n".join(parts)


def index_of(pages: Sequence[SitePage]) -> dict[str, object]:
    """Return what the search looks in: pages, their sections, and names; all by position."""
    return {
        "pages": [[page.source.address, " › ".join(_path(page, ""))] for page in pages],
        "sections": [
            [place, section.anchor if section.level > 1 else "", section.title, section.text]
            for place, page in enumerate(pages)
            for section in page.sections
        ],
        "names": [
            [place, row.anchor, list(row.names), row.about, row.section]
            for place, page in enumerate(pages)
            for row in page.rows
        ],
    }


def _path(page: SitePage, section: str) -> Iterator[str]:
    if page.source.system:
        yield page.source.system
    yield page.title
    if section and section != page.title:
        yield section


def _group(name: str) -> str:
    """Return the letter or the script below which a name is listed."""
    first = name[0].upper()
    if first.isascii() and first.isalpha():
        return first
    word = unicodedata.name(first, "SIGN").partition(" ")[0]
    return "Other letters" if word == "LATIN" else _SCRIPTS.get(word, "Digits and signs")


def _anchor(group: str) -> str:
    return group.lower().replace(" ", "-")
