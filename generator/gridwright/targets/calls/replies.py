"""Replies as constants of the runtime's types: where the payload stands, and what success is."""

from collections.abc import Mapping
from dataclasses import replace

from gridwright.analysis.echoes import Echo, echoes_of
from gridwright.analysis.element_namespaces import namespaces_of_reply
from gridwright.analysis.naming import constant_name
from gridwright.analysis.payloads import Payload, has_own_header, payload_of_reply
from gridwright.ir import (
    Case,
    Consent,
    CsvForm,
    Element,
    Envelope,
    Field,
    Interface,
    Operation,
    Record,
    Status,
    Variant,
)
from gridwright.ir.words import Packing
from gridwright.targets.calls.errors import NO_ERROR, meaning
from gridwright.targets.calls.namespaces import namespaces
from gridwright.targets.calls.parts import encodings
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import OWN, Call, Expression, Name, call, dict_display
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
    beside = reply.beside
    model_beside = Name(f"models.{beside.name}", OWN) if beside is not None else None
    check_beside = Name(f"validators.{record_check(beside)}", OWN) if beside is not None else None
    if reply.shape in WITHOUT_MESSAGE:
        nothing = call(
            Name("ReplySpec", INTERFACE), model=None, shape=reply.shape, formats=dict_display([])
        )
        return nothing.with_options(beside=model_beside, check_beside=check_beside)
    root, item, lists = reply.root, reply.item, interface.json_lists
    whole = Name(f"validators.check_{operation.name}_reply", OWN)
    one = Name(f"validators.{item_check(operation, payload.record)}", OWN)
    return call(
        Name("ReplySpec", INTERFACE),
        model=payload_model(payload),
        shape=payload.shape,
        formats=dict_display(_media_types(operation).items()),
    ).with_options(
        payload=payload.path,
        root=root.wire if root is not None else "",
        namespace=root.namespace if root is not None else "",
        namespaces=_namespaces(interface, operation),
        root_in_json=_is_in_json(operation, root),
        item=item.wire if item is not None else "",
        item_in_json=_is_in_json(operation, item),
        json_lists=lists.forms if lists is not None and "json" in operation.formats else None,
        check_message=whole if payload.is_whole else None,
        check=None if payload.is_whole else one,
        verdict=Name(verdict_constant(reply.verdict)) if reply.verdict is not None else None,
        layout=reply.layout,
        keyed_by=reply.keyed_by,
        names=reply.names,
        named_by=reply.named_by,
        csv=_csv_form(reply.csv) if reply.csv is not None else None,
        packing=reply.packing,
        beside=model_beside,
        check_beside=check_beside,
        variants=tuple(map(_variant, reply.variants)),
        attachments=reply.attachments,
        echoes=tuple(map(_echo, echoes_of(interface, operation))),
    )


def _namespaces(interface: Interface, operation: Operation) -> Call | None:
    if operation.reply.root is None:
        return None
    places = namespaces_of_reply(interface, operation)
    return namespaces(interface, operation, places, is_reply=True)


def _is_in_json(operation: Operation, element: Element | None) -> bool:
    """Whether JSON, too, has an element around the payload or an item of it."""
    return element is not None and "json" in element.formats and "json" in operation.formats


def _variant(variant: Variant) -> Call:
    model = Name(f"models.{variant.record.name}", OWN)
    return call(Name("Variant", INTERFACE), when=dict_display(variant.when), model=model)


def _echo(echo: Echo) -> Call:
    """Return which field says again what was asked; of each value, where items are of each."""
    asked = tuple(field.name for field in echo.asked)
    is_personal = echo.field.personal or any(field.personal for field in echo.asked)
    return call(Name("Echo", INTERFACE), wire=echo.wire, asked=asked).with_options(
        each=echo.each,
        over_pages=echo.each and echo.over_pages,
        personal=echo.each and is_personal,
    )


def _csv_form(form: CsvForm) -> Call:
    """Return how tables are written; what is as everywhere is left out."""
    own: dict[str, Expression] = {} if form.separator == "," else {"separator": form.separator}
    if not form.heading:
        own["heading"] = False
    return call(Name("CsvForm", INTERFACE), **own).with_options(
        skip=form.skip or None,
        encoding=form.encoding,
        missing=form.missing,
        ignore=form.ignore,
        rows=form.rows,
        heading_line=form.heading_line,
        end=form.end,
    )


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
    envelope = _by_key(interface, envelope) if envelope.of_items else envelope
    fields = envelope.fields
    is_beside = not envelope.of_items and _is_beside_the_record(interface, envelope)
    is_usual = tuple(sorted(envelope.header_formats)) == ("json", "xml")
    also = {other.name: envelope.header.wire for other in envelope.header_also}
    also |= {other.name: field.wire for field in fields for other in field.also}
    kinds = [(k.value, meaning(k.error, k.en)) for k in envelope.kinds if k.error != NO_ERROR]
    errors = [
        (e.code, meaning(e.error, e.en, e.breaks)) for e in envelope.errors if e.error != NO_ERROR
    ]
    return call(Name("Verdict", INTERFACE)).with_options(
        root=envelope.root.wire if envelope.root is not None else "",
        under=envelope.path,
        is_optional=envelope.header_optional and envelope.partial is None,
        formats=() if is_usual else envelope.header_formats,
        fields=tuple(field.wire for field in fields) if is_beside else (),
        may_lack=tuple(field.wire for field in fields if field.optional) if is_beside else (),
        located=dict_display((field.wire, field.under) for field in fields if field.under),
        also=dict_display(also.items()),
        code=envelope.code,
        message=envelope.message,
        cases=tuple(map(_case, envelope.cases)),
        success=dict_display(envelope.success),
        kind=envelope.kind_field if kinds else "",
        kinds=dict_display(kinds),
        errors=dict_display(errors),
        in_list=envelope.failure_in_list is not None,
        consent=_consent(envelope.consent) if envelope.consent is not None else None,
    )


def _consent(consent: Consent) -> Call:
    """Return the sentence of a refusal for lack of consent, and the date that it names."""
    pattern = f"{_literal_pattern(consent.date_after)}\\s*{_DATE_DIGITS[consent.pattern]}"
    rule = Name("ConsentRule", INTERFACE)
    return call(rule, sentence=consent.sentence, date_pattern=pattern)


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
    of_case = None if case.error == NO_ERROR else meaning(case.error, case.en, case.breaks)
    return call(Name("Case", INTERFACE), meaning=of_case).with_options(
        statuses=tuple(int(status.removesuffix("xx")) for status in case.status),
        roots=case.root,
        when=dict_display(case.when),
        contains=dict_display(case.contains),
        has=case.has,
        lacks=case.lacks,
    )


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
