"""One helper for each boundary: bodies, raw replies, clocks and clients."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, TypeVar

import httpx2

from gridwright_runtime.message import RawReply
from gridwright_runtime.operation import Format, Operation
from gridwright_runtime.reading import read_reply
from gridwright_runtime.record import Record
from gridwright_runtime.reply import Reply
from gridwright_runtime.retry import RetryPolicy

from .sample_api import (
    GET_DAY_PROFILE,
    QUARTER_HOURS,
    AsyncClient,
    Client,
    DayProfile,
)

RecordT = TypeVar("RecordT", bound=Record)
Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

KEY = "INVENTED-key/with+signs=0123456789"
CUSTOMER = "0123456789"
METER = "00012345678901234567"
DAY = date(2024, 10, 1)
NOW = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)

CONSENT_SENTENCE = (
    "고객이 해당서비스에 정보제공 동의한 날짜부터 조회가 가능합니다. 정보제공동의일 : 20240315"
)


class FakeClock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def day_record(**changes: object) -> dict[str, object]:
    """Return a day profile as the document says; a change to ``...`` takes the field away."""
    record: dict[str, object] = {
        "custNo": CUSTOMER,
        "meterNo": METER,
        "mr_ymd": "20241001",
        "multi_yn": "N",
        "hshcnt": 1,
        **{f"pwr_qty{label}": 31.5 for label in QUARTER_HOURS},
        **changes,
    }
    return {name: value for name, value in record.items() if value is not ...}


def json_body(records: object, **beside: object) -> bytes:
    return json.dumps({"dayInfoList": records, **beside}, ensure_ascii=False).encode()


HEADER = {
    "errMsg": None,
    "responseTime": "20241001:161425243",
    "returnCode": "00",
    "successYn": "Y",
}


def xml_body(
    records: Sequence[Mapping[str, object]],
    *,
    header: Mapping[str, object] | None = HEADER,
    root: str = "DayProfileResponse",
    list_name: str | None = "dayInfoList",
    item_name: str = "dayInfo",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    items = "".join(f"<{item_name}>{_elements(record)}</{item_name}>" for record in records)
    listed = f"<{list_name}>{items}</{list_name}>" if list_name else ""
    headed = f"<cmmMsgHeader>{_elements(header)}</cmmMsgHeader>" if header is not None else ""
    return f"{declaration}<{root}>{headed}{listed}</{root}>".encode()


def _elements(values: Mapping[str, object]) -> str:
    return "".join(
        f"<{name}/>" if value in (None, "") else f"<{name}>{value}</{name}>"
        for name, value in values.items()
    )


def raw(body: bytes, status: int = 200, **headers: str) -> RawReply:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return RawReply(status_code=status, headers=named, body=body, received_at=NOW)


def read(
    body: bytes,
    format: Format = "json",
    operation: Operation[RecordT] | None = None,
    status: int = 200,
    strict: bool = False,
    **headers: str,
) -> Reply[Any]:
    used: Operation[Any] = operation or GET_DAY_PROFILE
    return read_reply(used, raw(body, status, **headers), format=format, strict=strict)


def only(body: bytes, format: Format = "json", **more: Any) -> DayProfile:
    [record] = read(body, format, **more).records
    assert isinstance(record, DayProfile)
    return record


def rules(reply: Reply[Any]) -> list[str]:
    """Return path and rule of each deviation."""
    return [f"{problem.path} {problem.rule}" for problem in reply.deviations]


Handler = Callable[[httpx2.Request], httpx2.Response]


def respond(body: bytes, status: int = 200, **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: httpx2.Response(status, content=body, headers=named)


def call(kind: Kind, handler: Handler, method: str, /, **arguments: Any) -> Reply[Any]:
    """Make one call on a fresh client, sync or async; ``client`` holds what the client gets."""
    options = {
        "service_key": KEY,
        "clock": FakeClock(),
        "retry": RetryPolicy(random=lambda: 0.0),
        **arguments.pop("client", {}),
    }
    transport = httpx2.MockTransport(handler)
    if kind == "sync":
        with Client(transport=transport, **options) as client:
            found: Reply[Any] = getattr(client, method)(**arguments)
            return found

    async def run() -> Reply[Any]:
        async with AsyncClient(transport=transport, **options) as client:
            found: Reply[Any] = await getattr(client, method)(**arguments)
            return found

    return asyncio.run(run())


def get_day(kind: Kind, handler: Handler, **arguments: Any) -> Reply[Any]:
    return call(kind, handler, "get_day_profile", customer_number=CUSTOMER, date=DAY, **arguments)
