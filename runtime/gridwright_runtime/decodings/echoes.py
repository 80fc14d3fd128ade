"""Compare a reply with what was asked for: it may be about somebody else. Never decodes."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..convert import shape_of
from ..interface import Format, Operation
from ..problems import Deviation, Problem
from ..record import Record
from ..rules import places
from ..values import read_decimal
from .trees import found_at, items_of, path_of
from .verdicts import text_of

__all__ = ["other_than_asked"]


def other_than_asked(
    operation: Operation[Any], tree: object, format: Format, echoes: Mapping[str, str]
) -> Iterator[Deviation]:
    """Yield the fields that repeat what was asked for, and say something else."""
    reply = operation.reply
    if not echoes or reply.model is None or reply.shape not in ("record", "list"):
        return
    if reply.shape == "list":
        items = items_of(reply, tree, format).found
        records = [(f"records[{at}]", item) for at, item in enumerate(items)]
    else:
        records = [(path_of(reply), found_at(tree, reply.payload)[1])]
    for path, record in records:
        if not isinstance(record, Mapping):
            continue
        for wire, asked in echoes.items():
            name = _python_path(reply.model, wire)
            for place in places(record, wire):
                if not _is_same(place.value, asked):
                    shown = place.numbered(name)
                    yield Problem(
                        path=f"{path}.{shown}" if path else shown,
                        wire=place.steps[-1],
                        rule="other-than-asked",
                        message="is not what was asked for",
                    )


def _python_path(model: type[Record], wire: str) -> str:
    """Return the Python names for a path of wire names; wire names where none are known."""
    names: list[str] = []
    current: type[Record] | None = model
    for step in wire.split("."):
        fields = shape_of(current).fields if current is not None else ()
        known = next((one for one in fields if one.wire == step), None)
        names.append(known.name if known else step)
        current = known.model if known else None
    return ".".join(names)


def _is_same(value: object, asked: str) -> bool:
    text = text_of(value).strip()
    if not text or text == asked:
        return True  # a missing value says nothing about somebody else
    try:
        return read_decimal(text) == read_decimal(asked)
    except ValueError:
        return False
