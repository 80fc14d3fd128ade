"""One helper for each boundary: the exported facts of a system, as any tool reads them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@cache
def facts(system: str) -> Any:
    """Return what `interface.json` says of a system."""
    path = ROOT / "generated" / "schemas" / system / "interface.json"
    return json.loads(path.read_text(encoding="utf-8"))


def named(entries: list[Any], name: str) -> Any:
    """Return the one entry of a name."""
    [found] = [entry for entry in entries if entry["name"] == name]
    return found


def field(system: str, record: str, wire: str) -> Any:
    """Return a field of a record by its wire name, or by its label where it has none."""
    fields = named(facts(system)["records"], record)["fields"]
    [found] = [one for one in fields if wire in (one.get("wire"), one.get("label"))]
    return found


def amendment(system: str, identifier: str) -> Any:
    [found] = [one for one in facts(system)["amendments"] if one["id"] == identifier]
    return found
