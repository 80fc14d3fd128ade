"""Operations: each is a sum of parts."""

from dataclasses import dataclass
from datetime import timedelta

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.replies import Envelope, Reply, Status
from gridwright.ir.requests import Body, Parameter
from gridwright.ir.words import (
    Media,
    Method,
    OperationKind,
    PagingForm,
    Protocol,
    ReplyFormat,
    RuleKind,
)

__all__ = ["Example", "Harvest", "InReply", "Operation", "Paging", "Reconcile", "Rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule across fields, by wire names.

    Attributes:
        at_most: the longest period; what it has of the calendar's months stands in ``months``.
        days: how many days of the calendar ``at_most`` has; the rest of it elapses.
        to_is: whether the last moment of the period belongs to it; empty: nobody says.
    """

    kind: RuleKind
    fields: tuple[str, ...]
    when: tuple[tuple[str, tuple[str, ...]], ...]
    values: tuple[str, ...]
    at_most: timedelta | None
    months: int = 0
    days: int = 0
    to_is: str = ""
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class InReply:
    """A place of a reply.

    Attributes:
        path: wire names from the root of the message, below the root element.
        header: the name of a header, where it stands in one.
    """

    path: tuple[str, ...] = ()
    header: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Wire paths by which a long answer is read in parts.

    Attributes:
        name: Python name of the iterator.
        form: how a page is asked for: rows, page, offset, token or link; whole where there are no
            pages, and the answer is asked for in parts of the question alone.
        begin: field of the request with the number of the first row; ``end`` has the last.
        sends: field with the number of the page, the offset or the token.
        first: the number of the first page, or of the first record where an offset asks for it.
        at_most: the highest offset; None: any.
        read: where the reply gives the token or the address of the next page.
        size: field with the number of records that are asked for; empty: there is none.
        total: path in the reply of the number of all records; empty: it says none, or says it at
            ``total_at``.
        pages: where it says how many pages there are.
        more: where it says whether another page follows, and ``more_values`` if one does.
        records: path of the list in the reply.
        key: wire name of the field that tells a record from every other; empty: none does alone.
        keys: wire names of all fields that do so together.
        page_size: how many records are usual; where the request has no size, how many come.
    """

    name: str
    form: PagingForm
    begin: str
    end: str
    sends: str
    first: int
    at_most: int | None
    read: InReply | None
    size: str
    total: str
    total_at: InReply | None
    pages: InReply | None
    more: InReply | None
    more_values: tuple[str, ...]
    records: str
    key: str
    keys: tuple[str, ...]
    page_size: int | None
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """How to learn the outcome of a write.

    Attributes:
        search: name of the operation that finds what the write left behind.
        name: Python name of the client's helper; empty: there is none.
        by: wire names of the fields by which a sent record is looked for.
        standing: fields of a stored record, and the values that say that it stands.
    """

    search: str
    name: str
    by: tuple[str, ...]
    standing: tuple[tuple[str, tuple[str, ...]], ...]
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """How an operation is read for many over a long time; it shapes no single call.

    Attributes:
        each: wire name of the argument that tells subjects apart; empty: there is one for all.
        listed_by: name of the operation whose records name all of them; empty: the caller does.
        listed_as: wire name of their field that does.
        first: wire name of the argument with the first day of a window.
        last: wire name of the argument with its end; empty: a window is one day.
        is_end_excluded: whether the end names the first day after the window.
        step: how long a window is, in ISO 8601.
        key: wire names of the fields that tell series of readings, or records, apart, beside what
            tells subjects apart and beside the interval.
        published: how long after its end a window is complete.
        corrected: how long after that its values may change.
        history: how far back there are values, in ISO 8601; empty: nobody says.
        since: wire name of the field of ``listed_by`` with the first day of a subject; empty: none.
    """

    each: str
    listed_by: str
    listed_as: str
    first: str
    last: str
    is_end_excluded: bool
    step: str
    key: tuple[str, ...]
    published: timedelta
    corrected: timedelta
    history: str
    since: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Where the document shows an example; ``address`` as printed, empty where it prints none."""

    name: str
    address: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation.

    Attributes:
        kind: read or write; a write is never sent twice.
        soap_action: what the header SOAPAction says of a SOAP message.
        path: below the server's address, with ``{wire}`` for path parameters.
        server: name of the server that its printed address belongs to.
        formats: reply formats, in the document's order.
        envelope: None: nothing wraps the reply.
        gateways: envelopes of those who may answer in its place, in order: the first whose header
            is there judges.
        partial: envelopes of failures beside the data; they judge no whole reply.
        statuses: what HTTP statuses mean here; its own come before those of the system.
        known_by_example: only an example shows it; nothing is generated but its page.
    """

    name: str
    wire_name: str
    number: str
    label: str
    en: str
    description_en: str
    kind: OperationKind
    method: Method
    protocol: Protocol
    soap_action: str
    request_media: Media
    address: str
    path: str
    server: str
    formats: tuple[ReplyFormat, ...]
    parameters: tuple[Parameter, ...]
    body: Body | None
    reply: Reply
    envelope: Envelope | None
    gateways: tuple[Envelope, ...]
    partial: tuple[Envelope, ...]
    statuses: "tuple[Status, ...]"
    rules: tuple[Rule, ...]
    paging: Paging | None
    reconcile: Reconcile | None
    harvest: Harvest | None
    known_by_example: bool
    examples: tuple[Example, ...]
    amended: tuple[str, ...]
    cite: Citation
    span: Span

    @property
    def envelopes(self) -> tuple[Envelope, ...]:
        """All that may judge a reply, its own first."""
        return (*((self.envelope,) if self.envelope else ()), *self.gateways)

    @property
    def success_status(self) -> int:
        """The status with which it succeeds: the first that its own statuses say is one."""
        own = (s.code for s in self.statuses if s.error == "none" and 200 <= s.code < 300)
        return next(own, 200)

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """The parameters that the caller gives."""
        return tuple(p for p in self.parameters if p.is_argument)
