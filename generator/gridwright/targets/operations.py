"""Operations: what a call needs, as constants of the runtime's types."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from gridwright.escape import python_docstring, python_text
from gridwright.ir import (
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Place,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.targets.python import constant_name, folder_of, header_line, snake_name
from gridwright.view import View

__all__ = ["OperationView", "operation_views"]

_ERRORS = {
    "authentication": "AuthenticationError",
    "session_expired": "SessionExpiredError",
    "not_subscribed": "NotSubscribedError",
    "no_data": "NoDataError",
    "consent": "ConsentError",
    "rejected": "RejectedError",
    "limit": "LimitError",
    "closed_hours": "ClosedHoursError",
}
_DATE_DIGITS = {"yyyymmdd": "([0-9]{8})", "yyyy-MM-dd": "([0-9]{4}-[0-9]{2}-[0-9]{2})"}
_MEDIA_TYPES = {"json": ("application/json",), "xml": ("application/xml", "text/xml")}


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation constant; every text is Python."""

    name: str
    record: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnvelopeView:
    """One envelope constant; every text is Python."""

    name: str
    arguments: tuple[str, ...]


def operation_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all operations."""
    operations = [_operation(interface, o) for o in interface.operations]
    envelopes = [_envelope(e) for e in interface.envelopes]
    texts = [a for o in operations for a in o.arguments]
    texts += [a for e in envelopes for a in e.arguments]
    text = "\n".join(texts)
    yield View(
        f"{folder_of(package)}/operations.py",
        "python/operations.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"Operations of {interface.title_en}: addresses, parameters and replies.", indent=0
            ),
            "errors": sorted({name for name in _ERRORS.values() if f"ErrorRule({name}" in text}),
            "encoders": sorted({name for name in _ENCODERS if f"={name}" in text}),
            "types": sorted(
                {name for name in _TYPES if f"{name}(" in text}
                | {"Operation"}
                | ({"Envelope"} if envelopes else set())
            ),
            "envelopes": envelopes,
            "operations": operations,
            "has_validators": bool(operations),
        },
    )


_ENCODERS = (
    "encode_code",
    "encode_date",
    "encode_datetime",
    "encode_decimal",
    "encode_integer",
    "encode_month",
    "encode_text",
    "encode_time",
)
_TYPES = (
    "ConsentRule",
    "Envelope",
    "Credential",
    "ErrorRule",
    "FormatChoice",
    "ListReply",
    "Parameter",
)


# Nothing wraps the reply: no name says success or failure, and every body is data.
_NO_ENVELOPE = 'Envelope(header_element="", code="", message="", success={})'


def _operation(interface: Interface, operation: Operation) -> OperationView:
    parameters = [_parameter(p) for p in operation.arguments]
    credentials = [_credential(interface, p) for p in operation.parameters if p.credential]
    arguments = [
        f"system={python_text(interface.system)}",
        f"name={python_text(operation.name)}",
        f"wire_name={python_text(operation.wire_name)}",
        f"kind={python_text(operation.kind)}",
        f"method={python_text(operation.method)}",
        f"path={python_text(operation.path)}",
        f"parameters={_tuple(parameters)}",
        f"credentials={_tuple(credentials)}",
        f"formats={_formats(operation)}",
        f"reply={_reply(operation)}",
        f"check_request=validators.check_{operation.name}_request",
    ]
    envelope = _NO_ENVELOPE
    if operation.envelope is not None:
        envelope = _envelope_name(operation.envelope)
    arguments.append(f"envelope={envelope}")
    return OperationView(
        constant_name(operation.name), operation.reply.record.name, tuple(arguments)
    )


def _parameter(parameter: Parameter) -> str:
    field = parameter.field
    arguments = [
        python_text(field.name),
        python_text(field.wire or field.name),
        f"place={python_text(parameter.place.value)}",
        f"encode={_encoder(field.type)}",
    ]
    if not field.required:
        arguments.append("required=False")
    if field.personal:
        arguments.append("personal=True")
    if field.secret:
        arguments.append("secret=True")
    return f"Parameter({', '.join(arguments)})"


def _credential(interface: Interface, parameter: Parameter) -> str:
    credential = next(c for c in interface.credentials if c.name == parameter.credential)
    return (
        f"Credential({python_text(credential.name)}, "
        f"{python_text(parameter.field.wire or parameter.field.name)}, "
        f"place={python_text(parameter.place.value)}, "
        f"environment={python_text(credential.environment)})"
    )


def _formats(operation: Operation) -> str:
    choices = []
    for name in operation.formats:
        values = [
            (p.field.wire or p.field.name, value)
            for p in operation.parameters
            for form, value in p.formats
            if form == name
        ]
        chosen = ", ".join(f"{python_text(k)}: {python_text(v)}" for k, v in values)
        media = _tuple([python_text(m) for m in _MEDIA_TYPES[name]])
        elsewhere = {p.place for p in operation.parameters if p.formats} - {Place.QUERY}
        place = "".join(f", place={python_text(place.value)}" for place in elsewhere)
        choice = f"FormatChoice(parameters={{{chosen}}}, media_types={media}{place})"
        choices.append(f"{python_text(name)}: {choice}")
    return f"{{{', '.join(choices)}}}"


def _reply(operation: Operation) -> str:
    reply = operation.reply
    names = {"xml_root": reply.root, "list_name": reply.list, "item_name": reply.item}
    # Where XML is not offered, its elements have no name.
    elements = [f"{k}={python_text(part.wire if part else '')}" for k, part in names.items()]
    return (
        f"ListReply(model=models.{reply.record.name}, {', '.join(elements)}, "
        f"check=validators.check_{snake_name(reply.record.name)})"
    )


def _envelope_name(envelope: Envelope) -> str:
    return f"{constant_name(envelope.name)}_ENVELOPE"


def _envelope(envelope: Envelope) -> EnvelopeView:
    also = {w.name: envelope.header.wire for w in envelope.header_also}
    also |= {w.name: f.wire or f.name for f in envelope.fields for w in f.also}
    success = ", ".join(
        f"{python_text(k)}: {_tuple([python_text(v) for v in values])}"
        for k, values in envelope.success
    )
    errors = ", ".join(
        f"{python_text(e.code)}: ErrorRule({_ERRORS[e.error]}, gloss={python_text(e.en)})"
        for e in envelope.errors
    )
    arguments = [
        f"header_element={python_text(envelope.header.wire)}",
        f"header_formats={_tuple([python_text(f) for f in envelope.header_formats])}",
        f"header_fields={_tuple([python_text(f.wire or f.name) for f in envelope.fields])}",
        f"also={{{', '.join(f'{python_text(k)}: {python_text(v)}' for k, v in also.items())}}}",
        f"code={python_text(envelope.code)}",
        f"message={python_text(envelope.message)}",
        f"success={{{success}}}",
        f"errors={{{errors}}}",
    ]
    if envelope.consent is not None:
        consent = envelope.consent
        pattern = f"{_literal_pattern(consent.date_after)}\\s*{_DATE_DIGITS[consent.pattern]}"
        arguments.append(
            f"consent=ConsentRule(sentence={python_text(consent.sentence)}, "
            f"date_pattern={python_text(pattern)})"
        )
    return EnvelopeView(_envelope_name(envelope), tuple(arguments))


def _literal_pattern(text: str) -> str:
    """Return a regular expression that matches ``text``, with any white space for its spaces."""
    special = frozenset(".^$*+?{}[]\\|()")
    words = ["".join(f"\\{c}" if c in special else c for c in word) for word in text.split()]
    return "\\s*".join(words)


def _encoder(type_: TypeRef) -> str:
    match type_:
        case TextType():
            return "encode_text"
        case CodeType():
            return "encode_code"
        case IntegerType():
            return "encode_integer"
        case DecimalType():
            return "encode_decimal"
        case TemporalType(kind="date", pattern=pattern):
            return f"encode_date({python_text(pattern)})"
        case TemporalType(kind="month"):
            return "encode_month"
        case TemporalType(kind="datetime", pattern=pattern, zone=zone):
            return f"encode_datetime({python_text(pattern)}, {python_text(zone)})"
        case TemporalType(kind="time"):
            return "encode_time"
        case TemporalType():
            return "encode_integer"
        case BooleanType() | BinaryType() | RecordType() | ListType():
            raise TypeError("checks/not_generated.py lets no such parameter through")
        case _:
            assert_never(type_)


def _tuple(items: list[str]) -> str:
    """Spell a tuple; only one of a single item needs its comma, and any other keeps one line."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
