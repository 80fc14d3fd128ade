"""Walk through long answers page by page while they change. Never sends, never reads a body.

How nothing is doubled and nothing lost: every page begins with the last record of the page before,
the anchor, and with more of its last records while records are being removed. Where a page holds
a record that was seen before, what stands after it is what comes next, and what stands before it
has been seen, whatever was added or removed in between. Where a page holds none, records have
moved by more than was read again, or the anchor is gone: the walk searches for a known record,
backwards first (forwards first where the total has grown), and yields nothing before it has found
one.

What that guarantees: a record that is there during the whole walk is yielded once, as long as the
provider says the total and keeps the order of the records that stay. A record that is added
meanwhile is yielded once or not at all, one that is removed likewise. Where none of the last
thousand records is there any more, nobody can say what comes next: then the walk ends with an
error instead of a gap.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from operator import attrgetter
from typing import Any, Generic, Self, TypeVar

from msgspec import Struct

from .errors import InvalidRequestError, UnexpectedReplyError
from .problems import Problem
from .record import Record

__all__ = ["AsyncWalk", "Pager", "Pages", "Walk"]

RecordT = TypeVar("RecordT", bound=Record)


class Pages(Struct, frozen=True, kw_only=True):
    """Where the payload of a reply says what a page needs, in Python names joined by dots."""

    records: str
    total: str
    """How many records there are in all."""
    key: str
    """The field of a record that tells it from every other."""
    page_size: int = 1000
    """How many records are asked for at once by who does not say it."""


class Pager:
    """One walk: which range to ask for next, and which of its records are new.

    Args:
        call: the operation's name, for messages.
        pages: where a page says what.
        begin: the first record wanted, counted from 1.
        page_size: how many records to ask for at once; two at least, one being the anchor.
    """

    def __init__(self, call: str, pages: Pages, begin: int, page_size: int) -> None:
        _check("begin", begin, 1, call)
        _check("page_size", page_size, 2, call)
        self._call = call
        self._pages = pages
        self._start = begin
        self._size = page_size
        self._at: int | None = begin
        self._overlap = 1
        self._longest = 2  # a provider may give less than is asked for
        self._page: list[Hashable] = []
        self._search: Iterator[int] | None = None
        self._known: dict[Hashable, None] = {}
        self._most_known = max(_MOST_KNOWN, 2 * page_size)
        self._ready: deque[tuple[int, Any]] = deque()
        self.position = begin
        self.total: int | None = None

    def range(self) -> tuple[int, int] | None:
        """Return the range to ask for, first and last included; None at the end."""
        return None if self._at is None else (self._at, self._at + self._size - 1)

    def next(self) -> Any:
        """Return the next record of the pages taken so far; None where there is none."""
        if not self._ready:
            return None
        position, record = self._ready.popleft()
        self.position = position + 1
        return record

    def take(self, body: object) -> None:
        """Take the page that was asked for.

        Raises:
            UnexpectedReplyError: none of the last records is there any more.
        """
        begin = self._at
        if begin is None:
            return
        before, self.total = self.total, _found(body, self._pages.total)
        records: list[Any] = _found(body, self._pages.records) or []
        self._longest = max(self._longest, len(records))
        keys = [_key(record, self._pages.key) for record in records]
        known = next((at for at, key in enumerate(keys) if key in self._known), None)
        if not self._known or self._is_over():
            known = 0
        if known is None:
            self._look_elsewhere(begin, before)
            return
        is_first = not self._known
        new = self._remember(keys, known)
        seen = len(keys) - known - len(new)
        self._overlap = 1 if is_first or not new else self._next_overlap(seen)
        self._search = None
        self._ready.extend((begin + at, records[at]) for at in new)
        after = begin + len(records)
        is_last = self.total is not None and after > self.total
        is_same = self.total is None and keys == self._page
        # The anchor alone is no progress; nor is what a provider gives that does not know ranges.
        stands_still = not new and (len(records) < 2 or len(records) > self._size or is_same)
        self._at = None if not records or is_last or stands_still else after - self._overlap
        self._page = keys

    def _is_over(self) -> bool:
        """Whether all that the walk was to yield is gone."""
        return self.total is not None and self.total < self._start

    def _next_overlap(self, seen: int) -> int:
        """Return how many records to read again, from how many of the last ones were there."""
        most = max(min(self._longest, self._size) // 2, 1)
        if self._search is not None:
            return most
        moved = self._overlap - seen
        return min(max(2 * moved, self._overlap // 2, 1), most)

    def _remember(self, keys: list[Hashable], first: int) -> list[int]:
        """Return where the keys are that were not seen before; keep the last ones."""
        new = []
        for at in range(first, len(keys)):
            if keys[at] not in self._known:
                new.append(at)
            else:
                del self._known[keys[at]]
            self._known[keys[at]] = None
        for _ in range(len(self._known) - self._most_known):
            del self._known[next(iter(self._known))]
        return new

    def _look_elsewhere(self, begin: int, before: int | None) -> None:
        if self._search is None:
            has_grown = None not in (before, self.total) and (self.total or 0) > (before or 0)
            self._search = self._places(begin, has_grown)
        self._at = next(self._search, None)
        if self._at is None:
            raise UnexpectedReplyError(
                f"{self._call}: the records changed so much between two pages that it is not "
                f"known what comes after record {self.position - 1}; nothing before it is missing"
            )

    def _places(self, begin: int, has_grown: bool) -> Iterator[int]:
        """Yield where to look for a known record, so that no two pages leave one out."""
        if has_grown:
            yield from self._ahead(begin)
        at = begin if self.total is None else min(begin, self.total + 2)
        step = max(self._longest // 2, 1)  # most often records have moved by less
        while at > self._start:
            at = max(at - step, self._start)
            yield at
            step = self._longest - 1
        if not has_grown:
            yield from self._ahead(begin)

    def _ahead(self, begin: int) -> Iterator[int]:
        at = begin + self._longest - 1
        while self.total is not None and at <= self.total:
            yield at
            at += self._longest - 1


class Walk(Generic[RecordT]):
    """The records of a long answer, one after another; an iterator that holds one page.

    An error does not end it: the next step asks again for the page that failed.
    """

    def __init__(self, pager: Pager, fetch: Callable[[int, int], object]) -> None:
        self._pager = pager
        self._fetch = fetch

    @property
    def position(self) -> int:
        """Where to begin to go on from here: the place of the record that comes next."""
        return self._pager.position

    @property
    def total(self) -> int | None:
        """How many records there are in all, as the last page says; None before the first."""
        return self._pager.total

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> RecordT:
        while (record := self._pager.next()) is None:
            wanted = self._pager.range()
            if wanted is None:
                raise StopIteration
            self._pager.take(self._fetch(*wanted))
        found: RecordT = record
        return found


class AsyncWalk(Generic[RecordT]):
    """The async twin of `Walk`; for one task."""

    def __init__(self, pager: Pager, fetch: Callable[[int, int], Awaitable[object]]) -> None:
        self._pager = pager
        self._fetch = fetch

    @property
    def position(self) -> int:
        """Where to begin to go on from here: the place of the record that comes next."""
        return self._pager.position

    @property
    def total(self) -> int | None:
        """How many records there are in all, as the last page says; None before the first."""
        return self._pager.total

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> RecordT:
        while (record := self._pager.next()) is None:
            wanted = self._pager.range()
            if wanted is None:
                raise StopAsyncIteration
            self._pager.take(await self._fetch(*wanted))
        found: RecordT = record
        return found


def _found(body: object, path: str) -> Any:
    """Return what stands at a path of Python names; None where nothing does, or it is empty."""
    found: Any = body if path else None
    for name in path.split("."):
        found = None if found is None else getattr(found, name)
    return found


def _key(record: Record, name: str) -> Hashable:
    """Return what tells a record from others; without a key of its own, all of it."""
    key: Hashable = attrgetter(name)(record)
    if key is not None:
        return key
    try:
        hash(record)
    except TypeError:
        return repr(record)
    return record


def _check(name: str, value: object, least: int, call: str) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return
    message = f"must be a whole number of {least} or more"
    raise InvalidRequestError(
        call, [Problem(path=name, wire=name, rule="not-number", message=message)]
    )


_MOST_KNOWN = 1000
