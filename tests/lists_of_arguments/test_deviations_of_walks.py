"""A walk lists how its replies depart from the document, as a single call does."""

import asyncio
from datetime import date
from typing import Any

import httpx2
import pytest

from .conftest import Points

DAY = date(2024, 3, 1)
ASKED = [f"57100{number}" for number in range(1, 7)]


class Tasks(httpx2.AsyncBaseTransport):
    """The same service, for tasks."""

    def __init__(self, points: Points) -> None:
        self.points = points

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.points.handle_request(request)


@pytest.mark.parametrize("is_async", [False, True])
def test_deviations_name_the_reply_and_its_place(
    is_async: bool, package: Any, points: Points
) -> None:
    points.others = ["571009"]

    async def read() -> Any:
        async with package.async_client(transport=Tasks(points)) as client:
            walk = client.iter_days(day=DAY, points=ASKED)
            return walk, [record async for record in walk]

    if is_async:
        walk, found = asyncio.run(read())
    else:
        with package.client(transport=points) as client:
            walk = client.iter_days(day=DAY, points=ASKED)
            assert walk.deviations == ()
            found = list(walk)
    assert len(found) == 8
    told = [(one.path, one.rule) for one in walk.deviations]
    assert told == [
        ("replies[0].records[4].point", "other-than-asked"),
        ("replies[1].records[2].point", "other-than-asked"),
    ]


def test_a_thousand_are_listed_and_the_rest_counted(package: Any, points: Points) -> None:
    points.others = ["571009"] * 600
    with package.client(transport=points) as client:
        walk = client.iter_days(day=DAY, points=ASKED)
        list(walk)
    assert len(walk.deviations) == 1001
    assert walk.deviations[-1].message == "200 more are not listed"
