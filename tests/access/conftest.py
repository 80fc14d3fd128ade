import sys

import pytest
from tests.sending.support import fakes


@pytest.fixture(autouse=True)
def told_builder_and_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients build and read with what says what the tests tell it to."""
    for name, module in fakes().items():
        monkeypatch.setitem(sys.modules, name, module)
