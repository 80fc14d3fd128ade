"""The packages of all combinations, generated once for a run of the tests."""

import fcntl
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.generated_packages import write_package

from .covering import Choice, covering, drawn
from .specs import spec_of

__all__ = ["CHOICES", "DRAWN", "PACKAGE", "generated", "load", "shared_folder"]

PACKAGE = "pairs_apis"
DRAWN = 24
ROWS, ALONE = covering()
CHOICES: tuple[Choice, ...] = (*ROWS, *drawn(DRAWN, seed=11))


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of a run share."""
    own = factory.getbasetemp()
    return own.parent if "popen-gw" in own.name else own


def generated(folder: Path) -> Path:
    """Generate all packages into a folder, unless another process of this run has."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _generate(folder)
            (folder / "done").touch()
    return folder


def _generate(folder: Path) -> None:
    for number, choice in enumerate(CHOICES):
        system = f"pairs{number}"
        text = json.dumps(spec_of(system, choice), ensure_ascii=False).encode()
        write_package(text, folder, f"{PACKAGE}.{system}")


def load(
    folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[ModuleType, ModuleType]:
    """Return the package of a combination, and its mock."""
    monkeypatch.syspath_prepend(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    name = f"{PACKAGE}.pairs{number}"
    return importlib.import_module(name), importlib.import_module(f"{name}.mock")
