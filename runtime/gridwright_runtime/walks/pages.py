"""How a long answer is asked for page by page, as data of generated packages."""

from typing import Any, TypeAlias

from msgspec import Struct

from ..errors import ItemFailure
from ..problems import Deviation

__all__ = [
    "Ask",
    "InReply",
    "Links",
    "Numbers",
    "Offsets",
    "Page",
    "PageForm",
    "Pages",
    "Rows",
    "Tokens",
    "Undivided",
    "first_position",
]


class InReply(Struct, frozen=True):
    """A place of a reply."""

    field: str = ""
    """Python names joined by dots, from the payload on."""
    header: str = ""
    """The name of a header, where it stands in one."""


class Rows(Struct, frozen=True, tag=True):
    """A page is asked for by the numbers of its first and its last record, counted from 1."""


class Numbers(Struct, frozen=True, tag=True):
    """A page is asked for by its number."""

    first: int = 1
    """The number of the first page."""


class Offsets(Struct, frozen=True, tag=True):
    """A page is asked for by how many records are left out before it, or by its first record."""

    at_most: int | None = None
    """The highest number that the service takes; None: any."""
    step: int = 1
    """How many records before a page the service takes multiples of."""
    first: int = 0
    """The number of the first record."""


class Tokens(Struct, frozen=True, tag=True):
    """A page is asked for by a text that the page before gave."""

    read: InReply


class Links(Struct, frozen=True, tag=True):
    """A page is asked for at the address that the page before gave."""

    read: InReply


class Undivided(Struct, frozen=True, tag=True):
    """There are no pages: one call brings all."""


PageForm: TypeAlias = Rows | Numbers | Offsets | Tokens | Links | Undivided


class Pages(Struct, frozen=True, kw_only=True):
    """How a long answer is read in parts, and where a page says what.

    Paths into the payload are Python names joined by dots.
    """

    records: str
    """The list; ``records`` where the payload is the list itself."""
    total: str = ""
    """How many records there are in all; empty: the payload does not say it."""
    key: str | tuple[str, ...] = ""
    """What tells a record from every other; empty: nothing does."""
    page_size: int = 1000
    """How many records are asked for at once by who does not say it."""
    form: PageForm = Rows()
    is_sized: bool = True
    """The request says how many records it wants; else ``page_size`` is what the service gives."""
    is_usual: bool = False
    """The document says that ``page_size`` records come at once, so a page with fewer is the
    last."""
    total_at: InReply | None = None
    """The header that says how many records there are in all."""
    pages_at: InReply | None = None
    """Where the reply says how many pages there are."""
    more_at: InReply | None = None
    """Where the reply says whether another page follows."""
    more: tuple[str, ...] = ()
    """What stands there if one does."""

    @property
    def says_total(self) -> bool:
        """Whether a page says how many records there are in all."""
        return bool(self.total) or self.total_at is not None


def first_position(pages: Pages) -> int | str:
    """Return the position of the first record."""
    return "" if isinstance(pages.form, Tokens | Links | Undivided) else 1


class Page(Struct, frozen=True, kw_only=True):
    """What a walk has to know of one page."""

    records: list[Any]
    total: int | None = None
    pages: int | None = None
    more: bool | None = None
    """Whether another page follows; None: it does not say."""
    next: str | None = None
    """What the next page is asked for by: a token or an address; None: it gives none."""
    deviations: tuple[Deviation, ...] = ()
    """How it departs from the document."""
    failures: tuple[ItemFailure, ...] = ()
    """What failed beside its records, and takes the place of none."""

    def __repr__(self) -> str:
        return f"Page({len(self.records)} records)"


class Ask(Struct, frozen=True):
    """What a page is asked for by."""

    values: tuple[object, ...]
    """In the order of the form: first and last row; number, offset or token, and then the size."""
    link: str | None = None
    """The address; None: that of the operation."""

    def __repr__(self) -> str:
        return "Ask(***)"
