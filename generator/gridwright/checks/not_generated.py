"""What the language can say and the targets cannot render yet is an error, never a gap."""

import re
from collections.abc import Iterator

from gridwright.checks.service_gaps import service_gaps
from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import (
    BinaryType,
    BooleanType,
    Field,
    Interface,
    ListType,
    Operation,
    Place,
    Record,
    RecordType,
    TemporalType,
)
from gridwright.vocabulary import INSTANTS, PATTERNS

__all__ = ["check"]

_PLACES = (Place.QUERY, Place.PATH, Place.HEADER)
_METHODS = ("GET", "POST")
_READ = ("yyyymmdd", "yyyymm", "yyyymmddhh", "yyyymmddhhmi", "dd", "hhmi")
_SENT = ("yyyymmdd", "yyyymm", "yyyymmddhh", "yyyymmddhhmi", "hhmi")


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report every construct that no target renders."""
    sent = {o.body.record.name for o in interface.operations if interface.is_service and o.body}
    for record in interface.records:
        for field in record.fields:
            if field.credential is not None and record.name not in sent:
                where = f"field {field.name!r} of record {record.name!r}"
                yield _missing(field.span, f"a credential in {where}")
            inner = field.type.item if isinstance(field.type, ListType) else field.type
            below = [r for r in interface.records if r.name == getattr(inner, "record", "")]
            if any(record in interface.reachable(r) for r in below):
                yield _missing(field.span, f"{field.name!r}, which leads back to {record.name!r},")
    found = service_gaps if interface.is_service else _gaps
    for span, what in found(interface):
        yield _missing(span, what)


def _gaps(interface: Interface) -> Iterator[tuple[Span, str]]:
    """Yield what is not generated for a system that is asked by parameters or by bodies."""
    if interface.sends_bodies and not interface.auth_steps:
        yield interface.span, "a system with request bodies, but without a login,"
    if interface.sends_bodies and not any(server.confirmed for server in interface.servers):
        yield interface.span, "a system with request bodies, but without a sure server,"
    if sum(envelope.language is not None for envelope in interface.envelopes) > 1:
        yield interface.span, "a second language of texts"
    if not _is_ticket_flow(interface):
        for step in interface.auth_steps:
            yield step.span, f"login step {step.name!r}"
        for presented in interface.presented:
            yield presented.span, f"{presented.wire!r}, which each request carries,"
    for limit in interface.limits:
        yield limit.span, f"limit {limit.name!r}"
    for status in interface.statuses:
        yield status.span, f"status {status.code}"
    if interface.soap is not None:
        yield interface.soap.span, "SOAP"
    for record in interface.records:
        for span, what in _of_record(record, bodies=interface.sends_bodies):
            yield span, f"{what} of record {record.name!r}"
        for what, said in (
            ("open", record.open),
            ("extending", record.extends),
            ("filling", record.filler),
        ):
            if said:
                yield record.span, f"{what} record {record.name!r}"
    for envelope in interface.envelopes if interface.sends_bodies else ():
        for what, said_of in (
            ("known error codes", envelope.errors),
            ("a failure inside the list", envelope.failure_in_list),
            ("a refusal for lack of consent", envelope.consent),
        ):
            if said_of:
                yield envelope.span, f"{what} of envelope {envelope.name!r}"
    for operation in interface.operations:
        if operation.known_by_example:
            continue  # nothing is generated but its page, which says so
        found = _of_body_operation if interface.sends_bodies else _of_operation
        for span, what in (*found(operation), *_of_any_operation(operation)):
            yield span, f"{what} of operation {operation.name!r}"


def _of_any_operation(operation: Operation) -> Iterator[tuple[Span, str]]:
    if operation.reply.variants:
        yield operation.span, "forms of a reply"
    if operation.reply.attachments or (operation.body is not None and operation.body.attachments):
        yield operation.span, "attachments"


def _is_ticket_flow(interface: Interface) -> bool:
    """Whether the login is two tickets: one kept, and one for each call, in a header."""
    if not interface.sends_bodies or len(interface.auth_steps) != 2:
        return not interface.auth_steps and not interface.presented
    grant, service = interface.auth_steps
    known = {f"credential.{credential.name}" for credential in interface.credentials}
    servers = {server.name for server in interface.servers if server.confirmed}
    return (
        grant.body == service.body == "form"
        and len(grant.send) == 2
        and len(service.send) == 1
        and not grant.once
        and service.once
        and grant.lifetime is not None
        and service.lifetime is not None
        and all(re.fullmatch("[1-5][0-9][0-9]", s.success_status) for s in interface.auth_steps)
        and len({v for _, values in grant.send for _, v in values} & known) == 2
        and all(len(values) == 1 for _, values in grant.send)
        and [p.place for p in interface.presented] == ["header"]
        and [p.value for p in interface.presented] == [f"step.{service.name}"]
        and all(
            {name for name, _ in values} >= servers
            for values in (grant.address, service.address, service.send[0][1])
        )
    )


def _of_body_operation(operation: Operation) -> Iterator[tuple[Span, str]]:
    envelope, body = operation.envelope, operation.body
    if operation.protocol != "http" or operation.method != "POST":
        yield operation.span, f"{operation.protocol} {operation.method}"
    if body is None:
        yield operation.span, "a request without a body, beside others with one,"
    elif not body.arguments:
        yield operation.span, "a body without `arguments:`"
    if operation.request_media != "json":
        yield operation.span, f"request body {operation.request_media!r}"
    for parameter in operation.parameters:
        if not parameter.field.secret or parameter.place is not Place.HEADER:
            yield parameter.field.span, f"parameter {parameter.field.name!r} beside the body"
    if envelope is None or envelope.payload is None or envelope.header.wire != ".":
        yield operation.span, "a reply without an envelope and its payload"
    if operation.reply.list is not None:
        yield operation.span, "a reply that is a list, beside request bodies,"
    for rule in operation.rules:
        if rule.kind not in ("required_if", "forbidden"):
            yield rule.span, f"rule {rule.kind!r}"


def _of_record(record: Record, *, bodies: bool) -> Iterator[tuple[Span, str]]:
    readings = [field for field in record.fields if field.series or field.instant]
    for field in record.fields:
        if bodies:
            yield from _of_body_field(field)
            continue
        yield from _of_field(field, _READ)
        if field.series is not None and field.also:
            yield field.span, f"another wire name of series {field.name!r}"
        if field.instant is not None and field is not readings[0]:
            yield field.span, f"a second reading, {field.name!r},"


def _of_operation(operation: Operation) -> Iterator[tuple[Span, str]]:
    if operation.protocol != "http":
        yield operation.span, f"protocol {operation.protocol!r}"
    if operation.method not in _METHODS:
        yield operation.span, f"method {operation.method!r}"
    if operation.request_media != "none":
        yield operation.span, f"request body {operation.request_media!r}"
    if operation.paging is not None:
        yield operation.paging.span, "paging"
    if operation.envelope is not None and operation.envelope.payload is not None:
        yield operation.span, "the envelope's payload element"
    for rule in operation.rules:
        yield rule.span, f"rule {rule.kind!r}"
    for parameter in operation.parameters:
        if parameter.place not in _PLACES:
            yield parameter.field.span, f"place {parameter.place.value!r}"
        yield from _of_field(parameter.field, _SENT)
    selectors = [parameter for parameter in operation.parameters if parameter.formats]
    for parameter in selectors[1:]:
        if parameter.place is not selectors[0].place:
            yield parameter.field.span, "a second place that selects the format"
    for parameter in selectors:
        if parameter.credential is not None:
            yield parameter.field.span, "a credential that selects the format"
    if operation.reply.list is None:
        yield operation.span, "a reply without a list"


def _of_body_field(field: Field) -> Iterator[tuple[Span, str]]:
    inner = field.type.item if isinstance(field.type, ListType) else field.type
    if isinstance(inner, BinaryType):
        yield field.span, f"binary field {field.name!r}"
    if isinstance(inner, TemporalType) and inner.pattern not in INSTANTS:
        yield field.span, f"pattern {inner.pattern!r} of field {field.name!r}"
    if field.series or field.instant:
        yield field.span, f"readings of {field.name!r}, in a system with request bodies,"


def _of_field(field: Field, patterns: tuple[str, ...]) -> Iterator[tuple[Span, str]]:
    match field.type:
        case BinaryType():
            yield field.span, f"binary field {field.name!r}"
        case BooleanType():
            yield field.span, f"boolean field {field.name!r}"
        case RecordType() | ListType():
            yield field.span, f"nested record {field.name!r}"
        case TemporalType(pattern=pattern) if pattern in PATTERNS and pattern not in patterns:
            yield field.span, f"pattern {pattern!r} of field {field.name!r}"
        case _:
            pass


def _missing(span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        span,
        "not-generated",
        f"{what} cannot be generated by this version",
        "keep the fact, and generate this system with a version that renders it",
    )
