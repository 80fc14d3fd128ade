import json
import logging
import pickle
import traceback
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    InvalidRequestError,
    LimitError,
    OutcomeUnknownError,
    RejectedError,
    RequestTimeoutError,
    SystemFailureError,
    TransportError,
    UnexpectedReplyError,
)

from . import sample
from .support import (
    FORMATS,
    IDENTITY,
    KINDS,
    OK,
    PASSWORD,
    POINT,
    USER,
    Kind,
    Service,
    caller,
    request,
    rows,
)

pytestmark = pytest.mark.parametrize("kind", KINDS)
SECURITY = {
    "resultCode": "9",
    "resultDescription": "ticket ST-1-secret",
    "resultType": "SECURITYERROR",
}
SAVED = {
    **OK,
    "body": {"indexes": [{"indexId": 7, "status": "ACTIVE", "state": "Kaydedildi."}]},
}


@pytest.mark.parametrize("format", FORMATS)
def test_a_call_logs_in_gets_a_ticket_and_sends_the_body(kind: Kind, format: Any) -> None:
    client = caller(kind, SAVED, format=format, application="ofis")
    result = client.save_indexes(indexes=[request(first_t0=Decimal("9999999999.999"))])
    assert result.body.indexes[0].state == "Kaydedildi."
    assert (result.code, result.description, result.transaction_id) == ("0", "OK", IDENTITY)
    assert result.deviations == ()
    [seen] = client.service.seen
    assert str(seen.url) == "https://api.sample.example/rest/index/save"
    assert seen.headers["sample-ticket"] == "ST-1-secret"
    assert seen.headers["accept"] == f"application/{format}"
    assert seen.headers["content-type"] == f"application/{format}; charset=UTF-8"
    assert seen.headers["accept-language"] == "tr-tr"
    assert b"9999999999.999" in seen.content
    assert IDENTITY.encode() in seen.content


def test_the_header_of_a_body_holds_the_pairs_that_have_a_value(kind: Kind) -> None:
    client = caller(kind, application="ofis", client_ip="127.0.0.1")
    client.cancel_indexes(index_ids=[1], transaction_id="mine")
    assert client.service.trees()[0]["header"] == [
        {"key": "transactionId", "value": "mine"},
        {"key": "application", "value": "ofis"},
        {"key": "clientIp", "value": "127.0.0.1"},
    ]


def test_a_transaction_id_is_made_for_every_call(kind: Kind) -> None:
    client = caller(kind, new_id=None)
    first = client.cancel_indexes(index_ids=[1]).transaction_id
    assert len(first) == 36 and first != client.cancel_indexes(index_ids=[1]).transaction_id


@pytest.mark.parametrize("value", ["", " ", "a\nb", 7])
def test_a_strange_transaction_id_is_refused(kind: Kind, value: Any) -> None:
    client = caller(kind)
    with pytest.raises(InvalidRequestError, match="transaction_id"):
        client.cancel_indexes(index_ids=[1], transaction_id=value)


def test_all_problems_are_reported_and_nothing_is_sent(kind: Kind) -> None:
    client = caller(kind)
    bad = [
        request(),
        request(period=None, power_type="DEMAND", factor="1"),
        request(reason="OTHER", power_type="WIND"),
    ]
    with pytest.raises(InvalidRequestError) as caught:
        client.save_indexes(indexes=bad)
    assert [f"{p.path} {p.rule}" for p in caught.value.problems] == [
        "body.indexes[1].period required",
        "body.indexes[1].factor wrong-type",
        "body.indexes[2].power_type not-a-code",
        "body.indexes[2].description required",
        "body.indexes[1].power_type forbidden",
    ]
    assert "açıklama, description" in str(caught.value)
    assert client.service.seen == client.service.cas == []


def test_a_payload_of_another_kind_is_refused(kind: Kind) -> None:
    with pytest.raises(InvalidRequestError, match="must be a record, not str"):
        caller(kind).save_indexes(indexes=["x"])


@pytest.mark.parametrize(
    ("result_type", "error"),
    [
        ("BUSINESSERROR", RejectedError),
        ("SYSTEMERROR", SystemFailureError),
        ("SOMETHINGELSE", RejectedError),
    ],
)
@pytest.mark.parametrize("format", FORMATS)
def test_failures_by_result_type(
    kind: Kind, format: Any, result_type: str, error: type[Exception]
) -> None:
    tree = {"resultCode": "E7", "resultDescription": "kural bozuldu", "resultType": result_type}
    client = caller(kind, tree, format=format)
    with pytest.raises(error) as caught:
        client.save_indexes(indexes=[request()])
    assert isinstance(caught.value, RejectedError | SystemFailureError)
    assert (caught.value.code, caught.value.text) == ("E7", "kural bozuldu")
    assert (caught.value.transaction_id, caught.value.http_status) == (IDENTITY, 200)
    assert type(caught.value) is error
    assert len(client.service.seen) == 1


def test_a_refused_ticket_is_renewed_once(kind: Kind) -> None:
    client = caller(kind, SECURITY, SAVED)
    client.save_indexes(indexes=[request()])
    first, second = client.service.seen
    assert (client.service.logins, client.service.tickets) == (1, 2)
    assert first.content == second.content
    assert second.headers["sample-ticket"] == "ST-2-secret"


@pytest.mark.parametrize("status", [401, 403])
def test_a_ticket_refused_by_status_ends_in_one_new_login(kind: Kind, status: int) -> None:
    client = caller(kind, *[httpx2.Response(status, text="<html>no</html>")] * 5)
    with pytest.raises(AuthenticationError) as caught:
        client.save_indexes(indexes=[request()])
    assert caught.value.transaction_id == IDENTITY
    assert (client.service.logins, len(client.service.seen)) == (2, 3)


@pytest.mark.parametrize("format", FORMATS)
def test_a_refusal_that_stays_is_raised_without_the_ticket(kind: Kind, format: Any) -> None:
    client = caller(kind, *[SECURITY] * 5, format=format)
    with pytest.raises(AuthenticationError) as caught:
        client.search_indexes(criterias=sample.Criterias())
    assert "ST-1" not in str(caught.value)
    assert caught.value.code == "9"


def test_a_wrong_password_is_not_tried_again(kind: Kind) -> None:
    client = caller(kind, password="INVENTED-wrong")
    with pytest.raises(AuthenticationError) as caught:
        client.search_indexes(criterias=sample.Criterias())
    assert len(client.service.cas) == 1
    assert caught.value.transaction_id == IDENTITY
    assert USER not in str(caught.value) and "INVENTED-wrong" not in str(caught.value)


BROKEN: list[Any] = [
    httpx2.ReadError("lost"),
    httpx2.RemoteProtocolError("lost"),
    httpx2.ReadTimeout("slow"),
    httpx2.WriteError("lost"),
    httpx2.WriteTimeout("slow"),
    httpx2.Response(500, text="oops"),
    httpx2.Response(502, text="<html>bad gateway</html>"),
    httpx2.Response(503),
    httpx2.Response(200, text="<html>login</html>"),
    httpx2.Response(200, text='{"resultCode": "0", "resultT'),
    httpx2.Response(200, text="<indexSaveResponse><resultCode>0</resultCode>"),
    httpx2.Response(200, text=""),
    httpx2.Response(200, text="{}"),
    httpx2.Response(200, json={**OK, "body": {"indexes": [{"indexId": "x"}]}}),
]


@pytest.mark.parametrize("answer", BROKEN, ids=[repr(answer)[:60] for answer in BROKEN])
def test_a_write_is_never_sent_twice(kind: Kind, answer: Any) -> None:
    client = caller(kind, answer)
    with pytest.raises(OutcomeUnknownError) as caught:
        client.save_indexes(indexes=[request()], transaction_id="mine")
    assert len(client.service.seen) == 1
    assert caught.value.transaction_id == "mine"
    assert "(transaction mine)" in str(caught.value)
    assert client.clock.slept == []


def test_a_write_that_could_not_leave_is_known_not_to_have_happened(kind: Kind) -> None:
    client = caller(kind, httpx2.ConnectError("refused"))
    with pytest.raises(ConnectError) as caught:
        client.save_indexes(indexes=[request()])
    assert caught.value.transaction_id == IDENTITY
    assert len(client.service.seen) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(404, HttpStatusError), (429, LimitError), (302, HttpStatusError)]
)
def test_a_write_that_was_answered_is_no_unknown_outcome(
    kind: Kind, status: int, error: type[Exception]
) -> None:
    client = caller(kind, httpx2.Response(status, text="no"))
    with pytest.raises(error):
        client.save_indexes(indexes=[request()])
    assert len(client.service.seen) == 1


def test_a_write_without_a_ticket_is_known_not_to_have_happened(kind: Kind) -> None:
    client = caller(kind)
    client.service.cas_answers = [httpx2.ReadError("lost")] * 3
    with pytest.raises(TransportError) as caught:
        client.save_indexes(indexes=[request()])
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert client.service.seen == []
    assert caught.value.transaction_id == IDENTITY


@pytest.mark.parametrize("answer", [503, httpx2.ConnectError("refused"), httpx2.ReadError("lost")])
@pytest.mark.parametrize("at", ["login", "ticket"])
def test_a_write_waits_for_the_ticket_server_and_is_sent_once(
    kind: Kind, answer: Any, at: str
) -> None:
    client = caller(kind, {**OK, "body": {"indexes": [{"indexId": 1}]}})
    login = httpx2.Response(201, text="TGT-1-secret")
    failed = httpx2.Response(answer) if isinstance(answer, int) else answer
    client.service.cas_answers = [failed] if at == "login" else [login, failed]
    saved = client.save_indexes(indexes=[request()], transaction_id="mine")
    assert saved.body.indexes[0].index_id == 1
    assert len(client.service.seen) == 1
    assert client.clock.slept == [0.25]


def test_a_write_that_had_to_wait_for_its_ticket_is_still_sent_once(kind: Kind) -> None:
    client = caller(kind, httpx2.Response(503))
    client.service.cas_answers = [httpx2.Response(503)]
    with pytest.raises(OutcomeUnknownError):
        client.save_indexes(indexes=[request()])
    assert len(client.service.seen) == 1


def test_a_read_is_repeated_with_a_new_ticket(kind: Kind) -> None:
    client = caller(kind, httpx2.ReadError("lost"), httpx2.Response(503), rows([1]))
    result = client.search_indexes(criterias=sample.Criterias())
    assert result.body.indexes[0].index_id == 1
    tickets = [seen.headers["sample-ticket"] for seen in client.service.seen]
    assert tickets == ["ST-1-secret", "ST-2-secret", "ST-3-secret"]
    assert client.service.logins == 1
    assert client.clock.slept == [0.25, 0.5]


def test_a_read_waits_for_the_ticket_server(kind: Kind) -> None:
    client = caller(kind, rows([1]))
    client.service.cas_answers = [httpx2.Response(503)]
    client.search_indexes(criterias=sample.Criterias())
    assert client.clock.slept == [0.25]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.Response(200, text="<html>login</html>"), HtmlReplyError),
        (httpx2.Response(200, text=""), UnexpectedReplyError),
        (httpx2.ReadTimeout("slow"), RequestTimeoutError),
    ],
)
def test_a_read_that_cannot_be_read(kind: Kind, answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        caller(kind, answer).search_indexes(criterias=sample.Criterias())
    assert isinstance(caught.value, GridwrightError)
    assert caught.value.transaction_id == IDENTITY


def test_secrets_are_nowhere(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    quoted = f"{USER} {PASSWORD} ST-1-secret TGT-1-secret {POINT}"
    answers = [
        httpx2.Response(401, text=quoted),
        {"resultCode": "1", "resultDescription": quoted, "resultType": "BUSINESSERROR"},
        httpx2.Response(500, text=quoted),
        httpx2.ReadError(quoted),
    ]
    texts = []
    for answer in answers:
        client = caller(kind, answer, answers[0], answers[0])
        with pytest.raises(GridwrightError) as caught:
            client.save_indexes(indexes=[request()])
        texts += [str(caught.value), repr(caught.value)]
        texts += traceback.format_exception(caught.value)
        pickle.loads(pickle.dumps(caught.value))
    result = caller(kind).save_indexes(indexes=[request()])
    texts += [repr(result), repr(result.body), repr(result.raw), caplog.text]
    for text in texts:
        assert not [secret for secret in client.service.secrets if secret in text]
        assert str(POINT) not in text


def test_results_can_be_pickled_and_compared(kind: Kind) -> None:
    result = caller(kind, SAVED).save_indexes(indexes=[request()])
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.transaction_id == IDENTITY
    assert again.deviations == ()


def test_environments_have_their_own_addresses(kind: Kind) -> None:
    client = caller(kind, environment="test")
    client.cancel_indexes(index_ids=[1])
    assert client.service.seen[0].url.host == "testapi.sample.example"
    assert {seen.url.host for seen in client.service.cas} == {"testcas.sample.example"}
    assert b"testapi.sample.example" in client.service.cas[1].content


def test_addresses_can_be_given(kind: Kind) -> None:
    client = caller(
        kind, base_url="http://127.0.0.1:1/rest/", ticket_url="http://cas.invented.example:2"
    )
    client.cancel_indexes(index_ids=[1])
    assert str(client.service.seen[0].url) == "http://127.0.0.1:1/rest/index/cancel"
    assert client.service.cas[0].url.netloc == b"cas.invented.example:2"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"environment": "staging"}, "environment must be one of production, test"),
        ({"ticket_url": "ftp://x"}, "ticket_url is no http"),
        ({"application": "a\nb"}, "application is no text on one line"),
        ({"language": "tr\n"}, "language is no text"),
        ({"username": ""}, "no username"),
        ({"base_url": "https://x.example", "transport": None}, "must be given together"),
        ({"ticket_url": "https://x.example", "transport": None}, "must be given together"),
        (
            {
                "base_url": "https://x.example",
                "ticket_url": "http://x.example",
                "transport": None,
            },
            "ticket_url must be https",
        ),
        ({"format": "csv"}, "format must be json or xml"),
    ],
)
def test_a_client_that_is_set_up_wrongly(kind: Kind, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        caller(kind, **options).cancel_indexes(index_ids=[1])


def test_a_strict_client_refuses_deviations(kind: Kind) -> None:
    tree = {**OK, "body": {"indexes": [{"indexId": 1, "powerType": "WIND", "more": 1}]}}
    result = caller(kind, tree).search_indexes(criterias=sample.Criterias())
    assert [f"{d.path} {d.rule}" for d in result.deviations] == [
        "body.indexes[0].power_type not-a-code",
        "body.indexes[0].more unknown-field",
    ]
    with pytest.raises(UnexpectedReplyError, match="departs") as caught:
        caller(kind, tree, strict=True).save_indexes(indexes=[request()])
    assert caught.value.transaction_id == IDENTITY


def test_reconciliation_finds_what_was_accepted(kind: Kind) -> None:
    sent = [request(first_t0=Decimal(number)) for number in (1, 2, 3)]
    sent.append(request(metering_point_id=50012345))

    def answer(path: str, tree: Any) -> object:
        point = tree["body"]["criterias"]["meteringPointId"]
        body: list[dict[str, Any]] = [
            {"indexId": number, "meteringPointId": point, "period": "2016-10-01", **more}
            for number, more in enumerate(
                (
                    {"firstT0": 1.0, "status": "ACTIVE", "powerType": "ACTIVE"},
                    {"firstT0": 2, "status": "PASSIVE", "powerType": "ACTIVE"},
                    {"firstT0": 3, "powerType": "INDUCTIVE"},
                )
            )
        ]
        if point != POINT:
            body = []
        return {**OK, "body": {"indexes": body, "queryInformation": {"count": len(body)}}}

    client = caller(kind)
    client.service.answer = answer
    found = client.find_saved_indexes(sent)
    assert [one.sent for one in found] == sent
    assert [[row.index_id for row in one.stored] for one in found] == [[0], [], [], []]
    assert [one.is_stored for one in found] == [True, False, False, False]
    assert len(client.service.seen) == 2


def test_a_closed_client_makes_no_calls(kind: Kind) -> None:
    client = sample.Client(username=USER, password=PASSWORD, transport=Service().transport)
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.cancel_indexes(index_ids=[1])
    assert json.dumps(repr(client)) == '"<Client of sample at https://api.sample.example/rest>"'
