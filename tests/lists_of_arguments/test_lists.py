"""A text is no list of its letters: it is refused before anything is sent."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gridwright_runtime.errors import InvalidRequestError

from .conftest import Points

DAY = date(2024, 3, 1)
CALLS: tuple[Callable[..., Any], ...] = (
    lambda client, asked: client.list_days(day=DAY, points=asked),
    lambda client, asked: list(client.iter_days(day=DAY, points=asked)),
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("asked", ["571313181", b"571", {"571": 1}, 571])
def test_what_is_no_list_is_refused(
    call: Callable[..., Any], asked: object, package: Any, points: Points
) -> None:
    with package.client(transport=points) as client, pytest.raises(InvalidRequestError) as caught:
        call(client, asked)
    assert [(one.path, one.rule) for one in caught.value.problems] == [("points", "wrong-type")]
    assert points.asked == []
    assert "571" not in str(caught.value)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("asked", [["571"], ("571",), {"571"}, {"571": 1}.keys()])
def test_all_else_that_holds_items_is_a_list(
    call: Callable[..., Any], asked: object, package: Any, points: Points
) -> None:
    with package.client(transport=points) as client:
        call(client, asked)
    assert points.asked == [["571"]]
