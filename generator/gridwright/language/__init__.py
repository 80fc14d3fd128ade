"""The grammar of spec files, as JSON Schema, applied to nodes with positions."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from gridwright.diagnostics import Diagnostic
from gridwright.language.quick import Fits, compiled
from gridwright.source import Node

__all__ = ["check_grammar", "fits", "grammar"]


@cache
def grammar(name: str) -> dict[str, Any]:
    """Return the JSON Schema ``interface``, ``amendments`` or ``lines``."""
    text = files(__name__).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def check_grammar(root: Node, name: str) -> list[Diagnostic]:
    """Report every place where ``root`` departs from the grammar ``name``."""
    if fits(name)(root):
        return []
    # The import takes longer than to check all specs, and most of them have no mistake.
    from gridwright.language.departures import departures

    return departures(root, name)


@cache
def fits(name: str) -> Fits:
    """Return what says fast whether a node fits the grammar ``name``."""
    return compiled(grammar(name))
