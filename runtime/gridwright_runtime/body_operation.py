"""Operations whose request is a body, as data. Never sends, never reads."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from .errors import ProviderError
from .look import Check
from .record import Record

__all__ = [
    "BodyOperation",
    "Pair",
    "Pairs",
    "RecordReply",
    "RequestBody",
    "ResultEnvelope",
]

RecordT = TypeVar("RecordT", bound=Record)


class Pair(Struct, frozen=True):
    """One pair of key and value that every request carries."""

    key: str
    name: str
    """The Python name of the client's option, where ``source`` is option."""
    source: Literal["uuid", "option"]


class Pairs(Struct, frozen=True, kw_only=True):
    """Where the pairs stand: a list of the body, and the names of its two fields."""

    field: str
    key: str
    value: str
    fill: tuple[Pair, ...]


class ResultEnvelope(Struct, frozen=True, kw_only=True, eq=False):
    """What surrounds the payload of a reply, and what success is; compared by identity."""

    payload: str
    code: str
    """The field with the provider's code."""
    message: str
    """The field with the provider's words."""
    kind: str
    """The field with the kind of failure."""
    success: Mapping[str, tuple[str, ...]]
    """The values of success, by field."""
    kinds: Mapping[str, type[ProviderError]] = field(default_factory=dict)
    """What a kind of failure becomes; any other is a `RejectedError`."""
    pairs: Pairs | None = None


class RequestBody(Struct, frozen=True, kw_only=True):
    """The body of a request."""

    model: type[Record]
    """The payload, as the caller gives it."""
    payload: str
    """The field of the body that holds it."""
    xml_root: str
    nulls: Literal["omit", "write"] = "omit"
    """Whether a missing optional value is left out, or written as null and empty element."""


class RecordReply(Struct, Generic[RecordT], frozen=True, kw_only=True):
    """A reply whose payload is one record."""

    model: type[RecordT]
    xml_root: str
    check: Check
    """Sees the whole reply as it stands on the wire."""


class BodyOperation(Struct, Generic[RecordT], frozen=True, kw_only=True, eq=False):
    """One operation of a system; compared and hashed by identity."""

    system: str
    name: str
    """The Python name."""
    wire_name: str
    kind: Literal["read", "write"]
    """A write is never sent twice."""
    method: Literal["POST", "PUT"]
    path: str
    body: RequestBody
    reply: RecordReply[RecordT]
    check_request: Check
    """Sees the whole body as it stands on the wire."""
    envelope: ResultEnvelope

    @property
    def call(self) -> str:
        """The name for messages, e.g. ``epias_ecms.save_indexes``."""
        return f"{self.system}.{self.name}"

    def __repr__(self) -> str:
        return f"<BodyOperation {self.call}>"
