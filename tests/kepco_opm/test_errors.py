"""What goes wrong between client and service, end to end: the typed error, and what it tells."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from gridwright_apis.kepco_opm.client import AsyncClient, Client
from gridwright_runtime.errors import (
    ConfigurationError,
    ConnectError,
    ConsentError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    ProviderError,
    RejectedError,
    RequestTimeoutError,
    TransportError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault

from .support import (
    CALLS,
    FORMATS,
    KINDS,
    LATE_CONSENT,
    NEVER,
    NOT_SUBSCRIBED,
    NOW,
    OPERATIONS,
    PATIENT,
    FakeClock,
    Kind,
    call,
    faults_of,
    make_app,
    raising,
    responding,
)

every_kind = pytest.mark.parametrize("kind", KINDS)
every_format = pytest.mark.parametrize("format", FORMATS)

CONSENT_SENTENCE = (
    "고객이 해당서비스에 정보제공 동의한 날짜부터 조회가 가능합니다. 정보제공동의일 : 20240315"
)


def day(at: Starlette | httpx2.MockTransport, kind: Kind = "sync", **more: Any) -> Any:
    return call(kind, at, "get_day_load_profile", **more)


def faulty(fault: Fault, times: int = 1) -> Starlette:
    app = make_app()
    faults_of(app).add(None, fault, times=times)
    return app


def failing_list(*items: Mapping[str, object]) -> httpx2.MockTransport:
    return responding(json.dumps({"dayLpDataInfoList": items}, ensure_ascii=False))


def failing_header(**header: str) -> httpx2.MockTransport:
    fields = "".join(f"<{name}>{text}</{name}>" for name, text in header.items())
    return responding(
        f"<PwrQtyDayListResponse><cmmMsgHeader>{fields}</cmmMsgHeader><dayLpDataInfoList/>"
        "</PwrQtyDayListResponse>"
    )


# Refusals of the mock, in the service's own form.


@pytest.mark.parametrize("name", list(CALLS))
@every_format
def test_a_key_that_is_not_known_is_refused_in_every_operation(name: str, format: Format) -> None:
    with pytest.raises(RejectedError) as caught:
        call("sync", make_app(), name, format=format, client={"service_key": "another-key"})
    error = caught.value
    assert (error.system, error.operation) == ("kepco_opm", name)
    assert (error.code, error.text) == ("mock-1002", "mock: serviceKey is not known")
    assert error.http_status == 200
    assert error.raw is not None


@every_kind
@every_format
def test_a_customer_whom_nobody_knows_is_an_error_with_the_providers_words(
    kind: Kind, format: Format
) -> None:
    with pytest.raises(RejectedError) as caught:
        day(make_app(), kind, format=format, customer_number="0199999999")
    assert (caught.value.code, caught.value.text) == ("mock-3001", "mock: no such customer")
    assert str(caught.value) == (
        "kepco_opm.get_day_load_profile: mock-3001: the provider says: mock: no such customer"
    )


@every_kind
@every_format
def test_a_day_before_the_consent_says_from_which_day_on_there_are_data(
    kind: Kind, format: Format
) -> None:
    app = make_app()
    with pytest.raises(ConsentError) as caught:
        day(app, kind, format=format, customer_number=LATE_CONSENT, date=date(2024, 3, 14))
    assert caught.value.consent_from == date(2024, 3, 15)
    assert caught.value.text == CONSENT_SENTENCE
    assert CONSENT_SENTENCE.rpartition(" : ")[0] in str(caught.value)
    first = day(
        app, kind, format=format, customer_number=LATE_CONSENT, date=caught.value.consent_from
    )
    assert len(first.records[0].readings()) == 96


@every_kind
@every_format
def test_a_customer_without_subscription_is_an_error_of_its_own(kind: Kind, format: Format) -> None:
    with pytest.raises(NotSubscribedError) as caught:
        day(make_app(), kind, format=format, customer_number=NOT_SUBSCRIBED)
    assert (caught.value.code, caught.value.gloss) == (
        "openapi-4001",
        "the service is not subscribed",
    )


@every_kind
@every_format
def test_a_day_to_come_has_no_data(kind: Kind, format: Format) -> None:
    with pytest.raises(NoDataError) as caught:
        day(make_app(), kind, format=format, date=date(2024, 10, 11))
    assert caught.value.code == "openapi-9001"


# Failures inside a body that HTTP calls a success (F1, F2, F3, F17).


@pytest.mark.parametrize(
    "items",
    [
        [{"errMsg": "등록되지 않은 키"}, {"returnCode": "openapi-1234"}],
        [{"returnCode": "openapi-1234"}, {"errMsg": "등록되지 않은 키"}],
        [{"errMsg": "등록되지 않은 키", "returnCode": "openapi-1234"}],
        [{"errMsg": "등록되지 않은 키"}, {"returnCode": "openapi-1234"}] * 2,
    ],
)
@every_kind
def test_a_failure_inside_the_list_is_never_data(kind: Kind, items: list[dict[str, str]]) -> None:
    with pytest.raises(RejectedError) as caught:
        day(failing_list(*items), kind)
    assert (caught.value.code, caught.value.text) == ("openapi-1234", "등록되지 않은 키")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("openapi-4001", NotSubscribedError),
        ("openapi-9001", NoDataError),
        ("openapi-0000", RejectedError),
    ],
)
@every_format
def test_the_code_decides_the_error_and_an_unknown_one_keeps_its_text(
    code: str, error: type[ProviderError], format: Format
) -> None:
    for refuse in (Fault.refused, Fault.duplicated_refusal):
        with pytest.raises(ProviderError) as caught:
            day(faulty(refuse(code, "가상의 사유")), format=format)
        assert type(caught.value) is error
        assert (caught.value.code, caught.value.text) == (code, "가상의 사유")


@pytest.mark.parametrize(
    "body",
    [
        '{"errMsg": "키가 만료되었습니다", "returnCode": "99"}',
        '{"cmmMsgHeader": {"errMsg": "키가 만료되었습니다", "returnCode": "99"}}',
        '[{"errMsg": "키가 만료되었습니다"}, {"returnCode": "99"}]',
        '{"dayLpDataInfoList": {"errMsg": "키가 만료되었습니다", "returnCode": "99"}}',
        '{"dayLpDataInfoList": [], "errMsg": "키가 만료되었습니다", "returnCode": "99"}',
        "<PwrQtyDayListResponse><errMsg>키가 만료되었습니다</errMsg><returnCode>99</returnCode>"
        "</PwrQtyDayListResponse>",
        "<PwrQtyDayListResponse><cmmMsgHeader><errMsg>키가 만료되었습니다</errMsg>"
        "<returnCode>99</returnCode></cmmMsgHeader></PwrQtyDayListResponse>",
    ],
)
@every_format
def test_an_expired_key_answered_with_http_200_is_an_error_wherever_it_stands(
    body: str, format: Format
) -> None:
    with pytest.raises(RejectedError) as caught:
        day(responding(body), format=format)
    assert (caught.value.code, caught.value.text) == ("99", "키가 만료되었습니다")


@pytest.mark.parametrize(
    "header",
    [
        {"errMsg": "거절", "returnCode": "99", "successYn": "N"},
        {"errMsg": "거절", "returnCode": "99", "successYn": "Y"},
        {"errMsg": "거절", "returnCode": "00", "successYn": "N"},
        {"errMsg": "거절", "returnCode": "00", "sucessYn": "N"},
        {"errMsg": "거절"},
    ],
)
def test_a_header_that_says_failure_in_any_field_is_an_error(header: dict[str, str]) -> None:
    with pytest.raises(RejectedError) as caught:
        day(failing_header(**header), format="xml")
    assert caught.value.text == "거절"


@pytest.mark.parametrize("day_text", ["20241301", "2024031", "unknown"])
def test_a_consent_sentence_without_a_day_is_a_consent_error_without_one(day_text: str) -> None:
    text = CONSENT_SENTENCE.replace("20240315", day_text)
    with pytest.raises(ConsentError) as caught:
        day(failing_list({"errMsg": text}, {"returnCode": "99"}))
    assert caught.value.consent_from is None
    assert caught.value.text == text


def test_a_list_without_records_is_no_error() -> None:
    assert day(responding('{"dayLpDataInfoList": []}')).records == []


# Bodies that are no data.


@every_kind
@every_format
def test_an_html_page_is_an_error_of_its_own(kind: Kind, format: Format) -> None:
    with pytest.raises(HtmlReplyError, match="an HTML page came instead of data") as caught:
        day(faulty(Fault.html()), kind, format=format)
    assert caught.value.status == 200
    assert caught.value.raw is not None
    assert b"maintenance" in caught.value.raw.body


@every_kind
@every_format
def test_half_a_body_is_an_error_and_never_fewer_records(kind: Kind, format: Format) -> None:
    with pytest.raises(UnexpectedReplyError, match="cut off"):
        call(kind, faulty(Fault.truncated()), "list_customers", format=format)


@pytest.mark.parametrize("name", list(CALLS))
def test_a_reply_without_its_list_is_an_error_in_every_operation(name: str) -> None:
    for body in ("{}", '{"another": []}', f"<{OPERATIONS[name].reply.root}/>"):
        with pytest.raises(UnexpectedReplyError, match=OPERATIONS[name].reply.payload[0]):
            call("sync", responding(body), name)


@pytest.mark.parametrize("body", ["", "   ", "null", "7", '"text"', "PK\x03\x04"])
@every_format
def test_a_body_that_is_nothing_is_an_error(body: str, format: Format) -> None:
    with pytest.raises(UnexpectedReplyError):
        day(responding(body), format=format)


def test_an_xml_bomb_is_refused_unread() -> None:
    bomb = (
        '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        "<PwrQtyDayListResponse><dayLpDataInfoList>&b;</dayLpDataInfoList></PwrQtyDayListResponse>"
    )
    with pytest.raises(UnexpectedReplyError, match="document type"):
        day(responding(bomb), format="xml")


# HTTP and the connection.


@every_kind
@every_format
def test_a_server_that_is_down_for_a_moment_is_asked_again(kind: Kind, format: Format) -> None:
    app, clock = faulty(Fault.status(503), times=2), FakeClock()
    reply = day(app, kind, format=format, client={"clock": clock, "retry": PATIENT})
    assert len(reply.records) == 1
    assert clock.slept == [0.5, 1.0]
    assert [entry.status for entry in app.state.mock.journal] == [503, 503, 200]


@every_kind
def test_a_server_that_stays_down_is_an_error_after_three_attempts(kind: Kind) -> None:
    app = faulty(Fault.status(503), times=5)
    with pytest.raises(HtmlReplyError) as caught:
        day(app, kind, client={"retry": PATIENT})
    assert caught.value.status == 503
    assert len(app.state.mock.journal) == 3


@every_kind
def test_a_status_of_failure_is_not_asked_again_where_that_is_no_use(kind: Kind) -> None:
    with pytest.raises(HttpStatusError) as caught:
        day(responding("no", status=400), kind, client={"retry": PATIENT})
    assert caught.value.status == 400
    app = faulty(Fault.status(500), times=2)
    with pytest.raises(UnexpectedReplyError):
        day(app, kind, client={"retry": PATIENT})
    assert len(app.state.mock.journal) == 1


@every_kind
@every_format
def test_too_many_requests_wait_as_long_as_the_server_asks(kind: Kind, format: Format) -> None:
    app, clock = faulty(Fault.too_many(retry_after=7)), FakeClock()
    day(app, kind, format=format, client={"clock": clock, "retry": PATIENT})
    assert clock.slept == [7.0]


@pytest.mark.parametrize("retry_after", [3600, "Thu, 10 Oct 2024 04:07:00 GMT"])
def test_too_many_requests_are_an_error_that_says_when_to_come_back(
    retry_after: int | str,
) -> None:
    with pytest.raises(LimitError) as caught:
        day(faulty(Fault.too_many(retry_after=retry_after)))
    assert caught.value.retry_at == NOW + timedelta(hours=1)
    assert caught.value.retry_at == datetime(2024, 10, 10, 4, 7, tzinfo=UTC)
    assert caught.value.http_status == 429


def test_an_error_body_counts_more_than_the_status_it_comes_with() -> None:
    body = json.dumps([{"errMsg": "거절"}, {"returnCode": "openapi-4001"}])
    with pytest.raises(NotSubscribedError) as caught:
        day(responding(body, status=400))
    assert caught.value.http_status == 400


@every_kind
@every_format
def test_a_connection_that_breaks_is_tried_again(kind: Kind, format: Format) -> None:
    app, clock = faulty(Fault.cut_off()), FakeClock()
    day(app, kind, format=format, client={"clock": clock, "retry": PATIENT})
    assert clock.slept == [0.5]
    with pytest.raises(TransportError):
        day(faulty(Fault.cut_off(), times=3), kind, format=format, client={"retry": PATIENT})


@every_kind
def test_a_reply_that_takes_too_long_is_a_timeout_and_not_asked_again(kind: Kind) -> None:
    app = faulty(Fault.slow(31), times=2)
    with pytest.raises(RequestTimeoutError) as caught:
        day(app, kind, timeout_seconds=30.0)
    assert caught.value.phase == "read"
    assert len(app.state.mock.journal) == 1
    assert len(day(app, kind, timeout_seconds=32.0).records) == 1


@every_kind
def test_a_server_that_cannot_be_reached_is_an_error_without_the_library_behind_it(
    kind: Kind,
) -> None:
    refused = raising(lambda request: httpx2.ConnectError("refused", request=request))
    with pytest.raises(ConnectError) as caught:
        day(refused, kind, client={"retry": PATIENT})
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_closed_client_calls_nobody() -> None:
    client = Client(service_key="invented", transport=NEVER)
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.list_customers()


def test_a_closed_async_client_calls_nobody() -> None:
    async def run() -> None:
        client = AsyncClient(service_key="invented", transport=NEVER)
        await client.aclose()
        with pytest.raises(ConfigurationError, match="closed"):
            await client.list_customers()

    asyncio.run(run())


def test_a_client_without_a_key_names_the_variable_that_may_hold_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="KEPCO_OPM_SERVICE_KEY"):
        Client(transport=NEVER)
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "invented")
    Client(transport=NEVER).close()
