"""Replies as constants of the runtime's types: where the payload stands, and what success is."""

from collections.abc import Mapping
from dataclasses import replace

from gridwright.analysis.echoes import Echo, echoes_of
from gridwright.analysis.element_namespaces import namespaces_of_reply
from gridwright.analysis.naming import constant_name
from gridwright.analysis.payloads import Payload, has_own_header, payload_of_reply
from gridwright.ir import Case, CsvForm, Envelope, Field, Interface, Operation, Record, Status
from gridwright.ir.words import Packing
from gridwright.targets.calls.errors import NO_ERROR, meaning
from gridwright.targets.calls.namespaces import namespaces
from gridwright.targets.calls.parts import encodings
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import OWN, Call, Expression, Name, call, table
from gridwright.targets.python import snake_name

__all__ = [
    "MEDIA_OF_ROWS",
    "PACKED_MEDIA",
    "WITHOUT_MESSAGE",
    "Payload",
    "has_own_header",
    "header_formats",
    "header_level",
    "is_in_root",
    "item_check",
    "payload_model",
    "payload_of_reply",
    "record_check",
    "reply_spec",
    "root_fields",
    "status_entries",
    "value_field",
    "verdict",
    "verdict_constant",
]

_ROOT = "."
_DATE_DIGITS = {"yyyymmdd": "([0-9]{8})", "yyyy-MM-dd": "([0-9]{4}-[0-9]{2}-[0-9]{2})"}
_EITHER_XML = ("application/xml", "text/xml")


MEDIA_OF_ROWS: dict[str, tuple[str, ...]] = {
    "csv": ("text/csv",),
    "jsonl": ("application/jsonl", "application/x-ndjson"),
    "text": ("text/plain",),
}
"""The media types of formats that hold rows, lines or a value and nothing around them."""

PACKED_MEDIA: Mapping[Packing, tuple[str, ...]] = {
    "": (),
    "gzip": ("application/gzip",),
    "zip": ("application/zip",),
    "zip_of_many": ("application/zip",),
}
"""The media types of packed replies."""

WITHOUT_MESSAGE = frozenset({"file", "none"})
"""Shapes of replies that hold no message: no record, no field."""


def header_formats(operation: Operation) -> tuple[str, ...]:
    """Return the formats in which the header of an envelope stands beside the payload."""
    return operation.envelope.header_formats if operation.envelope else ()


def root_fields(operation: Operation) -> tuple[Field, ...]:
    """Return the fields of an envelope that stand in the root of a reply, beside its payload."""
    envelope = operation.envelope
    return envelope.fields if envelope is not None and is_in_root(envelope) else ()


def is_in_root(envelope: Envelope) -> bool:
    """Whether the fields of an envelope stand in the root of a reply."""
    return envelope.root is None and envelope.header.wire == _ROOT and not envelope.path


def payload_model(payload: Payload) -> Name:
    """Return the class of what a reply brings; where it is nothing, that of all records."""
    if payload.shape == "file":
        return Name("Download", "gridwright_runtime.sending.download")
    if payload.shape == "none":
        return Name("Record", "gridwright_runtime.record")
    return Name(f"models.{payload.record.name}", OWN)


def value_field(payload: Payload) -> Field:
    """Return the field of a payload that is one value, under the name that it has on the wire."""
    field = payload.record.fields[0]
    return replace(field, wire=payload.path[-1]) if payload.path else field


def header_level(operation: Operation, around: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Return where the header of a reply leaves the way to its payload, and what holds it there.

    Args:
        operation: whose reply it is.
        around: the containers around the payload, from the root.

    Returns:
        How many of the containers it has in common with the payload; and its own containers from
        there on, the last of which holds its fields. () where they stand beside the payload.
    """
    path = operation.envelope.path if operation.envelope is not None else ()
    level = 0
    while level < min(len(path), len(around)) and path[level] == around[level]:
        level += 1
    return level, path[level:]


def reply_spec(interface: Interface, operation: Operation) -> Call:
    """Return what comes back."""
    reply = operation.reply
    payload = payload_of_reply(interface, operation)
    if reply.shape in WITHOUT_MESSAGE:
        nothing: dict[str, Expression] = {"model": None, "shape": reply.shape, "formats": table([])}
        return call(Name("ReplySpec", INTERFACE), **nothing)
    keywords: dict[str, Expression] = {
        "model": payload_model(payload),
        "shape": payload.shape,
        "formats": table(_media_types(operation).items()),
    }
    if payload.path:
        keywords["payload"] = payload.path
    if reply.root is not None:
        keywords["root"] = reply.root.wire
        if reply.root.namespace:
            keywords["namespace"] = reply.root.namespace
        spaces = namespaces(
            interface, operation, namespaces_of_reply(interface, operation), is_reply=True
        )
        if spaces is not None:
            keywords["namespaces"] = spaces
        if "json" in reply.root.formats and "json" in operation.formats:
            keywords["root_in_json"] = True
    if reply.item is not None:
        keywords["item"] = reply.item.wire
        if "json" in reply.item.formats and "json" in operation.formats:
            keywords["item_in_json"] = True
    if interface.json_lists is not None and "json" in operation.formats:
        keywords["json_lists"] = interface.json_lists.forms
    if payload.is_whole:
        keywords["check_message"] = Name(f"validators.check_{operation.name}_reply", OWN)
    else:
        keywords["check"] = Name(f"validators.{item_check(operation, payload.record)}", OWN)
    if reply.verdict is not None:
        keywords["verdict"] = Name(verdict_constant(reply.verdict))
    if reply.layout:
        keywords["layout"] = reply.layout
    if reply.keyed_by:
        keywords["keyed_by"] = reply.keyed_by
    if reply.csv is not None:
        keywords["csv"] = _csv_form(reply.csv)
    if reply.packing:
        keywords["packing"] = reply.packing
    if reply.beside is not None:
        keywords["beside"] = Name(f"models.{reply.beside.name}", OWN)
        keywords["check_beside"] = Name(f"validators.{record_check(reply.beside)}", OWN)
    if reply.variants:
        keywords["variants"] = tuple(
            call(
                Name("Variant", INTERFACE),
                when=table(variant.when),
                model=Name(f"models.{variant.record.name}", OWN),
            )
            for variant in reply.variants
        )
    if reply.attachments:
        keywords["attachments"] = True
    if echoes := echoes_of(interface, operation):
        keywords["echoes"] = tuple(
            call(
                Name("Echo", INTERFACE),
                wire=echo.wire,
                asked=tuple(field.name for field in echo.asked),
                **_each_keyword(echo),
            )
            for echo in echoes
        )
    return call(Name("ReplySpec", INTERFACE), **keywords)


def _each_keyword(echo: Echo) -> dict[str, Expression]:
    """Return what is said of an echo of which each value that is asked for has its items."""
    if not echo.each:
        return {}
    said: dict[str, Expression] = {"each": True}
    if echo.over_pages:
        said["over_pages"] = True
    if echo.field.personal or any(field.personal for field in echo.asked):
        said["personal"] = True
    return said


def _csv_form(form: CsvForm) -> Call:
    """Return how tables are written; what is as everywhere is left out."""
    said: dict[str, Expression] = {}
    if form.separator != ",":
        said["separator"] = form.separator
    if not form.heading:
        said["heading"] = False
    if form.skip:
        said["skip"] = form.skip
    if form.encoding:
        said["encoding"] = form.encoding
    if form.missing:
        said["missing"] = form.missing
    if form.ignore:
        said["ignore"] = form.ignore
    if form.rows:
        said["rows"] = form.rows
    if form.heading_line:
        said["heading_line"] = form.heading_line
    if form.end:
        said["end"] = form.end
    return call(Name("CsvForm", INTERFACE), **said)


def item_check(operation: Operation, record: Record) -> str:
    """Return the name of the validator of one record of the payload."""
    if operation.reply.variants:
        return f"check_{operation.name}_record"
    return record_check(record)


def record_check(record: Record) -> str:
    """Return the name of the validator of a record."""
    return f"check_{snake_name(record.name)}"


def _media_types(operation: Operation) -> dict[str, tuple[str, ...]]:
    """Return the media types that ask for each format.

    A request that is XML itself asks for the very type that it has; others take both of XML's.
    """
    if operation.protocol == "soap11":
        return dict.fromkeys(operation.formats, ("text/xml", "multipart/related"))
    written = encodings(operation)
    xml = ("application/xml",) if written.get("xml") == "xml" else _EITHER_XML
    known = {"json": ("application/json",), "xml": xml, **MEDIA_OF_ROWS}
    packed = PACKED_MEDIA[operation.reply.packing]
    return {name: (*known[name], *packed) for name in operation.formats}


def verdict_constant(envelope: Envelope) -> str:
    """Return the name of the constant of an envelope's verdict."""
    return f"{constant_name(envelope.name)}_VERDICT"


def verdict(interface: Interface, envelope: Envelope) -> Call:
    """Return where replies say whether a call succeeded."""
    keywords: dict[str, Expression] = {}
    envelope = _by_key(interface, envelope) if envelope.of_items else envelope
    if envelope.root is not None:
        keywords["root"] = envelope.root.wire
    if envelope.path:
        keywords["under"] = envelope.path
    if envelope.header_optional and envelope.partial is None:
        keywords["is_optional"] = True
    if tuple(sorted(envelope.header_formats)) != ("json", "xml"):
        keywords["formats"] = envelope.header_formats
    if not envelope.of_items and _is_beside_the_record(interface, envelope):
        keywords["fields"] = tuple(field.wire for field in envelope.fields)
        if may_lack := tuple(field.wire for field in envelope.fields if field.optional):
            keywords["may_lack"] = may_lack
    located = {field.wire: field.under for field in envelope.fields if field.under}
    if located:
        keywords["located"] = table(located.items())
    also = {other.name: envelope.header.wire for other in envelope.header_also}
    also |= {other.name: field.wire for field in envelope.fields for other in field.also}
    if also:
        keywords["also"] = table(also.items())
    if envelope.code:
        keywords["code"] = envelope.code
    if envelope.message:
        keywords["message"] = envelope.message
    if envelope.cases:
        keywords["cases"] = tuple(_case(case) for case in envelope.cases)
    if envelope.success:
        keywords["success"] = table(envelope.success)
    kinds = [(k.value, meaning(k.error, k.en)) for k in envelope.kinds if k.error != NO_ERROR]
    if kinds:
        keywords |= {"kind": envelope.kind_field, "kinds": table(kinds)}
    errors = [
        (e.code, meaning(e.error, e.en, e.breaks)) for e in envelope.errors if e.error != NO_ERROR
    ]
    if errors:
        keywords["errors"] = table(errors)
    if envelope.failure_in_list is not None:
        keywords["in_list"] = True
    if envelope.consent is not None:
        consent = envelope.consent
        pattern = f"{_literal_pattern(consent.date_after)}\\s*{_DATE_DIGITS[consent.pattern]}"
        keywords["consent"] = call(
            Name("ConsentRule", INTERFACE), sentence=consent.sentence, date_pattern=pattern
        )
    return call(Name("Verdict", INTERFACE), **keywords)


def _by_key(interface: Interface, envelope: Envelope) -> Envelope:
    """Return the verdict of items by what stands for each of its fields in a record."""
    fields = [
        field
        for operation in interface.operations
        if operation.reply.verdict is envelope
        for field in operation.reply.record.fields
    ]
    keys = {field.wire: field.key for field in reversed(fields)}
    return replace(
        envelope,
        code=keys.get(envelope.code, envelope.code),
        message=keys.get(envelope.message, envelope.message),
        kind_field=keys.get(envelope.kind_field, envelope.kind_field),
        success=tuple((keys.get(wire, wire), values) for wire, values in envelope.success),
        cases=tuple(
            replace(
                case,
                when=tuple((keys.get(wire, wire), values) for wire, values in case.when),
                contains=tuple((keys.get(wire, wire), text) for wire, text in case.contains),
            )
            for case in envelope.cases
        ),
    )


def _case(case: Case) -> Call:
    """Return what a reply means by how it looks."""
    keywords: dict[str, Expression] = {
        "meaning": None if case.error == NO_ERROR else meaning(case.error, case.en, case.breaks)
    }
    if case.status:
        keywords["statuses"] = tuple(int(status.removesuffix("xx")) for status in case.status)
    if case.root:
        keywords["roots"] = case.root
    if case.when:
        keywords["when"] = table(case.when)
    if case.contains:
        keywords["contains"] = table(case.contains)
    if case.has:
        keywords["has"] = case.has
    if case.lacks:
        keywords["lacks"] = case.lacks
    return call(Name("Case", INTERFACE), **keywords)


def status_entries(statuses: tuple[Status, ...]) -> tuple[tuple[Expression, Expression], ...]:
    """Return what the document says of HTTP statuses of failure."""
    return tuple(
        (s.code, meaning(s.error, s.en, s.breaks)) for s in statuses if s.error != NO_ERROR
    )


def _is_beside_the_record(interface: Interface, envelope: Envelope) -> bool:
    """Whether replies have the header of an envelope that no record of theirs holds."""
    if envelope.root is not None or all(o.envelope is not envelope for o in interface.operations):
        return True  # of a gateway, whose header no record holds
    wrapped = [o for o in interface.operations if o.envelope is envelope]
    return any(not payload_of_reply(interface, o).is_whole for o in wrapped)


def _literal_pattern(text: str) -> str:
    """Return a regular expression that matches ``text``, with any white space for its spaces."""
    special = frozenset(".^$*+?{}[]\\|()")
    words = ["".join(f"\\{c}" if c in special else c for c in word) for word in text.split()]
    return "\\s*".join(words)
