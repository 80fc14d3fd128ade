"""What the mock of a system of services answers from. Knows no wire names and no formats."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from msgspec import Struct

from .world import Refusal

__all__ = ["Answer", "ReceivedFile", "ServiceAnswer", "ServiceQuestion", "ServiceWorld"]


class ReceivedFile(Struct, frozen=True):
    """A file that came with a request: measured as it came, and not kept."""

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    """Of the content, in hexadecimal."""
    content: bytes | None = None
    """None: it is not kept, because it may be large."""

    def __repr__(self) -> str:
        return f"ReceivedFile({self.content_type}, {self.size_bytes} bytes)"


class ServiceQuestion(Struct, frozen=True, kw_only=True):
    """A request that is as the document says."""

    arguments: Mapping[str, object]
    """By Python names, nested likewise: text, int, Decimal, dates, aware datetimes, None, lists and
    mappings; `ReceivedFile` for a file, and ``items`` for what an open record holds besides."""
    attachments: tuple[ReceivedFile, ...] = ()
    account: str = ""
    """Who asks, where a login says it."""

    def __repr__(self) -> str:
        return "ServiceQuestion(***)"


class ServiceAnswer(Struct, frozen=True, kw_only=True):
    """A reply."""

    reply: Mapping[str, object]
    """By Python names, as in a question. What is None or "" is written as such; what is not there,
    or what the reply has no field for, is left out. So a world may tell more than the document
    does, for those whose private amendments know more."""
    attachments: tuple[ReceivedFile, ...] = ()
    """Those whose content was kept."""

    def __repr__(self) -> str:
        return "ServiceAnswer(***)"


Answer: TypeAlias = ServiceAnswer | Refusal


class ServiceWorld(Protocol):
    """Remembered records behind the operations of one system; safe to share between threads."""

    def answer(self, operation: str, question: ServiceQuestion) -> Answer:
        """Carry out one operation, by its Python name."""

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Return a reply whose own fields say no; None where it has none that could.

        A verdict that the system's document gives comes before it.
        """
