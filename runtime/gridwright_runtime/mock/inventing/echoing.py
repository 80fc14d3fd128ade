"""Let an invented record say again what was asked. Never reads a request or a reply."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ...interface import Path, ReplySpec
from ...record import Record
from .values import kind_of

__all__ = ["put_echoes"]


def put_echoes(
    reply: ReplySpec[Any], record: dict[str, object], arguments: Mapping[str, object]
) -> None:
    """Put what was asked into a record of the payload, by Python names.

    Where several values were asked for, a value that is one of them stays, and any other becomes
    one after the other.
    """
    for echo in reply.echoes:
        asked = list(_asked(arguments, echo.asked))
        if asked and reply.model is not None:
            models = [reply.model, *(variant.model for variant in reply.variants)]
            steps = next((found for model in models if (found := _names(model, echo.wire))), ())
            _put(record, steps, asked, [0])


def _asked(found: object, path: Path) -> Iterator[object]:
    if isinstance(found, list | tuple):
        for item in found:
            yield from _asked(item, path)
    elif not path:
        if found is not None and found != "":
            yield found
    elif isinstance(found, Mapping):
        yield from _asked(found.get(path[0]), path[1:])


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


def _put(holder: object, steps: Path, asked: list[object], count: list[int]) -> None:
    """Walk to the end of a path, item by item, and put there what was asked."""
    if isinstance(holder, list):
        for item in holder:
            _put(item, steps, asked, count)
        return
    if not isinstance(holder, dict) or not steps or steps[0] not in holder:
        return
    found = holder[steps[0]]
    if len(steps) > 1:
        _put(found, steps[1:], asked, count)
    elif isinstance(found, list):
        holder[steps[0]] = [_one(item, asked, count) for item in found]
    else:
        holder[steps[0]] = _one(found, asked, count)


def _one(found: object, asked: list[object], count: list[int]) -> object:
    if found in asked:
        return found
    count[0] += 1
    return asked[(count[0] - 1) % len(asked)]
