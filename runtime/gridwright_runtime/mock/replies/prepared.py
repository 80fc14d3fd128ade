"""A reply that is ready to leave, and those that have no form in the operation's document."""

from collections.abc import Mapping

from msgspec import Struct, field

from ...interface import Format
from ..serving.sending import page
from ..texts.soap_envelopes import write_fault
from ..world import Refusal
from .reply_writer import Written

__all__ = ["Prepared", "prepared_fault", "prepared_page", "prepared_refusal"]


class Prepared(Struct, frozen=True, kw_only=True):
    """A reply, and what the journal says about it."""

    written: Written
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200
    format: Format | None = None
    outcome: str = "answered"
    code: str | None = None
    records: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    subjects: tuple[tuple[str, str], ...] = ()
    """What the reply is about, for limits."""

    def __repr__(self) -> str:
        return f"Prepared({self.status}, {self.outcome})"


def prepared_page(status: int, outcome: str, text: str = "") -> Prepared:
    """Return a page of HTML, as of a server that has not looked at the operation."""
    body = text.encode() if text.startswith("<") else page(status, text or outcome).body
    written = Written((bytes(body),), "text/html;charset=UTF-8")
    return Prepared(written=written, status=status, outcome=outcome)


def prepared_refusal(status: int, refusal: Refusal) -> Prepared:
    """Return a refusal as plain text: the service says so itself, as no gateway does."""
    text = f"{refusal.code}: {refusal.text.removeprefix('mock: ')}"
    written = Written((text.encode(),), "text/plain;charset=UTF-8")
    return Prepared(written=written, status=status, outcome=refusal.kind, code=refusal.code)


def prepared_fault(code: str, text: str, outcome: str) -> Prepared:
    """Return a fault of SOAP."""
    written = Written((write_fault(code, text).encode(),), "text/xml; charset=UTF-8")
    return Prepared(written=written, status=500, format="xml", outcome=outcome, code=code)
