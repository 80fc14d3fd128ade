"""Requests per second of the mock, against a bare Starlette route with the same answers.

Each application runs in a process of its own with the same uvicorn settings (see `servers`), and
this process asks both in turns. The load is plain sockets on loopback, a few connections that stay
open, so that the servers and not the asking set the pace. Two rows: one
request over and over, which the mock keeps encoded, and requests that it has never seen.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import httpx2

from bench.equal import require_equal
from bench.load import Connections
from bench.rows import Row, Target
from bench.servers import PATH, Server
from bench.sizes import Size
from bench.timing import in_order, ratio
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.mock.transport import MockTransport

__all__ = ["rows"]

_CONNECTIONS = 8
_CUSTOMER = "0100000001"
_FIRST_DAY = date(2025, 3, 1)


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    queries = list(_queries(size.requests * (size.request_rounds + 1)))
    answers = _answers(queries)
    with TemporaryDirectory() as folder, ExitStack() as stack:
        file = Path(folder) / "answers.json"
        file.write_text(json.dumps(answers))
        servers = {
            "starlette": stack.enter_context(Server("bare", file)),
            "mock": stack.enter_context(Server("mock", file)),
        }
        connections = {
            name: stack.enter_context(Connections(server.port, _CONNECTIONS))
            for name, server in servers.items()
        }
        ask = {name: _asking(opened, answers) for name, opened in connections.items()}
        return [
            _row("repeated", "one request over and over", ask, size, lambda _: queries[:1]),
            _row(
                "new",
                "requests never seen before",
                ask,
                size,
                lambda turn: queries[(turn + 1) * size.requests :],
            ),
        ]


def _row(
    name: str,
    what: str,
    ask: dict[str, Callable[[Sequence[str]], tuple[float, int]]],
    size: Size,
    queries: Callable[[int], Sequence[str]],
) -> Row:
    seconds: dict[str, list[float]] = {contestant: [] for contestant in ask}
    compared = 0
    for turn in range(-1, size.request_rounds):  # the first is not counted
        some = queries(turn)
        batch = [some[number % len(some)] for number in range(size.requests)]
        for contestant in in_order(tuple(ask), turn):
            taken, same = ask[contestant](batch)
            compared += same
            if turn >= 0:
                seconds[contestant].append(taken)
    return Row(
        name=f"mock-{name}",
        what=f"mock's requests per second, {what}, against a bare Starlette route",
        unit="x rate",
        estimate=ratio(tuple(seconds["starlette"]), tuple(seconds["mock"])),
        target=Target("at least", 0.5),
        compared=compared,
        details={
            f"{contestant}_requests_per_second": size.requests / min(taken)
            for contestant, taken in seconds.items()
        },
    )


def _asking(
    connections: Connections, answers: dict[str, str]
) -> Callable[[Sequence[str]], tuple[float, int]]:
    def ask(queries: Sequence[str]) -> tuple[float, int]:
        requests = [
            f"GET {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\n"
            "Accept: application/json\r\n\r\n".encode()
            for query in queries
        ]
        started = time.perf_counter()
        replies = connections.exchange(requests)
        seconds = time.perf_counter() - started
        for query, reply in zip(queries, replies, strict=True):
            require_equal(reply, answers[query].encode(), "mock and bare route, bodies")
        return seconds, len(replies)

    return ask


def _queries(count: int) -> Iterator[str]:
    """Yield queries for one reading each, no two alike."""
    for number in range(count):
        day, quarter = _FIRST_DAY + timedelta(number // 95), number % 95 + 1
        time_of_day = f"{quarter * 15 // 60:02}{quarter * 15 % 60:02}"
        yield urlencode(
            {
                "custNo": _CUSTOMER,
                "dateTime": f"{day:%Y%m%d}{time_of_day}",
                "serviceKey": "demo-service-key",
                "returnType": "02",
            }
        )


def _answers(queries: Sequence[str]) -> dict[str, str]:
    """Ask a mock in this process, which has the same data as the served one."""
    with httpx2.Client(transport=MockTransport(mock.application())) as http:
        answers = {query: http.get(f"http://localhost{PATH}?{query}").text for query in queries}
    if not all('"pwr_qty"' in answer for answer in answers.values()):
        raise AssertionError("mock: some request brings no reading")
    return answers
