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

__all__ = ["CHOICES", "PACKAGE", "files_of", "generated", "load", "shared_folder"]

PACKAGE = "pairs_apis"
_DRAWN = 24
ROWS, ALONE = covering()
CHOICES: tuple[Choice, ...] = (*ROWS, *drawn(_DRAWN, seed=11))


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the packages, which all processes of a run share."""
    own = factory.getbasetemp()
    folder = (own.parent if "popen-gw" in own.name else own) / "pairs"
    folder.mkdir(exist_ok=True)
    return folder


def generated(folder: Path, number: int) -> None:
    """Generate the package of a combination, unless another process of this run has."""
    done = folder / f"{number}.done"
    if done.exists():
        return
    with (folder / f"{number}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            system = f"pairs{number}"
            text = json.dumps(spec_of(system, CHOICES[number]), ensure_ascii=False).encode()
            write_package(text, folder, f"{PACKAGE}.{system}")
            done.touch()


def files_of(folder: Path, number: int) -> dict[str, str]:
    """Return path and text of each file that is generated for a combination."""
    generated(folder, number)
    found = [path for path in folder.glob(f"*/pairs{number}/**/*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in found}


def load(
    folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[ModuleType, ModuleType]:
    """Return the package of a combination, and its mock."""
    generated(folder, number)
    monkeypatch.syspath_prepend(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    name = f"{PACKAGE}.pairs{number}"
    return importlib.import_module(name), importlib.import_module(f"{name}.mock")
