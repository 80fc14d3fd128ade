"""Operations as data: everything a call needs to know. Never sends, never reads."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from .encoders import Encoder
from .errors import AuthenticationError, LimitError, ProviderError
from .look import Check
from .record import Record

__all__ = [
    "ConsentRule",
    "Credential",
    "Envelope",
    "ErrorRule",
    "Format",
    "FormatChoice",
    "ListReply",
    "Operation",
    "Parameter",
    "Place",
]

RecordT = TypeVar("RecordT", bound=Record)

Format = Literal["json", "xml"]
Place = Literal["query", "path", "header", "form"]


class Parameter(Struct, frozen=True):
    """One value that the caller gives."""

    name: str
    """The Python name."""
    wire: str
    place: Place
    encode: Encoder
    required: bool = True
    personal: bool = False
    secret: bool = False


class Credential(Struct, frozen=True):
    """One secret that the client holds and sends with every call."""

    name: str
    """The Python name, e.g. ``service_key``."""
    wire: str
    place: Place
    environment: str
    """The environment variable to take it from when the caller gives none."""


class FormatChoice(Struct, frozen=True):
    """How one format is asked for."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    """Wire names and values that ask for it, e.g. ``{"returnType": "02"}``."""
    media_types: tuple[str, ...] = ()
    """Sent as Accept; empty: nothing is said."""
    place: Place = "query"
    """Where the parameters go."""


class ErrorRule(Struct, frozen=True):
    """What a code of the provider means."""

    error: type[ProviderError]
    gloss: str = ""
    """The meaning in English; empty when nobody knows."""


class ConsentRule(Struct, frozen=True):
    """The sentence that says from which day on a customer has consented."""

    sentence: str
    """A part of it that never varies; blanks do not count."""
    date_pattern: str
    """A regular expression with one group: the day, written yyyymmdd."""


def _default_statuses() -> Mapping[int, ErrorRule]:
    return {
        401: ErrorRule(AuthenticationError, "the credentials are not accepted"),
        429: ErrorRule(LimitError, "too many requests"),
    }


class Envelope(Struct, frozen=True, kw_only=True, eq=False):
    """What surrounds the records, and what success is inside the body; compared by identity."""

    header_element: str
    header_formats: tuple[Format, ...] = ()
    """The formats in which a successful reply has the header."""
    header_fields: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    """Names seen on the wire beside the documented ones: ``{"sucessYn": "successYn"}``."""
    code: str
    """The field with the provider's code."""
    message: str
    """The field with the provider's words."""
    success: Mapping[str, tuple[str, ...]]
    """The values of success, by field; any other value is a failure."""
    errors: Mapping[str, ErrorRule] = field(default_factory=dict)
    """What is known of codes; any other code is a `RejectedError`."""
    consent: ConsentRule | None = None
    statuses: Mapping[int, ErrorRule] = field(default_factory=_default_statuses)
    """What HTTP statuses of failure mean where the body does not say more."""


class ListReply(Struct, Generic[RecordT], frozen=True, kw_only=True):
    """A reply that is a list of records."""

    model: type[RecordT]
    xml_root: str
    list_name: str
    """The list: a name of the JSON object, an element in XML."""
    item_name: str
    """One record of the list in XML."""
    check: Check


class Operation(Struct, Generic[RecordT], frozen=True, kw_only=True, eq=False):
    """One operation of a system; compared and hashed by identity, so that plans can be cached."""

    system: str
    name: str
    """The Python name."""
    wire_name: str
    kind: Literal["read", "write"]
    """A write is never sent twice."""
    method: Literal["GET", "POST"]
    path: str
    """Joined to the base address; ``{wire}`` stands for a parameter in the path."""
    parameters: tuple[Parameter, ...]
    credentials: tuple[Credential, ...]
    formats: Mapping[Format, FormatChoice]
    reply: ListReply[RecordT]
    check_request: Check
    """Sees the whole request as it stands on the wire, credentials and format included."""
    envelope: Envelope

    @property
    def call(self) -> str:
        """The name for messages, e.g. ``kepco_opm.get_day_load_profile``."""
        return f"{self.system}.{self.name}"

    def __repr__(self) -> str:
        return f"<Operation {self.call}>"
