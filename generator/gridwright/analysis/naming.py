"""Derive the names of generated code from the names of a spec."""

from collections.abc import Mapping
from datetime import timedelta

from gridwright.ir import Field, Interface, Operation, Record, RecordType, Series

__all__ = [
    "argument_fields",
    "arguments_path",
    "class_name",
    "constant_name",
    "fields_below",
    "fields_on",
    "labels_constant",
    "reading_class",
    "request_record",
    "series_constant",
    "snake_name",
    "steps_of",
]


def class_name(name: str) -> str:
    """Return the class name of a snake_case name."""
    return "".join(part.capitalize() for part in name.split("_"))


def constant_name(name: str) -> str:
    """Return the constant's name of a snake_case name."""
    return name.upper()


def snake_name(name: str) -> str:
    """Return the snake_case form of a class name: DayLoadProfile → day_load_profile."""
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def steps_of(path: str) -> list[str]:
    """Return the wire names of a path; a dot alone, or at its beginning, is the whole body."""
    # The runtime splits paths by the same lines, and cannot import these.
    if path == "." or path.startswith(".."):
        return [".", *path[2:].split(".")] if path[2:] else ["."]
    return path.split(".")


def fields_on(interface: Interface, record: Record, path: str) -> tuple[Field, ...]:
    """Follow a path of wire names below ``record``; as far as it goes.

    Args:
        interface: where records are looked up.
        record: where the path begins.
        path: wire names joined by dots; lists are walked through.
    """
    found: list[Field] = []
    below: Record | None = record
    for wire in steps_of(path):
        field = below.field(wire) if below else None
        if field is None:
            break
        found.append(field)
        below = interface.record_of(field)
    return tuple(found)


def fields_below(interface: Interface, record: Record, path: str) -> tuple[Field, ...]:
    """Return the fields of the record to which a path of wire names leads; none where it fails."""
    found = fields_on(interface, record, path)
    if len(found) != len(steps_of(path)):
        return ()
    below = interface.record_of(found[-1])
    return below.fields if below else ()


def request_record(operation: Operation) -> Record:
    """Return all that a caller gives, as one record: parameters, then the fields of the body.

    A path of wire names into a request begins here.
    """
    fields = tuple(parameter.field for parameter in operation.arguments)
    body = operation.body
    return Record(
        name=body.record.name if body and not fields else f"{class_name(operation.name)}Request",
        en=f"what {operation.wire_name} is asked with",
        fields=(*fields, *body.record.fields) if body else fields,
        open=body.record.open if body else False,
        extends="",
        filler=(),
        cite=operation.cite,
        span=operation.span,
    )


def argument_fields(interface: Interface, operation: Operation) -> Mapping[str, Field]:
    """Return the fields that are arguments of the method, by wire name."""
    request, body = request_record(operation), operation.body
    found = {field.wire: field for field in request.fields}
    if body is not None and body.arguments:
        holder = found.pop(body.arguments, None)
        is_record = holder is not None and isinstance(holder.type, RecordType)
        record = interface.record_of(holder) if holder is not None and is_record else None
        found |= {field.wire: field for field in record.fields} if record else {}
    return found


def arguments_path(operation: Operation, path: str) -> tuple[str, ...]:
    """Return a path into a request as it leads from the arguments of the method."""
    steps = tuple(steps_of(path))
    body = operation.body
    return steps[1:] if body and body.arguments and steps[:1] == (body.arguments,) else steps


def labels_constant(series: Series) -> str:
    """Return the name of the constant that holds the labels of a series."""
    minutes = int(series.step / timedelta(minutes=1))
    first, last = (series.labels[0], series.labels[-1]) if series.labels else ("", "")
    return f"LABELS_{first}_{last}_PT{minutes}M"


def series_constant(record: Record, field: Field) -> str:
    """Return the name of the constant that describes one series, or single value, of a record."""
    return constant_name(f"{snake_name(record.name)}_{field.name}")


def reading_class(field: Field, series: Series | None) -> str:
    """Return the name of the class of one reading of a series, or of a single value."""
    stem = class_name(field.name)
    return f"{stem}RegisterReading" if series and series.register else f"{stem}Reading"
