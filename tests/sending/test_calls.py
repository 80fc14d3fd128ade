"""Calls of both clients: what leaves, when it is tried again, what failures become."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import (
    ConfigurationError,
    ConnectError,
    DeviationError,
    GridwrightError,
    HttpStatusError,
    InvalidRequestError,
    LimitError,
    OutcomeUnknownError,
    RejectedError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.sending.conversation import run

from .support import (
    APPLY,
    COUNTED,
    GET,
    KEYED,
    KINDS,
    NAMED,
    NUMBER,
    START,
    Arguments,
    Kind,
    caller,
    response,
    shown,
    system,
)

both = pytest.mark.parametrize("kind", KINDS)


@both
def test_a_call_sends_what_was_built_and_returns_what_was_read(kind: Kind) -> None:
    one = caller(kind)
    found = one.call(GET)
    [request] = one.service.seen
    assert (request.method, request.url.path) == ("GET", "/base/get_thing")
    assert found.body.value == "good"
    assert found.raw.received_at == START


@both
def test_an_invalid_request_is_never_sent(kind: Kind) -> None:
    one = caller(kind)
    with pytest.raises(InvalidRequestError):
        one.call((GET, Arguments("bad")))
    assert one.service.seen == []


@both
def test_timeouts_are_those_of_the_call_before_those_of_the_client(kind: Kind) -> None:
    one = caller(kind)
    one.call(GET)
    one.call(GET, timeout_seconds=2.5)
    timeouts = [request.extensions["timeout"] for request in one.service.seen]
    assert [timeout["read"] for timeout in timeouts] == [30.0, 2.5]
    assert [timeout["pool"] for timeout in timeouts] == [None, None]  # a free one will come


@both
@pytest.mark.parametrize("seconds", [0, -1.0, float("inf"), "5"])
def test_a_timeout_of_a_call_that_is_no_wait_is_refused(kind: Kind, seconds: Any) -> None:
    one = caller(kind)
    with pytest.raises(ConfigurationError, match="get_thing: timeout_seconds must be"):
        one.call(GET, timeout_seconds=seconds)
    assert one.service.seen == []


@both
def test_strictness_is_that_of_the_call_before_that_of_the_client(kind: Kind) -> None:
    one = caller(kind, {"more": 1}, {"more": 1}, strict=True)
    with pytest.raises(DeviationError):
        one.call(GET)
    assert one.call(GET, strict=False)


@both
def test_an_operation_is_asked_in_a_format_that_it_offers(kind: Kind) -> None:
    one = caller(kind, format="xml")
    assert one.call(GET)
    with pytest.raises(ConfigurationError, match="is offered as json, not as xml"):
        one.call(GET, format="xml")


@both
def test_a_new_identity_is_made_for_each_call_of_what_has_one(kind: Kind) -> None:
    made = iter("ab")
    one = caller(kind, new_id=lambda: next(made))
    found = one.calls(NAMED, NAMED, GET)
    assert [result.transaction_id for result in found] == ["a", "b", ""]
    assert one.call(NAMED, identity="mine").transaction_id == "mine"
    assert [request.headers.get("X-Id") for request in one.service.seen] == ["a", "b", None, "mine"]


@both
def test_an_error_says_which_call_it_is_about(kind: Kind) -> None:
    one = caller(kind, 404, new_id=lambda: "mine")
    with pytest.raises(HttpStatusError, match=r"\(transaction mine\)") as caught:
        one.call(NAMED)
    assert caught.value.transaction_id == "mine"


@both
def test_the_numbers_of_calls_only_grow(kind: Kind) -> None:
    one = caller(kind)
    one.calls(COUNTED, COUNTED, COUNTED)
    numbers = [int(request.headers["X-Serial"]) for request in one.service.seen]
    assert len(numbers) == 3
    assert numbers == sorted(set(numbers))


@both
def test_a_request_that_is_sent_again_keeps_the_number_of_its_call(kind: Kind) -> None:
    one = caller(kind, 503)
    one.calls(COUNTED, COUNTED)
    first, again, other = (int(request.headers["X-Serial"]) for request in one.service.seen)
    assert first == again < other


@both
def test_a_request_tells_the_time_at_which_it_leaves(kind: Kind) -> None:
    one = caller(kind, response(503, Retry_After="20"))
    one.call(GET)
    first, second = (request.headers["X-Now"] for request in one.service.seen)
    assert first == START.isoformat()
    assert second == (START + timedelta(seconds=20)).isoformat()


@both
def test_redirects_are_not_followed(kind: Kind) -> None:
    one = caller(kind, response(302, Location="https://elsewhere.example/"))
    with pytest.raises(HttpStatusError):
        one.call(GET)
    assert len(one.service.seen) == 1


@both
def test_a_reply_over_the_largest_size_is_refused(kind: Kind) -> None:
    one = caller(kind, {"value": "x" * 100}, max_body_bytes=100)
    with pytest.raises(UnexpectedReplyError, match="more than 100 bytes"):
        one.call(GET)


@both
def test_a_header_that_cannot_be_written_is_a_matter_of_configuration(kind: Kind) -> None:
    one = caller(kind, made=system(), credentials={"key": "schlüssel"})
    with pytest.raises(ConfigurationError, match="outside ASCII") as caught:
        one.call(KEYED)
    assert one.service.seen == []
    assert "schl" not in shown(caught.value)


# When to try again


@both
@pytest.mark.parametrize(
    "passing",
    [
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.RemoteProtocolError("closed"),
        429,
        502,
        503,
        504,
    ],
    ids=repr,
)
def test_a_read_is_tried_again_after_what_may_pass(kind: Kind, passing: object) -> None:
    one = caller(kind, passing, passing)
    assert one.call(GET)
    assert one.clock.slept == [0.25, 0.5]


@both
@pytest.mark.parametrize("lasting", [httpx2.ReadTimeout("slow"), 400, 401, 404, 500], ids=repr)
def test_a_read_is_not_tried_again_after_what_will_not_pass(kind: Kind, lasting: object) -> None:
    one = caller(kind, lasting)
    with pytest.raises(GridwrightError):
        one.call(GET)
    assert len(one.service.seen) == 1


@both
def test_attempts_run_out(kind: Kind) -> None:
    one = caller(kind, 503, 503, 503)
    with pytest.raises(HttpStatusError):
        one.call(GET)
    assert len(one.service.seen) == 3


@both
@pytest.mark.parametrize("wanted", ["7", "Wed, 02 Oct 2024 03:04:12 GMT"])
def test_retry_after_is_honoured(kind: Kind, wanted: str) -> None:
    one = caller(kind, response(429, Retry_After=wanted))
    one.call(GET)
    assert one.clock.slept == [7.0]


@both
def test_a_wait_beyond_the_budget_is_not_begun(kind: Kind) -> None:
    one = caller(kind, response(429, Retry_After="61"))
    with pytest.raises(LimitError) as caught:
        one.call(GET)
    assert one.clock.slept == []
    assert caught.value.retry_at == START + timedelta(seconds=61)


@both
def test_what_cannot_be_sent_twice_is_not_tried_again(kind: Kind) -> None:
    one = caller(kind, 503)
    with pytest.raises(HttpStatusError):
        one.call(GET, attachments=["a stream"])
    assert len(one.service.seen) == 1


@both
@pytest.mark.parametrize(
    ("trouble", "expected", "phase"),
    [
        (httpx2.ConnectError("x"), ConnectError, None),
        (httpx2.ProxyError("407 x"), ConnectError, None),
        (httpx2.ConnectTimeout("x"), RequestTimeoutError, "connect"),
        (httpx2.PoolTimeout("x"), RequestTimeoutError, "pool"),
        (httpx2.ReadTimeout("x"), RequestTimeoutError, "read"),
        (httpx2.WriteTimeout("x"), RequestTimeoutError, "write"),
        (httpx2.ReadError("x"), TransportError, None),
        (httpx2.LocalProtocolError("x"), TransportError, None),
        (httpx2.UnsupportedProtocol("x"), ConfigurationError, None),
    ],
    ids=lambda value: getattr(value, "__name__", repr(value)),
)
def test_trouble_of_the_transport_is_ours(
    kind: Kind, trouble: Exception, expected: type[Exception], phase: str | None
) -> None:
    one = caller(kind, trouble, retry=RetryPolicy(attempts=1))
    with pytest.raises(expected) as caught:
        one.call(GET)
    assert type(caught.value) is expected
    assert getattr(caught.value, "phase", None) == phase
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    # What a proxy says may hold a secret: its status alone is told, in the standard's words.
    said = "407 Proxy Authentication Required" if isinstance(trouble, httpx2.ProxyError) else "x"
    assert str(caught.value) == f"sample.get_thing: {type(trouble).__name__}: {said}"


# Writes


UNKNOWN: list[object] = [
    httpx2.ReadTimeout("slow"),
    httpx2.WriteTimeout("slow"),
    httpx2.ReadError("reset"),
    httpx2.WriteError("reset"),
    httpx2.RemoteProtocolError("closed"),
    RuntimeError("Event loop is closed"),
    OSError("no such thing"),
    *(302, 400, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504),
    response(200, b"<html>busy</html>"),
    response(403, b"<html>firewall</html>"),
    response(200),
    response(200, b'{"value": '),
    {"explode": 1},
]


@both
@pytest.mark.parametrize("trouble", UNKNOWN, ids=repr)
def test_a_write_that_nobody_said_was_refused_is_unknown_and_not_repeated(
    kind: Kind, trouble: object
) -> None:
    one = caller(kind, trouble)
    with pytest.raises(OutcomeUnknownError, match="ask the provider before sending it again") as e:
        one.call(APPLY)
    assert len(one.service.seen) == 1
    assert one.clock.slept == []
    is_reply = not isinstance(trouble, Exception)
    assert (e.value.raw is not None) == is_reply
    if isinstance(trouble, int):
        assert e.value.http_status == trouble
    assert e.value.__cause__ is None
    assert e.value.__context__ is None
    assert NUMBER not in shown(e.value)


@both
def test_the_error_of_a_write_tells_what_came_back(kind: Kind) -> None:
    with pytest.raises(OutcomeUnknownError, match=r"^sample\.apply: HTTP status 502; whether"):
        caller(kind, 502).call(APPLY)


@both
@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (httpx2.ConnectError("refused"), ConnectError),
        (httpx2.ConnectTimeout("slow"), RequestTimeoutError),
        ({"code": "no"}, RejectedError),
        ({"code": "limit"}, LimitError),
        (httpx2.Response(500, json={"code": "no"}), RejectedError),
    ],
    ids=repr,
)
def test_a_write_that_was_not_carried_out_says_why_and_is_not_repeated(
    kind: Kind, trouble: object, expected: type[Exception]
) -> None:
    one = caller(kind, trouble)
    with pytest.raises(expected) as caught:
        one.call(APPLY)
    assert type(caught.value) is expected
    assert len(one.service.seen) == 1


@both
def test_strict_reading_does_not_make_the_outcome_of_a_write_unknown(kind: Kind) -> None:
    with pytest.raises(DeviationError):
        caller(kind, {"more": 1}).call(APPLY, strict=True)


@both
def test_a_fault_in_reading_a_read_is_not_hidden(kind: Kind) -> None:
    with pytest.raises(RuntimeError):
        caller(kind, {"explode": 1}).call(GET)


# How long a call may take in all


@both
def test_a_call_has_no_limit_in_all_unless_it_is_given_one(kind: Kind) -> None:
    one = caller(kind, response(503, Retry_After="50"))
    assert one.call(GET)


@both
def test_no_attempt_begins_after_the_end_of_a_call(kind: Kind) -> None:
    one = caller(kind, response(503, Retry_After="50"), longest_call_seconds=50)
    with pytest.raises(HttpStatusError):
        one.call(GET)
    assert one.clock.slept == []


@both
def test_a_reply_that_trickles_ends_with_the_call(kind: Kind) -> None:
    one = caller(kind, longest_call_seconds=3, timeout_seconds=1, retry=RetryPolicy(attempts=1))

    class Trickle(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        def __iter__(self) -> Any:
            for _ in range(100):
                one.clock.seconds += 0.5
                yield b" "

        async def __aiter__(self) -> Any:
            for piece in self:
                yield piece

    one.service.handle = lambda request: httpx2.Response(200, stream=Trickle())
    with pytest.raises(RequestTimeoutError) as caught:
        one.call(GET)
    assert caught.value.phase == "total"
    assert one.clock.seconds == pytest.approx(3.0)


# Setting up, sharing and closing


@both
def test_a_closed_client_makes_no_calls(kind: Kind) -> None:
    client = caller(kind).client()
    if kind == "sync":
        client.close()
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            client._record(GET, Arguments(NUMBER))
        return

    async def main() -> None:
        await client.aclose()
        with pytest.raises(ConfigurationError, match="closed"):
            await client._record(GET, Arguments(NUMBER))

    asyncio.run(main())


def test_a_client_is_safe_to_share_between_threads() -> None:
    barrier = threading.Barrier(8)

    def handle(request: httpx2.Request) -> httpx2.Response:
        barrier.wait(5)
        return httpx2.Response(200, json={"value": request.url.params["number"]})

    one = caller("sync")
    one.service.handle = handle
    with one.client() as client, ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda number: client._record(GET, Arguments(str(number))), range(8))
        assert [result.body.value for result in found] == list("01234567")


def test_a_coroutine_that_would_wait_is_an_error_of_a_call_in_a_thread() -> None:
    async def waits() -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="was about to wait"):
        run(waits())


def test_a_coroutine_that_raises_raises_out_of_a_thread() -> None:
    async def fails() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        run(fails())
