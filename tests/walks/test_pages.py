"""A walk brings every record once, in each form of page."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.errors import InvalidRequestError, NoDataError, UnexpectedReplyError
from gridwright_runtime.walks.anchored import Pager
from gridwright_runtime.walks.pages import Ask, Numbers, Offsets, Page, Pages
from gridwright_runtime.walks.walk import RequestSequence, Walk

from .service import FORMS, Row, Service

NAMED = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
BY_PLACE = {name: form for name, form in FORMS.items() if name not in ("tokens", "links")}
PLACED = pytest.mark.parametrize("form", BY_PLACE.values(), ids=BY_PLACE)


def pages(form: object, **more: object) -> Pages:
    return Pages(records="records", form=form, **({"key": "number"} | more))  # type: ignore[arg-type]


@NAMED
@pytest.mark.parametrize("size", [0, 1, 2, 9, 10, 11, 19, 20, 100, 997])
@pytest.mark.parametrize("says", ["total", "pages", "more", "nothing"])
@pytest.mark.parametrize("key", ["number", ""])
def test_all_are_read_once(form: object, size: int, says: str, key: str) -> None:
    service = Service(list(range(size)), pages(form, key=key), says=says)
    assert service.read() == list(range(size))


@NAMED
@pytest.mark.parametrize("says", ["total", "more", "nothing"])
def test_a_service_may_give_less_than_is_asked_for(form: object, says: str) -> None:
    service = Service(list(range(50)), pages(form), says=says, longest=7)
    assert service.read(page_size=20) == list(range(50))


@PLACED
@pytest.mark.parametrize("says", ["total", "pages", "more", "nothing"])
def test_pages_may_have_a_length_that_only_the_service_knows(form: object, says: str) -> None:
    if form == FORMS["rows"]:
        return
    one = pages(form, is_sized=False, page_size=10)
    assert Service(list(range(45)), one, says=says).read() == list(range(45))


@pytest.mark.parametrize("says", ["total", "pages", "more", "nothing"])
@pytest.mark.parametrize("key", ["number", ""])
@pytest.mark.parametrize(("is_sized", "size"), [(False, 1000), (False, 3), (True, 4)])
@pytest.mark.parametrize("begin", [1, 6, 8, 12, 15, 45])
def test_pages_by_number_may_have_another_length_than_is_said(
    says: str, key: str, is_sized: bool, size: int, begin: int
) -> None:
    if is_sized and begin > 1:
        return  # whoever goes on elsewhere has not seen that the service heeds no size
    one = pages(Numbers(), key=key, is_sized=is_sized, page_size=size)
    service = Service(list(range(45)), one, says=says, gives=7)
    assert service.read(begin=begin, page_size=4) == list(range(begin - 1, 45))


def test_pages_by_number_may_each_have_a_length_of_their_own() -> None:
    given = [range(5), range(5, 7), range(7, 14), range(14, 15), range(0)]
    pager = Pager("sample.list", pages(Numbers(), key="", is_sized=False), 1, 10)
    walk: Walk[Row] = Walk(pager, lambda _: page(*given.pop(0)))
    assert [row.number for row in walk] == list(range(15))


@PLACED
@pytest.mark.parametrize("says", ["total", "pages", "more", "nothing"])
def test_records_that_nothing_tells_apart_are_all_read(form: object, says: str) -> None:
    service = Service([5] * 25, pages(form, key=""), says=says)
    assert service.read() == [5] * 25


@PLACED
def test_a_service_that_gives_the_first_page_whatever_is_asked_for_is_not_asked_for_ever(
    form: object,
) -> None:
    walk: Walk[Row] = Walk(Pager("sample.list", pages(form, key=""), 1, 3), lambda _: page(1, 2, 3))
    with pytest.raises(UnexpectedReplyError, match="does not heed"):
        list(walk)


@pytest.mark.parametrize("form", [Numbers(), Offsets()])
def test_a_full_first_page_that_comes_again_is_no_end(form: object) -> None:
    walk: Walk[Row] = Walk(Pager("sample.list", pages(form), 1, 3), lambda _: page(1, 2, 3))
    with pytest.raises(UnexpectedReplyError, match="does not heed"):
        list(walk)


def test_a_page_by_number_begins_with_the_last_record_of_the_page_before() -> None:
    service = Service(list(range(28)), pages(Numbers()))
    service.read()
    assert [ask.values for ask in service.asked] == [(1, 10), (2, 9), (3, 8), (3, 10)]


def test_a_page_by_offset_begins_with_the_last_record_of_the_page_before() -> None:
    service = Service(list(range(28)), pages(Offsets()))
    service.read()
    assert [ask.values for ask in service.asked] == [(0, 10), (9, 10), (18, 10)]


def test_a_page_may_be_asked_for_by_the_number_of_its_first_record() -> None:
    service = Service(list(range(28)), pages(Offsets(first=1)))
    service.read()
    assert [ask.values for ask in service.asked] == [(1, 10), (10, 10), (19, 10)]


def test_the_highest_number_of_a_first_record_is_asked_for_and_none_beyond() -> None:
    one = pages(Offsets(first=1, at_most=31))
    assert Service(list(range(40)), one).read() == list(range(40))
    service = Service(list(range(100)), one)
    with pytest.raises(UnexpectedReplyError, match="no page that begins after 30 records"):
        service.read()
    assert max(int(str(ask.values[0])) for ask in service.asked) == 31


def test_pages_without_a_key_do_not_overlap() -> None:
    service = Service(list(range(28)), pages(Numbers(), key=""))
    service.read()
    assert [ask.values for ask in service.asked] == [(1, 10), (2, 10), (3, 10)]


@pytest.mark.parametrize("key", ["number", ""])
def test_a_page_that_is_not_full_is_the_last_where_the_document_says_how_many_come(
    key: str,
) -> None:
    one = pages(Numbers(), key=key, is_usual=True, page_size=10)
    service = Service(list(range(7)), one, says="nothing")
    assert service.read() == list(range(7))
    assert len(service.asked) == 1


def test_a_page_that_is_not_full_is_not_the_last_where_more_was_asked_for_than_is_usual() -> None:
    one = pages(Numbers(), is_usual=True, page_size=10)
    service = Service(list(range(45)), one, says="nothing", longest=10)
    assert service.read(page_size=100) == list(range(45))


def test_an_offset_that_is_too_high_is_an_error_and_no_end() -> None:
    service = Service(list(range(100)), pages(Offsets(at_most=30)))
    walk = service.walk()
    found = []
    with pytest.raises(UnexpectedReplyError, match="no page that begins after 30"):
        found += [row.number for row in walk]
    assert service.numbers[: walk.position - 1] == list(range(40))


def test_all_up_to_the_highest_offset_are_read() -> None:
    service = Service(list(range(40)), pages(Offsets(at_most=30)))
    assert service.read() == list(range(40))


@pytest.mark.parametrize("says", ["total", "nothing"])
def test_offsets_may_go_in_steps(says: str) -> None:
    one = pages(Offsets(step=10), is_sized=False, page_size=10)
    service = Service(list(range(95)), one, says=says)
    assert service.read() == list(range(95))
    assert {ask.values[0] for ask in service.asked} <= set(range(0, 110, 10))


@pytest.mark.parametrize("says", ["total", "more"])
@pytest.mark.parametrize("key", ["number", ""])
def test_a_page_that_is_shorter_than_the_steps_of_offsets_is_not_asked_for_again(
    says: str, key: str
) -> None:
    one = pages(Offsets(step=4), key=key, is_sized=False, page_size=4)
    walk = Service(list(range(11)), one, says=says, longest=2).walk()
    assert [next(walk).number, next(walk).number] == [0, 1]
    with pytest.raises(UnexpectedReplyError, match="has 2 records and is not the last"):
        next(walk)


def test_an_empty_page_is_no_end_where_the_total_says_otherwise() -> None:
    def page(ask: Ask) -> Page:
        return Page(records=[Row(number=1)] if len(asked) == 1 else [], total=7)

    asked: list[Ask] = []

    def fetch(ask: Ask) -> Page:
        asked.append(ask)
        return page(ask)

    walk = Service([], pages(Numbers(), key="")).walk()
    walk = Walk(walk._sequence, fetch)
    with pytest.raises(UnexpectedReplyError, match="of 7 records only 1"):
        list(walk)


def test_a_page_after_the_last_may_be_refused_as_without_data() -> None:
    service = Service(list(range(20)), pages(Numbers(), key=""), says="nothing")

    def fetch(ask: Ask) -> Page:
        found = service.page(ask)
        if not found.records:
            raise NoDataError(system="sample", operation="list")
        return found

    walk: Walk[Row] = Walk(service.walk()._sequence, fetch)
    assert [row.number for row in walk] == list(range(20))


@NAMED
def test_a_walk_goes_on_from_its_position(form: object) -> None:
    service = Service(list(range(40)), pages(form))
    walk = service.walk()
    first = [next(walk).number for _ in range(13)]
    assert first + service.read(begin=walk.position) == list(range(40))


@NAMED
@pytest.mark.parametrize("count", [0, 9, 10, 11, 20, 39, 40])
def test_a_position_may_be_anywhere(form: object, count: int) -> None:
    service = Service(list(range(40)), pages(form))
    walk = service.walk()
    first = [next(walk).number for _ in range(count)]
    assert first + service.read(begin=walk.position) == list(range(40))


def test_what_is_no_position_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="position"):
        Service([], pages(FORMS["tokens"])).walk(begin="abc")


def test_a_page_that_calls_itself_the_next_is_an_error() -> None:
    walk: Walk[Row] = Service([], pages(FORMS["tokens"])).walk()
    walk = Walk(walk._sequence, lambda ask: Page(records=[Row(number=1)], next="a"))
    with pytest.raises(UnexpectedReplyError, match="calls itself the next"):
        list(walk)


def test_pages_that_lead_back_to_one_before_are_an_error_and_not_read_for_ever() -> None:
    walk: Walk[Row] = Service([], pages(FORMS["tokens"])).walk()
    marks = cycle("abc")
    walk = Walk(walk._sequence, lambda ask: Page(records=[Row(number=1)], next=next(marks)))
    with pytest.raises(UnexpectedReplyError, match="one before it"):
        list(walk)


@PLACED
@given(data=st.data())
@settings(deadline=None, max_examples=200)
def test_nothing_is_doubled_and_nothing_lost_while_records_come_and_go(
    form: object, data: st.DataObject
) -> None:
    # Among few sizes of a page, none may begin with the last record of the page before.
    shortest = 8 if isinstance(form, Numbers) else 2
    size, page_size = data.draw(st.integers(0, 60)), data.draw(st.integers(shortest, 14))
    fresh, stayed = iter(range(1000, 100_000)), set(range(size))
    left = data.draw(st.integers(0, 8))

    def happen(numbers: list[int]) -> None:
        nonlocal left
        left -= 1
        for _ in range(data.draw(st.integers(0, 6)) if left > 0 else 0):
            is_removal: bool = data.draw(st.booleans())
            if numbers and is_removal:
                stayed.discard(numbers.pop(data.draw(st.integers(0, len(numbers) - 1))))
            else:
                numbers.insert(data.draw(st.integers(0, len(numbers))), next(fresh))

    service = Service(list(range(size)), pages(form), happen=happen)
    try:
        found = service.read(page_size=page_size)
    except UnexpectedReplyError:
        return  # all that was read is gone
    assert len(found) == len(set(found))
    assert stayed <= set(found)


@given(data=st.data())
@settings(deadline=None, max_examples=200)
def test_pages_of_a_length_of_the_services_own_are_as_safe_where_the_total_changes(
    data: st.DataObject,
) -> None:
    size = data.draw(st.integers(0, 60))
    fresh, stayed = iter(range(1000, 100_000)), set(range(size))
    left = data.draw(st.integers(0, 8))

    def happen(numbers: list[int]) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            return
        is_removal: bool = data.draw(st.booleans())
        for _ in range(data.draw(st.integers(1, 4))):  # never as many come as go
            if not is_removal:
                numbers.insert(data.draw(st.integers(0, len(numbers))), next(fresh))
            elif numbers:
                stayed.discard(numbers.pop(data.draw(st.integers(0, len(numbers) - 1))))

    one = pages(Numbers(), is_sized=False, page_size=7)
    service = Service(list(range(size)), one, happen=happen)
    try:
        found = service.read()
    except UnexpectedReplyError:
        return
    assert len(found) == len(set(found))
    assert stayed <= set(found)


@pytest.mark.parametrize("form", ["tokens", "links"])
@pytest.mark.parametrize("came", [0, 3])
def test_a_last_page_that_is_empty_is_no_end_where_the_total_says_otherwise(
    form: str, came: int
) -> None:
    first = Page(records=[Row(number=number) for number in range(came)], next="a", total=9)
    left = [first, Page(records=[], total=9)]
    walk: Walk[Row] = Walk(Service([], pages(FORMS[form])).walk()._sequence, lambda _: left.pop(0))
    with pytest.raises(UnexpectedReplyError, match=f"of 9 records only {came} have come"):
        list(walk)


def miscounts(sequence: RequestSequence, *answers: Page) -> Sequence[tuple[int, int]]:
    left = list(answers)
    list(Walk[Row](sequence, lambda _: left.pop(0)))
    return sequence.miscounts


def page(*numbers: int, **more: Any) -> Page:
    return Page(records=[Row(number=number) for number in numbers], **more)


@pytest.mark.parametrize("form", ["tokens", "links"])
def test_a_walk_knows_at_its_end_that_fewer_came_than_every_page_said(form: str) -> None:
    def short(*answers: Page) -> Sequence[tuple[int, int]]:
        return miscounts(Service([], pages(FORMS[form])).walk()._sequence, *answers)

    assert short(page(1, total=9)) == ((1, 9),)
    assert short(page(1, 2, total=9, next="a"), page(3, total=5)) == ((3, 5),)
    assert short(page(1, 2, total=9, next="a"), page(3, total=3)) == ()
    assert short(page(1), page()) == ()


def test_a_walk_that_goes_on_from_elsewhere_does_not_know_how_many_came_before() -> None:
    walk = Service([], pages(FORMS["tokens"])).walk(begin="0 a")
    assert miscounts(walk._sequence, page(1, total=9)) == ()


def test_a_walk_by_place_knows_at_its_end_that_fewer_came_than_the_total() -> None:
    walk = Service([], pages(FORMS["numbers"])).walk()
    assert miscounts(walk._sequence, page(*range(4), total=9, more=False)) == ((4, 9),)


def test_records_that_come_again_are_none_that_came() -> None:
    pager = Pager("sample.list", pages(Numbers()), 1, 3)
    assert miscounts(pager, *[page(1, 2, 3, total=9)] * 9) == ((3, 9),)


@pytest.mark.parametrize("form", ["rows", "numbers", "offsets"])
def test_a_walk_knows_at_its_end_that_a_page_holds_more_than_its_total(form: str) -> None:
    def surplus(*answers: Page) -> Sequence[tuple[int, int]]:
        return miscounts(Service([], pages(FORMS[form], key="")).walk()._sequence, *answers)

    assert surplus(page(1, 2, total=0)) == ((2, 0),)
    assert surplus(page(1, 2, 3, total=2)) == ((3, 2),)
    assert surplus(page(1, 2, total=2)) == ()
    assert surplus(page(total=0)) == ()


def test_a_page_by_number_with_records_is_none_after_the_last() -> None:
    pager = Pager("sample.list", pages(Numbers(), key="", is_sized=False), 1, 10)
    walk: Walk[Row] = Walk(pager, lambda _: page(1, 2, pages=0))
    with pytest.raises(UnexpectedReplyError, match="there are 0 pages, and page 1 has records"):
        list(walk)
