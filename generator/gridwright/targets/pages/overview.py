"""Describe a system on its page: limits, statuses, SOAP, names that the document does not give."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from gridwright.ir import (
    EVERY_ARGUMENT,
    LOGINS,
    NO_NAMESPACE,
    AuthStep,
    DeclaredUnit,
    Element,
    Field,
    Interface,
    Limit,
    Namespace,
    Operation,
    Record,
    Soap,
    SoapHeaderField,
    Status,
    Variant,
)
from gridwright.ir.words import HeaderFiller
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.calls.errors import NO_ERROR, error_class
from gridwright.targets.calls.sources import with_variables
from gridwright.targets.calls.systems import carried_credentials, sure_servers, why_no_address
from gridwright.targets.pages.tables import MarkdownTable, describe_source, used_up

__all__ = ["form_fields", "in_namespace", "operation_notes", "system_notes"]

# Empty: the client has it under a name.
_SOURCES: Mapping[HeaderFiller, str] = {
    "credential": "",
    "option": "",
    "uuid": "a new identifier for each call",
    "serial": "a number for each call that only grows",
    "service": "the wire name of the operation",
    "now": "the time",
}


def system_notes(interface: Interface) -> dict[str, object]:
    """Return what the overview of a system says beside what it says of all systems."""
    return {
        "no_address": markdown(why_no_address(interface)),
        "limits": MarkdownTable(
            ("Limit", "What must be kept", "Operations", "Meaning", "Source"),
            tuple(map(_limit, interface.limits)),
        ),
        "namespaces": MarkdownTable(
            ("Prefix", "Namespace", "Meaning", "Source"),
            tuple(map(_namespace, interface.namespaces)),
        ),
        "units": MarkdownTable(
            ("Unit", "Meaning", "Is", "Source"), tuple(map(_unit, interface.units))
        ),
        "statuses": MarkdownTable(
            ("Status", "Label", "Note", "Meaning", "Error", "Source"),
            tuple(map(_status, interface.statuses)),
        ),
        "places": [_places(interface, step) for step in interface.auth_steps],
        "soap": None if interface.soap is None else _soap(interface.soap),
        "provisional": MarkdownTable(
            ("Where", "Python", "Label", "Stands in for it", "Source"),
            tuple(_provisional(interface)),
        ),
        "is_open": any(record.open for record in interface.records),
        "private": any(amendment.kind == "private" for amendment in interface.amendments),
        "has_login": bool(carried_credentials(interface)),
        "private_command": f"gridwright generate {interface.system} --amend FILE --out DIR "
        "--package NAME",
    }


def _namespace(one: Namespace) -> tuple[str, ...]:
    source = describe_source(one.cite)
    return markdown_code(one.prefix), markdown_code(one.uri), markdown(one.en), source


def _unit(unit: DeclaredUnit) -> tuple[str, ...]:
    source = describe_source(unit.cite)
    return markdown_code(unit.name), markdown(unit.en), markdown(unit.same_as), source


def _status(status: Status) -> tuple[str, ...]:
    return (
        status.wire,
        markdown(status.label),
        markdown(status.note),
        markdown(status.en) + used_up(status.breaks),
        "" if status.error == NO_ERROR else f"`{error_class(status.error)}`",
        describe_source(status.cite),
    )


def _soap(soap: Soap) -> dict[str, object]:
    """Describe the header of SOAP messages: its own block, further blocks, and its security."""
    return {
        "namespace": markdown_code(soap.namespace),
        "header": markdown_code(soap.header.wire) if soap.header is not None else "",
        "header_namespace": _space_of(soap, soap.header),
        "blocks": [
            {
                "wire": markdown_code(block.element.wire),
                "en": markdown(block.element.en),
                "namespace": _space_of(soap, block.element),
                "source": describe_source(block.element.cite),
                "fields": _header_fields(block.fields),
            }
            for block in soap.headers
        ],
        "security": _security(soap),
        "source": describe_source(soap.cite),
        "fields": _header_fields(soap.fields),
    }


def operation_notes(interface: Interface, operation: Operation) -> dict[str, object]:
    """Return what the page of an operation says beside what it says of all operations."""
    body, reply = operation.body, operation.reply
    limits = [
        limit for limit in interface.limits
        if not limit.operations or operation.name in limit.operations
    ]  # fmt: skip
    records = interface.reachable(body.record) if body is not None else ()
    return {
        "limits": [f"{markdown(limit.en)} ({describe_source(limit.cite)})" for limit in limits],
        "is_open": body is not None and body.record.open,
        "is_provisional": any(field.provisional for r in records for field in r.fields)
        or (interface.soap is not None and interface.soap.provisional),
        "needs_address": not sure_servers(interface),
        "has_login": bool(carried_credentials(interface)),
        "names_nothing": body is not None and body.record.open and not body.record.fields,
        "replies_nothing": reply.record.open and not reply.record.fields,
        "sends_attachments": body is not None and body.attachments,
        "brings_attachments": reply.attachments,
        "sends_files": operation.request_media in ("multipart_form", "file"),
        "forms": [_form(variant) for variant in reply.variants],
    }


def _form(variant: Variant) -> dict[str, str]:
    """Describe one form of a reply, and when it comes."""
    return {
        "name": markdown_code(variant.record.name),
        "en": markdown(variant.en or variant.record.en),
        "when": " and ".join(
            f"{markdown_code(wire)} is {' or '.join(map(markdown_code, values))}"
            for wire, values in variant.when
        ),
        "source": describe_source(variant.cite),
    }


def _places(interface: Interface, step: AuthStep) -> str:
    """Say where the result of a step of the login is looked for."""
    several = len(interface.auth_steps) > 1
    what = f"What {markdown_code(step.name)} gives" if several else "What is got"
    text = f"{what} is looked for in these places, in this order: "
    text += f"{', '.join(map(markdown_code, step.read))}."
    if step.never:
        text += f" Never taken for it: {', '.join(map(markdown_code, step.never))}."
    return text


def form_fields(base: Record, form: Record) -> tuple[Field, ...]:
    """Return the fields that a form of a reply has beside those of the reply."""
    known = {field.name for field in base.fields}
    return tuple(field for field in form.fields if field.name not in known)


def _limit(limit: Limit) -> tuple[str, ...]:
    return (
        markdown(limit.name),
        markdown(_describe_keeping(limit)),
        "logins alone"
        if LOGINS in limit.operations
        else ", ".join(f"[`{name}`]({name}.md)" for name in limit.operations) or "all",
        markdown(limit.en),
        describe_source(limit.cite),
    )


def _touched(limit: Limit) -> str:
    names = "combination of all arguments" if limit.same == (EVERY_ARGUMENT,) else ""
    return names or " and ".join(limit.same)


def _describe_same(limit: Limit) -> str:
    return f", for the same {_touched(limit)}" if limit.same else ""


def _describe_keeping(limit: Limit) -> str:
    whom = f" for one {limit.scope}" if limit.scope else ""
    match limit.kind:
        case "rate":
            out = (
                f"; who breaks it is shut out for {_seconds(limit.penalty)}"
                if limit.penalty
                else ""
            )
            per = f"{_seconds(limit.per)}{_describe_same(limit)}"
            return f"at most {limit.requests} in {per}{whom}{out}"
        case "quota":
            resets = f", from {limit.resets} on" if limit.resets else ""
            own = ", for each operation by itself" if limit.each_operation else ""
            most = f"at most {limit.requests} each {limit.each}{resets}, {limit.zone}"
            return f"{most}{own}{_describe_same(limit)}{whom}"
        case "concurrency":
            return f"at most {limit.at_most} at once{whom}"
        case "spacing":
            return (
                f"{_seconds(limit.wait)} after the {limit.after or 'reply'}, before the "
                f"same {_touched(limit)} is touched again{whom}"
            )
        case "closed_hours":
            return f"closed {limit.weekly}, {limit.zone}"
        case "history":
            return f"nothing from longer than {limit.at_most} ago, by {limit.from_field}"
        case "lifetime" | "period" | "batch":
            return limit.kind
        case _:
            assert_never(limit.kind)


def _seconds(length: timedelta | None) -> str:
    if length is None:
        raise TypeError("asked only for limits that say how long")
    return f"{length.total_seconds():g} s"


def in_namespace(namespace: str) -> str:
    """Say in what namespace something is in XML; empty where nothing says it."""
    if namespace == NO_NAMESPACE:
        return ", in no namespace"
    return f", in namespace {markdown_code(namespace)}" if namespace else ""


def _space_of(soap: Soap, block: Element | None) -> str:
    return markdown_code((block.namespace if block is not None else "") or soap.namespace)


def _header_fields(fields: Sequence[SoapHeaderField]) -> MarkdownTable:
    return MarkdownTable(
        ("Wire", "Label", "Meaning", "Filled with", "Source"), tuple(map(_header_field, fields))
    )


def _header_field(item: SoapHeaderField) -> tuple[str, ...]:
    of_client = f"{markdown_code(item.name)} of the client" if item.name else ""
    return (
        markdown_code(item.field.wire),
        markdown(item.field.label),
        markdown(item.field.en),
        _SOURCES[item.source] or of_client,
        describe_source(item.field.cite),
    )


def _security(soap: Soap) -> str:
    """Say what WS-Security has in the header; empty where it is not used."""
    if soap.security is None:
        return ""
    token, cite = soap.security.token, soap.security.cite
    user, password = with_variables(token.username), with_variables(token.password)
    hashed = ", hashed with a nonce and the time" if token.is_digest else ""
    return (
        f"the UsernameToken of WS-Security: user {markdown_code(user)}, password "
        f"{markdown_code(password)}{hashed} ({describe_source(cite)})"
    )


def _provisional(interface: Interface) -> Iterator[tuple[str, ...]]:
    soap = interface.soap
    if soap is not None and soap.provisional:
        yield "SOAP", "namespace", "", markdown_code(soap.namespace), describe_source(soap.cite)
    elements: list[tuple[str, Element | None]] = [("SOAP", soap.header if soap else None)]
    for operation in interface.operations:
        where = f"[`{operation.name}`]({operation.name}.md)"
        elements.append((where, operation.body.root if operation.body else None))
        elements.append((where, operation.reply.root))
    for where, element in elements:
        if element is not None and element.provisional:
            label = markdown(element.label or element.en)
            yield (
                where,
                "element",
                label,
                markdown_code(element.wire),
                describe_source(element.cite),
            )
    for record in interface.records:
        for field in record.fields:
            if field.provisional:
                yield (
                    markdown_code(record.name),
                    markdown_code(field.name),
                    markdown(field.label),
                    markdown_code(field.wire),
                    describe_source(field.cite),
                )
