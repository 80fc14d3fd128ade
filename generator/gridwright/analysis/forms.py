"""The forms of an operation's parts, by name: what laws and explanations speak of.

Each axis has a small closed set of forms. No axis asks what another is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir import (
    AnyType,
    BinaryType,
    Body,
    Envelope,
    Field,
    Interface,
    ListType,
    Operation,
    Paging,
    Place,
    Record,
    RecordType,
)
from gridwright.ir.words import Layout

__all__ = ["Form", "forms_of"]

_BODY_PLACES = (Place.FORM, Place.BODY, Place.PART)


@dataclass(frozen=True, slots=True)
class Form:
    """One form of one part, as an operation has it.

    Attributes:
        axis: the part, such as ``shape``.
        name: its form, such as ``list``.
        span: where the spec says so.
        what: how a message calls it.
    """

    axis: str
    name: str
    span: Span
    what: str


def forms_of(interface: Interface, operation: Operation) -> Iterator[Form]:
    """Yield the forms of one operation, in the order of a request and its reply."""
    at = operation.span
    yield Form("method", operation.method, at, operation.method)
    yield Form("kind", operation.kind, at, f"a {operation.kind}")
    yield Form("protocol", operation.protocol, at, operation.protocol)
    for parameter in operation.parameters:
        what = f"{parameter.field.wire!r}, which travels in the {parameter.place.value},"
        yield Form("place", parameter.place.value, parameter.field.span, what)
    yield from _of_body(interface, operation)
    for format in operation.formats:
        yield Form("format", format, at, f"format {format}")
    if "json" not in operation.formats:
        yield Form("json", "none", at, f"`formats: [{', '.join(operation.formats)}]`")
    if "xml" not in operation.formats:
        yield Form("xml", "none", at, f"`formats: [{', '.join(operation.formats)}]`")
    if operation.formats and not {"json", "xml"} & {*operation.formats}:
        yield Form("message", "none", at, f"`formats: [{', '.join(operation.formats)}]`")
    yield from _of_reply(interface, operation)
    if operation.paging is not None:
        yield from _of_paging(operation.paging)
    if operation.reconcile is not None:
        yield Form("reconcile", "search", operation.reconcile.span, "reconciling")
    if operation.harvest is not None:
        yield Form("harvest", "some", operation.harvest.span, "`harvest:`")


def _of_paging(paging: Paging) -> Iterator[Form]:
    yield Form("paging", paging.form, paging.span, "paging")
    places = (paging.read, paging.total_at, paging.pages, paging.more)
    if paging.total or any(place is not None and not place.header for place in places):
        yield Form("paged by", "message", paging.span, "paging by what a message says")


def _of_body(interface: Interface, operation: Operation) -> Iterator[Form]:
    at, media = operation.span, operation.request_media
    yield Form("encoding", media, at, f"`request_media: {media}`")
    if operation.protocol == "soap11" and media == "xml":
        yield Form("envelope", "alone", at, "an envelope that is the whole body")
    body = operation.body
    in_body = [p for p in operation.parameters if p.place in _BODY_PLACES]
    has_body = body is not None or bool(in_body)
    if has_body:
        yield Form("body", "some", at, "a body")
        yield from _kind_of_body(interface, operation, body)
    else:
        yield Form("body", "none", at, "a request without a body")
    anys = [p for p in in_body if isinstance(p.field.type, AnyType)]
    for parameter in operation.parameters:
        if isinstance(parameter.field.type, AnyType):
            what = f"{parameter.field.wire!r}, which is any JSON value,"
            yield Form("sent", "any", parameter.field.span, what)
            if parameter not in in_body:
                where = f"what travels in the {parameter.place.value}"
                yield Form("sent as", parameter.place.value, parameter.field.span, where)
    if body is not None or anys:
        yield Form("sent as", media, at, f"`request_media: {media}`")
    if body is None:
        return
    if media == "json" and body.root is not None and "xml" in operation.formats:
        yield Form("sent as", "xml", body.root.span, "a body that is XML where XML is asked for")
    if body.attachments:
        yield Form("attachments", "sent", at, "a request with attachments")
    keyed = _keyed_records(interface, body.record)
    for record in interface.reachable(body.record):
        if record.open:
            yield Form("open", "sent", record.span, f"{record.name!r}, which is open,")
        for field in record.fields:
            is_whole = body.is_value and record is body.record
            if not is_whole and _is_sent_elsewhere(record, field, keyed):
                yield Form("located", "sent", field.span, f"{field.wire!r} in what is sent")
            yield from _of_sent_field(field, field.name if is_whole else field.wire)


def _of_sent_field(field: Field, name: str) -> Iterator[Form]:
    """Yield the forms of a field of a body; ``name`` is its own where it is the whole body."""
    inner = field.item_type
    if field.layout:
        what = f"{name!r}, which is laid out as {_LAYOUTS[field.layout]},"
        yield Form("laid out", "sent", field.span, what)
    if isinstance(inner, RecordType):
        yield Form("sent", "record", field.span, f"{field.wire!r}, which holds records,")
    if isinstance(inner, AnyType):
        yield Form("sent", "any", field.span, f"{field.wire!r}, which is any JSON value,")
    if isinstance(inner, BinaryType):
        yield Form("sent", "bytes", field.span, f"{field.wire!r}, which holds bytes,")


def _keyed_records(interface: Interface, start: Record) -> dict[str, str]:
    """Return the records that stand behind keys alone, and the field that is the key."""
    used = [
        (inner.record, field.keyed_by)
        for record in interface.reachable(start)
        for field in record.fields
        if isinstance(inner := field.item_type, RecordType)
    ]
    plain = {name for name, key in used if not key} | {start.name}
    return {name: key for name, key in used if name not in plain}


def _is_sent_elsewhere(record: Record, field: Field, keyed: dict[str, str]) -> bool:
    """Whether a field of what is sent does not stand in its record under its own name."""
    if field.wire == ".":
        others = [f for f in record.fields if f is not field and f.wire != keyed.get(record.name)]
        return record.name not in keyed or bool(others)
    return bool(field.under or field.item) or field.wire.startswith("@")


def _kind_of_body(interface: Interface, operation: Operation, body: Body | None) -> Iterator[Form]:
    if body is None:
        yield Form("kind of body", "parts", operation.span, "a body of parts")
        return
    if not body.is_value:
        yield Form("kind of body", "record", body.record.span, f"a body that is {body.record.name}")
        return
    (field,) = body.record.fields
    yield Form("kind of body", "value", field.span, f"{field.name!r}, which is the whole body,")
    if isinstance(field.type, ListType):
        yield Form("sent", "list", field.span, f"{field.name!r}, which is a list,")
    elif not isinstance(field.type, AnyType | BinaryType | RecordType):
        yield Form("sent", "plain", field.span, f"{field.name!r}, which is a plain value,")
    for item in interface.presented:
        concerns = not item.operations or operation.name in item.operations
        if concerns and item.place in (Place.BODY, Place.FORM):
            what = f"{item.wire!r}, which each request carries in its body,"
            yield Form("place", "body", item.span, what)


def _of_reply(interface: Interface, operation: Operation) -> Iterator[Form]:
    reply, at = operation.reply, operation.span
    what = "a reply without a body" if reply.shape == "none" else f"a reply that is a {reply.shape}"
    yield Form("shape", reply.shape, at, what)
    if reply.attachments:
        yield Form("attachments", "received", at, "a reply with attachments")
    has_item = reply.item is not None and "json" in reply.item.formats
    is_bare = not reply.payload and reply.shape in ("list", "value") and not has_item
    is_bare = is_bare and reply.layout != "columns"  # beside which there is room
    if is_bare and "json" in operation.formats:
        yield Form("root", reply.shape, at, f"a reply that is a {reply.shape} at the root")
    payload = operation.envelope.payload if operation.envelope is not None else None
    if reply.payload[:1] not in ((), (payload.wire if payload is not None else "",)):
        where = ".".join(reply.payload)
        yield Form("payload", "within", at, f"a reply at {where!r}")
    if has_item:
        yield Form("item", "json", at, "a list whose items have a name in JSON")
    if reply.layout:
        yield Form("layout", "some", at, f"a list that is laid out as {_LAYOUTS[reply.layout]}")
    if not reply.payload and reply.shape == "value":
        yield Form("bare", "value", at, "a reply that is a value at the root")
    if operation.envelope is not None:
        yield from _of_envelope(operation, operation.envelope)
    for envelope in operation.partial:
        yield from _of_partial(operation, envelope)
    if reply.verdict is not None:
        what = f"a list whose items envelope {reply.verdict.name!r} judges"
        yield Form("items", "judged", at, what)
    if reply.packing:
        what = f"`packed: {reply.packing}`"
        yield Form("packing", reply.packing, at, what)
    for element in (reply.root, reply.list, reply.item):
        if element is not None and element.namespace:
            what = f"namespace {element.namespace!r}"
            yield Form("attribute", "some", element.span, what)
    for field in reply.beside.fields if reply.beside is not None else ():
        where = "block" if field.block else "header" if field.in_header else "message"
        yield Form("beside", where, field.span, f"{field.wire!r} beside the list")
        if not field.in_header:
            yield Form("located", "received", field.span, f"{field.wire!r} beside the list")
    if reply.variants:
        yield Form("variants", "some", reply.variants[0].span, "a form of the reply")
    yield from _of_received(interface, operation)


def _of_received(interface: Interface, operation: Operation) -> Iterator[Form]:
    """Yield the forms of the records and fields that a reply holds."""
    reply = operation.reply
    keys = {reply.record.name: reply.keyed_by} if reply.keyed_by else {}
    for start in reply.records:
        for field in (f for record in interface.reachable(start) for f in record.fields):
            inner = field.item_type
            if field.keyed_by and isinstance(inner, RecordType):
                keys[inner.record] = field.keyed_by
    for field in reply.record.fields:
        if isinstance(field.type, RecordType | ListType):
            name = "record" if isinstance(field.item_type, RecordType) else "list"
            yield Form("received", name, field.span, f"{field.wire!r}, which holds {name}s,")
    for format in operation.formats:
        yield Form("received as", format, operation.span, f"format {format}")
    for field in reply.beside.fields if reply.beside is not None else ():
        if field.in_header and isinstance(field.type, AnyType):
            yield Form("received as", "header", field.span, "what a header says")
    for start in reply.records:
        for record in interface.reachable(start):
            if record.open:
                yield Form("open", "received", record.span, f"{record.name!r}, which is open,")
            for field in record.fields:
                yield from _of_place(record.fields, field, keys.get(record.name, ""))
                yield from _of_received_field(field)


def _of_received_field(field: Field) -> Iterator[Form]:
    if field.layout:
        what = f"{field.wire!r}, which is laid out as {_LAYOUTS[field.layout]},"
        yield Form("layout", "some", field.span, what)
    if isinstance(field.type, AnyType):
        yield Form("received", "any", field.span, f"{field.wire!r}, which is any JSON value,")
    if isinstance(field.item_type, BinaryType):
        yield Form("received", "bytes", field.span, f"{field.wire!r}, which holds bytes,")


def _of_place(fields: Sequence[Field], field: Field, keyed_by: str) -> Iterator[Form]:
    """Yield the forms of the place of a field in a reply: below objects, an attribute, a text.

    The key of an item (`keyed_by`) is the name of the item in JSON, so it is not beside a text.
    """
    wire = field.wire
    if _is_located(field) and not field.in_header:
        yield Form("located", "received", field.span, f"{wire!r} in what comes back")
    if wire.startswith("@"):
        yield Form("attribute", "some", field.span, f"the attribute {wire!r}")
    if wire != ".":
        return
    if field.under or any(one.wire not in (".", keyed_by) for one in fields):
        yield Form("text", "beside", field.span, "the field '.' beside other fields")


def _is_located(field: Field) -> bool:
    return field.is_located or field.wire.startswith("@")


def _of_envelope(operation: Operation, envelope: Envelope) -> Iterator[Form]:
    what = f"envelope {envelope.name!r}"
    for field in envelope.fields:
        if isinstance(field.type, AnyType):
            about = f"{field.wire!r}, which is any JSON value,"
            yield Form("received", "any", field.span, about)
    yield Form("verdict", "some", operation.span, what)
    if envelope.failure_in_list is not None:
        yield Form("failure", "in list", operation.span, f"a failure inside the list of {what}")
    # What a success may do without stands in place of a list or a value, never beside it.
    if "json" in envelope.header_formats and not envelope.header_optional:
        yield Form("header", "json", operation.span, f"the header of {what}, which JSON has, too,")


def _of_partial(operation: Operation, envelope: Envelope) -> Iterator[Form]:
    """Yield the forms of a list of failures beside the data."""
    what = f"the list of failures of envelope {envelope.name!r}"
    yield Form("partial", "some", operation.span, what)
    payload = operation.reply.payload
    if operation.reply.shape == "list" and payload and envelope.path[: len(payload)] == payload:
        yield Form("failures", "in list", operation.span, what)
    for field in envelope.fields:
        for form in _of_place(envelope.fields, field, ""):
            # Rows of a table that is offered, too, have nothing to do with the list.
            if form.axis != "located" or operation.protocol == "soap11":
                yield form
        if isinstance(field.type, AnyType):
            about = f"{field.wire!r}, which is any JSON value,"
            yield Form("received", "any", field.span, about)


_LAYOUTS: Mapping[Layout, str] = {
    "": "objects",
    "arrays": "arrays",
    "columns": "columns",
    "keyed": "an object with keys",
}


def leads_back(interface: Interface, record: Record) -> Iterator[Field]:
    """Yield the fields of a record by which it would hold itself."""
    for field in record.fields:
        below = interface.record_of(field)
        if below is not None and record in interface.reachable(below):
            yield field
