"""Find the fields to which places of a reply lead, and how Python reaches them."""

from collections.abc import Sequence

from gridwright.analysis.naming import arguments_path, fields_on, request_record
from gridwright.ir import Field, InReply, Interface, ListType, Operation, Record

__all__ = ["PAYLOAD_LIST", "field_at", "listed_record", "names_at", "page_arguments", "place_of"]

PAYLOAD_LIST = "records"
"""How Python calls the list that a reply is."""
_BESIDE = "beside"


def place_of(text: str) -> InReply:
    """Return the place that a path with dots means."""
    return InReply(path=tuple(text.split(".")))


def field_at(interface: Interface, operation: Operation, place: InReply) -> Field | None:
    """Return the field at a place of a reply; None where it leads to none, or is a header."""
    way = _way(interface, operation, place)
    return way[1][-1] if way and way[1] else None


def names_at(interface: Interface, operation: Operation, place: InReply) -> str:
    """Return Python names joined by dots, from the payload on; empty where they lead nowhere."""
    way = _way(interface, operation, place)
    if not way or not way[1]:
        return ""
    names = [field.name for field in way[1]]
    return ".".join((way[0], *names) if way[0] else names)


def listed_record(interface: Interface, operation: Operation) -> Record | None:
    """Return the record of which a long answer holds any number; None where nothing says it."""
    reply, paging = operation.reply, operation.paging
    if reply.shape == "list":
        return reply.record
    field = field_at(interface, operation, place_of(paging.records)) if paging else None
    is_list = field is not None and isinstance(field.type, ListType)
    return interface.record_of(field) if field is not None and is_list else None


def page_arguments(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    """Return the arguments that a walk fills for each page, whole or in part."""
    paging = operation.paging
    if paging is None:
        return ()
    record = request_record(operation)
    found: list[Field] = []
    for path in (paging.begin, paging.end, paging.sends, paging.size):
        steps = arguments_path(operation, path) if path else ()
        way = fields_on(interface, record, path) if path else ()
        if steps and len(way) >= len(steps) and way[-len(steps)] not in found:
            found.append(way[-len(steps)])
    return tuple(found)


def _way(
    interface: Interface, operation: Operation, place: InReply
) -> tuple[str, tuple[Field, ...]] | None:
    """Return what names begin with, and the fields on the way from the payload to a place."""
    reply, path = operation.reply, place.path
    if not path:
        return None
    if reply.shape == "list":
        found = _below(interface, reply.beside, path) if reply.beside is not None else ()
        return (_BESIDE, found) if found else None
    if reply.shape != "record":
        return None
    if reply.is_message and reply.payload:
        found = _below(interface, reply.record, path)
        # The runtime is handed the payload: its names begin below it.
        depth = len(reply.payload)
        is_inside = path[:depth] == reply.payload and len(found) > depth
        return ("", found[depth:]) if is_inside else None
    if path[: len(reply.payload)] == reply.payload and reply.payload:
        found = _below(interface, reply.record, path[len(reply.payload) :])
        if found:
            return "", found
    return "", _below(interface, reply.record, path)


def _below(interface: Interface, record: Record, path: Sequence[str]) -> tuple[Field, ...]:
    """Return the fields on a path; none where it fails."""
    found: list[Field] = []
    below: Record | None = record
    rest = tuple(path)
    while rest:
        field = next((f for f in below.fields if _begins(rest, f)), None) if below else None
        if field is None:
            return ()
        found.append(field)
        rest = rest[len(_steps(field)) :]
        below = interface.record_of(field)
    return tuple(found)


def _begins(path: tuple[str, ...], field: Field) -> bool:
    way = _steps(field)
    return (not field.in_header or bool(field.block)) and path[: len(way)] == way


def _steps(field: Field) -> tuple[str, ...]:
    """Return what leads to a field: its containers, or its block of the SOAP header."""
    return (field.block, field.wire) if field.block else (*field.under, field.wire)
