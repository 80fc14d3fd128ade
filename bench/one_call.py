"""One call of a small reply through the client, against bare httpx2 on the same transport.

Both ask the same in-process mock for the same day of one customer and decode it. The bare side does
what can be done in three lines: send, raise for the status, decode into a Struct by hand.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2

from bench import bare, bodies, ours
from bench.equal import require_equal, require_equal_rows
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import Turns, take_turns
from gridwright_apis import kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

__all__ = ["rows"]

_KEY = "demo-service-key"
_CUSTOMER = "0100000001"
_DAY = date(2025, 10, 1)
_ADDRESS = "https://opm.kepco.co.kr:11080/OpenAPI/getDayLpData.do"
_HEADERS = {"Accept": "application/json"}
_QUERY = {"custNo": _CUSTOMER, "date": "20251001", "serviceKey": _KEY, "returnType": "02"}


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [_sync(size), _async(size)]


def _sync(size: Size) -> Row:
    decode = bare.decode_tolerant()
    with (
        httpx2.Client(transport=MockTransport(mock.application())) as http,
        kepco_opm.Client(service_key=_KEY, transport=MockTransport(mock.application())) as client,
    ):

        def by_hand() -> tuple[bytes, Any]:
            response = http.get(_ADDRESS, params=_QUERY, headers=_HEADERS)
            return response.content, decode(_with_nulls(response.raise_for_status().content))

        def by_client() -> Any:
            return client.get_day_load_profile(customer_number=_CUSTOMER, date=_DAY)

        compared = _compare(by_hand(), by_client(), "sync")
        turns = take_turns(
            {"httpx2": _repeat(by_hand, size.calls), "client": _repeat(by_client, size.calls)},
            size.rounds,
        )
    return _row("sync", turns, compared, size)


def _async(size: Size) -> Row:
    decode = bare.decode_tolerant()
    http = httpx2.AsyncClient(transport=AsyncMockTransport(mock.application()))
    client = kepco_opm.AsyncClient(
        service_key=_KEY, transport=AsyncMockTransport(mock.application())
    )

    async def by_hand() -> tuple[bytes, Any]:
        response = await http.get(_ADDRESS, params=_QUERY, headers=_HEADERS)
        return response.content, decode(_with_nulls(response.raise_for_status().content))

    async def by_client() -> Any:
        return await client.get_day_load_profile(customer_number=_CUSTOMER, date=_DAY)

    async def hands() -> None:
        for _ in range(size.calls):
            await by_hand()

    async def clients() -> None:
        for _ in range(size.calls):
            await by_client()

    async def close() -> None:
        await client.aclose()
        await http.aclose()

    with asyncio.Runner() as runner:
        compared = _compare(runner.run(by_hand()), runner.run(by_client()), "async")
        turns = take_turns(
            {"httpx2": lambda: runner.run(hands()), "client": lambda: runner.run(clients())},
            size.rounds,
        )
        runner.run(close())
    return _row("async", turns, compared, size)


def _row(kind: str, turns: Turns, compared: int, size: Size) -> Row:
    return Row(
        name=f"call-{kind}",
        what=f"one {kind} call to an in-process mock, against bare httpx2 and a decode",
        unit="x time",
        estimate=turns.ratio("client", "httpx2"),
        target=Target("at most", 1.4),
        compared=compared,
        details={
            f"{name}_us_per_call": turns.best(name) / size.calls * 1e6 for name in turns.seconds
        },
    )


def _compare(by_hand: tuple[bytes, Any], reply: Any, kind: str) -> int:
    body, decoded = by_hand
    require_equal(body, reply.raw.body, f"{kind} call, bodies")
    wires = bodies.TEXTS + bodies.ENERGY + bodies.REGISTERS
    return require_equal_rows(
        ours.values_of(reply.records, wires),
        bare.values_of(decoded.dayLpDataInfoList, wires),
        f"{kind} call, client and httpx2",
    )


def _repeat(call: Callable[[], object], times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            call()

    return run


def _with_nulls(body: bytes) -> bytes:
    return body.replace(b':""', b":null")
