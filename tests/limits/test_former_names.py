"""Imports that documentation printed still work, and say where the names are now."""

import importlib
import sys

import pytest

from gridwright_runtime.limits.limiter import Limiter


def test_the_former_name_of_the_limiter_warns_and_is_the_same_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "gridwright_runtime.limits.gate", raising=False)
    with pytest.warns(DeprecationWarning, match=r"is now gridwright_runtime\.limits\.limiter"):
        found = importlib.import_module("gridwright_runtime.limits.gate")
    assert found.LimitGate is Limiter
