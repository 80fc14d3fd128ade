from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.render import render
from gridwright.targets import views

SYSTEM = "example_metering"
PACKAGE = "metering_apis"
SPEC = Path(__file__).parent / "specs" / SYSTEM / "interface.yaml"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with all that is generated from the spec."""
    found = tmp_path_factory.mktemp("metering")
    amended, seen = amend_text(SPEC.read_bytes(), "interface.yaml", ())
    interface, problems = understand(amended, seen)
    assert interface is not None and amended is not None and not problems, problems
    for view in views(interface, f"{PACKAGE}.{SYSTEM}", amended.plain()):
        artifact = render(view, f"{PACKAGE}.{SYSTEM}")
        path = found / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(found)
        invalidate_caches()
        yield found


@pytest.fixture(scope="session")
def api(folder: Path) -> ModuleType:
    """The generated package."""
    return import_module(f"{PACKAGE}.{SYSTEM}")


@pytest.fixture(scope="session")
def mock(folder: Path) -> ModuleType:
    """The module of the generated mock."""
    return import_module(f"{PACKAGE}.{SYSTEM}.mock")
