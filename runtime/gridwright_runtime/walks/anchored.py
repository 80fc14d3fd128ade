"""Walk pages that are asked for by where they begin, while their records change.

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

A page by number begins at a multiple of its size, so the walk takes, of all sizes up to the one
that is wanted, the one whose page has the anchor near its beginning.

Where pages begin only at certain records, such as the pages of a service that alone says how long
they are, or pages of a handful of records, a page cannot begin with an anchor. Then the walk goes
on as long as the total stays the same, and looks for the anchor when it has changed. Where the
provider says no total either, or nothing tells the records apart, the walk takes the pages as they
come.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from ..errors import InvalidRequestError, UnexpectedReplyError
from ..problems import Problem
from ..record import Record
from ..values.instant_keys import by_instant, hashable_by_instant
from .pages import Ask, Numbers, Offsets, Page, Pages

__all__ = ["Pager", "empty_page", "key_of", "wrong_argument"]


class Pager:
    """One walk: which page to ask for next, and which of its records are new.

    Args:
        call: the operation's name, for messages.
        pages: how a page is asked for, and where it says what.
        begin: the first record wanted, counted from 1.
        page_size: how many records to ask for at once; two at least where one is the anchor.
    """

    without_data: Sequence[Any] = ()
    """What the service lacks ends such a walk, or fails it."""

    def __init__(self, call: str, pages: Pages, begin: int, page_size: int) -> None:
        _check("begin", begin, 1, call)
        _check("page_size", page_size, 2 if pages.key else 1, call)
        self._call = call
        self._pages = pages
        self._start = begin
        self._size = page_size if pages.is_sized else pages.page_size
        self._is_length_asked = pages.is_sized
        """The service gives pages as long as they are asked for; else each has its own length."""
        self._is_length_known = pages.is_sized or not isinstance(pages.form, Numbers)
        self._at: int | None = begin
        self._begin = begin
        """The record with which the page begins that is asked for."""
        self._asked = self._size
        self._after = begin
        """The number of the record after the last page."""
        self._overlap = 1
        self._longest = 2  # a provider may give less than is asked for
        self._page: list[Hashable] = []
        self._is_more_said = False
        """The last page said that another one follows."""
        self._search: Iterator[int] | None = None
        self._doubts = 0
        self._known: dict[Hashable, None] = {}
        self._most_known = max(_MOST_KNOWN, 2 * page_size)
        self._ready: deque[tuple[int, Any]] = deque()
        self.position = begin
        self.total: int | None = None
        self._least: int | None = None
        """The lowest total that a page said."""
        self._beyond: list[tuple[int, int]] = []
        """Of pages that reach further than their own total: how far, and that total."""
        self._came = begin - 1
        """How many records came, with those before the first that was wanted."""

    @property
    def miscounts(self) -> Sequence[tuple[int, int]]:
        """How many records came at the end, and of how many, where that is too few or too many."""
        if self._at is not None or self._least is None:
            return ()
        if self._came < self._least:
            return ((self._came, self._least),)
        return tuple(self._beyond[:1])

    def ask(self) -> Ask | None:
        """Return what the next page is asked for by; None at the end.

        Raises:
            UnexpectedReplyError: the service gives no page that begins so late.
        """
        if self._at is None:
            return None
        form = self._pages.form
        self._asked = self._size
        if isinstance(form, Numbers) and not self._is_length_known:
            self._begin = 1  # the service alone says how long pages are, and the first tells it
            return Ask((form.first, self._size))
        if isinstance(form, Numbers):
            return self._numbered(form, self._at)
        if isinstance(form, Offsets):
            return self._skip_to(form, self._at)
        self._begin = self._at
        return Ask((self._at, self._at + self._size - 1))

    def next(self) -> Any:
        """Return the next record of the pages taken so far; None where there is none."""
        if not self._ready:
            return None
        position, record = self._ready.popleft()
        self.position = position + 1
        return record

    def take(self, page: Page) -> None:
        """Take the page that was asked for.

        Raises:
            UnexpectedReplyError: none of the last records is there any more, the page is empty
                though the total says otherwise, or it is the page before once more.
        """
        if self._at is None or self._is_only_measured(page) or self._is_cut_short(page):
            return
        begin, records = self._begin, page.records
        before, self.total = self.total, page.total
        if page.total is not None:
            self._least = page.total if self._least is None else min(self._least, page.total)
            reach = begin - 1 + len(records)
            # What came before is no measure: of what was read, some may be gone by now.
            if records and reach > page.total and (begin == 1 or self._is_length_asked):
                self._beyond.append((reach, page.total))
        self._longest = max(self._longest, len(records))
        keys = [key_of(record, self._pages.key) for record in records]
        self._refuse_same_page(page, keys)
        known = self._find_anchor(keys, begin, before)
        if known is None:
            self._search_elsewhere(begin, before)
            return
        is_first = not self._known
        new = self._remember(keys, records, known)
        seen = len(keys) - known - len(new)
        self._overlap = 1 if is_first or not new else self._next_overlap(seen, begin)
        self._search = None
        self._ready.extend((begin + at, records[at]) for at in new)
        self._came += len(new)
        self._after = after = begin + len(records)
        is_same = self.total is None and bool(self._pages.key) and keys == self._page
        # The anchor alone is no progress; nor is what a provider gives that does not know ranges.
        stands_still = not new and (len(records) < 2 or len(records) > self._size or is_same)
        is_over = stands_still and (self._has_anchors or begin < self._after)
        is_last = self._is_last(page, after)
        if isinstance(self._pages.form, Numbers) and not self._is_length_asked:
            self._after = after = begin + self._size  # the next number, however many came
        self._at = None if is_last or is_over else self._next_begin(after)
        self._page = keys
        self._is_more_said = not is_last and (page.total is not None or page.more is not None)

    def lacks(self) -> bool:
        """End, where the service says of a page after the last that there is nothing."""
        is_end = self._begin >= self._after > self._start and self.total is None
        if is_end:
            self._at = None
        return is_end

    # --- Where pages begin ------------------------------------------------------------------

    def _numbered(self, form: Numbers, at: int) -> Ask:
        """Ask by number, for the page that holds a record and most of what comes after it."""
        number, size = self._page_with(at)
        while self._search is None and at < self._after and (number + 1) * size < self._after:
            at += 1  # with fewer of the last records, at last with none
            number, size = self._page_with(at)
        self._begin, self._asked = number * size + 1, size
        return Ask((form.first + number, size))

    def _page_with(self, at: int) -> tuple[int, int]:
        """Return number, from 0, and size of the page that reaches furthest from a record on."""
        sizes = range(self._size, self._size // 2, -1) if self._is_length_asked else (self._size,)
        size = max(sizes, key=lambda one: one - (at - 1) % one)
        return (at - 1) // size, size

    def _skip_to(self, form: Offsets, at: int) -> Ask:
        offset = (at - 1) // form.step * form.step
        most = None if form.at_most is None else form.at_most - form.first
        if most is not None and offset > most:
            offset = most // form.step * form.step
            if offset + self._size < self._after:
                raise UnexpectedReplyError(
                    f"{self._call}: the service gives no page that begins after {most} "
                    f"records, and more than {self._after - 1} may belong to this answer; ask for "
                    "less at once, such as a shorter period"
                )
        is_again = self._search is None and self._is_more_said and offset < self._begin
        if is_again and form.step > 1:
            raise UnexpectedReplyError(
                f"{self._call}: the page from record {self._begin} on has {len(self._page)} "
                f"records and is not the last; pages begin at multiples of {form.step}, and none "
                "of them begins where the next record is"
            )
        self._begin = offset + 1
        return Ask((form.first + offset, self._size))

    def _next_begin(self, after: int) -> int:
        return max(after - (self._overlap if self._has_anchors else 0), 1)

    @property
    def _has_anchors(self) -> bool:
        """Whether a page can begin with the last record of the page before."""
        form = self._pages.form
        if not self._pages.key:
            return False
        if isinstance(form, Numbers):
            return self._is_length_asked
        return not isinstance(form, Offsets) or form.step < self._size

    # --- The end ----------------------------------------------------------------------------

    def _is_only_measured(self, page: Page) -> bool:
        """Learn from the first page how long pages are; say whether it has nothing else to tell."""
        count = len(page.records)
        if not isinstance(self._pages.form, Numbers) or self._begin != 1 or not count:
            return False
        if self._is_length_asked and count <= self._asked:
            return False
        self._is_length_asked, self._is_length_known = False, True
        self._size = self._asked = count
        return self._start > count and not self._is_last(page, count + 1)

    def _is_cut_short(self, page: Page) -> bool:
        """Say whether a page is shorter than asked because the service gives no longer ones.

        Then pages by number begin elsewhere than was thought, and all is asked for anew.
        """
        short = isinstance(self._pages.form, Numbers) and 0 < len(page.records) < self._asked
        if not short or self._is_last(page, self._begin + len(page.records)):
            return False
        if not self._is_length_asked or self._is_short_by_chance(page):
            return False
        self._size = len(page.records)
        return self._begin > 1

    def _is_short_by_chance(self, page: Page) -> bool:
        """Say whether nothing speaks against that the page is the last."""
        return page.total is None and page.more is None and page.pages is None and self._begin > 1

    def _is_last(self, page: Page, after: int) -> bool:
        """Say whether no page comes after this one."""
        if page.more is not None:
            return not page.more
        if page.total is not None:
            if not page.records and after <= page.total and self._begin >= self._after:
                raise empty_page(self._call, page.total, after - 1)
            return after > page.total or not page.records
        form = self._pages.form
        if page.pages is not None and isinstance(form, Numbers):
            number = (self._begin - 1) // self._asked + 1
            if page.records and number > page.pages:
                raise UnexpectedReplyError(
                    f"{self._call}: the reply says that there are {page.pages} pages, and page "
                    f"{number} has records; nobody knows how many there are"
                )
            return number >= page.pages
        usual = self._pages.page_size
        wanted = self._asked if self._pages.is_sized else usual
        if self._pages.is_usual and wanted <= usual and len(page.records) < wanted:
            return True
        return not page.records

    def _refuse_same_page(self, page: Page, keys: list[Hashable]) -> None:
        """Raise where a page is the one before once more, and nothing else would tell.

        Many records without a key that are all alike, such as zeros, may be those of two pages. A
        service may give its last page again, but one that gives its first page heeds nothing.
        """
        if not keys or keys != self._page:
            return
        if self._pages.key:
            is_by_number = isinstance(self._pages.form, Numbers | Offsets)
            was_first = self._after - len(keys) <= self._start
            is_wrong = page.total is None and is_by_number and was_first and len(keys) >= self._size
        else:
            is_wrong = self._begin >= self._after and (len(keys) == 1 or len(set(keys)) > 1)
        if is_wrong:
            raise UnexpectedReplyError(
                f"{self._call}: the page from record {self._begin} on is the page before once "
                "more; the service does not heed what asks for a page"
                + ("" if self._pages.key else ", or a key is to say what tells its records apart")
            )

    # --- Known records ----------------------------------------------------------------------

    def _find_anchor(self, keys: list[Hashable], begin: int, before: int | None) -> int | None:
        """Return where a page holds the first record to go on from; None: nobody knows."""
        if not self._known or self._is_over() or not self._pages.key:
            return min(max(self._after - begin, 0), len(keys))
        known = next((at for at, key in enumerate(keys) if key in self._known), None)
        if known is not None or self._search is not None or begin < self._after:
            return known
        # No page begins with an anchor: as long as their number is the same, nothing has moved.
        return 0 if before == self.total else None

    def _is_over(self) -> bool:
        """Whether all that the walk was to yield is gone."""
        return self.total is not None and self.total < self._start

    def _next_overlap(self, seen: int, begin: int) -> int:
        """Return how many records to read again, from how many of the last ones were there."""
        most = max(min(self._longest, self._size) // 2, 1)
        if self._search is not None:
            return most
        moved = max(self._after - begin, 1) - seen
        return min(max(2 * moved, self._overlap // 2, 1), most)

    def _remember(self, keys: list[Hashable], records: list[Any], first: int) -> list[int]:
        """Return where the keys are that were not seen before; keep the last ones.

        Two records of one page are two, whatever the key says, unless they say the same in all.
        Without a key all are new: such records may be alike.
        """
        if not self._pages.key:
            return list(range(first, len(keys)))
        new: list[int] = []
        here: dict[Hashable, Any] = {}
        for at in range(first, len(keys)):
            key, record = keys[at], records[at]
            if key in here:
                if here[key] != record:
                    new.append(at)
                continue
            if key not in self._known:
                new.append(at)
            here[key] = record
        for key in here:
            self._known.pop(key, None)
            self._known[key] = None
        for _ in range(len(self._known) - self._most_known):
            del self._known[next(iter(self._known))]
        return new

    def _search_elsewhere(self, begin: int, before: int | None) -> None:
        self._doubts += 1
        if self._search is None:
            has_grown = None not in (before, self.total) and (self.total or 0) > (before or 0)
            self._search = self._places(begin, has_grown and self._has_anchors)
        self._at = next(self._search, None) if self._doubts < _MOST_DOUBTS else None
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
            step = max(self._longest - 1, 1)
        if not has_grown:
            yield from self._ahead(begin)

    def _ahead(self, begin: int) -> Iterator[int]:
        at = begin + self._longest - 1
        while self.total is not None and at <= self.total:
            yield at
            at += max(self._longest - 1, 1)


def key_of(record: Record, name: str | tuple[str, ...]) -> Hashable:
    """Return what tells a record from others; without a key of its own, all of it."""
    if isinstance(name, tuple):
        several: tuple[Hashable, ...] = tuple(attrgetter(one)(record) for one in name)
        if any(one is not None for one in several):
            return tuple(map(by_instant, several))
    elif name:
        key: Hashable = by_instant(attrgetter(name)(record))
        if key is not None:
            return key
    found = hashable_by_instant(record)
    return repr(record) if found is None else found


def empty_page(call: str, total: int, came: int) -> UnexpectedReplyError:
    """Return the error for a page that is empty though more records must come."""
    return UnexpectedReplyError(
        f"{call}: a page is empty, and of {total} records only {came} have come"
    )


def wrong_argument(call: str, name: str, message: str) -> InvalidRequestError:
    """Return the error for an argument of a walk that cannot be meant."""
    return InvalidRequestError(
        call, [Problem(path=name, wire=name, rule="not-number", message=message)]
    )


def _check(name: str, value: object, least: int, call: str) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return
    raise wrong_argument(call, name, f"must be a whole number of {least} or more")


_MOST_KNOWN = 1000
_MOST_DOUBTS = 10_000
"""How many pages a walk looks at for a known record before it gives up."""
