"""Generate the package of a small spec, for a test to import."""

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from gridwright.load import amend_text
from gridwright.output import render
from gridwright.pipeline import understand
from gridwright.targets import views
from gridwright.targets.pages import snippets

__all__ = ["load_package", "write_package"]


def write_package(spec: bytes, folder: Path, package: str) -> None:
    """Write all that is generated from a spec without mistakes; its Python is not laid out.

    That takes two thirds of the time, and changes nothing that the package does.

    Args:
        spec: the text of an interface.yaml.
        folder: what to put on the import path.
        package: import path of the package.
    """
    amended, found = amend_text(spec, "interface.yaml", ())
    interface, problems = understand(amended, found)
    assert interface is not None and amended is not None and not problems, problems
    with pytest.MonkeyPatch.context() as patch:
        for module in (render, snippets):
            patch.setattr(module, "format_python", lambda text: text)
        made = [render.render(view, package) for view in views(interface, package, amended.plain())]
    for artifact in made:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")


def load_package(spec: bytes, package: str, *modules: str) -> list[Any]:
    """Return modules of the package that is generated from a spec; nothing of it stays on disk.

    Args:
        spec: the text of an interface.yaml.
        package: import path of the package.
        modules: which of its modules.
    """
    with TemporaryDirectory() as folder:
        write_package(spec, Path(folder), package)
        sys.path.insert(0, folder)
        try:
            return [importlib.import_module(f"{package}.{module}") for module in modules]
        finally:
            sys.path.remove(folder)
