"""What goes wrong: refusals by kind, tickets refused, replies lost, and writes in doubt."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from gridwright_apis.epias_ecms import models
from gridwright_runtime.errors import (
    AuthenticationError,
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    OutcomeUnknownError,
    RejectedError,
    RequestTimeoutError,
    SystemFailureError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault, lost, security_error, system_error
from gridwright_runtime.retry import RetryPolicy

from .support import (
    FORMATS,
    KINDS,
    PASSWORD,
    POINT,
    USERNAME,
    Desk,
    Kind,
    accrual,
    all_logs,
    index,
    make_app,
    mock_of,
    play,
    server_of,
    shown,
)

both = pytest.mark.parametrize("kind", KINDS)
formats = pytest.mark.parametrize("format", FORMATS)
PATIENT = RetryPolicy(attempts=3, base_seconds=1.0, random=lambda: 0.0)


# By kind of result.


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (Fault.refused("mock-9999", "kural"), RejectedError, "mock-9999"),
        (system_error("mock-9001", "sistem"), SystemFailureError, "mock-9001"),
        (security_error("mock-9002", "yetki"), AuthenticationError, "mock-9002"),
    ],
    ids=["business", "system", "security"],
)
@formats
@both
def test_a_failure_inside_200_is_an_error_of_its_kind(
    kind: Kind, format: Format, fault: Fault, error: type[Any], code: str
) -> None:
    app = make_app()
    play(app, "find_indexes", fault, times=9)
    with Desk(kind, app, format=format) as desk, pytest.raises(error) as caught:
        desk.call("find_indexes", index_ids=[700_000], transaction_id="INVENTED-transaction")
    found = caught.value
    assert type(found) is error
    assert (found.code, found.http_status) == (code, 200)
    assert found.text == fault.instead.text if fault.instead else False
    assert found.transaction_id == "INVENTED-transaction"
    assert found.raw is not None


@formats
def test_a_business_rule_of_the_world_is_a_rejection(format: Format) -> None:
    with Desk("sync", make_app(), format=format) as desk, pytest.raises(RejectedError) as caught:
        desk.call("cancel_indexes", index_ids=[1])
    assert caught.value.code == "mock-3101"
    assert "iptal edilecek aktif kayıt yok" in str(caught.value.text)


@both
def test_a_refusal_by_the_system_is_not_tried_again(kind: Kind) -> None:
    app = make_app()
    play(app, None, system_error(), times=9)
    with Desk(kind, app, retry=PATIENT) as desk, pytest.raises(SystemFailureError):
        desk.call("find_indexes", index_ids=[700_000])
    assert len(mock_of(app).journal) == 1


# Tickets.


@both
def test_a_refused_ticket_is_renewed_once(kind: Kind) -> None:
    app = make_app()
    play(app, "save_indexes", security_error())
    with Desk(kind, app) as desk:
        (row,) = desk.call("save_indexes", indexes=[index()]).body.indexes
    assert row.status == "ACTIVE"
    assert (server_of(app).logins, server_of(app).tickets) == (1, 2)


@both
def test_a_ticket_refused_for_good_ends(kind: Kind) -> None:
    app = make_app()
    play(app, None, security_error(), times=99)
    with Desk(kind, app) as desk:
        for _ in range(3):
            with pytest.raises(AuthenticationError):
                desk.call("find_indexes", index_ids=[700_000])
    assert server_of(app).logins == 2
    assert len(mock_of(app).journal) <= 8


@both
def test_a_ticket_that_was_spent_by_another_is_renewed(kind: Kind) -> None:
    app = make_app()
    server = server_of(app)
    seen: list[str] = []

    def steal(request: httpx2.Request) -> None:
        if not seen:
            ticket = request.headers["ecms-service-ticket"]
            seen.append(ticket)
            server.use({("service_ticket", ""): ticket}, frozenset({"production"}), {})

    with Desk(kind, app, watch=steal) as desk:
        assert desk.call("find_indexes", index_ids=[700_000]).body.indexes
    journal = mock_of(app).journal
    assert [(entry.status, entry.outcome) for entry in journal] == [
        (401, "used-ticket"),
        (200, "answered"),
    ]
    assert server.logins == 1


# Reads may be tried again, each time with a new ticket.


@pytest.mark.parametrize(
    "fault", [Fault.status(502), Fault.status(503), Fault.cut_off(), Fault.too_many(1)], ids=str
)
@both
def test_a_read_is_tried_again_with_a_new_ticket(kind: Kind, fault: Fault) -> None:
    app = make_app()
    play(app, "find_indexes", fault)
    tickets: list[str] = []

    def watch(request: httpx2.Request) -> None:
        tickets.append(request.headers["ecms-service-ticket"])

    with Desk(kind, app, retry=PATIENT, watch=watch) as desk:
        assert desk.call("find_indexes", index_ids=[700_000]).body.indexes
    assert len(tickets) == len(set(tickets)) == 2


@both
def test_a_ticket_server_that_fails_leaves_no_write_in_doubt(kind: Kind) -> None:
    app = make_app()
    server_of(app).fail(503, times=9)
    with Desk(kind, app) as desk, pytest.raises(HttpStatusError) as caught:
        desk.call("save_indexes", indexes=[index()])
    assert caught.value.transaction_id
    assert len(mock_of(app).journal) == 0


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.status(500), HtmlReplyError),
        (Fault(name="500", http_status=500, rewrite=lambda body: b"{}"), HttpStatusError),
        (Fault.html(), HtmlReplyError),
        (Fault.truncated(), UnexpectedReplyError),
        (Fault.too_many(None), LimitError),
    ],
    ids=["page", "500", "html", "truncated", "429"],
)
@formats
@both
def test_other_failures_of_a_read_are_errors_of_their_own(
    kind: Kind, format: Format, fault: Fault, error: type[GridwrightError]
) -> None:
    app = make_app()
    play(app, None, fault, times=9)
    with Desk(kind, app, format=format) as desk, pytest.raises(error) as caught:
        desk.call("find_indexes", index_ids=[700_000])
    assert caught.value.transaction_id


@both
def test_a_read_that_takes_too_long_is_a_timeout(kind: Kind) -> None:
    app = make_app()
    play(app, None, Fault.slow(60), times=9)
    once = RetryPolicy(attempts=1)
    with Desk(kind, app, retry=once) as desk, pytest.raises(RequestTimeoutError):
        desk.call("find_indexes", index_ids=[700_000], timeout_seconds=2)


# Writes are never sent twice.


@pytest.mark.parametrize(
    "fault",
    [lost(carried_out=True), Fault.status(503), Fault.slow(99), Fault.html(), Fault.truncated()],
    ids=["lost", "503", "slow", "html", "truncated"],
)
@formats
@both
def test_a_write_without_a_clear_answer_is_in_doubt_and_not_sent_again(
    kind: Kind, format: Format, fault: Fault
) -> None:
    app = make_app()
    play(app, "save_indexes", fault)
    desk = Desk(kind, app, format=format, retry=PATIENT)
    with desk, pytest.raises(OutcomeUnknownError) as caught:
        desk.call("save_indexes", indexes=[index()])
    (entry,) = mock_of(app).journal
    assert caught.value.transaction_id == entry.parameters.get(
        "transactionId", caught.value.transaction_id
    )
    assert caught.value.transaction_id in str(caught.value)


@pytest.mark.parametrize("carried_out", [True, False])
@formats
@both
def test_a_write_in_doubt_is_looked_up_and_sent_again_under_the_same_id(
    kind: Kind, format: Format, carried_out: bool
) -> None:
    app = make_app()
    sent = [index(), index(power_type="INDUCTIVE")]
    play(app, "save_indexes", lost(carried_out=carried_out))
    with Desk(kind, app, format=format) as desk:
        with pytest.raises(OutcomeUnknownError) as caught:
            desk.call("save_indexes", indexes=sent)
        found = desk.call("find_saved_indexes", indexes=sent)
        assert [one.sent for one in found] == sent
        assert [one.is_stored for one in found] == [carried_out, carried_out]
        missing = [one.sent for one in found if not one.is_stored]
        if missing:
            again = caught.value.transaction_id
            desk.call("save_indexes", indexes=missing, transaction_id=again)
            found = desk.call("find_saved_indexes", indexes=sent)
            assert all(one.is_stored for one in found)
    saves = mock_of(app).journal.of("save_indexes")
    assert {entry.parameters["transactionId"] for entry in saves} == {caught.value.transaction_id}
    assert len(saves) == (1 if carried_out else 2)
    world: Any = mock_of(app).world
    assert world.index_count == 192 + 2


@both
def test_part_of_a_write_in_doubt_may_have_been_accepted(kind: Kind) -> None:
    app = make_app()
    sent = [index(), index(metering_point_id=900_000_001)]
    play(app, "save_indexes", lost(carried_out=True))
    with Desk(kind, app) as desk:
        with pytest.raises(OutcomeUnknownError):
            desk.call("save_indexes", indexes=sent)
        found = desk.call("find_saved_indexes", indexes=sent)
    assert [one.is_stored for one in found] == [True, False]
    assert found[0].stored[0].status == "ACTIVE"


def test_a_record_that_differs_or_was_cancelled_is_not_the_one_that_was_sent() -> None:
    with Desk("sync", make_app()) as desk:
        desk.call("save_indexes", indexes=[index()])
        other = [index(last_t1=Decimal("9999999999.998"))]
        assert not desk.call("find_saved_indexes", indexes=other)[0].is_stored
        (found,) = desk.call("find_saved_indexes", indexes=[index()])
        desk.call("cancel_indexes", index_ids=[found.stored[0].index_id])
        assert not desk.call("find_saved_indexes", indexes=[index()])[0].is_stored


@both
def test_additional_consumption_in_doubt_is_looked_up(kind: Kind) -> None:
    app = make_app()
    play(app, "save_accruals", lost(carried_out=True))
    with Desk(kind, app) as desk:
        with pytest.raises(OutcomeUnknownError):
            desk.call("save_accruals", accruals=[accrual()])
        (found,) = desk.call("find_saved_accruals", accruals=[accrual()])
    assert len(found.stored) == 1


@both
def test_a_cancel_in_doubt_is_looked_up_by_id(kind: Kind) -> None:
    app = make_app()
    play(app, "cancel_indexes", lost(carried_out=True))
    with Desk(kind, app) as desk:
        with pytest.raises(OutcomeUnknownError):
            desk.call("cancel_indexes", index_ids=[700_000])
        (row,) = desk.call("find_indexes", index_ids=[700_000]).body.indexes
    assert row.status == "PASSIVE"


# Secrets.


def secrets_of(app: Any, seen: list[str]) -> list[str]:
    server = server_of(app)
    return [PASSWORD, USERNAME, *seen, *(token for _step, _part, token in server._issued)]


@pytest.mark.parametrize(
    "fault",
    [
        security_error(text=f"mock: user {USERNAME} has no permission"),
        Fault.status(500),
        Fault.html(f"password {PASSWORD}"),
        Fault.cut_off(),
        Fault.slow(99),
        Fault.truncated(),
        system_error(),
    ],
    ids=lambda fault: fault.name,
)
@pytest.mark.parametrize("operation", ["find_indexes", "cancel_indexes"])
@both
def test_secrets_are_in_no_error_and_no_log(kind: Kind, operation: str, fault: Fault) -> None:
    app = make_app()
    play(app, None, fault, times=99)
    with all_logs() as logs, Desk(kind, app) as desk:
        with pytest.raises(GridwrightError) as caught:
            desk.call(operation, index_ids=[700_000])
        text = shown(caught.value) + logs.getvalue() + repr(desk.client) + repr(vars(desk.client))
    # What came back is kept as it came, for whoever asks for it.
    for secret in secrets_of(app, []):
        assert secret not in text, secret


@both
def test_secrets_are_in_no_error_and_no_log_of_a_refused_login(kind: Kind) -> None:
    app = make_app()
    with all_logs() as logs, Desk(kind, app, password="INVENTED-wrong") as desk:
        with pytest.raises(AuthenticationError) as caught:
            desk.call("find_indexes", index_ids=[700_000])
        text = shown(caught.value) + logs.getvalue() + repr(desk.client)
    assert "INVENTED-wrong" not in text
    assert USERNAME not in text


@both
def test_secrets_are_in_no_log_of_a_call_that_goes_well(kind: Kind) -> None:
    app = make_app()
    with all_logs() as logs, Desk(kind, app) as desk:
        result = desk.call("save_indexes", indexes=[index()])
        text = logs.getvalue() + repr(result) + repr(result.body) + repr(desk.client)
    for secret in (*secrets_of(app, []), str(POINT), "INVENTED1"):
        assert secret not in text


@both
def test_personal_values_of_a_request_are_in_no_error(kind: Kind) -> None:
    app = make_app()
    play(app, None, Fault.refused("mock-9999", f"point {POINT} of INVENTED1"))
    with Desk(kind, app) as desk, pytest.raises(RejectedError) as caught:
        desk.call("save_indexes", indexes=[index()])
    assert str(POINT) not in str(caught.value)
    assert "INVENTED1" not in str(caught.value)


def test_criteria_and_requests_hide_personal_values_in_their_repr() -> None:
    criteria = models.IndexSearchCriteria(metering_point_id=POINT, meter_serial_number="INVENTED1")
    assert str(POINT) not in repr(criteria) + repr(index())
    assert "INVENTED1" not in repr(criteria) + repr(index())
