"""Walk pages that each say how the next is asked for: by a token or a link.

What comes next is the service's own memory; nothing is looked for and nothing is compared.
"""

from collections import deque
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from ..errors import UnexpectedReplyError
from .anchored import empty_page, wrong_argument
from .links import without
from .pages import Ask, Links, Page, Pages, Undivided

__all__ = ["Follower"]


class Follower:
    """One walk from page to page.

    Args:
        call: the operation's name, for messages.
        pages: how a page is asked for, and where it says what.
        begin: where to begin, as ``position`` said it; empty: at the first page.
        page_size: how many records to ask for at once.
        hidden: parameters that no address may hold that is kept.
    """

    without_data: Sequence[Any] = ()
    """What the service lacks ends such a walk, or fails it."""

    def __init__(
        self,
        call: str,
        pages: Pages,
        begin: str,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        if not isinstance(page_size, int) or isinstance(page_size, bool) or page_size < 1:
            raise wrong_argument(call, "page_size", "must be a whole number of 1 or more")
        self._call = call
        self._pages = pages
        self._hidden = hidden
        self._size = page_size
        self._read, self._mark = _opened(call, begin)
        self._skip = self._read
        self._next: str | None = self._mark
        self._asked = {_digest(self._mark)}
        """Of all that pages were asked for by: tokens and links may be long, and secret."""
        self._is_over = False
        self._ready: deque[Any] = deque()
        self.total: int | None = None
        self._came: int | None = None if begin else 0
        """How many records came; None: this walk does not know what came before it."""
        self._least: int | None = None
        """The lowest total that a page said."""

    @property
    def miscounts(self) -> Sequence[tuple[int, int]]:
        """How many records came at the end, and of how many, where that is too few."""
        if not self._is_over or self._came is None or self._least is None:
            return ()
        return ((self._came, self._least),) if self._came < self._least else ()

    @property
    def position(self) -> str:
        """Where to begin to go on from here: opaque, and as secret as what was asked for."""
        if not self._ready and not self._is_over:
            return f"{self._skip} {self._next or ''}".rstrip()
        return f"{self._read} {self._mark or ''}".rstrip()

    def ask(self) -> Ask | None:
        """Return what the next page is asked for by; None at the end."""
        if self._is_over:
            return None
        if isinstance(self._pages.form, Undivided):
            return Ask(())
        if isinstance(self._pages.form, Links):
            return Ask((self._size,), link=self._next)
        return Ask((self._next, self._size))

    def next(self) -> Any:
        """Return the next record of the page; None where there is none."""
        if not self._ready:
            return None
        self._read += 1
        return self._ready.popleft()

    def take(self, page: Page) -> None:
        """Take the page that was asked for.

        Raises:
            UnexpectedReplyError: the next page is this very page or one before it; or this one is
                the last, and it is empty though the total says otherwise.
        """
        following = page.next
        if isinstance(self._pages.form, Links) and following is not None:
            following = without(following, self._hidden)
        if following is not None and _digest(following) in self._asked:
            if page.records:
                which = "itself" if following == self._next else "one before it"
                raise UnexpectedReplyError(
                    f"{self._call}: a page calls {which} the next; the walk would never end"
                )
            following = None
        is_over = following is None or page.more is False
        came = None if self._came is None else self._came + len(page.records)
        totals = [total for total in (self._least, page.total) if total is not None]
        least = min(totals, default=None)
        if is_over and not page.records and (came or 0) < (least or 0) and came is not None:
            raise empty_page(self._call, least or 0, came)
        self.total, self._came, self._least, self._is_over = page.total, came, least, is_over
        self._read, self._mark = self._skip, self._next
        self._ready.extend(page.records[self._skip :])
        self._skip, self._next = 0, following
        self._asked.add(_digest(following))

    def lacks(self) -> bool:
        """Say that a page of which the page before speaks must be there."""
        return False


def _digest(mark: str | None) -> bytes:
    return blake2b((mark or "").encode(errors="surrogatepass"), digest_size=16).digest()


def _opened(call: str, begin: str) -> tuple[int, str | None]:
    if not begin:
        return 0, None
    count, _, mark = begin.partition(" ") if isinstance(begin, str) else ("", "", "")
    if not count.isascii() or not count.isdigit():
        raise wrong_argument(call, "begin", "must be what `position` of another walk said")
    return int(count), mark or None
