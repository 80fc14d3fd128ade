"""Find the generated package of a system: its client, its operations, its published facts."""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from ..interface import Operation, System
from ..published_interface import published_interface
from .usage_error import UsageError, near

__all__ = ["PackageLocation", "SystemPackage", "facts_of", "list_systems", "load_package"]


class PackageLocation(NamedTuple):
    """Where generated packages are looked for."""

    package: str = "gridwright_apis"
    """Import path of the package of all systems."""
    generated: Path = Path("generated")
    """What was generated here comes before what is installed."""

    @property
    def folder(self) -> Path:
        """The folder of the package below ``generated``."""
        return self.generated.joinpath(*self.package.split("."))


class SystemPackage(NamedTuple):
    """The generated package of one system."""

    name: str
    client: type[Any]
    """The class for threads."""
    system: System
    operations: Mapping[str, Operation[Any]]
    """By Python name, in the document's order."""
    module: ModuleType
    """The one that has the client."""


def load_package(place: PackageLocation, system: str) -> SystemPackage:
    """Import the package of a system.

    Raises:
        UsageError: there is none.
    """
    _add_to_path(place)
    name = f"{place.package}.{system}"
    if not system.isidentifier():
        raise UsageError(_no_system(place, system))
    try:
        module = import_module(f"{name}.client")
        operations = import_module(f"{name}.operations")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(place.package):
            raise
        raise UsageError(_no_system(place, system)) from None
    found = {
        value.name: value for value in vars(operations).values() if isinstance(value, Operation)
    }
    return SystemPackage(system, module.Client, operations.SYSTEM, found, module)


def list_systems(place: PackageLocation) -> list[str]:
    """Return the names of the systems of a package, without importing them."""
    _add_to_path(place)
    try:
        folders = list(import_module(place.package).__path__)
    except (ModuleNotFoundError, AttributeError):
        folders = []
    found = {
        path.parent.name
        for folder in [*folders, str(place.folder)]
        for path in Path(folder).glob("*/operations.py")
    }
    return sorted(found)


def facts_of(place: PackageLocation, system: str) -> Mapping[str, Any] | None:
    """Return the published interface of a system, `interface.json`; None: it is not there."""
    _add_to_path(place)
    return published_interface(place.package, system)


def _add_to_path(place: PackageLocation) -> None:
    here = str(place.generated.resolve())
    if place.folder.is_dir() and here not in sys.path:
        sys.path.insert(0, here)


def _no_system(place: PackageLocation, system: str) -> str:
    known = list_systems(place)
    help = near(system, known) or f"known: {', '.join(known) or 'none'}"
    return (
        f"there is no client of {system!r} in {place.package}; {help} "
        "(--package and --generated say where to look)"
    )
