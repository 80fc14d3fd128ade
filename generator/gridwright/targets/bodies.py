"""Package of a system whose requests are bodies: operations, clients and mock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gridwright.escape import python_docstring, python_mapping, python_text
from gridwright.ir import (
    Credential,
    Interface,
    ListType,
    Operation,
    Record,
)
from gridwright.naming import fields_on
from gridwright.targets.arguments import (
    annotation_of,
    argument_of,
    described_arguments,
    ordered_fields,
)
from gridwright.targets.body_operations import (
    MODULES,
    body_constants,
    pages_constant,
    payload_record,
    reply_payload,
)
from gridwright.targets.constants import errors_in, runtime_names
from gridwright.targets.python import constant_name, folder_of, header_line, source_of
from gridwright.view import View

__all__ = ["ClientView", "MethodView", "body_views"]


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method of both clients; every text is Python."""

    name: str
    arguments: tuple[str, ...]
    result: str
    docstring: str
    call: str
    waits: bool
    prefix: str = ""
    wait: str = ""


@dataclass(frozen=True, slots=True)
class ClientView:
    """One client class."""

    name: str
    base: str
    transport: str
    docstring: str
    methods: tuple[MethodView, ...]


def body_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the modules that differ from those of a system asked by parameters."""
    folder = folder_of(package)
    constants = body_constants(interface)
    title = interface.title_en
    yield View(
        f"{folder}/operations.py",
        "python/body_operations.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"Operations of {title}: addresses, bodies, tickets and pages.", indent=0
            ),
            "errors": errors_in(constants),
            "imports": runtime_names(constants, MODULES),
            "modules": ["models", "validators"],
            "constants": constants,
        },
    )
    yield View(f"{folder}/client.py", "python/body_client.py.j2", _client(interface))
    yield View(f"{folder}/mock.py", "python/body_mock.py.j2", _mock(interface))


def _client(interface: Interface) -> dict[str, object]:
    options = [p for e in interface.envelopes if e.pairs for p in e.pairs.fill]
    servers = [s for s in interface.servers if s.confirmed]
    language = next((e.language for e in interface.envelopes if e.language), None)
    default = interface.default_server
    methods = list(_methods(interface))
    text = "\n".join(a for m in methods for a in m.arguments)
    return {
        "header": header_line(interface),
        "docstring": python_docstring(f"Clients of {interface.title_en}.", indent=0),
        "system": python_text(interface.system),
        "needs_datetime": "datetime." in text,
        "needs_decimal": "Decimal" in text,
        "needs_found": any("Found[" in m.result for m in methods),
        "needs_walk": any("Walk[" in m.result for m in methods),
        "credentials": [
            (c.name, f"_{constant_name(c.name)}", python_text(c.environment), python_text(wire))
            for c, wire in _credentials(interface)
        ],
        "environments": ", ".join(python_text(s.name) for s in servers),
        "environment": f" = {python_text(default.name)}" if default else "",
        "addresses": python_mapping({s.name: s.address for s in servers}),
        "options": [
            (p.name, f"str = {python_text(p.default)}" if p.default else "str | None = None")
            for p in options
            if p.source == "option"
        ],
        "language": ""
        if language is None
        else f"Literal[{', '.join(map(python_text, language.values))}] = "
        f"{python_text(language.default)}",
        "clients": [
            ClientView(
                "Client",
                "TicketClient",
                "httpx2.BaseTransport",
                _class_doc(interface, "for threads", "with"),
                tuple(methods),
            ),
            ClientView(
                "AsyncClient",
                "AsyncTicketClient",
                "httpx2.AsyncBaseTransport",
                _class_doc(interface, "for tasks of asyncio", "async with"),
                tuple(_async(method) for method in methods),
            ),
        ],
    }


def _async(method: MethodView) -> MethodView:
    """Return the twin for tasks; one that makes an iterator is called without waiting."""
    if not method.waits:
        return replace(method, result=method.result.replace("Walk[", "AsyncWalk["))
    return replace(method, prefix="async ", wait="await ")


def _credentials(interface: Interface) -> list[tuple[Credential, str]]:
    """Return the credentials of the login, in the order in which they are sent."""
    by_name = {f"credential.{c.name}": c for c in interface.credentials}
    sent = interface.auth_steps[0].send if interface.auth_steps else ()
    return [
        (by_name[value], wire) for wire, values in sent for _, value in values if value in by_name
    ]


def _methods(interface: Interface) -> Iterator[MethodView]:
    by_name = {operation.name: operation for operation in interface.operations}
    for operation in interface.operations:
        if operation.body is None:
            continue
        _, record = payload_record(interface, operation.body)
        yield _send(interface, operation, record)
        if operation.paging is not None:
            yield _walk(interface, operation, record)
        reconcile = operation.reconcile
        if reconcile is not None and reconcile.name:
            yield _find_saved(interface, operation, by_name[reconcile.search])


def _send(interface: Interface, operation: Operation, record: Record) -> MethodView:
    arguments = [argument_of(field) for field in ordered_fields(record)]
    passed = ", ".join(a.passed for a in arguments)
    result = f"Result[models.{reply_payload(interface, operation).name}]"
    described = operation.description_en or operation.en
    write = (
        "    OutcomeUnknownError: the request may have been carried out; it carries the "
        "transaction id.\n"
        if operation.kind == "write"
        else ""
    )
    docstring = python_docstring(
        f"{described[:1].upper()}{described[1:].rstrip('.')}.\n\n"
        f"Args:\n{described_arguments(ordered_fields(record))}"
        "    transaction_id: what identifies the request; a new one when not given. Sending again "
        "keeps the former one.\n"
        "    format: form of request and reply; the client's when not given.\n"
        "    strict: raise DeviationError where the reply departs from the document.\n"
        "    timeout_seconds: longest wait in each phase; the client's when not given.\n\n"
        "Raises:\n    InvalidRequestError: the arguments break a rule; nothing was sent.\n"
        "    ProviderError: the service refused.\n"
        f"{write}"
        "    TransportError: no reply came.\n"
        "    UnexpectedReplyError: the reply cannot be read.\n\n"
        f"Source: {interface.document.file}, {source_of(operation.cite)}.",
        indent=8,
    )
    return MethodView(
        name=operation.name,
        arguments=(
            *(a.declaration for a in arguments),
            "transaction_id: str | None = None",
            "format: Format | None = None",
            "strict: bool | None = None",
            "timeout_seconds: float | None = None",
        ),
        result=result,
        docstring=docstring,
        call=f"self._send(operations.{constant_name(operation.name)}, "
        f"models.{record.name}({passed}), transaction_id, format, strict, timeout_seconds)",
        waits=True,
    )


def _walk(interface: Interface, operation: Operation, record: Record) -> MethodView:
    paging = operation.paging
    if paging is None:
        raise TypeError("asked only for operations with paging")
    page = _page(interface, operation, record)
    arguments = [argument_of(field) for field in ordered_fields(record) if field.name != page.name]
    passed = ", ".join([*(a.passed for a in arguments), f"{page.name}={page.expression}"])
    listed = fields_on(interface, operation.reply.record, paging.records)[-1]
    item = listed.type.item if isinstance(listed.type, ListType) else listed.type
    name = constant_name(operation.name)
    docstring = python_docstring(
        f"Walk all records that {operation.name} finds, page by page, in bounded memory.\n\n"
        "No record comes twice and none is lost when the number of records changes between two "
        "pages; ``position`` of the iterator is where another walk may begin.\n\n"
        "Args:\n"
        + described_arguments(f for f in ordered_fields(record) if f.name != page.name)
        + "    begin: number of the first record, from 1.\n"
        "    page_size: records asked for at a time.\n"
        "    format: form of request and reply; the client's when not given.\n"
        "    strict: raise DeviationError where a reply departs from the document.\n"
        "    timeout_seconds: longest wait in each phase; the client's when not given.",
        indent=8,
    )
    return MethodView(
        name=paging.name,
        arguments=(
            *(a.declaration for a in arguments),
            "begin: int = 1",
            f"page_size: int = {paging.page_size or 1000}",
            "format: Format | None = None",
            "strict: bool | None = None",
            "timeout_seconds: float | None = None",
        ),
        result=f"Walk[{annotation_of(item)}]",
        docstring=docstring,
        call=f"self._walk(operations.{name}, operations.{pages_constant(operation)}, "
        f"lambda first, last: models.{record.name}({passed}), begin, page_size, format, strict, "
        "timeout_seconds)",
        waits=False,
    )


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    expression: str


def _page(interface: Interface, operation: Operation, record: Record) -> _Page:
    """Return the argument that says which records a page holds, from ``first`` to ``last``."""
    paging, body = operation.paging, operation.body
    if paging is None or body is None:
        raise TypeError("asked only for operations with paging")
    *_, holder, begin = fields_on(interface, body.record, paging.begin)
    end = fields_on(interface, body.record, paging.end)[-1]
    inner = getattr(holder.type, "record", "")
    return _Page(holder.name, f"models.{inner}({begin.name}=first, {end.name}=last)")


def _find_saved(interface: Interface, operation: Operation, search: Operation) -> MethodView:
    reconcile, body, paging = operation.reconcile, operation.body, search.paging
    if reconcile is None or body is None or search.body is None or paging is None:
        raise TypeError("checks/body_paths.py lets no such operation through")
    _, sent_record = payload_record(interface, body)
    (sent,) = [f for f in sent_record.fields if isinstance(f.type, ListType)]
    item = sent.type.item if isinstance(sent.type, ListType) else sent.type
    _, search_record = payload_record(interface, search.body)
    page = _page(interface, search, search_record)
    (criteria,) = [f for f in search_record.fields if f.name != page.name]
    criteria_type = getattr(criteria.type, "record", "")
    by_name = {record.name: record for record in interface.records}
    item_fields = {f.wire: f.name for f in by_name[getattr(item, "record", "")].fields}
    wanted = {f.wire: f.name for f in by_name[criteria_type].fields}
    asked = ", ".join(f"{wanted[w]}=sent.{item_fields[w]}" for w in reconcile.by)
    stored = fields_on(interface, search.reply.record, paging.records)[-1]
    stored_item = stored.type.item if isinstance(stored.type, ListType) else stored.type
    stored_fields = {f.wire: f.name for f in by_name[getattr(stored_item, "record", "")].fields}
    standing = ", ".join(
        f"{python_text(stored_fields[name])}: ({', '.join(map(python_text, values))},)"
        for name, values in reconcile.standing
    )
    by = ", ".join(python_text(item_fields[w]) for w in reconcile.by)
    name = constant_name(search.name)
    docstring = python_docstring(
        f"Say which of the records sent by {operation.name} are stored.\n\n"
        "For use after an OutcomeUnknownError: what is not stored may be sent again, with the "
        "transaction id that the error carries.\n\n"
        f"Args:\n    {sent.name}: the records as they were sent.\n"
        "    format: form of request and reply; the client's when not given.\n"
        "    timeout_seconds: longest wait in each phase; the client's when not given.",
        indent=8,
    )
    return MethodView(
        name=reconcile.name,
        arguments=(
            f"{sent.name}: Sequence[{annotation_of(item)}]",
            "format: Format | None = None",
            "timeout_seconds: float | None = None",
        ),
        result=f"list[Found[{annotation_of(item)}, {annotation_of(stored_item)}]]",
        docstring=docstring,
        call=f"self._find_saved(operations.{name}, operations.{pages_constant(search)}, "
        f"lambda sent, first, last: models.{search_record.name}("
        f"{criteria.name}=models.{criteria_type}({asked}), {page.name}={page.expression}), "
        f"{sent.name}, by=({by},), standing={{{standing}}}, format=format, "
        "timeout_seconds=timeout_seconds)",
        waits=True,
    )


def _class_doc(interface: Interface, users: str, statement: str) -> str:
    credentials = "\n".join(
        f"    {c.name}: {c.en}; taken from the environment variable {c.environment} when not given."
        for c in interface.credentials
    )
    options = "\n".join(
        f"    {p.name}: {p.en}, sent with every request{'' if p.default else ' where given'}."
        for e in interface.envelopes
        if e.pairs
        for p in e.pairs.fill
        if p.source == "option"
    )
    spoken = next((e.language for e in interface.envelopes if e.language), None)
    language = f"    language: {spoken.en}.\n" if spoken else ""
    return python_docstring(
        f"Client of {interface.title_en} {users}; use it in `{statement}`, or close it.\n\n"
        "Safe to share. It logs in when it is first needed, and shares the login with every client "
        "of the same user on this machine. Reads are retried, writes never.\n\n"
        f"Args:\n{credentials}\n"
        "    environment: which of the service's environments; their tickets never mix.\n"
        f"{options}\n"
        f"{language}"
        "    base_url: address of the service, in place of the environment's.\n"
        "    ticket_url: address of the ticket server, in place of the environment's.\n"
        "    ticket_folder: where logins are kept; a folder of the user's when not given.\n"
        "    timeout_seconds: longest wait, in seconds, in each phase of an attempt: connecting, "
        "sending, each part of the reply.\n"
        "    retry: how often and how long reads are tried again.\n"
        "    transport: carries the requests; for proxies and for tests without a socket.\n"
        "    clock: tells the time and waits; for tests.\n"
        "    format: form of requests and replies, json or xml; both give equal objects.\n"
        "    strict: raise DeviationError where a reply departs from the document.\n"
        "    max_connections: size of the connection pool.\n"
        "    max_body_bytes: longest reply that is read, in bytes.\n\n"
        "Raises:\n    ConfigurationError: a credential is missing."
    )


def _mock(interface: Interface) -> dict[str, object]:
    server = interface.default_server or interface.servers[0]
    path = "/" + server.address.split("://", 1)[-1].partition("/")[2]
    return {
        "header": header_line(interface),
        "docstring": python_docstring(
            f"A mock of {interface.title_en}: ticket server and service in one ASGI application."
            "\n\nNeeds the extra `mock`.",
            indent=0,
        ),
        "system": python_text(interface.system),
        "path": python_text(path.rstrip("/")),
        "operations": [constant_name(o.name) for o in interface.operations if o.body],
        "credentials": [
            (c.name, python_text(f"demo-{c.name}".replace("_", "-")))
            for c, _ in _credentials(interface)
        ],
    }
