"""The transports run an application in the same process, as a server would."""

import asyncio
from datetime import date

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gridwright_apis.kepco_opm import AsyncClient, Client
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

from .support import (
    KEY,
    SetClock,
    TinyWorld,
    http,
    kepco_application,
    mock_of,
    play,
    tiny_application,
)
from .tiny_api import FIND


async def waiting(request: Request) -> Response:
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_soon(future.set_result, "waited")
    return PlainTextResponse(await future)


def blocking(request: Request) -> Response:
    return PlainTextResponse(request.headers["x-name"])


OTHER = Starlette(routes=[Route("/wait", waiting), Route("/thread", blocking)])


def get_async(
    app: Starlette, transport: type[httpx2.AsyncBaseTransport], timeout: float = 5.0
) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        async with httpx2.AsyncClient(
            transport=transport(app),  # type: ignore[call-arg]
            base_url="http://mock.invalid",
            timeout=timeout,
        ) as client:
            return await client.get("/tiny/find", params=FIND)

    return asyncio.run(ask())


def test_a_mock_answers_without_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an event loop was started")

    monkeypatch.setattr(asyncio, "new_event_loop", refuse)
    with http(tiny_application()) as client:
        assert client.get("/tiny/find", params=FIND).status_code == 200
        assert client.get("/nowhere").status_code == 404


def test_a_mock_answers_inside_a_running_event_loop() -> None:
    async def ask() -> int:
        with http(tiny_application()) as client:
            return client.get("/tiny/find", params=FIND).status_code

    assert asyncio.run(ask()) == 200


def test_other_applications_get_an_event_loop_of_their_own() -> None:
    with httpx2.Client(transport=MockTransport(OTHER), base_url="http://mock.invalid") as client:
        assert client.get("/wait").text == "waited"
        assert client.get("/thread", headers={"X-Name": "name"}).text == "name"


def test_a_head_request_has_no_body() -> None:
    with http(tiny_application()) as client:
        response = client.head("/tiny/find", params=FIND)
    assert (response.status_code, response.content) == (200, b"")


def test_a_reply_slower_than_the_client_waits_is_a_timeout() -> None:
    clock = SetClock()
    app = tiny_application(clock=clock)
    play(app, None, Fault.slow(60))
    with (
        httpx2.Client(
            transport=MockTransport(app), base_url="http://mock.invalid", timeout=5
        ) as client,
        pytest.raises(httpx2.ReadTimeout),
    ):
        client.get("/tiny/find", params=FIND)
    assert clock.waits == [5.0]


def test_a_client_without_a_timeout_waits_for_everything() -> None:
    clock = SetClock()
    app = tiny_application(clock=clock)
    play(app, None, Fault.slow(3600))
    with httpx2.Client(
        transport=MockTransport(app), base_url="http://mock.invalid", timeout=None
    ) as client:
        assert client.get("/tiny/find", params=FIND).status_code == 200
    assert clock.waits == [3600]


def test_an_error_of_the_world_reaches_the_test() -> None:
    class Broken(TinyWorld):
        def version(self) -> int:
            raise ZeroDivisionError

    with http(tiny_application(Broken())) as client, pytest.raises(ZeroDivisionError):
        client.get("/tiny/find", params=FIND)


@pytest.mark.parametrize("transport", [AsyncMockTransport, httpx2.ASGITransport])
def test_an_async_client_gets_the_same_reply(transport: type[httpx2.AsyncBaseTransport]) -> None:
    app = tiny_application()
    with http(app) as client:
        expected = client.get("/tiny/find", params=FIND)
    response = get_async(app, transport)
    assert response.content == expected.content
    assert response.headers == expected.headers


@pytest.mark.parametrize("transport", [AsyncMockTransport, httpx2.ASGITransport])
def test_a_slow_reply_leaves_the_event_loop_free(
    transport: type[httpx2.AsyncBaseTransport],
) -> None:
    clock = SetClock()
    app = tiny_application(clock=clock)
    play(app, None, Fault.slow(2))
    assert get_async(app, transport).status_code == 200
    assert clock.waits == [2]


def test_an_async_client_sees_timeouts_and_broken_connections() -> None:
    app = tiny_application()
    play(app, None, Fault.slow(60))
    with pytest.raises(httpx2.ReadTimeout):
        get_async(app, AsyncMockTransport)
    play(app, None, Fault.cut_off())
    with pytest.raises(httpx2.RemoteProtocolError):
        get_async(app, AsyncMockTransport)


def test_generated_clients_of_both_kinds_read_the_same_records() -> None:
    app = kepco_application()
    day = {"customer_number": "0100000001", "date": date(2024, 10, 1)}

    async def ask() -> object:
        async with AsyncClient(service_key=KEY, transport=AsyncMockTransport(app)) as client:
            return await client.get_day_load_profile(**day)  # type: ignore[arg-type]

    with Client(service_key=KEY, transport=MockTransport(app)) as client:
        assert client.get_day_load_profile(**day) == asyncio.run(ask())  # type: ignore[arg-type]
    assert len(mock_of(app).journal) == 2
