"""Clients: one class for threads, one for tasks, each in a module of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gridwright.ir import Interface
from gridwright.output.escape import python_docstring
from gridwright.output.view import View
from gridwright.targets.calls.limits import client_limits
from gridwright.targets.calls.systems import sure_servers
from gridwright.targets.expressions import (
    OWN,
    Expression,
    Name,
    dict_display,
    imports_of,
    spelled,
)
from gridwright.targets.package.arguments import MethodArgument
from gridwright.targets.package.client_options import ClientOption, client_options
from gridwright.targets.package.methods import Method, describe_all_methods, methods
from gridwright.targets.python import folder_of, notice_of

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

    module: str
    name: str
    base: Name
    transport: Name
    users: str
    statement: str
    is_of_tasks: bool
    beside: tuple[Name, ...] = ()
    """What else its module imports."""


_KINDS = (
    _Kind(
        "client",
        "Client",
        Name("BaseClient", _RUNTIME),
        Name("httpx2.BaseTransport", "httpx2", whole=True),
        "for threads",
        "with",
        is_of_tasks=False,
        beside=(Name("TYPE_CHECKING", "typing"),),
    ),
    _Kind(
        "async_client",
        "AsyncClient",
        Name("BaseAsyncClient", _RUNTIME),
        Name("httpx2.AsyncBaseTransport", "httpx2", whole=True),
        "for tasks of asyncio",
        "async with",
        is_of_tasks=True,
    ),
)


def client_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the modules of both clients."""
    known = list(methods(interface))
    for kind in _KINDS:
        options = client_options(interface, kind.transport)
        names: list[Expression] = [Name("operations", OWN), kind.base, *kind.beside]
        names += [e for option in options for e in (option.annotation, option.default)]
        for method in known:
            names += [_result(method, kind), method.call]
            names += [argument.annotation for argument in method.arguments]
        title = f"Client of {interface.title_en} {kind.users}."
        yield View(
            f"{folder_of(package)}/{kind.module}.py",
            f"python/{kind.module}.py.j2",
            {
                "notice": notice_of(interface),
                "docstring": python_docstring(title, indent=0),
                "imports": imports_of(names, package),
                "client": _client(interface, kind, options, known),
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
        methods=tuple(_method(method, kind) for method in known),
    )


def _result(method: Method, kind: _Kind) -> Expression:
    return method.result_of_tasks if kind.is_of_tasks else method.result


def _method(method: Method, kind: _Kind) -> MethodView:
    waits = kind.is_of_tasks and method.waits
    return MethodView(
        name=method.name,
        arguments=tuple(map(_argument, method.arguments)),
        result=spelled(_result(method, kind)),
        docstring=method.docstring,
        call=spelled(method.call),
        prefix="async " if waits else "",
        wait="await " if waits else "",
    )


def _argument(argument: MethodArgument) -> str:
    return _declared(argument.name, argument.annotation, argument.default)


def _declared(name: str, annotation: Expression, default: Expression) -> str:
    declaration = f"{name}: {spelled(annotation)}"
    return declaration if default is None else f"{declaration} = {spelled(default)}"


def _passed(options: Sequence[ClientOption]) -> Iterator[tuple[str, str]]:
    for kind in ("credentials", "options"):
        among = [(option.name, Name(option.name)) for option in options if option.among == kind]
        if among or kind == "credentials":
            yield kind, spelled(dict_display(among))
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
    if client_limits(interface):
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
        f"Raises:\n    ConfigurationError: {missing}\n\n"
        f"{describe_all_methods(interface)}"
    )
