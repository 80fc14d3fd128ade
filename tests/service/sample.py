"""A hand-written stand-in for a generated package of a system of services.

A generated package has the same content in modules of their own: times, models, codes,
validators, operations, client.
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import httpx2
from msgspec import field

from gridwright_runtime.clock import Clock
from gridwright_runtime.errors import (
    ClosedHoursError,
    NotSubscribedError,
    RejectedError,
    SystemFailureError,
    WrongAddressError,
)
from gridwright_runtime.limits.kinds import ClosedHours, ConcurrencyLimit, Limits, SpacingLimit
from gridwright_runtime.limits.store import LimitStore
from gridwright_runtime.local_times import local_instant
from gridwright_runtime.look import Look
from gridwright_runtime.operation import Credential
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.result import Result
from gridwright_runtime.retry import RetryPolicy
from gridwright_runtime.service.client import AsyncServiceClient, ServiceClient
from gridwright_runtime.service.operation import (
    Provisional,
    ServiceOperation,
    ServiceReply,
    ServiceRequest,
    StatusMeaning,
    Variant,
    Verdict,
)
from gridwright_runtime.service.session_flow import SessionFlow
from gridwright_runtime.service.upload import Progress, Upload
from gridwright_runtime.access.store import TicketStore
from gridwright_runtime.values import Yyyymmdd

DOCUMENT = "sample.txt"

# times.py

if TYPE_CHECKING:
    LocalInstant: TypeAlias = datetime
else:
    LocalInstant = local_instant("yyyy-MM-dd'T'HH:mm:ss", "Asia/Bangkok")


# models.py


class PowerUsageRequest(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"citizen_id"})

    citizen_id: str = field(name="CitizenID")
    year: int | None = field(name="year", default=None)
    channel: str | None = field(name="X-Channel", default=None)


class Usage(Record, frozen=True, kw_only=True):
    __filler__: ClassVar[Mapping[str, str]] = {"kwh": "0", "Amount": "0", "billDate": ""}

    energy_kwh: Decimal | None = field(name="kwh", default=None)
    amount_thb: Decimal | None = field(name="Amount", default=None)
    bill_date: LocalInstant | None = field(name="billDate", default=None)


class Customer(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"name"})

    usage_history: list[Usage] | None = field(name="usageHistory", default=None)
    name: str | None = field(name="name1", default=None)
    district: str | None = field(name="distict", default=None)


class PowerUsage(Record, frozen=True, kw_only=True):
    customers: list[Customer] | None = field(name="customerinfo", default=None)
    error: str | None = field(name="error", default=None)
    row_count: int | None = field(name="rowCount", default=None)
    status_detail: str | None = field(name="statusDetail", default=None)


class Equipment(Record, frozen=True, kw_only=True):
    __open__: ClassVar[bool] = True

    code: str | None = field(name="PROVISIONAL_code", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


class ApplyRequest(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"applicant_name"})
    __open__: ClassVar[bool] = True

    application_number: str | None = field(name="PROVISIONAL_application_number", default=None)
    applicant_name: str | None = field(name="applicantName", default=None)
    wanted_on: Yyyymmdd | None = field(name="wantedOn", default=None)
    capacity_kw: Decimal | None = field(name="capacity", default=None)
    equipment: list[Equipment] | None = field(name="equipment", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


class ApplicationStatus(Record, frozen=True, kw_only=True):
    __open__: ClassVar[bool] = True

    kind: str | None = field(name="kind", default=None)
    application_number: str | None = field(name="PROVISIONAL_application_number", default=None)
    items: Mapping[str, object] = field(name="", default_factory=dict)


class StatusOfMeter(ApplicationStatus, frozen=True, kw_only=True):
    meter: str | None = field(name="meter", default=None)


class AttachRequest(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"drawing"})

    number: str = field(name="number")
    drawing: Upload = field(name="file")
    pages: list[Upload] | None = field(name="pages", default=None)


class Attached(Record, frozen=True, kw_only=True):
    file_number: str | None = field(name="fileNumber", default=None)


# validators.py


def check_power_usage_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text(
        "CitizenID",
        "citizen_id",
        "เลขบัตรประชาชน",
        "citizen number",
        max_characters=13,
        required=True,
        personal=True,
        line="72",
    )
    look.integer("year", "year", "", "year", optional=True)
    look.text("X-Channel", "channel", "", "channel", optional=True)
    return look.problems()


def check_usage(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.decimal("kwh", "energy_kwh", "", "energy", precision=9, scale=0)
    look.decimal("Amount", "amount_thb", "", "amount")
    look.date("billDate", "bill_date", "", "day of the bill", pattern="yyyy-MM-dd'T'HH:mm:ss")
    return look.problems()


def check_customer(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.records("usageHistory", "usage_history", "", "bills", check=check_usage, optional=True)
    look.text("name1", "name", "", "name", optional=True, personal=True)
    look.text("distict", "district", "", "district", optional=True)
    return look.problems()


def check_power_usage_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.records("customerinfo", "customers", "", "customers", check=check_customer, optional=True)
    look.text("error", "error", "", "error", optional=True)
    look.integer("rowCount", "row_count", "", "count", optional=True)
    look.text("statusDetail", "status_detail", "", "detail", optional=True)
    return look.problems()


def check_equipment(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text("PROVISIONAL_code", "code", "コード", "code", optional=True)
    return look.problems(open=True)


def check_apply_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text(
        "PROVISIONAL_application_number",
        "application_number",
        "申込番号",
        "application number",
        max_characters=8,
        optional=True,
        line="37",
    )
    look.text("applicantName", "applicant_name", "氏名", "name", max_characters=10, optional=True)
    look.date("wantedOn", "wanted_on", "", "wanted on", optional=True)
    look.decimal("capacity", "capacity_kw", "", "capacity", precision=6, scale=2, optional=True)
    look.records("equipment", "equipment", "", "equipment", check=check_equipment, optional=True)
    return look.problems(open=True)


def check_status_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text("kind", "kind", "", "kind", optional=True)
    look.text("meter", "meter", "", "meter", max_characters=3, optional=True)
    return look.problems(open=True)


def check_attach_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text("number", "number", "", "number", required=True)
    look.upload("file", "drawing", "図面", "drawing", required=True)
    look.values("pages", "pages", "", "pages", kind="file", optional=True)
    return look.problems()


def check_attach_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document=DOCUMENT)
    look.text("fileNumber", "file_number", "", "file number", optional=True)
    return look.problems()


# operations.py

STATUSES = {
    400: StatusMeaning(RejectedError, "the request is not as documented"),
    402: StatusMeaning(NotSubscribedError, "this service is not subscribed to"),
    404: StatusMeaning(WrongAddressError, "there is no such service"),
    500: StatusMeaning(SystemFailureError, "the service failed"),
    503: StatusMeaning(ClosedHoursError, "the service is being maintained"),
}
SESSION = SessionFlow(
    path="/api/v1/Authenticate/{AgentID}",
    header="Token",
    read=("header Token", "body Token", "body data.token", "body"),
    lifetime_seconds=28800,
    send={"ClientID": "client_id", "ClientSecret": "client_secret"},
    places={"AgentID": "agent_id"},
    never=("Authorized",),
)
POWER_USAGE: ServiceOperation[PowerUsage] = ServiceOperation(
    system="sample",
    name="get_power_usage",
    wire_name="PowerCapital",
    kind="read",
    method="GET",
    path="/api/v1/PowerCapital/{CitizenID}",
    request=ServiceRequest(
        model=PowerUsageRequest,
        media="none",
        check=check_power_usage_request,
        places={"CitizenID": "path", "year": "query", "X-Channel": "header"},
    ),
    reply=ServiceReply(model=PowerUsage, check=check_power_usage_reply),
    verdict=Verdict(code="", message="statusDetail", success={"error": ("",)}),
    statuses=STATUSES,
)
_APPLY = ServiceRequest(
    model=ApplyRequest,
    media="json",
    check=check_apply_request,
    provisional=(
        Provisional(
            "application_number", "PROVISIONAL_application_number", "申込番号", "sample.txt:37"
        ),
        Provisional("equipment.code", "PROVISIONAL_code", "コード", "sample.txt:38"),
    ),
)
APPLY: ServiceOperation[ApplicationStatus] = ServiceOperation(
    system="sample",
    name="apply",
    wire_name="JojMshkm",
    kind="write",
    method="POST",
    path="/api/JojMshkm",
    request=_APPLY,
    reply=ServiceReply(
        model=ApplicationStatus,
        check=check_status_reply,
        variants=(Variant(when={"kind": ("01", "02")}, model=StatusOfMeter),),
    ),
    statuses=STATUSES,
    same="PROVISIONAL_application_number",
)
STATUS: ServiceOperation[ApplicationStatus] = ServiceOperation(
    system="sample",
    name="get_status",
    wire_name="KoteiJohShtk",
    kind="read",
    method="POST",
    path="/api/KoteiJohShtk",
    request=_APPLY,
    reply=APPLY.reply,
    statuses=STATUSES,
    same="PROVISIONAL_application_number",
)
ATTACH: ServiceOperation[Attached] = ServiceOperation(
    system="sample",
    name="attach_file",
    wire_name="FileTnpu",
    kind="write",
    method="POST",
    path="/api/FileTnpu",
    request=ServiceRequest(model=AttachRequest, media="multipart_form", check=check_attach_request),
    reply=ServiceReply(model=Attached, check=check_attach_reply),
    statuses=STATUSES,
)
LIMITS = Limits(
    (
        ConcurrencyLimit(name="at_once", at_most=8, operations=("apply", "get_status")),
        SpacingLimit(
            name="same_application",
            wait_seconds=1,
            same="application_number",
            operations=("apply",),
        ),
        ClosedHours(name="sunday", weekday="sunday", start="01:00", end="03:00", zone="Asia/Tokyo"),
    )
)

# client.py

CLIENT_ID = Credential("client_id", "ClientID", "form", "SAMPLE_CLIENT_ID")
CLIENT_SECRET = Credential("client_secret", "ClientSecret", "form", "SAMPLE_CLIENT_SECRET")
AGENT_ID = Credential("agent_id", "AgentID", "path", "SAMPLE_AGENT_ID")


class Client(ServiceClient):
    """A client with a session, a login of its own, or neither, as its arguments say."""

    def __init__(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        agent_id: str | None = None,
        base_url: str | None = None,
        session: SessionFlow | None = None,
        session_folder: str | Path | None = None,
        session_store: TicketStore | None = None,
        limits: Limits | None = None,
        company: str = "",
        wait_for_turn: bool = True,
        limit_store: LimitStore | None = None,
        ssl_context: ssl.SSLContext | None = None,
        timeout_seconds: float = 30.0,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008  # frozen
        transport: httpx2.BaseTransport | None = None,
        clock: Clock | None = None,
        strict: bool = False,
        new_boundary: Callable[[], str] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(
            system="sample",
            credentials=_credentials(session, client_id, client_secret, agent_id),
            base_url=base_url,
            no_address="the document prints an address that nobody confirmed (line 12)",
            session=session,
            session_folder=session_folder,
            session_store=session_store,
            limits=limits,
            company=company,
            wait_for_turn=wait_for_turn,
            limit_store=limit_store,
            ssl_context=ssl_context,
            timeout_seconds=timeout_seconds,
            retry=retry,
            transport=transport,
            clock=clock,
            strict=strict,
            new_boundary=new_boundary,
            **rest,
        )

    def get_power_usage(
        self,
        *,
        citizen_id: str,
        year: int | None = None,
        channel: str | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[PowerUsage]:
        payload = PowerUsageRequest(citizen_id=citizen_id, year=year, channel=channel)
        return self._send(POWER_USAGE, payload, strict=strict, timeout_seconds=timeout_seconds)

    def apply(self, **arguments: Any) -> Result[ApplicationStatus]:
        return self._send(APPLY, ApplyRequest(**arguments))

    def get_status(self, **arguments: Any) -> Result[ApplicationStatus]:
        return self._send(STATUS, ApplyRequest(**arguments))

    def attach_file(
        self,
        *,
        number: str,
        drawing: Upload,
        pages: Sequence[Upload] | None = None,
        progress: Progress | None = None,
    ) -> Result[Attached]:
        payload = AttachRequest(
            number=number, drawing=drawing, pages=None if pages is None else list(pages)
        )
        return self._send(ATTACH, payload, progress=progress)


class AsyncClient(AsyncServiceClient):
    """The async twin of `Client`."""

    def __init__(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        agent_id: str | None = None,
        base_url: str | None = None,
        session: SessionFlow | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(
            system="sample",
            credentials=_credentials(session, client_id, client_secret, agent_id),
            base_url=base_url,
            no_address="the document prints an address that nobody confirmed (line 12)",
            session=session,
            transport=transport,
            **rest,
        )

    async def get_power_usage(
        self,
        *,
        citizen_id: str,
        year: int | None = None,
        channel: str | None = None,
        strict: bool | None = None,
        timeout_seconds: float | None = None,
    ) -> Result[PowerUsage]:
        payload = PowerUsageRequest(citizen_id=citizen_id, year=year, channel=channel)
        return await self._send(
            POWER_USAGE, payload, strict=strict, timeout_seconds=timeout_seconds
        )

    async def apply(self, **arguments: Any) -> Result[ApplicationStatus]:
        return await self._send(APPLY, ApplyRequest(**arguments))

    async def get_status(self, **arguments: Any) -> Result[ApplicationStatus]:
        return await self._send(STATUS, ApplyRequest(**arguments))

    async def attach_file(
        self,
        *,
        number: str,
        drawing: Upload,
        pages: Sequence[Upload] | None = None,
        progress: Progress | None = None,
    ) -> Result[Attached]:
        payload = AttachRequest(
            number=number, drawing=drawing, pages=None if pages is None else list(pages)
        )
        return await self._send(ATTACH, payload, progress=progress)


def _credentials(
    session: SessionFlow | None, *values: str | None
) -> tuple[tuple[Credential, str | None], ...]:
    if session is None:
        return ()
    return tuple(zip((CLIENT_ID, CLIENT_SECRET, AGENT_ID), values, strict=True))


DAY = date(2024, 10, 1)
