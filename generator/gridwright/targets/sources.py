"""Sources of parts as expressions of the runtime's types."""

import re

from gridwright.ir import SoapHeaderField, TemporalType
from gridwright.targets.expressions import Call, Expression, Name, call

__all__ = [
    "INTERFACE",
    "argument",
    "constant",
    "header_source",
    "hole",
    "new_id",
    "part",
    "referred",
    "text_source",
    "with_variables",
]

INTERFACE = "gridwright_runtime.interface"
_REFERENCE = re.compile(r"(credential|step|option)\.([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z0-9_]+))?")
_HOLE = re.compile(r"\{((?:credential|step|option)\.[A-Za-z0-9_.]+)\}")


def part(wire: str, place: str, source: Call, **about: Expression) -> Call:
    """Return a part; ``about`` holds what else is said of it, and nothing that is the default."""
    return call(
        Name("Part", INTERFACE), wire=wire, place=place, source=source,
        **{key: value for key, value in about.items() if value not in (False, None, ())},
    )  # fmt: skip


def argument(key: str) -> Call:
    """Return the source of what the caller gives."""
    return call(Name("Argument", INTERFACE), key)


def hole(kind: str, name: str) -> Call:
    """Return the source that is a credential, an option or the result of a step alone."""
    return call(Name("Text", INTERFACE), (call(Name("Hole", INTERFACE), kind, name),))


def constant(text: str) -> Call:
    """Return the source of a text that never varies."""
    return call(Name("Text", INTERFACE), (text,))


def new_id() -> Call:
    """Return the source that is new for each call."""
    return call(Name("NewId", INTERFACE))


def text_source(text: str) -> Call:
    """Return the source of a text of the spec: a reference alone, or a text with holes."""
    if found := _REFERENCE.fullmatch(text):
        return call(Name("Text", INTERFACE), (_hole(found),))
    pieces: list[Expression] = []
    for index, piece in enumerate(_HOLE.split(text)):
        found = _REFERENCE.fullmatch(piece) if index % 2 else None
        if found is not None:
            pieces.append(_hole(found))
        elif piece:
            pieces.append(piece)
    return call(Name("Text", INTERFACE), tuple(pieces))


def referred(text: str) -> list[tuple[str, str]]:
    """Return the kind and name of each credential, step and option that a text of the spec has."""
    texts = [text] if _REFERENCE.fullmatch(text) else _HOLE.findall(text)
    found = [_REFERENCE.fullmatch(reference) for reference in texts]
    return [(match[1], match[2]) for match in found if match is not None]


def with_variables(text: str) -> str:
    """Return a text of the spec with each reference as ``{{name}}``."""
    if found := _REFERENCE.fullmatch(text):
        return f"{{{{{found[2]}}}}}"
    return _HOLE.sub(lambda hole: with_variables(hole[1]), text)


def header_source(item: SoapHeaderField) -> Call:
    """Return the source of a field of the SOAP header."""
    match item.source:
        case "uuid":
            return new_id()
        case "service":
            return call(Name("ServiceName", INTERFACE))
        case "now":
            type_ = item.field.type
            if isinstance(type_, TemporalType):
                return call(Name("Now", INTERFACE), pattern=type_.pattern, zone=type_.zone)
            return call(Name("Now", INTERFACE), pattern="")
        case _:
            return hole(item.source, item.name)


def _hole(found: re.Match[str]) -> Call:
    kind, name, which = found.groups()
    further = (which,) if which else ()
    return call(Name("Hole", INTERFACE), kind, name, *further)
