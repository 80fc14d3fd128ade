"""Find the rows of a long answer that a page has, in each form of paging.

It counts rows without any of the code that clients walk with.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, assert_never

from ...walks.pages import Links, Numbers, Offsets, Rows, Tokens, Undivided
from ..facts import RowsOf
from .rows import number_at

__all__ = ["PageMemory", "PageWindow"]


class PageWindow(NamedTuple):
    """The rows of a page."""

    numbers: Sequence[int]
    size: int
    """How many rows a page has that is full."""
    is_last: bool
    mark: str = ""
    """What the next page is asked for by; empty: there is none."""


class PageMemory:
    """What a service keeps in mind between the pages of one question."""

    def __init__(self) -> None:
        self._rest: dict[str, Sequence[int]] = {}

    def window(
        self, rows: RowsOf, arguments: Mapping[str, object], page: str, numbers: Sequence[int]
    ) -> PageWindow | None:
        """Return the rows that a question names; None: it names a page that there is not.

        Args:
            rows: which arguments say it.
            arguments: of the question.
            page: the mark in the address, where pages are asked for by links.
            numbers: all rows as they are now.
        """
        size = rows.pages.page_size
        if rows.size:
            size = max(number_at(arguments, rows.size, otherwise=size), 1)
        match rows.pages.form:
            case Rows():
                first = max(number_at(arguments, rows.first, otherwise=1), 1)
                last = number_at(arguments, rows.last, otherwise=len(numbers))
                return _first_rows(numbers, first - 1, max(last - first + 1, 0))
            case Numbers(first=base):
                number = number_at(arguments, rows.first, otherwise=base)
                return None if number < base else _first_rows(numbers, (number - base) * size, size)
            case Offsets(at_most=at_most, step=step, first=base):
                number = number_at(arguments, rows.first, otherwise=base)
                offset = number - base
                if offset < 0 or offset % step or (at_most is not None and number > at_most):
                    return None
                return _first_rows(numbers, offset, size)
            case Tokens():
                return self._next_window(str(arguments.get(rows.first) or ""), numbers, size)
            case Links():
                return self._next_window(page, numbers, size)
            case Undivided():
                return _first_rows(numbers, 0, len(numbers))
            case _:
                assert_never(rows.pages.form)

    def _next_window(self, mark: str, numbers: Sequence[int], size: int) -> PageWindow | None:
        """Go on with what was left when the page before was given."""
        left = self._rest.get(mark) if mark else list(numbers)
        if left is None:
            return None
        here, rest = left[:size], left[size:]
        if not rest:
            return PageWindow(here, size, is_last=True)
        following = f"mock-page-{len(self._rest) + 1}"
        self._rest[following] = rest
        return PageWindow(here, size, is_last=False, mark=following)


def _first_rows(numbers: Sequence[int], before: int, size: int) -> PageWindow:
    here = numbers[before : before + size]
    return PageWindow(here, size, is_last=before + size >= len(numbers))
