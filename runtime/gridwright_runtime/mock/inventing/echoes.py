"""Repeat values of the request in an invented record, where the spec says that the service does."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

import msgspec

from ...interface import Echo, Path, ReplySpec
from ...record import Record
from .values import kind_of

__all__ = ["count_asked", "put_echoes"]


def count_asked(reply: ReplySpec[Any], arguments: Mapping[str, object]) -> int:
    """Return how many things a list asks for of which one reply has items about each; 0: none."""
    found = (one for one in reply.echoes if one.each and not one.over_pages)
    return max((len(_requested_items(reply, echo, arguments)) for echo in found), default=0)


def put_echoes(
    reply: ReplySpec[Any],
    record: dict[str, object],
    arguments: Mapping[str, object],
    about: int | None = None,
) -> None:
    """Put what was asked into a record of the payload, by Python names.

    Where a list asks for several, and the reply has items about each, the item of a number is
    about the value of that number, with all that it holds. Else a value that is one of them stays,
    and any other becomes one after the other.

    Args:
        reply: what comes back.
        record: by Python names.
        arguments: what was asked.
        about: which of several values the record is about, from 0, or the first row of a page
            that it holds; None: all of them.
    """
    for echo in reply.echoes:
        asked = list(_values_at(arguments, echo.asked))
        if not asked or reply.model is None:
            continue
        models = [reply.model, *(variant.model for variant in reply.variants)]
        steps = next((found for model in models if (found := _names(model, echo.wire))), ())
        if echo.over_pages and reply.shape == "record":
            _put_values(record, steps, _requested_items(reply, echo, arguments), [about or 0])
        elif echo.each and about is not None:
            each = _requested_items(reply, echo, arguments)
            _put_values(record, steps, [each[about % len(each)]], [0])
        elif echo.each:
            _put_each(record, steps, _requested_items(reply, echo, arguments))
        else:
            _put_values(record, steps, asked, [0])


def _requested_items(
    reply: ReplySpec[Any], echo: Echo, arguments: Mapping[str, object]
) -> list[object]:
    """Return what a list asks for: once each, unless several lists ask in step."""
    asked = list(_values_at(arguments, echo.asked))
    if sum(one.each for one in reply.echoes) > 1:
        return asked
    return [value for at, value in enumerate(asked) if value not in asked[:at]]


def _put_each(holder: object, steps: Path, asked: Sequence[object]) -> None:
    """Let the outermost list on a path have one item about each value."""
    for at, step in enumerate(steps):
        found = holder.get(step) if isinstance(holder, dict) else None
        if not isinstance(found, list):
            holder = found
            continue
        if not found:
            return
        below = steps[at + 1 :]
        if not below:
            holder[step] = list(asked)  # type: ignore[index]  # it is a mapping
            return
        items = [deepcopy(found[number % len(found)]) for number in range(len(asked))]
        for item, value in zip(items, asked, strict=True):
            _put_values(item, below, [value], [0])
        holder[step] = items  # type: ignore[index]
        return


def _values_at(found: object, path: Path) -> Iterator[object]:
    if isinstance(found, list | tuple):
        for item in found:
            yield from _values_at(item, path)
    elif not path:
        if found is not None and found != "":
            yield found
    elif isinstance(found, Mapping):
        yield from _values_at(found.get(path[0]), path[1:])


def _names(model: type[Record], wire: Path) -> Path:
    """Return a path of wire names in Python names; empty where a model has no such path."""
    names: list[str] = []
    kind: Any = model
    for step in wire:
        infos = msgspec.structs.fields(kind) if issubclass(kind, Record) else ()
        info = next((one for one in infos if one.encode_name == step), None)
        if info is None:
            return ()
        names.append(info.name)
        kind, _many = kind_of(info)
    return tuple(names)


def _put_values(holder: object, steps: Path, asked: list[object], count: list[int]) -> None:
    """Walk to the end of a path, item by item, and put there what was asked."""
    if isinstance(holder, list):
        for item in holder:
            _put_values(item, steps, asked, count)
        return
    if not isinstance(holder, dict) or not steps or steps[0] not in holder:
        return
    found = holder[steps[0]]
    if len(steps) > 1:
        _put_values(found, steps[1:], asked, count)
    elif isinstance(found, list):
        holder[steps[0]] = [_one(item, asked, count) for item in found]
    else:
        holder[steps[0]] = _one(found, asked, count)


def _one(found: object, asked: list[object], count: list[int]) -> object:
    if found in asked:
        return found
    count[0] += 1
    return asked[(count[0] - 1) % len(asked)]
