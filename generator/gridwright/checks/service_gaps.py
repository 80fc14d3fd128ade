"""What a system of services may say that no target renders. Reports nothing itself."""

import re
from collections.abc import Iterator

from gridwright.diagnostics import Span
from gridwright.ir import (
    AuthStep,
    BinaryType,
    Envelope,
    Field,
    Interface,
    Limit,
    ListType,
    Operation,
    Place,
    Record,
    RecordType,
    TemporalType,
)
from gridwright.vocabulary import INSTANTS

__all__ = ["service_gaps"]

_METHODS = ("GET", "POST", "PUT", "DELETE")
_MEDIA = ("none", "json", "multipart_form")
_LIMITS = ("rate", "concurrency", "spacing", "closed_hours")
_LOCAL = "yyyy-MM-dd'T'HH:mm:ss"
_SENT = {*INSTANTS, _LOCAL, "yyyymmdd", "yyyymm", "yyyymmddhh", "yyyymmddhhmi", "hhmi"}
_READ = {*_SENT, "dd"}
_READ_FROM = re.compile("body|body .+|header [A-Za-z0-9-]+")
_RENEW = re.compile("refused|status [1-5][0-9][0-9]")


def service_gaps(interface: Interface) -> Iterator[tuple[Span, str]]:
    """Yield the place and the name of every construct that is not generated for services."""
    yield from _of_login(interface)
    for limit in interface.limits:
        yield from _of_limit(limit)
    for record in interface.records:
        for field in record.fields:
            for what in _of_field(field, _READ):
                yield field.span, f"{what} of record {record.name!r}"
    for envelope in interface.envelopes:
        for what in _of_envelope(envelope):
            yield envelope.span, f"{what} of envelope {envelope.name!r}"
    for operation in interface.operations:
        if not operation.known_by_example:
            for span, what in _of_operation(interface, operation):
                yield span, f"{what} of operation {operation.name!r}"


def _of_login(interface: Interface) -> Iterator[tuple[Span, str]]:
    steps = interface.auth_steps
    for step in steps[1:]:
        yield step.span, f"a second login step, {step.name!r},"
    for step in steps[:1]:
        for what in _of_step(interface, step):
            yield step.span, f"{what} of login step {step.name!r}"
    for presented in interface.presented:
        if (
            presented.place != "header"
            or presented.value != f"step.{steps[0].name if steps else ''}"
        ):
            yield presented.span, f"{presented.wire!r}, which each request carries,"
    for presented in interface.presented[1:]:
        yield presented.span, f"a second header that carries the session, {presented.wire!r},"
    if steps and not interface.presented:
        yield steps[0].span, "a session that no request carries"
    if steps and interface.soap is not None:
        yield steps[0].span, "a session of SOAP messages"
    sent = {value for step in steps for _, values in step.send for _, value in values}
    sent |= {value for step in steps for _, value in step.path}
    if interface.soap is not None:
        sent |= {f"credential.{i.name}" for i in interface.soap.fields if i.source == "credential"}
    for credential in interface.credentials:
        if f"credential.{credential.name}" not in sent:
            yield credential.span, f"credential {credential.name!r}, which no login sends,"


def _of_step(interface: Interface, step: AuthStep) -> Iterator[str]:
    known = {f"credential.{credential.name}" for credential in interface.credentials}
    address = step.address[0][1] if len(step.address) == 1 else ""
    if not address.startswith("/"):
        yield "an address that is not below every server"
    if set(re.findall(r"\{([^{}]*)\}", address)) != {name for name, _ in step.path}:
        yield "an address whose places are not those of `path:`"
    if step.once:
        yield "a session for one request"
    if step.lifetime is None:
        yield "a session without a lifetime"
    if step.body not in ("json", "form"):
        yield f"body {step.body!r}"
    if not {v for _, values in step.send for _, v in values} | {v for _, v in step.path} <= known:
        yield "a value that is no credential"
    if any([server for server, _ in values] != [""] for _, values in step.send):
        yield "a value for each server"
    if step.success_status and not re.fullmatch("[1-5][0-9][0-9]", step.success_status):
        yield f"success status {step.success_status!r}"
    for place in step.read:
        if not _READ_FROM.fullmatch(place):
            yield f"place {place!r}"
    for when in step.renew_when:
        if not _RENEW.fullmatch(when):
            yield f"renewal {when!r}"


def _of_limit(limit: Limit) -> Iterator[tuple[Span, str]]:
    if limit.kind not in _LIMITS:
        yield limit.span, f"limit {limit.name!r} of kind {limit.kind!r}"
    if limit.scope == "host":
        yield limit.span, f"limit {limit.name!r} of scope {limit.scope!r}"


def _of_envelope(envelope: Envelope) -> Iterator[str]:
    for what, said in (
        ("a header that is no part of the reply's record", envelope.header.wire != "."),
        ("a payload", envelope.payload),
        ("pairs", envelope.pairs),
        ("a language", envelope.language),
        ("kinds of failure", envelope.kinds),
        ("a failure inside the list", envelope.failure_in_list),
        ("a refusal for lack of consent", envelope.consent),
    ):
        if said:
            yield what


def _of_operation(interface: Interface, operation: Operation) -> Iterator[tuple[Span, str]]:
    body = operation.body
    if operation.protocol == "soap11":
        yield from _of_soap(interface, operation)
    elif operation.protocol != "http":
        yield operation.span, f"protocol {operation.protocol!r}"
    else:
        yield from _of_http(operation)
    if body is not None and body.arguments:
        yield operation.span, "a body with `arguments:`"
    if operation.paging is not None:
        yield operation.paging.span, "paging"
    if operation.reconcile is not None:
        yield operation.reconcile.span, "reconciling"
    for rule in operation.rules:
        if body is None or rule.kind not in ("required_if", "forbidden"):
            yield rule.span, f"rule {rule.kind!r}"
    for parameter in operation.parameters:
        field = parameter.field
        if parameter.credential is not None:
            yield field.span, f"a credential in parameter {field.name!r}"
        if parameter.formats:
            yield field.span, f"{field.name!r}, which selects the format,"
        if parameter.place not in (Place.PATH, Place.QUERY, Place.HEADER):
            yield field.span, f"place {parameter.place.value!r}"
        for what in _of_field(field, _SENT):
            yield field.span, what
        if isinstance(field.type, RecordType | ListType | BinaryType):
            yield field.span, f"parameter {field.name!r}, which is no plain value,"
    if body is not None:
        yield from _of_sent(interface, operation, body.record)
    yield from _of_reply(interface, operation)


def _of_http(operation: Operation) -> Iterator[tuple[Span, str]]:
    if operation.method not in _METHODS:
        yield operation.span, f"method {operation.method!r}"
    if operation.request_media not in _MEDIA:
        yield operation.span, f"request body {operation.request_media!r}"
    if (operation.body is None) != (operation.request_media == "none"):
        yield operation.span, f"request body {operation.request_media!r} beside its `body:`"
    if operation.formats != ("json",):
        yield operation.span, "a reply that is not in JSON alone"
    body = operation.body
    if operation.reply.attachments or (body is not None and body.attachments):
        yield operation.span, "attachments without SOAP"


def _of_soap(interface: Interface, operation: Operation) -> Iterator[tuple[Span, str]]:
    body, reply = operation.body, operation.reply
    if operation.method != "POST":
        yield operation.span, f"soap11 {operation.method}"
    if operation.request_media != "multipart_related":
        yield operation.span, f"request body {operation.request_media!r}"
    if operation.formats != ("xml",):
        yield operation.span, "a SOAP message that is not in XML alone"
    if interface.soap is None:
        yield operation.span, "protocol 'soap11' without `soap:`"
    if body is None or body.root is None or reply.root is None:
        yield operation.span, "a SOAP message without an element"
    if operation.parameters:
        yield operation.span, "parameters beside a SOAP message"
    starts = [reply.record, *(v.record for v in reply.variants), *([body.record] if body else [])]
    for record in {r.name: r for start in starts for r in interface.reachable(start)}.values():
        if record.open:
            yield record.span, f"open record {record.name!r} in a SOAP message"


def _of_sent(
    interface: Interface, operation: Operation, body: Record
) -> Iterator[tuple[Span, str]]:
    is_form = operation.request_media == "multipart_form"
    for record in interface.reachable(body):
        for field in record.fields:
            inner = field.type.item if isinstance(field.type, ListType) else field.type
            if isinstance(inner, TemporalType) and inner.pattern not in _SENT:
                yield field.span, f"pattern {inner.pattern!r} of {field.name!r}, which is sent,"
            if is_form and isinstance(inner, RecordType):
                yield field.span, f"record {field.name!r} in a form"
            if isinstance(inner, BinaryType) and (inner is not field.type or not is_form):
                yield field.span, f"binary field {field.name!r} that is no part of a form"


def _of_reply(interface: Interface, operation: Operation) -> Iterator[tuple[Span, str]]:
    replies = (operation.reply.record, *(v.record for v in operation.reply.variants))
    for record in {r.name: r for start in replies for r in interface.reachable(start)}.values():
        for field in record.fields:
            inner = field.type.item if isinstance(field.type, ListType) else field.type
            if isinstance(inner, BinaryType):
                yield field.span, f"binary field {field.name!r} in a reply"


def _of_field(field: Field, patterns: set[str]) -> Iterator[str]:
    inner = field.type.item if isinstance(field.type, ListType) else field.type
    if isinstance(inner, TemporalType) and inner.pattern not in patterns:
        yield f"pattern {inner.pattern!r} of field {field.name!r}"
    if field.series or field.instant:
        yield f"readings of field {field.name!r}"
