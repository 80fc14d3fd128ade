"""Describe an interface as data: operations as sums of parts, logins as steps.

Every form of one part goes with every form of every other: nothing here says what kind of system
it is. Generated packages hold these values; the code that carries them out is written once.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct, field

from .codecs.packing import Packing
from .errors import ProviderError
from .layouts import Layout
from .limits.kinds import Limits
from .record import Record
from .validation import Check

if TYPE_CHECKING:
    from .times.lengths import Length

__all__ = [
    "Argument",
    "Basic",
    "BodySpec",
    "Case",
    "ConsentRule",
    "Credential",
    "CsvForm",
    "Echo",
    "Encoding",
    "ErrorMeaning",
    "Format",
    "FormatWord",
    "Harvest",
    "Hole",
    "Namespaces",
    "NewId",
    "Now",
    "Operation",
    "Option",
    "Part",
    "Path",
    "Place",
    "Provisional",
    "Renewal",
    "ReplySpec",
    "RequestSpec",
    "Serial",
    "ServiceName",
    "Shape",
    "SoapSpec",
    "Source",
    "Step",
    "System",
    "Text",
    "UsernameToken",
    "Variant",
    "Verdict",
]

RecordT = TypeVar("RecordT", bound=Record)

Format = Literal["json", "xml", "csv", "jsonl", "text"]
Encoding = Literal["form", "json", "xml", "multipart_form", "text", "file"]
Place = Literal["path", "query", "header", "cookie", "body", "soap_header", "soap_security"]
Shape = Literal["record", "list", "value", "file", "none"]
Path: TypeAlias = tuple[str, ...]
"""Wire names that lead from the root of a message to a thing in it; () is the root itself."""


# --- Sources: who gives the value of a part ---------------------------------------------------


class Argument(Struct, frozen=True, tag=True):
    """The caller gives it, in the field of the arguments' record that has this wire name."""

    key: str


class Hole(Struct, frozen=True):
    """A place in a text that is filled when the request is made.

    Attributes:
        part: one of several results of a step; empty where it has one.
    """

    kind: Literal["credential", "step", "option"]
    name: str
    part: str = ""


class Text(Struct, frozen=True, tag=True):
    """A text with holes: a constant has none, a credential is one hole and nothing else."""

    pieces: tuple[str | Hole, ...]


class Basic(Struct, frozen=True, tag=True):
    """User and password as HTTP Basic authentication writes them."""

    user: Text
    password: Text


class UsernameToken(Struct, frozen=True, tag=True):
    """User and password as WS-Security writes them, an element of the SOAP header."""

    username: Text
    password: Text
    is_digest: bool = False
    """The password is hashed with a nonce and the time."""


class NewId(Struct, frozen=True, tag=True):
    """A new identifier for each call: a random UUID, or what the caller gives."""


class Serial(Struct, frozen=True, tag=True):
    """A number for each request that only grows."""


class Now(Struct, frozen=True, tag=True):
    """The time at which the request leaves."""

    pattern: str
    zone: str = "UTC"


class ServiceName(Struct, frozen=True, tag=True):
    """The wire name of the operation."""


class FormatWord(Struct, frozen=True, tag=True):
    """The word that asks for the format of the reply."""

    words: Mapping[Format, str]


Source: TypeAlias = (
    Argument | Text | Basic | UsernameToken | NewId | Serial | Now | ServiceName | FormatWord
)


# --- Requests -----------------------------------------------------------------------------------


class Part(Struct, frozen=True, kw_only=True):
    """One value that travels: everything but the arguments that make up the body."""

    wire: str
    """The name of the value in that place."""
    place: Place
    source: Source
    under: Path = ()
    """In a body: the containers around it. In a SOAP header: its block, where it is not the
    first."""
    pair: tuple[str, str] | None = None
    """In a body: it is an entry of the list ``under``, with its name and its value in fields of
    these names."""
    checked: bool = False
    """Whether the validator of the request sees it: the document has it among the request's
    items."""
    optional: bool = False
    """Whether the part is left out where its source has nothing."""
    default: str = ""
    """The value that the service assumes where the part is missing, if that is the constant it
    carries."""
    join: str = ""
    """The text between the items of a list; empty: the name is repeated for each item."""
    json: Literal["", "number", "boolean"] = ""
    """In a body: the kind of value that its constant is in JSON; empty: a text."""


class Provisional(Struct, frozen=True):
    """An item whose name the document does not give, and under what name the mock knows it."""

    path: str
    """The Python path in the arguments, such as ``application_number``."""
    wire: str
    label: str
    """The document's own words."""
    source: str
    """Where the document shows it, such as ``line 37``."""


class Namespaces(Struct, frozen=True, kw_only=True):
    """The namespaces of the elements of a message that has several."""

    prefixes: Mapping[str, str]
    """Namespaces by the prefix that their elements have."""
    root: str = ""
    """The prefix of the root; empty: the document names none, and any will do."""
    elements: Mapping[Path, str]
    """The prefixes of elements that are not in the namespace of the element around them; empty:
    they are in none. A path ends with ``*`` for all that have no path of their own there. Those of
    attributes that are in one, too: ``@`` stands before their names."""


class BodySpec(Struct, frozen=True, kw_only=True):
    """The body of a request: how the arguments that travel in no other place are written."""

    encodings: Mapping[Format, Encoding]
    """How the body is written, by the format that is asked for; the same for all where it does not
    vary."""
    is_value: bool = False
    """Whether the body is one value, the argument whose wire name is a dot: a list, a text, a
    file."""
    item: str = ""
    """The element of one item, where such a value is a list in XML."""
    under: Path = ()
    """The path in the body that leads to the record of the arguments."""
    root: str = ""
    """The root element, where the body is XML."""
    namespaces: Namespaces | None = None
    """The namespaces of the elements, where the body is XML; None: they are in none."""
    nulls: Literal["omit", "write"] = "omit"
    """Whether a missing optional value is left out, or written as null and empty element."""


class RequestSpec(Struct, frozen=True, kw_only=True):
    """What a call sends: one record of arguments, and what is put in beside them."""

    model: type[Record]
    """The arguments, as the generated method gathers them."""
    check: Check
    """The validator. It sees the whole request as one tree: the arguments under ``body.under``, and
    beside them, by the name of their argument or else their own, the parts that say ``checked`` and
    the parts whose source is an argument."""
    parts: tuple[Part, ...] = ()
    """The parts, in the document's order."""
    body: BodySpec | None = None
    """How the body is written; None: nothing travels in a body."""
    attachments: bool = False
    """Whether files may be attached."""
    provisional: tuple[Provisional, ...] = ()


# --- Replies ------------------------------------------------------------------------------------


class ErrorMeaning(Struct, frozen=True):
    """What a code, a kind of failure or an HTTP status means."""

    error: type[ProviderError]
    gloss: str = ""
    """The meaning in English; empty when nobody knows."""
    breaks: str = ""
    """The limit that it says is used up: nothing is sent until it resets; empty: none."""


class ConsentRule(Struct, frozen=True):
    """The sentence that says from which day on a customer has consented."""

    sentence: str
    """A part of it that never varies; blanks do not count."""
    date_pattern: str
    """A regular expression with one group: the day, written yyyymmdd."""


class Case(Struct, frozen=True, kw_only=True):
    """What a reply means, told by its content; all conditions that are given must hold."""

    meaning: ErrorMeaning | None
    """What it means; None: success."""
    statuses: tuple[int, ...] = ()
    """Allowed HTTP statuses, or their first digits; (): any."""
    roots: tuple[str, ...] = ()
    """Allowed names of the root element, or in JSON of the only item of the body; (): any."""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The allowed values of fields of the verdict."""
    contains: Mapping[str, str] = field(default_factory=dict)
    """A text that fields of the verdict contain; white space does not count."""
    has: Path = ()
    """The path to something that must be there; (): no condition."""
    lacks: Path = ()
    """The path to something that must be missing; (): no condition."""


class Verdict(Struct, frozen=True, kw_only=True, eq=False):
    """The fields by which a reply says whether the call succeeded; compared by object identity."""

    root: str = ""
    """The root element of the messages that have the fields, in JSON their only item; empty: that
    of the operation's reply."""
    under: Path = ()
    """The path of the element that holds the fields; () is the root of the message."""
    is_optional: bool = False
    """Whether a success may lack the fields."""
    formats: tuple[Format, ...] = ("json", "xml")
    """The formats in which a success has the fields; elsewhere they stand for a failure alone."""
    fields: tuple[str, ...] = ()
    """All fields that the document has there; () where the reply's own check sees them."""
    may_lack: tuple[str, ...] = ()
    """Those of ``fields`` that need not be there."""
    located: Mapping[str, Path] = field(default_factory=dict)
    """The containers around fields of a list of failures, for fields that have some."""
    also: Mapping[str, str] = field(default_factory=dict)
    """Names of the element or its fields seen on the wire: ``{"sucessYn": "successYn"}``."""
    code: str = ""
    """The field with the provider's code; empty where there is none."""
    message: str = ""
    """The field with the provider's words; empty where there is none."""
    cases: tuple[Case, ...] = ()
    """Conditions that are tried in order, before all that follows here: the first that holds
    decides. Where there are cases and no values of success, a reply for which none holds, and which
    has no known code or kind, is a success."""
    success: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values of success, by field; an empty text also stands for a missing value."""
    kind: str = ""
    """The field with the kind of failure; empty where there is none."""
    kinds: Mapping[str, ErrorMeaning] = field(default_factory=dict)
    errors: Mapping[str, ErrorMeaning] = field(default_factory=dict)
    """The meanings of known codes; any other code is a `RejectedError`."""
    in_list: bool = False
    """Whether the fields of a failure may stand inside the list, in place of records or in
    pieces."""
    consent: ConsentRule | None = None


class Variant(Struct, frozen=True, kw_only=True):
    """A variant of a record, chosen by some of its own codes."""

    when: Mapping[str, tuple[str, ...]]
    """The values that decide, by wire name; all must hold."""
    model: type[Record]
    """The record of this variant; it extends the model of the reply."""


class Echo(Struct, frozen=True):
    """A value of a reply that repeats an argument of the request."""

    wire: Path
    """Wire names that lead to it from a record of the payload, item by item through lists."""
    asked: Path
    """Python names that lead to the argument, item by item likewise."""
    each: bool = False
    """Whether a list asks for several things, and the reply has items about each of them."""
    over_pages: bool = False
    """Whether these items stand on several pages, so that one page alone lacks most of them."""
    personal: bool = False
    """Whether the argument is personal: no message shows it."""


class CsvForm(Struct, frozen=True, kw_only=True):
    """How a service writes its tables: a row is a record, and a column is a field."""

    separator: str = ","
    heading: bool = True
    """Whether the first row names the columns; without it, they stand in the order of the
    fields."""
    skip: int = 0
    """The number of lines before the table that are skipped."""
    encoding: str = ""
    """The character encoding where a body is no UTF-8; empty: what the reply itself says."""
    missing: tuple[str, ...] = ()
    """Texts that stand for a missing value, beside the empty one."""
    ignore: tuple[str, ...] = ()
    """What lines begin with that are no rows, wherever they stand."""
    rows: str = ""
    """What each row begins with, among other lines; empty: all lines are rows."""
    heading_line: str = ""
    """What the line begins with that names the columns; empty: the first."""
    end: str = ""
    """What the last line begins with, so that a body without it is cut off; empty: any."""


class ReplySpec(Struct, Generic[RecordT], frozen=True, kw_only=True):
    """What comes back: a list of records, one record, one value, a file, or nothing."""

    model: type[RecordT] | None
    """The record of the payload; it has one field named ``.`` where the shape is a value. None: the
    shape is ``file`` or ``none``."""
    shape: Shape
    formats: Mapping[Format, tuple[str, ...]]
    """The formats that are offered, with the media types that ask for each, in the document's
    order. An empty tuple: nothing is said as Accept."""
    payload: Path = ()
    """The path to the record, the value or the list; below the root element in XML."""
    root: str = ""
    """The root element in XML."""
    namespace: str = ""
    """The namespace of the elements in XML; empty: the document names none, and any is accepted."""
    namespaces: Namespaces | None = None
    """The namespaces of the elements in XML; None: they are all in ``namespace``."""
    root_in_json: bool = False
    """Whether JSON, too, is an object with everything under the name of the root."""
    item: str = ""
    """The element of one item of a list in XML; empty: the items are the elements that the last
    step of ``payload`` names."""
    item_in_json: bool = False
    """Whether JSON, too, has the items under that name."""
    layout: Layout = ""
    """How the list is laid out in JSON; as objects where it is not said."""
    keyed_by: str = ""
    """The field of the items whose values are the keys of such a list."""
    names: str = ""
    """The array beside the list that names the columns of its rows; empty: they are as the model
    has them."""
    named_by: str = ""
    """The field that holds the name, where that array has objects; empty: it has the names."""
    json_lists: tuple[Literal["one", "empty"], ...] = ()
    """What JSON may have in place of a list: the one item itself, or nothing for no items."""
    csv: CsvForm | None = None
    """How rows are written, where CSV is offered; they are the records of the list, wherever that
    stands in other formats."""
    packing: Packing | None = None
    """How the body is packed; with ``zip_of_many``, each member is one message, and what they bring
    is one list."""
    verdict: Verdict | None = None
    """The verdict on each item of the list by its own fields, under the names of the model; None:
    items do not fail alone."""
    beside: type[Record] | None = None
    """The record of the values beside the list, from the root of the message on and in headers."""
    check_beside: Check | None = None
    check: Check | None = None
    """The validator of one record of the payload as it stands on the wire; None where there is
    none."""
    check_message: Check | None = None
    """Sees the whole message, where the document gives it as one record; ``check`` is then not
    asked, and the record's fields stand in it."""
    variants: tuple[Variant, ...] = ()
    attachments: bool = False
    echoes: tuple[Echo, ...] = ()


# --- Operations ---------------------------------------------------------------------------------


class SoapSpec(Struct, frozen=True, kw_only=True):
    """How a call is put into a SOAP 1.1 envelope.

    The messages are classes that xsdata made of the generated schema; they are the ones on the
    wire, and the models are what a caller sees. The fields of the header are parts of the request.
    """

    namespace: str
    request: type[Any]
    """The message class of the request's element."""
    reply: type[Any]
    """The message class of the reply's element."""
    header: type[Any] | None = None
    """The message class of the header block; None: the document has none of its own."""
    action: str = ""
    headers: Mapping[str, type[Any]] = field(default_factory=dict)
    """The message classes of further header blocks, by their elements; one without values is left
    out."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Namespaces of header and message, by the prefix that their elements have; empty: all elements
    are in one."""
    is_alone: bool = False
    """Whether the envelope is the whole body; else it is the first of its parts."""
    provisional: tuple[Provisional, ...] = ()
    """The facts that the document leaves open here, such as the namespace."""


class Harvest(Struct, frozen=True, kw_only=True):
    """Hints for harvests, which read an operation for many subjects over a long time; no single
    call uses them.
    """

    first: str
    """The argument with the first day of a window."""
    last: str = ""
    """The argument with its end; empty: a window is one day."""
    end: Literal["included", "excluded"] = "included"
    """Whether the end is the last day, or the first one after it."""
    step: str = "P1D"
    """How long a window is."""
    each: str = ""
    """The argument that tells subjects apart; empty: there is one for all."""
    listed_by: str = ""
    """The operation whose records name all subjects; empty: the caller names them."""
    listed_as: str = ""
    """The field of these records that names the subject."""
    key: tuple[str, ...] = ()
    """Fields that tell series of readings, or records, of one subject apart."""
    published_seconds: float = 0.0
    """How long after its end a window is complete."""
    corrected_seconds: float = 0.0
    """How long after that its values may change."""
    history: str = ""
    """How far back there are values, such as ``P3Y``; empty: nobody says."""
    since: str = ""
    """The field of a subject's record with its first day; empty: there is none."""
    zone: str = ""
    """The zone whose midnights cut windows."""


class Reach(Struct, frozen=True, kw_only=True):
    """How far back one argument of a call may ask, counted from the present."""

    path: tuple[str, ...]
    """Python names, from the arguments on, that lead to the first day or moment."""
    wire: str
    """The wire name of the argument."""
    label: str = ""
    """The document's own words for it; empty when it has none."""
    at_most: "Length"
    zone: str
    """The zone whose calendar and clock count."""
    is_of_months: bool = False
    """Whether the argument names whole months."""
    source: str = ""
    """The document's line."""


class Operation(Struct, Generic[RecordT], frozen=True, kw_only=True, eq=False):
    """One operation of a system; compared and hashed by object identity, so that plans can be
    cached.
    """

    system: str
    name: str
    """The Python name."""
    wire_name: str
    kind: Literal["read", "write"]
    """A write is never sent twice."""
    method: str
    path: str
    """The path below the server's address, with ``{wire}`` for what travels there."""
    request: RequestSpec
    reply: ReplySpec[RecordT]
    verdict: Verdict | None = None
    gateways: tuple[Verdict, ...] = ()
    """Verdicts of gateways that may answer in the service's place: the first verdict whose fields
    are there judges, the operation's own before these."""
    partial: tuple[Verdict, ...] = ()
    """Verdicts of lists of failures beside the data: each entry is a failure. Where data are left,
    the call succeeds all the same."""
    statuses: Mapping[int, ErrorMeaning] = field(default_factory=dict)
    """The meanings of HTTP statuses of failure: by status, or by its first digit for all others
    that begin with it."""
    success_status: int = 200
    """The HTTP status of success."""
    soap: SoapSpec | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    """By what limits call it (their ``same``): the Python name of the argument, and of the field of
    the reply, whose value says what a call touches; ``*`` stands for every argument."""
    walk: str = ""
    """The client's method that walks through all pages; empty: there is none."""
    harvest: Harvest | None = None
    """Hints for harvests; None: the spec gives none."""
    reaches: tuple[Reach, ...] = ()
    """How far back a call may ask."""

    @property
    def call(self) -> str:
        """The name for messages, such as ``example_grid.list_readings``."""
        return f"{self.system}.{self.name}"

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All that may judge a reply, its own first."""
        return self.gateways if self.verdict is None else (self.verdict, *self.gateways)

    def status_meaning(self, status: int) -> ErrorMeaning | None:
        """Return what the document says of an HTTP status; None: nothing.

        What a status means everywhere is more exact than what is said of all that begin like it.
        """
        own = self.statuses.get(status)
        if own is not None or status in _MEANT_EVERYWHERE:
            return own
        return self.statuses.get(status // 100)

    def is_success(self, status: int) -> bool:
        """Say whether a call with this HTTP status has succeeded, as far as a status can tell.

        That is one of 200 to 299 which the document does not list among the failures.
        """
        if not 200 <= status < 300 or status in self.statuses:
            return False
        return 2 not in self.statuses or status == self.success_status

    def __repr__(self) -> str:
        return f"<Operation {self.call}>"


# --- Systems ------------------------------------------------------------------------------------


class Credential(Struct, frozen=True, kw_only=True):
    """A credential of an account: a key, a user name, a password."""

    name: str
    """The Python name, e.g. ``service_key``."""
    environment: str
    """The environment variable to take it from when the caller gives none."""
    secret: bool = True
    optional: bool = False
    matches: str = ""
    """A regular expression that the whole text matches; empty: any text is accepted."""


class Option(Struct, frozen=True, kw_only=True):
    """An option that a client is given once, and sends with every call."""

    name: str
    """The Python name."""
    default: str | None = None
    values: tuple[str, ...] = ()
    """The allowed values; empty: any text."""


class Step(Struct, frozen=True, kw_only=True):
    """One step of a login: a small request whose result later requests carry."""

    name: str
    method: str
    address: Mapping[str, str]
    """The address of the step by the name of the server, or ``""`` for all: absolute, or below the
    server's address, with ``{wire}`` for what travels there."""
    parts: Mapping[str, tuple[Part, ...]]
    """What the step sends, by the name of the server, or ``""`` for all; never arguments. Parts in
    a body are written by ``encoding``."""
    encoding: Literal["none", "form", "json"] = "none"
    read: Mapping[str, tuple[str, ...]]
    """Where each part of the result is looked for, in order: ``header NAME``, ``cookie NAME``,
    ``body`` (all of it is a JSON string or a bare text) or ``body KEY``, where dots lead into
    objects. By the name of the part; ``""`` where the result has one."""
    success_status: int | None = None
    """The status of success; None: any from 200 to 299."""
    lifetime_seconds: float | None = None
    """How long the result lives; None: not known, and the result is used until it is refused."""
    lifetime_read: str = ""
    """Where the reply says how long it lives, as in ``read``, or ``jwt CLAIM`` of the result;
    empty: nowhere."""
    lifetime_ends: bool = False
    """Whether the reply gives the moment of the end, in seconds since 1970; else it gives how many
    seconds the result lives."""
    counts_from: Literal["issue", "last_use"] = "issue"
    """Whether each use makes the result live on."""
    once: bool = False
    """Whether the result serves one request only."""
    refused: tuple[int, ...] = ()
    """Statuses by which the document says that a request's result of this step is refused."""
    never: tuple[str, ...] = ()
    """Texts that are not a result, wherever they stand."""
    optional: tuple[str, ...] = ()
    """Parts of the result that a reply may lack, since nothing but the renewal carries them."""
    renewal: "Renewal | None" = None
    """The request that renews a kept result, in place of the step; None: the step is taken anew."""


class Renewal(Struct, frozen=True, kw_only=True):
    """The request that renews the result of a step; its reply is read as that of the step.

    Its parts may carry the result of the step itself, as it is kept. A reply that lacks an optional
    part leaves the kept one as it is.
    """

    method: str
    address: Mapping[str, str]
    """As in `Step`."""
    parts: Mapping[str, tuple[Part, ...]]
    """As in `Step`."""
    encoding: Literal["none", "form", "json"] = "none"
    success_status: int | None = None
    """The status of success; None: any from 200 to 299."""


class System(Struct, frozen=True, kw_only=True, eq=False):
    """What all operations of a system share."""

    name: str
    servers: Mapping[str, str] = field(default_factory=dict)
    """Addresses by name: those that the document prints, or that follow from it without a doubt."""
    default_server: str = ""
    """The one that a client takes without being told; empty: the caller must name one."""
    no_address: str = ""
    """Why there is no default, for the message that asks for one."""
    credentials: tuple[Credential, ...] = ()
    options: tuple[Option, ...] = ()
    certificate: str = ""
    """Which certificate a client shows in TLS; empty: none."""
    steps: tuple[Step, ...] = ()
    """In the order in which they are taken; each may use the results of those before it."""
    limits: Limits | None = None

    def __repr__(self) -> str:
        return f"<System {self.name}>"


_MEANT_EVERYWHERE = frozenset({401, 403, 429})
