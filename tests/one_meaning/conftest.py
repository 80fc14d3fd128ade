"""The packages of the examples, generated once for a run of these tests."""

import sys
from collections.abc import Iterator

import pytest

from .systems import EXAMPLES, generate_examples


@pytest.fixture(scope="session", autouse=True)
def examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the packages of the examples be imported."""
    folder = tmp_path_factory.mktemp("one_meaning")
    generate_examples(folder)
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == EXAMPLES]:
        del sys.modules[name]
