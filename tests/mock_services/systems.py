"""Three small systems with the ids and names of the real ones: operations written by hand."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import field

from gridwright_runtime.errors import (
    NotSubscribedError,
    RejectedError,
    SystemFailureError,
    WrongAddressError,
)
from gridwright_runtime.limits.kinds import (
    ClosedHours,
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.look import Look
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.service.operation import (
    HeaderField,
    Media,
    ServiceOperation,
    ServiceReply,
    ServiceRequest,
    Soap,
    StatusMeaning,
    Variant,
    Verdict,
)
from gridwright_runtime.service.session_flow import SessionFlow
from gridwright_runtime.service.upload import Upload

if TYPE_CHECKING:
    LocalDatetime = datetime
else:
    from gridwright_runtime.local_times import local_instant

    LocalDatetime = local_instant("yyyy-MM-dd'T'HH:mm:ss", "Asia/Bangkok")

Check = Callable[[Mapping[str, object], str], list[Problem]]
STATUSES = {
    400: StatusMeaning(RejectedError, "the request is wrong"),
    403: StatusMeaning(NotSubscribedError, "no access"),
    404: StatusMeaning(WrongAddressError, "no such service"),
    500: StatusMeaning(SystemFailureError, "failed inside"),
}
CLOSED = ClosedHours(
    name="sunday_night", weekday="sunday", start="01:00", end="03:00", zone="Asia/Tokyo"
)


def texts(
    names: Mapping[str, str],
    *,
    required: tuple[str, ...] = (),
    size: int = 40,
    is_open: bool = False,
) -> Check:
    """Return a check of a record of texts: wire names and Python names."""

    def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
        look = Look(record, path)
        for wire, name in names.items():
            look.text(
                wire,
                name,
                name,
                name,
                max_characters=size,
                required=wire in required,
                optional=wire not in required,
            )
        found = look.problems()
        return [p for p in found if not is_open or p.rule != "unknown-field"]

    return check


# たくそう君: open JSON objects, and a form with a file.

NUMBER = "PROVISIONAL_application_number"
FILE = "PROVISIONAL_file"


class Application(Record, frozen=True, kw_only=True):
    __open__ = True

    application_number: str | None = field(name=NUMBER, default=None)
    items: Mapping[str, object] = field(default_factory=dict)


class Received(Application, frozen=True, kw_only=True):
    pass


class Attached(Record, frozen=True, kw_only=True):
    __open__ = True
    __personal__ = frozenset({"application_number"})

    application_number: str | None = field(name=NUMBER, default=None)
    file: Upload = field(name=FILE)
    items: Mapping[str, object] = field(default_factory=dict)


class Anything(Record, frozen=True, kw_only=True):
    __open__ = True

    items: Mapping[str, object] = field(default_factory=dict)


def check_file(record: Mapping[str, object], path: str = "") -> list[Problem]:
    if record.get(FILE) is not None:
        return []
    return [Problem(path="file", wire=FILE, rule="required", message="is required")]


def takusou(
    name: str,
    path: str,
    *,
    request: type[Record] = Application,
    media: Media = "json",
    check: Check | None = None,
) -> ServiceOperation[Any]:
    numbered = request is not Anything
    return ServiceOperation(
        system="kansai_takusou",
        name=name,
        wire_name=path,
        kind="read" if name.startswith("get") else "write",
        method="POST",
        path=f"/{path}",
        request=ServiceRequest(
            model=request,
            media=media,
            check=check or texts({NUMBER: "application_number"} if numbered else {}, is_open=True),
        ),
        reply=ServiceReply(
            model=Received if name.startswith("apply") else Anything, check=texts({}, is_open=True)
        ),
        statuses=STATUSES,
        same=NUMBER if numbered else "",
    )


TAKUSOU: tuple[ServiceOperation[Any], ...] = (
    takusou("apply_regular", "JojMshkm"),
    takusou("apply_housing_group", "ShdnMshkm"),
    takusou("report_completion", "ShnkoTdk"),
    takusou("attach_file", "FileTnpu", request=Attached, media="multipart_form", check=check_file),
    takusou("cancel_application", "MshkmTrkesh"),
    takusou("get_progress", "KoteiJohShtk"),
    takusou("get_housing_group_progress", "ShdnKoteiJohShtk"),
    takusou("get_contract_calculation", "KeiykSntiJohShtk"),
    takusou("get_notices", "OshrsJohShtk", request=Anything),
    takusou("add_notice", "OshrsJohTrk", request=Anything),
    takusou("mark_notice_read", "OshrsJohKdkTschi", request=Anything),
)
TAKUSOU_LIMITS = Limits(
    (
        CLOSED,
        SpacingLimit(
            name="same_application",
            wait_seconds=1.0,
            same="application_number",
            operations=("apply_regular", "report_completion", "cancel_application"),
        ),
        ConcurrencyLimit(
            name="two_at_once", at_most=2, operations=("apply_regular", "get_progress")
        ),
    )
)


# 各種申込WEB: SOAP with a login in the header.


class CompanyEquipment(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"supply_point_number"})

    selected_item_code: str | None = field(name="senNo", default=None)
    desired_visit_date: str | None = field(name="houmonBi", default=None)
    supply_point_number: str | None = field(name="chitenNo", default=None)


class Receipt(Record, frozen=True, kw_only=True):
    request_status: str | None = field(name="status", default=None)
    reception_message: str | None = field(name="message", default=None)
    application_number: str | None = field(name="uketsukeNo", default=None)


class Wanted(Record, frozen=True, kw_only=True):
    application_number: str | None = field(name="uketsukeNo", default=None)
    selected_item: str | None = field(name="senNo", default=None)


class Summary(Record, frozen=True, kw_only=True):
    application_number: str | None = field(name="uketsukeNo", default=None)
    work_stage: str | None = field(name="kotei", default=None)


class Listed(Record, frozen=True, kw_only=True):
    request_status: str | None = field(name="status", default=None)
    reception_message: str | None = field(name="message", default=None)
    applications: list[Summary] | None = field(name="ichiran", default=None)


class Status(Record, frozen=True, kw_only=True):
    request_status: str | None = field(name="status", default=None)
    reception_message: str | None = field(name="message", default=None)
    company_message: str | None = field(name="heisha", default=None)
    selected_item_code: str | None = field(name="senNo", default=None)


class VisitStatus(Status, frozen=True, kw_only=True):
    """The form of a status where the selected item is 77."""

    desired_visit_date: str | None = field(name="houmonBi", default=None)


def binding(element: str) -> type[Any]:
    """Return what xsdata would make of an element, as far as the mock looks at it."""
    return type(element, (), {"Meta": type("Meta", (), {"name": element})})


NAMESPACE = "urn:invented:kakusyu"
HEADER = (
    HeaderField(wire="requestID", source="uuid"),
    HeaderField(wire="serviceID", source="service"),
    HeaderField(wire="timeStamp", source="now"),
    HeaderField(wire="loginID", source="credential", name="login_id"),
    HeaderField(wire="password", source="credential", name="password"),
)


def kakusyu(
    name: str,
    service: str,
    request: type[Record],
    reply: type[Record],
    names: Mapping[str, str],
    *,
    attachments: bool = True,
    variants: tuple[Variant, ...] = (),
) -> ServiceOperation[Any]:
    return ServiceOperation(
        system="kansai_kakusyu",
        name=name,
        wire_name=service,
        kind="write" if name.startswith("apply") else "read",
        method="POST",
        path=f"/{service}",
        request=ServiceRequest(
            model=request, media="soap11", check=texts(names), attachments=attachments
        ),
        reply=ServiceReply(
            model=reply, check=texts({}), variants=variants, attachments=attachments
        ),
        statuses=STATUSES,
        soap=Soap(
            namespace=NAMESPACE,
            request=binding(f"{service}Request"),
            reply=binding(f"{service}Reply"),
            header=binding("Header"),
            header_fields=HEADER,
        ),
    )


KAKUSYU: tuple[ServiceOperation[Any], ...] = (
    kakusyu(
        "list_applications",
        "Ichiran",
        Wanted,
        Listed,
        {"uketsukeNo": "application_number", "senNo": "selected_item"},
        attachments=False,
    ),
    kakusyu(
        "get_application_status",
        "Jokyo",
        Wanted,
        Status,
        {"uketsukeNo": "application_number"},
        variants=(Variant(when={"senNo": ("77",)}, model=VisitStatus),),
    ),
    kakusyu(
        "apply_company_equipment",
        "Heisha",
        CompanyEquipment,
        Receipt,
        {
            "senNo": "selected_item_code",
            "houmonBi": "desired_visit_date",
            "chitenNo": "supply_point_number",
        },
    ),
)
KAKUSYU_LIMITS = Limits((RateLimit(name="one_a_second", requests=1, per_seconds=1.0), CLOSED))


# Thai power usage: GET with a session.


class Usage(Record, frozen=True, kw_only=True):
    energy_kwh: Decimal | None = field(name="kwh")
    amount_thb: Decimal | None = field(name="Amount")
    bill_date: LocalDatetime | None = field(name="billDate")


class Customer(Record, frozen=True, kw_only=True):
    usage_history: list[Usage] = field(name="usageHistory")
    district: str | None = field(name="distict")


class Bill(Record, frozen=True, kw_only=True):
    cost_thb: Decimal | None = field(name="Cost")


class Account(Record, frozen=True, kw_only=True):
    bills: list[Bill] = field(name="BillList")
    registration_date: str | None = field(name="RegisDate")


class PowerUsage(Record, frozen=True, kw_only=True):
    customers: list[Customer] | None = field(name="customerinfo", default=None)
    contract_accounts: list[Account] | None = field(name="CAList", default=None)
    error_message: str | None = field(name="error", default=None)
    citizen_id: str | None = field(name="id", default=None)
    row_count: int | None = field(name="rowCount", default=None)
    status: str | None = field(name="status", default=None)


class PowerUsageRequest(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"citizen_id"})

    citizen_id: str = field(name="CitizenID")


SESSION = SessionFlow(
    path="/api/v1/Authenticate/{AgentID}",
    header="Token",
    read=("header Token", "body Token", "body data.Token", "body"),
    lifetime_seconds=8 * 3600,
    send={"ClientID": "client_id", "ClientSecret": "client_secret"},
    places={"AgentID": "agent_id"},
    refused=(401,),
    never=("Authorized",),
)
THAI: tuple[ServiceOperation[Any], ...] = (
    ServiceOperation(
        system="thai_moi_power",
        name="get_power_usage",
        wire_name="PowerCapital",
        kind="read",
        method="GET",
        path="/api/v1/PowerCapital/{CitizenID}",
        request=ServiceRequest(
            model=PowerUsageRequest,
            media="none",
            check=texts({"CitizenID": "citizen_id"}, required=("CitizenID",), size=13),
            places={"CitizenID": "path"},
        ),
        reply=ServiceReply(model=PowerUsage, check=texts({}, is_open=True)),
        verdict=Verdict(code="status", message="error", success={"error": ("",)}),
    ),
)
THAI_LIMITS = Limits((RateLimit(name="ten_a_minute", requests=10, per_seconds=60.0),))
