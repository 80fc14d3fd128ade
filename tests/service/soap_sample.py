"""A hand-written stand-in for a generated package of SOAP services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as item
from typing import Any, ClassVar

from msgspec import field

from gridwright_runtime.errors import ClosedHoursError, NotSubscribedError
from gridwright_runtime.look import Look
from gridwright_runtime.operation import Credential
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.result import Result
from gridwright_runtime.service.attachment import Attachment
from gridwright_runtime.service.client import AsyncServiceClient, ServiceClient
from gridwright_runtime.service.operation import (
    HeaderField,
    Provisional,
    ServiceOperation,
    ServiceReply,
    ServiceRequest,
    Soap,
    StatusMeaning,
    Variant,
)

NAMESPACE = "urn:sample"

# messages.py


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
class RequestMessage:
    class Meta:
        name = "statusRequest"
        namespace = NAMESPACE

    number: str | None = element("number")
    customer: str | None = element("customer")


@dataclass(kw_only=True)
class ReplyMessage:
    class Meta:
        name = "statusReply"
        namespace = NAMESPACE

    kind: str | None = element("kind")
    cost: str | None = element("cost")
    meter: str | None = element("meter")
    entry: list[str] = item(
        default_factory=list, metadata={"name": "entry", "type": "Element", "min_occurs": 0}
    )


# models.py


class StatusRequest(Record, frozen=True, kw_only=True):
    __personal__: ClassVar[frozenset[str]] = frozenset({"customer"})

    number: str | None = field(name="number", default=None)
    customer: str | None = field(name="customer", default=None)


class StatusReply(Record, frozen=True, kw_only=True):
    kind: str | None = field(name="kind", default=None)
    cost_jpy: int | None = field(name="cost", default=None)
    entries: list[str] | None = field(name="entry", default=None)


class StatusOfMeter(StatusReply, frozen=True, kw_only=True):
    meter: str | None = field(name="meter", default=None)


# validators.py


def check_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document="soap.txt")
    look.text("number", "number", "番号", "number", max_characters=8, required=True, line="3")
    look.text("customer", "customer", "", "customer", optional=True, personal=True)
    return look.problems()


def check_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path, document="soap.txt")
    look.text("kind", "kind", "", "kind", max_characters=8, optional=True)
    look.integer("cost", "cost_jpy", "", "cost", optional=True)
    look.text("meter", "meter", "", "meter", optional=True)
    look.values("entry", "entries", "", "entries", kind="text", optional=True)
    return look.problems()


# operations.py

HEADER_FIELDS = (
    HeaderField(wire="requestID", source="uuid"),
    HeaderField(wire="serviceID", source="service"),
    HeaderField(wire="ipAddress", source="option", name="ip_address"),
    HeaderField(
        wire="timeStamp", source="now", pattern="yyyy-MM-dd'T'HH:mm:ss.SSSZ", zone="Asia/Tokyo"
    ),
    HeaderField(wire="loginID", source="credential", name="login_id"),
    HeaderField(wire="password", source="credential", name="password"),
)
PROVISIONAL = Provisional("namespace", NAMESPACE, "", "soap.txt:9")


def operation(*provisional: Provisional, kind: Any = "read") -> ServiceOperation[StatusReply]:
    return ServiceOperation(
        system="soap_sample",
        name="get_status",
        wire_name="H232Provider",
        kind=kind,
        method="POST",
        path="/services/H232Provider",
        request=ServiceRequest(
            model=StatusRequest, media="soap11", check=check_request, attachments=True
        ),
        reply=ServiceReply(
            model=StatusReply,
            check=check_reply,
            variants=(Variant(when={"kind": ("meter",)}, model=StatusOfMeter),),
            attachments=True,
        ),
        statuses={
            403: StatusMeaning(NotSubscribedError, "there is no right of access"),
            503: StatusMeaning(ClosedHoursError, "the service is being maintained"),
        },
        soap=Soap(
            namespace=NAMESPACE,
            request=RequestMessage,
            reply=ReplyMessage,
            header=HeaderMessage,
            header_fields=HEADER_FIELDS,
            provisional=provisional,
        ),
    )


# client.py

_LOGIN_ID = Credential("login_id", "loginID", "header", "SOAP_SAMPLE_LOGIN_ID")
_PASSWORD = Credential("password", "password", "header", "SOAP_SAMPLE_PASSWORD")


class Client(ServiceClient):
    def __init__(
        self, *, login_id: str, password: str, ip_address: str | None, **rest: Any
    ) -> None:
        super().__init__(
            system="soap_sample",
            credentials=((_LOGIN_ID, login_id), (_PASSWORD, password)),
            options={"ip_address": ip_address},
            **rest,
        )

    def get_status(
        self,
        operation: ServiceOperation[StatusReply],
        payload: StatusRequest,
        attachments: Sequence[Attachment] = (),
    ) -> Result[StatusReply]:
        return self._send(operation, payload, attachments=attachments)


class AsyncClient(AsyncServiceClient):
    def __init__(
        self, *, login_id: str, password: str, ip_address: str | None, **rest: Any
    ) -> None:
        super().__init__(
            system="soap_sample",
            credentials=((_LOGIN_ID, login_id), (_PASSWORD, password)),
            options={"ip_address": ip_address},
            **rest,
        )

    async def get_status(
        self,
        operation: ServiceOperation[StatusReply],
        payload: StatusRequest,
        attachments: Sequence[Attachment] = (),
    ) -> Result[StatusReply]:
        return await self._send(operation, payload, attachments=attachments)
