"""The interface of a world: the invented data that a mock answers from, without wire names or
formats.

A world is any object with `World.answer`; whoever writes one for a system of their own hands it to
`build_application`. It may have five more members, each of which is looked at only where it is
there:

- ``version() -> Hashable`` returns a value that changes whenever the answer to a read may change.
  Replies to reads are then kept until it does.
- ``refused(operation, refusal) -> Mapping | None`` returns a payload whose own fields say no, for
  operations whose document gives no verdict; None where there is none that could.
- ``tables() -> Sequence[Table]`` returns what the page of the mock shows of its data.
- ``response_time() -> str`` returns the present as the service writes it into what surrounds its
  payloads.
- ``takes_reads_as_forms: bool`` says whether a POST of a form is read like a query.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from msgspec import Struct

__all__ = [
    "PAGE_MARK",
    "Answer",
    "HasTables",
    "Question",
    "ReceivedFile",
    "Refusal",
    "RefusesInReplies",
    "Table",
    "TakesReadsAsForms",
    "TellsTheTime",
    "Versioned",
    "World",
]


PAGE_MARK = "gridwright-page"
"""The parameter by which the links of a mock say which page they lead to; no operation sees it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in the service's own form."""

    kind: str
    """What is wrong, for the journal: a slug such as ``no-data``."""
    code: str
    text: str
    status: int | None = None
    """The HTTP status; None: 200 where the reply has a verdict, and else one of failure."""
    case: int = 0
    """The case of the verdict that is to hold, from 1; 0: none in particular."""


class ReceivedFile(Struct, frozen=True):
    """A file that came with a request: measured as it came, and kept only where it is small."""

    filename: str
    content_type: str
    size_bytes: int
    sha256: str
    """Of the content, in hexadecimal."""
    content: bytes | None = None
    """None: it is not kept, because it may be large."""

    def __repr__(self) -> str:
        return f"ReceivedFile({self.content_type}, {self.size_bytes} bytes)"


class Question(Struct, frozen=True, kw_only=True):
    """A request that is as the document says."""

    arguments: Mapping[str, object]
    """By Python names, nested likewise: text, int, Decimal, dates, aware datetimes, None, lists and
    mappings; `ReceivedFile` for a file, and ``items`` for what an open record holds besides."""
    attachments: tuple[ReceivedFile, ...] = ()
    account: str = ""
    """Who asks: the first credential of the account that is no secret, or else the first."""
    server: str = ""
    """The name of the environment that is asked; empty where the system has none."""
    address: str = ""
    """The address that is asked, with its query but for ``page``."""
    page: str = ""
    """What follows `PAGE_MARK` in the query: a page of a long answer to which a link led."""

    def __repr__(self) -> str:
        return "Question(***)"


class Answer(Struct, frozen=True, kw_only=True):
    """What a reply holds."""

    payload: object = None
    """A mapping for a record, a sequence of mappings for a list, a value, or None for nothing.

    By Python names, nested as in a question. What is None or "" is written as such, what is not
    there is left out; where the document requires it, it is invented."""
    beside: Mapping[str, object] | None = None
    """What stands beside a list, by Python names; what is not there is invented."""
    failed: Mapping[int, Refusal] | None = None
    """Which items of a list failed, from 0, where the document judges each by itself."""
    partial: Sequence[Refusal] = ()
    """What failed while the rest came, where the document lists failures beside the data."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers of the reply."""
    attachments: tuple[ReceivedFile, ...] = ()
    """Those whose content was kept."""
    may_tell_more: bool = False
    """The payload may hold fields that the reply does not have, for those whose private amendments
    know more. Otherwise such a field is a mistake of the world."""

    def __repr__(self) -> str:
        return "Answer(***)"


class World(Protocol):
    """Invented data behind the operations of one system; safe to share between threads."""

    def answer(self, operation: str, question: Question) -> Answer | Refusal:
        """Carry out one operation, by its Python name."""


@runtime_checkable
class Versioned(Protocol):
    """A world whose replies to reads may be kept."""

    def version(self) -> Hashable:
        """Return a value that changes whenever the answer to a read may change."""


@runtime_checkable
class RefusesInReplies(Protocol):
    """A world that knows replies whose own fields say no."""

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Return such a payload; None where there is none."""


@runtime_checkable
class TellsTheTime(Protocol):
    """A world that knows how the service writes the time into its replies."""

    def response_time(self) -> str:
        """Return the present."""


@runtime_checkable
class TakesReadsAsForms(Protocol):
    """A world of a service that was seen to take reads as forms, too."""

    takes_reads_as_forms: bool
    """Whether a POST of a form to the address of a GET is read as its query."""


class Table(Struct, frozen=True, kw_only=True):
    """Some of the invented data, for a person who looks for numbers that the mock knows."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@runtime_checkable
class HasTables(Protocol):
    """A world whose data can be listed."""

    def tables(self) -> Sequence[Table]:
        """Return what is to be seen of the data; all of it invented."""
