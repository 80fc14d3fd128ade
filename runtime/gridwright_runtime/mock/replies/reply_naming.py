"""Give a world's answer its wire names, in the variant that its own codes decide."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from ...errors import ConfigurationError
from ...interface import Operation
from ...problems import Problem
from ...record import Record
from ...values.convert import shape_of
from ..inventing.mending import mended
from ..inventing.values import VALUE_FIELD, Inventor, kind_of
from ..texts.wire import WireTree, tree_on_wire
from ..world import Answer
from .verdicts import succeeded

__all__ = [
    "Payload",
    "beside_on_wire",
    "form_of",
    "form_on_wire",
    "merged",
    "payload_on_wire",
    "problems_by_name",
    "put_payload",
    "record_on_wire",
]

Payload: TypeAlias = list[WireTree] | WireTree | object
"""A list of records, a record or a value, by wire names."""


def payload_on_wire(operation: Operation[Any], answer: Answer, inventor: Inventor) -> Payload:
    """Name a world's answer; what the document requires and the world does not say is invented.

    Raises:
        ConfigurationError: the world gives what the operation's reply cannot hold.
    """
    reply, payload = operation.reply, answer.payload
    if reply.shape == "file":
        if not isinstance(payload, bytes):
            raise _another_shape(operation, "the bytes of a file")
        return payload
    if reply.shape == "none" or reply.model is None:
        return None
    if reply.shape == "value":
        [field] = msgspec.structs.fields(reply.model)
        return tree_on_wire(reply.model, {field.name: payload}).get(field.encode_name)
    if reply.shape == "list" or reply.packing == "zip_of_many":
        if payload is None:
            return []
        is_list = type(payload) is list or (
            isinstance(payload, Sequence) and not isinstance(payload, str)
        )
        if not is_list:
            raise _another_shape(operation, "a list of records")
        rows: Sequence[object] = payload  # type: ignore[assignment]  # just made sure
        return [_name_record(operation, row, answer, inventor) for row in rows]
    if not isinstance(payload, Mapping):
        raise _another_shape(operation, "a record")
    return _name_record(operation, payload, answer, inventor)


def beside_on_wire(operation: Operation[Any], answer: Answer, inventor: Inventor) -> WireTree:
    """Name what stands beside a list; what the world does not say is invented."""
    model = operation.reply.beside
    if model is None:
        return {}
    given = answer.beside or {}
    invented = inventor.record(model, given, operation.system, operation.name, "beside")
    check = operation.reply.check_beside
    found = mended(
        inventor,
        {**invented, **given},
        model,
        lambda one: [] if check is None else list(check(tree_on_wire(model, one), "")),
        *(operation.system, operation.name, "beside"),
    )
    return tree_on_wire(model, found)


def form_of(operation: Operation[Any], record: Mapping[str, object]) -> type[Record]:
    """Return the model of a record by Python names: of the variant that its codes make it."""
    for variant in operation.reply.variants:
        tree = tree_on_wire(variant.model, record, is_lenient=True)
        if all(tree.get(wire) in values for wire, values in variant.when.items()):
            return variant.model
    model: type[Record] = operation.reply.model or Record
    return model


def form_on_wire(operation: Operation[Any], tree: Mapping[str, object]) -> type[Record]:
    """Return the model of a record by wire names: that of the variant that its codes make it."""
    for variant in operation.reply.variants:
        if all(tree.get(wire) in values for wire, values in variant.when.items()):
            return variant.model
    model: type[Record] = operation.reply.model or Record
    return model


def record_on_wire(
    operation: Operation[Any], record: Mapping[str, object], *, is_lenient: bool = False
) -> WireTree:
    """Name a record: in the first variant that its own codes make it."""
    for variant in operation.reply.variants:
        tree = tree_on_wire(variant.model, record, is_lenient=True)
        if all(tree.get(wire) in values for wire, values in variant.when.items()):
            return tree if is_lenient else tree_on_wire(variant.model, record)
    model = operation.reply.model
    # In a variant's field, another form has nothing.
    is_lenient = is_lenient or bool(operation.reply.variants)
    return {} if model is None else tree_on_wire(model, record, is_lenient=is_lenient)


def problems_by_name(operation: Operation[Any], record: Mapping[str, object]) -> list[Problem]:
    """Return what the operation's check finds wrong with a record by Python names.

    The paths of the problems begin in the record.
    """
    reply = operation.reply
    tree = record_on_wire(operation, record, is_lenient=True)
    if reply.check_message is None:
        return [] if reply.check is None else list(reply.check(tree, ""))
    placed: object = tree
    if reply.shape == "list":
        placed = [tree]
    elif reply.shape == "value":
        placed = tree.get(VALUE_FIELD)
    message = put_payload(operation, succeeded(operation, "json"), placed)
    depth = len(reply.payload)
    found = []
    for problem in reply.check_message(message, "") if isinstance(message, dict) else ():
        steps = problem.path.split(".")
        if len(steps) > depth:
            found.append(replace(problem, path=".".join(steps[depth:])))
    return found


def invent_around_payload(operation: Operation[Any]) -> WireTree:
    """Invent what a message must hold beside its payload and its verdict, by its own check."""
    check = operation.reply.check_message
    found: WireTree = {}
    if check is None or not operation.reply.payload:
        return found
    first = operation.reply.payload[0]
    for _ in range(_ROUNDS):
        message = merged(found, merged(succeeded(operation, "json"), {first: {}}))
        lacking = [
            problem.wire
            for problem in check(message, "")
            if problem.rule in ("missing-field", "required") and "." not in problem.path
        ]
        missing = [wire for wire in lacking if wire not in message or message[wire] in (None, "")]
        if not missing:
            break
        for wire in missing:
            found[wire] = next(
                (
                    value
                    for value in _CANDIDATES
                    if not any(p.wire == wire for p in check({**message, wire: value}, ""))
                ),
                {},
            )
    return found


def put_payload(operation: Operation[Any], message: WireTree, payload: object) -> WireTree | object:
    """Put a payload into a message, at its path; at the root, what is in the message goes in it."""
    path = operation.reply.payload
    if not path:
        return merged(payload, message) if isinstance(payload, dict) else payload
    holder = message
    for step in path[:-1]:
        inner = holder.get(step)
        holder[step] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        holder = inner
    holder[path[-1]] = payload
    model: Any = operation.reply.model
    if model is not None and operation.reply.names:
        names = [field.wire.removeprefix("@") for field in shape_of(model).fields]
        by = operation.reply.named_by
        holder[operation.reply.names] = [{by: name} for name in names] if by else names
    return message


def merged(below: Mapping[str, object], above: Mapping[str, object]) -> WireTree:
    """Put one tree over another, mapping by mapping."""
    found = dict(below)
    for wire, value in above.items():
        under = found.get(wire)
        both = isinstance(value, Mapping) and isinstance(under, Mapping)
        found[wire] = merged(under, value) if both else value  # type: ignore[arg-type]  # both are
    return found


def _name_record(
    operation: Operation[Any], record: object, answer: Answer, inventor: Inventor
) -> WireTree:
    if type(record) is not dict and not isinstance(record, Mapping):
        raise _another_shape(operation, "records")
    model = form_of(operation, record)
    if _lacks(model, record):
        record = _completed(operation, model, record, inventor)
    return record_on_wire(operation, record, is_lenient=answer.may_tell_more)


def _completed(
    operation: Operation[Any],
    model: type[Record],
    record: Mapping[str, object],
    inventor: Inventor,
) -> dict[str, object]:
    name = (operation.system, operation.name)
    added: set[str] = set()
    filled = _fill_in(model, record, inventor, "", added, name)
    return mended(
        inventor,
        filled,
        model,
        lambda found: [p for p in problems_by_name(operation, found) if p.path in added],
        *name,
    )


def _fill_in(
    model: type[Record],
    record: Mapping[str, object],
    inventor: Inventor,
    path: str,
    added: set[str],
    name: tuple[object, ...],
) -> dict[str, object]:
    """Return a copy of a record with invented values of what it lacks; their paths are added."""
    plan = _plan(model)
    found = dict(record)
    if missing := plan.required - record.keys():
        invented = inventor.record(model, record, *name, path)
        for field in sorted(missing):
            found[field] = invented[field]
            added.add(f"{path}{field}")
    for field, inner in plan.nested:
        value = found.get(field)
        if f"{path}{field}" in added:
            continue
        if isinstance(value, Mapping):
            found[field] = _fill_in(inner, value, inventor, f"{path}{field}.", added, name)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            found[field] = [
                _fill_in(inner, row, inventor, f"{path}{field}[{at}].", added, name)
                if isinstance(row, Mapping)
                else row
                for at, row in enumerate(value)
            ]
    return found


class _Plan(NamedTuple):
    required: frozenset[str]
    nested: tuple[tuple[str, type[Record]], ...]


@cache
def _plan(model: type[Record]) -> _Plan:
    fields = [
        info
        for info in msgspec.structs.fields(model)
        if not (model.__open__ and info.name == "items")
    ]
    nested = []
    for info in fields:
        kind, _many = kind_of(info)
        if isinstance(kind, type) and issubclass(kind, Record):
            nested.append((info.name, kind))
    return _Plan(frozenset(info.name for info in fields if info.required), tuple(nested))


def _lacks(model: type[Record], record: Mapping[str, object]) -> bool:
    """Say whether something that the model requires is not there, at any depth."""
    plan = _plan(model)
    if not plan.required <= record.keys():
        return True
    for name, inner in plan.nested:
        value = record.get(name)
        if isinstance(value, Mapping):
            if _lacks(inner, value):
                return True
            continue
        rows = value if isinstance(value, list | tuple) else ()
        if any(isinstance(row, Mapping) and _lacks(inner, row) for row in rows):
            return True
    return False


def _another_shape(operation: Operation[Any], expected: str) -> ConfigurationError:
    return ConfigurationError(f"the mock's world must give {expected} for {operation.call}")


_ROUNDS = 3
_CANDIDATES: tuple[object, ...] = (
    *("mock", 1, "2024-01-15T00:00:00Z", "20240115", "1", "Y", True, [], {}),
)
