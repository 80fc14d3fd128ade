"""Cut a question into calls that the service takes: batches of a list, then periods.

The chunks of one question bring together what one call without limits would bring. What the
service says it has nothing for is listed.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

from ..errors import ItemFailure
from ..texts.zones import load_zone
from ..times.lengths import added, is_before, subtracted
from ..values.lists import is_listed
from .anchored import key_of, wrong_argument
from .cuts import Cuts, PeriodCut
from .pages import Ask, Page, Pages
from .walk import RequestSequence

__all__ = ["ChunkedSequence", "WalkChunk", "chunks_of"]


class WalkChunk(Struct, frozen=True, kw_only=True):
    """What one call of a walk is about; its repr shows nothing of it."""

    start: Any = None
    """The first moment of its period, as it is sent; None where the question has none."""
    end: Any = None
    """The last, or the one after it, as the document has it."""
    items: Sequence[Any] | None = None
    """Its part of the list; None where the question has none."""
    batch: int = 0
    """The number of that part, from 0."""

    def __repr__(self) -> str:
        return "Chunk(***)"


def chunks_of(
    cuts: Cuts, period: tuple[Any, Any] | None, items: Sequence[Any] | None
) -> tuple[WalkChunk, ...]:
    """Return the chunks of a question, in the order in which they are asked for.

    Args:
        cuts: what one call may hold.
        period: first and last moment; None where the operation has no period.
        items: the list; None where the operation has none, or the caller gives none.
    """
    periods = [period or (None, None)]
    if cuts.period is not None and period is not None:
        periods = list(_periods(cuts.period, *period))
    batches: list[Sequence[Any] | None] = [items]
    if cuts.items is not None and items and is_listed(items):
        listed = list(items)
        batches = [listed[at : at + cuts.items] for at in range(0, len(listed), cuts.items)]
    return tuple(
        WalkChunk(start=start, end=end, items=batch, batch=number)
        for number, batch in enumerate(batches)
        for start, end in periods
    )


class ChunkedSequence:
    """One walk over all chunks of a question, each with pages of its own.

    Args:
        call: the operation's name, for messages.
        pages: how a page is asked for.
        cuts: what one call may hold.
        chunks: of the question.
        begin: where to begin, as ``position`` said it; empty: at the first record.
        make_sequence: makes the requests for the pages of one chunk, from a position on.
        shape: what of a chunk is passed on: its period, its items.
    """

    total = None

    def __init__(
        self,
        call: str,
        pages: Pages,
        cuts: Cuts,
        chunks: tuple[WalkChunk, ...],
        begin: str,
        make_sequence: Callable[[str], RequestSequence],
        shape: tuple[bool, bool],
    ) -> None:
        self._call = call
        self._pages = pages
        self._chunks = chunks
        self._make = make_sequence
        self._shape = shape
        self._is_overlapping = cuts.period is not None and cuts.period.to_is == "undecided"
        self._at, inner = self._opened(begin)
        self._before: set[Hashable] = set()
        self._here: set[Hashable] = set()
        self._resumed: tuple[int, str] | None = None
        if self._is_overlapping and begin:
            # What came at the seams is learnt again, so that nothing comes twice.
            self._resumed = (self._at, inner)
            self._at, inner = self._at - 1 if self._follows(self._at) else self._at, ""
        self._sequence = make_sequence(inner)
        self._has_page = False
        self.without_data: list[WalkChunk] = []
        self._miscounts: list[tuple[int, int]] = []

    @property
    def miscounts(self) -> Sequence[tuple[int, int]]:
        """Those of the pages of each chunk."""
        return (*self._miscounts, *self._sequence.miscounts)

    @property
    def position(self) -> str:
        """Where to begin to go on from here: opaque, and as secret as what was asked for."""
        at, inner = self._resumed or (self._at, str(self._sequence.position))
        chunk = self._chunks[at]
        return f"{chunk.batch} {_iso_text(chunk.start)} {inner}"

    def ask(self) -> Ask | None:
        """Return what the next page is asked for by; None at the end."""
        while (wanted := self._sequence.ask()) is None:
            if not self._go_on():
                return None
        chunk = self._chunks[self._at]
        has_period, has_items = self._shape
        values = list(wanted.values)
        values += [chunk.start, chunk.end] if has_period else []
        values += [chunk.items] if has_items else []
        return Ask(tuple(values), wanted.link)

    def next(self) -> Any:
        """Return the next record that has not come; None where there is none."""
        while (record := self._sequence.next()) is not None:
            if not self._is_overlapping or isinstance(record, ItemFailure):
                return record
            key = key_of(record, self._pages.key)
            self._here.add(key)
            if self._resumed is None and key not in self._before:
                return record
        return None

    def take(self, page: Page) -> None:
        """Take the page that was asked for."""
        self._sequence.take(page)
        self._has_page = True

    def lacks(self) -> bool:
        """Take note that the service has nothing for this chunk, and go on to the next."""
        if self._has_page:
            return self._sequence.lacks()
        if self._resumed is None:
            self.without_data.append(self._chunks[self._at])
        self._sequence = _Ended()
        return True

    def _go_on(self) -> bool:
        inner = ""
        if self._resumed is not None and self._at == self._resumed[0]:
            # Now that its records are known, it is walked from where the other walk had come.
            inner, self._resumed = self._resumed[1], None
        elif self._at + 1 == len(self._chunks):
            return False
        else:
            self._miscounts += self._sequence.miscounts
            self._at += 1
            self._before = self._here if self._follows(self._at) else set()
            self._here = set()
        self._sequence = self._make(inner)
        self._has_page = False
        return True

    def _follows(self, at: int) -> bool:
        """Say whether a chunk begins where the one before it ends."""
        return at > 0 and self._chunks[at - 1].batch == self._chunks[at].batch

    def _opened(self, begin: str) -> tuple[int, str]:
        """Return the chunk that a position is in, and the position within it."""
        if not begin:
            return 0, ""
        if isinstance(begin, str):
            batch, _, rest = begin.partition(" ")
            start, _, inner = rest.partition(" ")
            for at, chunk in enumerate(self._chunks):
                if (str(chunk.batch), _iso_text(chunk.start)) == (batch, start):
                    return at, inner
        message = "must be what `position` of a walk with the same arguments said"
        raise wrong_argument(self._call, "begin", message)


class _Ended:
    """The walk over the pages of a chunk for which there is nothing."""

    position = ""
    total = None
    without_data: Sequence[Any] = ()
    miscounts: Sequence[tuple[int, int]] = ()

    def ask(self) -> Ask | None:
        """Say that there is nothing to ask for."""
        return None

    def next(self) -> Any:
        """Say that there is nothing."""
        return None

    def take(self, page: Page) -> None:
        """Take nothing."""

    def lacks(self) -> bool:
        """Say that nothing more is lacking."""
        return False


def _periods(cut: PeriodCut, start: Any, end: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(start, date) or not isinstance(end, date):
        yield start, end  # the check of the request says what is wrong with it
        return
    start, end = _in_zone(start, cut.zone), _in_zone(end, cut.zone)
    is_excluded = cut.to_is == "excluded"
    while True:
        last = _on_the_clock(added(start, cut.at_most))
        if not is_excluded:
            last = _later(_on_the_clock(subtracted(last, cut.step)), start)
        if not is_before(last, end) or (is_excluded and not is_before(start, last)):
            yield start, end
            return
        if cut.to_is == "undecided":
            last = _later(last, added(start, cut.step))
        yield start, last
        start = added(last, cut.step) if cut.to_is == "included" else last


def _on_the_clock(moment: date) -> date:
    """Return a moment as clocks show it: those that are put forward skip some."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC).astimezone(moment.tzinfo)
    return moment


def _later(moment: date, other: date) -> date:
    return other if is_before(moment, other) else moment


def _in_zone(moment: date, zone: str) -> date:
    if isinstance(moment, datetime) and moment.tzinfo is not None and zone:
        return moment.astimezone(load_zone(zone))
    return moment


def _iso_text(moment: object) -> str:
    return moment.isoformat() if isinstance(moment, date) else "-"
