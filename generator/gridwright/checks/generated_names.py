"""Names of a spec stay clear of those that generated code needs, and of each other."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gridwright.analysis.naming import (
    class_name,
    constant_name,
    fields_below,
    labels_constant,
    reading_class,
    request_record,
    series_constant,
    snake_name,
)
from gridwright.analysis.readings import (
    find_placed_readings,
    items_of_placed,
    items_of_series,
    method_names,
    placement_constant,
)
from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Field, Filled, Interface, Operation, ValueInterval
from gridwright.spec_names import is_reserved

__all__ = [
    "TAKEN_CLASSES",
    "TAKEN_IN_CONSTRUCTORS",
    "TAKEN_IN_METHODS",
    "TAKEN_METHODS",
    "check",
]

# What a class of a client has already, or needs while its methods are declared.
TAKEN_METHODS = frozenset({
    "aclose", "bool", "close", "datetime", "float", "httpx2", "int", "models", "str",
})  # fmt: skip
# Pages beside those of the operations.
_PAGES = frozenset({"amendments", "codes", "readme"})
# Arguments and names of a client's constructor and of a mock's factory.
TAKEN_IN_CONSTRUCTORS = frozenset({
    "base_url", "build_application", "clock", "company", "credentials", "customers", "environment",
    "format", "language", "limit_store", "longest_wait_seconds", "max_body_bytes",
    "max_connections", "more_accounts", "operations", "options", "path", "retry", "seed", "self",
    "server", "session_place", "shared_store", "ssl_context", "strict", "super", "timeout_seconds",
    "transport", "wait_for_turn", "when_broken", "world",
})  # fmt: skip
# Arguments and names of a method.
TAKEN_IN_METHODS = frozenset({
    "attachments", "format", "items", "list", "models", "operations", "progress", "self", "strict",
    "timeout_seconds", "transaction_id",
})  # fmt: skip
# Those of a method that walks over pages, beside them, and what they are for.
_WALK = {
    "begin": "the number of the first row",
    "first": "the first row of a page",
    "last": "the last row of a page",
    "page_size": "how many rows are asked for at a time",
    "sent": "what a write has sent",
}
# Classes that the module of the models, of the series or of the codes imports, or that the model
# generator has for itself.
TAKEN_CLASSES = frozenset({
    "AsyncClient", "ClassVar", "Client", "DayOfMonth", "Decimal", "False", "Final", "Hhmi",
    "IsoDate", "LabelMarks", "LocalDatetime", "LocalHour", "LocalInstant", "LocalMinute",
    "Mapping", "Model", "NamedTuple", "None", "Nothing",
    "Record", "RegisterSeries", "Reply", "Series", "SingleReading", "True", "Upload", "Yyyymm",
    "Yyyymmdd",
})  # fmt: skip
# What the module of the models imports where records come in order.
_ORDERED = frozenset({"Callable", "Hashable", "Iterable"})
# Attributes of every reading.
_READINGS = frozenset({"count", "index", "interval_end", "interval_start", "read_at"})


class _Use(NamedTuple):
    """One name of generated code: in which module, from what of the spec."""

    module: str
    name: str
    span: Span
    what: str
    meaning: object = None  # equal meanings share one name
    is_reading: bool = False


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report names that generated code has for something else."""
    yield from _reserved(interface)
    yield from _shared(_uses(interface))


def _reserved(interface: Interface) -> Iterator[Diagnostic]:
    for operation in interface.operations:
        if operation.name in TAKEN_METHODS | _PAGES or is_reserved(operation.name):
            yield _name_is_taken(operation.span, operation.name, "operation")
    has_order = any(
        field.instant is not None and field.instant.repeated.word == "in_order"
        for record in interface.records
        for field in record.fields
    )
    for record in interface.records:
        if record.name in TAKEN_CLASSES or (has_order and record.name in _ORDERED):
            yield _name_is_taken(record.span, record.name, "record")
        for field in record.fields:
            if (field.series or field.instant) and field.name in _READINGS:
                yield _name_is_taken(field.span, field.name, "field")
        # The first series of a record is its `readings()`; further ones are called by their name.
        methods = set(method_names(interface, record).values())
        methods |= {f"{name.removesuffix('reading')}readings_of" for name in methods}
        for field in record.fields:
            if field.name in methods:
                yield _name_is_taken(field.span, field.name, "field")
    for codes in interface.codes:
        if class_name(codes.name) in TAKEN_CLASSES:
            yield _name_is_taken(codes.span, codes.name, "code list")
    constructor = TAKEN_IN_CONSTRUCTORS.union(interface.login_names)
    for credential in interface.credentials:
        if credential.name in constructor:
            yield _name_is_taken(credential.span, credential.name, "credential")
    for span, name in _options(interface):
        if name in constructor or is_reserved(name):
            yield _name_is_taken(span, name, "option")
    for operation in interface.operations:
        for span, name in _helpers(operation):
            if name in TAKEN_METHODS or is_reserved(name):
                yield _name_is_taken(span, name, "method")
        for field in _arguments(interface, operation):
            if field.name in TAKEN_IN_METHODS:
                yield _name_is_taken(field.span, field.name, "field")
            elif field.name in _WALK and (walk := operation.paging or operation.reconcile):
                yield Diagnostic(
                    field.span,
                    "reserved-name",
                    f"{field.name!r} is taken: {walk.name or 'a walk'}() has an argument of this "
                    f"name, {_WALK[field.name]}",
                    f"name the field otherwise, such as `name: wire_{field.name}`",
                )


def _options(interface: Interface) -> Iterator[tuple[Span, str]]:
    """Yield what a client is told once: options of pairs, of the SOAP header and of requests."""
    for envelope in interface.envelopes:
        for pair in envelope.pairs.fill if envelope.pairs else ():
            if pair.source == "option":
                yield envelope.span, pair.name
    for item in interface.soap.all_fields if interface.soap else ():
        if item.source == "option":
            yield item.field.span, item.name
    for operation in interface.operations:
        for parameter in operation.parameters:
            if isinstance(parameter.source, Filled) and parameter.source.with_ == "option":
                yield parameter.field.span, parameter.source.name


def _arguments(interface: Interface, operation: Operation) -> tuple[Field, ...]:
    """Return the fields that the arguments of a method are made of."""
    body = operation.body
    if body is None or not body.arguments:
        return request_record(operation).fields
    parameters = tuple(parameter.field for parameter in operation.arguments)
    return (*parameters, *fields_below(interface, body.record, body.arguments))


def _helpers(operation: Operation) -> Iterator[tuple[Span, str]]:
    """Yield the further methods that an operation brings."""
    if operation.paging is not None:
        yield operation.paging.span, operation.paging.name
    if operation.reconcile and operation.reconcile.name:
        yield operation.reconcile.span, operation.reconcile.name


def _name_is_taken(span: Span, name: str, what: str) -> Diagnostic:
    message = f"{name!r} is taken by generated code"
    return Diagnostic(span, "reserved-name", message, f"choose another name for the {what}")


def _uses(interface: Interface) -> Iterator[_Use]:
    for record in interface.records:
        yield _Use("models", record.name, record.span, f"record {record.name!r}")
        what = f"record {record.name!r}"
        yield _Use("validators", f"check_{snake_name(record.name)}", record.span, what, record.name)
        for field in record.fields:
            if not (field.series or isinstance(field.instant, ValueInterval)):
                continue
            what = f"field {field.name!r} of {record.name!r}"
            is_register = bool(field.series and field.series.register)
            shape = (field.name, field.unit, is_register, items_of_series(record, field))
            reading = reading_class(field, field.series)
            yield _Use("models", reading, field.span, what, shape, is_reading=True)
            yield _Use("series", reading, field.span, what, shape, is_reading=True)
            yield _Use("series", series_constant(record, field), field.span, what)
            if field.series is not None:
                labels = labels_constant(field.series)
                yield _Use("series", labels, field.span, what, field.series.labels)
    for placed in find_placed_readings(interface):
        what = f"field {placed.field.name!r} of {placed.holder.name!r}"
        reading = reading_class(placed.field, None)
        shape = (placed.field.name, placed.field.unit, False, items_of_placed(placed))
        yield _Use("models", reading, placed.field.span, what, shape, is_reading=True)
        yield _Use("series", reading, placed.field.span, what, shape, is_reading=True)
        # Two values of one name cannot have a method each.
        yield _Use("series", placement_constant(placed), placed.field.span, what)
    for codes in interface.codes:
        what = f"code list {codes.name!r}"
        yield _Use("codes", class_name(codes.name), codes.span, what)
        yield _Use("codes", constant_name(codes.name), codes.span, what)
    yield from _uses_of_access(interface)
    for envelope in interface.envelopes:
        what = f"envelope {envelope.name!r}"
        yield _Use("validators", f"check_{envelope.name}_header", envelope.span, what)
        constant = f"{constant_name(envelope.name)}_VERDICT"
        yield _Use("operations", constant, envelope.span, what)
        if envelope.pairs is not None:
            constant = f"{constant_name(envelope.name)}_PAIRS"
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
        yield from _uses_of_arguments(interface, operation)
        if operation.paging is not None:
            constant = f"{constant_name(operation.name)}_PAGES"
            yield _Use("operations", constant, operation.span, f"paging of {operation.name!r}")
            constant = f"{constant_name(operation.name)}_CUTS"
            yield _Use("operations", constant, operation.span, f"paging of {operation.name!r}")
            what = f"the iterator of {operation.name!r}"
            yield _Use("client", operation.paging.name, operation.paging.span, what)
        if operation.reconcile is not None and operation.reconcile.name:
            what = f"the helper of {operation.name!r}"
            yield _Use("client", operation.reconcile.name, operation.reconcile.span, what)


def _uses_of_access(interface: Interface) -> Iterator[_Use]:
    for name, what in (("STATUSES", "the statuses"), ("SYSTEM", "the system")):
        yield _Use("operations", name, interface.span, what)
    for credential in interface.credentials:
        what = f"credential {credential.name!r}"
        yield _Use("client", f"{credential.name}=", credential.span, what, "told")
    for span, name in _options(interface):
        # What several requests carry is told once.
        yield _Use("client", f"{name}=", span, f"option {name!r}", "option")


def _uses_of_arguments(interface: Interface, operation: Operation) -> Iterator[_Use]:
    names = Counter(field.name for field in _arguments(interface, operation))
    for name in (name for name, count in names.items() if count > 1):
        what = f"an argument of {operation.name!r}"
        yield _Use("client", f"{operation.name}({name}=)", operation.span, what)
        yield _Use("client", f"{operation.name}({name}=)", operation.span, f"another {what}")
    body = operation.body
    if body is None or operation.arguments:
        record = f"{class_name(operation.name)}Request"
        yield _Use("models", record, operation.span, f"the request of {operation.name!r}")


def _shared(uses: Iterable[_Use]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Use] = {}
    for use in uses:
        before = first.setdefault((use.module, use.name), use)
        if before is use or (use.meaning is not None and use.meaning == before.meaning):
            continue
        if use.is_reading and before.is_reading:
            if use.module == "models":  # which imports the class from that of the series
                yield _different_readings(use, before)
            continue
        yield Diagnostic(
            use.span,
            "name-collision",
            f"{use.what} and {before.what} both become {use.name!r} in {use.module}.py",
            f"first declared at {before.span}; rename one of them",
        )


def _different_readings(use: _Use, before: _Use) -> Diagnostic:
    return Diagnostic(
        use.span,
        "name-collision",
        f"{use.what} and {before.what} share the class of their readings, {use.name!r}, and their "
        "readings differ: in unit, label, or type of the quality",
        f"first declared at {before.span}; name one field otherwise, such as by its unit, or say "
        "the same of both",
    )
