"""Read a Swagger 2 or OpenAPI 3 file, JSON or YAML, as plain values."""

import json
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ForeignFileError", "Json", "read_foreign", "read_values"]

Json = dict[str, Any]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_VALUES = 2_000_000
_MOST_BYTES = 64 * 1024 * 1024
_DEEPEST = 200
"""Brackets within brackets. The readers of YAML and JSON go down by recursion."""


class ForeignFileError(Exception):
    """A file cannot be imported; the message says where, why and what to do."""


def read_foreign(path: Path) -> Json:
    """Return the document in a file.

    Raises:
        ForeignFileError: it is neither JSON nor YAML, or no description of an interface.
    """
    found = read_values(path)
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


def read_values(path: Path) -> Any:
    """Return what a JSON or YAML file holds.

    Raises:
        ForeignFileError: it is neither, too large or nested too deep.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise ForeignFileError(f"{path}: it is longer than {_MOST_BYTES >> 20} MiB")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignFileError(f"{path}: byte {error.start} is not UTF-8: convert it") from None
    found = _json(path, text) if text.lstrip()[:1] in ("{", "[") else _yaml(path, text)
    if "\\u" in text and _has_half_a_character(found):
        raise ForeignFileError(f"{path}: it holds half a character, such as \\ud800: correct it")
    return found


def _has_half_a_character(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _too_deep(path: Path) -> ForeignFileError:
    return ForeignFileError(f"{path}: it is nested too deep, with more than {_DEEPEST} levels")


def _is_deep(value: Any) -> bool:
    """Say whether values are nested deeper than those who read them go down, level by level."""
    level = [value]
    for _ in range(_DEEPEST + 1):
        level = [
            inner
            for one in level
            for inner in (
                one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
            )
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _json(path: Path, text: str) -> Any:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if path.suffix.lower() in (".yaml", ".yml"):
            return _yaml(path, text)
        raise ForeignFileError(
            f"{path}:{error.lineno}:{error.colno}: it is not JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError:  # a number of thousands of digits
        raise ForeignFileError(f"{path}: it holds a number that cannot be read") from None
    if _is_deep(value):
        raise _too_deep(path)
    return value


def _yaml(path: Path, text: str) -> Any:
    try:
        _check_depth(path, text)
        if _size(yaml.compose(text, _LOADER), {}) > _MOST_VALUES:
            raise ForeignFileError(
                f"{path}: with its aliases written out it has more than {_MOST_VALUES} values"
            )
        # Through JSON, so that dates and other values of YAML alone become texts.
        return json.loads(json.dumps(yaml.load(text, _LOADER), default=str))  # noqa: S506  # safe
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it cannot be read"
        raise ForeignFileError(f"{path}{place}: it is not YAML: {why}") from None
    except (_HoldsItselfError, RecursionError):
        raise ForeignFileError(f"{path}: it refers to itself, or is nested too deep") from None
    except ValueError:  # a number of thousands of digits, or a day that no month has
        raise ForeignFileError(f"{path}: it holds a number or time that cannot be read") from None
    except (TypeError, LookupError, AttributeError, ArithmeticError):  # of a tag and its value
        raise ForeignFileError(f"{path}: it holds a value that cannot be read") from None


class _HoldsItselfError(Exception):
    """An alias stands within what it is the alias of."""


def _check_depth(path: Path, text: str) -> None:
    """Refuse what is nested too deep, by the events of the parser, which does not recurse."""
    depth = 0
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ForeignFileError(
                    f"{path}: it is nested too deep, with more than {_DEEPEST} levels"
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """Return how many values a node has, those behind aliases counted wherever they stand.

    Raises:
        _HoldsItselfError: it holds itself.
    """
    if isinstance(node, yaml.ScalarNode) or node is None:
        return 1
    found = known.get(id(node))
    if found is None:
        known[id(node)] = 0
        pairs = node.value if isinstance(node, yaml.MappingNode) else ((one,) for one in node.value)
        found = known[id(node)] = 1 + sum(_size(one, known) for pair in pairs for one in pair)
    if not found:
        raise _HoldsItselfError
    return found
