"""Find the systems of generated packages, without importing any of them."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

__all__ = ["PackageError", "find_systems"]


class PackageError(Exception):
    """A package is not there, or two packages hold the same system; the message says which."""


def find_systems(packages: Sequence[str], *, are_named: bool) -> Mapping[str, str]:
    """Return the package of each system that has a mock.

    Args:
        packages: import paths, such as ``gridwright_apis``.
        are_named: the user asked for them, so that each must be there and hold something.

    Raises:
        PackageError: one is not there or holds no system, or two hold the same.
    """
    found: dict[str, str] = {}
    for package in dict.fromkeys(packages):
        systems = _systems_of(package)
        if are_named and not systems:
            raise PackageError(
                f"{package} is no package with a generated system; is it on sys.path?"
            )
        for system in systems:
            if system in found:
                raise PackageError(f"{system} is in both {found[system]} and {package}")
            found[system] = package
    return found


def _systems_of(package: str) -> list[str]:
    try:
        spec = find_spec(package)
    except ModuleNotFoundError:  # a parent of it is not there
        return []
    folders = (spec.submodule_search_locations if spec else None) or ()
    return sorted(
        {path.parent.name for folder in folders for path in Path(folder).glob("*/mock.py")}
    )
