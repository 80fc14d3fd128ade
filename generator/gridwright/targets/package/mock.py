"""The mock of one system."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from gridwright.analysis.naming import constant_name
from gridwright.ir import Interface
from gridwright.output.escape import python_docstring, python_text
from gridwright.output.view import View
from gridwright.targets.calls.limits import client_limits
from gridwright.targets.calls.operations import ConstantView
from gridwright.targets.calls.systems import carried_credentials, sure_servers
from gridwright.targets.expressions import (
    OWN,
    Either,
    Expression,
    Name,
    Subscript,
    imports_of,
    spelled,
)
from gridwright.targets.package.mock_facts import (
    facts_of_fields,
    intervals_of_records,
    rows_of_operations,
)
from gridwright.targets.python import folder_of, notice_of

__all__ = ["MockOptionView", "mock_path", "mock_views"]

_APPLICATION = "gridwright_runtime.mock.application"
_FACTS = "gridwright_runtime.mock.facts"


@dataclass(frozen=True, slots=True)
class _Option:
    """One argument of the mock's factory; ``about`` describes it."""

    name: str
    annotation: Expression
    default: Expression
    about: str


@dataclass(frozen=True, slots=True)
class MockOptionView:
    """One argument of the mock's factory, as Python; ``about`` for its docstring."""

    name: str
    declaration: str


def mock_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the mock."""
    credentials = list(_credentials(interface))
    first, further = _always(), list(_further(interface))
    options = [*first, *credentials, *further]
    operations = Subscript(
        Name("Sequence", "collections.abc"),
        (Subscript(Name("Operation", "gridwright_runtime.interface"), (Name("Any", "typing"),)),),
    )
    constants = list(_constants(interface))
    names: list[Expression] = [
        operations,
        *(kind for _, kind, _ in constants),
        *(value for _, _, value in constants),
        Name("Starlette", "starlette.applications"),
        Name("build_application", _APPLICATION),
        Name("operations", OWN),
        *(option.annotation for option in options),
    ]
    yield View(
        f"{folder_of(package)}/mock.py",
        "python/mock.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"A mock of {interface.title_en}: an ASGI application with invented data.\n\n"
                "Needs the extra `mock`.",
                indent=0,
            ),
            "imports": imports_of(names, package),
            "operations_type": spelled(operations),
            "operations": [constant_name(o.name) for o in interface.operations],
            "constants": [
                ConstantView(name, spelled(kind), spelled(value)) for name, kind, value in constants
            ],
            "options": [_view(option) for option in options],
            "factory_docstring": _factory_docstring(options),
            "credentials": [(python_text(c.name), c.name) for c in credentials],
            "passed": [(option.name, option.name) for option in (*first, *further)]
            + [(name.lower(), name) for name, _, _ in constants],
            "path": python_text(path) if (path := mock_path(interface)) else "",
        },
    )


def _constants(interface: Interface) -> Iterator[tuple[str, Name, Expression]]:
    """Yield what is known of fields and of long answers, where anything is."""
    if (fields := facts_of_fields(interface)).entries:
        yield "FACTS", Name("Facts", _FACTS), fields
    if (rows := rows_of_operations(interface)).entries:
        yield "PAGES", Name("PagesByName", _FACTS), rows
    if (intervals := intervals_of_records(interface)).entries:
        yield "INTERVALS", Name("IntervalsByName", "gridwright_runtime.mock.days"), intervals


def mock_path(interface: Interface) -> str:
    """Return the path below which the mock answers: that of the address of a client's own."""
    servers = sure_servers(interface)
    server = interface.default_server or (servers[0] if servers else None)
    return urlsplit(server.address).path.rstrip("/") if server else ""


def _always() -> list[_Option]:
    clock = Either((Name("Clock", "gridwright_runtime.clock"), Name("None")))
    return [
        _Option("seed", Name("int"), 1, "the same seed gives the same data."),
        _Option("clock", clock, None, "tells the mock what time it is."),
    ]


def _credentials(interface: Interface) -> Iterator[_Option]:
    for credential in carried_credentials(interface):
        default = f"demo-{credential.name}".replace("_", "-")
        given = "may" if credential.optional else "must"
        about = f"what the service {given} be given; invented."
        yield _Option(credential.name, Name("str"), default, about)


def _further(interface: Interface) -> Iterator[_Option]:
    if _has_session(interface):
        yield _Option(
            "session_place",
            Name("str"),
            "",
            "where a login puts the session; the first place of the document unless given.",
        )
    if client_limits(interface):
        answer = Name("LimitAnswer", _APPLICATION)
        by_name = Subscript(Name("Mapping", "collections.abc"), (Name("str"), answer))
        yield _Option(
            "when_broken",
            Either((answer, by_name)),
            "journal",
            "what a broken limit is answered with, for all or by the name of a limit.",
        )


def _has_session(interface: Interface) -> bool:
    """Whether requests carry something that many of them share, from one of several places."""
    carried = {presented.value for presented in interface.presented}
    return any(
        not step.once and len(step.read) > 1 and f"step.{step.name}" in carried
        for step in interface.auth_steps
    )


def _view(option: _Option) -> MockOptionView:
    default = spelled(option.default)
    return MockOptionView(option.name, f"{option.name}: {spelled(option.annotation)} = {default}")


def _factory_docstring(options: list[_Option]) -> str:
    described = "".join(f"    {option.name}: {option.about}\n" for option in options)
    return python_docstring(f"Make the mock as an ASGI application.\n\nArgs:\n{described}")
