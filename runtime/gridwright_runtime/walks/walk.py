"""The iterators that callers hold: one for threads, one for tasks."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from msgspec.structs import replace

from ..errors import ItemFailure, NoDataError
from ..problems import Deviation, Problem
from ..record import Record
from .at_end import AtEnd
from .pages import Ask, Page

__all__ = ["AsyncWalk", "RequestSequence", "Walk"]

RecordT = TypeVar("RecordT", bound=Record)


class RequestSequence(Protocol):
    """What a walk asks for next, and which of the records that came are new."""

    @property
    def position(self) -> int | str:
        """Where to begin to go on from here."""

    @property
    def total(self) -> int | None:
        """How many records there are in all, as the last page says."""

    @property
    def without_data(self) -> Sequence[Any]:
        """The parts of the question for which the service had nothing so far."""

    @property
    def miscounts(self) -> Sequence[tuple[int, int]]:
        """At the end, of each row of pages that brought fewer records than every page said there
        are in all: how many came, and the lowest total that a page said.
        """

    def ask(self) -> Ask | None:
        """Return what the next page is asked for by; None at the end."""

    def next(self) -> Any:
        """Return the next record of the pages taken so far; None where there is none."""

    def take(self, page: Page) -> None:
        """Take the page that was asked for."""

    def lacks(self) -> bool:
        """Take note that the service has nothing there; False: then the walk fails by it."""


class _Walked:
    """Where a walk is, for both kinds."""

    _sequence: RequestSequence
    _has_come = False

    def __init__(self, at_end: AtEnd | None) -> None:
        self._at_end = at_end
        self._failures: list[ItemFailure] = []
        self._deviations: list[Deviation] = []
        self._not_listed = 0
        self._replies = 0

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """How the replies that came so far depart from the document: the first thousand.

        Paths begin with the number of the reply, such as ``replies[0].records[3].status``. What
        all replies together lack is told at the end of the walk, by the name of the argument.
        """
        found = tuple(self._deviations)
        if self._at_end is not None:
            found += self._at_end.deviations
        if not self._not_listed:
            return found
        said = f"{self._not_listed} more are not listed"
        return (*found, Problem(path="", wire="", rule="not-listed", message=said))

    def _took(self, page: Page) -> None:
        """Note how a reply departs from the document and what failed, before it is let go."""
        self._failures += page.failures
        where = f"replies[{self._replies}]"
        self._replies += 1
        listed = page.deviations[: _MOST_LISTED - len(self._deviations)]
        self._deviations += [
            replace(one, path=f"{where}.{one.path}" if one.path else where) for one in listed
        ]
        self._not_listed += len(page.deviations) - len(listed)

    @property
    def failures(self) -> tuple[ItemFailure, ...]:
        """What failed so far while the rest came; in no record, and never raised.

        Where not one record came in the whole walk, its end raises the first of them.
        """
        return tuple(self._failures)

    def _is_record(self, found: object) -> bool:
        """Say whether what came is a record; else it is a failure, and noted."""
        if isinstance(found, ItemFailure):
            self._failures.append(found)
            return False
        self._has_come = True
        return True

    def _end(self) -> None:
        """Raise the first failure where there is nothing else, and what a strict walk lacks."""
        if self._failures and not self._has_come:
            self._has_come = True  # once
            error = self._failures[0].error
            error.failures = tuple(self._failures)
            raise error
        if self._at_end is not None:
            self._at_end.judge(self._sequence.miscounts)

    @property
    def position(self) -> Any:
        """Where to begin to go on from here: what ``begin`` of another walk takes.

        It is the place of the record that comes next, or an opaque text where places have no
        number; such a text may hold what was asked for.
        """
        return self._sequence.position

    @property
    def total(self) -> int | None:
        """How many records there are in all, as the last page says; None before the first."""
        return self._sequence.total

    @property
    def without_data(self) -> list[Any]:
        """The parts of the question for which the service says that it has nothing.

        Each is a `Chunk` with its period and its part of the list; so far, and only where the
        walk asks in parts: otherwise the error is raised.
        """
        return list(self._sequence.without_data)


class Walk(_Walked, Generic[RecordT]):
    """The records of a long answer, one after another; an iterator that holds one page.

    An error does not end it: the next step asks again for the page that failed.
    """

    def __init__(
        self, sequence: RequestSequence, fetch: Callable[[Ask], Page], at_end: AtEnd | None = None
    ) -> None:
        super().__init__(at_end)
        self._sequence = sequence
        self._fetch = fetch

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> RecordT:
        while (record := self._sequence.next()) is None or not self._is_record(record):
            if record is not None:
                continue
            wanted = self._sequence.ask()
            if wanted is None:
                self._end()
                raise StopIteration
            try:
                page = self._fetch(wanted)
            except NoDataError:
                if not self._sequence.lacks():
                    raise
            else:
                self._took(page)
                self._sequence.take(page)
        found: RecordT = record
        return found


class AsyncWalk(_Walked, Generic[RecordT]):
    """The async twin of `Walk`; for one task."""

    def __init__(
        self,
        sequence: RequestSequence,
        fetch: Callable[[Ask], Awaitable[Page]],
        at_end: AtEnd | None = None,
    ) -> None:
        super().__init__(at_end)
        self._sequence = sequence
        self._fetch = fetch

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> RecordT:
        while (record := self._sequence.next()) is None or not self._is_record(record):
            if record is not None:
                continue
            wanted = self._sequence.ask()
            if wanted is None:
                self._end()
                raise StopAsyncIteration
            try:
                page = await self._fetch(wanted)
            except NoDataError:
                if not self._sequence.lacks():
                    raise
            else:
                self._took(page)
                self._sequence.take(page)
        found: RecordT = record
        return found


_MOST_LISTED = 1000
