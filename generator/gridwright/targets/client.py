"""Clients: one class for threads, one for tasks, a method per operation."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Credential, Interface, Operation, Parameter, TemporalType
from gridwright.resolve.fields import describe_type
from gridwright.targets.python import (
    argument_annotation,
    constant_name,
    folder_of,
    header_line,
    source_of,
)
from gridwright.view import View

__all__ = ["ClientView", "MethodView", "client_views"]


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method; every text is Python."""

    name: str
    arguments: tuple[str, ...]
    record: str
    docstring: str
    constant: str
    values: str


@dataclass(frozen=True, slots=True)
class CredentialView:
    """One credential as an argument of the constructor."""

    name: str
    constant: str
    environment: str
    wire: str
    place: str


@dataclass(frozen=True, slots=True)
class ClientView:
    """One client class; the two differ in what stands before ``def`` and the call."""

    name: str
    base: str
    transport: str
    docstring: str
    prefix: str
    wait: str


def client_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of both clients."""
    methods = [_method(interface, operation) for operation in interface.operations]
    arguments = "\n".join(a for m in methods for a in m.arguments)
    server = interface.default_server
    yield View(
        f"{folder_of(package)}/client.py",
        "python/client.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(f"Clients of {interface.title_en}.", indent=0),
            "system": python_text(interface.system),
            "needs_datetime": "datetime." in arguments,
            "needs_decimal": "Decimal" in arguments,
            "credentials": _credentials(interface),
            "base_url": f"base_url: str = {python_text(server.address)}"
            if server
            else "base_url: str",
            "clients": [
                ClientView(
                    "Client",
                    "BaseClient",
                    "httpx2.BaseTransport",
                    _class_doc(interface, "for threads", "with"),
                    "",
                    "",
                ),
                ClientView(
                    "AsyncClient",
                    "BaseAsyncClient",
                    "httpx2.AsyncBaseTransport",
                    _class_doc(interface, "for tasks of asyncio", "async with"),
                    "async ",
                    "await ",
                ),
            ],
            "methods": methods,
        },
    )


def _credentials(interface: Interface) -> list[CredentialView]:
    used: dict[str, Parameter] = {}
    for operation in interface.operations:
        for parameter in operation.parameters:
            if parameter.credential:
                used.setdefault(parameter.credential, parameter)
    return [
        CredentialView(
            c.name,
            f"_{constant_name(c.name)}",
            python_text(c.environment),
            python_text(used[c.name].field.wire or c.name),
            python_text(used[c.name].place.value),
        )
        for c in interface.credentials
        if c.name in used
    ]


def _class_doc(interface: Interface, users: str, statement: str) -> str:
    credentials = "".join(f"    {_credential_doc(c)}\n" for c in interface.credentials)
    server = interface.default_server
    address = (
        "address of the service"
        if server
        else "address of the service; the document gives none that can be trusted"
    )
    return python_docstring(
        f"Client of {interface.title_en} {users}; use it in `{statement}`, or close it.\n\n"
        "Safe to share. Reads are retried, writes never.\n\n"
        f"Args:\n{credentials}"
        f"    base_url: {address}.\n"
        "    timeout_seconds: longest wait, in seconds, in each phase of an attempt: connecting, "
        "sending, each part of the reply.\n"
        "    retry: how often and how long reads are tried again.\n"
        "    transport: carries the requests; for proxies and for tests without a socket.\n"
        "    clock: tells the time and waits; for tests.\n"
        "    format: form of the replies, json or xml; both give equal objects.\n"
        "    strict: raise DeviationError where a reply departs from the document.\n"
        "    max_connections: size of the connection pool.\n"
        "    max_body_bytes: longest reply that is read, in bytes.\n\n"
        "Raises:\n    ConfigurationError: a credential is missing."
    )


def _credential_doc(credential: Credential) -> str:
    fallback = (
        f"; taken from the environment variable {credential.environment} when not given"
        if credential.environment
        else ""
    )
    return f"{credential.name}: {credential.en}{fallback}."


def _method(interface: Interface, operation: Operation) -> MethodView:
    arguments = []
    for parameter in sorted(operation.arguments, key=lambda p: not p.field.required):
        annotation = argument_annotation(parameter.field.type)
        optional = "" if parameter.field.required else " | None = None"
        arguments.append(f"{parameter.field.name}: {annotation}{optional}")
    values = ", ".join(f"{python_text(p.field.name)}: {p.field.name}" for p in operation.arguments)
    return MethodView(
        name=operation.name,
        arguments=tuple(arguments),
        record=operation.reply.record.name,
        docstring=_method_doc(interface, operation),
        constant=constant_name(operation.name),
        values=f"{{{values}}}",
    )


def _method_doc(interface: Interface, operation: Operation) -> str:
    described = operation.description_en or operation.en
    lines = [f"    {p.field.name}: {_argument_doc(p)}" for p in operation.arguments]
    lines += [
        "    format: form of the reply; the client's when not given.",
        "    strict: raise DeviationError where the reply departs from the document.",
        "    timeout_seconds: longest wait in each phase; the client's when not given.",
    ]
    label = f" ({operation.label})" if operation.label else ""
    return python_docstring(
        f"{described[:1].upper()}{described[1:].rstrip('.')}{label}.\n\n"
        "Args:\n" + "\n".join(lines) + "\n\n"
        f"Returns:\n    {operation.reply.record.en.rstrip('.')}, any number of them.\n\n"
        "Raises:\n    InvalidRequestError: the arguments break a rule; nothing was sent.\n"
        "    ProviderError: the service refused.\n"
        "    TransportError: no reply came.\n"
        "    UnexpectedReplyError: the reply cannot be read.\n\n"
        f"Source: {interface.document.file}, {source_of(operation.cite)}.",
        indent=8,
    )


def _argument_doc(parameter: Parameter) -> str:
    field = parameter.field
    label = f" ({field.label})" if field.label else ""
    text = f"{field.en}{label}; {describe_type(field.type)}"
    if field.unit:
        text += f"; {field.unit}"
    if isinstance(field.type, TemporalType) and field.type.kind == "datetime":
        text += f"; give an aware datetime, it is sent in {field.type.zone}"
    if isinstance(field.type, TemporalType) and field.type.kind == "month":
        text += "; give the first day of the month"
    if isinstance(field.type, TemporalType) and field.type.kind == "time":
        text += f"; local time of {field.type.zone}"
    return f"{text} ({source_of(field.cite)})."
