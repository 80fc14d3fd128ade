"""Read the value of an option: a text, a file or standard input, with JSON or YAML in it."""

import json
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from .usage_error import UsageError

__all__ = ["Inputs", "read_json", "read_structure", "read_structures"]


class Inputs:
    """Standard input can be read once; this remembers which option has read it."""

    def __init__(self) -> None:
        self._taken_by = ""
        self.of_several_lines: list[str] = []
        """The options that take one value, and were given a file of several lines."""

    def text(self, given: str, name: str) -> str:
        """Return what an option's text stands for, without the line break at its end.

        Raises:
            UsageError: there is no such file, or standard input is taken.
        """
        if given.startswith("@@"):
            return given[1:]
        if given != "-" and not given.startswith("@"):
            return given
        try:
            return self.content(given, name).decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise UsageError(f"{name}: the file is no text in UTF-8") from None

    def value(self, given: str, name: str) -> str:
        """Return the text of an option that takes one value; see `text`."""
        found = self.text(given, name)
        if "\n" in found and given[:1] in ("@", "-"):
            self.of_several_lines.append(name)
        return found

    def lines(self, given: str, name: str) -> list[str]:
        """Return the texts of a list: of a file or standard input each line that is not blank."""
        text = self.text(given, name)
        if given.startswith("@@") or (given != "-" and not given.startswith("@")):
            return [text]
        return [line.strip() for line in text.splitlines() if line.strip()]

    def content(self, given: str, name: str) -> bytes:
        """Return the bytes of a file, ``@FILE``, or of standard input, ``-``."""
        if given == "-":
            if self._taken_by:
                raise UsageError(f"{name}: {self._taken_by} has read standard input already")
            self._taken_by = name
            return sys.stdin.buffer.read()
        path = Path(given.removeprefix("@"))
        try:
            return path.read_bytes()
        except OSError as error:
            raise UsageError(f"{name}: {path}: {error.strerror}") from None


def read_json(text: str, name: str) -> Any:
    """Read one JSON value; numbers are exact.

    Raises:
        UsageError: it is none, or an object in it has a name twice.
    """
    try:
        return _loads(text)
    except _RepeatedName as error:
        raise _twice(name, error) from None
    except (ValueError, RecursionError):
        raise UsageError(
            f"{name}: takes any JSON value; write JSON, with quotation marks around a text"
        ) from None


def read_structure(text: str, name: str) -> Any:
    """Read JSON, or YAML where pyyaml is installed; numbers are exact.

    Raises:
        UsageError: it is neither, or an object in it has a name twice.
    """
    is_json = text.lstrip()[:1] in ("{", "[", '"')
    place = ""
    if is_json:
        try:
            return _loads(text)
        except _RepeatedName as error:
            raise _twice(name, error) from None
        except ValueError as error:
            place = f": see line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
    try:
        import yaml
    except ModuleNotFoundError:
        help = "is no JSON" + place if is_json else "write JSON; YAML needs pip install pyyaml"
        raise UsageError(f"{name}: {help}") from None
    try:
        # Every scalar stays a text: YAML's own numbers are not exact, and lose leading zeros.
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        return None if root is None else _value_of(root)
    except _RepeatedName as error:
        raise _twice(name, error) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f": see line {mark.line + 1}" if mark is not None else place
        raise UsageError(f"{name}: is neither JSON nor YAML{place}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{name}: is neither JSON nor YAML{place}") from None


def read_structures(text: str, name: str) -> list[Any]:
    """Read a list: of JSON or YAML, or of lines with one JSON object each.

    Raises:
        UsageError: it is none of these, or an object in it has a name twice.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
        try:
            return [_loads(line) for line in lines]
        except _RepeatedName as error:
            raise _twice(name, error) from None
        except ValueError:
            pass  # one object over several lines, after all
    found = read_structure(text, name)
    return found if isinstance(found, list) else [found]


class _RepeatedName(ValueError):
    """An object has a name twice; the text is the name."""


def _loads(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, object_pairs_hook=_object)


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedName(key)
        found[key] = value
    return found


def _value_of(node: Any) -> Any:
    """Return what a node of YAML holds: texts, and None where nothing stands, or `null`."""
    match node.id:
        case "mapping":
            return _object((_key_of(key), _value_of(value)) for key, value in node.value)
        case "sequence":
            return [_value_of(item) for item in node.value]
        case _:
            is_null = node.style is None and node.value in _NULLS
            return None if is_null else node.value


def _key_of(node: Any) -> str:
    if node.id != "scalar":
        raise ValueError("a name is no text")
    text: str = node.value
    return text


def _twice(name: str, error: _RepeatedName) -> UsageError:
    return UsageError(f"{name}: has {str(error)!r} twice, and nothing says which of them counts")


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""How YAML writes nothing, where no quotation marks make a text of it."""
