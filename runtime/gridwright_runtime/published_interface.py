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
        beside = folder.parents[depth]
        # The first is where packages were generated, the second where a wheel has put it.
        for path in (
            beside / "schemas" / system / "interface.json",
            beside / "gridwright_interfaces" / f"{system}.json",
        ):
            if path.is_file():
                found: Mapping[str, Any] = json.loads(path.read_bytes())
                return found
    return None
