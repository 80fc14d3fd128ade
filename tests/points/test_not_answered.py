"""What a list asked for and no item is about is told, by name where it is not personal."""

from datetime import date
from typing import Any

import pytest

from gridwright_runtime.errors import DeviationError

from .conftest import Points

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


def test_a_walk_says_it_of_each_part(package: Any, points: Points) -> None:
    points.dropped = {"571002", "571006"}
    with package.client(transport=points) as client:
        walk = client.iter_days(day=DAY, points=ASKED)
        assert len(list(walk)) == 4
    assert [(one.path, one.message.rpartition(": ")[2]) for one in walk.deviations] == [
        ("replies[0].points", "***02"),
        ("replies[1].points", "***06"),
    ]


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
