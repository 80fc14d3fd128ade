"""The interface: frozen and complete, neutral as to output language.

After ``resolve`` nothing downstream looks a name up, guesses a default or meets a half-filled
object. Names of Python types, of templates and of files never stand here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from gridwright.diagnostics import Span

__all__ = [
    "Amendment",
    "Argument",
    "AuthStep",
    "Basic",
    "Basis",
    "BinaryType",
    "Body",
    "BooleanType",
    "Citation",
    "Code",
    "CodeList",
    "CodeType",
    "Consent",
    "Credential",
    "DecimalType",
    "DeclaredUnit",
    "Document",
    "Element",
    "Envelope",
    "ErrorCode",
    "Example",
    "Fact",
    "FailureKind",
    "Field",
    "Filled",
    "FormatWord",
    "Hole",
    "Instant",
    "IntegerType",
    "Interface",
    "Language",
    "Limit",
    "ListType",
    "Marks",
    "Missing",
    "Operation",
    "Paging",
    "Pair",
    "Pairs",
    "Parameter",
    "Place",
    "Presented",
    "Reconcile",
    "Record",
    "RecordType",
    "Repeated",
    "Reply",
    "Revision",
    "Rule",
    "Series",
    "Server",
    "Soap",
    "SoapHeaderField",
    "Source",
    "Status",
    "StepPart",
    "TemporalType",
    "Text",
    "TextType",
    "TypeRef",
    "Variant",
    "WireName",
]  # fmt: skip


class Basis(StrEnum):
    """How strong a fact is, strongest first."""

    DOCUMENT = "document"
    OBSERVED = "observed"
    INFERRED = "inferred"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact comes from.

    Attributes:
        lines: first and last line of each place in the document's text, from 1; may be empty.
        reason: why the fact is believed where the document does not print it; empty otherwise.
        amended: ids of the amendments that changed or added the fact.
    """

    lines: tuple[tuple[int, int], ...]
    basis: Basis
    reason: str = ""
    amended: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextType:
    """Text of at most ``size`` characters, or bytes in ``encoding``; None: no limit is known."""

    size: int | None
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeType:
    """One value of a code list; None: the document lists no values.

    Open for what is received, closed for what is sent.
    """

    codes: "CodeList | None"
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerType:
    """A whole number of at most ``digits`` digits; None: no limit is known."""

    digits: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalType:
    """A decimal of ``precision`` digits, ``scale`` of them behind the point; None: not known."""

    precision: int | None
    scale: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalType:
    """A date or time in the document's own pattern.

    Attributes:
        kind: date, datetime, time, month or day_of_month.
        pattern: as printed, such as yyyymmdd.
        zone: IANA name of the zone in which the wire's clock runs.
    """

    kind: str
    pattern: str
    zone: str


@dataclass(frozen=True, slots=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class BinaryType:
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """One record, by the name of its class."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListType:
    """Any number of values; ``item`` is no list."""

    item: "TypeRef"


TypeRef: TypeAlias = (
    TextType | CodeType | IntegerType | DecimalType | TemporalType | BooleanType | BinaryType
    | RecordType | ListType
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One value of a code list."""

    value: str
    name: str
    label: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """Named values; ``name`` is ours."""

    name: str
    en: str
    values: tuple[Code, ...]
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredUnit:
    """A unit that the language does not have, and the spec declares.

    Attributes:
        same_as: how much of a known unit it is, such as ``1055.056 MJ``; empty: nobody says.
    """

    name: str
    same_as: str
    en: str
    cite: Citation
    span: Span


class Marks(StrEnum):
    """Which instant a label names: the start of its interval, its end, or nobody knows."""

    START = "start"
    END = "end"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Which of two intervals a label names that comes twice, when the clocks go back.

    Attributes:
        word: ``first``, ``second``, ``in_order`` (as the records come), ``undecided``, or
            ``field``: another field says it.
        field: Python name of that field; empty: there is none.
        second: the values of that field that mean the second interval.
    """

    word: str
    field: str = ""
    second: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A family of fields, one value a step over one local day.

    Attributes:
        labels: the hhmm labels in order, such as 0015 … 2400.
        wire: wire name with ``{hhmm}`` for the label.
        step: length of one interval.
        day_field: Python name of the field that holds the local day.
        zone: IANA name of the zone of that day.
        register: the values are states of a cumulative register, not amounts of intervals.
    """

    labels: tuple[str, ...]
    wire: str
    step: timedelta
    marks: Marks
    day_field: str
    zone: str
    register: bool
    repeated: Repeated

    def wire_name(self, label: str) -> str:
        """Return the wire name of one value."""
        return self.wire.replace("{hhmm}", label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """The interval of a single value: which fields hold its day and its label."""

    day_field: str
    time_field: str
    step: timedelta
    marks: Marks
    zone: str
    repeated: Repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class WireName:
    """Another wire name under which a field was seen."""

    name: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record, with every name and unit resolved.

    Attributes:
        name: ours, snake_case, unit last.
        wire: theirs, byte for byte; a visibly provisional one where the document gives none.
        provisional: the document gives no wire name.
        unit: None: the value has no dimension, or the document does not say.
        required: the sender must give it.
        optional: the key may be absent from a reply without a deviation.
        also: other wire names under which real replies carry it.
        series: not None: the field stands for a family, and ``wire`` is the family's key.
        credential: name of the credential that fills it, in a record that is sent; None: the
            caller does. That of a parameter stands in `Parameter`.
    """

    name: str
    wire: str
    provisional: bool
    label: str
    en: str
    type: TypeRef
    unit: str | None
    required: bool
    optional: bool
    personal: bool
    secret: bool
    default: str | None
    note: str
    printed_size: str
    also: tuple[WireName, ...]
    series: Series | None
    instant: Instant | None
    credential: str | None = None
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Named fields in the document's order.

    Attributes:
        name: that of the class.
        open: it may hold items beside its fields, which nobody has documented.
        extends: name of the record whose fields come before its own; empty: none. ``fields`` holds
            them all.
        filler: values, by wire name, of an entry that stands for nothing; empty: there is none.
    """

    name: str
    en: str
    fields: tuple[Field, ...]
    open: bool
    extends: str
    filler: tuple[tuple[str, str], ...]
    cite: Citation
    span: Span


class Place(StrEnum):
    """Where a request field travels."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    FORM = "form"
    BODY = "body"
    SOAP_HEADER = "soap_header"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Argument:
    """The caller gives the value."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a text that is filled when a request is made.

    Attributes:
        kind: credential, step or option.
        part: one of several results of a step; empty where it has one.
    """

    kind: str
    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with holes: a constant has none, a credential is one hole and nothing else."""

    pieces: tuple[str | Hole, ...]

    @property
    def credential(self) -> str | None:
        """The credential that is the whole text; None: it is something else."""
        first = self.pieces[0] if len(self.pieces) == 1 else ""
        return first.name if isinstance(first, Hole) and first.kind == "credential" else None


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password as HTTP Basic authentication writes them."""

    user: Text
    password: Text


@dataclass(frozen=True, slots=True)
class Filled:
    """What the client fills by itself.

    Attributes:
        with_: uuid, serial, now, service or option.
        name: Python name of the option; empty elsewhere.
    """

    with_: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormatWord:
    """The word that asks for a format of the reply, by format."""

    words: tuple[tuple[str, str], ...]


Source: TypeAlias = Argument | Text | Basic | Filled | FormatWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value of a request, with its place and who gives it.

    Attributes:
        under: the containers around it, by wire names, where it travels in a body.
    """

    field: Field
    place: Place
    source: Source
    under: tuple[str, ...] = ()

    @property
    def is_argument(self) -> bool:
        """Whether the caller gives the value."""
        return isinstance(self.source, Argument)

    @property
    def credential(self) -> str | None:
        """Name of the credential that fills it whole; None: something else does."""
        return self.source.credential if isinstance(self.source, Text) else None

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Format and wire value, where it selects the format of the reply; else empty."""
        return self.source.words if isinstance(self.source, FormatWord) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A container of a message, by its wire name.

    Attributes:
        provisional: the document gives no name; ``wire`` is a visibly provisional one.
    """

    wire: str
    provisional: bool
    label: str
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """A known failure code; ``error`` is a slug of the error tree."""

    code: str
    error: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A refusal that names the first day for which there is consent."""

    sentence: str
    date_after: str
    pattern: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of a request.

    Attributes:
        root: the XML root; None where no XML is offered.
        arguments: wire name of the field whose record's fields are the method's arguments; empty:
            they are those of the body itself.
        attachments: further parts may go along.
    """

    record: Record
    root: Element | None
    arguments: str
    attachments: bool
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair of key and value that every request carries.

    Attributes:
        source: uuid, a new identifier for each call; or option, an option of the client.
        name: Python name of the option.
    """

    key: str
    source: str
    name: str
    en: str
    default: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of key and value in a list of the request body, by the wire names of the list."""

    field: str
    key: str
    value: str
    fill: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The languages in which the provider can write its texts; sent as Accept-Language."""

    values: tuple[str, ...]
    default: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind:
    """One value of the header field that names the kind of failure; a slug of the error tree."""

    value: str
    error: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What wraps a reply, and what success is inside it.

    Attributes:
        header_formats: the formats in which the header element stands.
        success: header field and the values that mean success.
        failure_in_list: not None: a failure may stand inside the data list.
    """

    name: str
    header: Element
    header_also: tuple[WireName, ...]
    header_formats: tuple[str, ...]
    fields: tuple[Field, ...]
    payload: Element | None
    success: tuple[tuple[str, tuple[str, ...]], ...]
    code: str
    message: str
    errors: tuple[ErrorCode, ...]
    failure_in_list: Citation | None
    consent: Consent | None
    pairs: Pairs | None
    language: Language | None
    identity: str
    kind_field: str
    kinds: tuple[FailureKind, ...]
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A form of a reply that some of its codes decide, by wire names; all must hold."""

    when: tuple[tuple[str, tuple[str, ...]], ...]
    record: Record
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What comes back.

    Attributes:
        shape: record, list, value or none.
        payload: wire names that lead from the root of the message to the record, the list or the
            value; the root element of XML is not among them.
        is_message: ``record`` describes the whole message, in which the payload stands.
        variants: records that extend ``record``, for some values of its fields.
        attachments: further parts may come along.
        root: the XML root; None where no XML is offered.
        list: the element that holds the items; None: the root holds the record's fields.
        item: the XML element of one item; None as for ``list``.
    """

    shape: str
    payload: tuple[str, ...]
    is_message: bool
    root: Element | None
    list: Element | None
    item: Element | None
    record: Record
    variants: tuple[Variant, ...]
    attachments: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule across fields, by wire names."""

    kind: str
    fields: tuple[str, ...]
    when: tuple[tuple[str, tuple[str, ...]], ...]
    values: tuple[str, ...]
    at_most: timedelta | None
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Wire paths by which a long answer is read in parts.

    Attributes:
        name: Python name of the iterator.
        records: path of the list in the reply.
        key: wire name of the field that tells a record from every other.
    """

    name: str
    begin: str
    end: str
    total: str
    records: str
    key: str
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
        path: below the server's address, with ``{wire}`` for path parameters.
        server: name of the server that its printed address belongs to.
        formats: reply formats, in the document's order.
        envelope: None: nothing wraps the reply.
        statuses: what HTTP statuses mean here; its own come before those of the system.
        known_by_example: only an example shows it; nothing is generated but its page.
    """

    name: str
    wire_name: str
    number: str
    label: str
    en: str
    description_en: str
    kind: str
    method: str
    protocol: str
    request_media: str
    address: str
    path: str
    server: str
    formats: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: Body | None
    reply: Reply
    envelope: Envelope | None
    statuses: "tuple[Status, ...]"
    rules: tuple[Rule, ...]
    paging: Paging | None
    reconcile: Reconcile | None
    known_by_example: bool
    examples: tuple[Example, ...]
    amended: tuple[str, ...]
    cite: Citation
    span: Span

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """The parameters that the caller gives."""
        return tuple(p for p in self.parameters if p.is_argument)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server address; doubtful ones are nobody's default, undocumented ones empty.

    Attributes:
        confirmed: the spec does not call it doubtful; whether the document prints it, or it is
            inferred, is for the citation to say.
    """

    name: str
    address: str
    confirmed: bool
    default: bool
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Something that an account holder is given, by its Python name."""

    name: str
    label: str
    en: str
    secret: bool
    personal: bool
    environment: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """One value that a step of a login sends.

    Attributes:
        server: the server that it is for; empty: all.
        place: path, query, header, cookie or body.
    """

    server: str
    wire: str
    place: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthStep:
    """One step of a login, run before a request.

    Attributes:
        path: what fills a place of the address, by its name; such as ``credential.agent_id``.
        address: by server name; the name is empty where one address serves all.
        send: parameter and what it carries, by server name likewise; such as
            ``credential.password``.
        read: places to look for the result, in order; of all parts, where there are several.
        lifetime: None: it does not end by itself, or the reply says when.
        lifetime_from: issue or last_use.
        once: the result serves one request.
        parts: all that it sends, each with its place.
        read_parts: places to look for each part of the result; its name is empty where it is one.
        lifetime_read: the place that says how many seconds the result lives; empty: none does.
    """

    name: str
    method: str
    address: tuple[tuple[str, str], ...]
    body: str
    path: tuple[tuple[str, str], ...]
    send: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    success_status: str
    read: tuple[str, ...]
    lifetime: timedelta | None
    lifetime_from: str
    once: bool
    shared: bool
    renew_when: tuple[str, ...]
    never: tuple[str, ...]
    parts: tuple[StepPart, ...]
    read_parts: tuple[tuple[str, tuple[str, ...]], ...]
    lifetime_read: str
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What each request carries, after a login or without one.

    Attributes:
        value: as the spec writes it; empty where it is Basic authentication.
        operations: names of those that carry it; empty: all.
        under: the containers around it, by wire names, where it travels in a body.
    """

    wire: str
    place: str
    value: str
    source: Source
    operations: tuple[str, ...]
    under: tuple[str, ...]
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a client must keep; which attributes are filled depends on ``kind``.

    Attributes:
        period: ``at_most`` as a length, where the limit is one of a period or a lifetime.
        same: Python name of the argument whose value decides what is the same.
        from_field: wire name of the field with the first moment of a period; ``to_field`` has the
            last.
    """

    name: str
    kind: str
    requests: int | None
    per: timedelta | None
    at_most: str
    period: timedelta | None
    wait: timedelta | None
    after: str
    same: str
    scope: str
    operations: tuple[str, ...]
    weekly: str
    zone: str
    from_field: str
    to_field: str
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What an HTTP status means; ``error`` is a slug of the error tree, or none for success."""

    code: int
    error: str
    label: str
    note: str
    en: str
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapHeaderField:
    """One element of the SOAP header.

    Attributes:
        source: credential, uuid, serial, service, option or now: who fills it.
        name: Python name of the credential or option; empty: the source needs none.
    """

    field: Field
    source: str
    name: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Soap:
    """What all SOAP messages of a system share.

    Attributes:
        namespace: of the elements of header and body; a visibly provisional one where the document
            gives none.
        header: the element that holds the header fields.
    """

    namespace: str
    provisional: bool
    header: Element
    fields: tuple[SoapHeaderField, ...]
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a missing value looks like on the wire: empty, null or absent."""

    json: tuple[str, ...]
    xml: tuple[str, ...]
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One line of the document's revision history, as printed."""

    version: str
    date: str
    change: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A printed fact that shapes no code."""

    name: str
    label: str
    text: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document that a spec transcribes."""

    file: str
    title: str
    language: str
    publisher: str
    publisher_en: str
    revisions: tuple[Revision, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A correction or observation laid over the transcription.

    Attributes:
        kind: erratum, observation or private.
        about: paths of the spec that it concerns, those it patches included.
        changes: path, value as printed and value used, as short texts for a reader.
    """

    id: str
    kind: str
    lines: str
    evidence: str
    strength: str
    finding: str
    ruling: str
    about: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One system, whole.

    Attributes:
        login_names: Python names of the client's arguments for the folder in which logins are
            kept, and for the address of the login server.
        samples: invented values by argument name, or ``operation.argument``, which the mock knows.
    """

    system: str
    title: str
    title_en: str
    document: Document
    zone: str
    missing: Missing
    servers: tuple[Server, ...]
    credentials: tuple[Credential, ...]
    auth_steps: tuple[AuthStep, ...]
    presented: tuple[Presented, ...]
    login_names: tuple[str, str]
    limits: tuple[Limit, ...]
    statuses: tuple[Status, ...]
    soap: Soap | None
    codes: tuple[CodeList, ...]
    units: tuple[DeclaredUnit, ...]
    records: tuple[Record, ...]
    envelopes: tuple[Envelope, ...]
    operations: tuple[Operation, ...]
    amendments: tuple[Amendment, ...]
    samples: tuple[tuple[str, str], ...]
    span: Span

    def samples_of(self, operation: Operation) -> dict[str, str]:
        """Return the samples of an operation by argument name; its own come before all others."""
        own = f"{operation.name}."
        shared = {name: value for name, value in self.samples if "." not in name}
        return shared | {n.removeprefix(own): v for n, v in self.samples if n.startswith(own)}

    def rules_of(self, operation: Operation) -> tuple[Rule, ...]:
        """Return the rules of an operation, those that limits of periods make included."""
        periods = [
            Rule(
                kind="longest_period",
                fields=(limit.from_field, limit.to_field),
                when=(),
                values=(),
                at_most=limit.period,
                en=limit.en,
                cite=limit.cite,
                span=limit.span,
            )
            for limit in self.limits
            if limit.kind == "period" and operation.name in limit.operations
        ]
        return (*operation.rules, *periods)

    def reachable(self, start: Record) -> tuple[Record, ...]:
        """Return ``start`` and the records below it, each once, in order of first mention."""
        by_name = {record.name: record for record in self.records}
        found = {start.name: start}
        waiting = [start]
        for record in waiting:  # grows as it goes, each record once
            for field in record.fields:
                inner = field.type.item if isinstance(field.type, ListType) else field.type
                known = by_name.get(inner.record) if isinstance(inner, RecordType) else None
                if known is not None and known.name not in found:
                    found[known.name] = known
                    waiting.append(known)
        return tuple(waiting)

    @property
    def default_server(self) -> Server | None:
        """The server that a client takes without being told; None: the user must name one."""
        return next((s for s in self.servers if s.default and s.confirmed), None)
