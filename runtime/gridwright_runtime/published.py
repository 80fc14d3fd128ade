"""Find the published interface of a generated package: what the document says of each name."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["published_interface"]


@lru_cache(maxsize=16)
def published_interface(package: str, system: str) -> Mapping[str, Any] | None:
    """Return the interface of a system, as `interface.json` has it; None: it is not there.

    Args:
        package: import path of the package of all systems.
        system: the name of the system.
    """
    try:
        folders = [Path(folder) for folder in import_module(package).__path__]
    except (ModuleNotFoundError, AttributeError):
        return None
    depth = package.count(".")
    for folder in folders:
        # In a wheel it lies in the package, and beside the packages where they were generated.
        for path in (
            folder / system / "interface.json",
            folder.parents[depth] / "schemas" / system / "interface.json",
        ):
            if path.is_file():
                found: Mapping[str, Any] = json.loads(path.read_bytes())
                return found
    return None
