"""Package of a system of services: operations, clients and mock."""

from collections.abc import Iterator

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Interface
from gridwright.targets.constants import ConstantView, errors_in, runtime_names
from gridwright.targets.python import constant_name, folder_of, header_line
from gridwright.targets.service_client import client_context
from gridwright.targets.service_limits import limit_constants
from gridwright.targets.service_operations import MODULES, service_constants, session_step
from gridwright.view import View

__all__ = ["service_views"]


def service_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the modules that differ from those of other systems.

    Args:
        interface: with a body for each request; see `with_requests`.
        package: import path of the system's package.
    """
    folder = folder_of(package)
    constants = service_constants(interface)
    yield View(
        f"{folder}/operations.py",
        "python/body_operations.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"Operations of {interface.title_en}: what is sent, what comes back, and what a "
                "client must keep.",
                indent=0,
            ),
            "errors": errors_in(constants),
            "imports": _imports(constants),
            "modules": [*(["messages"] if interface.soap else []), "models", "validators"],
            "constants": constants,
        },
    )
    yield View(f"{folder}/client.py", "python/service_client.py.j2", client_context(interface))
    yield View(f"{folder}/mock.py", "python/service_mock.py.j2", _mock(interface))


def _imports(constants: list[ConstantView]) -> list[tuple[str, list[str]]]:
    mapped = any(c.annotation.startswith("Mapping[") for c in constants)
    return [
        *([("collections.abc", ["Mapping"])] if mapped else []),
        *runtime_names(constants, MODULES),
    ]


def _mock(interface: Interface) -> dict[str, object]:
    server = interface.default_server
    # Where a client has an address of its own, the mock answers below the same path.
    path = server.address.split("://", 1)[-1].partition("/")[2].rstrip("/") if server else ""
    return {
        "header": header_line(interface),
        "docstring": python_docstring(
            f"A mock of {interface.title_en}: an ASGI application with invented data.\n\n"
            "Needs the extra `mock`.",
            indent=0,
        ),
        "system": python_text(interface.system),
        "operations": [
            constant_name(o.name) for o in interface.operations if not o.known_by_example
        ],
        "path": python_text(f"/{path}") if path else "",
        "session": session_step(interface) is not None,
        "limits": bool(limit_constants(interface)),
        "credentials": [
            (c.name, python_text(c.name), python_text(f"demo-{c.name}".replace("_", "-")))
            for c in interface.credentials
        ],
    }
