"""The transports run a mock of any system in the same process, as a server would."""

import asyncio

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import AsyncMockTransport, MockTransport

from .support import BOLT, FIND, Kept, clock_of, http, play, tiny


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
    with http(tiny()) as client:
        assert client.get("/tiny/find", params=FIND).status_code == 200
        assert client.get("/nowhere").status_code == 404


def test_a_mock_answers_inside_a_running_event_loop() -> None:
    async def ask() -> int:
        with http(tiny()) as client:
            return client.get("/tiny/find", params=FIND).status_code

    assert asyncio.run(ask()) == 200


def test_other_applications_get_an_event_loop_of_their_own() -> None:
    with httpx2.Client(transport=MockTransport(OTHER), base_url="http://mock.invalid") as client:
        assert client.get("/wait").text == "waited"
        assert client.get("/thread", headers={"X-Name": "name"}).text == "name"


def test_a_head_request_has_no_body() -> None:
    with http(tiny()) as client:
        response = client.head("/tiny/find", params=FIND)
    assert (response.status_code, response.content) == (200, b"")


def test_a_reply_slower_than_the_client_waits_is_a_timeout() -> None:
    app = tiny()
    play(app, Fault.slow(60))
    with (
        httpx2.Client(
            transport=MockTransport(app), base_url="http://mock.invalid", timeout=5
        ) as client,
        pytest.raises(httpx2.ReadTimeout),
    ):
        client.get("/tiny/find", params=FIND)
    assert clock_of(app).waits == [5.0]


def test_a_client_without_a_timeout_waits_for_everything() -> None:
    app = tiny()
    play(app, Fault.slow(3600))
    with httpx2.Client(
        transport=MockTransport(app), base_url="http://mock.invalid", timeout=None
    ) as client:
        assert client.get("/tiny/find", params=FIND).status_code == 200
    assert clock_of(app).waits == [3600]


def test_an_error_of_the_world_reaches_the_test() -> None:
    class Broken(Kept):
        def version(self) -> int:
            raise ZeroDivisionError

    with http(tiny(Broken([BOLT]))) as client, pytest.raises(ZeroDivisionError):
        client.get("/tiny/find", params=FIND)


@pytest.mark.parametrize("transport", [AsyncMockTransport, httpx2.ASGITransport])
def test_an_async_client_gets_the_same_reply(transport: type[httpx2.AsyncBaseTransport]) -> None:
    app = tiny()
    with http(app) as client:
        expected = client.get("/tiny/find", params=FIND)
    response = get_async(app, transport)
    assert response.content == expected.content
    assert response.headers == expected.headers


@pytest.mark.parametrize("transport", [AsyncMockTransport, httpx2.ASGITransport])
def test_a_slow_reply_leaves_the_event_loop_free(
    transport: type[httpx2.AsyncBaseTransport],
) -> None:
    app = tiny()
    play(app, Fault.slow(2))
    assert get_async(app, transport).status_code == 200
    assert clock_of(app).waits == [2]


def test_an_async_client_sees_timeouts_and_broken_connections() -> None:
    app = tiny()
    play(app, Fault.slow(60))
    with pytest.raises(httpx2.ReadTimeout):
        get_async(app, AsyncMockTransport)
    play(app, Fault.cut_off())
    with pytest.raises(httpx2.RemoteProtocolError):
        get_async(app, AsyncMockTransport)
