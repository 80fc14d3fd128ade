"""Read a message that is a tree of mappings, lists and plain values: the forgiving way.

JSON comes as such a tree, and so do XML and SOAP where nothing quicker will do. Never decodes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, structs

from ..interface import Format, Operation, Path, ReplySpec, Verdict
from ..layouts import ListForObject
from ..problems import Problem
from ..record import Record
from ..values.convert import ModelField, convert_record, shape_of
from ..values.filler import is_filler
from .bounds import MOST_PROBLEMS
from .decoded_body import DecodedBody, Judged, Outside, labelled, problem_at
from .failures_beside import failures_beside, names_of_lists
from .field_places import is_plain, normalize_record, normalize_value, wrap_lists
from .items import FailedItem, came
from .verdicts import (
    deciding_case,
    element_names,
    is_notice,
    judge,
    mappings_in,
    places_of,
    text_of,
    wire_names,
)

__all__ = [
    "REPEATED",
    "Items",
    "Renamed",
    "find_at",
    "has_field",
    "is_list_filler",
    "is_only_notice",
    "items_of",
    "items_of_elements",
    "judge_tree",
    "model_of",
    "names_in_payload",
    "normalized_items",
    "normalized_record",
    "path_of",
    "read_one",
    "read_records",
    "read_tree",
    "with_lists",
    "without_verdict_fields",
]

REPEATED = "is there more than once"


# --- Reading --------------------------------------------------------------------------------


def read_tree(
    operation: Operation[Any],
    tree: object,
    format: Format,
    outside: Outside = Outside(),  # noqa: B008  # frozen
) -> DecodedBody:
    """Read a message: what it says of itself, and its payload."""
    reply = operation.reply
    items = normalized_items(reply, tree, format) if reply.shape == "list" else Items()
    top = tree if isinstance(tree, Mapping) else {}
    judged = judge_tree(operation, top, format, items.found, outside)
    failures = failures_beside(operation, tree, format)
    if judged.failure is not None:
        return DecodedBody(judged=judged, failures=failures)
    if reply.shape == "list":
        if items.lack:
            return DecodedBody(judged=judged, lack=items.lack, failures=failures)
        failed: list[FailedItem] = []
        records, unreadable = read_records(operation, items.found, failed)
        return DecodedBody(
            judged=judged,
            payload=records,
            unreadable=unreadable,
            around=top,
            failed=failed,
            failures=failures,
        )
    if reply.shape == "none" or reply.model is None:
        return DecodedBody(judged=judged, failures=failures)
    found = _read_payload(operation, tree, format, judged, is_partial=bool(failures))
    return structs.replace(found, failures=failures) if failures else found


def judge_tree(
    operation: Operation[Any],
    tree: Mapping[str, object],
    format: Format,
    items: Sequence[object] = (),
    outside: Outside = Outside(),  # noqa: B008  # frozen
) -> Judged:
    """Judge a message by its verdict, or by that of a gateway which answers in its place.

    Args:
        operation: what was called.
        tree: the message.
        format: its format.
        items: the elements of its list, if it is one.
        outside: what there is of the reply beside the message.
    """
    verdict = operation.verdict
    if operation.gateways:
        verdict = _judging(operation, tree, outside)
        if verdict is not operation.verdict:
            return _judged_by_gateway(verdict, tree, format, outside)
    if verdict is None:
        return judge(None, format, ())
    headers = [header for _name, header in places_of(verdict, tree, outside.root)]
    if not verdict.in_list:
        return judge(verdict, format, headers, tree=tree, outside=outside)
    notices = [item for item in items if isinstance(item, Mapping) and is_notice(verdict, item)]
    records = (item for item in items if isinstance(item, Mapping))
    others = list(mappings_in(tree, (*headers, *records)))
    if not headers and verdict.under:  # it may have another place
        names = element_names(verdict, verdict.under[-1])
        headers = [
            found for one in others for name in names if isinstance(found := one.get(name), Mapping)
        ]
    return judge(
        verdict,
        format,
        headers,
        tree=tree,
        outside=outside,
        beside=others,
        notices=notices,
    )


def _judging(operation: Operation[Any], tree: Mapping[str, object], outside: Outside) -> Verdict:
    """Return the first verdict that has its fields in a message, else the first that has a case."""
    places = {
        verdict: [header for _name, header in places_of(verdict, tree, outside.root)]
        for verdict in operation.verdicts
    }
    for verdict, headers in places.items():
        names = frozenset(wire_names(verdict))
        if any(not names.isdisjoint(header) for header in headers):
            return verdict
    for verdict, headers in places.items():
        if deciding_case(verdict, headers, tree, outside) is not None:
            return verdict
    return operation.verdicts[0]


def _judged_by_gateway(
    verdict: Verdict, tree: Mapping[str, object], format: Format, outside: Outside
) -> Judged:
    headers = [header for _name, header in places_of(verdict, tree, outside.root)]
    judged = judge(verdict, format, headers, tree=tree, outside=outside)
    return structs.replace(judged, verdict=verdict)


class Renamed(Struct, frozen=True):
    """A record of a list in XML whose element has another name than documented."""

    wire: Mapping[str, object]
    name: str


class Items(Struct, frozen=True, kw_only=True):
    """The elements of a list."""

    found: Sequence[object] = ()
    lack: str = ""
    """A sentence about why there is no list; empty where there is one."""
    unusual: tuple[Problem, ...] = ()
    """How the list itself departs from the document."""


def normalized_items(reply: ReplySpec[Any], tree: object, format: Format) -> Items:
    """Return the elements of the list that a message is, by the names of their model."""
    items = items_of(reply, tree, format)
    model: Any = reply.model
    if model is None or (is_plain(model) and not (reply.json_lists and format == "json")):
        return items
    found = [normalized_record(reply, item, format) for item in items.found]
    return structs.replace(items, found=found)


def normalized_record(reply: ReplySpec[Any], record: object, format: Format) -> object:
    """Return a record of the payload by the names of its model, or of the variant that it is."""
    model: Any = reply.model
    found = normalize_value(record, model, format)
    if reply.json_lists and format == "json" and isinstance(found, Mapping):
        found = wrap_lists(found, model, reply.json_lists)
    if not reply.variants or not isinstance(record, Mapping) or not isinstance(found, Mapping):
        return found
    variant = model_of(reply, found)
    return (
        found
        if variant is model or is_plain(variant)
        else normalize_record(record, variant, format)
    )


def items_of(reply: ReplySpec[Any], tree: object, format: Format) -> Items:
    """Return the elements of the list that a message is."""
    name = reply.payload[-1] if reply.payload else ""
    if isinstance(tree, list):
        if not reply.payload:
            return Items(found=tree, unusual=_list_for_object(tree, name))
        bare = problem_at(name, "missing-field", "is not there; its list is bare")
        return Items(found=tree, unusual=(bare,))
    if not isinstance(tree, Mapping):
        return Items(lack=f"the {_format_name(format)} body is neither an object nor a list")
    if not reply.payload:
        return _items_at_root(reply, tree, format)
    holder = _holder(tree, reply.payload)
    if holder is not None and name not in holder and format == "xml" and not reply.item:
        return Items()  # the items are elements beside others, and there is none
    if holder is None and format == "json" and reply.item_in_json:
        is_there, around = find_at(tree, reply.payload[:-1])
        if is_there and (around is None or around == "" or around == []):
            return Items(unusual=_nothing_there(reply, reply.payload[-2]))
    if holder is None or name not in holder:
        return Items(lack=f"the {_format_name(format)} body has no {name}")
    return _items_in(reply, holder[name], name, format)


def _items_at_root(reply: ReplySpec[Any], tree: Mapping[str, object], format: Format) -> Items:
    if format == "xml":
        found = tree.get(reply.item, []) if reply.item else list(tree.values())
        return Items(found=found if isinstance(found, list) else [found])
    if not has_field(reply, tree):
        return Items(lack="the JSON body is no list")
    return Items(found=[tree], unusual=_one_alone(reply, ""))


def _items_in(reply: ReplySpec[Any], found: object, name: str, format: Format) -> Items:
    if isinstance(found, list):
        return Items(found=found, unusual=_list_for_object(found, name))
    if found is None or found == "":
        is_json = format == "json"
        return Items(unusual=_nothing_there(reply, name) if is_json else ())
    if not isinstance(found, Mapping):
        return Items(lack=f"{name} in the {_format_name(format)} body is no list")
    inner = found.get(reply.item, found) if reply.item else found
    items = inner if isinstance(inner, list) else [inner]
    if format == "xml":
        return Items(found=items)
    return Items(found=items, unusual=_one_alone(reply, name))


def _nothing_there(reply: ReplySpec[Any], name: str) -> tuple[Problem, ...]:
    if "empty" in reply.json_lists:
        return ()
    return (problem_at(name, "wrong-type", "is empty, but no list"),)


def _list_for_object(found: Sequence[object], name: str) -> tuple[Problem, ...]:
    if not isinstance(found, ListForObject):
        return ()
    return (problem_at(name, "wrong-type", "is an empty list, not an object"),)


def _one_alone(reply: ReplySpec[Any], name: str) -> tuple[Problem, ...]:
    if "one" in reply.json_lists:
        return ()
    return (problem_at(name, "wrong-type", "is an object, not a list"),)


def read_records(
    operation: Operation[Any], items: Sequence[object], failed: list[FailedItem]
) -> tuple[list[Any], list[Problem]]:
    """Convert the elements of a list; what cannot be read is listed beside.

    What says of itself that it failed is added to ``failed``.
    """
    records: list[Any] = []
    unreadable: list[Problem] = []
    for index, item in enumerate(items):
        if len(unreadable) >= MOST_PROBLEMS:
            break
        path = f"records[{len(records)}]"
        if not isinstance(item, Mapping):
            unreadable.append(problem_at(path, "wrong-type", "is not a record"))
            records.append(None)
        elif is_only_notice(operation, item) or is_list_filler(operation, item):
            continue
        elif came(operation.reply, item, index, path, failed, unreadable):
            records.append(read_one(operation, item, path, unreadable))
    return records, unreadable


def read_one(
    operation: Operation[Any],
    wire: Mapping[str, object],
    path: str,
    unreadable: list[Problem],
) -> Any:
    """Convert one wire record; None, with what is wrong, where it cannot be read."""
    reply = operation.reply
    if not has_field(reply, wire):
        unreadable.append(problem_at(path, "wrong-type", "has no field of a record"))
        return None
    return _converted(operation, wire, path, unreadable)


def has_field(reply: ReplySpec[Any], wire: Mapping[str, object]) -> bool:
    """Say whether a wire record has anything of a model: another answer must not look empty."""
    model = model_of(reply, wire)
    if any(name in wire for name in shape_of(model).wires) or any(
        n in wire for n in model.__also__
    ):
        return True
    # An open record may consist of items; one that holds nothing but an error is none.
    return model.__open__ and any(name.lower() not in _ERRORS for name in wire)


def _has_data(operation: Operation[Any], payload: Mapping[str, object]) -> bool:
    """Say whether a record has a value beside what it says of success and failure."""
    verdict = operation.verdict
    said = wire_names(verdict) if verdict is not None else ()
    model = model_of(operation.reply, payload)
    known = shape_of(model).wires | model.__also__.keys()
    return any(
        value not in (None, "", [], {}) and name not in said and (model.__open__ or name in known)
        for name, value in payload.items()
    )


def is_only_notice(operation: Operation[Any], wire: Mapping[str, object]) -> bool:
    """Say whether an element of the list speaks of success or failure and is no record."""
    return is_notice(operation.verdict, wire) and not has_field(operation.reply, wire)


def _read_payload(
    operation: Operation[Any], tree: object, format: Format, judged: Judged, *, is_partial: bool
) -> DecodedBody:
    reply = operation.reply
    path = path_of(reply)
    is_there, payload = find_at(tree, reply.payload)
    if payload is None or payload == "":
        if judged.is_said:  # a success without a payload
            return DecodedBody(judged=judged)
        what = f"{path} in it is empty" if is_there and path else f"no {path or 'item'} is there"
        return DecodedBody(judged=judged, lack=f"the body holds no item of the reply: {what}")
    unreadable: list[Problem] = []
    if reply.shape == "value":
        record = _converted(operation, {".": payload}, path, unreadable)
        return DecodedBody(judged=judged, payload=record, unreadable=unreadable)
    payload = normalized_record(reply, payload, format)
    if not isinstance(payload, Mapping):
        # There is a document with a success whose payload is true.
        if judged.is_said and not isinstance(payload, list):
            return DecodedBody(judged=judged)
        return DecodedBody(
            judged=judged, lack=f"{path} of the body is no record" if path else _NO_OBJECT
        )
    payload = without_verdict_fields(operation, payload)
    if is_partial and not _has_data(operation, payload):
        return DecodedBody(judged=judged, lack="the body holds no value of the reply")
    if not judged.is_said and not has_field(reply, payload):
        return DecodedBody(judged=judged, lack="the body holds no item of the reply")
    record = _converted(operation, payload, path, unreadable)
    return DecodedBody(judged=judged, payload=record, unreadable=unreadable)


def _converted(
    operation: Operation[Any], wire: Mapping[str, object], path: str, unreadable: list[Problem]
) -> Any:
    reply = operation.reply
    found: list[Problem] = []
    record = convert_record(wire, model_of(reply, wire), path, found)
    if found:
        checked = reply.check(wire, path) if reply.check is not None else []
        named = {problem.path: problem for problem in checked}
        unreadable.extend(labelled(problem, named.get(problem.path)) for problem in found)
    return record


def model_of(reply: ReplySpec[Any], wire: Mapping[str, object]) -> type[Record]:
    """Return the model of a wire record: that of the variant whose codes it has, or the usual."""
    for variant in reply.variants:
        if all(_code(wire.get(name)) in values for name, values in variant.when.items()):
            return variant.model
    model: Any = reply.model
    return model  # type: ignore[no-any-return]  # what has no model is not converted


def _code(value: object) -> str:
    return text_of(value).strip()


# --- Lists in XML ---------------------------------------------------------------------------


def with_lists(
    tree: Mapping[str, object], model: type[Record], path: str, repeats: list[Problem]
) -> dict[str, object]:
    """Return a tree from XML with lists where a model has them, and with nothing else in lists.

    Which of several elements of one name counts would be a guess: they are listed as repeated,
    and missing in what is returned.
    """
    fields, is_flat = _fields_of(model)
    if is_flat and not any(type(value) is list for value in tree.values()):
        return dict(tree)
    shaped: dict[str, object] = {}
    for name, value in tree.items():
        field = fields.get(name)
        if field is None:
            shaped[name] = value
            continue
        where = f"{path}.{field.name}" if path else field.name
        if field.many:
            items = value if isinstance(value, list) else [value]
            found = items_of_elements(items, is_record=field.model is not None)
            shaped[name] = [
                _nested(item, field.model, f"{where}[{index}]", repeats)
                for index, item in enumerate(found)
            ]
        elif isinstance(value, list):
            repeats.append(Problem(path=where, wire=name, rule="repeated-field", message=REPEATED))
            shaped[name] = None
        elif field.model is not None and _is_blank(value):
            shaped[name] = None
        else:
            shaped[name] = _nested(value, field.model, where, repeats)
    return shaped


def items_of_elements(items: Sequence[object], *, is_record: bool) -> list[object]:
    """Return what the elements of a list stand for.

    One without content is a list without items. Among others it is an item without values, which
    keeps its place: the items may stand in an order that says when each is.
    """
    if all(map(_is_blank, items)):
        return []
    nothing: object = {} if is_record else ""
    return [nothing if _is_blank(item) else item for item in items]


@cache
def _fields_of(model: type[Record]) -> tuple[Mapping[str, ModelField], bool]:
    """Return the fields of a model by wire name, and whether none holds a record or a list."""
    fields = shape_of(model).fields
    is_flat = not any(field.many or field.model is not None for field in fields)
    return {field.wire: field for field in fields}, is_flat


def _nested(value: object, model: type[Record] | None, path: str, repeats: list[Problem]) -> object:
    if model is None or not isinstance(value, Mapping):
        return value
    return with_lists(value, model, path, repeats)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n"))


# --- Parts of records ---------------------------------------------------------------------


@cache
def names_in_payload(operation: Operation[Any]) -> frozenset[str]:
    """Return the names by which a verdict stands in the record of the payload, if it does."""
    reply, verdict = operation.reply, operation.verdict
    if verdict is None or reply.shape != "record":
        return frozenset()
    depth = len(reply.payload)
    if verdict.under[:depth] != reply.payload:
        return frozenset()
    if len(verdict.under) > depth:
        return frozenset(element_names(verdict, verdict.under[depth]))
    return frozenset((*wire_names(verdict), *verdict.fields))


def without_verdict_fields(
    operation: Operation[Any], payload: Mapping[str, object]
) -> Mapping[str, object]:
    """Return a record without the fields of a verdict that only stand beside its own."""
    model: type[Record] | None = operation.reply.model
    names = names_in_payload(operation) | names_of_lists(operation, operation.reply.payload).keys()
    if model is None or names.isdisjoint(payload):
        return payload
    beside = names - shape_of(model).wires - model.__also__.keys()
    return {name: value for name, value in payload.items() if name not in beside}


def is_list_filler(operation: Operation[Any], item: Mapping[str, object]) -> bool:
    """Whether an element of the list stands for nothing."""
    filler = model_of(operation.reply, item).__filler__
    return bool(filler) and is_filler(item, filler)


# --- Ways through a tree --------------------------------------------------------------------


def path_of(reply: ReplySpec[Any]) -> str:
    """Return the path of the payload as messages name it."""
    return ".".join(reply.payload)


def find_at(tree: object, path: Path) -> tuple[bool, object]:
    """Return whether something is at the end of a path, and what."""
    for step in path:
        if not isinstance(tree, Mapping) or step not in tree:
            return False, None
        tree = tree[step]
    return True, tree


def _holder(tree: Mapping[str, object], path: Path) -> Mapping[str, object] | None:
    """Return what holds the last step of a path; None where the way breaks off."""
    _is_there, found = find_at(tree, path[:-1])
    return found if isinstance(found, Mapping) else None


def _format_name(format: Format) -> str:
    return format.upper()


_NO_OBJECT = "the body is no object"
_ERRORS = frozenset({"error", "errors", "fault"})
