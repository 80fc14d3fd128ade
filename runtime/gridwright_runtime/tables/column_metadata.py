"""The metadata of columns, as the document says it: unit, label, lines."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..published_interface import published_interface
from ..record import Record

__all__ = ["field_metadata", "interval_columns_of", "table_metadata"]


@lru_cache(maxsize=256)
def table_metadata(
    model: type[Record], of: str, interval_columns: tuple[str, ...] = ()
) -> Mapping[str, str]:
    """Return the metadata of a table of a model's records.

    Args:
        model: of the records.
        of: readings, registers or records.
        interval_columns: the columns of readings that say when or how good each is.
    """
    package, system = _place(model)
    facts = published_interface(package, system) or {}
    document = facts.get("document") or {}
    about: dict[str, Any] = {
        "system": system,
        "record": model.__name__,
        "table": of,
        "document": document.get("file", ""),
        "document_title": document.get("title", ""),
        "gridwright": _own_version(),
    }
    if interval_columns:
        about["interval_columns"] = list(interval_columns)
    return {"gridwright": json.dumps(about, ensure_ascii=False)}


def interval_columns_of(metadata: Mapping[bytes, bytes] | None) -> frozenset[str] | None:
    """Return the columns of a table of readings that say when, and not whose, each reading is.

    None: its metadata do not say it, as those of earlier releases.
    """
    told: dict[str, Any] = json.loads((metadata or {}).get(b"gridwright", b"{}"))
    found = told.get("interval_columns")
    return None if found is None else frozenset(found)


def field_metadata(model: type[Record], name: str) -> dict[str, str]:
    """Return the metadata of a column; {}: the package has no published interface beside it."""
    found = _fields(*_place(model), model.__name__).get(name)
    return dict(found) if found is not None else {}


@lru_cache(maxsize=256)
def _fields(package: str, system: str, record: str) -> Mapping[str, Mapping[str, str]]:
    facts = published_interface(package, system)
    if facts is None:
        return {}
    by_name = {one["name"]: one for one in facts["records"]}
    found: dict[str, Mapping[str, str]] = {}
    name = record
    while name in by_name:
        for field in by_name[name].get("fields", ()):
            told = _to_metadata(field)
            series = field.get("series")
            for label in series["labels"] if series else ():
                found.setdefault(f"{field['name']}_{label}", told)
            found.setdefault(field["name"], told)
        name = by_name[name].get("extends") or ""
    return found


def _to_metadata(field: Mapping[str, Any]) -> Mapping[str, str]:
    cited = field["cite"].get("lines", ())
    lines = [str(first) if first == last else f"{first}-{last}" for first, last in cited]
    told = {
        "unit": field.get("unit") or "",
        "label": field.get("label") or "",
        "en": field.get("en") or "",
        "wire": field.get("wire") or "",
        "lines": ", ".join(lines),
    }
    return {key: text for key, text in told.items() if text}


def _place(model: type[Record]) -> tuple[str, str]:
    """Return the package of all systems, and the system, of a generated model."""
    package, _, system = model.__module__.removesuffix(".models").rpartition(".")
    return package, system


@cache
def _own_version() -> str:
    try:
        return version("gridwright")
    except PackageNotFoundError:
        return ""
