"""Pages that contradict themselves, or leave out what ends a walk."""

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import DeviationError, UnexpectedReplyError


class Answers(httpx2.BaseTransport):
    """A service that gives these bodies, one after another."""

    def __init__(self, *bodies: str) -> None:
        self._left: Iterator[str] = iter(bodies)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {"Content-Type": "application/json"}
        return httpx2.Response(200, content=next(self._left).encode(), headers=headers)


def page(*numbers: int, **meta: Any) -> str:
    return json.dumps({"readings": [{"id": f"R{one}"} for one in numbers], "meta": meta})


def walked(package: ModuleType, *bodies: str, **options: Any) -> tuple[list[str], list[str]]:
    """Return what a walk over these pages brings, and the rules of its deviations."""
    with package.Client(transport=Answers(*bodies), **options) as client:
        walk = client.iter_pages()
        found = [record.reading_id for record in walk]
    return found, [one.rule for one in walk.deviations]


def test_a_page_that_does_not_say_whether_more_follow_is_not_the_last(package: ModuleType) -> None:
    assert walked(package, page(1, 2, more=True), page(3, 4), page(5)) == (
        ["R1", "R2", "R3", "R4", "R5"],
        [],
    )
    assert walked(package, page(1, 2, more=None), page()) == (["R1", "R2"], [])
    assert walked(package, page(1, 2, more=False)) == (["R1", "R2"], [])


def test_a_total_that_is_less_than_its_page_holds_is_told(package: ModuleType) -> None:
    assert walked(package, page(1, 2, total=1)) == (["R1", "R2"], ["more-than-total"])
    with pytest.raises(DeviationError, match="there are 1 records, and 2 have come"):
        walked(package, page(1, 2, total=1), strict=True)


@pytest.mark.parametrize(
    "body",
    [
        '{"readings": [{"id": "R1"}, {"id": "R2"}], "meta": {"total": 4, "total": 2}}',
        '{"readings": [{"id": "R1"}, {"id": "R2"}], "meta": {"total": 4}, "meta": {"total": 2}}',
        '{"meta": {"total": 2, "\\u0074otal": 4}, "readings": [{"id": "R1"}, {"id": "R2"}]}',
    ],
)
def test_a_total_that_is_there_twice_is_not_the_last_one(package: ModuleType, body: str) -> None:
    walked(package, page(1, 2, total=2))  # what is known of such replies changes nothing
    with pytest.raises(UnexpectedReplyError, match="more than once"):
        walked(package, body)
