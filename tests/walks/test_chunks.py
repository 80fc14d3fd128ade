"""A walk in parts brings what one call without limits would bring."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.errors import InvalidRequestError, NoDataError, RejectedError
from gridwright_runtime.record import Record
from gridwright_runtime.times.lengths import Length, added, subtracted
from gridwright_runtime.walks.anchored import Pager
from gridwright_runtime.walks.chunks import ChunkedSequence, chunks_of
from gridwright_runtime.walks.cuts import Cuts, PeriodCut
from gridwright_runtime.walks.following import Follower
from gridwright_runtime.walks.pages import (
    Ask,
    InReply,
    Numbers,
    Offsets,
    Page,
    PageForm,
    Pages,
    Rows,
    Tokens,
    Undivided,
)
from gridwright_runtime.walks.walk import Walk

DAY = Length(days=1)
ToIs = Literal["included", "excluded", "undecided"]


class Reading(Record, frozen=True):
    """One record."""

    meter: str = ""
    at: Any = None


class Service:
    """Has readings of meters and days; takes no more than it says, and counts by its own code."""

    def __init__(
        self,
        readings: Sequence[Reading],
        form: PageForm,
        *,
        to_is: ToIs,
        most_days: int = 10_000,
        most_items: int = 10_000,
        refuses_empty: bool = False,
    ) -> None:
        self.readings = readings
        self.form = form
        self.is_included = to_is == "included"
        self.most_days, self.most_items = most_days, most_items
        self.refuses_empty = refuses_empty
        self.asked: list[tuple[Any, ...]] = []
        self.memory: dict[str, list[Reading]] = {}

    def fetch(self, ask: Ask) -> Page:
        values: tuple[Any, ...] = ask.values
        *page, start, end, items = values
        self.asked.append((start, end, items))
        assert len(items) <= self.most_items
        assert (end - start).days + (1 if self.is_included else 0) <= self.most_days
        found = [
            one for one in self.readings
            if one.meter in items and start <= one.at
            and (one.at <= end if self.is_included else one.at < end)
        ]  # fmt: skip
        if not found and self.refuses_empty:
            raise NoDataError(system="sample", operation="list")
        return self._page(found, page)

    def _page(self, found: list[Reading], page: list[Any]) -> Page:
        match self.form:
            case Numbers():
                here = found[(page[0] - 1) * page[1] : page[0] * page[1]]
            case Offsets():
                here = found[page[0] : page[0] + page[1]]
            case Tokens():
                rest = self.memory[page[0]] if page[0] else found
                here, rest = rest[: page[1]], rest[page[1] :]
                mark = f"m{len(self.memory)}" if rest else None
                self.memory[mark or ""] = rest
                return Page(records=here, next=mark)
            case Rows():
                here = found[page[0] - 1 : page[1]]
            case _:
                return Page(records=found)
        return Page(records=here, total=len(found))


def walk(
    service: Service,
    cuts: Cuts,
    period: tuple[Any, Any],
    items: Sequence[str],
    begin: str = "",
    key: tuple[str, ...] = ("meter", "at"),
) -> Walk[Reading]:
    pages = Pages(records="records", key=key, form=service.form)

    def make(inner: str) -> Any:
        if isinstance(service.form, Tokens | Undivided):
            return Follower("sample.list", pages, inner, 8)
        return Pager("sample.list", pages, int(inner or "1"), 8)

    chunks = chunks_of(cuts, period, items)
    sequence = ChunkedSequence("sample.list", pages, cuts, chunks, begin, make, (True, True))
    return Walk(sequence, service.fetch)


FORMS: list[PageForm] = [Numbers(), Offsets(), Rows(), Tokens(InReply("next")), Undivided()]


@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_any_cut_brings_what_one_call_would_bring(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS))
    to_is: ToIs = data.draw(st.sampled_from(["included", "excluded"]))
    said: ToIs = data.draw(st.sampled_from([to_is, "undecided"]))
    most_days, most_items = data.draw(st.integers(2, 9)), data.draw(st.integers(1, 4))
    meters = [f"M{number}" for number in range(data.draw(st.integers(1, 6)))]
    start = date(2024, 2, 20)
    end = start + timedelta(days=data.draw(st.integers(0, 40)))
    readings = [
        Reading(meter=meter, at=start + timedelta(days=day))
        for meter in meters
        for day in range(-3, 50)
        if data.draw(st.booleans())
    ]
    refuses = data.draw(st.booleans())
    one = Service(readings, Undivided(), to_is=to_is)
    wanted = one.fetch(Ask((start, end, meters))).records
    service = Service(
        readings, form, to_is=to_is, most_days=most_days, most_items=most_items,
        refuses_empty=refuses,
    )  # fmt: skip
    period = PeriodCut(at_most=Length(days=most_days), to_is=said, step=DAY)
    cuts = Cuts(period=period, items=most_items)
    if said == "undecided" and start == end:
        return
    sequence = walk(service, cuts, (start, end), meters)
    stop = data.draw(st.integers(0, len(wanted)))
    found = [next(sequence) for _ in range(stop)]
    found += walk(service, cuts, (start, end), meters, begin=sequence.position)
    assert sorted((one.meter, one.at) for one in found) == sorted(
        (one.meter, one.at) for one in wanted
    )


def chunks(to_is: ToIs, at_most: Length, start: Any, end: Any, step: Length = DAY) -> list[Any]:
    cut = PeriodCut(at_most=at_most, to_is=to_is, step=step, zone="Europe/Vienna")
    return [(one.start, one.end) for one in chunks_of(Cuts(period=cut), (start, end), None)]


def test_a_month_goes_by_the_calendar() -> None:
    found = chunks("included", Length(months=1), date(2024, 1, 31), date(2024, 4, 10))
    assert found == [
        (date(2024, 1, 31), date(2024, 2, 28)),
        (date(2024, 2, 29), date(2024, 3, 28)),
        (date(2024, 3, 29), date(2024, 4, 10)),
    ]


def test_an_excluded_end_is_the_next_beginning() -> None:
    found = chunks("excluded", Length(months=1), date(2024, 1, 1), date(2024, 3, 1))
    assert found == [(date(2024, 1, 1), date(2024, 2, 1)), (date(2024, 2, 1), date(2024, 3, 1))]


def test_parts_overlap_where_nobody_says_whether_the_end_belongs_to_them() -> None:
    found = chunks("undecided", Length(days=3), date(2024, 1, 1), date(2024, 1, 6))
    assert found == [
        (date(2024, 1, 1), date(2024, 1, 3)),
        (date(2024, 1, 3), date(2024, 1, 5)),
        (date(2024, 1, 5), date(2024, 1, 6)),
    ]


def test_days_are_those_of_the_zone_when_the_clocks_are_changed() -> None:
    start = datetime(2024, 3, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    found = chunks(
        "excluded", DAY, start.astimezone(UTC), datetime(2024, 4, 1, tzinfo=start.tzinfo)
    )
    assert [(end - begin).total_seconds() / 3600 for begin, end in (
        (begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in found
    )] == [24, 23]  # fmt: skip


def test_moments_without_a_zone_stay_so() -> None:
    found = chunks("excluded", DAY, datetime(2024, 3, 30), datetime(2024, 4, 1))
    middle = datetime(2024, 3, 31)
    assert found == [(datetime(2024, 3, 30), middle), (middle, datetime(2024, 4, 1))]


def test_a_period_that_is_short_enough_is_sent_as_it_was_given() -> None:
    assert chunks("included", DAY, date(2024, 1, 1), date(2024, 1, 1)) == [
        (date(2024, 1, 1), date(2024, 1, 1))
    ]


def test_what_runs_backwards_or_is_missing_is_left_to_the_check_of_the_request() -> None:
    assert chunks("included", DAY, date(2024, 1, 2), date(2024, 1, 1)) == [
        (date(2024, 1, 2), date(2024, 1, 1))
    ]
    assert chunks("included", DAY, None, date(2024, 1, 1)) == [(None, date(2024, 1, 1))]


def test_a_text_in_place_of_a_list_is_left_to_the_check_of_the_request() -> None:
    (one,) = chunks_of(Cuts(period=None, items=2), None, "INVENTED")
    assert one.items == "INVENTED"
    assert "INVENTED" not in repr(one)


def test_a_leap_day_has_no_month_of_its_own() -> None:
    assert added(date(2024, 2, 29), Length(months=12)) == date(2025, 2, 28)
    assert subtracted(date(2024, 3, 31), Length(months=1)) == date(2024, 2, 29)
    assert added(date(2023, 12, 31), Length(months=1)) == date(2024, 1, 31)


def test_parts_without_data_are_listed_and_passed_over() -> None:
    readings = [Reading(meter="A", at=date(2024, 1, 5))]
    service = Service(readings, Undivided(), to_is="included", refuses_empty=True)
    cuts = Cuts(period=PeriodCut(at_most=Length(days=2), to_is="included", step=DAY))
    sequence = walk(service, cuts, (date(2024, 1, 1), date(2024, 1, 6)), ["A"])
    assert [one.at for one in sequence] == [date(2024, 1, 5)]
    assert [(one.start.day, one.end.day) for one in sequence.without_data] == [(1, 2), (3, 4)]
    assert "2024" not in repr(sequence.without_data)


def test_a_part_of_which_a_page_came_is_none_without_data() -> None:
    readings = [Reading(meter="A", at=date(2024, 1, 1))] * 9
    service = Service(readings, Tokens(InReply("next")), to_is="included", refuses_empty=True)
    cuts = Cuts(period=PeriodCut(at_most=Length(days=2), to_is="included", step=DAY))

    def fetch(ask: Ask) -> Page:
        if service.asked:
            raise NoDataError(system="sample", operation="list")
        return service.fetch(ask)

    sequence = walk(service, cuts, (date(2024, 1, 1), date(2024, 1, 6)), ["A"])
    with pytest.raises(NoDataError):
        list(Walk(sequence._sequence, fetch))
    assert list(sequence.without_data) == []


def test_parts_that_overlap_are_asked_for_once() -> None:
    service = Service([], Undivided(), to_is="included")
    cuts = Cuts(period=PeriodCut(at_most=Length(days=3), to_is="undecided", step=DAY))
    assert list(walk(service, cuts, (date(2024, 1, 1), date(2024, 1, 6)), ["A"])) == []
    assert [start.day for start, _, _ in service.asked] == [1, 3, 5]


def test_parts_that_do_not_overlap_bring_all_that_they_have() -> None:
    readings = [Reading(meter="A", at=date(2024, 1, day)) for day in range(1, 7)]
    service = Service(readings, Undivided(), to_is="included")
    cuts = Cuts(period=PeriodCut(at_most=Length(days=2), to_is="included", step=DAY))
    period = (date(2024, 1, 1), date(2024, 1, 6))
    assert list(walk(service, cuts, period, ["A"], key=("meter",))) == readings


def test_another_refusal_ends_the_walk() -> None:
    def fetch(ask: Ask) -> Page:
        raise RejectedError(system="sample", operation="list")

    service = Service([], Undivided(), to_is="included")
    cuts = Cuts(items=2)
    sequence = walk(service, cuts, (date(2024, 1, 1), date(2024, 1, 6)), ["A"])
    with pytest.raises(RejectedError):
        list(Walk(sequence._sequence, fetch))


def test_a_position_of_another_question_is_refused() -> None:
    service = Service([], Undivided(), to_is="included")
    cuts = Cuts(period=PeriodCut(at_most=Length(days=2), to_is="included", step=DAY))
    with pytest.raises(InvalidRequestError, match="same arguments"):
        walk(service, cuts, (date(2024, 1, 1), date(2024, 1, 6)), ["A"], begin="0 2023-01-01 ")
