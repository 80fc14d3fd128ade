"""The package of one system: what importing it gives, and its mock."""

from collections.abc import Iterator

from gridwright.escape import python_docstring, python_text
from gridwright.ir import Interface
from gridwright.targets.python import constant_name, folder_of, header_line
from gridwright.targets.times import time_types
from gridwright.view import View

__all__ = ["mock_views", "package_views"]


def package_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the package's front module, and the mark that it is typed."""
    own = ["times"] if time_types(interface) else []
    own += ["messages"] if interface.soap else []
    own += [] if interface.is_service or interface.sends_bodies else ["series"]
    yield View(
        f"{folder_of(package)}/__init__.py",
        "python/package.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"{interface.title_en}: typed clients, records and validators.\n\n"
                "Importing this module builds nothing; each name is loaded when it is first used.",
                indent=0,
            ),
            "modules": sorted(["codes", "models", "operations", "validators", *own]),
        },
    )
    yield View(f"{folder_of(package)}/py.typed", "python/py.typed.j2", {}, python=False)


def mock_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the mock of a system that is asked by parameters."""
    yield View(
        f"{folder_of(package)}/mock.py",
        "python/mock.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"A mock of {interface.title_en}: an ASGI application with invented data.\n\n"
                "Needs the extra `mock`.",
                indent=0,
            ),
            "system": python_text(interface.system),
            "operations": [constant_name(o.name) for o in interface.operations],
            "credentials": [
                (c.name, python_text(c.name), python_text(f"demo-{c.name}".replace("_", "-")))
                for c in interface.credentials
            ],
        },
    )
