"""Sources of parts as expressions of the runtime's types."""

from typing import assert_never

from gridwright.ir import (
    Argument,
    Basic,
    Field,
    Filled,
    FormatWord,
    Hole,
    SoapHeaderField,
    Source,
    TemporalType,
    Text,
    UsernameToken,
)
from gridwright.ir.words import HoleKind
from gridwright.targets.expressions import Call, Expression, Name, call, dict_display

__all__ = [
    "INTERFACE",
    "argument",
    "constant",
    "header_source",
    "hole",
    "new_id",
    "part",
    "source_of_field",
    "source_of_step",
    "with_variables",
]

INTERFACE = "gridwright_runtime.interface"


def part(wire: str, place: str, source: Call, **keywords: Expression) -> Call:
    """Return a part, with what ``keywords`` say of it beside its place and source."""
    made = call(Name("Part", INTERFACE), wire=wire, place=place, source=source)
    return made.with_options(**keywords)


def argument(key: str) -> Call:
    """Return the source of what the caller gives."""
    return call(Name("Argument", INTERFACE), key)


def hole(kind: HoleKind, name: str) -> Call:
    """Return the source that is a credential, an option or the result of a step alone."""
    return _text(Text((Hole(kind, name),)))


def constant(text: str) -> Call:
    """Return the source of a text that never varies."""
    return _text(Text((text,)))


def new_id() -> Call:
    """Return the source that is new for each call."""
    return call(Name("NewId", INTERFACE))


def source_of_field(source: Source, field: Field) -> Call:
    """Return the source of a field of a request that the caller does not give."""
    match source:
        case Text():
            return _text(source)
        case Basic(user=user, password=password):
            return call(Name("Basic", INTERFACE), _text(user), _text(password))
        case Filled():
            return _filled_source(source, field)
        case FormatWord(words=words):
            return call(Name("FormatWord", INTERFACE), dict_display(words))
        case Argument() | UsernameToken():
            raise TypeError("an argument is named by its key, a token stands in a header alone")
        case _:
            assert_never(source)


def source_of_step(source: Source) -> Call:
    """Return the source of what a step of a login sends, or what a request presents."""
    match source:
        case Text():
            return _text(source)
        case Basic(user=user, password=password):
            return call(Name("Basic", INTERFACE), _text(user), _text(password))
        case UsernameToken(username=user, password=password, is_digest=is_digest):
            further = {"is_digest": True} if is_digest else {}
            return call(Name("UsernameToken", INTERFACE), _text(user), _text(password), **further)
        case Filled(with_="uuid"):
            return new_id()
        case Filled() | FormatWord() | Argument():
            raise TypeError("resolving gives texts, tokens and new identifiers alone")
        case _:
            assert_never(source)


def header_source(item: SoapHeaderField) -> Call:
    """Return the source of a field of the SOAP header."""
    if item.source == "credential":
        return hole("credential", item.name)
    return _filled_source(Filled(item.source, item.name), item.field)


def with_variables(source: Source) -> str:
    """Return a source with each reference as ``{{name}}``, as tools of others have it.

    One of several parts of a result is ``{{step-part}}``, which no other name can be.
    """
    match source:
        case Text(pieces=pieces):
            return "".join(
                f"{{{{{'-'.join(filter(None, (piece.name, piece.part)))}}}}}"
                if isinstance(piece, Hole)
                else piece
                for piece in pieces
            )
        case Basic(user=user, password=password):
            return f"Basic {with_variables(user)}:{with_variables(password)}"
        case UsernameToken(username=user, password=password):
            return f"{with_variables(user)} with {with_variables(password)}"
        case Filled():
            return _variable(source)
        case Argument() | FormatWord():
            return ""
        case _:
            assert_never(source)


def _variable(source: Filled) -> str:
    match source.with_:
        case "uuid":
            return "{{$guid}}"
        case "serial":
            return "{{$timestamp}}"
        case "now":
            return "{{$isoTimestamp}}"
        case "service" | "option":
            return f"{{{{{source.name}}}}}"
        case _:
            assert_never(source.with_)


def _text(text: Text) -> Call:
    return call(Name("Text", INTERFACE), tuple(_piece(piece) for piece in text.pieces))


def _piece(piece: str | Hole) -> Expression:
    if isinstance(piece, str):
        return piece
    further = (piece.part,) if piece.part else ()
    return call(Name("Hole", INTERFACE), piece.kind, piece.name, *further)


def _filled_source(source: Filled, field: Field) -> Call:
    match source.with_:
        case "uuid":
            return new_id()
        case "serial":
            return call(Name("Serial", INTERFACE))
        case "service":
            return call(Name("ServiceName", INTERFACE))
        case "now":
            type_ = field.type
            if isinstance(type_, TemporalType):
                return call(Name("Now", INTERFACE), pattern=type_.pattern, zone=type_.zone)
            return call(Name("Now", INTERFACE), pattern="")
        case "option":
            return hole("option", source.name)
        case _:
            assert_never(source.with_)
