"""What the body of a reply holds, whatever its format; the parts that both readers share."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from .convert import convert_record, shape_of
from .failure import documented, is_notice
from .operation import Envelope, Format, Operation
from .problems import Deviation, Problem
from .record import Record
from .redact import printable

__all__ = [
    "REPEATED",
    "Content",
    "header_deviations",
    "header_texts",
    "is_only_notice",
    "slow_record",
]

REPEATED = "is there more than once"


class Content(Struct, frozen=True):
    """Records and header of a success."""

    records: list[Any]
    header: dict[str, str | None] | None
    unreadable: tuple[Problem, ...] = ()
    """Values that cannot be read at all; the records are then incomplete."""


def slow_record(
    operation: Operation[Any], wire: Mapping[str, object], index: int, unreadable: list[Problem]
) -> Any:
    """Convert one wire record that the fast way refused; see `convert_record`."""
    path = f"records[{index}]"
    if not _has_field(operation, wire):
        unreadable.append(
            Problem(path=path, wire=path, rule="wrong-type", message="has no field of a record")
        )
        return None
    found: list[Problem] = []
    record = convert_record(wire, operation.reply.model, path, found)
    if found:
        named = {problem.path: problem for problem in operation.reply.check(wire, path)}
        unreadable.extend(_with_labels(problem, named.get(problem.path)) for problem in found)
    return record


def is_only_notice(operation: Operation[Any], wire: Mapping[str, object]) -> bool:
    """Say whether an element of the list speaks of success or failure and is no record."""
    return is_notice(operation.envelope, wire) and not _has_field(operation, wire)


def header_texts(envelope: Envelope, header: Mapping[str, object]) -> dict[str, str | None]:
    """Return a header under documented names, missing values as None."""
    return {
        name: None if value is None or value == "" else str(value)
        for name, value in documented(envelope, header).items()
    }


def header_deviations(
    envelope: Envelope, format: Format, header: tuple[str, Mapping[str, object]] | None
) -> Iterator[Deviation]:
    """Yield how a header departs from the document; it comes with the name it had."""
    expected = format in envelope.header_formats
    if header is None:
        if expected:
            yield _about(envelope.header_element, "missing-field", "is not in the reply")
        return
    name, fields = header
    if not expected:
        yield _about(name, "unknown-field", "is not in the document")
        return
    if name != envelope.header_element:
        yield _about(envelope.header_element, "renamed-field", f"is called {name!r} on the wire")
    yield from _header_fields(envelope, fields)


def _has_field(operation: Operation[Any], wire: Mapping[str, object]) -> bool:
    model: type[Record] = operation.reply.model
    return any(field.wire in wire for field in shape_of(model).fields) or any(
        alias in wire for alias in model.__also__
    )


def _header_fields(envelope: Envelope, fields: Mapping[str, object]) -> Iterator[Deviation]:
    seen = set()
    for wire, value in fields.items():
        name = envelope.also.get(wire, wire)
        if name in seen or isinstance(value, list):
            yield _about(f"{envelope.header_element}.{name}", "repeated-field", REPEATED)
        seen.add(name)
        if name not in envelope.header_fields:
            shown = f"{envelope.header_element}.{printable(wire, 60)}"
            yield _about(shown, "unknown-field", "is not in the document")
        elif name != wire:
            yield _about(
                f"{envelope.header_element}.{name}",
                "renamed-field",
                f"is called {wire!r} on the wire",
            )
    for name in envelope.header_fields:
        if name not in seen:
            yield _about(
                f"{envelope.header_element}.{name}", "missing-field", "is not in the reply"
            )


def _about(wire: str, rule: str, message: str) -> Deviation:
    return Problem(path=wire, wire=wire.rpartition(".")[2], rule=rule, message=message)


def _with_labels(problem: Problem, named: Problem | None) -> Problem:
    if named is None:
        return problem
    return structs.replace(problem, label=named.label, label_en=named.label_en, source=named.source)
