"""A small system, and replies to it as nobody has documented them."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from tests.generated_packages import write_package

PACKAGE = "gridwright_odd_replies_test"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("odd")
    text = (Path(__file__).parent / "readings.yaml").read_bytes()
    write_package(text, folder, f"{PACKAGE}.readings")
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(f"{PACKAGE}.readings")
    finally:
        sys.path.remove(str(folder))
