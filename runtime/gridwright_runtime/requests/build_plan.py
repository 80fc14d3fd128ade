"""Plan the requests of an operation: found out once, before any call."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import Struct

from ..interface import (
    Argument,
    Basic,
    Format,
    FormatWord,
    Hole,
    NewId,
    Now,
    Operation,
    Part,
    Path,
    Place,
    Serial,
    Text,
    UsernameToken,
)
from ..record import Record
from ..sources import Values, fill_source, holes_in, steps_in
from .hidden_texts import record_in

__all__ = ["BuildPlan", "PlannedPart", "plan_of"]


class PlannedPart(Struct, frozen=True):
    """One part of a request, and what filling it takes."""

    part: Part
    place: Place
    wire: str
    key: str = ""
    """The name of its argument in the arguments' record; empty where it is none."""
    needs: tuple[Hole, ...] = ()
    """The credentials and options that it is made of."""
    lone: Hole | None = None
    """Whether it is one credential or option, and nothing else."""
    is_late: bool = False
    """Whether its value is known only when the request leaves."""
    is_optional: bool = False
    """Whether it may have nothing to carry."""


class BuildPlan(Struct, frozen=True):
    """How the request of one operation is built, where one format is asked for."""

    entries: tuple[PlannedPart, ...]
    """All parts, in the document's order."""
    constants: tuple[str | None, ...]
    """The text of each part that never varies, beside the entries; else None."""
    given: tuple[tuple[int, PlannedPart], ...]
    """The parts that a client's settings or the identity of a call fill, by number."""
    checked: tuple[tuple[int, Part], ...]
    """The parts that the check sees beside the arguments, by number."""
    arguments: tuple[tuple[str, Part], ...]
    """The parts that are arguments, by key."""
    path_keys: tuple[str, ...]
    """Those that stand in the path."""
    basics: tuple[int, ...]
    """The parts that hide what they are made of, by number."""
    tokens: tuple[int, ...]
    """Those that are tokens of WS-Security, by number."""
    names: Mapping[str, str]
    """The Python names of the arguments' fields, by key."""
    path: tuple[str, ...]
    """The path in pieces: every other one is the name of what stands there."""
    under: Path
    """The path in the body that leads to the arguments."""
    is_value: bool
    """Whether the body is one value."""
    has_layouts: bool
    """Whether the arguments hold lists that JSON writes as arrays, as columns or with keys."""
    nulls: Literal["omit", "write"]
    accept: tuple[tuple[str, str], ...]
    has_body: bool
    has_body_parts: bool
    unseen: frozenset[str]
    """What the check would see if it were known by then."""
    is_open: bool
    """Whether the arguments may hold items that the document does not name."""
    identity: Part | None
    """The part that carries the identifier of a call."""
    is_identified: bool
    """What it carries tells it from others: a new identifier, or a number in sequence."""
    is_late: bool
    """Whether some value is known only when the request leaves."""
    is_body_late: bool
    steps: frozenset[str]
    """The login steps whose results it carries."""
    headers: frozenset[str]
    """The headers that parts are, in lower case."""


@cache
def plan_of(operation: Operation[Any], format: Format) -> BuildPlan:
    """Return the plan of an operation.

    Raises:
        TypeError: the operation says something that means nothing.
    """
    request = operation.request
    entries = tuple(_entry(part) for part in request.parts)
    names = _names(request.model)
    arguments = tuple((entry.key, entry.part) for entry in entries if entry.key)
    has_body = request.body is not None or operation.soap is not None
    path = tuple(re.split(r"\{([^{}]+)\}", operation.path))
    _refuse_nonsense(operation, names, arguments, has_body, path)
    body = [entry for entry in entries if entry.place == "body"]
    late = [entry for entry in entries if entry.is_late]
    never_varies = Values(service_name=operation.wire_name, format=format)
    constants = tuple(
        fill_source(e.part.source, never_varies) if not (e.needs or e.is_late) else None
        for e in entries
    )
    known = tuple(enumerate(entries))
    return BuildPlan(
        entries=entries,
        constants=constants,
        given=tuple((n, e) for n, e in known if e.needs or isinstance(e.part.source, NewId)),
        checked=tuple((n, e.part) for n, e in known if e.part.checked and not e.key),
        arguments=arguments,
        path_keys=tuple(key for key, part in arguments if part.place == "path"),
        basics=tuple(n for n, e in known if isinstance(e.part.source, Basic)),
        tokens=tuple(n for n, e in known if isinstance(e.part.source, UsernameToken)),
        names=names,
        path=path,
        under=request.body.under if request.body else (),
        has_layouts=_has_layouts(request.model, frozenset()),
        is_value=request.body is not None and request.body.is_value,
        nulls=request.body.nulls if request.body else "omit",
        accept=_accept(operation, format),
        has_body=has_body,
        has_body_parts=bool(body),
        unseen=frozenset(entry.wire for entry in late if entry.part.checked),
        is_open=_is_open(request.model, frozenset()),
        identity=next((e.part for e in entries if isinstance(e.part.source, NewId)), None),
        is_identified=any(isinstance(e.part.source, NewId | Serial) for e in entries),
        is_late=bool(late),
        is_body_late=any(entry.is_late for entry in body),
        steps=frozenset(step for entry in entries for step in steps_in(entry.part.source)),
        headers=frozenset(e.wire.lower() for e in entries if e.place == "header"),
    )


def _entry(part: Part) -> PlannedPart:
    source = part.source
    if isinstance(source, Argument):
        return PlannedPart(part, part.place, part.wire, key=source.key)
    holes = holes_in(source)
    is_lone = isinstance(source, Text) and len(source.pieces) == 1 and len(holes) == 1
    is_late = isinstance(source, Now | Serial) or bool(steps_in(source))
    is_late = is_late or (isinstance(source, UsernameToken) and source.is_digest)
    return PlannedPart(
        part,
        part.place,
        part.wire,
        needs=tuple(hole for hole in holes if hole.kind != "step"),
        lone=holes[0] if is_lone and not is_late else None,
        is_late=is_late,
        # A format may be asked for in other ways than by a word; an address has no gaps.
        is_optional=part.place != "path" and (part.optional or isinstance(source, FormatWord)),
    )


def _accept(operation: Operation[Any], format: Format) -> tuple[tuple[str, str], ...]:
    if operation.soap is not None:
        return (("Accept", "text/xml, multipart/related"),)
    media_types = operation.reply.formats.get(format, ())
    return (("Accept", ", ".join(media_types)),) if media_types else ()


_IN_SOAP_HEADER = ("soap_header", "soap_security")


def _names(model: type[Record]) -> Mapping[str, str]:
    return {
        field.encode_name: field.name
        for field in msgspec.structs.fields(model)
        if not (model.__open__ and field.name == "items")
    }


def _has_layouts(model: type[Record], above: frozenset[type[Record]]) -> bool:
    if any(location.layout for location in model.__located__.values()):
        return True
    inner = (record_in(field.type) for field in msgspec.structs.fields(model))
    above |= {model}
    return any(_has_layouts(one, above) for one in inner if one is not None and one not in above)


def _is_open(model: type[Record], above: frozenset[type[Record]]) -> bool:
    if model.__open__:
        return True
    inner = (record_in(field.type) for field in msgspec.structs.fields(model))
    above |= {model}
    return any(_is_open(one, above) for one in inner if one is not None and one not in above)


def _refuse_nonsense(
    operation: Operation[Any],
    names: Mapping[str, str],
    arguments: tuple[tuple[str, Part], ...],
    has_body: bool,
    path: tuple[str, ...],
) -> None:
    """Refuse operations of which no request can be built; the checks of specs let none of them
    through.
    """
    keys = {key for key, _part in arguments}
    if unknown := [key for key in keys if key not in names]:
        raise TypeError(f"{operation.call}: no argument has the wire name {unknown[0]!r}")
    if not has_body and (homeless := [names[key] for key in names if key not in keys]):
        raise TypeError(f"{operation.call}: {homeless[0]} has no place, and there is no body")
    parts = operation.request.parts
    if not has_body and any(part.place == "body" for part in parts):
        raise TypeError(f"{operation.call}: a part travels in the body, and there is none")
    if operation.soap is None and any(part.place in _IN_SOAP_HEADER for part in parts):
        raise TypeError(f"{operation.call}: a part travels in a SOAP header, and there is none")
    if lost := {part.wire for part in parts if part.place == "path"}.difference(path[1::2]):
        raise TypeError(f"{operation.call}: the path has no place for {min(lost)}")
    if any(part.pair and not part.under for part in parts):
        raise TypeError(f"{operation.call}: a pair stands in no list")
    if operation.request.attachments and operation.soap is None:
        raise TypeError(f"{operation.call}: attachments go along with an envelope alone")
