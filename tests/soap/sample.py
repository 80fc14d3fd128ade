"""The small system of ``works.yaml``, as the generator understands it."""

from functools import cache
from pathlib import Path

from gridwright.ir import Interface
from gridwright.load import amend_text
from gridwright.resolve import resolve

__all__ = ["NAMESPACE", "SPEC", "interface"]

NAMESPACE = "urn:example:works"
SPEC = Path(__file__).with_name("works.yaml")


@cache
def interface(*, confirmed: bool = False) -> Interface:
    """Return the system, with or without an address that can be relied on."""
    text = SPEC.read_text(encoding="utf-8")
    if confirmed:
        text = text.replace("confirmed: no", "default: yes")
    loaded, found = amend_text(text.encode(), "specs/works/interface.yaml", [])
    assert loaded is not None and not found, found
    resolved, found = resolve(loaded.root, loaded.amendments)
    assert not found, found
    return resolved
