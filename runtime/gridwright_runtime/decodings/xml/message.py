"""Read an XML reply: in one pass over its records or fields where it is as documented."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from ...codecs.body import MalformedBody
from ...codecs.xml_codec import XmlSource, local_name, open_xml, outer_lists, plain
from ...interface import Operation, ReplySpec
from ...problems import Problem
from ...record import Record
from ...redact import printable
from ...values.convert import shape_of
from ...values.filler import is_filler
from ..bounds import MOST_PROBLEMS, refuse_many_elements, refuse_sparse_records
from ..decoded_body import DecodedBody, Outside, problem_at
from ..deviations import outer_deviations, record_deviations, tree_deviations
from ..failures_beside import failures_beside
from ..field_places import marks_of, outer_marks, read_marks
from ..items import FailedItem, came
from ..json.plans import is_exact
from ..trees import (
    REPEATED,
    Renamed,
    is_only_notice,
    judge_tree,
    normalized_record,
    path_of,
    read_one,
    read_tree,
    with_lists,
)
from ..verdicts import is_notice, places_of, wire_names
from .fields import fast_record, field_reader, is_empty
from .namespaces import Strangers, other_namespace
from .walk import WalkedPath, parsed, walk

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["plain_message", "read_xml", "shaped_tree", "xml_deviations", "xml_tree"]

ResultT = TypeVar("ResultT")


def read_xml(
    operation: Operation[Any], body: bytes, content_type: str, status: int = 200
) -> DecodedBody:
    """Return what an XML body holds.

    Args:
        operation: what was called.
        body: what came back.
        content_type: as the reply says.
        status: the HTTP status of the reply.

    Raises:
        MalformedBody: it is not XML, or it is a guess what counts in it.
    """
    refuse_many_elements(body)
    source = open_xml(body, content_type)
    if operation.reply.shape == "list":
        return _repaired(source, lambda usable: _read_list(operation, usable, status))
    try:
        fast = _read_fast(operation, source, status)
    except MalformedBody:
        fast = None  # control characters can be put right
    return fast or _repaired(source, lambda usable: _read_whole(operation, usable, status))


def xml_deviations(operation: Operation[Any], body: bytes, content_type: str) -> Iterator[Problem]:
    """Yield how an XML reply that can be read departs from the document.

    Raises:
        MalformedBody: it is not XML.
    """
    source = open_xml(body, content_type)
    is_list = operation.reply.shape == "list" and operation.reply.check_message is None
    listed = _list_deviations if is_list else _whole_deviations
    try:
        yield from listed(operation, source)
        return
    except MalformedBody as error:
        problem = str(error)
    repaired = source.without_control_characters()
    if repaired is None:
        raise MalformedBody(problem)
    yield from listed(operation, repaired)


def plain_message(operation: Operation[Any], body: bytes, content_type: str) -> object:
    """Return an XML body as a tree like that of JSON.

    Raises:
        MalformedBody: it is not XML.
    """
    source = open_xml(body, content_type)
    return _repaired(source, lambda usable: xml_tree(operation, usable, []))


def shaped_tree(
    operation: Operation[Any], tree: Mapping[str, object], repeats: list[Problem]
) -> Mapping[str, object]:
    """Return the tree of an XML message with lists where the model of the payload has them.

    Raises:
        MalformedBody: the payload or a verdict is there more than once.
    """
    reply, verdict = operation.reply, operation.verdict
    if reply.shape in ("record", "value"):
        tree = _with_payload(reply, tree, reply.payload, repeats)
    elif reply.shape == "list":
        tree = _with_payload(reply, tree, reply.payload[:-1], repeats)
    if verdict is not None and not verdict.in_list:
        _refuse_repeats(operation, tree)
    return tree


def _refuse_repeats(operation: Operation[Any], tree: Mapping[str, object]) -> None:
    verdict = operation.verdict
    # What says nothing of success is read wherever it stands.
    if verdict is None or not verdict.success or verdict.root:
        return
    found = places_of(verdict, tree)
    if len(found) > 1:
        raise MalformedBody(f"the XML body has {verdict.under[-1]} more than once")
    for _name, fields in found:
        for name in wire_names(verdict):
            if isinstance(fields.get(name), list):
                raise MalformedBody(f"the XML body has {name} more than once")


def _with_payload(
    reply: ReplySpec[Any],
    tree: Mapping[str, object],
    path: tuple[str, ...],
    repeats: list[Problem],
) -> Mapping[str, object]:
    if not path:
        if reply.shape != "record" or reply.model is None:
            return tree
        found = normalized_record(reply, tree, "xml")
        wire = found if isinstance(found, Mapping) else tree
        return with_lists(wire, reply.model, path_of(reply), repeats)
    inner = tree.get(path[0])
    if isinstance(inner, list):
        raise MalformedBody(f"the XML body has {path[0]} more than once")
    if not isinstance(inner, Mapping):
        is_empty_record = len(path) == 1 and path[0] in tree and _may_be_empty(reply, inner)
        return {**tree, path[0]: {}} if is_empty_record else tree
    return {**tree, path[0]: _with_payload(reply, inner, path[1:], repeats)}


def _may_be_empty(reply: ReplySpec[Any], value: object) -> bool:
    """Whether an empty element is a record without any of its fields, as `{}` is in JSON."""
    model: type[Record] | None = reply.model
    if reply.shape != "record" or model is None or not shape_of(model).loose:
        return False
    return value is None or (isinstance(value, str) and not value.strip(" \t\r\n"))


# --- One record, one value, or nothing -------------------------------------------------------


def _read_whole(operation: Operation[Any], source: XmlSource, status: int) -> DecodedBody:
    repeats: list[Problem] = []
    tree = xml_tree(operation, source, repeats)
    found = read_tree(operation, tree, "xml", Outside(status, _root_name(source)))
    if not repeats or found.judged.failure is not None:
        return found
    unreadable = [*repeats, *found.unreadable]
    return structs.replace(found, payload=None, unreadable=unreadable)


def xml_tree(operation: Operation[Any], source: XmlSource, repeats: list[Problem]) -> object:
    """Return a body as a tree like that of JSON, or the text of a root that holds no elements."""
    root = parsed(source)
    if operation.reply.shape == "value" and not operation.reply.payload and not len(root):
        return root.text
    return shaped_tree(operation, read_marks(root, outer_marks(operation)), repeats)


def _whole_deviations(operation: Operation[Any], source: XmlSource) -> Iterator[Problem]:
    for rule, message in source.repairs:
        yield problem_at("", rule, message)
    reply = operation.reply
    if reply.check_message is None and reply.root and (name := _root_name(source)) != reply.root:
        yield _renamed(reply.root, name)
    if reply.namespaces is not None:
        strangers = Strangers(reply.namespaces)
        strangers.inspect(parsed(source))
        yield from strangers.problems()
    elif reply.namespace:
        yield from _other_namespaces(reply, _namespaces(parsed(source)))
    repeats: list[Problem] = []
    yield from tree_deviations(operation, xml_tree(operation, source, repeats), "xml")
    yield from repeats


def _root_name(source: XmlSource) -> str:
    return local_name(parsed(source))


def _read_fast(operation: Operation[Any], source: XmlSource, status: int) -> DecodedBody | None:
    """Read a record field by field while it is parsed; None: a closer look is needed."""
    fields = _fields_of(operation)
    if fields is None:
        return None
    reply = operation.reply
    values: dict[str, Any] = {}
    root: Any = None
    for part, element in walk(source, WalkedPath(path=reply.payload)):
        if part == "root":
            root = element
            continue
        known = fields.get(local_name(element))
        if known is None or part == "nested":
            return None
        field, read = known
        if field.many and is_empty(element):
            values.setdefault(field.name, [])
            continue
        value = read(element)
        if value is None:
            return None
        if field.many:
            values.setdefault(field.name, []).append(value)
        elif field.name in values:
            return None
        else:
            values[field.name] = value
    tree = plain(root)
    is_there = _is_documented(operation, tree)
    if is_there is None:
        return None
    judged = judge_tree(operation, tree, "xml", (), Outside(status, local_name(root)))
    if judged.failure is None and not (judged.is_said or values):
        return None
    try:
        record = reply.model(**values) if is_there and reply.model is not None else None
    except TypeError:
        return None
    failures = failures_beside(operation, tree, "xml")
    if failures and all(value in (None, "", []) for value in values.values()):
        record = None  # nothing is left
    return DecodedBody(judged=judged, payload=record, failures=failures)


@cache
def _fields_of(operation: Operation[Any]) -> Mapping[str, Any] | None:
    """Return the fields of a record by wire name, each with its reader; None: no fast way."""
    reply, verdict = operation.reply, operation.verdict
    model: type[Record] | None = reply.model
    if reply.shape != "record" or model is None or not reply.payload or reply.variants:
        return None
    if not is_exact(model) or model.__also__:
        return None
    judging = operation.partial if verdict is None else (verdict, *operation.partial)
    if any(one.under[: len(reply.payload)] == reply.payload for one in judging):
        return None
    paths = [p for one in operation.verdicts for case in one.cases for p in (case.has, case.lacks)]
    if any(path[: len(reply.payload)] == reply.payload for path in paths):
        return None  # which asks for what stands in the record
    return {field.wire: (field, field_reader(field)) for field in shape_of(model).fields}


def _is_documented(operation: Operation[Any], tree: Mapping[str, object]) -> bool | None:
    """Say whether the emptied payload is there; None where anything else needs a closer look."""
    found: Mapping[str, object] = tree
    ways = _ways_to_payload(operation)
    for depth, (step, known) in enumerate(ways, 1):
        if not known.issuperset(found) or any(isinstance(v, list) for v in found.values()):
            return None
        inner = found.get(step)
        if step not in found or depth == len(ways):
            return None if inner and str(inner).strip() else step in found
        if not isinstance(inner, Mapping):
            return None
        found = inner
    return None


@cache
def _ways_to_payload(operation: Operation[Any]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each step of the payload's path, with the names that may stand beside it."""
    reply, verdict = operation.reply, operation.verdict
    ways: list[tuple[str, frozenset[str]]] = []
    for depth, step in enumerate(reply.payload):
        known = {step}
        if verdict is not None and verdict.under[:depth] == reply.payload[:depth]:
            under = verdict.under[depth : depth + 1]
            known.update(under or wire_names(verdict))
        ways.append((step, frozenset(known)))
    return tuple(ways)


# --- Lists ------------------------------------------------------------------------------------


def _read_list(operation: Operation[Any], source: XmlSource, status: int) -> DecodedBody:
    reply, verdict = operation.reply, operation.verdict
    read_fast = _record_reader(operation)
    model: type[Record] | None = reply.model
    fields = 0 if model is None else len(shape_of(model).fields)
    records: list[Any] = []
    unreadable: list[Problem] = []
    notices: list[Mapping[str, object]] = []
    failed: list[FailedItem] = []
    root: Any = None
    for part, element in walk(source, _place(reply)):
        if part == "root":
            root = element
        elif (
            part == "record"
            and read_fast is not None
            and (record := read_fast(element)) is not None
        ):
            records.append(record)
            if not len(records) % _BETWEEN_LOOKS:
                refuse_sparse_records(len(records), fields, len(source.body))
        elif len(unreadable) < MOST_PROBLEMS:
            path = f"records[{len(records)}]"
            wire, repeats = _wire(operation, element, path)
            if is_notice(verdict, wire):
                notices.append(wire)
            index = len(records) + len(failed)
            if is_only_notice(operation, wire) or _stands_for_nothing(reply, wire):
                continue
            if came(reply, wire, index, path, failed, unreadable):
                unreadable += repeats
                records.append(read_one(operation, wire, path, unreadable))
            if not len(records) % _BETWEEN_LOOKS:
                refuse_sparse_records(len(records), fields, len(source.body))
    rest = _around_records(operation, root)
    taken = reply.payload if records and not reply.item else ()
    outside = Outside(status, local_name(root), taken)
    judged = judge_tree(operation, rest, "xml", notices, outside)
    failures = failures_beside(operation, rest, "xml")
    if judged.failure is not None:
        return DecodedBody(judged=judged, failures=failures)
    is_empty = not (records or failed)
    lack = _lack(operation, root, is_empty=is_empty, is_said=judged.is_said)
    return DecodedBody(
        judged=judged,
        payload=records,
        unreadable=unreadable,
        lack=lack,
        around=rest,
        failed=failed,
        failures=failures,
    )


def _place(reply: ReplySpec[Any]) -> WalkedPath:
    if reply.item or not reply.payload:
        # At the root, items stand beside what else there is.
        return WalkedPath(path=reply.payload, item="" if reply.payload else reply.item)
    return WalkedPath(path=reply.payload[:-1], item=reply.payload[-1])


def _wire(
    operation: Operation[Any], element: "_Element", path: str
) -> tuple[Mapping[str, object], list[Problem]]:
    """Return a record as JSON would have it, and the fields that it has more than once."""
    model: Any = operation.reply.model
    repeats: list[Problem] = []
    marks = marks_of(model)
    if marks is None:
        return with_lists(plain(element) if len(element) else {}, model, path, repeats), repeats
    found: Any = normalized_record(operation.reply, read_marks(element, marks), "xml")
    return with_lists(found, model, path, repeats), repeats


def _stands_for_nothing(reply: ReplySpec[Any], wire: Mapping[str, object]) -> bool:
    return reply.model is not None and is_filler(wire, reply.model.__filler__)


def _around_records(operation: Operation[Any], root: "_Element") -> dict[str, object]:
    """Return what stands around the records."""
    rest = read_marks(root, outer_marks(operation))
    _refuse_repeats_around(operation, rest)
    return rest


def _refuse_repeats_around(operation: Operation[Any], rest: Mapping[str, object]) -> None:
    if operation.verdict is not None and not operation.verdict.in_list:
        _refuse_repeats(operation, rest)


def _lists(reply: ReplySpec[Any], root: "_Element") -> list[Any]:
    """Return the elements that hold the items, emptied."""
    path = _place(reply).path
    if not path:
        return [root]
    found: list[Any] = list(root.findall("/".join(f"{{*}}{step}" for step in path)))
    return found or (outer_lists(root, path[-1]) if reply.item else [])


def _lack(operation: Operation[Any], root: "_Element", *, is_empty: bool, is_said: bool) -> str:
    reply = operation.reply
    name = _place(reply).path[-1] if _place(reply).path else ""
    lists = _lists(reply, root)
    if not lists:
        return f"the XML body has no {name}"
    if any((one.text or "").strip() for one in lists):
        what = f"{name} in the XML body" if name else "the XML body"
        return f"{what} holds a text, not records"
    # Where items stand beside others, none at all could be another answer.
    is_sure = not _place(reply).item and bool(reply.payload)
    if is_empty and not is_sure and not is_said and local_name(root) != reply.root:
        return f"the XML body has no {reply.item or reply.payload[-1]}"
    return ""


def _list_deviations(operation: Operation[Any], source: XmlSource) -> Iterator[Problem]:
    reply = operation.reply
    for rule, message in source.repairs:
        yield problem_at("", rule, message)
    root: list[_Element] = []
    spaces: dict[str, str] = {}
    strangers = Strangers(reply.namespaces) if reply.namespaces is not None else None
    items = _listed_items(operation, source, root, spaces, strangers)
    yield from record_deviations(operation, items)
    if strangers is not None:
        strangers.inspect(root[0])
        yield from strangers.problems()
    elif reply.namespace:
        yield from _other_namespaces(reply, _namespaces(root[0]) | spaces)
    name = local_name(root[0])
    if reply.root and name != reply.root:
        yield _renamed(reply.root, name)
    if len(_lists(reply, root[0])) > 1:  # their records are all read
        yield problem_at(_place(reply).path[-1], "repeated-field", REPEATED)
    yield from outer_deviations(operation, read_marks(root[0], outer_marks(operation)), "xml", ())


def _listed_items(
    operation: Operation[Any],
    source: XmlSource,
    root: list["_Element"],
    spaces: dict[str, str],
    strangers: Strangers | None,
) -> Iterator[Mapping[str, object] | Renamed]:
    """Yield the records of a list; put the root without them into a list.

    The namespaces of the records are gathered in ``spaces``, each with an element of it, or by
    ``strangers``, which knows several.
    """
    reply, place = operation.reply, _place(operation.reply)
    item = (*place.path, place.item or reply.item)
    for part, element in walk(source, _place(reply)):
        if part == "root":
            root.append(element)
            continue
        if strangers is not None:
            strangers.inspect(element, item)
        elif reply.namespace:
            spaces.update(_namespaces(element))
        wire, _repeats = _wire(operation, element, "")
        name = local_name(element)
        yield Renamed(wire, name) if reply.item and name != reply.item else wire


def _namespaces(element: "_Element") -> dict[str, str]:
    """Return the namespaces of an element and those within it, each with the name of one."""
    found: dict[str, str] = {}
    for one in element.iter():
        if isinstance(one.tag, str):
            space, _, name = one.tag.rpartition("}")
            found.setdefault(space[1:], name)
    return found


def _other_namespaces(reply: ReplySpec[Any], found: Mapping[str, str]) -> Iterator[Problem]:
    for space, name in found.items():
        if space != reply.namespace:
            yield other_namespace(space, name)


@cache
def _record_reader(operation: Operation[Any]) -> Callable[["_Element"], Any]:
    """Return a reader of records as the document has them; it returns None for others."""
    reply, verdict = operation.reply, operation.verdict
    model: type[Record] | None = reply.model
    is_plain_list = not (reply.variants or reply.verdict)
    if model is None or not is_plain_list or not is_exact(model) or shape_of(model).nested:
        return lambda element: None
    notices = wire_names(verdict) if verdict is not None and verdict.in_list else ()
    return fast_record(model, notices)


# --- Repairs -----------------------------------------------------------------------------------


def _repaired(source: XmlSource, read: Callable[[XmlSource], ResultT]) -> ResultT:
    """Read a body; where a forbidden character made it malformed, do so once more without."""
    try:
        return read(source)
    except MalformedBody as error:
        problem = str(error)
    repaired = source.without_control_characters()
    if repaired is None:
        raise MalformedBody(problem)
    return read(repaired)


def _renamed(path: str, name: str) -> Problem:
    return problem_at(path, "renamed-field", f"is called {printable(name, 60)!r} on the wire")


_BETWEEN_LOOKS = 1000
"""Records between two looks at whether they have enough of their fields."""
