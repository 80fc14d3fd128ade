"""What a list asked for and no item is about is told, by name where it is not personal."""

import asyncio
from datetime import date
from typing import Any

import pytest

from gridwright_runtime.errors import DeviationError

from .conftest import Points
from .test_deviations_of_walks import Tasks

DAY = date(2024, 3, 1)
ASKED = [f"57100{number}" for number in range(1, 7)]


def test_a_call_names_what_is_missing_and_no_personal_value(package: Any, points: Points) -> None:
    points.dropped = {"571002", "571004"}
    with package.client(transport=points) as client:
        (found,) = client.list_days(day=DAY, points=ASKED).deviations
        assert (found.path, found.rule) == ("points", "not-answered")
        assert found.message == "2 of 6 that were asked for have no answer: ***02, ***04"
        with pytest.raises(DeviationError, match="not-answered"):
            client.list_days(day=DAY, points=ASKED, strict=True)


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("name", ["iter_days", "iter_pages"])
def test_a_walk_says_it_once_at_its_end_of_all_replies(
    name: str, is_async: bool, package: Any, points: Points
) -> None:
    points.dropped = {"571002", "571006"}
    if is_async:
        walk, found = asyncio.run(_walked(package, points, name))
    else:
        with package.client(transport=points) as client:
            walk = getattr(client, name)(day=DAY, points=ASKED)
            found = [next(walk)]
            assert walk.deviations == ()
            found += walk
    assert [record.point for record in found] == ["571001", "571003", "571004", "571005"]
    (said,) = walk.deviations
    assert (said.path, said.rule) == ("points", "not-answered")
    assert said.message == "2 of 6 that were asked for have no answer: ***02, ***06"


async def _walked(package: Any, points: Points, name: str) -> Any:
    async with package.async_client(transport=Tasks(points)) as client:
        walk = getattr(client, name)(day=DAY, points=ASKED)
        return walk, [record async for record in walk]


@pytest.mark.parametrize("name", ["iter_days", "iter_pages"])
def test_a_strict_walk_brings_all_and_fails_once_at_its_end(
    name: str, package: Any, points: Points
) -> None:
    points.dropped = {"571002", "571006"}
    with package.client(transport=points, strict=True) as client:
        walk = getattr(client, name)(day=DAY, points=ASKED)
        found = [next(walk).point for _ in range(4)]
        with pytest.raises(DeviationError, match="points: not-answered: 2 of 6"):
            next(walk)
        assert list(walk) == []
    assert found == ["571001", "571003", "571004", "571005"]


def test_one_page_lacks_nothing(package: Any, points: Points) -> None:
    with package.client(transport=points) as client:
        reply = client.page_days(day=DAY, points=ASKED, page=2, size=2)
    assert (len(reply.records), reply.deviations) == (2, ())


def test_a_walk_from_within_does_not_know_what_came_before(package: Any, points: Points) -> None:
    with package.client(transport=points) as client:
        walk = client.iter_pages(day=DAY, points=ASKED, begin=3)
        assert len(list(walk)) == 4
    assert walk.deviations == ()


def test_what_a_walk_lacks_shows_no_personal_value(package: Any, points: Points) -> None:
    points.dropped = set(ASKED)
    with package.client(transport=points) as client:
        walk = client.iter_days(day=DAY, points=ASKED)
        assert list(walk) == []
    assert not any(point in repr((walk.deviations, walk)) for point in ASKED)


def test_an_item_that_failed_is_an_answer(package: Any, points: Points) -> None:
    points.codes = {"571002": 10}
    with package.client(transport=points) as client:
        reply = client.list_days(day=DAY, points=ASKED)
    assert (len(reply.failures), reply.deviations) == (1, ())


def test_an_empty_list_answers_nothing(package: Any, points: Points) -> None:
    points.dropped = set(ASKED)
    with package.client(transport=points) as client:
        (found,) = client.list_days(day=DAY, points=ASKED).deviations
    assert found.message.startswith("6 of 6 ")
