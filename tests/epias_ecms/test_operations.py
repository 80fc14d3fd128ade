"""Every operation, by both clients and in both forms, against the mock."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from gridwright_apis.epias_ecms import models
from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.interface import Format
from gridwright_runtime.mock.faults import Fault

from .support import (
    FORMATS,
    ISTANBUL,
    JUNE,
    KINDS,
    MAY,
    NOW,
    OPERATIONS,
    POINT,
    Desk,
    Kind,
    accrual,
    brief,
    index,
    make_app,
    mock_of,
    server_of,
)

both = pytest.mark.parametrize("kind", KINDS)
formats = pytest.mark.parametrize("format", FORMATS)

CALLS: dict[str, dict[str, Any]] = {
    "save_indexes": {
        "indexes": [index(), index(power_type="INDUCTIVE", first_t1=None, last_t1=None)]
    },
    "search_indexes": {
        "criteria": models.IndexSearchCriteria(metering_point_id=500_001),
        "row_range": models.Range(begin=2, end=4),
    },
    "find_indexes": {"index_ids": [700_003, 700_001]},
    "cancel_indexes": {"index_ids": [700_003, 700_001]},
    "save_accruals": {"accruals": [accrual(), accrual(reason="OTHER", description="çünkü")]},
    "search_accruals": {"criteria": models.AccrualSearchCriteria(status="ACTIVE")},
    "find_accruals": {"accrual_ids": [800_000]},
    "cancel_accruals": {"accrual_ids": [800_000]},
}


def test_every_operation_is_called() -> None:
    assert list(CALLS) == list(OPERATIONS)
    assert len(CALLS) == 8


@pytest.mark.parametrize("name", CALLS)
@formats
@both
def test_every_operation_answers_as_documented(kind: Kind, format: Format, name: str) -> None:
    with Desk(kind, make_app(), strict=True, format=format) as desk:
        result = desk.call(name, **CALLS[name])
    assert type(result.body) is OPERATIONS[name].reply.model
    assert (result.code, result.description) == ("0", "OK")
    assert result.deviations == ()
    assert result.transaction_id


@pytest.mark.parametrize("name", CALLS)
def test_both_clients_and_both_forms_give_equal_objects(name: str) -> None:
    found = []
    for kind in KINDS:
        for format in FORMATS:
            with Desk(kind, make_app()) as desk:
                found.append(desk.call(name, **CALLS[name], format=format).body)
    assert all(body == found[0] for body in found)


@formats
@both
def test_save_find_cancel(kind: Kind, format: Format) -> None:
    with Desk(kind, make_app(), format=format) as desk:
        (saved,) = desk.call("save_indexes", indexes=[index()]).body.indexes
        assert (saved.status, saved.state) == ("ACTIVE", "Kaydedildi.")
        assert saved.recorded_at == NOW
        (found,) = desk.call("find_indexes", index_ids=[saved.index_id]).body.indexes
        assert found.last_t1 == Decimal("9999999999.999")
        cancelled = desk.call("cancel_indexes", index_ids=[saved.index_id]).body
        assert cancelled.cancelled_index_ids == [saved.index_id]
        (found,) = desk.call("find_indexes", index_ids=[saved.index_id]).body.indexes
        assert found.status == "PASSIVE"


@formats
def test_additional_consumption_is_saved_found_and_cancelled(format: Format) -> None:
    with Desk("sync", make_app(), format=format) as desk:
        (saved,) = desk.call("save_accruals", accruals=[accrual()]).body.accruals
        cancelled = desk.call("cancel_accruals", accrual_ids=[saved.accrual_id]).body
        assert cancelled.cancelled_accrual_ids == [saved.accrual_id]
        (found,) = desk.call("find_accruals", accrual_ids=[saved.accrual_id]).body.accruals
        assert (found.status, found.t1, found.reason) == (
            "PASSIVE",
            Decimal("12.5"),
            "METER_DIGIT_FAULT",
        )


@formats
def test_what_replaces_what_is_visible(format: Format) -> None:
    with Desk("sync", make_app(), format=format) as desk:
        for _ in range(2):
            desk.call("save_indexes", indexes=[index()])
        criteria = models.IndexSearchCriteria(metering_point_id=POINT)
        found = desk.call("search_indexes", criteria=criteria).body
    assert [row.status for row in found.indexes] == ["OLD_VERSION", "ACTIVE"]
    assert found.query_information == models.QueryInformation(begin=1, end=10_000, count=2)


@formats
def test_partial_acceptance_is_visible_for_each_record(format: Format) -> None:
    sent = [index(), index(metering_point_id=900_000_001), index(power_type="DEMAND")]
    with Desk("sync", make_app(), format=format, strict=True) as desk:
        rows = desk.call("save_indexes", indexes=sent).body.indexes
    assert [row.status for row in rows] == ["ACTIVE", None, "ACTIVE"]
    assert [row.index_id is None for row in rows] == [False, True, False]
    assert "mock-3001" in rows[1].state


# Values.


@pytest.mark.parametrize(
    "number",
    [
        "9999999999.999",
        "0.0000000000000000000000000001",
        "1234567890123456789012345.678",
        "1E+5",
        "1E-10",
        "100.00",
        "0",
    ],
)
@formats
def test_decimals_survive_exactly(format: Format, number: str) -> None:
    value = Decimal(number)
    with Desk("sync", make_app(), format=format) as desk:
        sent = index(factor=Decimal(number) + 1, first_t1=None, last_t1=value)
        (row,) = desk.call("save_indexes", indexes=[sent]).body.indexes
    assert row.last_t1 == value
    if "E" not in number:
        assert row.last_t1.as_tuple() == value.as_tuple()
    assert row.factor == sent.factor


@pytest.mark.parametrize(
    "text", ["ĞÜŞİÖÇ ğüşıöç", "<a> & \"b\" 'c' ]]>", "  üç boşluk  ", "\\n {} 😀", "null"]
)
@formats
def test_texts_survive_exactly(format: Format, text: str) -> None:
    with Desk("sync", make_app(), format=format) as desk:
        (row,) = desk.call("save_indexes", indexes=[index(description=text)]).body.indexes
        (found,) = desk.call("find_indexes", index_ids=[row.index_id]).body.indexes
    assert row.description == found.description == text


def sent_bodies(format: Format, **changes: Any) -> bytes:
    bodies: list[bytes] = []

    def watch(request: httpx2.Request) -> None:
        bodies.append(request.content)

    with Desk("sync", make_app(), watch=watch, format=format) as desk:
        desk.call("save_indexes", indexes=[index(**changes)])
    (body,) = bodies
    return body


@pytest.mark.parametrize(
    ("month", "written"),
    [
        (datetime(2016, 1, 1, tzinfo=ISTANBUL), b"2016-01-01T00:00:00.000+0200"),
        (datetime(2016, 6, 1, tzinfo=ISTANBUL), b"2016-06-01T00:00:00.000+0300"),
        (datetime(2017, 1, 1, tzinfo=ISTANBUL), b"2017-01-01T00:00:00.000+0300"),
    ],
)
@formats
def test_dates_are_sent_with_the_offset_of_their_day(
    format: Format, month: datetime, written: bytes
) -> None:
    assert written in sent_bodies(format, period=month)


@formats
def test_an_instant_of_another_zone_is_the_same_instant(format: Format) -> None:
    assert b"2024-05-01T00:00:00.000+0300" in sent_bodies(format, period=MAY.astimezone(UTC))


def test_the_header_has_transaction_and_application_and_the_address_where_given() -> None:
    seen: list[Any] = []

    def watch(request: httpx2.Request) -> None:
        seen.append((json.loads(request.content), request.headers))

    app = make_app()
    with Desk("sync", app, watch=watch, application="deneme", client_ip="192.0.2.1") as desk:
        result = desk.call("find_indexes", index_ids=[1])
    ((tree, headers),) = seen
    assert tree["header"] == [
        {"key": "transactionId", "value": result.transaction_id},
        {"key": "application", "value": "deneme"},
        {"key": "clientIp", "value": "192.0.2.1"},
    ]
    assert headers["accept"] == "application/json"
    assert headers["content-type"].startswith("application/json")
    assert headers["ecms-service-ticket"].startswith("service_ticket-")
    assert "192.0.2.1" not in repr(list(mock_of(app).journal))


# Rules, before anything is sent.


@both
def test_a_naive_time_is_refused_before_anything_is_sent(kind: Kind) -> None:
    app = make_app()
    with Desk(kind, app) as desk, pytest.raises(InvalidRequestError) as caught:
        desk.call("save_indexes", indexes=[index(period=datetime(2024, 5, 1))])
    assert brief(tuple(caught.value.problems)) == ["body.indexes[0].period naive-time"]
    assert server_of(app).logins == 0


@both
def test_all_problems_are_reported_before_anything_is_sent(kind: Kind) -> None:
    app = make_app()
    broken = [
        index(power_type="REACTIVE", factor=None),
        index(last_measure_type="METER_CHANGING_ASSEMBLY"),
        index(last_measured_at=JUNE + timedelta(microseconds=1)),
    ]
    with Desk(kind, app) as desk, pytest.raises(InvalidRequestError) as caught:
        desk.call("save_indexes", indexes=broken)
    assert sorted(brief(tuple(caught.value.problems))) == [
        "body.indexes[0].factor required",
        "body.indexes[0].power_type not-a-code",
        "body.indexes[1].last_measure_type forbidden",
        "body.indexes[2].last_measured_at not-a-date",
    ]
    assert all(problem.source for problem in caught.value.problems)
    assert server_of(app).logins == 0
    assert len(mock_of(app).journal) == 0


def test_a_description_is_required_where_the_reason_is_other() -> None:
    with Desk("sync", make_app()) as desk, pytest.raises(InvalidRequestError) as caught:
        desk.call("save_accruals", accruals=[accrual(), accrual(reason="OTHER")])
    assert brief(tuple(caught.value.problems)) == ["body.accruals[1].description required"]


def test_codes_are_open_on_receiving() -> None:
    app = make_app()
    changed = Fault(
        name="new code", edit=lambda rows: [{**row, "status": "FROZEN"} for row in rows]
    )
    mock_of(app).faults.add("find_indexes", changed)
    with Desk("sync", app) as desk:
        result = desk.call("find_indexes", index_ids=[700_000])
    assert result.body.indexes[0].status == "FROZEN"
    assert brief(result.deviations) == ["body.indexes[0].status not-a-code"]


@formats
def test_fields_that_nobody_knows_are_deviations(format: Format) -> None:
    app = make_app()
    mock_of(app).faults.add("find_indexes", Fault.extra_fields({"mockExtra": 1}))
    with Desk("sync", app, format=format) as desk:
        result = desk.call("find_indexes", index_ids=[700_000])
    assert result.body.indexes[0].index_id == 700_000
    assert [problem.rule for problem in result.deviations] == ["unknown-field"]
