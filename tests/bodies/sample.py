"""A hand-written stand-in for a generated package whose requests are bodies and need tickets.

A generated package has the same content in modules of their own: times, models, codes,
validators, operations, client.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import httpx2
from msgspec import field

from gridwright_runtime.body_operation import (
    BodyOperation,
    Pair,
    Pairs,
    RecordReply,
    RequestBody,
    ResultEnvelope,
)
from gridwright_runtime.clock import Clock
from gridwright_runtime.driver import Format
from gridwright_runtime.errors import AuthenticationError, RejectedError, SystemFailureError
from gridwright_runtime.instants import zoned_instant
from gridwright_runtime.look import Look
from gridwright_runtime.operation import Credential
from gridwright_runtime.paging import AsyncWalk, Pages, Walk
from gridwright_runtime.problems import Problem
from gridwright_runtime.reconcile import Found
from gridwright_runtime.record import Record
from gridwright_runtime.result import Result
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.ticket_driver import AsyncTicketClient, TicketClient
from gridwright_runtime.tickets.flow import ServiceTicketStep, TicketFlow, TicketStep

DOCUMENT = "sample.txt"
Environment = Literal["production", "test"]

# times.py

if TYPE_CHECKING:
    LocalInstant: TypeAlias = datetime
else:
    LocalInstant = zoned_instant("Europe/Istanbul")

# codes.py

POWER_TYPES = ("ACTIVE", "INDUCTIVE", "CAPACITIVE", "DEMAND")
REASONS = ("MEASURING_ERROR", "OTHER")
STATUSES = ("ACTIVE", "PASSIVE", "OLD_VERSION")


# models.py


class IndexRequest(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"metering_point_id"})

    period: LocalInstant = field(name="period")
    metering_point_id: int = field(name="meteringPointId")
    power_type: str = field(name="powerType")
    factor: Decimal = field(name="factor")
    first_t0: Decimal | None = field(name="firstT0", default=None)
    first_t1: Decimal | None = field(name="firstT1", default=None)
    reason: str | None = field(name="reason", default=None)
    description: str | None = field(name="description", default=None)
    is_estimated: bool | None = field(name="estimated", default=None)


class IndexRow(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"metering_point_id"})

    index_id: int | None = field(name="indexId", default=None)
    period: LocalInstant | None = field(name="period", default=None)
    metering_point_id: int | None = field(name="meteringPointId", default=None)
    power_type: str | None = field(name="powerType", default=None)
    factor: Decimal | None = field(name="factor", default=None)
    first_t0: Decimal | None = field(name="firstT0", default=None)
    first_t1: Decimal | None = field(name="firstT1", default=None)
    description: str | None = field(name="description", default=None)
    record_date: LocalInstant | None = field(name="recordDate", default=None)
    is_estimated: bool | None = field(name="estimated", default=None)
    status: str | None = field(name="status", default=None)
    state: str | None = field(name="state", default=None)


class SaveBody(Record, frozen=True, kw_only=True):
    indexes: list[IndexRequest] = field(name="indexes")


class SaveReplyBody(Record, frozen=True, kw_only=True):
    indexes: list[IndexRow] | None = field(name="indexes", default=None)


class Criterias(Record, frozen=True, kw_only=True):
    metering_point_id: int | None = field(name="meteringPointId", default=None)
    period: LocalInstant | None = field(name="period", default=None)


class Range(Record, frozen=True, kw_only=True):
    begin: int | None = field(name="begin", default=None)
    end: int | None = field(name="end", default=None)


class SearchBody(Record, frozen=True, kw_only=True):
    criterias: Criterias = field(name="criterias")
    range: Range | None = field(name="range", default=None)


class QueryInformation(Record, frozen=True, kw_only=True):
    begin: int | None = field(name="begin", default=None)
    count: int | None = field(name="count", default=None)
    end: int | None = field(name="end", default=None)


class SearchReplyBody(Record, frozen=True, kw_only=True):
    query_information: QueryInformation | None = field(name="queryInformation", default=None)
    indexes: list[IndexRow] | None = field(name="indexes", default=None)


class CancelBody(Record, frozen=True, kw_only=True):
    index_ids: list[int] = field(name="indexIds")


class CancelReplyBody(Record, frozen=True, kw_only=True):
    index_ids: list[int] | None = field(name="indexIds", default=None)


# validators.py


def check_pair(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text("key", "key", "key", "key", optional=True, line="130")
    look.text("value", "value", "value", "value", optional=True, line="131")
    return look.problems()


def check_index_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.instant("period", "period", "dönem", "period", required=True, line="10")
    look.integer(
        "meteringPointId",
        "metering_point_id",
        "ölçüm noktası",
        "metering point",
        required=True,
        personal=True,
        line="11",
    )
    look.code(
        "powerType", "power_type", "", "power type", codes=POWER_TYPES, required=True, line="12"
    )
    look.decimal("factor", "factor", "çarpan", "factor", required=True, line="13")
    look.decimal("firstT0", "first_t0", "", "first T0", optional=True, line="14")
    look.decimal("firstT1", "first_t1", "", "first T1", optional=True, line="15")
    look.code("reason", "reason", "", "reason", codes=REASONS, optional=True, line="16")
    look.text("description", "description", "açıklama", "description", optional=True, line="17")
    look.boolean("estimated", "is_estimated", "", "estimated", optional=True, line="18")
    return look.problems()


def check_index_row(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.integer("indexId", "index_id", "", "index", optional=True)
    look.instant("period", "period", "dönem", "period", optional=True)
    look.integer("meteringPointId", "metering_point_id", "", "", optional=True, personal=True)
    look.code("powerType", "power_type", "", "power type", codes=POWER_TYPES, optional=True)
    look.decimal("factor", "factor", "", "factor", optional=True)
    look.decimal("firstT0", "first_t0", "", "first T0", optional=True)
    look.decimal("firstT1", "first_t1", "", "first T1", optional=True)
    look.text("description", "description", "", "description", optional=True)
    look.instant("recordDate", "record_date", "", "record date", optional=True)
    look.boolean("estimated", "is_estimated", "", "estimated", optional=True)
    look.code("status", "status", "", "status", codes=STATUSES, optional=True)
    look.text("state", "state", "", "state", optional=True)
    return look.problems()


def check_save_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.records(
        "indexes", "indexes", "", "indexes", check=check_index_request, some=True, required=True
    )
    return look.problems()


def check_save_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(request, path, document=DOCUMENT)
    look.records("header", "header", "", "header", check=check_pair, optional=True)
    look.record("body", "body", "", "body", check=check_save_body, required=True)
    look.required_if(
        "body.indexes.description",
        "body.indexes.description",
        "açıklama",
        "description",
        when={"body.indexes.reason": ("OTHER",)},
        line="20",
    )
    look.forbidden(
        "body.indexes.powerType",
        "body.indexes.power_type",
        "",
        "power type",
        values=("DEMAND",),
        line="21",
    )
    return look.problems()


def check_rows_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.record(
        "queryInformation",
        "query_information",
        "",
        "query information",
        check=check_query_information,
        optional=True,
    )
    look.records("indexes", "indexes", "", "indexes", check=check_index_row, optional=True)
    return look.problems()


def check_query_information(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    for name in ("begin", "count", "end"):
        look.integer(name, name, "", name, optional=True)
    return look.problems()


def check_rows_reply(reply: Mapping[str, object], path: str = "") -> list[Problem]:
    return _reply(reply, path, check_rows_body)


def check_criterias(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.integer("meteringPointId", "metering_point_id", "", "", optional=True, personal=True)
    look.instant("period", "period", "dönem", "period", optional=True)
    return look.problems()


def check_range(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.integer("begin", "begin", "", "begin", optional=True)
    look.integer("end", "end", "", "end", optional=True)
    return look.problems()


def check_search_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.record("criterias", "criterias", "", "criterias", check=check_criterias, required=True)
    look.record("range", "range", "", "range", check=check_range, optional=True)
    return look.problems()


def check_search_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    return _request(request, path, check_search_body)


def check_cancel_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.values("indexIds", "index_ids", "", "index ids", kind="integer", some=True, required=True)
    return look.problems()


def check_cancel_request(request: Mapping[str, object], path: str = "") -> list[Problem]:
    return _request(request, path, check_cancel_body)


def check_cancel_reply_body(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.values("indexIds", "index_ids", "", "index ids", kind="integer", optional=True)
    return look.problems()


def check_cancel_reply(reply: Mapping[str, object], path: str = "") -> list[Problem]:
    return _reply(reply, path, check_cancel_reply_body)


def _request(
    request: Mapping[str, object], path: str, check: Callable[..., list[Problem]]
) -> list[Problem]:
    look = Look(request, path, document=DOCUMENT)
    look.records("header", "header", "", "header", check=check_pair, optional=True)
    look.record("body", "body", "", "body", check=check, required=True)
    return look.problems()


def _reply(
    reply: Mapping[str, object], path: str, check: Callable[..., list[Problem]]
) -> list[Problem]:
    look = Look(reply, path, document=DOCUMENT)
    look.text("resultCode", "result_code", "", "result code", required=True)
    look.text("resultDescription", "result_description", "", "description", required=True)
    look.code(
        "resultType",
        "result_type",
        "",
        "result type",
        codes=("SUCCESS", "BUSINESSERROR", "SYSTEMERROR", "SECURITYERROR"),
        required=True,
    )
    look.record("body", "body", "", "body", check=check, optional=True)
    return look.problems()


# operations.py

TICKETS = TicketFlow(
    grant=TicketStep(
        address={
            "production": "https://cas.sample.example/cas/v1/tickets?format=text",
            "test": "https://testcas.sample.example/cas/v1/tickets?format=text",
        },
        success_status=201,
        lifetime_seconds=2700,
        counts_from="last_use",
    ),
    service=ServiceTicketStep(
        address={
            "production": "https://cas.sample.example/cas/v1/tickets/{tgt}",
            "test": "https://testcas.sample.example/cas/v1/tickets/{tgt}",
        },
        service={
            "production": "https://api.sample.example",
            "test": "https://testapi.sample.example",
        },
        success_status=200,
        lifetime_seconds=30,
    ),
    header="sample-ticket",
)
ENVELOPE = ResultEnvelope(
    payload="body",
    code="resultCode",
    message="resultDescription",
    kind="resultType",
    success={"resultCode": ("0",), "resultType": ("SUCCESS",)},
    kinds={
        "BUSINESSERROR": RejectedError,
        "SYSTEMERROR": SystemFailureError,
        "SECURITYERROR": AuthenticationError,
    },
    pairs=Pairs(
        field="header",
        key="key",
        value="value",
        fill=(
            Pair("transactionId", "transaction_id", "uuid"),
            Pair("application", "application", "option"),
            Pair("clientIp", "client_ip", "option"),
        ),
    ),
)
SAVE: BodyOperation[SaveReplyBody] = BodyOperation(
    system="sample",
    name="save_indexes",
    wire_name="/index/save",
    kind="write",
    method="POST",
    path="/index/save",
    body=RequestBody(model=SaveBody, payload="body", xml_root="indexSaveRequest"),
    reply=RecordReply(model=SaveReplyBody, xml_root="indexSaveResponse", check=check_rows_reply),
    check_request=check_save_request,
    envelope=ENVELOPE,
)
SEARCH: BodyOperation[SearchReplyBody] = BodyOperation(
    system="sample",
    name="search_indexes",
    wire_name="/index/search",
    kind="read",
    method="POST",
    path="/index/search",
    body=RequestBody(model=SearchBody, payload="body", xml_root="indexSearchRequest"),
    reply=RecordReply(
        model=SearchReplyBody, xml_root="indexSearchResponse", check=check_rows_reply
    ),
    check_request=check_search_request,
    envelope=ENVELOPE,
)
SEARCH_PAGES = Pages(records="indexes", total="query_information.count", key="index_id")
CANCEL: BodyOperation[CancelReplyBody] = BodyOperation(
    system="sample",
    name="cancel_indexes",
    wire_name="/index/cancel",
    kind="write",
    method="POST",
    path="/index/cancel",
    body=RequestBody(model=CancelBody, payload="body", xml_root="indexCancelRequest"),
    reply=RecordReply(
        model=CancelReplyBody, xml_root="indexCancelResponse", check=check_cancel_reply
    ),
    check_request=check_cancel_request,
    envelope=ENVELOPE,
)

# client.py

_USERNAME = Credential("username", "username", "form", "SAMPLE_USERNAME")
_PASSWORD = Credential("password", "password", "form", "SAMPLE_PASSWORD")
_ADDRESSES = {
    "production": "https://api.sample.example/rest",
    "test": "https://testapi.sample.example/rest",
}


_RETRY = RetryPolicy()


class Client(TicketClient):
    def __init__(
        self,
        *,
        username: str | None = None,
        password: str | None = None,
        environment: Environment = "production",
        application: str = "gridwright",
        client_ip: str | None = None,
        language: str = "tr-tr",
        base_url: str | None = None,
        ticket_url: str | None = None,
        retry: RetryPolicy = _RETRY,
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        format: Format = "json",
        strict: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(
            system="sample",
            tickets=TICKETS,
            credentials=((_USERNAME, username), (_PASSWORD, password)),
            environment=environment,
            addresses=_ADDRESSES,
            base_url=base_url,
            ticket_url=ticket_url,
            options={"application": application, "client_ip": client_ip},
            language=language,
            retry=retry,
            transport=transport,
            clock=clock,
            new_id=new_id,
            format=format,
            strict=strict,
            **rest,
        )

    def save_indexes(
        self,
        *,
        indexes: Sequence[IndexRequest],
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[SaveReplyBody]:
        return self._send(
            SAVE, SaveBody(indexes=list(indexes)), transaction_id, format, strict, timeout_seconds
        )

    def search_indexes(
        self,
        *,
        criterias: Criterias,
        range: Range | None = None,
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[SearchReplyBody]:
        body = SearchBody(criterias=criterias, range=range)
        return self._send(SEARCH, body, transaction_id, format, strict, timeout_seconds)

    def cancel_indexes(
        self,
        *,
        index_ids: Sequence[int],
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[CancelReplyBody]:
        body = CancelBody(index_ids=list(index_ids))
        return self._send(CANCEL, body, transaction_id, format, strict, timeout_seconds)

    def iter_index_readings(
        self,
        *,
        criterias: Criterias,
        begin: int = 1,
        page_size: int = 1000,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Walk[IndexRow]:
        return self._walk(
            SEARCH,
            SEARCH_PAGES,
            lambda first, last: SearchBody(criterias=criterias, range=Range(begin=first, end=last)),
            begin,
            page_size,
            format,
            strict,
            timeout_seconds,
        )

    def find_saved_indexes(
        self,
        indexes: Sequence[IndexRequest],
        *,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[IndexRequest, IndexRow]]:
        return self._find_saved(
            SEARCH,
            SEARCH_PAGES,
            lambda sent, first, last: SearchBody(
                criterias=Criterias(metering_point_id=sent.metering_point_id, period=sent.period),
                range=Range(begin=first, end=last),
            ),
            indexes,
            by=("metering_point_id", "period"),
            standing={"status": ("ACTIVE",)},
            format=format,
            timeout_seconds=timeout_seconds,
        )


class AsyncClient(AsyncTicketClient):
    def __init__(
        self,
        *,
        username: str | None = None,
        password: str | None = None,
        environment: Environment = "production",
        application: str = "gridwright",
        client_ip: str | None = None,
        language: str = "tr-tr",
        base_url: str | None = None,
        ticket_url: str | None = None,
        retry: RetryPolicy = _RETRY,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        new_id: Callable[[], str] | None = None,
        format: Format = "json",
        strict: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(
            system="sample",
            tickets=TICKETS,
            credentials=((_USERNAME, username), (_PASSWORD, password)),
            environment=environment,
            addresses=_ADDRESSES,
            base_url=base_url,
            ticket_url=ticket_url,
            options={"application": application, "client_ip": client_ip},
            language=language,
            retry=retry,
            transport=transport,
            clock=clock,
            new_id=new_id,
            format=format,
            strict=strict,
            **rest,
        )

    async def save_indexes(
        self,
        *,
        indexes: Sequence[IndexRequest],
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[SaveReplyBody]:
        return await self._send(
            SAVE, SaveBody(indexes=list(indexes)), transaction_id, format, strict, timeout_seconds
        )

    async def search_indexes(
        self,
        *,
        criterias: Criterias,
        range: Range | None = None,
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[SearchReplyBody]:
        body = SearchBody(criterias=criterias, range=range)
        return await self._send(SEARCH, body, transaction_id, format, strict, timeout_seconds)

    async def cancel_indexes(
        self,
        *,
        index_ids: Sequence[int],
        transaction_id: str | None = None,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[CancelReplyBody]:
        body = CancelBody(index_ids=list(index_ids))
        return await self._send(CANCEL, body, transaction_id, format, strict, timeout_seconds)

    def iter_index_readings(
        self,
        *,
        criterias: Criterias,
        begin: int = 1,
        page_size: int = 1000,
        format: Format | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> AsyncWalk[IndexRow]:
        return self._walk(
            SEARCH,
            SEARCH_PAGES,
            lambda first, last: SearchBody(criterias=criterias, range=Range(begin=first, end=last)),
            begin,
            page_size,
            format,
            strict,
            timeout_seconds,
        )

    async def find_saved_indexes(
        self,
        indexes: Sequence[IndexRequest],
        *,
        format: Format | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Found[IndexRequest, IndexRow]]:
        return await self._find_saved(
            SEARCH,
            SEARCH_PAGES,
            lambda sent, first, last: SearchBody(
                criterias=Criterias(metering_point_id=sent.metering_point_id, period=sent.period),
                range=Range(begin=first, end=last),
            ),
            indexes,
            by=("metering_point_id", "period"),
            standing={"status": ("ACTIVE",)},
            format=format,
            timeout_seconds=timeout_seconds,
        )
