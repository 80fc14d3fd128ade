from collections.abc import Callable
from typing import Any

import pytest

from gridwright_apis.epias_ecms import models
from gridwright_apis.epias_ecms.operations import SEARCH_INDEXES_PAGES
from gridwright_runtime.errors import InvalidRequestError, UnexpectedReplyError
from gridwright_runtime.paging import Pager, Walk
from gridwright_runtime.walks.pages import Ask, Page


class Ledger:
    """Rows in an order, of which pages are read; between two pages something may happen."""

    def __init__(self, ids: list[int], *happenings: Callable[[list[int]], object]) -> None:
        self.ids = ids
        self.happenings = list(happenings)
        self.ranges: list[tuple[int, int]] = []
        self.has_total = True

    def page(self, ask: Ask) -> Page:
        first, last = ask.values
        assert isinstance(first, int) and isinstance(last, int)
        if self.ranges and self.happenings:
            self.happenings.pop(0)(self.ids)
        self.ranges.append((first, last))
        ids = self.ids[first - 1 : last]
        count = len(self.ids) if self.has_total else None
        rows = [models.IndexQueryResult(index_id=number) for number in ids]
        return Page(records=rows, total=count)

    def walk(self, begin: int = 1, page_size: int = 10) -> Walk[models.IndexQueryResult]:
        return Walk(Pager("sample.search", SEARCH_INDEXES_PAGES, begin, page_size), self.page)

    def read(self, **how: int) -> list[int | None]:
        return [row.index_id for row in self.walk(**how)]


def test_pages_share_one_record_and_end_with_the_total() -> None:
    ledger = Ledger(list(range(28)))
    ledger.read()
    assert ledger.ranges == [(1, 10), (10, 19), (19, 28)]


@pytest.mark.parametrize("page_size", [2, 4, 9])
@pytest.mark.parametrize("has_total", [True, False])
def test_a_provider_may_not_know_ranges(page_size: int, has_total: bool) -> None:
    ledger = Ledger([1, 2, 3, 4])
    ledger.has_total = has_total
    page = ledger.page(Ask((1, 100)))
    pager = Pager("sample.search", SEARCH_INDEXES_PAGES, 1, page_size)
    walk: Walk[models.IndexQueryResult] = Walk(pager, lambda ask: page)
    assert [row.index_id for row in walk] == [1, 2, 3, 4]


def remove(*positions: int) -> Callable[[list[int]], object]:
    def happen(ids: list[int]) -> None:
        for position in sorted(positions, reverse=True):
            del ids[position]

    return happen


def insert(at: int, *new: int) -> Callable[[list[int]], object]:
    def happen(ids: list[int]) -> None:
        ids[at:at] = new

    return happen


def both(*happenings: Callable[[list[int]], object]) -> Callable[[list[int]], object]:
    return lambda ids: [happen(ids) for happen in happenings]


SHIFTS = {
    "one is removed before": remove(0),
    "the anchor is removed": remove(9),
    "all that was read but one is removed": remove(*range(9)),
    "one is added before": insert(0, 900),
    "many are added before": insert(0, *range(900, 960)),
    "one is removed before, one added after": both(remove(3), insert(30, 900)),
    "one is added before, one removed after": both(insert(0, 900), remove(30)),
    "most are removed": remove(*range(1, 35)),
    "many are removed before, more added after": both(
        remove(*range(8)), insert(30, *range(900, 930))
    ),
}


@pytest.mark.parametrize("shift", SHIFTS.values(), ids=SHIFTS)
def test_records_that_stay_are_read_once(shift: Callable[[list[int]], object]) -> None:
    ledger = Ledger(list(range(40)), shift)
    found = ledger.read()
    assert len(found) == len(set(found))
    stayed = set(range(40)) & set(ledger.ids)
    assert stayed <= set(found)


def test_no_gap_is_passed_over_in_silence() -> None:
    ledger = Ledger(list(range(40)), remove(*range(10)))
    walk = ledger.walk()
    found = []
    with pytest.raises(UnexpectedReplyError, match="not known what comes after record 10"):
        found += [row.index_id for row in walk]
    assert walk.position == 11


def test_it_ends_when_everything_is_gone() -> None:
    assert Ledger(list(range(40)), list.clear).read() == list(range(10))


def test_a_walk_can_be_resumed() -> None:
    ledger = Ledger(list(range(40)))
    walk = ledger.walk()
    first = [next(walk).index_id for _ in range(13)]
    assert (walk.position, walk.total) == (14, 40)
    assert first + ledger.read(begin=walk.position) == list(range(40))


def test_an_error_does_not_end_the_walk() -> None:
    def fail(_ids: list[int]) -> None:
        raise OSError("lost")

    walk = Ledger(list(range(25)), fail).walk()
    found = [next(walk).index_id for _ in range(10)]
    with pytest.raises(OSError, match="lost"):
        next(walk)
    assert found + [row.index_id for row in walk] == list(range(25))


def test_memory_is_bounded() -> None:
    ledger = Ledger(list(range(30_000)))
    pager = Pager("sample.search", SEARCH_INDEXES_PAGES, 1, 500)
    walk: Walk[models.IndexQueryResult] = Walk(pager, ledger.page)
    most = 0
    for _ in walk:
        most = max(most, len(pager._known), len(pager._ready))
    assert most == 1000


def test_records_without_a_key_are_told_apart_by_all_they_say() -> None:
    page = Page(records=[models.IndexQueryResult(state=s) for s in ("a", "b", "a")])
    pager = Pager("sample.search", SEARCH_INDEXES_PAGES, 1, 2)
    walk: Walk[models.IndexQueryResult] = Walk(pager, lambda ask: page)
    assert [row.state for row in walk] == ["a", "b"]


@pytest.mark.parametrize(("begin", "page_size"), [(0, 10), (1, 1), (True, 10), ("1", 10)])
def test_ranges_that_make_no_sense(begin: Any, page_size: Any) -> None:
    with pytest.raises(InvalidRequestError, match="whole number"):
        Pager("sample.search", SEARCH_INDEXES_PAGES, begin, page_size)
