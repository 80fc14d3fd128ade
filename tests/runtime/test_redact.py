"""Secret and personal values appear in no text: repr, message, traceback or log."""

import asyncio
import copy
import io
import logging
import pickle
import re
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import httpcore2
import httpx2
import pytest

from gridwright_apis import kansai_takusou, kepco_opm
from gridwright_apis.kepco_opm import AsyncClient, Client
from gridwright_runtime.errors import GridwrightError, RejectedError
from gridwright_runtime.limits.store import MemoryLimitStore
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.redact import (
    install_log_filter,
    mask,
    masked,
    printable,
    scrub,
    transport_reason,
)
from gridwright_runtime.retry import RetryPolicy

from .wire import NOW, day_record, json_body, xml_body

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

KEY = "INVENTED/key+with=signs"
CUSTOMER = "98765/4321"
METER = "INVENTED-METER-1"
NAME = "홍길동INVENTED"
PLANTED = (KEY, quote(KEY), quote(KEY, safe=""), CUSTOMER, quote(CUSTOMER, safe=""), METER, NAME)

both = pytest.mark.parametrize("kind", KINDS)


def texts_of(error: BaseException) -> str:
    """Return all that a log or a crash report might print about an error."""
    shown = [
        str(error),
        repr(error),
        "".join(traceback.format_exception(error)),
    ]
    linked: BaseException | None = error
    while linked is not None:
        shown += [repr(linked), repr(linked.args)]
        linked = linked.__cause__ or linked.__context__
    return "\n".join(shown)


def assert_clean(text: str) -> None:
    assert [planted for planted in PLANTED if planted in text] == []


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Yield everything that is logged, by anyone, at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def run(kind: Kind, answer: httpx2.Response | Exception, base_url: str, method: str) -> Any:
    def handler(request: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        # A fresh one each time: a reply belongs to the client that read it.
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    known: dict[str, dict[str, Any]] = {
        "get_day_load_profile": {"customer_number": CUSTOMER, "date": date(2024, 10, 1)},
        "get_customer_bill": {"customer_number": CUSTOMER, "month": date(2024, 10, 1)},
        "apply_regular": {"items": {"METER": METER, "NAME": NAME}},
    }
    arguments = known[method]
    options: dict[str, Any] = {
        "base_url": base_url,
        "clock": ManualClock(NOW),
        "retry": RetryPolicy(random=lambda: 0.0),
        "transport": httpx2.MockTransport(handler),
    }
    module: Any = kepco_opm
    if method == "apply_regular":
        module = kansai_takusou
        options["limit_store"] = MemoryLimitStore()
    else:
        options["service_key"] = KEY
    if kind == "sync":
        with module.Client(**options) as client:
            return getattr(client, method)(**arguments)

    async def call() -> Any:
        async with module.AsyncClient(**options) as client:
            return await getattr(client, method)(**arguments)

    return asyncio.run(call())


ECHO = f"key {KEY}, customer {CUSTOMER}, meter {METER}, url ?serviceKey={quote(KEY, safe='')}"
# A meter and a customer that the request does not hold are hidden where they look like numbers.
ECHO_OF_REPLY = "계기 00012345678901234567"
REQUEST = httpx2.Request("GET", f"https://sample.example/?serviceKey={quote(KEY, safe='')}")


@both
@pytest.mark.parametrize("method", ["get_day_load_profile", "get_customer_bill"])
@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(
            200, content=json_body([{"errMsg": f"{CUSTOMER} {KEY}", "returnCode": KEY}])
        ),
        httpx2.Response(200, content=json_body([{"errMsg": CUSTOMER}, {"returnCode": "E401"}])),
        httpx2.Response(200, content=json_body([day_record(custNo=CUSTOMER, mr_ymd=NAME)])),
        httpx2.Response(200, content=f"<html>{ECHO} {NAME}</html>".encode()),
        httpx2.Response(200, content=f"{ECHO} {NAME}".encode()),
        httpx2.Response(200, content=f"{{{ECHO} {NAME}".encode()),
        httpx2.Response(200, content=f"<a>{ECHO} &{METER}; {NAME}".encode()),
        httpx2.Response(200, content=xml_body([day_record(custNo=CUSTOMER, pwr_qty0015=METER)])),
        httpx2.Response(404, content=ECHO.encode(), headers={"Set-Cookie": f"k={METER}"}),
        httpx2.Response(429, content=ECHO.encode()),
        httpx2.Response(302, headers={"Location": f"https://elsewhere.example/?k={CUSTOMER}"}),
        httpx2.ConnectError(f"cannot reach {ECHO}".replace(METER, ""), request=REQUEST),
        httpx2.ReadTimeout(f"{KEY}", request=REQUEST),
    ],
    ids=lambda answer: repr(answer)[:40],
)
def test_no_error_shows_a_planted_value(
    kind: Kind, method: str, answer: httpx2.Response | Exception, log: io.StringIO
) -> None:
    with pytest.raises(GridwrightError) as caught:
        run(kind, answer, "https://sample.example", method)
    text = texts_of(caught.value)
    assert_clean(text)
    assert_clean(log.getvalue())
    assert "httpx2." not in text


@both
@pytest.mark.parametrize(
    "answer", [httpx2.ReadTimeout(METER), httpx2.Response(500, content=METER.encode())], ids=repr
)
def test_an_unknown_outcome_shows_no_planted_value(
    kind: Kind, answer: httpx2.Response | Exception, log: io.StringIO
) -> None:
    with pytest.raises(GridwrightError) as caught:
        run(kind, answer, "http://127.0.0.1:1", "apply_regular")
    assert_clean(texts_of(caught.value))
    assert_clean(log.getvalue())


def test_a_number_that_only_the_reply_holds_is_hidden_too() -> None:
    answer = httpx2.Response(200, content=json_body([{"errMsg": ECHO_OF_REPLY}]))
    with pytest.raises(GridwrightError) as caught:
        run("sync", answer, "https://sample.example", "get_day_load_profile")
    assert "00012345678901234567" not in texts_of(caught.value)
    assert getattr(caught.value, "text", None) == ECHO_OF_REPLY


def test_an_invalid_request_shows_no_planted_value() -> None:
    with (
        Client(service_key=KEY, base_url="https://sample.example") as client,
        pytest.raises(GridwrightError) as caught,
    ):
        client.get_day_load_profile(customer_number=CUSTOMER * 9, date=NAME)  # type: ignore[arg-type]
    assert_clean(texts_of(caught.value))


def test_the_key_is_not_among_the_variables_of_a_traceback() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=b"nothing")

    client = Client(service_key=KEY, transport=httpx2.MockTransport(handler))
    for customer in ("1", "too long a number"):
        with pytest.raises(GridwrightError) as caught:
            client.get_day_load_profile(customer_number=customer, date=date(2024, 10, 1))
        report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        shown = "".join(report.format())
        assert KEY not in shown
        assert quote(KEY, safe="") not in shown
    client.close()


def variables_of(error: BaseException) -> str:
    """Return what tools show of the variables of all frames but those of this file."""
    shown: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename != __file__:
            shown += map(repr, trace.tb_frame.f_locals.values())
        trace = trace.tb_next
    return "\n".join(shown)


@pytest.mark.parametrize("made", [Client, AsyncClient])
@pytest.mark.parametrize(
    "wrong",
    [{"timeout_seconds": -1}, {"base_url": "ftp://x"}, {"format": "yaml"}, {"no_such": 1}],
    ids=["value", "address", "word", "name"],
)
def test_a_client_that_cannot_be_made_leaves_its_key_in_no_variable(
    made: Any, wrong: dict[str, object]
) -> None:
    with pytest.raises((GridwrightError, TypeError)) as caught:
        made(service_key=KEY, **wrong)
    assert_clean(variables_of(caught.value))


class _Interrupted(httpx2.BaseTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt


class _Cancelled(httpx2.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise asyncio.CancelledError


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_is_interrupted_leaves_its_key_in_no_variable(kind: Kind) -> None:
    day = date(2024, 10, 1)

    async def run() -> None:
        async with AsyncClient(service_key=KEY, transport=_Cancelled()) as client:
            await client.get_day_load_profile(customer_number="1", date=day)

    with pytest.raises(BaseException) as caught:  # two kinds of it
        if kind == "async":
            asyncio.run(run())
        else:
            with Client(service_key=KEY, transport=_Interrupted()) as client:
                client.get_day_load_profile(customer_number="1", date=day)
    assert isinstance(caught.value, KeyboardInterrupt | asyncio.CancelledError)
    assert_clean(variables_of(caught.value))


@both
def test_a_reply_its_records_and_its_request_show_no_planted_value(
    kind: Kind, log: io.StringIO
) -> None:
    record = day_record(custNo=CUSTOMER, meterNo=METER, **{NAME: NAME[:0]})
    answer = httpx2.Response(
        200, content=json_body([record]), headers={"Set-Cookie": f"session={METER}"}
    )
    reply = run(kind, answer, "https://sample.example", "get_day_load_profile")
    [found] = reply.records
    assert (found.customer_number, found.meter_number) == (CUSTOMER, METER)
    shown = (
        reply,
        reply.records,
        found,
        reply.raw,
        str(reply),
        f"{found}",
        dict(found.__rich_repr__()),
    )
    without_names_of_unknown_fields = [
        problem for problem in reply.deviations if problem.rule != "unknown-field"
    ]
    assert_clean(f"{shown!r} {without_names_of_unknown_fields!r}")
    assert "customer_number=***" in repr(found)
    assert "energy_kwh_0015=Decimal('31.5')" in repr(found)
    assert repr(reply) == "Reply(1 records, HTTP 200)"
    assert_clean(log.getvalue())
    assert "HTTP Request: GET https://sample.example/OpenAPI/getDayLpData.do" in log.getvalue()


def test_a_missing_personal_value_is_shown_as_missing() -> None:
    record = day_record(custNo="")
    answer = httpx2.Response(200, content=json_body([record]))
    reply = run("sync", answer, "https://sample.example", "get_day_load_profile")
    assert "customer_number=None" in repr(reply.records[0])


def test_errors_survive_copying_and_pickling() -> None:
    answer = httpx2.Response(200, content=json_body([{"errMsg": "말씀", "returnCode": "77"}]))
    with pytest.raises(GridwrightError) as caught:
        run("sync", answer, "https://sample.example", "get_day_load_profile")
    for again in (copy.copy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert type(again) is type(caught.value)
        assert str(again) == str(caught.value)
        assert isinstance(again, RejectedError)
        assert (again.code, again.text) == ("77", "말씀")


@both
def test_the_logs_of_a_real_connection_show_no_planted_value(kind: Kind, log: io.StringIO) -> None:
    with _server(json_body([day_record(custNo=CUSTOMER)])) as address:
        reply = _over_the_network(kind, address)
    assert reply.records[0].customer_number == CUSTOMER
    text = log.getvalue()
    assert_clean(text)
    assert "connect_tcp.started host='127.0.0.1'" in text
    assert "receive_response_headers.complete" in text
    assert "HTTP Request: GET" in text


def _over_the_network(kind: Kind, address: str) -> Any:
    arguments: dict[str, Any] = {"customer_number": CUSTOMER, "date": date(2024, 10, 1)}
    if kind == "sync":
        with Client(service_key=KEY, base_url=address) as client:
            return client.get_day_load_profile(**arguments)

    async def call() -> Any:
        async with AsyncClient(service_key=KEY, base_url=address) as client:
            return await client.get_day_load_profile(**arguments)

    return asyncio.run(call())


@contextmanager
def _server(body: bytes) -> Iterator[str]:
    """Serve one reply on loopback; its headers repeat what the request said."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        connection, _peer = listener.accept()
        with connection:
            said = connection.recv(65536).split(b"\r\n", 1)[0]
            head = b"HTTP/1.1 200 OK\r\nX-Echo: " + said + b"\r\nSet-Cookie: k=" + METER.encode()
            length = str(len(body)).encode()
            connection.sendall(head + b"\r\nContent-Length: " + length + b"\r\n\r\n" + body)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join(5)
        listener.close()


def test_the_log_shows_the_phrase_of_the_standard_and_not_that_of_the_server(
    log: io.StringIO,
) -> None:
    answer = httpx2.Response(200, content=json_body([]), extensions={"reason_phrase": b""})

    def handler(request: httpx2.Request) -> httpx2.Response:
        said = {"reason_phrase": f"hello {NAME.encode().hex()} p".encode()}
        return httpx2.Response(200, content=answer.content, extensions=said)

    with Client(
        service_key=KEY,
        base_url="https://sample.example",
        transport=httpx2.MockTransport(handler),
    ) as client:
        client.get_day_load_profile(customer_number="1", date=date(2024, 10, 1))
    assert "hello" not in log.getvalue()
    assert '200 OK"' in log.getvalue()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            httpx2.ProxyError("407 no user joe:INVENTED"),
            "ProxyError: 407 Proxy Authentication Required",
        ),
        (httpx2.ProxyError("599 joe:INVENTED"), "ProxyError: 599"),
        (httpx2.ProxyError("joe:INVENTED"), "ProxyError"),
        (httpx2.ConnectError(f"cannot reach {KEY}"), "ConnectError: cannot reach ***"),
        (httpx2.ReadTimeout(""), "ReadTimeout"),
        (httpx2.ReadError("가\n" + "나" * 198), "ReadError: 가 " + "나" * 198),
        (httpx2.ReadError("가" * 201), "ReadError: " + "가" * 200 + "…"),
    ],
)
def test_what_a_proxy_says_is_not_passed_on(error: Exception, reason: str) -> None:
    assert transport_reason(error, (KEY,)) == reason


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (f"key {KEY}", ()),
        ("%s, customer %s", (KEY, CUSTOMER)),
        ("%(a)s%(b)s%(c)s%(d)s%(e)s", ({"a": KEY, "b": " ", "c": CUSTOMER, "d": "", "e": ""},)),
    ],
)
def test_whatever_the_transport_logs_about_a_request_is_masked(
    message: str, arguments: tuple[Any, ...], log: io.StringIO
) -> None:
    class Logging(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            logging.getLogger("httpx2").info(message, *arguments)
            logging.getLogger("httpcore2.proxy").info(message, *arguments)
            logging.getLogger("httpcore2.proxy").info("%s%s%s%s%s", KEY, " ", CUSTOMER, "", "")
            return httpx2.Response(200, content=json_body([]))

    with Client(service_key=KEY, transport=Logging()) as client:
        client.get_day_load_profile(customer_number=CUSTOMER, date=date(2024, 10, 1))
    assert_clean(log.getvalue())
    assert log.getvalue().count("***") >= 3


def test_each_logger_that_the_transport_has_is_filtered() -> None:
    install_log_filter()
    sources = [
        file.read_text(encoding="utf-8")
        for package in (httpx2, httpcore2)
        for file in Path(str(package.__file__)).parent.rglob("*.py")
    ]
    loggers = {name for text in sources for name in re.findall(r'getLogger\("([^"]+)"\)', text)}
    assert loggers >= {"httpx2", "httpcore2.connection", "httpcore2.proxy"}
    assert [name for name in loggers if not logging.getLogger(name).filters] == []


def test_other_users_of_the_transport_keep_their_logs(log: io.StringIO) -> None:
    run(
        "sync",
        httpx2.Response(200, content=json_body([])),
        "https://sample.example",
        "get_day_load_profile",
    )
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200))
    with httpx2.Client(transport=transport) as other:
        other.get("https://other.example/?q=visible")
    assert "https://other.example/?q=visible" in log.getvalue()


UUID = "61130f02-5655-4432-b7bf-8d1234567890"


@pytest.mark.parametrize(
    ("text", "values", "clean"),
    [
        ("a b", ("a",), "*** b"),
        ("ab abc", ("ab", "abc"), "*** ***"),
        ("x=%EA%B0%80%2Fb+c", ("가/b c", "가/b"), "x=***"),
        ("number 123456789 and 20241001", (), "number *** and 20241001"),
        ("nothing", ("",), "nothing"),
        ("no supplies of type p, p! p=p", ("p",), "no supplies of type ***, ***! ***=***"),
        ("user_p and p_2", ("p",), "user_*** and ***_2"),
        ("help pay p", ("p",), "help pay ***"),
        ("a\ud800b", ("a\ud800b",), "***"),
        ("HTTP 400: 40 of 1400", ("40",), "HTTP 400: *** of 1400"),
        ("홍길동님", ("홍길동",), "***님"),
        ("A홍길동B", ("홍길동",), "A***B"),
        ("a-7-b", ("-7-",), "a***b"),
        ("a+b, xa+by, a%2Bb", ("a+b",), "***, xa+by, ***"),
        ("key=xINVENTEDKEYx", ("INVENTEDKEY",), "key=x***x"),
        (f"{UUID} and 1234567890", (), f"{UUID} and ***"),
        (f"{UUID}", (UUID,), "***"),
        (f"1{UUID}", (), f"1{UUID[:-10]}***".replace("1234567890", "***")),
        ("1234567890-123", (), "***-123"),
        ("is not written as a number", ("a",), "is not written as a number"),
        ("key a, 'a', =a and a", ("a",), "key ***, '***', =*** and ***"),
        ("is not written as b number", ("b",), "is not written as *** number"),
    ],
)
def test_values_are_masked_as_a_whole_the_longest_first_and_ids_stay(
    text: str, values: tuple[str, ...], clean: str
) -> None:
    assert scrub(text, values) == clean


def test_only_what_others_wrote_is_searched_for_long_numbers() -> None:
    assert mask("more than 104857600 bytes of p", ("p",)) == "more than 104857600 bytes of ***"
    error = RejectedError(
        system="sample",
        operation="get_supplies",
        code="p",
        text=f"{UUID} of p and 1234567890",
        transaction_id=UUID.replace("-", ""),
        hide=("p", "get"),
    )
    said = f"{UUID} of *** and ***"
    assert str(error) == (
        f"sample.get_supplies: transaction {UUID.replace('-', '')}: ***: the provider says: {said}"
    )


def test_a_long_text_is_cut_and_made_one_line() -> None:
    assert printable("가" * 5, 5) == "가" * 5
    assert printable("가" * 6, 5) == "가" * 5 + "…"
    assert printable("a\nb", 5) == "a b"
    assert printable("a\nbcd", 5) == "a bcd"
    assert printable("a\nbcde", 5) == "a bcd…"


def test_a_value_within_another_leaves_nothing_of_it() -> None:
    assert mask("key INVENTED-secret", ["INVENTED", "INVENTED-secret"]) == "key ***"
    assert mask("key INVENTED-secret", ["INVENTED-secret", "INVENTED"]) == "key ***"
    assert mask("key INVENTED-secret", ["INVENTED-secret", "secret"]) == "key ***"


@pytest.mark.parametrize(
    "sent", ["a/b +é", "a/b%20%2B%C3%A9", "a%2Fb%20%2B%C3%A9", "a%2Fb+%2B%C3%A9", "a%2fb+%2b%c3%a9"]
)
def test_a_value_is_masked_in_each_way_that_an_address_may_spell_it(sent: str) -> None:
    assert mask(f"?key={sent}&more", ["a/b +é"]) == "?key=***&more"


@pytest.mark.parametrize("sent", ["aW52ZW50ZWQ/ZH4=", "aW52ZW50ZWQ/ZH4", "aW52ZW50ZWQ_ZH4"])
def test_a_value_is_masked_as_base64_too(sent: str) -> None:
    assert mask(f"Basic {sent}, it says", ["invented?d~"]) == "Basic ***, it says"


def test_a_short_value_has_no_base64_that_other_words_have() -> None:
    assert mask("cA== is a p", ["p"]) == "cA== is a ***"


def test_eight_characters_are_masked_within_a_word_and_seven_are_not() -> None:
    assert mask("xINVENTEDx", ["INVENTED"]) == "x***x"
    assert mask("xINVENTEx INVENTE", ["INVENTE"]) == "xINVENTEx ***"
    assert mask("a+key+b", ["+key+"]) == "a***b"


@pytest.mark.parametrize(
    ("value", "shown"), [("", "***"), ("12345", "***"), ("123456", "***56"), ("1234567", "***67")]
)
def test_of_a_personal_value_two_characters_are_shown_where_it_is_long_enough(
    value: str, shown: str
) -> None:
    assert masked(value) == shown
