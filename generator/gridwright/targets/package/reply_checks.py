"""The validators of a reply: of its payload, and of each container around it and beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from gridwright.ir import Interface, Operation, Reply
from gridwright.output.escape import python_choices, python_docstring, python_text
from gridwright.targets.calls.replies import (
    WITHOUT_MESSAGE,
    Payload,
    item_check,
    payload_of_reply,
    value_field,
)
from gridwright.targets.containers import json_key
from gridwright.targets.package.check_views import CallView, CheckView, call_text, record_options
from gridwright.targets.package.field_checks import field_call, field_calls, telling_records
from gridwright.targets.package.header_checks import failure_calls, header_of_reply, tree_formats
from gridwright.targets.python import model_fields, snake_name, source_of

__all__ = ["reply_checks"]


def reply_checks(interface: Interface, operation: Operation) -> Iterator[CheckView]:
    """Yield the checks of a reply: of each of its containers, innermost first, and of the whole."""
    reply, payload = operation.reply, payload_of_reply(interface, operation)
    telling = telling_records(interface)
    if payload.shape in WITHOUT_MESSAGE:
        return
    if payload.is_whole:
        yield _record_reply(operation, telling)
        return
    if reply.variants:
        yield _record_of_forms(operation, telling)
    calls = _calls_by_container(operation, payload, telling)
    level, holders, header = header_of_reply(operation, payload.path[:-1])
    yield from holders
    around = payload.path[:level]
    calls[around] = [*header, *calls[around]]
    names = _container_checks(operation, payload, calls)
    for path in sorted(filter(None, calls), key=len, reverse=True):
        check = names[path]
        yield _container(operation, check, calls[path])
        options = [
            f"check=lambda payload, path: {check}(payload, path, format=format)",
            "required=True" if _is_needed(operation, payload, path) else "optional=True",
            f"line={python_text(str(operation.cite))}",
        ]
        name, what = (
            ("payload", "what holds the payload")
            if _is_on_way(payload, path)
            else ("beside", "what is beside it")
        )
        calls[path[:-1]].append(CallView(call_text("record", path[-1], name, "", what, options)))
    yield _message(operation, payload, calls[()])


def _record_reply(operation: Operation, telling: frozenset[str]) -> CheckView:
    """Return the check of a reply that is one record and nothing else."""
    record = operation.reply.record
    return CheckView(
        name=f"check_{operation.name}_reply",
        argument="reply",
        extra="",
        docstring=python_docstring(f"{_of_reply(operation)}{_source(operation)}"),
        calls=tuple(field_calls(record.fields, telling)),
        options=record_options(record),
        forms=_forms(operation),
    )


def _record_of_forms(operation: Operation, telling: frozenset[str]) -> CheckView:
    """Return the check of one record of a reply, which has several forms."""
    record = operation.reply.record
    return CheckView(
        name=item_check(operation, record),
        argument="record",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with one record of a reply of {operation.wire_name}.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(field_calls(record.fields, telling)),
        options=record_options(record),
        forms=_forms(operation),
    )


def _container(operation: Operation, name: str, calls: Iterable[CallView]) -> CheckView:
    """Return the check of one container around the payload, or beside it."""
    return CheckView(
        name=name,
        argument="payload",
        extra=", *, format: str",
        docstring=python_docstring(
            f"Find what is wrong around the payload of a reply of {operation.wire_name}.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(calls),
    )


def _message(operation: Operation, payload: Payload, calls: Iterable[CallView]) -> CheckView:
    """Return the check of a whole message, whose payload stands in something."""
    is_open = not payload.path and payload.shape == "record"
    return CheckView(
        name=f"check_{operation.name}_reply",
        argument="reply",
        extra=", *, format: str",
        docstring=python_docstring(
            f"{_of_reply(operation)}"
            f"Args:\n    reply: {_whole(operation)}, or what stands in the root element of the "
            "XML: its elements by name, as text or mappings, in a list where a name repeats.\n"
            "    path: what stands before every path.\n"
            "    format: json or xml.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(calls),
        options=record_options(payload.record) if is_open else "",
    )


def _of_reply(operation: Operation) -> str:
    return f"Find what is wrong with a successful reply of {operation.wire_name}.\n\n"


def _source(operation: Operation) -> str:
    return f"Source: {source_of(operation.cite)}."


def _calls_by_container(
    operation: Operation, payload: Payload, telling: frozenset[str]
) -> dict[tuple[str, ...], list[CallView]]:
    """Return what is asked of each container of a message, by its path; () is the root."""
    beside = operation.reply.beside.fields if operation.reply.beside is not None else ()
    found: dict[tuple[str, ...], list[CallView]] = {(): []}
    around = (*(field.under for field in beside), *(one.header_under for one in operation.partial))
    for path in (payload.path[:-1], *around):
        for depth in range(1, len(path) + 1):
            found.setdefault(path[:depth], [])
    found[payload.path[:-1]] += _payload(operation, payload, telling)
    for field in beside:
        if not field.in_header:
            found[field.under].append(field_call(replace(field, under=())))
    for envelope in operation.partial:
        if not all(field.wire == "." for field in envelope.fields):
            found[envelope.header_under] += failure_calls(operation, envelope)
    return found


def _is_on_way(payload: Payload, path: tuple[str, ...]) -> bool:
    return payload.path[: len(path)] == path


def _is_needed(operation: Operation, payload: Payload, path: tuple[str, ...]) -> bool:
    """Whether a container must be there: it holds the payload, or something that must be."""
    beside = operation.reply.beside.fields if operation.reply.beside is not None else ()
    return _is_on_way(payload, path) or any(
        field.under[: len(path)] == path for field in beside if not field.optional
    )


def _container_checks(
    operation: Operation, payload: Payload, paths: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], str]:
    """Return the names of the validators of containers, those of the payload from within."""
    names: dict[tuple[str, ...], str] = {}
    # What stands beside a list is a record, whose validator has the first of these names.
    others = 0 if operation.reply.beside is None else 1
    for path in filter(None, paths):
        if _is_on_way(payload, path):
            depth = len(payload.path) - len(path)
            names[path] = f"check_{operation.name}_payload{depth if depth > 1 else ''}"
        else:
            others += 1
            names[path] = f"check_{operation.name}_around{others if others > 1 else ''}"
    return names


def _whole(operation: Operation) -> str:
    root = operation.reply.root
    if root is not None and "json" in root.formats:
        return f"what the JSON body has as {root.wire!r}"
    return "the JSON body"


def _forms(operation: Operation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (python_choices(variant.when), f"check_{snake_name(variant.record.name)}")
        for variant in operation.reply.variants
    )


def _payload(operation: Operation, payload: Payload, telling: frozenset[str]) -> Iterator[CallView]:
    """Yield what is asked of the payload, within what stands around it."""
    reply, record = operation.reply, payload.record
    wire = payload.path[-1] if payload.path else ""
    line = python_text(str((reply.list or record).cite))
    match payload.shape:
        case "value":
            yield field_call(value_field(payload))
        case "record" if not wire:
            yield from field_calls(record.fields, telling)
        case "record":
            options = [f"check={item_check(operation, record)}", "required=True", f"line={line}"]
            yield CallView(call_text("record", wire, "payload", "", record.en, options))
        case "list":
            yield _list(operation, payload, wire, line)
        case "file" | "none":
            raise TypeError("a reply without a message has no payload to judge")
        case _:
            assert_never(payload.shape)


def _list(operation: Operation, payload: Payload, wire: str, line: str) -> CallView:
    """Return what is asked of the list of a reply."""
    reply, item = operation.reply, list[str]()
    if reply.item is not None and wire:
        formats = tree_formats(operation)
        having = {form for form in formats if form == "xml" or form in reply.item.formats}
        text = python_text(reply.item.wire)
        if having and having == set(formats):
            item = [f"item={text}"]
        elif having:
            item = [f'item={text} if format == "xml" else ""']
    # The items of a list without a name are elements of the root; in JSON it is no record.
    wire = wire or (reply.item.wire if reply.item else ".")
    check = f"check={item_check(operation, reply.record)}"
    options = [check, *item, *_layout(reply), "required=True", f"line={line}"]
    label, en = (reply.list.label, reply.list.en) if reply.list else ("", payload.record.en)
    return CallView(call_text("records", wire, "records", label, en, options))


def _layout(reply: Reply) -> list[str]:
    """Return how JSON lays the list of a reply out, as arguments; nothing: as objects."""
    if not reply.layout:
        return []
    fields = model_fields(reply.record.fields)
    names = ", ".join(python_text(json_key(wire)) for _, wire, _, _ in fields)
    key = [f"keyed_by={python_text(reply.keyed_by)}"] if reply.keyed_by else []
    told = [f"named_in={python_text(reply.names)}"] if reply.names else []
    told += [f"named_by={python_text(reply.named_by)}"] if reply.named_by else []
    return [f"layout={python_text(reply.layout)}, names=({names},)", *key, *told]
