"""Hints for harvests name arguments, operations and fields that are there, and fit."""

from collections.abc import Iterator

from gridwright.analysis.naming import argument_fields
from gridwright.analysis.payloads import payload_of_reply
from gridwright.analysis.reply_places import listed_record
from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import (
    AnyType,
    CodeType,
    DecimalType,
    Field,
    Harvest,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report hints by which no harvest could go on."""
    for operation in interface.operations:
        harvest = operation.harvest
        if harvest is not None and not operation.known_by_example:
            yield from _check_arguments(interface, operation, harvest)
            yield from _check_listing(interface, harvest)
            yield from _key(interface, operation, harvest)


def _check_arguments(
    interface: Interface, operation: Operation, harvest: Harvest
) -> Iterator[Diagnostic]:
    """Report arguments that are not there, or cannot hold what a harvest gives."""
    known = argument_fields(interface, operation)
    varied = {harvest.each, harvest.first, harvest.last} - {""}
    for wire in sorted(varied):
        if wire not in known:
            yield Diagnostic(
                harvest.span,
                "unknown-field",
                f"{wire!r} is no argument of {operation.name!r}, and its harvest asks by it",
                nearest(wire, known) or "name fields of the request by their wire names",
            )
        elif wire not in (harvest.first, harvest.last):
            if not _tells_apart(known[wire].type):
                yield _wrong(harvest, f"{wire!r} takes no single text or number, as subjects are")
        elif isinstance(known[wire].type, RecordType | ListType):
            yield _wrong(harvest, f"{wire!r} takes several values, and a harvest gives it one")
        elif not _is_day(known[wire]):
            yield _wrong(
                harvest,
                f"{wire!r} is no date and no time, and windows are cut by it",
                "give the field `type: date` or `datetime`",
            )
        elif wire == harvest.last and not harvest.is_end_excluded and _is_instant(known[wire]):
            yield _wrong(
                harvest,
                f"{wire!r} is an instant, and a window ends with the midnight after its last day",
                "write `to_is: excluded`: what two windows bring is kept once",
            )
    if harvest.each in (harvest.first, harvest.last) and harvest.each:
        yield _wrong(harvest, f"{harvest.each!r} says both whom a window is about and when")


def _check_listing(interface: Interface, harvest: Harvest) -> Iterator[Diagnostic]:
    """Report that nothing lists the subjects as it is said."""
    if not harvest.listed_by:
        if harvest.since:
            yield Diagnostic(
                harvest.span,
                "missing-key",
                f"nothing says whose records have {harvest.since!r}",
                "add `each: {argument: …, operation: …, field: …}`, or write a length, such as P3Y",
            )
        return
    names = [operation.name for operation in interface.operations]
    lists = interface.operation_named(harvest.listed_by)
    if lists is None:
        yield Diagnostic(
            harvest.span,
            "unknown-operation",
            f"{harvest.listed_by!r} is no operation",
            nearest(harvest.listed_by, names),
        )
        return
    record = listed_record(interface, lists) or payload_of_reply(interface, lists).record
    known = {field.wire: field for field in record.fields}
    for wire in (harvest.listed_as, harvest.since):
        if wire and wire not in known:
            yield Diagnostic(
                harvest.span,
                "unknown-field",
                f"the records of {lists.name!r} have no field {wire!r}",
                nearest(wire, known) or "name their fields by their wire names",
            )
    if lists.kind == "write":
        yield _wrong(harvest, f"{lists.name!r} is a write, and subjects are listed by a read")
    if harvest.since in known and not _is_day(known[harvest.since]):
        yield _wrong(
            harvest,
            f"{harvest.since!r} is no date and no time, and is to say the first day",
            "give the field `type: date` or `datetime`",
        )


def _key(interface: Interface, operation: Operation, harvest: Harvest) -> Iterator[Diagnostic]:
    if operation.reply.shape not in ("record", "list"):
        return  # a law has said so
    record = listed_record(interface, operation) or payload_of_reply(interface, operation).record
    known = _fields_within(interface, record)
    if not harvest.key and not _tells_readings(interface, record):
        yield Diagnostic(
            harvest.span,
            "missing-key",
            f"nothing tells the records of {operation.name!r} apart: no value of theirs has an "
            "interval",
            "add `key:` with the fields that do, or say the interval of a value by `instant:`",
        )
    for wire in harvest.key:
        if wire not in known:
            yield Diagnostic(
                harvest.span,
                "unknown-field",
                f"the reply of {operation.name!r} has no field {wire!r}, which is to tell its "
                "readings apart",
                nearest(wire, known) or "name its fields by their wire names",
            )


def _tells_readings(interface: Interface, record: Record) -> bool:
    """Say whether a record, or one inside of it, has values with an interval."""
    return any(
        field.instant is not None or (field.series is not None and not field.series.register)
        for one in interface.reachable(record)
        for field in one.fields
    )


def _fields_within(interface: Interface, record: Record) -> dict[str, Field]:
    """Return the scalar fields of a record and of those inside of it, the outermost first."""
    found: dict[str, Field] = {}
    for one in interface.reachable(record):
        for field in one.fields:
            if not isinstance(field.type, RecordType | ListType):
                found.setdefault(field.wire, field)
    return found


def _is_day(field: Field) -> bool:
    return isinstance(field.type, TemporalType) and field.type.kind in ("date", "datetime")


def _is_instant(field: Field) -> bool:
    return isinstance(field.type, TemporalType) and field.type.kind == "datetime"


def _tells_apart(type_: TypeRef) -> bool:
    """Say whether a subject, a text or a number, may be a value; of a list, its only item."""
    if isinstance(type_, ListType):
        type_ = type_.item
    return isinstance(type_, TextType | CodeType | IntegerType | DecimalType | AnyType)


def _wrong(harvest: Harvest, message: str, help_text: str = "") -> Diagnostic:
    help_text = help_text or "name another, or leave it out"
    return Diagnostic(harvest.span, "wrong-field", message, help_text)
