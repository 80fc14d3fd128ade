"""Clients of a system of services: one class for threads, one for tasks."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Credential, Interface, Operation, SoapHeaderField
from gridwright.targets.arguments import argument_of, described_arguments, ordered_fields
from gridwright.targets.python import constant_name, header_line, source_of
from gridwright.targets.service_limits import limit_constants
from gridwright.targets.service_operations import (
    has_provisional_names,
    session_step,
)

__all__ = ["client_context", "header_options", "why_no_address"]


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method of both clients; every text is Python."""

    name: str
    arguments: tuple[str, ...]
    result: str
    docstring: str
    call: str


@dataclass(frozen=True, slots=True)
class ClientView:
    """One client class; the two differ in what stands before ``def`` and the call."""

    name: str
    base: str
    transport: str
    docstring: str
    prefix: str
    wait: str


def client_context(interface: Interface) -> dict[str, object]:
    """Return what the template of both clients needs."""
    methods = list(_methods(interface))
    text = "\n".join(a for m in methods for a in m.arguments)
    server = interface.default_server
    return {
        "header": header_line(interface),
        "docstring": python_docstring(f"Clients of {interface.title_en}.", indent=0),
        "system": python_text(interface.system),
        "needs": [name for name in ("Attachment", "Upload", "Progress") if name in text],
        "needs_datetime": "datetime." in text,
        "needs_decimal": "Decimal" in text,
        "abstract": [name for name in ("Mapping", "Sequence") if f"{name}[" in text],
        "credentials": [
            (c.name, f"_{constant_name(c.name)}", python_text(c.environment), *_sent(interface, c))
            for c in interface.credentials
        ],
        "base_url": f"str = {python_text(server.address)}" if server else "str | None = None",
        "no_address": "" if server else python_text(why_no_address(interface)),
        "options": [
            (item.name, f"str = {python_text(item.default)}" if item.default else "str")
            for item in header_options(interface)
        ],
        "session": session_step(interface) is not None,
        "limits": bool(limit_constants(interface)),
        "soap": interface.soap is not None,
        "clients": [
            ClientView(
                "Client",
                "ServiceClient",
                "httpx2.BaseTransport",
                _class_doc(interface, "for threads", "with"),
                "",
                "",
            ),
            ClientView(
                "AsyncClient",
                "AsyncServiceClient",
                "httpx2.AsyncBaseTransport",
                _class_doc(interface, "for tasks of asyncio", "async with"),
                "async ",
                "await ",
            ),
        ],
        "methods": methods,
    }


def why_no_address(interface: Interface) -> str:
    """Say why a client has no address of its own; empty where it has one."""
    if interface.default_server is not None or not interface.servers:
        return ""
    server = interface.servers[0]
    if not server.address:
        return f"the document names no host ({source_of(server.cite)})"
    amended = (
        f"; see {', '.join(server.cite.amended)} in the reference pages"
        if server.cite.amended
        else ""
    )
    return (
        f"the document prints {server.address} ({source_of(server.cite)}), an address that nobody "
        f"has confirmed{amended}"
    )


def _sent(interface: Interface, credential: Credential) -> tuple[str, str]:
    """Return the wire name of a credential, and where it travels, as Python."""
    reference = f"credential.{credential.name}"
    for step in interface.auth_steps:
        for wire, values in step.send:
            if reference in (value for _, value in values):
                return python_text(wire), '"form"'
        for wire, value in step.path:
            if value == reference:
                return python_text(wire), '"path"'
    for item in interface.soap.fields if interface.soap else ():
        if item.source == "credential" and item.name == credential.name:
            return python_text(item.field.wire), '"header"'
    return python_text(credential.name), '"header"'


def header_options(interface: Interface) -> list[SoapHeaderField]:
    """Return the fields of the SOAP header that the client is told."""
    if interface.soap is None:
        return []
    return [item for item in interface.soap.fields if item.source == "option"]


def _methods(interface: Interface) -> Iterator[MethodView]:
    for operation in interface.operations:
        if not operation.known_by_example:
            yield _method(interface, operation)


def _method(interface: Interface, operation: Operation) -> MethodView:
    body = operation.body
    if body is None:
        raise TypeError("targets/service_requests.py gives every operation a body")
    fields = ordered_fields(body.record)
    arguments = [argument_of(field) for field in fields]
    declared, passed = [a.declaration for a in arguments], [a.passed for a in arguments]
    docs = described_arguments(fields)
    further = []
    if body.record.open:
        declared.append("items: Mapping[str, object] | None = None")
        passed.append("items=items or {}")
        docs += (
            "    items: further items by wire name, as JSON has them; the document names none.\n"
        )
    if body.attachments:
        declared.append("attachments: Sequence[Attachment] = ()")
        further.append("attachments=attachments")
        docs += "    attachments: further parts of the message.\n"
    if operation.request_media == "multipart_form":
        declared.append("progress: Progress | None = None")
        further.append("progress=progress")
        docs += "    progress: is told how many bytes have been sent, and how many there are.\n"
    sent = f"models.{body.record.name}({', '.join(passed)})"
    options = ", ".join([*further, "strict=strict", "timeout_seconds=timeout_seconds"])
    return MethodView(
        name=operation.name,
        arguments=(
            *declared,
            "strict: bool | None = None",
            "timeout_seconds: float | None = None",
        ),
        result=f"Result[models.{operation.reply.record.name}]",
        docstring=_method_doc(interface, operation, docs),
        call=f"self._send(operations.{constant_name(operation.name)}, {sent}, {options})",
    )


def _method_doc(interface: Interface, operation: Operation, arguments: str) -> str:
    described = operation.description_en or operation.en
    label = f" ({operation.label})" if operation.label else ""
    forms = [f"models.{variant.record.name}" for variant in operation.reply.variants]
    one_of = f" Or one of its forms: {', '.join(forms)}." if forms else ""
    undocumented = (
        "    UndocumentedNameError: what the document does not name would go to another machine; "
        "nothing was sent.\n"
        if has_provisional_names(interface, operation)
        else ""
    )
    unknown = (
        "    OutcomeUnknownError: the request may have been carried out.\n"
        if operation.kind == "write"
        else ""
    )
    closed = "    LimitError: a limit does not let the call go.\n" if interface.limits else ""
    return python_docstring(
        f"{described[:1].upper()}{described[1:].rstrip('.')}{label}.\n\n"
        f"Args:\n{arguments}"
        "    strict: raise DeviationError where the reply departs from the document.\n"
        "    timeout_seconds: longest wait in each phase; the client's when not given.\n\n"
        f"Returns:\n    {operation.reply.record.en.rstrip('.')}.{one_of}\n\n"
        "Raises:\n    InvalidRequestError: the arguments break a rule; nothing was sent.\n"
        f"{undocumented}{closed}"
        "    ProviderError: the service refused.\n"
        f"{unknown}"
        "    TransportError: no reply came.\n"
        "    UnexpectedReplyError: the reply cannot be read.\n\n"
        f"Source: {interface.document.file}, {source_of(operation.cite)}.",
        indent=8,
    )


def _class_doc(interface: Interface, users: str, statement: str) -> str:
    lines = [_credential_doc(c) for c in interface.credentials]
    why = why_no_address(interface)
    lines.append(
        f"base_url: address of the service; there is none by default: {why}."
        if why
        else "base_url: address of the service."
    )
    lines += [
        f"{item.name}: {item.field.en}, sent with every request."
        for item in header_options(interface)
    ]
    about = ["Safe to share. Reads are retried, writes never."]
    if session_step(interface) is not None:
        about.append(
            "It logs in when it is first needed, and shares the session with every client of the "
            "same account on this machine."
        )
        lines.append(
            "session_folder: where sessions are kept; a folder of the user's if not given."
        )
    if limit_constants(interface):
        about.append(
            "It keeps the limits of the document, together with all clients of the same company "
            "on this machine."
        )
        lines += [
            "company: whose limits these are, where one machine serves several.",
            "wait_for_turn: wait until the limits let a call go; else raise, and say when it may.",
            "longest_wait_seconds: how long a call waits for its turn; as long as need be if not "
            "given.",
            "limit_store: where the limits are kept, in place of a file of the user's.",
        ]
    lines += [
        "ssl_context: for client certificates, or other authorities than the system's.",
        "timeout_seconds: longest wait, in seconds, in each phase of an attempt: connecting, "
        "sending, each part of the reply.",
        "retry: how often and how long reads are tried again.",
        "transport: carries the requests; for proxies and for tests without a socket.",
        "clock: tells the time and waits; for tests.",
        "strict: raise DeviationError where a reply departs from the document.",
        "max_connections: size of the connection pool.",
        "max_body_bytes: longest reply that is read, in bytes.",
    ]
    arguments = "".join(f"    {line}\n" for line in lines)
    return python_docstring(
        f"Client of {interface.title_en} {users}; use it in `{statement}`, or close it.\n\n"
        f"{' '.join(about)}\n\nArgs:\n{arguments}\n"
        "Raises:\n    ConfigurationError: a credential is missing, or the address is."
    )


def _credential_doc(credential: Credential) -> str:
    fallback = (
        f"; taken from the environment variable {credential.environment} when not given"
        if credential.environment
        else ""
    )
    return f"{credential.name}: {credential.en}{fallback}."
