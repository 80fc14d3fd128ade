"""List how a message that can be read departs from the document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..interface import Format, Operation, Path, ReplySpec
from ..problems import Problem
from ..record import Record
from ..redact import printable
from ..values.convert import shape_of
from ..values.filler import is_filler
from .beside import names_beside
from .decoded_body import problem_at
from .failures_beside import list_deviations_of_failures, names_of_lists
from .items import has_failed
from .trees import (
    REPEATED,
    Renamed,
    find_at,
    is_list_filler,
    is_only_notice,
    model_of,
    names_in_payload,
    normalized_items,
    normalized_record,
    path_of,
    without_verdict_fields,
)
from .verdicts import documented_name, element_names, field_names, places_of, wire_names

__all__ = ["outer_deviations", "record_deviations", "tree_deviations"]


def tree_deviations(operation: Operation[Any], tree: object, format: Format) -> Iterator[Problem]:
    """Yield how a message that can be read departs from the document."""
    reply = operation.reply
    if reply.check_message is not None:
        yield from _message_deviations(reply, tree, format)
        return
    top = tree if isinstance(tree, Mapping) else {}
    if reply.shape == "list":
        items = normalized_items(reply, tree, format)
        yield from outer_deviations(operation, top, format, items.unusual)
        yield from record_deviations(operation, items.found)
        return
    yield from outer_deviations(operation, top, format, ())
    _is_there, payload = find_at(tree, reply.payload)
    if reply.check is None or reply.shape == "none" or payload is None or payload == "":
        return
    path = path_of(reply)
    if reply.shape == "value":
        yield from reply.check({".": payload}, path)
        return
    payload = normalized_record(reply, payload, format)
    if isinstance(payload, Mapping):
        payload = without_verdict_fields(operation, payload)
        yield from reply.check(_unfilled(payload, model_of(reply, payload)), path)
    else:
        yield problem_at(path, "wrong-type", "is not a record")


def record_deviations(
    operation: Operation[Any],
    items: Iterable[object],
    repeats: Mapping[int, Sequence[str]] | None = None,
) -> Iterator[Problem]:
    """Yield how the records of a list depart from the document.

    Args:
        operation: what was called.
        items: the elements of the list.
        repeats: the paths that elements have more than once, by index.
    """
    count = 0
    for number, entry in enumerate(items):
        path = f"records[{count}]"
        name, item = (entry.name, entry.wire) if isinstance(entry, Renamed) else ("", entry)
        if not isinstance(item, Mapping) or is_only_notice(operation, item):
            yield problem_at(path, "unknown-field", "is no record but a notice")
            continue
        if is_list_filler(operation, item) or has_failed(operation.reply, item):
            continue
        if name:
            yield Problem(
                path=path,
                wire=operation.reply.item,
                rule="renamed-field",
                message=f"is called {printable(name, 60)!r} on the wire",
            )
        if operation.reply.check is not None:
            model = model_of(operation.reply, item)
            yield from operation.reply.check(_unfilled(item, model), path)
        for name in repeats.get(number, ()) if repeats else ():
            yield problem_at(f"{path}.{printable(name, 120)}", "repeated-field", REPEATED)
        count += 1


def outer_deviations(
    operation: Operation[Any],
    tree: Mapping[str, object],
    format: Format,
    unusual: Sequence[Problem],
) -> Iterator[Problem]:
    """Yield how what surrounds the payload departs from the document."""
    verdict = operation.verdict
    is_part = verdict is not None and _is_in_payload(operation)
    yield from list_deviations_of_failures(operation, tree, format)
    yield from _unknown(operation, tree, (), format, is_part=is_part)
    yield from unusual
    if verdict is not None and not is_part:
        root = operation.reply.root if format == "xml" else ""
        if not verdict.root or verdict.root == operation.reply.root:
            yield from header_deviations(operation, format, places_of(verdict, tree, root))


def header_deviations(
    operation: Operation[Any], format: Format, found: Sequence[tuple[str, Mapping[str, object]]]
) -> Iterator[Problem]:
    """Yield how the element of a verdict departs from the document.

    Args:
        operation: what was called.
        format: the format of the reply.
        found: the elements that are there, each with the name it has.
    """
    verdict = operation.verdict
    if verdict is None:
        return
    element = ".".join(verdict.under)
    expected = format in verdict.formats
    if not verdict.under:
        names = {*verdict.fields, *verdict.also}
        is_said = found and not (verdict.is_optional and names.isdisjoint(found[0][1]))
        if expected and is_said and verdict.fields:
            yield from _header_fields(operation, found[0][1], "")
        return
    if not found:
        if expected and not verdict.is_optional:
            yield problem_at(element, "missing-field", "is not in the reply")
        return
    name, fields = found[0]
    if not expected:
        yield problem_at(name, "unknown-field", "is not in the document")
    else:
        if name != verdict.under[-1]:
            yield problem_at(element, "renamed-field", f"is called {name!r} on the wire")
        yield from _header_fields(operation, fields, f"{element}.")
    for other, _fields in found[1:]:
        yield problem_at(other, "repeated-field", REPEATED)


def _header_fields(
    operation: Operation[Any], fields: Mapping[str, object], before: str
) -> Iterator[Problem]:
    verdict = operation.verdict
    if verdict is None:
        return
    known = verdict.fields or field_names(verdict)
    steps = {*_steps(operation, verdict.under), *names_of_lists(operation, verdict.under)}
    seen = set()
    for wire, value in fields.items():
        if wire in steps:
            continue
        name = documented_name(verdict, wire)
        if name in seen or isinstance(value, list):
            yield problem_at(f"{before}{name}", "repeated-field", REPEATED)
        seen.add(name)
        if name not in known:
            if before:  # at the root, unknown fields are listed already
                shown = f"{before}{printable(wire, 60)}"
                yield problem_at(shown, "unknown-field", "is not in the document")
        elif name != wire:
            yield problem_at(f"{before}{name}", "renamed-field", f"is called {wire!r} on the wire")
    for name in verdict.fields:
        if name not in seen and name not in verdict.may_lack:
            yield problem_at(f"{before}{name}", "missing-field", "is not in the reply")


def _unknown(
    operation: Operation[Any],
    tree: Mapping[str, object],
    prefix: Path,
    format: Format,
    *,
    is_part: bool,
) -> Iterator[Problem]:
    """Yield what stands beside the way to the payload and the verdict, level by level."""
    reply, verdict = operation.reply, operation.verdict
    beside = names_beside(operation, prefix, format) | names_of_lists(operation, prefix)
    is_list_at_root = not prefix and reply.shape == "list"
    if reply.shape != "none" and prefix == reply.payload and not (beside and is_list_at_root):
        return
    steps = _steps(operation, prefix)
    here = {*steps, *beside}
    steps.update({name: name for name, leads in beside.items() if leads})
    if verdict is not None and prefix == verdict.under and not is_part:
        if prefix and _steps(operation, prefix) == {}:
            return  # an element of its own, which `header_deviations` looks at
        here |= {*wire_names(verdict), *verdict.fields}
        if prefix:  # so does it at what else is here
            here |= {*tree}
    for name in tree:
        if name not in here:
            shown = ".".join((*prefix, printable(name, 60)))
            yield problem_at(shown, "unknown-field", "is not in the document")
    for name, step in steps.items():
        inner = tree.get(name)
        if isinstance(inner, Mapping):
            yield from _unknown(operation, inner, (*prefix, step), format, is_part=is_part)


def _steps(operation: Operation[Any], prefix: Path) -> dict[str, str]:
    """Return what leads on from a place: names on the wire, and the documented step of each."""
    steps: dict[str, str] = {}
    reply, verdict = operation.reply, operation.verdict
    depth = len(prefix)
    if reply.shape != "none" and len(reply.payload) > depth and reply.payload[:depth] == prefix:
        steps[reply.payload[depth]] = reply.payload[depth]
    elif reply.shape == "list" and reply.payload == prefix and reply.item:
        steps[reply.item] = reply.item
    if verdict is not None and len(verdict.under) > depth and verdict.under[:depth] == prefix:
        step = verdict.under[depth]
        steps.update(dict.fromkeys(element_names(verdict, step), step))
    return steps


def _is_in_payload(operation: Operation[Any]) -> bool:
    """Whether the verdict is part of the record of the payload, whose check then sees it."""
    names = names_in_payload(operation)
    model: type[Record] | None = operation.reply.model
    return bool(names) and model is not None and not shape_of(model).wires.isdisjoint(names)


def _message_deviations(reply: ReplySpec[Any], tree: object, format: Format) -> Iterator[Problem]:
    if reply.check_message is None:
        return
    if not isinstance(tree, Mapping):
        yield problem_at("", "wrong-type", "is no object")
        return
    _is_there, payload = find_at(tree, reply.payload)
    if reply.model is not None and reply.shape == "record":
        payload = normalized_record(reply, payload, format)
    if isinstance(payload, Mapping) and reply.model is not None and reply.shape == "record":
        tree = _replaced(tree, reply.payload, _unfilled(payload, model_of(reply, payload)))
    yield from reply.check_message(tree, "")


def _replaced(
    tree: Mapping[str, object], path: Path, value: Mapping[str, object]
) -> Mapping[str, object]:
    if not path:
        return value
    inner = tree[path[0]]
    if not isinstance(inner, Mapping):
        return tree
    return {**tree, path[0]: _replaced(inner, path[1:], value)}


def _unfilled(tree: Mapping[str, object], model: type[Record]) -> Mapping[str, object]:
    """Return a tree whose lists hold no entries that stand for nothing."""
    if not _has_filler(model):
        return tree
    models = {field.wire: field.model for field in shape_of(model).fields if field.model}
    return {name: _without_fillers(value, models.get(name)) for name, value in tree.items()}


def _without_fillers(value: object, model: type[Record] | None) -> object:
    if model is None:
        return value
    if isinstance(value, Mapping):
        return _unfilled(value, model)
    if not isinstance(value, list):
        return value
    kept = (item for item in value if not is_filler(item, model.__filler__))
    return [_unfilled(item, model) if isinstance(item, Mapping) else item for item in kept]


def _has_filler(model: type[Record], seen: frozenset[type[Record]] = frozenset()) -> bool:
    inner = {field.model for field in shape_of(model).fields if field.model} - seen
    return any(one.__filler__ or _has_filler(one, seen | {model}) for one in inner)
