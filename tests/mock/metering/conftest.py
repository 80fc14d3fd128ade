from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest
from tests.generated_packages import write_package

SYSTEM = "example_metering"
PACKAGE = "metering_apis"
SPEC = Path(__file__).parent / "specs" / SYSTEM / "interface.yaml"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with all that is generated from the spec."""
    found = tmp_path_factory.mktemp("metering")
    write_package(SPEC.read_bytes(), found, f"{PACKAGE}.{SYSTEM}")
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
