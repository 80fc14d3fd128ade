"""Walks over thousands of records, while records are added and cancelled between the pages."""

import random
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from gridwright_apis.epias_ecms import models
from gridwright_runtime.errors import HtmlReplyError, InvalidRequestError
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.world import Question
from gridwright_runtime.retry import RetryPolicy

from .support import FORMATS, JUNE, KINDS, MAY, Desk, Kind, make_app, mock_of, play

both = pytest.mark.parametrize("kind", KINDS)
formats = pytest.mark.parametrize("format", FORMATS)

FIRST_POINT = 200_000
SERIAL = "INVENTED-walk"
ACTIVE = models.IndexSearchCriteria(meter_serial_number=SERIAL, status="ACTIVE")
EVERY = models.IndexSearchCriteria(meter_serial_number=SERIAL)


def fill(app: Starlette, count: int, start: int = 0) -> list[int]:
    """Save records straight into the mock's world, and return their ids."""
    rows = [_row(FIRST_POINT + number) for number in range(start, start + count)]
    answer: Any = ask(app, "save_indexes", indexes=rows)
    return [row["index_id"] for row in answer.payload["indexes"]]


def cancel(app: Starlette, ids: list[int]) -> None:
    ask(app, "cancel_indexes", index_ids=ids)


def ask(app: Starlette, operation: str, **arguments: object) -> object:
    return mock_of(app).world.answer(operation, Question(arguments=arguments))


def _row(point: int) -> dict[str, object]:
    names = models.IndexRequest.__struct_fields__
    given = {
        "period": MAY,
        "metering_point_id": point,
        "meter_serial_number": SERIAL,
        "power_type": "ACTIVE",
        "factor": 1,
        "first_measured_at": MAY,
        "last_measured_at": JUNE,
    }
    return {**dict.fromkeys(names), **given}


def pages(app: Starlette) -> int:
    return len(mock_of(app).journal.of("search_indexes"))


def ids_of(records: list[Any]) -> list[int]:
    return [record.index_id for record in records]


@formats
@both
def test_a_walk_yields_every_record_once_in_order(kind: Kind, format: Format) -> None:
    app = make_app()
    saved = fill(app, 3000)
    with Desk(kind, app, format=format) as desk:
        walk = desk.client.iter_index_readings(criteria=EVERY, page_size=500)
        found = ids_of(desk.take(walk))
    assert found == saved
    assert walk.total == 3000
    assert 6 <= pages(app) <= 8


@both
def test_a_walk_of_nothing_is_one_page(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk:
        assert desk.take(desk.client.iter_index_readings(criteria=EVERY)) == []
    assert pages(app) == 1


@both
def test_a_walk_asks_for_pages_only_as_it_goes(kind: Kind) -> None:
    app = make_app()
    fill(app, 300)
    with Desk(kind, app) as desk:
        walk = desk.client.iter_index_readings(criteria=EVERY, page_size=100)
        assert pages(app) == 0
        desk.take(walk, 50)
        assert pages(app) == 1


@both
def test_a_walk_is_resumed_where_another_has_ended(kind: Kind) -> None:
    app = make_app()
    saved = fill(app, 1000)
    with Desk(kind, app) as desk:
        walk = desk.client.iter_index_readings(criteria=EVERY, page_size=64)
        first = ids_of(desk.take(walk, 333))
        rest = desk.client.iter_index_readings(criteria=EVERY, begin=walk.position, page_size=100)
        assert first + ids_of(desk.take(rest)) == saved


def test_additional_consumption_is_walked_too() -> None:
    app = make_app()
    with Desk("sync", app) as desk:
        everything = models.AccrualSearchCriteria()
        found = desk.take(desk.client.iter_accruals(criteria=everything, page_size=5))
    ids = [record.accrual_id for record in found]
    assert len(ids) == len(set(ids)) == 24


@pytest.mark.parametrize("arguments", [{"begin": 0}, {"page_size": 1}])
def test_a_walk_needs_sensible_numbers(arguments: dict[str, int]) -> None:
    with Desk("sync", make_app()) as desk, pytest.raises(InvalidRequestError):
        desk.take(desk.client.iter_index_readings(criteria=EVERY, **arguments))


class Changes:
    """Adds and cancels records between the pages of a walk, by chance."""

    def __init__(self, app: Starlette, seed: int, most: int) -> None:
        self.app = app
        self.most = most
        self.random = random.Random(seed)
        self.there = fill(app, 2000)
        """The ids of the records that are active now."""
        self.stayed = set(self.there)
        """Those that were active all the time."""
        self.ever = set(self.there)
        self._searches = 0

    def __call__(self, request: httpx2.Request) -> None:
        self._searches += 1
        assert self._searches < 100, "the walk does not get on"
        if self._searches == 1:
            return  # what changes before the first page is no matter
        gone = self.random.sample(self.there, self.random.randint(0, self.most))
        cancel(self.app, gone)
        self.stayed -= set(gone)
        self.there = [id for id in self.there if id not in set(gone)]
        new = fill(self.app, self.random.randint(0, self.most), start=len(self.ever))
        self.ever |= set(new)
        self.there += new


@pytest.mark.parametrize("most", [3, 40, 90])
@pytest.mark.parametrize("seed", range(3))
@both
def test_nothing_is_doubled_or_lost_while_records_come_and_go(
    kind: Kind, seed: int, most: int
) -> None:
    app = make_app()
    changes = Changes(app, seed, most)
    with Desk(kind, app, watch=changes) as desk:
        walk = desk.client.iter_index_readings(criteria=ACTIVE, page_size=150)
        found = ids_of(desk.take(walk))
    assert len(found) == len(set(found))
    assert found == sorted(found)
    assert changes.stayed <= set(found) <= changes.ever
    assert len(changes.stayed) < 2000


def everything_at_once(app: Starlette, steps: Iterator[Any]) -> Any:
    """Return a watcher that takes one step before each page but the first."""
    seen = []

    def watch(request: httpx2.Request) -> None:
        seen.append(request)
        if len(seen) > 1:
            next(steps, None)

    return watch


def test_a_whole_page_may_be_cancelled_behind_the_walk() -> None:
    app = make_app()
    saved = fill(app, 1000)

    def steps() -> Iterator[None]:
        cancel(app, saved[:120])  # more than a page, the anchor included
        yield

    with Desk("sync", app, watch=everything_at_once(app, steps())) as desk:
        walk = desk.client.iter_index_readings(criteria=ACTIVE, page_size=100)
        first = ids_of(desk.take(walk, 100))
        assert first == saved[:100]
        rest: list[int] = []
        with pytest.raises(Exception, match="not known what comes after record 100"):
            rest += ids_of(desk.take(walk))
    # Nobody can say what comes next, and the walk says so rather than leaving something out.
    assert rest == []


def test_most_of_a_page_may_be_cancelled_behind_the_walk() -> None:
    app = make_app()
    saved = fill(app, 1000)

    def steps() -> Iterator[None]:
        cancel(app, [id for id in saved[:200] if id != saved[3]])
        yield

    with Desk("sync", app, watch=everything_at_once(app, steps())) as desk:
        walk = desk.client.iter_index_readings(criteria=ACTIVE, page_size=100)
        found = ids_of(desk.take(walk))
    assert found == saved[:100] + saved[200:]


@both
def test_a_page_that_fails_is_asked_for_again(kind: Kind) -> None:
    app = make_app()
    saved = fill(app, 300)
    with Desk(kind, app, retry=RetryPolicy(attempts=1)) as desk:
        walk = desk.client.iter_index_readings(criteria=EVERY, page_size=100)
        found = ids_of(desk.take(walk, 100))
        play(app, "search_indexes", Fault.status(503))
        with pytest.raises(HtmlReplyError):
            desk.take(walk)
        found += ids_of(desk.take(walk))
    assert found == saved


@formats
def test_a_walk_holds_no_more_than_a_few_pages(format: Format) -> None:
    app = make_app()
    fill(app, 4000)
    with Desk("sync", app, format=format) as desk:
        walk = desk.client.iter_index_readings(criteria=EVERY, page_size=200)
        most = 0
        for number, _ in enumerate(walk):
            if number % 500 == 0:
                most = max(most, len(walk._sequence._known) + len(walk._sequence._ready))
    assert most <= 1400
