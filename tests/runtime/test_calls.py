"""Whole calls of generated clients, with builder, conversation and reader as they are."""

import asyncio
import gzip
import io
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date
from typing import Any, Literal

import httpx2
import pytest

from gridwright_apis import kansai_takusou, kepco_opm
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import (
    ConfigurationError,
    GridwrightError,
    HttpStatusError,
    OutcomeUnknownError,
    RejectedError,
    UnexpectedReplyError,
)
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.retry import RetryPolicy

from .wire import CUSTOMER, NOW, day_record, json_body

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
Handler = Callable[[httpx2.Request], httpx2.Response]
both = pytest.mark.parametrize("kind", KINDS)


class Script:
    """A server that gives one answer after another, and counts."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        # A fresh one each time: a reply belongs to the client that read it.
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


def called(
    kind: Kind, module: Any, handler: Handler, method: str, options: dict[str, Any], **how: Any
) -> Any:
    """Make one call with a client of its own."""
    facts: dict[str, Any] = {
        "clock": ManualClock(NOW),
        "retry": RetryPolicy(random=lambda: 0.0),
        "transport": httpx2.MockTransport(handler),
        **options,
    }
    if kind == "sync":
        with module.Client(**facts) as client:
            return getattr(client, method)(**how)

    async def run() -> Any:
        async with module.AsyncClient(**facts) as client:
            return await getattr(client, method)(**how)

    return asyncio.run(run())


def get_day(kind: Kind, handler: Handler, client: dict[str, Any] | None = None, **how: Any) -> Any:
    options = {"service_key": "INVENTED", **(client or {})}
    asked = {"customer_number": CUSTOMER, "date": date(2024, 10, 1), **how}
    return called(kind, kepco_opm, handler, "get_day_load_profile", options, **asked)


def attach(kind: Kind, handler: Handler, upload: Upload, **how: Any) -> Any:
    options = {"base_url": "http://127.0.0.1:1", "limit_store": MemoryLimitStore()}
    items = {"who": "INVENTED"}
    return called(
        kind, kansai_takusou, handler, "attach_file", options, file=upload, items=items, **how
    )


def good() -> httpx2.Response:
    return httpx2.Response(200, content=json_body([day_record()]))


@both
def test_a_call_sends_what_the_document_says_and_reads_the_reply(kind: Kind) -> None:
    script = Script(good())
    reply = get_day(kind, script)
    [request] = script.requests
    assert (request.method, request.url.host, request.url.port) == ("GET", "opm.kepco.co.kr", 11080)
    assert request.url.params["custNo"] == CUSTOMER
    assert request.url.params["serviceKey"] == "INVENTED"
    assert reply.records[0].customer_number == CUSTOMER
    assert reply.raw.received_at == NOW


@both
def test_a_compressed_reply_is_decompressed(kind: Kind) -> None:
    body = gzip.compress(json_body([day_record()]))
    answer = httpx2.Response(200, content=body, headers={"Content-Encoding": "gzip"})
    assert get_day(kind, lambda request: answer).records


@both
def test_a_reply_that_cannot_be_decompressed_is_unexpected(kind: Kind) -> None:
    class Stream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        """A body that is decoded while it is read, as over a network."""

        def __iter__(self) -> Iterator[bytes]:
            yield b"no gzip at all"

        async def __aiter__(self) -> Any:
            yield b"no gzip at all"

    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=Stream(), headers={"Content-Encoding": "gzip"})

    with pytest.raises(UnexpectedReplyError, match="decompressed"):
        get_day(kind, handler)


@both
def test_a_refusal_by_the_provider_is_not_tried_again(kind: Kind) -> None:
    script = Script(httpx2.Response(200, content=json_body([{"returnCode": "E402"}])))
    with pytest.raises(RejectedError, match="E402"):
        get_day(kind, script)
    assert len(script.requests) == 1


@both
@pytest.mark.parametrize("wanted", ["soon", "-5", "Wed, 99 Oct", "١٢"])
def test_a_retry_after_that_says_nothing_is_passed_over(kind: Kind, wanted: str) -> None:
    clock = ManualClock(NOW)
    headers = [(b"retry-after", wanted.encode())]
    script = Script(httpx2.Response(503, headers=headers), good())
    get_day(kind, script, client={"clock": clock})
    assert clock.waits == [0.25]


@both
def test_the_budget_counts_from_the_first_attempt(kind: Kind) -> None:
    clock = ManualClock(NOW)
    policy = RetryPolicy(attempts=9, base_seconds=4.0, budget_seconds=10.0, random=lambda: 0.0)
    script = Script(*(httpx2.Response(503) for _ in range(9)))
    with pytest.raises(HttpStatusError):
        get_day(kind, script, client={"clock": clock, "retry": policy})
    assert clock.waits == [2.0, 4.0, 4.0]


def test_pauses_double_up_to_the_longest_and_vary_by_half() -> None:
    policy = RetryPolicy(attempts=99, base_seconds=1.0, max_seconds=4.0, random=lambda: 0.5)
    pauses = [policy.pause(attempt, 0.0, None) for attempt in (1, 2, 3, 4, 90)]
    assert pauses == [0.75, 1.5, 3.0, 3.0, 3.0]


def test_the_system_clock_tells_aware_time_and_can_wait() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    before = clock.monotonic()
    clock.sleep(0)
    asyncio.run(clock.async_sleep(0))
    assert clock.monotonic() >= before


@pytest.mark.parametrize(
    "address", ["http://127.evil.example", "http://127.0.0.1.evil.example", "http://0.0.0.0"]
)
def test_a_name_that_begins_like_this_machine_needs_tls(address: str) -> None:
    with pytest.raises(ConfigurationError, match="must be https"):
        kepco_opm.Client(service_key="INVENTED", base_url=address)


@pytest.mark.parametrize("client", [kepco_opm.Client, kepco_opm.AsyncClient])
@pytest.mark.parametrize("key", [5, b"key"])
def test_a_key_that_is_no_text_is_refused(client: Any, key: Any) -> None:
    with pytest.raises(ConfigurationError, match="service_key"):
        client(service_key=key)


def test_a_client_certificate_can_be_given() -> None:
    context = ssl.create_default_context()
    client = kansai_takusou.Client(base_url="https://kansai.example", ssl_context=context)
    assert client._settings._ssl_context is context
    client.close()


@both
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "value",
    ["홍길동".encode("cp949"), b"9" * 5000, b"1e99999999999999999999", b"[" * 5000, b"\x00"],
    ids=["cp949", "digits", "exponent", "brackets", "nul"],
)
def test_nothing_outside_the_tree_of_errors_leaves_a_call(
    kind: Kind, value: bytes, strict: bool
) -> None:
    good_body = json_body([day_record(extra="@")])
    for wanted in (b'"@"', b"@"):
        answer = httpx2.Response(200, content=good_body.replace(wanted, value))
        try:
            reply = get_day(kind, Script(answer), strict=strict)
        except GridwrightError:
            continue
        assert reply.deviations


@both
@pytest.mark.parametrize("trouble", [httpx2.Response(502), httpx2.ReadError("reset")], ids=repr)
def test_an_upload_is_never_sent_twice(kind: Kind, trouble: httpx2.Response | Exception) -> None:
    script = Script(trouble)
    with pytest.raises(OutcomeUnknownError):
        attach(kind, script, Upload(b"INVENTED", filename="a.pdf"))
    assert len(script.requests) == 1


@both
def test_what_progress_raises_ends_the_upload(kind: Kind) -> None:
    class Enough(Exception):
        pass

    def progress(sent: int, total: int | None) -> None:
        raise Enough

    script = Script(httpx2.Response(200, json={}))
    with pytest.raises(Enough):
        attach(kind, script, Upload(b"INVENTED", filename="a.pdf"), progress=progress)


def test_no_name_of_a_file_is_in_a_repr() -> None:
    assert "INVENTED" not in repr(Upload(b"INVENTED", filename="INVENTED.pdf"))


def test_a_file_is_read_beside_the_event_loop() -> None:
    threads: set[int] = set()

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            threads.add(threading.get_ident())
            return super().read(size)

    script = Script(httpx2.Response(200, json={"INVENTED": "1"}))
    attach("async", script, Upload(Watched(b"x"), filename="a"))
    assert threads
    assert threading.get_ident() not in threads
