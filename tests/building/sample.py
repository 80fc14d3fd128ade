"""Hand-made operations of an invented system: one for each way in which a request is built."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as item
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from msgspec import field

from gridwright_runtime.interface import (
    Argument,
    BodySpec,
    FormatWord,
    Hole,
    NewId,
    Now,
    Operation,
    Part,
    Provisional,
    ReplySpec,
    RequestSpec,
    ServiceName,
    SoapSpec,
    Text,
)
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.service.upload import Upload
from gridwright_runtime.times.local_times import local_instant
from gridwright_runtime.validation import RecordValidator
from gridwright_runtime.values.types import Hhmi, Yyyymm, Yyyymmdd

DOCUMENT = "sample.txt"
NAMESPACE = "urn:sample"

if TYPE_CHECKING:
    SeoulMinute: TypeAlias = datetime
else:
    SeoulMinute = local_instant("yyyymmddhhmi", "Asia/Seoul")

JSON_ALONE: Any = {"json": ("application/json",)}
BOTH: Any = {"json": ("application/json",), "xml": ("application/xml",)}
KEY = Part(
    wire="serviceKey",
    place="query",
    source=Text((Hole("credential", "service_key"),)),
    checked=True,
)
RETURN_TYPE = Part(
    wire="returnType",
    place="query",
    source=FormatWord({"xml": "01", "json": "02"}),
    checked=True,
)


def reply(formats: Any = JSON_ALONE) -> ReplySpec[Any]:
    return ReplySpec(model=None, shape="none", formats=formats)


# Parameters, a key and a format


class DayArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"customer_number"})

    customer_number: str | None = field(name="custNo", default=None)
    date: Yyyymmdd | None = field(name="date", default=None)
    as_of: SeoulMinute | None = field(name="asOf", default=None)
    start_time: Hhmi | None = field(name="stTime", default=None)


class BillArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"customer_number"})

    customer_number: str | None = field(name="custNo", default=None)
    month: Yyyymm | None = field(name="dataMonth", default=None)


class ReadingArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"meter_number"})

    meter_number: str | None = field(name="meterNo", default=None)
    read_at: SeoulMinute | None = field(name="dateTime", default=None)
    energy_kwh: Decimal | None = field(name="pwr_qty", default=None)


def _check_key(validator: RecordValidator) -> None:
    validator.text(
        "serviceKey", "service_key", "서비스키", "service key", max_characters=20, required=True,
        secret=True, line="13",
    )  # fmt: skip
    validator.code(
        "returnType", "return_type", "", "format of the reply", codes=("01", "02"), required=True
    )


def _check_customer(validator: RecordValidator) -> None:
    validator.text(
        "custNo", "customer_number", "고객번호", "customer number", max_characters=10,
        required=True, personal=True, line="10",
    )  # fmt: skip


def check_day(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    _check_customer(validator)
    validator.date("date", "date", "일자", "day", required=True, line="12")
    validator.date(
        "asOf", "as_of", "기준시각", "as of", pattern="yyyymmddhhmi", optional=True, line="11"
    )
    validator.time("stTime", "start_time", "시작시간", "start", optional=True, line="14")
    _check_key(validator)
    return validator.problems()


def check_bill(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    _check_customer(validator)
    validator.date("dataMonth", "month", "", "month", pattern="yyyymm", required=True)
    _check_key(validator)
    return validator.problems()


def check_reading(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text("meterNo", "meter_number", "", "meter", required=True, personal=True)
    validator.date("dateTime", "read_at", "", "read at", pattern="yyyymmddhhmi", required=True)
    validator.decimal("pwr_qty", "energy_kwh", "", "energy", precision=14, scale=4, required=True)
    _check_key(validator)
    return validator.problems()


def argument(wire: str, place: Any, key: str = "", **more: Any) -> Part:
    return Part(wire=wire, place=place, source=Argument(key or wire), **more)


GET_DAY: Operation[Any] = Operation(
    system="sample",
    name="get_day",
    wire_name="getDay",
    kind="read",
    method="GET",
    path="/api/getDay.do",
    request=RequestSpec(
        model=DayArguments,
        check=check_day,
        parts=(
            argument("custNo", "query"),
            argument("date", "query"),
            argument("asOf", "query"),
            argument("stTime", "query"),
            KEY,
            RETURN_TYPE,
        ),
    ),
    reply=reply({"xml": ("application/xml", "text/xml"), "json": ("application/json",)}),
)
GET_BILL: Operation[Any] = Operation(
    system="sample",
    name="get_bill",
    wire_name="getBill",
    kind="read",
    method="GET",
    path="/api/customers/{custNo}/bill.do",
    request=RequestSpec(
        model=BillArguments,
        check=check_bill,
        parts=(argument("custNo", "path"), argument("dataMonth", "query"), KEY, RETURN_TYPE),
    ),
    reply=reply(BOTH),
)
SAVE_READING: Operation[Any] = Operation(
    system="sample",
    name="save_reading",
    wire_name="saveReading",
    kind="write",
    method="POST",
    path="/api/saveReading.do",
    request=RequestSpec(
        model=ReadingArguments,
        check=check_reading,
        parts=(KEY, RETURN_TYPE),
        body=BodySpec(encodings={"json": "form", "xml": "form"}),
    ),
    reply=reply(BOTH),
)


# Bodies with an open record, and names that the document does not give


class Equipment(Record, frozen=True, kw_only=True):
    __open__: ClassVar[bool] = True

    code: str | None = field(name="PROVISIONAL_code", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


class ApplyArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"applicant_name"})
    __open__: ClassVar[bool] = True

    application_number: str | None = field(name="PROVISIONAL_application_number", default=None)
    applicant_name: str | None = field(name="applicantName", default=None)
    wanted_on: Yyyymmdd | None = field(name="wantedOn", default=None)
    capacity_kw: Decimal | None = field(name="capacity", default=None)
    equipment: list[Equipment] | None = field(name="equipment", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


def check_equipment(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text("PROVISIONAL_code", "code", "コード", "code", optional=True)
    return validator.problems(open=True)


def check_apply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text(
        "PROVISIONAL_application_number", "application_number", "申込番号", "", max_characters=8,
        optional=True, line="37",
    )  # fmt: skip
    validator.text(
        "applicantName", "applicant_name", "氏名", "name", max_characters=10, optional=True
    )
    validator.date("wantedOn", "wanted_on", "", "wanted on", optional=True)
    validator.decimal(
        "capacity", "capacity_kw", "", "capacity", precision=6, scale=2, optional=True
    )
    validator.records(
        "equipment", "equipment", "", "equipment", check=check_equipment, optional=True
    )
    return validator.problems(open=True)


def apply_operation(encoding: Any = "json", **more: Any) -> Operation[Any]:
    return Operation(
        system="sample",
        name="apply",
        wire_name="JojMshkm",
        kind="write",
        method="POST",
        path="/api/JojMshkm",
        request=RequestSpec(
            model=ApplyArguments,
            check=check_apply,
            body=BodySpec(encodings={"json": encoding}, root="apply"),
            provisional=(
                Provisional(
                    "application_number",
                    "PROVISIONAL_application_number",
                    "申込番号",
                    "sample.txt:37",
                ),
                Provisional("equipment.code", "PROVISIONAL_code", "コード", "sample.txt:38"),
            ),
            **more,
        ),
        reply=reply(),
    )


APPLY = apply_operation()


# Pairs before a payload


class IndexRow(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"metering_point_id"})

    metering_point_id: int = field(name="meteringPointId")
    factor: Decimal = field(name="factor")
    reason: str | None = field(name="reason", default=None)
    is_estimated: bool | None = field(name="estimated", default=None)


class SaveArguments(Record, frozen=True, kw_only=True):
    indexes: list[IndexRow] = field(name="indexes")
    texts: list[str] | None = field(name="texts", default=None)


def check_pair(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text("key", "key", "key", "key", optional=True, line="130")
    validator.text("value", "value", "value", "value", optional=True, line="131", max_characters=36)
    return validator.problems()


def check_row(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.integer("meteringPointId", "metering_point_id", "", "", required=True, personal=True)
    validator.decimal("factor", "factor", "çarpan", "factor", required=True, line="13")
    validator.text("reason", "reason", "", "reason", optional=True)
    validator.boolean("estimated", "is_estimated", "", "estimated", optional=True)
    return validator.problems()


def check_save_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.records(
        "indexes", "indexes", "", "indexes", check=check_row, some=True, required=True
    )
    validator.values("texts", "texts", "", "texts", kind="text", optional=True)
    return validator.problems()


def check_save(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.records("header", "header", "", "header", check=check_pair, required=True)
    validator.record("body", "body", "", "body", check=check_save_body, required=True)
    return validator.problems()


def _pair(wire: str, source: Any, **more: Any) -> Part:
    return Part(
        wire=wire, place="body", source=source, under=("header",), pair=("key", "value"),
        checked=True, **more,
    )  # fmt: skip


SAVE: Operation[Any] = Operation(
    system="sample",
    name="save_indexes",
    wire_name="/index/save",
    kind="write",
    method="POST",
    path="/index/save",
    request=RequestSpec(
        model=SaveArguments,
        check=check_save,
        parts=(
            _pair("transactionId", NewId()),
            _pair("application", Text((Hole("option", "application"),))),
            _pair("clientIp", Text((Hole("option", "client_ip"),)), optional=True),
            Part(
                wire="Accept-Language",
                place="header",
                source=Text((Hole("option", "language"),)),
                optional=True,
            ),
            Part(wire="ticket", place="header", source=Text((Hole("step", "ticket"),))),
        ),
        body=BodySpec(
            encodings={"json": "json", "xml": "xml"}, under=("body",), root="saveRequest"
        ),
    ),
    reply=reply(BOTH),
)


# Arguments in path, query, header and cookie


class UsageArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"citizen_id"})

    citizen_id: str = field(name="CitizenID")
    year: int | None = field(name="year", default=None)
    channel: str | None = field(name="X-Channel", default=None)
    session: str | None = field(name="sid", default=None)
    kinds: list[str] | None = field(name="kind", default=None)


def check_usage(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text(
        "CitizenID", "citizen_id", "เลขบัตรประชาชน", "citizen number", max_characters=13,
        required=True, personal=True, line="72",
    )  # fmt: skip
    validator.integer("year", "year", "", "year", optional=True)
    validator.text("X-Channel", "channel", "", "channel", optional=True)
    validator.text("sid", "session", "", "session", optional=True)
    validator.values("kind", "kinds", "", "kinds", kind="text", optional=True)
    return validator.problems()


GET_USAGE: Operation[Any] = Operation(
    system="sample",
    name="get_usage",
    wire_name="PowerCapital",
    kind="read",
    method="GET",
    path="/api/v1/PowerCapital/{CitizenID}",
    request=RequestSpec(
        model=UsageArguments,
        check=check_usage,
        parts=(
            argument("CitizenID", "path"),
            argument("year", "query"),
            argument("kind", "query"),
            argument("X-Channel", "header"),
            argument("sid", "cookie"),
        ),
    ),
    reply=reply(),
)


# Files


class AttachArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"drawing"})

    number: str = field(name="number")
    drawing: Upload | None = field(name="file", default=None)
    pages: list[Upload] | None = field(name="pages", default=None)


def check_attach(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text("number", "number", "", "number", required=True)
    validator.upload("file", "drawing", "図面", "drawing", optional=True)
    validator.values("pages", "pages", "", "pages", kind="file", optional=True)
    return validator.problems()


ATTACH: Operation[Any] = Operation(
    system="sample",
    name="attach_file",
    wire_name="FileTnpu",
    kind="write",
    method="POST",
    path="/api/FileTnpu",
    request=RequestSpec(
        model=AttachArguments,
        check=check_attach,
        body=BodySpec(encodings={"json": "multipart_form"}),
    ),
    reply=reply(),
)


# SOAP


def element(name: str, default: Any = None) -> Any:
    return item(default=default, metadata={"name": name, "type": "Element"})


@dataclass(kw_only=True)
class HeaderMessage:
    class Meta:
        name = "header"
        namespace = NAMESPACE

    request_id: str | None = element("requestID")
    service_id: str | None = element("serviceID")
    ip_address: str | None = element("ipAddress")
    time_stamp: str | None = element("timeStamp")
    login_id: str | None = element("loginID")
    password: str | None = element("password")


@dataclass(kw_only=True)
class StatusMessage:
    class Meta:
        name = "statusRequest"
        namespace = NAMESPACE

    number: str | None = element("number")
    customer: str | None = element("customer")


class StatusArguments(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"customer"})

    number: str | None = field(name="number", default=None)
    customer: str | None = field(name="customer", default=None)


def check_status(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path, document=DOCUMENT)
    validator.text("number", "number", "番号", "number", max_characters=8, required=True, line="3")
    validator.text("customer", "customer", "", "customer", optional=True, personal=True)
    return validator.problems()


def _in_header(wire: str, source: Any) -> Part:
    return Part(wire=wire, place="soap_header", source=source)


def status_operation(*provisional: Provisional) -> Operation[Any]:
    return Operation(
        system="sample",
        name="get_status",
        wire_name="H232Provider",
        kind="read",
        method="POST",
        path="/services/H232Provider",
        request=RequestSpec(
            model=StatusArguments,
            check=check_status,
            parts=(
                _in_header("requestID", NewId()),
                _in_header("serviceID", ServiceName()),
                _in_header("ipAddress", Text((Hole("option", "ip_address"),))),
                _in_header("timeStamp", Now("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "Asia/Tokyo")),
                _in_header("loginID", Text((Hole("credential", "login_id"),))),
                _in_header("password", Text((Hole("credential", "password"),))),
            ),
            body=BodySpec(encodings={"xml": "xml"}),
            attachments=True,
        ),
        reply=reply({"xml": ("text/xml",)}),
        soap=SoapSpec(
            namespace=NAMESPACE,
            request=StatusMessage,
            reply=StatusMessage,
            header=HeaderMessage,
            provisional=provisional,
        ),
    )


STATUS = status_operation()
