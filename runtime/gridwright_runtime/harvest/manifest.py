"""`manifest.json`: what a lake was made of, and what it holds."""

import os
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec

from .ledger import Ledger
from .plan import Plan

__all__ = ["gridwright_version", "write_manifest"]

_NAME = "manifest.json"


def write_manifest(
    folder: Path, plan: Plan, about: Mapping[str, Any], ledger: Ledger, now: datetime
) -> None:
    """Write the manifest, whole; it holds no subject."""
    parts, rows = ledger.stored()
    data = {
        "version": 1,
        "gridwright": gridwright_version(),
        **about,
        "plan": plan,
        "history": msgspec.json.decode(ledger.fact("plan") or "{}").get("history", []),
        "written_at": now.isoformat(),
        "chunks": ledger.counts(),
        "parts": parts,
        "rows": rows,
    }
    path = folder / f".{_NAME}.{os.getpid()}"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n")
    path.replace(folder / _NAME)


def gridwright_version() -> str:
    """Return the version of gridwright; empty: it is not installed."""
    try:
        return version("gridwright")
    except PackageNotFoundError:
        return ""
