"""Operations whose request is a body: their constants, with envelope, tickets and pages."""

from gridwright.escape import python_choices, python_mapping, python_text
from gridwright.ir import AuthStep, Body, Envelope, Field, Interface, Operation, Record
from gridwright.naming import fields_on
from gridwright.targets.constants import ConstantView, error_class
from gridwright.targets.python import constant_name

__all__ = ["MODULES", "body_constants", "pages_constant", "payload_record", "reply_payload"]

MODULES = {
    "BodyOperation": "gridwright_runtime.body_operation",
    "Pages": "gridwright_runtime.paging",
    "Pair": "gridwright_runtime.body_operation",
    "Pairs": "gridwright_runtime.body_operation",
    "RecordReply": "gridwright_runtime.body_operation",
    "RequestBody": "gridwright_runtime.body_operation",
    "ResultEnvelope": "gridwright_runtime.body_operation",
    "ServiceTicketStep": "gridwright_runtime.tickets.flow",
    "TicketFlow": "gridwright_runtime.tickets.flow",
    "TicketStep": "gridwright_runtime.tickets.flow",
}
_KIND_ERRORS = ("rejected", "system", "authentication")


def body_constants(interface: Interface) -> list[ConstantView]:
    """Return the constants of a system whose requests are bodies, in order of use."""
    operations = [o for o in interface.operations if o.body is not None]
    constants = [_tickets(interface)] if interface.auth_steps else []
    constants += [_envelope(envelope) for envelope in interface.envelopes]
    for operation in operations:
        constants.append(_operation(interface, operation))
        if operation.paging is not None:
            constants.append(_pages(interface, operation))
    return constants


def payload_record(interface: Interface, body: Body) -> tuple[Field, Record]:
    """Return the field of a body that the caller fills, and its record."""
    by_name = {record.name: record for record in interface.records}
    field = next(f for f in body.record.fields if f.wire == body.arguments)
    record = getattr(field.type, "record", "")
    return field, by_name[record]


def pages_constant(operation: Operation) -> str:
    """Return the name of the constant that says how an answer is read in parts."""
    return f"{constant_name(operation.name)}_PAGES"


def _operation(interface: Interface, operation: Operation) -> ConstantView:
    body, reply = operation.body, operation.reply
    if body is None or operation.envelope is None:
        raise TypeError("checks/not_generated.py lets no such operation through")
    payload, record = payload_record(interface, body)
    answer = reply_payload(interface, operation)
    media = "nulls='omit'"
    return ConstantView(
        name=constant_name(operation.name),
        annotation=f"BodyOperation[models.{answer.name}]",
        type="BodyOperation",
        arguments=(
            f"system={python_text(interface.system)}",
            f"name={python_text(operation.name)}",
            f"wire_name={python_text(operation.wire_name)}",
            f"kind={python_text(operation.kind)}",
            f"method={python_text(operation.method)}",
            f"path={python_text(operation.path)}",
            f"body=RequestBody(model=models.{record.name}, "
            f"payload={python_text(payload.wire or '')}, "
            f"xml_root={python_text(body.root.wire if body.root else '')}, {media})",
            f"reply=RecordReply(model=models.{answer.name}, "
            f"xml_root={python_text(reply.root.wire if reply.root else '')}, "
            f"check=validators.check_{operation.name}_reply)",
            f"check_request=validators.check_{operation.name}_request",
            f"envelope={_envelope_name(operation.envelope)}",
        ),
    )


def reply_payload(interface: Interface, operation: Operation) -> Record:
    """Return the record that a reply carries in its envelope."""
    envelope = operation.envelope
    wire = envelope.payload.wire if envelope and envelope.payload else ""
    field = next((f for f in operation.reply.record.fields if f.wire == wire), None)
    name = getattr(field.type, "record", "") if field else ""
    return next(record for record in interface.records if record.name == name)


def _pages(interface: Interface, operation: Operation) -> ConstantView:
    paging, envelope = operation.paging, operation.envelope
    if paging is None or envelope is None or envelope.payload is None:
        raise TypeError("checks/not_generated.py lets no such operation through")
    # The runtime is handed the payload: its paths are ours, and begin below it.
    payload = f"{envelope.payload.wire}."
    whole = operation.reply.record

    def ours(path: str) -> str:
        names = [field.name for field in fields_on(interface, whole, path)]
        return ".".join(names[1:] if path.startswith(payload) else names)

    key = fields_on(interface, whole, f"{paging.records}.{paging.key}")[-1]
    return ConstantView(
        name=pages_constant(operation),
        annotation="",
        type="Pages",
        arguments=(
            f"records={python_text(ours(paging.records))}",
            f"total={python_text(ours(paging.total))}",
            f"key={python_text(key.name)}",
        ),
    )


def _envelope_name(envelope: Envelope) -> str:
    return f"{constant_name(envelope.name)}_ENVELOPE"


def _envelope(envelope: Envelope) -> ConstantView:
    kinds = ", ".join(
        f"{python_text(kind.value)}: {error_class(kind.error)}"
        for kind in envelope.kinds
        if kind.error in _KIND_ERRORS
    )
    arguments = [
        f"payload={python_text(envelope.payload.wire if envelope.payload else '')}",
        f"code={python_text(envelope.code)}",
        f"message={python_text(envelope.message)}",
        f"kind={python_text(envelope.kind_field)}",
        f"success={python_choices(envelope.success)}",
        f"kinds={{{kinds}}}",
    ]
    if envelope.pairs is not None:
        pairs = envelope.pairs
        fill = ", ".join(
            f"Pair({python_text(p.key)}, {python_text(p.name)}, {python_text(p.source)})"
            for p in pairs.fill
        )
        arguments.append(
            f"pairs=Pairs(field={python_text(pairs.field)}, key={python_text(pairs.key)}, "
            f"value={python_text(pairs.value)}, fill=({fill},))"
        )
    return ConstantView(_envelope_name(envelope), "", "ResultEnvelope", tuple(arguments))


def _tickets(interface: Interface) -> ConstantView:
    grant, service = interface.auth_steps
    header = next(p.wire for p in interface.presented if p.place == "header")
    target = next(values for _, values in service.send)
    service_field = next(name for name, _ in service.send)
    user, password = (name for name, _ in grant.send)
    return ConstantView(
        name="TICKETS",
        annotation="",
        type="TicketFlow",
        arguments=(
            f"grant=TicketStep(address={_mapping(grant.address)}, {_times(grant)}, "
            f"counts_from={python_text(grant.lifetime_from)}, "
            f"username_field={python_text(user)}, password_field={python_text(password)})",
            f"service=ServiceTicketStep(address={_mapping(service.address)}, "
            f"service={_mapping(target)}, {_times(service)}, "
            f"service_field={python_text(service_field)})",
            f"header={python_text(header)}",
        ),
    )


def _times(step: AuthStep) -> str:
    seconds = int(step.lifetime.total_seconds()) if step.lifetime else 0
    return f"success_status={int(step.success_status)}, lifetime_seconds={seconds}"


def _mapping(values: tuple[tuple[str, str], ...]) -> str:
    return python_mapping(dict(values))
