"""Write into each item of a list whether it succeeded."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...interface import Operation, Verdict
from ...record import Record
from ..inventing.values import kind_of
from ..texts.wire import WireTree
from ..world import Refusal
from .verdicts import as_kind, failing_fields

__all__ = ["items_that_came", "with_failures"]


def items_that_came(operation: Operation[Any], payload: object) -> object:
    """Return a payload whose items say of themselves that they came."""
    verdict, model = operation.reply.verdict, operation.reply.model
    if verdict is None or model is None or not isinstance(payload, list):
        return payload
    return [_came(verdict, model, row) for row in payload]


def with_failures(
    operation: Operation[Any], rows: Sequence[WireTree], failed: Mapping[int, Refusal]
) -> list[WireTree]:
    """Return the items of a list, of which some failed; those have plain values alone."""
    verdict, model = operation.reply.verdict, operation.reply.model
    if verdict is None or model is None:
        return list(rows)
    return [
        _failed(operation, verdict, model, row, failed[index]) if index in failed else row
        for index, row in enumerate(rows)
    ]


def _came(verdict: Verdict, model: type[Record], row: WireTree) -> WireTree:
    said = {wire: _typed(model, wire, values[0]) for wire, values in verdict.success.items()}
    if verdict.success:
        return {**row, **said}
    # What has a code, or words, failed.
    needed = {info.encode_name for info in msgspec.structs.fields(model) if info.required}
    asked = (wire for case in verdict.cases for wire in (*case.when, *case.contains))
    silent = {verdict.code, verdict.message, verdict.kind, *asked}
    return {
        wire: None if wire in silent else value
        for wire, value in row.items()
        if wire not in silent or wire in needed
    }


def _failed(
    operation: Operation[Any],
    verdict: Verdict,
    model: type[Record],
    row: WireTree,
    refusal: Refusal,
) -> WireTree:
    plain = {w: value for w, value in row.items() if not isinstance(value, list | Mapping)}
    said = failing_fields(operation, verdict, refusal)
    return plain | {
        wire: _typed(model, wire, value) if isinstance(value, str) else value
        for wire, value in said.items()
    }


def _typed(model: type[Record], wire: str, text: str) -> object:
    """Return a value as the field of a record has it: JSON has numbers and booleans, too."""
    for info in msgspec.structs.fields(model):
        if info.encode_name == wire:
            return as_kind(kind_of(info)[0], text)
    return text
