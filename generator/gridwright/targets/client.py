"""Clients: one class for threads, one for tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gridwright.escape import python_docstring
from gridwright.ir import Interface
from gridwright.targets.arguments import Argument
from gridwright.targets.client_options import ClientOption, client_options
from gridwright.targets.expressions import (
    OWN,
    Expression,
    Name,
    imports_of,
    spelled,
    table,
)
from gridwright.targets.limits import kept_limits
from gridwright.targets.methods import Method, methods
from gridwright.targets.python import folder_of, header_line
from gridwright.targets.systems import sure_servers
from gridwright.view import View

__all__ = ["ClientView", "MethodView", "client_views"]

_RUNTIME = "gridwright_runtime.client"


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method; every text is Python, and ``prefix`` and ``wait`` make it one of tasks."""

    name: str
    arguments: tuple[str, ...]
    result: str
    docstring: str
    call: str
    prefix: str
    wait: str


@dataclass(frozen=True, slots=True)
class ClientView:
    """One client class; every text is Python.

    Attributes:
        options: declarations of the constructor's arguments.
        passed: what it passes on, as keyword and value.
    """

    name: str
    base: str
    docstring: str
    options: tuple[str, ...]
    passed: tuple[tuple[str, str], ...]
    methods: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What differs between the two classes."""

    name: str
    base: Name
    transport: Name
    users: str
    statement: str
    is_of_tasks: bool


_KINDS = (
    _Kind(
        "Client",
        Name("BaseClient", _RUNTIME),
        Name("httpx2.BaseTransport", "httpx2", whole=True),
        "for threads",
        "with",
        is_of_tasks=False,
    ),
    _Kind(
        "AsyncClient",
        Name("BaseAsyncClient", _RUNTIME),
        Name("httpx2.AsyncBaseTransport", "httpx2", whole=True),
        "for tasks of asyncio",
        "async with",
        is_of_tasks=True,
    ),
)


def client_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of both clients."""
    known = list(methods(interface))
    options = {kind.name: client_options(interface, kind.transport) for kind in _KINDS}
    names: list[Expression] = [Name("operations", OWN), *(kind.base for kind in _KINDS)]
    names += [e for made in options.values() for o in made for e in (o.annotation, o.default)]
    for method in known:
        names += [method.result, method.result_of_tasks, method.call]
        names += [argument.annotation for argument in method.arguments]
    yield View(
        f"{folder_of(package)}/client.py",
        "python/client.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(f"Clients of {interface.title_en}.", indent=0),
            "imports": imports_of(names, package),
            "clients": [_client(interface, kind, options[kind.name], known) for kind in _KINDS],
        },
    )


def _client(
    interface: Interface, kind: _Kind, options: Sequence[ClientOption], known: Sequence[Method]
) -> ClientView:
    return ClientView(
        name=kind.name,
        base=spelled(kind.base),
        docstring=_class_docstring(interface, kind, options),
        options=tuple(_declared(o.name, o.annotation, o.default) for o in options),
        passed=tuple(_passed(options)),
        methods=tuple(_method(method, is_of_tasks=kind.is_of_tasks) for method in known),
    )


def _method(method: Method, *, is_of_tasks: bool) -> MethodView:
    waits = is_of_tasks and method.waits
    return MethodView(
        name=method.name,
        arguments=tuple(map(_argument, method.arguments)),
        result=spelled(method.result_of_tasks if is_of_tasks else method.result),
        docstring=method.docstring,
        call=spelled(method.call),
        prefix="async " if waits else "",
        wait="await " if waits else "",
    )


def _argument(argument: Argument) -> str:
    return _declared(argument.name, argument.annotation, argument.default)


def _declared(name: str, annotation: Expression, default: Expression) -> str:
    declaration = f"{name}: {spelled(annotation)}"
    return declaration if default is None else f"{declaration} = {spelled(default)}"


def _passed(options: Sequence[ClientOption]) -> Iterator[tuple[str, str]]:
    for kind in ("credentials", "options"):
        among = [(option.name, Name(option.name)) for option in options if option.among == kind]
        if among or kind == "credentials":
            yield kind, spelled(table(among))
    for option in options:
        if option.keyword:
            yield option.keyword, option.name


def _class_docstring(interface: Interface, kind: _Kind, options: Sequence[ClientOption]) -> str:
    about = ["Safe to share. Reads are retried, writes never."]
    if any(not step.once for step in interface.auth_steps):
        about.append(
            "It logs in when it is first needed, and shares the login with every client of the "
            "same account on this machine."
        )
    if kept_limits(interface):
        about.append(
            "It keeps the limits of the document, together with all clients of the same company "
            "on this machine."
        )
    arguments = "".join(f"    {option.name}: {option.about}\n" for option in options)
    missing = "a credential is missing"
    missing += "." if sure_servers(interface) else ", or the address is."
    return python_docstring(
        f"Client of {interface.title_en} {kind.users}; use it in `{kind.statement}`, or close it."
        f"\n\n{' '.join(about)}\n\nArgs:\n{arguments}\n"
        f"Raises:\n    ConfigurationError: {missing}"
    )
