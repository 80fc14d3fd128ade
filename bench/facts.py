"""What a reader must know of the machine. Never its name, its users or its folders."""

import os
import platform
from importlib.metadata import version

__all__ = ["machine_facts"]

_PACKAGES = (
    *("msgspec", "lxml", "httpx2", "pydantic", "xsdata", "starlette", "uvicorn", "h11"),
    *("zeep", "requests"),
    *("black", "datamodel-code-generator", "jsonschema", "PyYAML"),
)


def machine_facts() -> dict[str, object]:
    """Return cores, interpreter and versions."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load_at_start": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "versions": {name: version(name) for name in _PACKAGES},
    }
