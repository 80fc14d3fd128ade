"""JSON as it is written into files: what fits on a line stands on one, so that files stay small."""

import json
from collections.abc import Iterator
from typing import Any

__all__ = ["json_text"]

_WIDTH = 100
_INDENT = " "
_encoded = json.JSONEncoder(ensure_ascii=False).encode


def json_text(value: object) -> str:
    """Return a value as JSON, with a line break at its end.

    A list or object stands on one line where that has no more than a hundred characters, and
    else has a line for each of its items.
    """
    return "".join(_pieces(value, 0, 0)) + "\n"


def _pieces(value: Any, depth: int, used: int) -> Iterator[str]:
    """Yield a value in pieces.

    Args:
        value: any that JSON knows.
        depth: how many lists and objects are around it.
        used: how many characters its first line has already.
    """
    short = _on_one_line(value, _WIDTH - used)
    if short is not None:
        yield short
        return
    begin, end = "{}" if isinstance(value, dict) else "[]"
    inner = "\n" + _INDENT * (depth + 1)
    separator = begin + inner
    for head, item in _items(value):
        yield separator
        yield head
        yield from _pieces(item, depth + 1, depth + 1 + len(head))
        separator = "," + inner
    yield "\n" + _INDENT * depth + end


def _on_one_line(value: Any, room: int) -> str | None:
    """Return a value on one line; None: it is a list or object that has no room there."""
    if not isinstance(value, dict | list | tuple):
        return _encoded(value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    texts, whole = [], room
    for head, item in _items(value):
        text = _on_one_line(item, room)
        if text is None:
            return None
        texts.append(head + text)
        room -= len(head) + len(text)
        if room < 0:
            return None
    text = ", ".join(texts)
    return begin + text + end if len(text) + len("{},") <= whole else None


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each item, with what stands before it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{_encoded(key)}: ", item
    else:
        for item in value:
            yield "", item
