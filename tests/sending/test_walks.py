"""Walks and searches of both clients: each page is a call like any other."""

import asyncio
import json
import sys
from typing import Any

import httpx2
import pytest
from msgspec import field

from gridwright_runtime.message import RawReply
from gridwright_runtime.paging import Pages
from gridwright_runtime.record import Record
from gridwright_runtime.result import Result

from .support import GET, KINDS, Arguments, Caller, Kind, caller

both = pytest.mark.parametrize("kind", KINDS)
PAGES = Pages(records="rows", total="count", key="number")


class Row(Record, frozen=True):
    """One record of a page."""

    number: str = ""
    application: str = ""


class Page(Record, frozen=True):
    """One page."""

    rows: list[Row] = field(default_factory=list)
    count: int = 0


@pytest.fixture(autouse=True)
def reads_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(made: Any, raw: RawReply, **how: Any) -> Result[Page]:
        tree = json.loads(raw.body)
        rows = [Row(**row) for row in tree["rows"]]
        page = Page(rows, tree["count"])
        return Result(page, raw=raw, code=None, description=None, transaction_id="")

    monkeypatch.setattr(sys.modules["gridwright_runtime.decodings.reader"], "read_reply", read)


def numbered(kind: Kind, count: int, *troubles: object) -> Caller:
    """Return a client of a service that has so many rows; the number asks for a range."""
    one = caller(kind)
    waiting = list(troubles)
    rows = [{"number": str(at), "application": f"A{at % 3}"} for at in range(1, count + 1)]

    def handle(request: httpx2.Request) -> httpx2.Response:
        one.service.seen.append(request)
        if waiting:
            return httpx2.Response(int(str(waiting.pop())))
        wanted, first, last = request.url.params["number"].split(",")
        found = [row for row in rows if wanted in ("", row["application"])]
        page = found[int(first) - 1 : int(last)]
        return httpx2.Response(200, json={"rows": page, "count": len(found)})

    one.service.handle = handle
    return one


def in_range(first: int, last: int) -> Arguments:
    return Arguments(f",{first},{last}")


def walked(one: Caller, begin: int = 1, size: int = 4) -> list[str]:
    if one.kind == "sync":
        with one.client() as client:
            return [row.number for row in client._walk(GET, PAGES, in_range, begin, size)]

    async def main() -> list[str]:
        async with one.client() as client:
            return [row.number async for row in client._walk(GET, PAGES, in_range, begin, size)]

    return asyncio.run(main())


@both
def test_a_walk_yields_every_record_once(kind: Kind) -> None:
    assert walked(numbered(kind, 10)) == [str(number) for number in range(1, 11)]


@both
def test_a_walk_may_begin_anywhere_and_its_pages_are_tried_again(kind: Kind) -> None:
    one = numbered(kind, 6, 503, 503)
    assert walked(one, begin=3) == ["3", "4", "5", "6"]
    assert one.clock.slept == [0.25, 0.5]


@both
def test_what_was_sent_is_searched_for_once_by_what_is_alike(kind: Kind) -> None:
    one = numbered(kind, 6)
    sent = [Row("1", "A1"), Row("4", "A1"), Row("9", "A1"), Row("2", "A2")]

    def search(example: Row, first: int, last: int) -> Arguments:
        return Arguments(f"{example.application},{first},{last}")

    facts: Any = (GET, PAGES, search, sent)
    if kind == "sync":
        with one.client() as client:
            found = client._find_saved(*facts, by=("application",))
    else:

        async def main() -> Any:
            async with one.client() as client:
                return await client._find_saved(*facts, by=("application",))

        found = asyncio.run(main())
    assert [match.is_stored for match in found] == [True, True, False, True]
    assert len(one.service.seen) == 2
