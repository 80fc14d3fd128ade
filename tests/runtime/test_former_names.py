"""Imports that documentation printed still work, and say where the names are now."""

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("limits.gate.LimitGate", "limits.limiter.Limiter"),
        ("mock.face.pages.with_face", "mock.web_page.pages.with_web_page"),
        ("service.attachment.Attachment", "multipart.attachment.Attachment"),
        ("service.upload.Upload", "multipart.upload.Upload"),
    ],
)
def test_a_former_name_warns_and_is_the_same_thing(
    former: str, now: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    former_module, _, former_name = f"gridwright_runtime.{former}".rpartition(".")
    module, _, name = f"gridwright_runtime.{now}".rpartition(".")
    monkeypatch.delitem(sys.modules, former_module, raising=False)
    with pytest.warns(DeprecationWarning, match=rf"is now {module}".replace(".", r"\.")):
        found = importlib.import_module(former_module)
    assert getattr(found, former_name) is getattr(importlib.import_module(module), name)
