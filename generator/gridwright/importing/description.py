"""Describe an interface as a foreign file does, whatever its version: frozen and complete.

Its operations, records and fields are those of the file, in its words; no module of the import
knows those of `gridwright.ir`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Codes",
    "Description",
    "Field",
    "Join",
    "Media",
    "Operation",
    "Parameter",
    "Payload",
    "Record",
    "Scheme",
    "Server",
    "Status",
    "Value",
]

Join = str | None
"""What stands between the items of a list outside of a body; None where the name is repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """A closed list of texts.

    Attributes:
        place: where it stands; lists are told apart by it, never by what they hold.
        values: as they travel.
    """

    place: str
    said: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a schema comes down to.

    Attributes:
        kind: a type of the spec language; "any" where no other type holds all that may come.
        place: of the schema.
        said: its description.
        codes: for the kind "code".
        record: place of the record, for the kind "record".
        item: for the kind "list".
        keyed: the item is the value of a map, whose keys are data.
        layout: a word of ``layout``, where the items are no objects.
        format: pattern of a date or time.
        bounds: facts about the value by their words in the spec language.
        is_missing_too: null may stand for it.
        sent, received: whether it may be in a request, and in a reply.
        xml: how it is written in XML, in the words of OpenAPI.
        facts: what our own exports say beside the words of OpenAPI.
    """

    kind: str
    place: str
    said: str = ""
    codes: Codes | None = None
    record: str = ""
    item: "Value | None" = None
    keyed: bool = False
    layout: str = ""
    format: str = ""
    bounds: Mapping[str, Any]
    default: str | None = None
    example: str | None = None
    is_missing_too: bool = False
    sent: bool = True
    received: bool = True
    xml: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of a record, under its wire name."""

    wire: str
    value: Value
    is_required: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """Which fields of a record are given with which others.

    Attributes:
        kind: of a rule: needs, exactly_one or one_of.
        names: wire names; of needs, the first needs the others.
        place: where it stands.
    """

    kind: str
    names: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record.

    Attributes:
        place: where it stands; records are told apart by it.
        is_open: it may hold what is not among its fields.
        conditions: across its fields.
    """

    place: str
    said: str
    fields: tuple[Field, ...]
    is_open: bool
    conditions: tuple[Condition, ...] = ()
    xml: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value of a request outside of its body.

    Attributes:
        place: path, query, header, cookie or form.
        join: between the items of a list.
    """

    place: str
    field: Field
    join: Join = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A body of a request.

    Attributes:
        encoding: a word of ``request_media``.
        value: what it holds.
        root: name of its root element in XML.
        media: its media type, where that is not the usual one of the encoding.
        apart: what of a form travels as a part of its own, by wire name.
    """

    encoding: str
    value: Value
    place: str
    root: str = ""
    media: str = ""
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What a success brings.

    Attributes:
        formats: words of ``formats``.
        value: None where it is a file, or nothing.
        root, namespace: of the root element in XML.
        media: the media type, where that is not the usual one of the format.
    """

    formats: tuple[str, ...]
    place: str
    value: Value | None = None
    root: str = ""
    namespace: str = ""
    media: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status that is no success."""

    status: str
    said: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation.

    Attributes:
        server: the address of its own, where it has one.
        schemes: names of what it presents; all of them together.
        stopped: why it cannot be drafted; "" where it can.
        summary: all of it on a line, in the words of the file.
    """

    id: str
    method: str
    path: str
    place: str
    said: str
    parts: tuple[Parameter, ...]
    body: Media | None
    payload: Payload
    statuses: tuple[Status, ...]
    schemes: tuple[str, ...]
    server: str = ""
    stopped: str = ""
    summary: str = ""
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An address; "" where nobody says one that can be called."""

    address: str
    said: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How an account is presented.

    Attributes:
        kind: key, basic, bearer or client_credentials.
        where: header, query or cookie, for a key.
        wire: its name there.
        token_url: where client credentials ask for a token.
        scopes: that are asked for.
    """

    name: str
    kind: str
    said: str
    place: str
    where: str = ""
    wire: str = ""
    token_url: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The whole file.

    Attributes:
        parameters: names of the parameters by their places.
    """

    title: str
    version: str
    file: str
    servers: tuple[Server, ...]
    schemes: Mapping[str, Scheme]
    operations: tuple[Operation, ...]
    records: Mapping[str, Record]
    parameters: Mapping[str, str]
    facts: Mapping[str, Any]
