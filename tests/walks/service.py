"""A service that gives long answers in every form of page, while its records come and go.

It counts rows by code of its own.
"""

from collections.abc import Callable
from typing import Any

from gridwright_runtime.record import Record
from gridwright_runtime.walks.anchored import Pager
from gridwright_runtime.walks.following import Follower
from gridwright_runtime.walks.pages import (
    Ask,
    InReply,
    Links,
    Numbers,
    Offsets,
    Page,
    PageForm,
    Pages,
    Rows,
    Tokens,
)
from gridwright_runtime.walks.walk import Walk

__all__ = ["FORMS", "Row", "Service"]

NEXT = InReply("next")
FORMS: dict[str, PageForm] = {
    "rows": Rows(),
    "numbers": Numbers(),
    "numbers from 0": Numbers(first=0),
    "offsets": Offsets(),
    "offsets from 1": Offsets(first=1),
    "tokens": Tokens(NEXT),
    "links": Links(NEXT),
}


class Row(Record, frozen=True):
    """One record."""

    number: int = 0


class Service:
    """Rows in an order, of which pages are read; between two pages something may happen."""

    def __init__(
        self,
        numbers: list[int],
        pages: Pages,
        *,
        says: str = "total",
        longest: int = 10**9,
        gives: int | None = None,
        happen: Callable[[list[int]], object] | None = None,
    ) -> None:
        self.numbers = numbers
        self.pages = pages
        self.says = says
        self.longest = longest
        self.gives = gives
        """How long pages by number are, whatever is asked for."""
        self.happen = happen
        self.asked: list[Ask] = []
        self.memory: dict[str, list[int]] = {}

    def page(self, ask: Ask) -> Page:
        if self.asked and self.happen is not None:
            self.happen(self.numbers)
        self.asked.append(ask)
        assert len(self.asked) < 2000, "it never ends"
        if isinstance(self.pages.form, Tokens | Links):
            return self._remembered(ask)
        first, size = self._wanted(ask)
        size = min(size, self.longest)
        found = self.numbers[first : first + size]
        rows = [Row(number=number) for number in found]
        count = len(self.numbers)
        return Page(
            records=rows,
            total=count if self.says == "total" else None,
            pages=-(-count // size) if self.says == "pages" else None,
            more=first + size < count if self.says == "more" else None,
        )

    def walk(self, begin: Any = None, page_size: int = 10) -> Walk[Row]:
        pager: Any = Pager
        if isinstance(self.pages.form, Tokens | Links):
            pager = Follower
            begin = begin or ""
        return Walk(pager("sample.list", self.pages, begin or 1 if pager is Pager else begin,
                          page_size), self.page)  # fmt: skip

    def read(self, **how: Any) -> list[int]:
        return [row.number for row in self.walk(**how)]

    def _wanted(self, ask: Ask) -> tuple[int, int]:
        """Return how many rows are left out before the page, and how long it is."""
        values: tuple[Any, ...] = ask.values
        match self.pages.form:
            case Numbers(first=first):
                size = values[1] if self.pages.is_sized else self.pages.page_size
                size = self.gives or size
                return (values[0] - first) * min(size, self.longest), size
            case Offsets(first=first):
                size = values[1] if self.pages.is_sized else self.pages.page_size
                return values[0] - first, size
            case _:
                return values[0] - 1, values[1] - values[0] + 1

    def _remembered(self, ask: Ask) -> Page:
        mark = ask.link if isinstance(self.pages.form, Links) else ask.values[0]
        size: Any = ask.values[-1] if self.pages.is_sized else self.pages.page_size
        rows = list(self.numbers) if mark is None else self.memory[str(mark)]
        here, rest = rows[:size], rows[size:]
        following = None
        if rest:
            following = f"mark-{len(self.memory)}"
            self.memory[following] = rest
        return Page(records=[Row(number=number) for number in here], next=following)
