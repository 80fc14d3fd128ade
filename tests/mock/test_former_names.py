"""Imports that documentation printed still work, and say where the names are now."""

import importlib
import sys

import pytest

from gridwright_runtime.mock import faults


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("ticketed", ("lost", "security_error", "system_error")),
        ("services", ("soap_fault", "system_failure")),
    ],
)
def test_a_former_module_warns_and_has_the_same_functions(
    module: str, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = f"gridwright_runtime.mock.{module}"
    monkeypatch.delitem(sys.modules, full, raising=False)
    with pytest.warns(DeprecationWarning, match=r"is now gridwright_runtime\.mock\.faults"):
        found = importlib.import_module(full)
    for name in names:
        assert getattr(found, name) is getattr(faults, name)
