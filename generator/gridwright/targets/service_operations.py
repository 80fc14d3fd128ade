"""Operations of a service: their constants, with statuses, verdicts, session and SOAP header."""

from collections.abc import Iterator

from gridwright.escape import python_choices, python_mapping, python_text
from gridwright.ir import (
    AuthStep,
    Citation,
    Element,
    Envelope,
    Field,
    Interface,
    ListType,
    Operation,
    Record,
    RecordType,
    Soap,
    SoapHeaderField,
    Status,
    TemporalType,
)
from gridwright.targets.constants import ConstantView, error_class
from gridwright.targets.messages import header_class, reply_class, request_class
from gridwright.targets.python import constant_name, source_of
from gridwright.targets.service_limits import limit_constants, same_fields
from gridwright.targets.service_requests import places

__all__ = ["MODULES", "has_provisional_names", "service_constants", "session_step"]

_OPERATION = "gridwright_runtime.service.operation"
_LIMITS = "gridwright_runtime.limits.kinds"
MODULES = {
    "ClosedHours": _LIMITS,
    "ConcurrencyLimit": _LIMITS,
    "Limits": _LIMITS,
    "RateLimit": _LIMITS,
    "SpacingLimit": _LIMITS,
    "HeaderField": _OPERATION,
    "Provisional": _OPERATION,
    "ServiceOperation": _OPERATION,
    "ServiceReply": _OPERATION,
    "ServiceRequest": _OPERATION,
    "Soap": _OPERATION,
    "StatusMeaning": _OPERATION,
    "Variant": _OPERATION,
    "Verdict": _OPERATION,
    "SessionFlow": "gridwright_runtime.service.session_flow",
}


def service_constants(interface: Interface) -> list[ConstantView]:
    """Return the constants of a system of services, in order of use.

    Args:
        interface: with a body for each request.
    """
    operations = [o for o in interface.operations if not o.known_by_example]
    constants = [_statuses(interface.statuses)] if interface.statuses else []
    step = session_step(interface)
    if step is not None:
        constants.append(_session(interface, step))
    constants += limit_constants(interface)
    constants += [_verdict(envelope) for envelope in interface.envelopes]
    if interface.soap is not None:
        constants.append(_header_fields(interface.soap))
    return constants + [_operation(interface, operation) for operation in operations]


def session_step(interface: Interface) -> AuthStep | None:
    """Return the step of the login that opens a session; None: there is no session."""
    return interface.auth_steps[0] if interface.auth_steps else None


def has_provisional_names(interface: Interface, operation: Operation) -> bool:
    """Whether a request may carry a name that the document does not give."""
    record = operation.body.record if operation.body else None
    if record is not None and any(_provisional_fields(interface, record)):
        return True
    return interface.soap is not None and any(_provisional_names(interface.soap, operation))


def _statuses(statuses: tuple[Status, ...]) -> ConstantView:
    return ConstantView(
        name="STATUSES",
        annotation="Mapping[int, StatusMeaning]",
        type="",
        arguments=tuple(
            f"{s.code}: StatusMeaning({error_class(s.error)}, {python_text(s.en)})"
            for s in statuses
            if s.error != "none"
        ),
        opening="{",
        closing="}",
    )


def _session(interface: Interface, step: AuthStep) -> ConstantView:
    (header,) = [p.wire for p in interface.presented if p.place == "header"]
    (address,) = [address for _, address in step.address]
    seconds = int(step.lifetime.total_seconds()) if step.lifetime else 0
    refused = [when.removeprefix("status ") for when in step.renew_when if when != "refused"]
    arguments = [
        f"path={python_text(address)}",
        f"header={python_text(header)}",
        f"read=({', '.join(map(python_text, step.read))},)",
        f"lifetime_seconds={seconds}",
        f"send={python_mapping({name: _credential(v[0][1]) for name, v in step.send})}",
        f"places={python_mapping({name: _credential(value) for name, value in step.path})}",
        f"method={python_text(step.method)}",
        f"body={python_text(step.body)}",
        f"success_status={int(step.success_status) if step.success_status.isdecimal() else None}",
        f"counts_from={python_text(step.lifetime_from or 'issue')}",
    ]
    if refused:
        arguments.append(f"refused=({', '.join(refused)},)")
    if step.never:
        arguments.append(f"never=({', '.join(map(python_text, step.never))},)")
    return ConstantView("SESSION", "", "SessionFlow", tuple(arguments))


def _credential(reference: str) -> str:
    return reference.removeprefix("credential.")


def _verdict_name(envelope: Envelope) -> str:
    return f"{constant_name(envelope.name)}_VERDICT"


def _verdict(envelope: Envelope) -> ConstantView:
    errors = ", ".join(f"{python_text(e.code)}: {error_class(e.error)}" for e in envelope.errors)
    return ConstantView(
        _verdict_name(envelope),
        "",
        "Verdict",
        (
            f"code={python_text(envelope.code)}",
            f"message={python_text(envelope.message)}",
            f"success={python_choices(envelope.success)}",
            *([f"errors={{{errors}}}"] if errors else []),
        ),
    )


def _header_fields(soap: Soap) -> ConstantView:
    return ConstantView(
        name="HEADER_FIELDS",
        annotation="tuple[HeaderField, ...]",
        type="",
        arguments=tuple(_header_field(item) for item in soap.fields),
    )


def _header_field(item: SoapHeaderField) -> str:
    arguments = [f"wire={python_text(item.field.wire)}", f"source={python_text(item.source)}"]
    if item.name:
        arguments.append(f"name={python_text(item.name)}")
    if isinstance(item.field.type, TemporalType):
        arguments.append(f"pattern={python_text(item.field.type.pattern)}")
        arguments.append(f"zone={python_text(item.field.type.zone)}")
    return f"HeaderField({', '.join(arguments)})"


def _operation(interface: Interface, operation: Operation) -> ConstantView:
    reply = operation.reply
    same = same_fields(interface).get(operation.name, "")
    arguments = [
        f"system={python_text(interface.system)}",
        f"name={python_text(operation.name)}",
        f"wire_name={python_text(operation.wire_name)}",
        f"kind={python_text(operation.kind)}",
        f"method={python_text(operation.method)}",
        f"path={python_text(operation.path)}",
        f"request={_request(interface, operation)}",
        f"reply={_reply(operation)}",
    ]
    if operation.envelope is not None:
        arguments.append(f"verdict={_verdict_name(operation.envelope)}")
    if interface.statuses:
        arguments.append("statuses=STATUSES")
    if interface.soap is not None and operation.protocol == "soap11":
        arguments.append(f"soap={_soap(interface.soap, operation)}")
    if same:
        arguments.append(f"same={python_text(same)}")
    return ConstantView(
        name=constant_name(operation.name),
        annotation=f"ServiceOperation[models.{reply.record.name}]",
        type="ServiceOperation",
        arguments=tuple(arguments),
    )


def _request(interface: Interface, operation: Operation) -> str:
    body = operation.body
    if body is None:
        raise TypeError("targets/service_requests.py gives every operation a body")
    media = "soap11" if operation.protocol == "soap11" else operation.request_media
    arguments = [
        f"model=models.{body.record.name}",
        f"media={python_text(media)}",
        f"check=validators.check_{operation.name}_request",
    ]
    placed = places(interface, operation)
    if placed:
        arguments.append(f"places={python_mapping(dict(placed))}")
    filled = {f.name: f.credential for f in body.record.fields if f.credential is not None}
    if filled:
        arguments.append(f"filled={python_mapping(filled)}")
    items = [_provisional(path, f.wire, f.label or f.en, f.cite) for path, f in
             _provisional_fields(interface, body.record)]  # fmt: skip
    if items:
        arguments.append(f"provisional=({', '.join(items)},)")
    if body.attachments:
        arguments.append("attachments=True")
    return f"ServiceRequest({', '.join(arguments)})"


def _provisional_fields(
    interface: Interface, record: Record, before: str = ""
) -> Iterator[tuple[str, Field]]:
    by_name = {known.name: known for known in interface.records}
    for field in record.fields:
        path = f"{before}{field.name}"
        if field.provisional:
            yield path, field
        inner = field.type.item if isinstance(field.type, ListType) else field.type
        if isinstance(inner, RecordType):
            yield from _provisional_fields(interface, by_name[inner.record], f"{path}.")


def _provisional(path: str, wire: str, label: str, cite: Citation) -> str:
    texts = (path, wire, label, source_of(cite))
    return f"Provisional({', '.join(map(python_text, texts))})"


def _reply(operation: Operation) -> str:
    reply = operation.reply
    arguments = [
        f"model=models.{reply.record.name}",
        f"check=validators.check_{operation.name}_reply",
    ]
    if reply.variants:
        variants = ", ".join(
            f"Variant(when={python_choices(v.when)}, model=models.{v.record.name})"
            for v in reply.variants
        )
        arguments.append(f"variants=({variants},)")
    if reply.attachments:
        arguments.append("attachments=True")
    return f"ServiceReply({', '.join(arguments)})"


def _soap(soap: Soap, operation: Operation) -> str:
    items = list(_provisional_names(soap, operation))
    arguments = [
        f"namespace={python_text(soap.namespace)}",
        f"request=messages.{request_class(operation)}",
        f"reply=messages.{reply_class(operation)}",
        f"header=messages.{header_class(soap)}",
        "header_fields=HEADER_FIELDS",
        *([f"provisional=({', '.join(items)},)"] if items else []),
    ]
    return f"Soap({', '.join(arguments)})"


def _provisional_names(soap: Soap, operation: Operation) -> Iterator[str]:
    """Yield what the document leaves open of an envelope, beside the fields of the request."""
    if soap.provisional:
        yield _provisional("namespace", soap.namespace, "", soap.cite)
    elements: list[tuple[str, Element | None]] = [
        ("SOAP header", soap.header),
        ("request element", operation.body.root if operation.body else None),
    ]
    for path, element in elements:
        if element is not None and element.provisional:
            yield _provisional(path, element.wire, element.label or element.en, element.cite)
    for item in soap.fields:
        if item.field.provisional:
            label = item.field.label or item.field.en
            yield _provisional(
                f"SOAP header {item.field.name}", item.field.wire, label, item.field.cite
            )
