"""Write what was generated of a spec where it can be imported."""

import importlib
from collections.abc import Sequence
from pathlib import Path

from gridwright.output.artifact import Artifact

__all__ = ["write_package"]


def write_package(artifacts: Sequence[Artifact], work: Path, package: str) -> None:
    """Write the artifacts of a system below a folder that is on the path of imports.

    Args:
        artifacts: of the system, generated for the package.
        work: the folder.
        package: import path of the generated package.
    """
    for artifact in artifacts:
        file = work / artifact.path.replace("gridwright_apis", package)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(artifact.text, encoding="utf-8")
    (work / package / "__init__.py").touch()
    importlib.invalidate_caches()
