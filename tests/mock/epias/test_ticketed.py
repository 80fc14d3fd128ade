"""The EPIAS mock over HTTP: tickets, forms of messages, refusals, faults and the journal."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from gridwright_runtime.mock.faults import Fault, security_error, system_error

from .support import (
    ACCRUAL,
    FORMATS,
    FREE_POINT,
    INDEX,
    PRODUCTION,
    TEST,
    TRANSACTION,
    Caller,
    Format,
    clock_of,
    make_app,
    mock_of,
    pairs,
    play,
    texts,
    to_json,
    to_xml,
)

SAVE, SEARCH, FIND, CANCEL = (
    f"/index-metering/{verb}" for verb in ("save", "search", "find", "cancel")
)
NOTHING: dict[str, Any] = {"indexIds": [1]}
formats = pytest.mark.parametrize("format", FORMATS)


def test_a_save_in_json_answers_as_the_document_shows() -> None:
    reply = Caller(make_app()).post(SAVE, {"indexes": [INDEX]})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json;charset=UTF-8"
    tree = reply.json()
    assert list(tree) == ["resultCode", "resultDescription", "resultType", "body"]
    assert [tree[name] for name in list(tree)[:3]] == ["0", "OK", "SUCCESS"]
    (row,) = tree["body"]["indexes"]
    assert row["firstT0"] is None
    assert row["state"] == "Kaydedildi."
    assert row["recordDate"] == "2024-06-15T12:00:00.000+0300"
    assert '"lastT1":9999999999.999' in reply.text


def test_an_instant_is_stored_to_the_millisecond() -> None:
    fine = INDEX | {"firstMeasureDate": "2024-05-01T00:00:00.123456789Z"}
    [row] = Caller(make_app()).save(fine)
    assert row["firstMeasureDate"] == "2024-05-01T03:00:00.123+0300"


def test_a_save_in_xml_answers_as_the_document_shows() -> None:
    reply = Caller(make_app()).post(
        SAVE, {"indexes": [INDEX]}, format="xml", root="indexMeteringSaveRequest"
    )
    assert reply.headers["content-type"] == "application/xml;charset=UTF-8"
    assert reply.text.startswith(
        '<?xml version="1.0" encoding="UTF-8"?><indexMeteringSaveResponse>'
        "<resultCode>0</resultCode><resultDescription>OK</resultDescription>"
        "<resultType>SUCCESS</resultType><body><indexes>"
    )
    assert "<firstT0/>" in reply.text
    assert texts(reply.content, "body/indexes/lastT1") == ["9999999999.999"]
    assert texts(reply.content, "body/indexes/status") == ["ACTIVE"]


def test_request_and_reply_may_be_in_different_forms() -> None:
    caller = Caller(make_app())
    reply = caller.post(SAVE, {"indexes": [INDEX]}, accept="application/xml")
    assert texts(reply.content, "body/indexes/state") == ["Kaydedildi."]
    reply = caller.post(
        FIND, NOTHING, format="xml", root="indexMeteringFindRequest", accept="application/json"
    )
    assert reply.json()["body"] == {"indexes": []}


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, application/xml", "application/xml"),
        ("application/json;q=0.5, application/xml", "application/xml"),
        ("application/xml;q=0, application/*;q=0.1", "application/json"),
    ],
)
def test_the_reply_has_the_best_form_accepted(accept: str, content_type: str) -> None:
    app = make_app()
    caller = Caller(app)
    caller.http.headers.pop("accept", None)
    reply = caller.post(FIND, NOTHING, accept=accept)
    assert reply.headers["content-type"].startswith(content_type)


def test_dates_may_be_bare_and_numbers_texts() -> None:
    saved = {**INDEX, "period": "2024-05-01", "meteringPointId": str(FREE_POINT), "factor": "1"}
    (row,) = Caller(make_app()).save(saved)
    assert row["period"] == "2024-05-01T00:00:00.000+0300"
    assert row["meteringPointId"] == FREE_POINT


def test_save_search_find_and_cancel_are_about_the_same_records() -> None:
    caller = Caller(make_app())
    (saved,) = caller.save(INDEX)
    criteria = {"meteringPointId": FREE_POINT}
    found = caller.ask(SEARCH, {"criterias": criteria, "range": {"begin": 1, "end": 9}})
    assert found["queryInformation"] == {"begin": 1, "end": 9, "count": 1}
    assert found["indexes"][0]["indexId"] == saved["indexId"]
    cancelled = caller.ask(CANCEL, {"indexIds": [saved["indexId"]]})
    assert cancelled == {"cancelledIndexes": [saved["indexId"]]}
    (row,) = caller.ask(FIND, {"indexIds": [saved["indexId"]]})["indexes"]
    assert row["status"] == "PASSIVE"


def test_additional_consumption_goes_the_same_way() -> None:
    caller = Caller(make_app())
    path = "/additional-accrual"
    (saved,) = caller.ask(f"{path}/save", {"additionalAccruals": [ACCRUAL]})["additionalAccruals"]
    id = saved["additionalAccrualId"]
    found = caller.ask(f"{path}/search", {"criterias": {"meteringPointId": FREE_POINT}})
    assert [row["additionalAccrualId"] for row in found["additionalAccruals"]] == [id]
    cancelled = caller.ask(f"{path}/cancel", {"additionalAccrualIds": [id]})
    assert cancelled == {"cancelledAdditionalAccruals": [id]}
    (row,) = caller.ask(f"{path}/find", {"additionalAccrualIds": [id]})["additionalAccruals"]
    assert row["status"] == "PASSIVE"


def test_an_empty_criteria_element_finds_everything() -> None:
    body = to_xml("indexMeteringSearchRequest", {"header": pairs(), "body": {"criterias": None}})
    reply = Caller(make_app()).post(SEARCH, body, format="xml")
    assert texts(reply.content, "body/queryInformation/count") == ["192"]


# Tickets.


@formats
def test_without_a_ticket_it_is_401_in_the_form_of_the_service(format: Format) -> None:
    app = make_app()
    reply = Caller(app).post(
        FIND, NOTHING, format=format, root="indexMeteringFindRequest", ticket=None
    )
    assert reply.status_code == 401
    assert reply.headers["content-type"].startswith(f"application/{format}")
    assert "SECURITYERROR" in reply.text
    assert "mock-1001" in reply.text
    assert mock_of(app).journal[-1].outcome == "missing-ticket"


def test_a_ticket_lives_thirty_seconds() -> None:
    app = make_app()
    caller = Caller(app)
    ticket = caller.ticket()
    clock_of(app).advance(30)
    assert caller.post(FIND, NOTHING, ticket=ticket).status_code == 200
    ticket = caller.ticket()
    clock_of(app).advance(30.1)
    assert code_of(caller.post(FIND, NOTHING, ticket=ticket)) == "mock-1004"


def code_of(reply: httpx2.Response) -> str:
    assert reply.status_code == 401
    return str(reply.json()["resultCode"])


def test_a_ticket_granting_ticket_lives_from_its_last_use() -> None:
    app = make_app()
    caller = Caller(app)
    for _ in range(3):
        assert caller.post(FIND, NOTHING).status_code == 200
        clock_of(app).advance(timedelta(minutes=44).total_seconds())
    assert caller.post(FIND, NOTHING).status_code == 200
    clock_of(app).advance(timedelta(minutes=46).total_seconds())
    assert caller.post(FIND, NOTHING).status_code == 401


def test_production_and_test_have_records_of_their_own() -> None:
    app = make_app()
    (saved,) = Caller(app).save(INDEX)
    in_test = Caller(app, TEST).ask(FIND, {"indexIds": [saved["indexId"]]})
    assert in_test == {"indexes": []}


def test_on_loopback_the_ticket_tells_the_environment() -> None:
    caller = Caller(make_app(), "http://127.0.0.1:8080")
    found = {}
    for service in (PRODUCTION, TEST):
        payload = {"criterias": {"indexId": 700_000}}
        reply = caller.post(SEARCH, payload, ticket=caller.ticket(service))
        (found[service],) = reply.json()["body"]["indexes"]
    assert found[PRODUCTION] != found[TEST]


# What is refused in the form of HTTP.


def test_an_unknown_path_is_404_and_another_method_405() -> None:
    app = make_app()
    caller = Caller(app)
    assert caller.post("/nothing", NOTHING).status_code == 404
    reply = caller.http.get(f"{PRODUCTION}/ecms-index-metering-data/rest{FIND}")
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert [entry.outcome for entry in mock_of(app).journal] == ["not-found", "wrong-method"]


def test_a_body_that_is_far_too_large_is_413(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridwright_runtime.mock.requests.media_reader._LARGEST", 100)
    assert Caller(make_app()).post(FIND, b" " * 101).status_code == 413


# What is refused in the form of the service.


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("mock-2001", {"factor": None}),
        ("mock-2001", {"powerType": ""}),
        ("mock-2003", {"factor": "many"}),
        ("mock-2003", {"period": "2024-05-01T00:00:00"}),
        ("mock-2004", {"powerType": "REACTIVE"}),
        ("mock-2004", {"lastMeasureType": "METER_CHANGING_ASSEMBLY"}),
        ("mock-2005", {"colour": "red"}),
        ("mock-3001", {"meteringPointId": 900_000_001}),
    ],
)
def test_a_broken_rule_is_a_business_error(code: str, changes: dict[str, object]) -> None:
    payload = {"indexes": [{**INDEX, **changes}]}
    assert Caller(make_app()).refusal(SAVE, payload) == ("BUSINESSERROR", code)


def test_a_description_is_needed_for_other_reasons() -> None:
    path = "/additional-accrual/save"
    other = {**ACCRUAL, "reason": "OTHER", "description": ""}
    caller = Caller(make_app())
    refusal = caller.refusal(path, {"additionalAccruals": [other]})
    assert refusal == ("BUSINESSERROR", "mock-2001")
    caller.ask(path, {"additionalAccruals": [{**other, "description": "sayaç yandı"}]})


@pytest.mark.parametrize("header", [[], None, [{"key": "application", "value": "tests"}]])
def test_a_request_needs_an_identity(header: object) -> None:
    reply = Caller(make_app()).post(FIND, to_json({"header": header, "body": NOTHING}))
    assert reply.json()["resultCode"] == "mock-2001"
    assert "transactionId" in reply.json()["resultDescription"]


def test_nothing_is_saved_of_a_request_that_breaks_the_document() -> None:
    app = make_app()
    caller = Caller(app)
    caller.refusal(SAVE, {"indexes": [INDEX, {**INDEX, "powerType": "REACTIVE"}]})
    found = caller.ask(SEARCH, {"criterias": {"meteringPointId": FREE_POINT}})
    assert found["indexes"] == []


def test_the_same_transaction_twice_is_carried_out_twice() -> None:
    caller = Caller(make_app())
    (first,), (second,) = caller.save(INDEX), caller.save(INDEX)
    assert first["indexId"] != second["indexId"]


# Faults.


def test_faults_before_the_work_leave_no_trace() -> None:
    app = make_app()
    caller = Caller(app)
    for fault, status, says in [
        (Fault.status(503), 503, "HTTP"),
        (Fault.html(), 200, "maintenance"),
        (Fault.too_many(3), 429, "Too many"),
        (Fault.refused(), 200, "BUSINESSERROR"),
        (system_error(), 200, "SYSTEMERROR"),
        (security_error(), 200, "SECURITYERROR"),
    ]:
        play(app, "save_indexes", fault)
        reply = caller.post(SAVE, {"indexes": [INDEX]})
        assert (reply.status_code, says in reply.text or says == "HTTP") == (status, True)
    found = caller.ask(SEARCH, {"criterias": {"meteringPointId": FREE_POINT}})
    assert found["indexes"] == []


def test_a_truncated_body_is_half_of_it() -> None:
    app = make_app()
    play(app, "find_indexes", Fault.truncated())
    assert Caller(app).post(FIND, NOTHING).text == '{"resultCode":"0","resultDescription":"OK","'


# The journal.


def test_the_journal_tells_what_was_asked_and_hides_what_may_be_personal() -> None:
    app = make_app()
    Caller(app).save(INDEX)
    (entry,) = mock_of(app).journal
    assert entry.operation == "save_indexes"
    assert entry.parameters == {"transactionId": TRANSACTION, "application": "***"}
    assert (entry.format, entry.status, entry.outcome, entry.records) == (
        "json",
        200,
        "answered",
        1,
    )
    assert str(FREE_POINT) not in repr(entry)


def test_the_journal_has_the_code_of_a_refusal() -> None:
    app = make_app()
    Caller(app).refusal(CANCEL, NOTHING)
    (entry,) = mock_of(app).journal
    assert (entry.outcome, entry.code, entry.status) == ("not-active", "mock-3101", 200)
