"""Read a JSON reply: fast where it is just as the document says, else as a tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import InvalidOperation
from itertools import islice
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct, structs

from ...codecs.body import MalformedBody
from ...codecs.charsets import charset_of
from ...codecs.json_codec import (
    Repeating,
    count_names,
    decode_plain,
    decode_repeats,
    outside_list,
    repeats_in,
    with_nulls,
)
from ...interface import Operation, ReplySpec
from ...problems import Problem
from ...record import Record
from ...redact import printable
from ...values.convert import shape_of
from ..beside import places_beside
from ..bounds import (
    MOST_PROBLEMS,
    may_be_sparse,
    refuse_many_objects,
    refuse_sparse_records,
)
from ..decoded_body import DecodedBody, Outside, problem_at
from ..deviations import outer_deviations, record_deviations, tree_deviations
from ..field_places import json_name
from ..trees import (
    REPEATED,
    find_at,
    is_list_filler,
    is_only_notice,
    items_of,
    model_of,
    normalized_items,
    path_of,
    read_tree,
)
from ..verdicts import element_names, judge, wire_names
from .forms import as_documented, below_root, json_form, json_view, mapped_names
from .likeness import is_proven, learn, names_in
from .plans import DecodingPlan, plan_of

__all__ = ["Repeats", "json_deviations", "json_repeats", "json_tree", "read_json"]


def read_json(
    operation: Operation[Any], body: bytes, content_type: str, status: int = 200
) -> DecodedBody:
    """Return what a JSON body holds.

    Args:
        operation: what was called.
        body: what came back.
        content_type: as the reply says.
        status: the HTTP status of the reply.

    Raises:
        MalformedBody: it is not JSON, or it is a guess what counts in it.
    """
    refuse_many_objects(body)
    operation = json_view(operation)
    whole = json_form(operation)
    plan = plan_of(whole) if charset_of(body, content_type) == "utf-8" else None
    outside = Outside(status)
    fast = None if plan is None else _fast(whole, plan, body, outside)
    return _slow(operation, body, content_type, outside) if fast is None else fast


def json_tree(operation: Operation[Any], body: bytes, content_type: str) -> object:
    """Return a body as a tree of plain values, from below its root where it has one.

    Raises:
        MalformedBody: it is not JSON.
    """
    refuse_many_objects(body)
    return as_documented(operation, decode_plain(body, content_type))


class Repeats(Struct, frozen=True):
    """What objects of a body have more than once."""

    paths: tuple[str, ...] = ()
    """As they stand in the body."""
    by_item: Mapping[int, Sequence[str]] = {}
    """Within the elements of the list, by index."""


def json_repeats(operation: Operation[Any], body: bytes, content_type: str) -> Repeats:
    """Return the names that objects of a body have more than once; no value is kept."""
    if names_in(body) == count_names(decode_plain(body, content_type)):
        return Repeats()
    tree = below_root(operation, decode_repeats(body, content_type))
    paths = tuple(
        _printable_path(path, name) for path, name in islice(repeats_in(tree), _MOST_REPEATS)
    )
    reply = operation.reply
    if not paths or reply.shape != "list" or reply.layout:
        return Repeats(paths)
    items = items_of(reply, tree, "json").found
    found = (
        (at, [_printable_path(*one) for one in repeats_in(item)]) for at, item in enumerate(items)
    )
    return Repeats(paths, {at: names for at, names in found if names})


def json_deviations(operation: Operation[Any], tree: object, repeats: Repeats) -> Iterator[Problem]:
    """Yield how a JSON reply that can be read departs from the document."""
    reply = operation.reply
    if reply.shape != "list" or reply.check_message is not None:
        yield from tree_deviations(operation, tree, "json")
        for path in repeats.paths:
            yield problem_at(path, "repeated-field", REPEATED)
        return
    items = normalized_items(reply, tree, "json")
    top = tree if isinstance(tree, Mapping) else {}
    yield from outer_deviations(operation, top, "json", items.unusual)
    yield from record_deviations(operation, items.found, repeats.by_item)


def _fast(
    operation: Operation[Any], plan: DecodingPlan, body: bytes, outside: Outside
) -> DecodedBody | None:
    """Decode a body that is just as the document says; None: a closer look is needed."""
    if may_be_sparse(body, plan.most_fields):
        return None  # the records would be there before anybody counts them
    body = body.removeprefix(_MARK)
    around = body if plan.looks_into_records else _around_records(plan, body)
    if b"\\u" in around:
        return None
    for sign, most in plan.most:  # a generator would take longer than all it counts
        if around.count(sign) > most:
            return None
    if plan.refuses_empty and _NO_FIELDS.search(body):
        return None
    is_list = operation.reply.shape == "list"
    # The rewritten copy lives no longer than the decoding.
    body, has_empty_texts = with_nulls(body)
    if has_empty_texts and not plan.texts:
        return None  # which mean missing values
    try:
        proven = is_proven(operation, body)
        if not proven and plan.test_numbers is not None:
            plan.test_numbers(body)
        # Before the records are there, so that a tree of the body is not there beside them.
        if not proven and _may_repeat(operation, body):
            return None
        shell = plan.decode(body)
        payload = plan.payload(shell)
    except (msgspec.DecodeError, ValueError, InvalidOperation, RecursionError, AttributeError):
        return None
    if payload is None and (is_list or operation.verdict is None):
        return None
    said = plan.verdict_fields(shell)
    judged = judge(operation.verdict, "json", () if said is None else (said,), outside=outside)
    if payload is None and not judged.is_said:
        return None
    model: type[Record] | None = operation.reply.model
    if is_list and model is not None:
        refuse_sparse_records(len(payload), len(shape_of(model).fields), len(body))
    if has_empty_texts:
        _without_empty_texts(payload, plan.texts)
    return DecodedBody(judged=judged, payload=payload)


def _may_repeat(operation: Operation[Any], body: bytes) -> bool:
    """Say whether an object may give a name twice, of which msgspec takes the last without a word.

    Each name in a body has a quote and a colon behind it. There are as many as objects have names,
    unless a text holds both as well, or a writer leaves a blank between them: then a closer look
    is needed for nothing.
    """
    count = names_in(body)
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False  # in what the document does not name, which is listed as a deviation
    model: type[Record] | None = operation.reply.model
    _is_there, payload = find_at(found, operation.reply.payload)
    records = payload if isinstance(payload, list) else [payload]
    expected = _names_around(found, payload)
    if model is None or count != expected + _names_in(records, model):
        return True
    learn(operation, found)
    return False


def _names_around(found: object, payload: object) -> int:
    """Return how many names there are outside the payload."""
    if found is payload:
        return 0
    if isinstance(found, list):
        return sum(_names_around(one, payload) for one in found)
    if not isinstance(found, dict):
        return 0
    return len(found) + sum(_names_around(one, payload) for one in found.values())


def _names_in(records: Sequence[object], model: type[Record]) -> int:
    """Return how many names records of a model and those within them have."""
    mappings = [one for one in records if isinstance(one, dict)]
    total = sum(map(len, mappings))
    for field in shape_of(model).fields:
        if field.model is None:
            continue
        inner = [one.get(field.wire) for one in mappings]
        if field.many:
            inner = [one for many in inner if isinstance(many, list) for one in many]
        total += _names_in(inner, field.model)
    return total


def _around_records(plan: DecodingPlan, body: bytes) -> bytes:
    """Return what stands around the records; all of the body, where that is not sure."""
    around = outside_list(body)
    if around is not body or not plan.list_name:
        return around
    if b"\\u" in body or body.count(plan.list_name) > 1:
        return body
    # The list that the reply is begins first and ends last: nothing else around it is one.
    start, end = body.find(b"["), body.rfind(b"]")
    return body[:start] + body[end:] if body[:start].rstrip().endswith(b":") else body


def _slow(
    operation: Operation[Any], body: bytes, content_type: str, outside: Outside
) -> DecodedBody:
    whole = decode_plain(body, content_type)
    repeats: Sequence[Problem] = ()
    if names_in(body) != count_names(whole):
        del whole  # so that no two trees of a body are there at once
        repeats = _repeats(operation, body, content_type)
        whole = decode_plain(body, content_type)
    tree = as_documented(operation, whole)
    _refuse_sparse_records(operation, tree, len(body))
    found = read_tree(operation, tree, "json", outside)
    if found.judged.failure is not None or not repeats:
        return found
    return structs.replace(found, unreadable=[*found.unreadable, *repeats])


def _refuse_sparse_records(operation: Operation[Any], tree: object, size: int) -> None:
    """Refuse lists of records that have next to none of their fields.

    Raises:
        MalformedBody: the records would take up a multiple of the space of the body.
    """
    reply = operation.reply
    model: type[Record] | None = reply.model
    if model is None or reply.shape not in ("list", "record"):
        return
    if reply.shape == "list":
        found: object = items_of(reply, tree, "json").found
    else:
        _is_there, found = find_at(tree, reply.payload)
    refuse_sparse_records(1, _fields_taken(found, model), size)


def _fields_taken(found: object, model: type[Record]) -> int:
    """Return how many fields the records of a tree will have, missing ones included."""
    shape = shape_of(model)
    within = [field for field in shape.fields if field.model is not None]
    records = found if isinstance(found, list) else [found]
    count = len(records) * len(shape.fields)
    if not within:
        return count
    for record in records:
        if not isinstance(record, Mapping):
            continue
        for field in within:
            inner = record.get(field.wire)
            if inner and field.model is not None:
                count += _fields_taken(inner, field.model)
    return count


def _repeats(operation: Operation[Any], body: bytes, content_type: str) -> list[Problem]:
    """Return the fields of records that a body gives twice: which counts is a guess.

    Raises:
        MalformedBody: it gives its payload or a verdict twice.
    """
    tree = below_root(operation, decode_repeats(body, content_type))
    repeats = list(islice(repeats_in(tree), _MOST_REPEATS))
    if not repeats:
        return []
    _refuse_repeats(operation, repeats)
    return list(islice(_fields_given_twice(operation, tree), MOST_PROBLEMS))


def _fields_given_twice(operation: Operation[Any], tree: object) -> Iterator[Problem]:
    reply = operation.reply
    if reply.model is None or reply.shape not in ("list", "record"):
        return
    if reply.shape == "record":
        _is_there, payload = find_at(tree, reply.payload)
        if isinstance(payload, dict):
            yield from _repeated_names(payload, model_of(reply, payload), path_of(reply))
        return
    count = 0
    for item in items_of(reply, tree, "json").found:
        if not isinstance(item, dict):
            count += 1
        elif not is_only_notice(operation, item) and not is_list_filler(operation, item):
            yield from _repeated_names(item, model_of(reply, item), f"records[{count}]")
            count += 1


def _repeated_names(tree: object, model: type[Record], path: str) -> Iterator[Problem]:
    if not isinstance(tree, dict):
        return
    repeats = tree.repeats if isinstance(tree, Repeating) else ()
    for field in shape_of(model).fields:
        where = f"{path}.{field.name}" if path else field.name
        if json_name(field.wire) in repeats:
            yield Problem(path=where, wire=field.wire, rule="repeated-field", message=REPEATED)
            continue
        inner = tree.get(json_name(field.wire))
        if field.model is None:
            continue
        if isinstance(inner, list):
            for index, one in enumerate(inner):
                yield from _repeated_names(one, field.model, f"{where}[{index}]")
        else:
            yield from _repeated_names(inner, field.model, where)


def _refuse_repeats(operation: Operation[Any], repeats: Sequence[tuple[str, str]]) -> None:
    """Refuse a body that gives its payload or a verdict twice."""
    reply, verdict = operation.reply, operation.verdict
    names = {*reply.payload}
    places = {".".join(reply.payload[:depth]) for depth in range(len(reply.payload))}
    inner: set[str] = set()
    model: type[Record] | None = reply.model
    within = path_of(structs.replace(reply, payload=_list_path(reply))) if reply.layout else None
    mapped = mapped_names(model) if model is not None else frozenset()
    if reply.shape == "record" and model is not None:
        inner = {field.wire for field in shape_of(model).fields if field.many or field.model}
    if verdict is not None:
        names |= {*wire_names(verdict)}
        names.update(*(element_names(verdict, step) for step in verdict.under))
        places |= {".".join(verdict.under[:depth]) for depth in range(len(verdict.under) + 1)}
    for one in operation.partial:
        names.update(*(element_names(one, step) for step in one.under))
        places |= {".".join(one.under[:depth]) for depth in range(len(one.under))}
    is_anywhere = verdict is not None and verdict.in_list
    beside = set(places_beside(reply.beside))
    for path, name in repeats:
        is_ours = name in names and (is_anywhere or path in places)
        is_ours = is_ours or (path, name) in beside
        is_mapped = path.rpartition(".")[2].partition("[")[0] in mapped
        if within is not None and path.startswith(within):
            is_mapped = True  # two of one key, or two columns of one name
        if is_ours or is_mapped or (name in inner and path == path_of(reply)):
            raise MalformedBody(f"the JSON body has {name} more than once in an object")


def _list_path(reply: ReplySpec[Any]) -> tuple[str, ...]:
    """Return the path of the list in a body; columns stand in what is around them."""
    return reply.payload[:-1] if reply.layout == "columns" else reply.payload


def _without_empty_texts(records: Sequence[Any], names: tuple[str, ...]) -> None:
    # Those that stand behind unusual blanks, such as a line end. The first name twice, so that
    # the getter returns a tuple even for one.
    read = attrgetter(names[0], *names)
    for record in records:
        if "" in read(record):
            for name in names:
                if getattr(record, name) == "":
                    msgspec.structs.force_setattr(record, name, None)


def _printable_path(path: str, name: str) -> str:
    return printable(f"{path}.{name}" if path else name, 120)


_MARK = b"\xef\xbb\xbf"
_MOST_REPEATS = 100_000
_NO_FIELDS = re.compile(rb"\{\s*\}")
