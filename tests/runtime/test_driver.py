"""Both drivers: what they send, how long they wait, when they try again."""

import asyncio
import gzip
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.driver import BaseClient
from gridwright_runtime.errors import (
    ConfigurationError,
    ConnectError,
    DeviationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    InvalidRequestError,
    LimitError,
    NotSubscribedError,
    OutcomeUnknownError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.retry import RetryPolicy

from .sample_api import SERVICE_KEY, AsyncClient, Client
from .support import (
    CUSTOMER,
    DAY,
    KEY,
    KINDS,
    METER,
    NOW,
    FakeClock,
    Handler,
    Kind,
    call,
    day_record,
    get_day,
    json_body,
    respond,
)

both = pytest.mark.parametrize("kind", KINDS)
SAVED = b'{"receiptList": [{"rcptNo": "1"}]}'


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


def good() -> httpx2.Response:
    return httpx2.Response(200, content=json_body([day_record()]))


def status(code: int, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(code, headers=named)


def save(kind: Kind, handler: Handler, **arguments: Any) -> Any:
    return call(
        kind,
        handler,
        "save_reading",
        meter_number=METER,
        read_at=datetime(2024, 10, 1, tzinfo=UTC),
        energy_kwh=Decimal("1.5"),
        **arguments,
    )


@both
def test_a_call_sends_what_the_document_says_and_reads_the_reply(kind: Kind) -> None:
    script = Script(good())
    reply = get_day(kind, script)
    [request] = script.requests
    assert request.method == "GET"
    assert request.url.host == "sample.example"
    assert request.url.port == 11080
    assert request.url.path == "/api/getDayProfile.do"
    assert dict(request.url.params) == {
        "custNo": CUSTOMER,
        "date": "20241001",
        "serviceKey": KEY,
        "returnType": "02",
    }
    assert request.headers["accept"] == "application/json"
    assert reply.records[0].customer_number == CUSTOMER
    assert reply.raw.received_at == NOW


@both
def test_a_write_sends_a_form(kind: Kind) -> None:
    script = Script(httpx2.Response(200, content=SAVED))
    assert save(kind, script).records[0].receipt_number == "1"
    [request] = script.requests
    assert request.method == "POST"
    assert request.content.decode().startswith(f"meterNo={METER}&")


@both
def test_an_invalid_request_is_never_sent(kind: Kind) -> None:
    script = Script()
    with pytest.raises(InvalidRequestError):
        get_day(kind, script, as_of=datetime(2024, 10, 1))
    assert script.requests == []


@both
def test_format_and_strictness_are_those_of_the_call_before_those_of_the_client(
    kind: Kind,
) -> None:
    script = Script(*(httpx2.Response(200, content=json_body([day_record(extra=1)])) for _ in "ab"))
    with pytest.raises(DeviationError):
        get_day(kind, script, client={"strict": True, "format": "xml"})
    assert get_day(kind, script, strict=False, format="json", client={"strict": True}).records
    assert [request.url.params["returnType"] for request in script.requests] == ["01", "02"]


@both
def test_timeouts_are_those_of_the_call_before_those_of_the_client(kind: Kind) -> None:
    script = Script(good(), good())
    get_day(kind, script)
    get_day(kind, script, timeout_seconds=2.5)
    timeouts = [request.extensions["timeout"]["read"] for request in script.requests]
    assert timeouts == [30.0, 2.5]


@both
def test_a_compressed_reply_is_decompressed(kind: Kind) -> None:
    body = gzip.compress(json_body([day_record()]))
    assert get_day(kind, respond(body, Content_Encoding="gzip")).records


@both
def test_a_reply_that_cannot_be_decompressed_is_unexpected(kind: Kind) -> None:
    with pytest.raises(UnexpectedReplyError, match="decompressed"):
        get_day(kind, respond_streaming(b"no gzip at all", Content_Encoding="gzip"))


def respond_streaming(body: bytes, **headers: str) -> Handler:
    """Answer with a body that is decoded while it is read, as over a network."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    class Stream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        def __iter__(self) -> Any:
            yield body

        async def __aiter__(self) -> Any:
            yield body

    return lambda request: httpx2.Response(200, headers=named, stream=Stream())


@both
def test_a_reply_over_the_largest_size_is_refused(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json_body([day_record()])
    for limit, fits in ((len(body), True), (len(body) - 1, False)):
        monkeypatch.setattr(f"{__package__}.support.Client", _limited(Client, limit))
        monkeypatch.setattr(f"{__package__}.support.AsyncClient", _limited(AsyncClient, limit))
        if fits:
            assert get_day(kind, respond_streaming(body)).records
        else:
            with pytest.raises(UnexpectedReplyError, match=f"more than {limit} bytes"):
                get_day(kind, respond_streaming(body))


def _limited(base: Any, limit: int) -> Any:
    class Limited(base):  # type: ignore[misc]
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self._max_body_bytes = limit

    return Limited


@both
def test_redirects_are_not_followed(kind: Kind) -> None:
    script = Script(status(302, Location="https://elsewhere.example/"))
    with pytest.raises(HttpStatusError) as caught:
        get_day(kind, script)
    assert caught.value.status == 302
    assert len(script.requests) == 1


# When to try again.


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
)
def test_a_read_is_tried_again_after_what_may_pass(kind: Kind, passing: Exception | int) -> None:
    def failure() -> Any:
        return status(passing) if isinstance(passing, int) else passing

    clock = FakeClock()
    script = Script(failure(), failure(), good())
    assert get_day(kind, script, client={"clock": clock}).records
    assert clock.slept == [0.25, 0.5]


@both
@pytest.mark.parametrize(
    "lasting", [httpx2.ReadTimeout("slow"), httpx2.PoolTimeout(""), 400, 401, 404, 500]
)
def test_a_read_is_not_tried_again_after_what_will_not_pass(
    kind: Kind, lasting: Exception | int
) -> None:
    script = Script(status(lasting) if isinstance(lasting, int) else lasting)
    with pytest.raises(GridwrightError):
        get_day(kind, script)
    assert len(script.requests) == 1


@both
def test_a_refusal_by_the_provider_is_not_tried_again(kind: Kind) -> None:
    script = Script(httpx2.Response(200, content=json_body([{"returnCode": "E402"}])))
    with pytest.raises(NotSubscribedError):
        get_day(kind, script)


@both
def test_attempts_run_out(kind: Kind) -> None:
    script = Script(status(503), status(503), status(503))
    with pytest.raises(HttpStatusError):
        get_day(kind, script)
    assert len(script.requests) == 3


@both
@pytest.mark.parametrize("wanted", ["7", "Wed, 02 Oct 2024 03:04:12 GMT"])
def test_retry_after_is_honoured(kind: Kind, wanted: str) -> None:
    clock = FakeClock()
    get_day(kind, Script(status(429, Retry_After=wanted), good()), client={"clock": clock})
    assert clock.slept == [7.0]


@both
@pytest.mark.parametrize("wanted", ["soon", "-5", "Wed, 99 Oct", "١٢"])
def test_a_retry_after_that_says_nothing_is_passed_over(kind: Kind, wanted: str) -> None:
    clock = FakeClock()
    headers = [(b"retry-after", wanted.encode())]
    script = Script(httpx2.Response(503, headers=headers), good())
    get_day(kind, script, client={"clock": clock})
    assert clock.slept == [0.25]


@both
def test_a_wait_beyond_the_budget_is_not_begun(kind: Kind) -> None:
    clock = FakeClock()
    with pytest.raises(LimitError) as caught:
        get_day(kind, Script(status(429, Retry_After="61")), client={"clock": clock})
    assert clock.slept == []
    assert caught.value.retry_at == NOW + timedelta(seconds=61)


@both
def test_the_budget_counts_from_the_first_attempt(kind: Kind) -> None:
    clock = FakeClock()
    policy = RetryPolicy(attempts=9, base_seconds=4.0, budget_seconds=10.0, random=lambda: 0.0)
    with pytest.raises(HttpStatusError):
        get_day(
            kind,
            Script(*(status(503) for _ in range(9))),
            client={"clock": clock, "retry": policy},
        )
    assert clock.slept == [2.0, 4.0, 4.0]


@both
def test_one_attempt_means_no_second(kind: Kind) -> None:
    script = Script(status(503))
    with pytest.raises(HttpStatusError):
        get_day(kind, script, client={"retry": RetryPolicy(attempts=1)})


def test_pauses_double_up_to_the_longest_and_vary_by_half() -> None:
    policy = RetryPolicy(attempts=99, base_seconds=1.0, max_seconds=4.0, random=lambda: 0.5)
    assert [policy.pause(attempt, 0.0, None) for attempt in (1, 2, 3, 4, 90)] == [
        0.75,
        1.5,
        3.0,
        3.0,
        3.0,
    ]


# Writes.


@both
@pytest.mark.parametrize(
    "trouble",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.WriteTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.WriteError("reset"),
        httpx2.RemoteProtocolError("closed"),
        httpx2.Response(500),
        httpx2.Response(502, content=b"<html>"),
        httpx2.Response(504),
        httpx2.Response(200, content=b""),
        httpx2.Response(200, content=b'{"receiptList": ['),
        httpx2.Response(200, content=b"<html>"),
    ],
    ids=repr,
)
def test_a_write_whose_outcome_is_unknown_says_so_and_is_not_repeated(
    kind: Kind, trouble: httpx2.Response | Exception
) -> None:
    script = Script(trouble)
    with pytest.raises(OutcomeUnknownError, match="ask the provider before sending it again") as e:
        save(kind, script)
    assert len(script.requests) == 1
    assert (e.value.raw is not None) == isinstance(trouble, httpx2.Response)
    assert e.value.__context__ is None
    assert e.value.__cause__ is None


@both
@pytest.mark.parametrize(
    ("trouble", "kind_of_error"),
    [
        (httpx2.ConnectError("refused"), ConnectError),
        (httpx2.ConnectTimeout("slow"), RequestTimeoutError),
        (httpx2.PoolTimeout("full"), RequestTimeoutError),
        (httpx2.Response(404), HttpStatusError),
        (httpx2.Response(403, content=b"<html>"), HtmlReplyError),
        (httpx2.Response(429), LimitError),
        (
            httpx2.Response(200, content=b'{"receiptList": [{"returnCode": "E402"}]}'),
            NotSubscribedError,
        ),
        (httpx2.Response(500, content=b'{"returnCode": "E402"}'), NotSubscribedError),
    ],
)
def test_a_write_that_was_not_carried_out_is_not_repeated_either(
    kind: Kind, trouble: httpx2.Response | Exception, kind_of_error: type[Exception]
) -> None:
    script = Script(trouble)
    with pytest.raises(kind_of_error) as caught:
        save(kind, script)
    assert type(caught.value) is kind_of_error
    assert len(script.requests) == 1


@both
def test_strict_reading_does_not_make_the_outcome_of_a_write_unknown(kind: Kind) -> None:
    body = b'{"receiptList": [{"rcptNo": "1", "extra": 1}]}'
    with pytest.raises(DeviationError):
        save(kind, respond(body), strict=True)


# What trouble becomes.


@both
@pytest.mark.parametrize(
    ("trouble", "kind_of_error", "phase"),
    [
        (httpx2.ConnectError("x"), ConnectError, None),
        (httpx2.ProxyError("x"), ConnectError, None),
        (httpx2.ConnectTimeout("x"), RequestTimeoutError, "connect"),
        (httpx2.PoolTimeout("x"), RequestTimeoutError, "pool"),
        (httpx2.ReadTimeout("x"), RequestTimeoutError, "read"),
        (httpx2.WriteTimeout("x"), RequestTimeoutError, "write"),
        (httpx2.ReadError("x"), TransportError, None),
        (httpx2.LocalProtocolError("x"), TransportError, None),
        (httpx2.UnsupportedProtocol("x"), ConfigurationError, None),
    ],
)
def test_trouble_of_the_transport_is_ours(
    kind: Kind, trouble: Exception, kind_of_error: type[Exception], phase: str | None
) -> None:
    with pytest.raises(kind_of_error) as caught:
        get_day(kind, Script(trouble), client={"retry": RetryPolicy(attempts=1)})
    assert type(caught.value) is kind_of_error
    assert getattr(caught.value, "phase", None) == phase
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert str(caught.value) == f"sample_power.get_day_profile: {type(trouble).__name__}: x"


# Setting up and closing.


def test_a_closed_client_makes_no_calls() -> None:
    client = Client(service_key=KEY, transport=httpx2.MockTransport(Script()))
    client.close()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.list_meters()


def test_a_closed_async_client_makes_no_calls() -> None:
    async def run() -> None:
        client = AsyncClient(service_key=KEY, transport=httpx2.MockTransport(Script()))
        await client.aclose()
        with pytest.raises(ConfigurationError, match="closed"):
            await client.list_meters()

    asyncio.run(run())


def test_the_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_POWER_SERVICE_KEY", "from-environment")
    script = Script(good())
    with Client(transport=httpx2.MockTransport(script)) as client:
        client.get_day_profile(customer_number=CUSTOMER, date=DAY)
    assert script.requests[0].url.params["serviceKey"] == "from-environment"


@pytest.mark.parametrize("key", [None, ""])
def test_a_missing_key_is_reported_with_what_to_do(
    key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SAMPLE_POWER_SERVICE_KEY", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        Client(service_key=key)
    assert str(caught.value) == (
        "sample_power: no service_key; pass service_key=… or set SAMPLE_POWER_SERVICE_KEY"
    )


@pytest.mark.parametrize("key", ["SECRET\n", " SECRET", "SEC\x00RET"])
def test_a_key_with_stray_characters_is_refused_unseen(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Client(service_key=key)
    assert "SEC" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "sample.example",
        "ftp://sample.example",
        "https://",
        "https://user:pass@sample.example",
        "https://sample.example/?serviceKey=x",
        "https://sample.example:port",
        "http://sample.example",
        "",
    ],
)
def test_an_address_that_is_no_plain_https_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError):
        Client(service_key=KEY, base_url=address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:1"])
def test_a_mock_on_this_machine_needs_no_tls(address: str) -> None:
    Client(service_key=KEY, base_url=address).close()


def test_a_client_is_safe_to_share_between_threads() -> None:
    barrier = threading.Barrier(8)

    def handler(request: httpx2.Request) -> httpx2.Response:
        barrier.wait(5)
        number = request.url.params["custNo"]
        return httpx2.Response(200, content=json_body([day_record(custNo=number)]))

    with (
        Client(service_key=KEY, transport=httpx2.MockTransport(handler)) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        replies = pool.map(
            lambda number: client.get_day_profile(customer_number=str(number), date=DAY), range(8)
        )
        assert [reply.records[0].customer_number for reply in replies] == list("01234567")


def test_an_async_client_runs_calls_side_by_side() -> None:
    async def run() -> list[str | None]:
        arrived = asyncio.Event()
        waiting = 0

        async def handler(request: httpx2.Request) -> httpx2.Response:
            nonlocal waiting
            waiting += 1
            if waiting == 5:
                arrived.set()
            await asyncio.wait_for(arrived.wait(), 5)
            number = request.url.params["custNo"]
            return httpx2.Response(200, content=json_body([day_record(custNo=number)]))

        async with AsyncClient(service_key=KEY, transport=httpx2.MockTransport(handler)) as client:
            calls = [
                client.get_day_profile(customer_number=str(number), date=DAY) for number in range(5)
            ]
            return [reply.records[0].customer_number for reply in await asyncio.gather(*calls)]

    assert asyncio.run(run()) == list("01234")


def test_a_client_by_itself_opens_no_connection() -> None:
    client = BaseClient(
        system="sample_power",
        credentials=[(SERVICE_KEY, KEY)],
        base_url="https://sample.example",
    )
    assert repr(client) == "<BaseClient of sample_power at https://sample.example>"
    client.close()


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
        Client(service_key=KEY, base_url=address)


WRONG_SETTINGS: list[dict[str, Any]] = [
    *({"timeout_seconds": wrong} for wrong in (0, -1, float("inf"), float("nan"), None, "30")),
    {"format": "yaml"},
    {"format": []},
    {"max_connections": 0},
    {"retry": RetryPolicy(attempts=0)},
    {"base_url": b"https://sample.example"},
    {"service_key": 5},
    {"service_key": b"key"},
]


@pytest.mark.parametrize("wrong", WRONG_SETTINGS, ids=lambda wrong: "-".join(wrong))
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_wrong_setting_is_reported_when_the_client_is_made(
    client: Any, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        client(**{"service_key": KEY, **wrong})


def test_a_largest_size_below_one_byte_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="max_body_bytes must be"):
        BaseClient(
            system="s",
            credentials=[(SERVICE_KEY, KEY)],
            base_url="https://sample.example",
            max_body_bytes=0,
        )


@both
@pytest.mark.parametrize("seconds", [0, -1.0, float("inf"), "5"])
def test_a_timeout_of_a_call_that_is_no_wait_is_refused(kind: Kind, seconds: Any) -> None:
    script = Script(good())
    with pytest.raises(ConfigurationError, match="get_day_profile: timeout_seconds must be"):
        get_day(kind, script, timeout_seconds=seconds)
    assert script.requests == []


def test_a_clock_without_a_time_zone_is_refused() -> None:
    class NaiveClock(FakeClock):
        def now(self) -> datetime:
            return datetime(2024, 10, 1)

    with pytest.raises(ConfigurationError, match="clock must tell aware time"):
        Client(service_key=KEY, clock=NaiveClock())


def test_what_is_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "no proxy at all://")
    monkeypatch.setenv("HTTPS_PROXY", "no proxy at all://")
    Client(service_key=KEY, base_url="http://127.0.0.1:1").close()


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_malformed_proxy_is_reported_unseen(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://user:SECRET@proxy.example")
    with pytest.raises(ConfigurationError, match="proxy or certificate") as caught:
        client(service_key=KEY)
    assert "SECRET" not in str(caught.value)
    assert caught.value.__context__ is None


@both
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "value",
    ["홍길동".encode("cp949"), b"9" * 5000, b"1e99999999999999999999", b"[" * 5000, b"\x00"],
)
def test_nothing_outside_the_tree_of_errors_leaves_a_call(
    kind: Kind, value: bytes, strict: bool
) -> None:
    good_body = json_body([day_record(extra="@")])
    for wanted in (b'"@"', b"@"):
        try:
            reply = get_day(kind, respond(good_body.replace(wanted, value)), strict=strict)
        except GridwrightError:
            continue
        assert reply.deviations
