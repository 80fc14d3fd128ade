"""Lay out a draft as the text of a spec, in the form that `gridwright format` keeps."""

import json
import re
from collections.abc import Iterator
from typing import Any
from unicodedata import east_asian_width

__all__ = ["entry_lines", "spec_text"]

_WIDEST = 100
_MOST_ROWS = 4
_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./ -]*(?<! )|[0-9]+[A-Za-z_]*")
_OTHER_READERS = re.compile(
    r"(?i)y|n|yes|no|on|off|true|false|null|~|[-+]?[0-9][0-9_.,:e+-]*|0x[0-9a-f]+|[0-9]{4}-.*"
)
"""Plain texts that other readers of YAML take for something else."""
_BLOCKS = frozenset({"records", "operations", "codes", "fields", "request", "values", "statuses",
                     "servers", "credentials", "auth", "steps", "conventions"})  # fmt: skip


def spec_text(value: Any, *, head: str = "") -> str:
    """Return plain values as YAML, one fact a line."""
    return head + "\n".join(_block(value, 0)) + "\n"


def entry_lines(key: str, value: Any, indent: int) -> list[str]:
    """Return the lines of one entry of a mapping."""
    return list(_block({key: value}, indent))


def _block(value: dict[str, Any], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, below in value.items():
        start = f"{pad}{_scalar(str(key))}:"
        if isinstance(below, dict) and below:
            rows = [] if key in _BLOCKS or _is_deep(below) else _rows(below, f"{start} ", indent)
            if rows:
                yield from rows
            else:
                yield start
                yield from _block(below, indent + 2)
        elif isinstance(below, list) and below and any(isinstance(one, dict) for one in below):
            yield start
            for one in below:
                lines = list(_block(one, indent + 4))
                yield f"{pad}  - {lines[0].lstrip()}"
                yield from lines[1:]
        elif isinstance(below, list):
            flow = _flow(below)
            if len(start) + 1 + len(flow) <= _WIDEST:
                yield f"{start} {flow}"
            else:
                yield start
                yield from (f"{pad}  - {_scalar(str(one))}" for one in below)
        elif below == {}:
            yield f"{start} {{}}"
        else:
            yield f"{start} {_scalar(str(below))}"


def _rows(value: dict[str, Any], start: str, indent: int) -> list[str]:
    """Return a mapping in braces, over a few lines at most; none where it needs more."""
    pad = " " * (indent + 2)
    rows = [f"{start}{{"]
    for number, (key, below) in enumerate(value.items(), 1):
        part = f"{_scalar(str(key))}: {_flow(below)}{'}' if number == len(value) else ','}"
        longer = f"{rows[-1]}{'' if number == 1 else ' '}{part}"
        if _columns(longer) <= _WIDEST:
            rows[-1] = longer
        elif number > 1 and len(rows) < _MOST_ROWS and _columns(pad + part) <= _WIDEST:
            rows.append(f"{pad}{part}")
        else:
            return []
    return rows


def _columns(text: str) -> int:
    """Return how wide a text is on a screen, where signs of East Asia take two columns."""
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(sign) in "WF" for sign in text)


def _is_deep(value: dict[str, Any]) -> bool:
    return any(isinstance(below, dict) and len(below) > 3 for below in value.values())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _OTHER_READERS.fullmatch(text):
        return text
    if text in ("yes", "no"):
        return text
    return json.dumps(text, ensure_ascii=False)
