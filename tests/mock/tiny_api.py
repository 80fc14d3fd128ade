"""A small invented system: parameters in every place, nested records, and a write."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import field

from gridwright_runtime.errors import AuthenticationError
from gridwright_runtime.look import Look
from gridwright_runtime.operation import (
    Credential,
    Envelope,
    ErrorRule,
    FormatChoice,
    ListReply,
    Operation,
    Parameter,
)
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.values import (
    DayOfMonth,
    Yyyymm,
    Yyyymmdd,
    encode_date,
    encode_datetime,
    encode_decimal,
    encode_integer,
    encode_month,
    encode_text,
    encode_time,
)


class Part(Record, frozen=True, kw_only=True):
    part_name: str | None = field(name="partNm")


class Thing(Record, frozen=True, kw_only=True):
    thing_number: str | None = field(name="thingNo")
    weight_kg: Decimal | None = field(name="wgt")
    count: int | None = field(name="cnt")
    made_on: Yyyymmdd | None = field(name="made_ymd")
    made_in: Yyyymm | None = field(name="made_ym")
    pay_day: DayOfMonth | None = field(name="pay_dd")
    parts: list[Part] | None = field(name="partList")
    kind: str | None = field(name="kind_cd")
    note: str | None = field(name="note", default=None)


class Saved(Record, frozen=True, kw_only=True):
    result: str | None = field(name="result")


BOLT: Mapping[str, object] = {
    "thing_number": "T-1",
    "weight_kg": Decimal("85.0000"),
    "count": 3,
    "made_on": date(2024, 3, 1),
    "made_in": date(2024, 3, 1),
    "pay_day": 1,
    "parts": [{"part_name": "head"}, {"part_name": None}],
    "kind": "Y",
}


def check_part(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.text("partNm", "part_name", "부품명", "part name", max_characters=10)
    return look.problems()


def check_thing(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.text("thingNo", "thing_number", "번호", "number", max_characters=6)
    look.decimal("wgt", "weight_kg", "무게", "weight", precision=6, scale=4)
    look.integer("cnt", "count", "수", "count", max_digits=1)
    look.date("made_ymd", "made_on", "일자", "day", pattern="yyyymmdd")
    look.date("made_ym", "made_in", "년월", "month", pattern="yyyymm")
    look.day_of_month("pay_dd", "pay_day", "일", "day of month")
    look.records("partList", "parts", "목록", "parts", check=check_part)
    look.code("kind_cd", "kind", "유형", "kind", codes=("Y", "N"), max_characters=1)
    look.text("note", "note", "비고", "note", optional=True)
    return look.problems()


def check_saved(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.text("result", "result", "결과", "result")
    return look.problems()


def check_find(request: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(request, path)
    look.text("owner", "owner", "소유자", "owner", max_characters=5, required=True, personal=True)
    look.date("day", "day", "일자", "day", pattern="yyyymmdd", required=True)
    look.date("at", "at", "일시", "time", pattern="yyyymmddhhmi", optional=True)
    look.date("month", "month", "년월", "month", pattern="yyyymm", optional=True)
    look.time("time", "time", "시분", "time of day", optional=True)
    look.text("key", "api_key", "키", "key", max_characters=20, required=True, secret=True)
    look.code("type", "type", "형식", "format", codes=("1", "2"), required=True)
    return look.problems()


def check_take(request: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(request, path)
    look.text("thingNo", "thing_number", "번호", "number", max_characters=6, required=True)
    look.text("X-Key", "api_key", "키", "key", required=True, secret=True)
    return look.problems()


def check_save(request: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(request, path)
    look.decimal("amount", "amount", "양", "amount", precision=6, scale=2, required=True)
    look.integer("pieces", "pieces", "수", "pieces", optional=True)
    look.text("key", "api_key", "키", "key", required=True, secret=True)
    return look.problems()


ENVELOPE = Envelope(
    header_element="head",
    header_formats=("xml",),
    header_fields=("msg", "at", "code", "ok"),
    code="code",
    message="msg",
    success={"code": ("00",), "ok": ("Y",)},
    errors={"E401": ErrorRule(AuthenticationError)},
)
BARE_ENVELOPE = Envelope(
    header_element="head", code="code", message="msg", success={"code": ("00",)}
)
THINGS: ListReply[Thing] = ListReply(
    model=Thing, xml_root="Things", list_name="thingList", item_name="thing", check=check_thing
)

FIND_THINGS: Operation[Thing] = Operation(
    system="tiny",
    name="find_things",
    wire_name="findThings",
    kind="read",
    method="GET",
    path="/tiny/find",
    parameters=(
        Parameter("owner", "owner", place="query", encode=encode_text, personal=True),
        Parameter("day", "day", place="query", encode=encode_date("yyyymmdd")),
        Parameter(
            "at",
            "at",
            place="query",
            encode=encode_datetime("yyyymmddhhmi", "Asia/Seoul"),
            required=False,
        ),
        Parameter("month", "month", place="query", encode=encode_month, required=False),
        Parameter("time", "time", place="query", encode=encode_time, required=False),
    ),
    credentials=(Credential("api_key", "key", place="query", environment="TINY_KEY"),),
    formats={
        "json": FormatChoice(parameters={"type": "1"}, media_types=("application/json",)),
        "xml": FormatChoice(parameters={"type": "2"}, media_types=("text/xml",)),
    },
    reply=THINGS,
    check_request=check_find,
    envelope=ENVELOPE,
)
TAKE_THING: Operation[Thing] = Operation(
    system="tiny",
    name="take_thing",
    wire_name="takeThing",
    kind="read",
    method="GET",
    path="/tiny/things/{thingNo}",
    parameters=(Parameter("thing_number", "thingNo", place="path", encode=encode_text),),
    credentials=(Credential("api_key", "X-Key", place="header", environment="TINY_KEY"),),
    formats={"xml": FormatChoice()},
    reply=THINGS,
    check_request=check_take,
    envelope=BARE_ENVELOPE,
)
SAVE_THING: Operation[Saved] = Operation(
    system="tiny",
    name="save_thing",
    wire_name="saveThing",
    kind="write",
    method="POST",
    path="/tiny/save",
    parameters=(
        Parameter("amount", "amount", place="form", encode=encode_decimal),
        Parameter("pieces", "pieces", place="form", encode=encode_integer, required=False),
    ),
    credentials=(Credential("api_key", "key", place="form", environment="TINY_KEY"),),
    formats={"json": FormatChoice()},
    reply=ListReply(
        model=Saved, xml_root="Saved", list_name="saved", item_name="save", check=check_saved
    ),
    check_request=check_save,
    envelope=ENVELOPE,
)
OPERATIONS: tuple[Operation[Any], ...] = (FIND_THINGS, TAKE_THING, SAVE_THING)
FIND: Mapping[str, str] = {"owner": "O1", "day": "20241001", "key": "demo-service-key", "type": "1"}
