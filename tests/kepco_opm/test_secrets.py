"""Planted keys and numbers are never found in logs, exceptions and reprs.

They are searched for in pieces, so that no quoting hides them. Two places show what they are
given, and are left out: the caller's own variables, and what a caller asks for by name, such as
``error.text``, ``error.raw.body`` and the fields of a record.
"""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gridwright_apis.kepco_opm import AsyncClient, Client, mock
from gridwright_runtime.errors import (
    GridwrightError,
    InvalidRequestError,
    ProviderError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.serve import running
from gridwright_runtime.reply import Reply
from gridwright_runtime.requests.build import prepare
from gridwright_runtime.requests.build_body import Sending
from gridwright_runtime.sources import Values

from . import support
from .support import FORMATS, KINDS, OPERATIONS, SEOUL, FakeClock, Kind, make_app, model_of, raising

KEY = "Zk9QwX7+나다라/SeCrEtKeY=Lm2v8%"
CUSTOMER = "QXJ7193HBT"
DIGITS = "7719264038"
HOUSEHOLD = "HH83QZK51907LMPWVX"
BUSINESS = "BZ40187TQW"
METER = "MT5519QWLZ0073XYVKJD"
NAME = "김비밀아무개"
PIECES = (
    *("Zk9QwX7", "나다라", "%EB%82%98", "SeCrEtKeY", "Lm2v8"),
    *(CUSTOMER, DIGITS, HOUSEHOLD, BUSINESS, METER, NAME),
)
DAY = date(2024, 10, 1)
CALLS: dict[str, dict[str, Any]] = {
    "get_day_load_profile": {"customer_number": CUSTOMER, "date": DAY},
    "get_quarter_hour_reading_dr": {
        "customer_number": DIGITS,
        "date_time": datetime(2024, 10, 1, 14, tzinfo=SEOUL),
    },
    "list_customers": {},
    "get_join_status": {"customer_number": CUSTOMER, "business_number": BUSINESS},
    "get_household_day_load_profile": {"household_number": HOUSEHOLD, "date": DAY},
}
every_kind = pytest.mark.parametrize("kind", KINDS)
every_call = pytest.mark.parametrize("name", list(CALLS))


class Everything(logging.Handler):
    """Keeps all that a log record could show to anybody."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.shown: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        seen = f"{record.getMessage()} {record.args!r} {record.exc_text} {vars(record)!r}"
        self.shown.append((record.name, seen))


@pytest.fixture
def logs() -> Iterator[Everything]:
    """All loggers at DEBUG, those of the transport and the server in particular."""
    handler = Everything()
    names = ("", "httpx2", "httpcore2", "uvicorn", "uvicorn.error", "uvicorn.access", "asyncio")
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


# A server that repeats what it was asked wherever it can.


def _asked(request: Request) -> str:
    return f"{request.url} {dict(request.query_params)} {request.url.query}"


def _values(request: Request) -> str:
    return "-".join(request.query_params.values())


def _as_list(request: Request) -> Response:
    items = [{"errMsg": f"not known: {_asked(request)}"}, {"returnCode": _values(request)}]
    lists = [operation.reply.payload[0] for operation in OPERATIONS.values()]
    body = {list_name: list(items) for list_name in lists}
    return Response(json.dumps(body, ensure_ascii=False))


def _as_xml(request: Request) -> Response:
    text = _asked(request).replace("&", "&amp;")
    return Response(
        f"<r><cmmMsgHeader><errMsg>{text}</errMsg><returnCode>{_values(request)}</returnCode>"
        "<successYn>N</successYn></cmmMsgHeader></r>",
        media_type="application/xml",
    )


def _as_page(request: Request) -> Response:
    return Response(f"<html><title>{_asked(request)}</title></html>", media_type="text/html")


def _as_headers(status: int) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        return Response(
            _asked(request),
            status_code=status,
            headers={
                "location": str(request.url),
                "set-cookie": f"asked={request.url.query}",
                "x-asked": f"{CUSTOMER} {METER} {request.url.query}",
                "retry-after": "1",
            },
        )

    return answer


def _as_half_a_body(request: Request) -> Response:
    return Response(f'{{"dayLpDataInfoList": [{{"custNo": "{CUSTOMER}", "meterNo": "{METER}')


def _as_unreadable_values(request: Request) -> Response:
    record = {"custNo": CUSTOMER * 2, "meterNo": METER, "mr_ymd": CUSTOMER, "custNm": NAME}
    record |= {"pwr_qty0015": METER, "pwr_qty": METER, "ikw": DIGITS + "x", "cntrNo": HOUSEHOLD}
    lists = [operation.reply.payload[0] for operation in OPERATIONS.values()]
    items = [{**record, "joinYn": [CUSTOMER]}]
    body = {list_name: list(items) for list_name in lists}
    return Response(json.dumps(body, ensure_ascii=False))


ECHOES: dict[str, Callable[[Request], Response]] = {
    "list": _as_list,
    "xml": _as_xml,
    "page": _as_page,
    "redirect": _as_headers(302),
    "refusal": _as_headers(400),
    "limit": _as_headers(429),
    "down": _as_headers(503),
    "half": _as_half_a_body,
    "unreadable": _as_unreadable_values,
}


@pytest.fixture(scope="module")
def echoing() -> Iterator[str]:
    routes = [Route(f"/{name}/{{path:path}}", answer) for name, answer in ECHOES.items()]
    with running(Starlette(routes=routes)) as address:
        yield address


def ask(kind: Kind, name: str, *, key: str = KEY, **options: Any) -> Reply[Any]:
    """Make one call on a fresh client with planted values; arguments may be put over them."""
    arguments = {**CALLS[name], **options.pop("arguments", {})}
    options = {"service_key": key, "clock": FakeClock(), **options}
    if kind == "sync":
        with Client(**options) as client:
            found: Reply[Any] = getattr(client, name)(**arguments)
            assert_hidden(repr(client), repr(vars(client)))
            return found

    async def run() -> Reply[Any]:
        async with AsyncClient(**options) as other:
            got: Reply[Any] = await getattr(other, name)(**arguments)
            assert_hidden(repr(other), repr(vars(other)))
            return got

    return asyncio.run(run())


def error_of(kind: Kind, name: str, **options: Any) -> GridwrightError:
    with pytest.raises(GridwrightError) as caught:
        ask(kind, name, **options)
    return caught.value


def assert_hidden(*texts: str) -> None:
    for text in texts:
        for piece in PIECES:
            assert piece not in text


def assert_hides(error: GridwrightError) -> None:
    """Look at all that a program or a person prints of an exception."""
    chain: list[BaseException] = [error]
    while (last := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(last)
    for one in chain:
        assert_hidden(str(one), repr(one), *map(str, one.args))
    assert_hidden("".join(traceback.format_exception(error)))
    assert_hidden(repr(getattr(error, "raw", None)))
    for problem in getattr(error, "problems", ()):
        assert_hidden(str(problem), repr(problem))
    assert_key_is_in_no_frame_of_ours(error)


def assert_key_is_in_no_frame_of_ours(error: GridwrightError) -> None:
    """Look at the variables that tools such as crash reporters collect.

    Frames of ours do show numbers of customers there: they are arguments of the client's methods,
    which no code of ours can hide. The key is another matter: it is none, and only shows where
    the provider has repeated it, in what `read_reply` has just read.
    """
    told = traceback.TracebackException(
        type(error), error, error.__traceback__, capture_locals=True
    )
    frames = [frame for frame in told.stack if "/gridwright_" in frame.filename]
    assert frames
    for frame in frames:
        for variable, shown in (frame.locals or {}).items():
            if (frame.name, variable) == ("read_reply", "content"):
                continue
            for piece in PIECES[:5]:
                assert piece not in shown, (frame.name, variable)


@pytest.mark.parametrize("echo", list(ECHOES))
@every_call
@every_kind
def test_a_server_that_repeats_the_request_makes_nobody_show_it(
    kind: Kind, name: str, echo: str, echoing: str, logs: Everything
) -> None:
    error = error_of(kind, name, base_url=f"{echoing}/{echo}")
    assert isinstance(error, ProviderError | UnexpectedReplyError)
    assert_hides(error)
    assert_hidden(*(shown for _name, shown in logs.shown))
    assert {"httpx2", "httpcore2.http11"} <= {name for name, _shown in logs.shown}


@every_call
@pytest.mark.parametrize("echo", ["list", "xml"])
def test_the_providers_words_are_kept_whole_for_those_who_ask(
    name: str, echo: str, echoing: str
) -> None:
    error = error_of("sync", name, base_url=f"{echoing}/{echo}")
    assert isinstance(error, ProviderError)
    assert error.text is not None
    assert "serviceKey" in error.text
    assert all(str(value) in error.text for value in CALLS[name].values() if type(value) is str)
    assert "***" in str(error)


FAILURES: list[Callable[[httpx2.Request], Exception]] = [
    lambda request: httpx2.ConnectError(f"cannot reach {request.url}", request=request),
    lambda request: httpx2.ConnectTimeout(f"{request.url!r} took too long", request=request),
    lambda request: httpx2.ReadTimeout(f"{request.url}", request=request),
    lambda request: httpx2.WriteError(f"{request.url.query!r}", request=request),
    lambda request: httpx2.PoolTimeout(f"{request.url.params}", request=request),
    lambda request: httpx2.RemoteProtocolError(f"{request.headers} {request.url}", request=request),
    lambda request: httpx2.ProxyError(f"407 for {request.url}", request=request),
    lambda request: httpx2.UnsupportedProtocol(f"{request.url}", request=request),
    lambda request: httpx2.InvalidURL(f"{request.url}"),
    lambda request: httpx2.DecodingError(f"{request.url}", request=request),
]


@pytest.mark.parametrize("failure", range(len(FAILURES)))
@every_call
@every_kind
def test_an_exception_of_the_transport_leaves_nothing_behind(
    kind: Kind, name: str, failure: int, logs: Everything
) -> None:
    error = error_of(kind, name, transport=raising(FAILURES[failure]))
    assert error.__cause__ is None
    assert error.__context__ is None
    assert_hides(error)
    assert_hidden(*(shown for _name, shown in logs.shown))


@every_kind
def test_a_server_that_is_not_there_is_reported_without_the_request(
    kind: Kind, logs: Everything
) -> None:
    with running(make_app()) as address:
        pass
    error = error_of(kind, "get_join_status", base_url=address)
    assert isinstance(error, TransportError)
    assert_hides(error)
    assert_hidden(*(shown for _name, shown in logs.shown))


@every_kind
@pytest.mark.parametrize("format", FORMATS)
def test_a_mock_on_loopback_logs_and_keeps_nothing_of_a_request(
    kind: Kind, format: Format, logs: Everything
) -> None:
    app = mock.application(clock=FakeClock(), service_key=KEY)
    with running(app) as address:
        for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        for name in CALLS:
            if name in ("list_customers", "get_join_status"):
                ask(kind, name, base_url=address, format=format)
            else:
                assert_hides(error_of(kind, name, base_url=address, format=format))
        assert_hides(error_of(kind, "list_customers", base_url=address, key=f"{KEY}?"))
    assert_hidden(*(shown for _name, shown in logs.shown))
    assert len(app.state.mock.journal) == len(CALLS) + 1
    assert_hidden(*(repr(entry) for entry in app.state.mock.journal))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get_day_load_profile", {"customer_number": CUSTOMER * 2, "date": METER}),
        ("get_join_status", {"customer_number": f"{CUSTOMER}\n", "business_number": NAME * 9}),
        ("get_household_day_load_profile", {"household_number": f"{HOUSEHOLD}0", "date": [METER]}),
        ("get_day_load_profile", {"customer_number": [CUSTOMER], "date": DAY}),
    ],
)
@every_kind
def test_a_request_that_is_refused_before_it_is_sent_shows_none_of_it(
    kind: Kind, name: str, arguments: dict[str, Any], logs: Everything
) -> None:
    error = error_of(kind, name, arguments=arguments, key=KEY * 20)
    assert isinstance(error, InvalidRequestError)
    assert len(error.problems) > 1
    assert_hides(error)
    assert_hidden(*(shown for _name, shown in logs.shown))


@every_call
def test_a_request_shows_nothing_of_itself(name: str) -> None:
    draft = prepare(
        OPERATIONS[name],
        OPERATIONS[name].request.model(**CALLS[name]),
        Values(credentials={"service_key": KEY}, format="json"),
        Sending("https://opm.kepco.co.kr:11080"),
    )
    request = draft.request(results={}, now=support.NOW)
    assert_hidden(repr(request), str(request), f"{request}")
    assert KEY in request.sensitive


def _personal_reply(name: str, format: Format) -> httpx2.MockTransport:
    values = {"custNo": CUSTOMER, "cntrNo": HOUSEHOLD, "meterNo": METER, "metrNo": METER}
    values |= {"meter": METER, "custNm": NAME}
    operation = OPERATIONS[name]
    fields = {
        field.encode_name: values.get(field.encode_name, "")
        for field in msgspec.structs.fields(model_of(operation))
    }
    if format == "json":
        body = json.dumps({operation.reply.payload[0]: [fields]}, ensure_ascii=False)
    else:
        elements = "".join(f"<{wire}>{value}</{wire}>" for wire, value in fields.items())
        item, listed = operation.reply.item, operation.reply.payload[0]
        root = operation.reply.root
        header = "<cmmMsgHeader><errMsg/><responseTime/><returnCode>00</returnCode>"
        header += "<successYn>Y</successYn></cmmMsgHeader>"
        body = f"<{root}>{header}<{listed}><{item}>{elements}</{item}></{listed}></{root}>"
    headers = {"x-customer": CUSTOMER, "set-cookie": f"meter={METER}"}
    return httpx2.MockTransport(
        lambda request: httpx2.Response(200, content=body.encode(), headers=headers)
    )


@pytest.mark.parametrize("name", list(OPERATIONS))
@pytest.mark.parametrize("format", FORMATS)
def test_records_and_replies_can_be_logged(name: str, format: Format, logs: Everything) -> None:
    with Client(service_key=KEY, transport=_personal_reply(name, format), format=format) as client:
        reply = getattr(client, name)(**support.CALLS[name])
    [record] = reply.records
    assert_hidden(repr(reply), repr(reply.raw), repr(record), str(record), f"{reply.records}")
    assert_hidden(repr(list(record.__rich_repr__())), *map(repr, reply.deviations))
    for personal in record.__personal__:
        assert f"{personal}=***" in repr(record)
        assert getattr(record, personal) in (CUSTOMER, HOUSEHOLD, METER, NAME)
    assert_hidden(*(shown for _name, shown in logs.shown))


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_every_number_and_name_of_somebody_is_marked_as_personal(name: str) -> None:
    marks = {"customer_number", "household_number", "meter_number", "customer_name"}
    model = model_of(OPERATIONS[name])
    assert model.__personal__ == marks & set(model.__struct_fields__)
    asked = OPERATIONS[name].request.model
    assert asked.__personal__ == (marks | {"business_number"}) & set(asked.__struct_fields__)
