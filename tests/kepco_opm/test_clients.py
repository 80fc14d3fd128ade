"""Every operation through both clients and both formats, against the mock."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest

from gridwright_apis.kepco_opm import codes
from gridwright_runtime.codecs.json_codec import decode_plain
from gridwright_runtime.interface import Format
from gridwright_runtime.values.types import DayOfMonth, Yyyymm, Yyyymmdd

from .support import (
    CALLS,
    DAY,
    FACTORY,
    FORMATS,
    HIGH_AND_LOW,
    HOUSEHOLD_CUSTOMER,
    HOUSEHOLD_WITH_GAPS,
    KINDS,
    LATE_CONSENT,
    OPERATIONS,
    SEOUL,
    TWO_METERS,
    WITH_GAPS,
    Kind,
    call,
    make_app,
)

MORE: Sequence[tuple[str, dict[str, Any]]] = (
    ("get_day_load_profile", {"customer_number": HOUSEHOLD_CUSTOMER}),
    ("get_day_load_profile", {"customer_number": WITH_GAPS}),
    ("get_day_load_profile_dr", {"customer_number": TWO_METERS}),
    ("get_quarter_hour_reading", {"customer_number": HIGH_AND_LOW}),
    ("get_period_readings", {"customer_number": WITH_GAPS}),
    ("get_customer_info", {"customer_number": HIGH_AND_LOW}),
    ("get_customer_bill", {"customer_number": HOUSEHOLD_CUSTOMER}),
    ("get_customer_bill", {"customer_number": "0100000008", "month": date(2024, 7, 1)}),
    ("get_join_status", {"customer_number": LATE_CONSENT}),
    ("get_join_status", {"customer_number": "9999999999"}),
    ("get_household_day_load_profile", {"household_number": HOUSEHOLD_WITH_GAPS}),
)
EVERY_CALL = [*((name, dict(values)) for name, values in CALLS.items()), *MORE]
every_call = pytest.mark.parametrize(
    ("name", "arguments"), EVERY_CALL, ids=[f"{n}-{i}" for i, (n, _) in enumerate(EVERY_CALL)]
)
every_kind = pytest.mark.parametrize("kind", KINDS)
every_format = pytest.mark.parametrize("format", FORMATS)

PYTHON_TYPES: dict[object, type] = {
    str: str,
    Decimal: Decimal,
    int: int,
    DayOfMonth: int,
    Yyyymm: date,
    Yyyymmdd: date,
}


def test_every_operation_of_the_document_has_a_call_here() -> None:
    assert list(CALLS) == list(OPERATIONS)
    assert len(OPERATIONS) == 13


@every_call
def test_both_formats_and_both_clients_give_equal_records(
    name: str, arguments: dict[str, Any]
) -> None:
    app = make_app()
    replies = [
        call(kind, app, name, format=format, strict=True, **arguments)
        for kind in KINDS
        for format in FORMATS
    ]
    assert len(replies[0].records) > 0
    assert all(reply == replies[0] for reply in replies)
    assert all(reply.deviations == () for reply in replies)


@every_call
@every_format
def test_records_hold_what_the_world_says(
    name: str, arguments: dict[str, Any], format: Format
) -> None:
    app = make_app()
    reply = call("sync", app, name, format=format, **arguments)
    asked = {
        key: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for key, value in {**CALLS[name], **arguments}.items()
    }
    answer = app.state.mock.world.reply(name, asked)
    assert len(reply.records) == len(answer) > 0
    for record, said in zip(reply.records, answer, strict=True):
        fields = record.__struct_fields__
        assert {field: getattr(record, field) for field in fields} == {
            field: said.get(field) for field in fields
        }


@every_call
@every_format
def test_every_value_has_the_type_of_its_field(
    name: str, arguments: dict[str, Any], format: Format
) -> None:
    for record in call("sync", make_app(), name, format=format, **arguments).records:
        for field in msgspec.structs.fields(type(record)):
            value = getattr(record, field.name)
            wanted = PYTHON_TYPES[get_args(field.type)[0]]
            assert value is None or type(value) is wanted, field.name


@every_call
def test_missing_is_none_and_zero_is_zero(name: str, arguments: dict[str, Any]) -> None:
    reply = call("sync", make_app(), name, **arguments)
    body = decode_plain(reply.raw.body)
    assert isinstance(body, dict)
    sent = body[OPERATIONS[name].reply.payload[0]]
    for record, wire in zip(reply.records, sent, strict=True):
        for field in msgspec.structs.fields(type(record)):
            is_missing = wire.get(field.encode_name, "") == ""
            assert (getattr(record, field.name) is None) == is_missing, field.name


def test_calls_of_the_sample_have_missing_values_and_zeros_to_look_at() -> None:
    values = [
        getattr(record, field)
        for name, arguments in EVERY_CALL
        for record in call("sync", make_app(), name, **arguments).records
        for field in record.__struct_fields__
    ]
    assert values.count(None) > 100
    assert values.count(Decimal(0)) > 0


@every_kind
@every_format
def test_an_aware_time_of_another_zone_is_sent_as_the_time_of_korea(
    kind: Kind, format: Format
) -> None:
    app = make_app()
    elsewhere = datetime.fromisoformat("2024-10-01T05:00+00:00")
    here = datetime(2024, 10, 1, 14, tzinfo=SEOUL)
    asked_there, asked_here = (
        call(kind, app, "get_quarter_hour_reading", format=format, date_time=when)
        for when in (elsewhere, here)
    )
    assert asked_there == asked_here
    assert asked_there.records[0].reading_time == "1400"


@every_kind
def test_xml_has_a_header_and_json_has_none(kind: Kind) -> None:
    in_xml = call(kind, make_app(), "list_customers", format="xml")
    assert in_xml.header == {
        "errMsg": None,
        "responseTime": "20241010:120700000",
        "returnCode": "00",
        "successYn": "Y",
    }
    assert call(kind, make_app(), "list_customers", format="json").header is None


@every_kind
def test_the_format_of_the_client_holds_unless_a_call_says_otherwise(kind: Kind) -> None:
    app = make_app()
    call(kind, app, "list_customers", client={"format": "xml"})
    call(kind, app, "list_customers", client={"format": "xml"}, format="json")
    assert [entry.format for entry in app.state.mock.journal] == ["xml", "json"]


def test_codes_are_compared_with_named_constants() -> None:
    [status] = call("sync", make_app(), "get_join_status").records
    assert status.is_joined == codes.YesNo.YES
    [info] = call("sync", make_app(), "get_customer_info").records
    assert info.meter_kind == codes.MeterKind.HIGH_VOLTAGE_ELECTRONIC_RECORDING
    assert info.meter_kind in codes.METER_KIND


def test_the_quarter_hours_of_all_customers_are_those_of_each_customer() -> None:
    app = make_app()
    hour = call("sync", app, "get_all_customers_hour").records
    [one] = call("sync", app, "get_quarter_hour_reading").records
    mine = [record for record in hour if record.customer_number == FACTORY]
    assert [record.reading_time for record in mine] == ["1400", "1415", "1430", "1445"]
    assert mine[0].energy_kwh == one.energy_kwh
    [day] = call("sync", app, "get_day_load_profile", date=DAY).records
    assert [record.energy_kwh for record in mine] == [
        day.energy_kwh_1400,
        day.energy_kwh_1415,
        day.energy_kwh_1430,
        day.energy_kwh_1445,
    ]
