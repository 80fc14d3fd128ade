"""Requests: places, sources, bodies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.records import Field, Record
from gridwright.ir.words import Filler, HoleKind, PairFiller

__all__ = [
    "Argument",
    "Basic",
    "Body",
    "Element",
    "Filled",
    "FormatWord",
    "Hole",
    "Language",
    "Pair",
    "Pairs",
    "Parameter",
    "Place",
    "Source",
    "Text",
    "UsernameToken",
    "holes_in",
    "referred",
]


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
        part: one of several results of a step; empty where it has one.
    """

    kind: HoleKind
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

    @property
    def constant(self) -> str | None:
        """The text, where it never varies; None: it has holes."""
        texts = [piece for piece in self.pieces if isinstance(piece, str)]
        return "".join(texts) if len(texts) == len(self.pieces) else None


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password as HTTP Basic authentication writes them."""

    user: Text
    password: Text


@dataclass(frozen=True, slots=True)
class UsernameToken:
    """User and password as WS-Security writes them.

    Attributes:
        is_digest: the password is hashed with a nonce and the time.
    """

    username: Text
    password: Text
    is_digest: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What the client fills by itself.

    Attributes:
        name: Python name of the option; empty elsewhere.
    """

    with_: Filler
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormatWord:
    """The word that asks for a format of the reply, by format."""

    words: tuple[tuple[str, str], ...]


Source: TypeAlias = Argument | Text | Basic | UsernameToken | Filled | FormatWord


def holes_in(source: Source) -> tuple[Hole, ...]:
    """Return the holes in the texts of a source, in order."""
    match source:
        case Text(pieces=pieces):
            return tuple(piece for piece in pieces if isinstance(piece, Hole))
        case Basic(user=user, password=password):
            return (*holes_in(user), *holes_in(password))
        case UsernameToken(username=user, password=password):
            return (*holes_in(user), *holes_in(password))
        case Filled() | FormatWord() | Argument():
            return ()
        case _:
            assert_never(source)


def referred(source: Source) -> tuple[tuple[str, str], ...]:
    """Return the kind and name of each credential, step and option that fills a source."""
    if isinstance(source, Filled):
        return (("option", source.name),) if source.with_ == "option" else ()
    return tuple((hole.kind, hole.name) for hole in holes_in(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value of a request, with its place and who gives it.

    Attributes:
        under: the containers around it, by wire names, where it travels in a body.
        join: what stands between the items of a list; empty: its name is repeated.
    """

    field: Field
    place: Place
    source: Source
    under: tuple[str, ...] = ()
    join: str = ""

    @property
    def is_argument(self) -> bool:
        """Whether the caller gives the value."""
        return isinstance(self.source, Argument)

    @property
    def credential(self) -> str | None:
        """Name of the credential that fills it whole; None: something else does."""
        return self.source.credential if isinstance(self.source, Text) else None

    @property
    def constant(self) -> str | None:
        """The text that it always carries; None: it varies."""
        return self.source.constant if isinstance(self.source, Text) else None

    @property
    def is_needed(self) -> bool:
        """Whether every request has it: it is required, or always the same."""
        return self.field.required or self.constant is not None

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Format and wire value, where it selects the format of the reply; else empty."""
        return self.source.words if isinstance(self.source, FormatWord) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A container of a message, by its wire name.

    Attributes:
        provisional: the document gives no name; ``wire`` is a visibly provisional one.
        namespace: that of the element in XML and of those within; empty: as around it, and at a
            root that the document names none; `NO_NAMESPACE`: none.
        formats: those in which a root or an item has its name.
    """

    wire: str
    provisional: bool
    label: str
    en: str
    namespace: str = ""
    formats: tuple[str, ...] = ("xml",)
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of a request.

    Attributes:
        record: of one field, whose wire name is a dot, where the body is one value.
        is_value: the body is one value: a list, a text, a file.
        root: the XML root; None where no XML is offered.
        arguments: wire name of the field whose record's fields are the method's arguments; empty:
            they are those of the body itself.
        attachments: further parts may go along.
    """

    record: Record
    is_value: bool = False
    root: Element | None
    arguments: str
    attachments: bool
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One pair of key and value that every request carries.

    Attributes:
        name: Python name of the option.
    """

    key: str
    source: PairFiller
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
