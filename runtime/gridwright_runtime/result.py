"""The reply to a call that brings one record: the record, the verdict, the raw reply."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .base_reply import BaseReply
from .message import RawReply
from .problems import Deviation
from .record import Record

if TYPE_CHECKING:
    from .errors import ItemFailure
    from .multipart.attachment import Attachment

__all__ = ["Result", "ResultBeside"]

BodyT = TypeVar("BodyT", bound=Record)
BesideT = TypeVar("BesideT", bound=Record)


class Result(BaseReply, Generic[BodyT]):
    """One successful reply; equal to another when the bodies are."""

    __slots__ = (
        "attachments",
        "body",
        "code",
        "description",
        "failures",
        "transaction_id",
    )
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        body: BodyT | None,
        *,
        raw: RawReply,
        code: str | None,
        description: str | None,
        transaction_id: str,
        find_deviations: Callable[[], Sequence[Deviation]] = tuple,
        attachments: "Sequence[Attachment]" = (),
        failures: "Sequence[ItemFailure]" = (),
    ) -> None:
        super().__init__(raw, find_deviations, None)
        self.body = body
        """The payload; None when the provider sent none."""
        self.code = code
        self.description = description
        """The provider's own words, as sent."""
        self.transaction_id = transaction_id
        """What identifies the request; the provider asks for it. Empty where nothing does."""
        self.attachments: tuple[Attachment, ...] = tuple(attachments)
        """Further parts of the reply, such as drawings."""
        self.failures = tuple(failures)
        """What of the call failed while the rest came; never raised."""

    def __eq__(self, other: object) -> bool:
        return self.body == other.body if isinstance(other, Result) else NotImplemented

    def _facts(self) -> dict[str, Any]:
        return {
            **super()._facts(),
            "body": self.body,
            "code": self.code,
            "description": self.description,
            "transaction_id": self.transaction_id,
            "attachments": self.attachments,
            "failures": self.failures,
        }

    def __repr__(self) -> str:
        body = type(self.body).__name__
        named = f", transaction {self.transaction_id}" if self.transaction_id else ""
        named += f", {len(self.failures)} failed" if self.failures else ""
        return f"Result({body}, HTTP {self.raw.status_code}{named})"


class ResultBeside(Result[BodyT], Generic[BodyT, BesideT]):
    """A result with values beside its body, such as how many calls are left."""

    __slots__ = ("beside",)

    def __init__(
        self,
        body: BodyT | None,
        beside: BesideT,
        *,
        raw: RawReply,
        code: str | None,
        description: str | None,
        transaction_id: str,
        find_deviations: Callable[[], Sequence[Deviation]] = tuple,
        attachments: "Sequence[Attachment]" = (),
        failures: "Sequence[ItemFailure]" = (),
    ) -> None:
        super().__init__(
            body,
            raw=raw,
            code=code,
            description=description,
            transaction_id=transaction_id,
            find_deviations=find_deviations,
            attachments=attachments,
            failures=failures,
        )
        self.beside = beside
        """The values in headers of the reply, or of its SOAP message."""

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), "beside": self.beside}
