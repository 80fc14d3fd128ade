"""A way of paging names a list of records, the arguments that ask for a page, and what ends it."""

from collections.abc import Iterator, Mapping

from gridwright.analysis.naming import arguments_path, fields_on, request_record
from gridwright.analysis.reply_places import field_at, listed_record, place_of
from gridwright.diagnostics import Diagnostic, nearest
from gridwright.ir import (
    AnyType,
    CodeType,
    Field,
    InReply,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Paging,
    RecordType,
    TemporalType,
    TextType,
)

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report walks that cannot go on, or would not know when to end."""
    for operation in interface.operations:
        paging = operation.paging
        if paging is None or operation.known_by_example:
            continue
        yield from _name(interface, operation, paging)
        yield from _check_request_fields(interface, operation, paging)
        yield from _check_reply_fields(interface, operation, paging)
        yield from _key(interface, operation, paging)
        yield from _cuts(interface, operation, paging)


def _name(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    if not paging.name:
        yield Diagnostic(
            paging.span,
            "missing-key",
            "nothing names the iterator that walks over the pages",
            "add `walk: iter_…` to the operation",
        )
    if paging.form == "whole" and interface.cuts_of(operation) == (None, None):
        yield Diagnostic(
            paging.span,
            "walk-of-nothing",
            "a walk has neither pages nor a question that is asked in parts",
            "say how pages are asked for, `paging: {page: FIELD, …}`, `{offset: FIELD, …}`, "
            "`{token: {send: FIELD, read: PLACE}}` or `{link: PLACE}`; or what one call may hold, "
            "by a limit of `kind: period` or `batch` for this operation; or leave `walk:` out",
        )


def _check_request_fields(
    interface: Interface, operation: Operation, paging: Paging
) -> Iterator[Diagnostic]:
    """Report fields of the request that are not there, or cannot hold what is put into them."""
    request = request_record(operation)
    fields: dict[str, tuple[Field, ...]] = {}
    for key in ("begin", "end", "sends", "size"):
        path = getattr(paging, key)
        found = fields_on(interface, request, path) if path else ()
        if path and len(found) != len(path.split(".")):
            yield Diagnostic(
                paging.span,
                "unknown-field",
                f"{path!r} leads to no field of {request.name}",
                nearest(path, [f.wire for f in request.fields])
                or "join wire names with dots, from the body on",
            )
            return
        fields[key] = found
    if paging.form == "rows" and paging.begin and paging.end:
        yield from _rows(interface, operation, paging)
        return
    wanted: tuple[type, ...] = (TextType,) if paging.form == "token" else (IntegerType,)
    for key, types in (("sends", wanted), ("size", (IntegerType,))):
        if fields[key] and not isinstance(fields[key][-1].type, types):
            what = "a text" if types == (TextType,) else "a number"
            yield _wrong(paging, f"{fields[key][-1].wire!r} is filled by the walk with {what}")
        if len(arguments_path(operation, getattr(paging, key))) > 2:
            yield _wrong(
                paging,
                f"{getattr(paging, key)!r} stands too deep in the arguments",
                "name an argument, or a field of one",
            )


def _rows(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    begin, end = arguments_path(operation, paging.begin), arguments_path(operation, paging.end)
    request = request_record(operation)
    first = fields_on(interface, request, paging.begin)
    last = fields_on(interface, request, paging.end)
    numbers = all(isinstance(path[-1].type, IntegerType) for path in (first, last))
    holder = first[-2] if len(begin) == 2 else None
    is_record = holder is None or isinstance(holder.type, RecordType)
    if len(begin) not in (1, 2) or begin[:-1] != end[:-1] or not numbers or not is_record:
        yield _wrong(
            paging,
            "begin and end of a page are not two numbers of one record in the arguments",
            "name two arguments, or two fields of one, such as range.begin and range.end",
        )
    elif holder is not None:
        for wire, field in _inside(interface, holder).items():
            if not field.optional and field not in (first[-1], last[-1]):
                yield _wrong(paging, f"a page needs {wire!r}, which nothing fills")


def _check_reply_fields(
    interface: Interface, operation: Operation, paging: Paging
) -> Iterator[Diagnostic]:
    """Report places of the reply that lead nowhere, or hold what cannot be meant."""
    yield from _places(interface, operation, paging)
    if paging.pages is not None and paging.form != "page":
        yield _wrong(
            paging,
            "`pages:` counts pages that have numbers, and these are asked for otherwise",
            "leave `pages:` out",
        )
    if operation.reply.shape == "list" and paging.records:
        yield _wrong(
            paging,
            "the reply is the list itself, and a page looks for one inside of it",
            "leave out `records:`",
        )
    if operation.reply.shape == "record":
        yield from _records(interface, operation, paging)


def _places(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    """Report places of what a page says of all: their number, that of the pages, the next."""
    reply = operation.reply
    total = place_of(paging.total) if paging.total else paging.total_at
    rows: tuple[tuple[str, InReply | None, tuple[type, ...]], ...] = (
        ("total", total, (IntegerType,)),
        ("pages", paging.pages, (IntegerType,)),
        ("more", paging.more, ()),
        ("token" if paging.form == "token" else "link", paging.read, (TextType, CodeType)),
    )
    for word, place, types in rows:
        if place is None or place.header:
            continue
        shown = ".".join(place.path)
        if reply.shape == "list" and word == "total" and reply.beside is None:
            yield _wrong(
                paging,
                "the reply is the list itself, and a page looks for its total inside of it",
                "declare it at the reply, `beside: {WIRE: {name: …, type: integer, at: …}}`, or "
                "leave `total:` out: the walk ends with a page that is not full",
            )
            continue
        field = field_at(interface, operation, place)
        if field is None and reply.is_message and place.path[:1] != reply.payload[:1]:
            inside = reply.payload[0] if reply.payload else ""
            yield _wrong(paging, f"{shown!r} of a page does not begin with {inside!r}")
        elif field is None:
            where = "beside the list" if reply.shape == "list" else reply.record.name
            yield Diagnostic(
                paging.span,
                "unknown-field",
                f"{shown!r} leads to no field of {where}",
                "write the wire names from the root of the message on, joined with dots or as a "
                "list",
            )
        elif types and not isinstance(field.type, types):
            what = "number" if types == (IntegerType,) else "text"
            yield _wrong(paging, f"{shown!r}, where `{word}:` leads, is no {what}")


def _records(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    """Report a record whose list of records, or whose total, is not to be found."""
    if not paging.records:
        yield Diagnostic(
            paging.span,
            "missing-key",
            "the reply is a record, and nothing says where its records stand",
            "add `records:` with the path from the reply on",
        )
        return
    field = field_at(interface, operation, place_of(paging.records))
    if field is None:
        yield Diagnostic(
            paging.span,
            "unknown-field",
            f"{paging.records!r} leads to no field of {operation.reply.record.name}",
            "join wire names with dots, from the reply on",
        )
    elif not isinstance(field.type, ListType) or not isinstance(field.type.item, RecordType):
        yield _wrong(paging, "the records of a page are no list of records")
    if paging.form == "rows" and not paging.total and paging.total_at is None:
        yield Diagnostic(
            paging.span,
            "missing-key",
            "the reply is a record, and nothing says where its total stands",
            "add `total:` with the path from the reply on",
        )


def _key(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    record = listed_record(interface, operation)
    if record is None:
        return
    known = {field.wire: field for field in record.fields}
    for wire in paging.keys:
        if wire not in known:
            yield Diagnostic(
                paging.span,
                "unknown-field",
                f"a record of the list has no field {wire!r}, which is to tell it apart",
                nearest(wire, known) or "name its fields by their wire names",
            )
        elif isinstance(known[wire].type, AnyType | RecordType | ListType):
            yield _wrong(paging, f"{wire!r} is to tell records apart, and holds several values")


def _cuts(interface: Interface, operation: Operation, paging: Paging) -> Iterator[Diagnostic]:
    """Report limits by which a walk cannot cut its question."""
    period, batch = interface.cuts_of(operation)
    request = request_record(operation)
    named = [] if period is None else [(period, period.from_field), (period, period.to_field)]
    named += [] if batch is None else [(batch, batch.field)]
    for limit, wire in named:
        found = fields_on(interface, request, wire)
        if not found:
            continue  # the check of limits has said so
        if len(arguments_path(operation, wire)) != 1:
            yield Diagnostic(
                limit.span,
                "wrong-field",
                f"{wire!r} is no argument of {operation.name!r}, and its walk cuts by it",
                "name an argument, or leave the walk out",
            )
        elif limit is period and not (
            isinstance(found[0].type, TemporalType)
            and found[0].type.kind in ("date", "datetime", "month")
        ):
            yield Diagnostic(
                limit.span,
                "wrong-field",
                f"{wire!r} is no date and no time, and the walk of {operation.name!r} cuts by it",
                "give the field `type: date`, `datetime` or `month`",
            )
    if period is not None and period.to_is in ("", "undecided") and not paging.keys:
        yield Diagnostic(
            period.span,
            "missing-key",
            f"nobody says whether the last moment of a period belongs to it, so the parts of "
            f"{operation.name!r} overlap, and nothing tells what comes twice",
            "say `to_is: included` or `excluded`, or add `key:` to the operation",
        )


def _inside(interface: Interface, field: Field) -> Mapping[str, Field]:
    record = interface.record_of(field) if isinstance(field.type, RecordType) else None
    return {f.wire: f for f in record.fields} if record else {}


def _wrong(paging: Paging, message: str, help_text: str = "") -> Diagnostic:
    help_text = help_text or "name the field that has the right type"
    return Diagnostic(paging.span, "wrong-field", message, help_text)
