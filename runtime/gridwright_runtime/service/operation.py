"""Operations of a service as data. Never sends, never reads."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct, field

from ..errors import ProviderError
from ..look import Check
from ..record import Record

__all__ = [
    "HeaderField",
    "Media",
    "Provisional",
    "ServiceOperation",
    "ServiceReply",
    "ServiceRequest",
    "Soap",
    "StatusMeaning",
    "Variant",
    "Verdict",
]

RecordT = TypeVar("RecordT", bound=Record)
Media = Literal["none", "json", "multipart_form", "soap11"]


class Provisional(Struct, frozen=True):
    """An item whose name the document does not give, and under what name the mock knows it."""

    path: str
    """The Python path in the arguments, such as ``application_number``."""
    wire: str
    label: str
    """The document's own words."""
    source: str
    """Where the document shows it, such as ``line 37``."""


class ServiceRequest(Struct, frozen=True, kw_only=True):
    """What a call sends: one record, whose fields travel in the body unless told otherwise."""

    model: type[Record]
    """The arguments, as the generated method gathers them."""
    media: Media
    check: Check
    """Sees the whole record as it stands on the wire."""
    places: Mapping[str, Literal["path", "query", "header"]] = field(default_factory=dict)
    """Where a field travels that is not in the body, by wire name."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """The credentials that fill fields of the record, by the field's Python name."""
    provisional: tuple[Provisional, ...] = ()
    attachments: bool = False
    """Further parts may go along."""


class Variant(Struct, frozen=True, kw_only=True):
    """A form of a reply that some of its own codes decide."""

    when: Mapping[str, tuple[str, ...]]
    """The values that decide, by wire name; all must hold."""
    model: type[Record]
    """Extends the model of the reply."""


class ServiceReply(Struct, Generic[RecordT], frozen=True, kw_only=True):
    """What comes back: one record, which is the whole body."""

    model: type[RecordT]
    check: Check
    """Sees the whole reply as it stands on the wire."""
    variants: tuple[Variant, ...] = ()
    attachments: bool = False


class Verdict(Struct, frozen=True, kw_only=True):
    """What success is inside a reply, where the document says something about it."""

    code: str
    """The field with the provider's code; empty where there is none."""
    message: str
    """The field with the provider's words; empty where there is none."""
    success: Mapping[str, tuple[str, ...]]
    """The values of success, by field; an empty text also stands for a missing value."""
    errors: Mapping[str, type[ProviderError]] = field(default_factory=dict)
    """What a code becomes; any other is a `RejectedError`."""


class StatusMeaning(Struct, frozen=True):
    """What a documented HTTP status means."""

    error: type[ProviderError]
    gloss: str


class HeaderField(Struct, frozen=True, kw_only=True):
    """One element of the SOAP header."""

    wire: str
    source: Literal["credential", "uuid", "serial", "service", "option", "now"]
    """Who fills it: the account, a new identifier for each call, a number that only grows, the
    operation's wire name, an option of the client, or the clock."""
    name: str = ""
    """Python name of the credential or option."""
    pattern: str = ""
    """How an instant is written."""
    zone: str = "UTC"
    """Where the clock runs that an instant is written by."""


class Soap(Struct, frozen=True, kw_only=True):
    """How a call is put into a SOAP 1.1 envelope.

    The messages are classes that xsdata made of the generated schema; they are the ones on the
    wire, and the models are what a caller sees.
    """

    namespace: str
    request: type[Any]
    """Binds the element of the request."""
    reply: type[Any]
    """Binds the element of the reply."""
    header: type[Any]
    """Binds the header block."""
    header_fields: tuple[HeaderField, ...]
    action: str = ""
    provisional: tuple[Provisional, ...] = ()
    """What the document leaves open here, such as the namespace."""


class ServiceOperation(Struct, Generic[RecordT], frozen=True, kw_only=True, eq=False):
    """One operation of a system; compared and hashed by identity."""

    system: str
    name: str
    """The Python name."""
    wire_name: str
    kind: Literal["read", "write"]
    """A write is never sent twice."""
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    """Below the server's address, with ``{wire}`` for what travels there."""
    request: ServiceRequest
    reply: ServiceReply[RecordT]
    verdict: Verdict | None = None
    statuses: Mapping[int, StatusMeaning] = field(default_factory=dict)
    soap: Soap | None = None
    same: str = ""
    """Wire name of the request field that tells what a spacing limit is about."""

    @property
    def call(self) -> str:
        """The name for messages, e.g. ``kansai_takusou.attach_file``."""
        return f"{self.system}.{self.name}"

    def __repr__(self) -> str:
        return f"<ServiceOperation {self.call}>"
