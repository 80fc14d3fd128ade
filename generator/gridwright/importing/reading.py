"""Read a Swagger 2 or OpenAPI 3 file, JSON or YAML, as plain values. Never resolves anything."""

import json
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ForeignFileError", "Json", "read_foreign"]

Json = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ForeignFileError(Exception):
    """A file cannot be imported; the message says where, why and what to do."""


def read_foreign(path: Path) -> Json:
    """Return the document in a file.

    Raises:
        ForeignFileError: it is neither JSON nor YAML, or no description of an interface.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignFileError(f"{path}: byte {error.start} is not UTF-8: convert it") from None
    found = _json(path, text) if text.lstrip()[:1] in ("{", "[") else _yaml(path, text)
    if not isinstance(found, dict):
        raise ForeignFileError(f"{path}: it is no mapping: give a Swagger 2 or OpenAPI 3 file")
    version = str(found.get("openapi") or found.get("swagger") or "")
    if not version.startswith(("2.", "3.0", "3.1")):
        raise ForeignFileError(
            f"{path}: its version is {version or 'not said'}: give Swagger 2, OpenAPI 3.0 or 3.1"
        )
    if not isinstance(found.get("paths"), dict):
        raise ForeignFileError(f"{path}: it has no paths: there is no operation to import")
    return found


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ForeignFileError(
            f"{path}:{error.lineno}:{error.colno}: it is not JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise ForeignFileError(f"{path}: it is nested deeper than can be read") from None


def _yaml(path: Path, text: str) -> Any:
    try:
        # Through JSON, so that dates and other values of YAML alone become texts.
        return json.loads(json.dumps(yaml.load(text, _LOADER), default=str))  # noqa: S506  # safe
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it cannot be read"
        raise ForeignFileError(f"{path}{place}: it is not YAML: {why}") from None
    except (RecursionError, ValueError):
        raise ForeignFileError(f"{path}: it refers to itself, or is nested too deep") from None
