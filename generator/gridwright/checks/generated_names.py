"""Names of a spec stay clear of those that generated code needs, and of each other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Field, Interface, Operation
from gridwright.naming import (
    class_name,
    constant_name,
    fields_below,
    labels_constant,
    reading_class,
    series_constant,
    snake_name,
)
from gridwright.vocabulary import is_reserved

__all__ = ["check"]

# What a class of a client has already, or needs while its methods are declared.
_METHODS = frozenset({
    "aclose", "bool", "close", "datetime", "float", "httpx2", "int", "models", "str",
})  # fmt: skip
# Pages beside those of the operations.
_PAGES = frozenset({"amendments", "codes", "readme"})
# Arguments and names of a client's constructor and of a mock's factory.
_CONSTRUCTOR = frozenset({
    "base_url", "build_application", "build_service_application", "build_ticketed_application",
    "clock", "company", "environment", "find_world", "format", "language", "limit_store",
    "longest_wait_seconds", "max_body_bytes", "max_connections", "operations", "options", "retry",
    "seed", "self", "session_folder", "session_place", "ssl_context", "strict", "super",
    "ticket_folder", "ticket_url", "timeout_seconds", "transport", "wait_for_turn", "when_broken",
})  # fmt: skip
# Arguments and names of a method that sends a body, or walks what it finds.
_BODY_METHOD = frozenset({
    "begin", "first", "format", "last", "list", "models", "operations", "page_size", "self", "sent",
    "strict", "timeout_seconds", "transaction_id",
})  # fmt: skip
# Arguments and names of a method of a service.
_SERVICE_METHOD = frozenset({
    "attachments", "items", "list", "models", "operations", "progress", "self", "strict",
    "timeout_seconds",
})  # fmt: skip
# Classes that the module of the models, of the series or of the codes imports, or that the model
# generator has for itself.
_CLASSES = frozenset({
    "AsyncClient", "ClassVar", "Client", "DayOfMonth", "Decimal", "False", "Final", "LabelMarks",
    "LocalDatetime", "LocalInstant", "Mapping", "Model", "NamedTuple", "None", "Nothing",
    "Record", "RegisterSeries", "Reply", "Series", "SingleReading", "True", "Upload", "Yyyymm",
    "Yyyymmdd",
})  # fmt: skip
# Attributes of every reading.
_READINGS = frozenset({"count", "index", "interval_end", "interval_start", "read_at"})


class _Use(NamedTuple):
    """One name of generated code: in which module, from what of the spec."""

    module: str
    name: str
    span: Span
    what: str
    meaning: object = None  # equal meanings share one name


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report names that generated code has for something else."""
    yield from _reserved(interface)
    yield from _shared(_uses(interface))


def _reserved(interface: Interface) -> Iterator[Diagnostic]:
    for operation in interface.operations:
        if operation.name in _METHODS | _PAGES or is_reserved(operation.name):
            yield _taken(operation.span, operation.name, "operation")
    for record in interface.records:
        if record.name in _CLASSES:
            yield _taken(record.span, record.name, "record")
        for field in record.fields:
            if (field.series or field.instant) and field.name in _READINGS:
                yield _taken(field.span, field.name, "field")
        # The first series of a record is its `readings()`; further ones are called by their name.
        methods = {f"{field.name}_readings" for field in record.fields if field.series}
        for field in record.fields:
            if field.name in methods:
                yield _taken(field.span, field.name, "field")
    for codes in interface.codes:
        if class_name(codes.name) in _CLASSES:
            yield _taken(codes.span, codes.name, "code list")
    for credential in interface.credentials:
        if credential.name in _CONSTRUCTOR:
            yield _taken(credential.span, credential.name, "credential")
    yield from _reserved_of_bodies(interface)


def _reserved_of_bodies(interface: Interface) -> Iterator[Diagnostic]:
    for envelope in interface.envelopes:
        for pair in envelope.pairs.fill if envelope.pairs else ():
            if pair.source == "option" and (pair.name in _CONSTRUCTOR or is_reserved(pair.name)):
                yield _taken(envelope.span, pair.name, "option")
    for operation in interface.operations:
        for span, name in _helpers(operation):
            if name in _METHODS or is_reserved(name):
                yield _taken(span, name, "method")
        body = operation.body
        if interface.is_service:
            for field in _service_arguments(operation):
                if field.name in _SERVICE_METHOD:
                    yield _taken(field.span, field.name, "field")
            continue
        for field in fields_below(interface, body.record, body.arguments) if body else ():
            if field.name in _BODY_METHOD:
                yield _taken(field.span, field.name, "field")


def _service_arguments(operation: Operation) -> Iterator[Field]:
    yield from (parameter.field for parameter in operation.arguments)
    yield from operation.body.record.fields if operation.body else ()


def _helpers(operation: Operation) -> Iterator[tuple[Span, str]]:
    """Yield the further methods that an operation brings."""
    if operation.body is not None and operation.paging is not None:
        yield operation.paging.span, operation.paging.name
    if operation.body is not None and operation.reconcile and operation.reconcile.name:
        yield operation.reconcile.span, operation.reconcile.name


def _taken(span: Span, name: str, what: str) -> Diagnostic:
    message = f"{name!r} is taken by generated code"
    return Diagnostic(span, "reserved-name", message, f"choose another name for the {what}")


def _uses(interface: Interface) -> Iterator[_Use]:
    for record in interface.records:
        yield _Use("models", record.name, record.span, f"record {record.name!r}")
        what = f"record {record.name!r}"
        yield _Use("validators", f"check_{snake_name(record.name)}", record.span, what, record.name)
        for field in record.fields:
            if not (field.series or field.instant):
                continue
            what = f"field {field.name!r} of {record.name!r}"
            shape = (field.name, field.unit, bool(field.series and field.series.register))
            reading = reading_class(field, field.series)
            yield _Use("models", reading, field.span, what, shape)
            yield _Use("series", reading, field.span, what, shape)
            yield _Use("series", series_constant(record, field), field.span, what)
            if field.series is not None:
                labels = labels_constant(field.series)
                yield _Use("series", labels, field.span, what, labels)
    for codes in interface.codes:
        what = f"code list {codes.name!r}"
        yield _Use("codes", class_name(codes.name), codes.span, what)
        yield _Use("codes", constant_name(codes.name), codes.span, what)
    yield from _uses_of_bodies(interface)
    for envelope in interface.envelopes:
        what = f"envelope {envelope.name!r}"
        yield _Use("validators", f"check_{envelope.name}_header", envelope.span, what)
        constant = f"{constant_name(envelope.name)}_ENVELOPE"
        yield _Use("operations", constant, envelope.span, what)
    for operation in interface.operations:
        what = f"operation {operation.name!r}"
        yield _Use("operations", constant_name(operation.name), operation.span, what)
        sent = operation.body.record.name if operation.body else ""
        meaning = sent if snake_name(sent) == f"{operation.name}_request" else None
        check_name = f"check_{operation.name}_request"
        yield _Use("validators", check_name, operation.span, what, meaning)
        yield _Use("validators", f"check_{operation.name}_reply", operation.span, what)
        yield _Use("client", operation.name, operation.span, what)
        if operation.paging is not None:
            what = f"the iterator of {operation.name!r}"
            yield _Use("client", operation.paging.name, operation.paging.span, what)
        if operation.reconcile is not None and operation.reconcile.name:
            what = f"the helper of {operation.name!r}"
            yield _Use("client", operation.reconcile.name, operation.reconcile.span, what)


def _uses_of_services(interface: Interface) -> Iterator[_Use]:
    for name, what in (
        ("HEADER_FIELDS", "the SOAP header"),
        ("LIMITS", "the limits"),
        ("SESSION", "the login"),
        ("STATUSES", "the statuses"),
    ):
        yield _Use("operations", name, interface.span, what)
    for credential in interface.credentials:
        yield _Use(
            "client", f"{credential.name}=", credential.span, f"credential {credential.name!r}"
        )
    for item in interface.soap.fields if interface.soap else ():
        if item.source == "option":
            yield _Use("client", f"{item.name}=", item.field.span, f"option {item.name!r}")
    for envelope in interface.envelopes:
        constant = f"{constant_name(envelope.name)}_VERDICT"
        yield _Use("operations", constant, envelope.span, f"envelope {envelope.name!r}")
    for operation in interface.operations:
        names = Counter(field.name for field in _service_arguments(operation))
        for name in (name for name, count in names.items() if count > 1):
            what = f"an argument of {operation.name!r}"
            yield _Use("client", f"{operation.name}({name}=)", operation.span, what)
            yield _Use("client", f"{operation.name}({name}=)", operation.span, f"another {what}")
        if operation.body is None or operation.parameters:
            record = f"{class_name(operation.name)}Request"
            what = f"the request of {operation.name!r}"
            yield _Use("models", record, operation.span, what)


def _uses_of_bodies(interface: Interface) -> Iterator[_Use]:
    if interface.is_service:
        yield from _uses_of_services(interface)
        return
    if not interface.sends_bodies:
        return
    yield _Use("operations", "TICKETS", interface.span, "the login")
    for credential in interface.credentials:
        what = f"credential {credential.name!r}"
        yield _Use("client", f"{credential.name}=", credential.span, what)
    for envelope in interface.envelopes:
        for pair in envelope.pairs.fill if envelope.pairs else ():
            if pair.source == "option":
                what = f"option {pair.name!r}"
                yield _Use("client", f"{pair.name}=", envelope.span, what)
    for operation in interface.operations:
        if operation.paging is not None:
            constant = f"{constant_name(operation.name)}_PAGES"
            yield _Use("operations", constant, operation.span, f"paging of {operation.name!r}")


def _shared(uses: Iterable[_Use]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Use] = {}
    for use in uses:
        before = first.setdefault((use.module, use.name), use)
        if before is use or (use.meaning is not None and use.meaning == before.meaning):
            continue
        yield Diagnostic(
            use.span,
            "name-collision",
            f"{use.what} and {before.what} both become {use.name!r} in {use.module}.py",
            f"first declared at {before.span}; rename one of them",
        )
