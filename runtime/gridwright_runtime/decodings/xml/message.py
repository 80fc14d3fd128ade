"""Read an XML reply: in one pass over its records or fields where it is as documented."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from msgspec import structs

from ...codecs.body import MalformedBody
from ...codecs.xml_codec import XmlSource, local_name, open_xml, plain
from ...interface import Operation, ReplySpec
from ...problems import Problem
from ...record import Record
from ...values.convert import shape_of
from ..bounds import refuse_many_elements
from ..decoded_body import DecodedBody, Outside, problem_at
from ..deviations import tree_deviations
from ..failures_beside import failures_beside
from ..field_places import outer_marks, read_marks
from ..json.plans import is_exact
from ..trees import (
    judge_tree,
    normalized_record,
    path_of,
    read_tree,
    with_lists,
)
from ..verdicts import wire_names
from .fields import field_reader, is_empty
from .list_message import list_deviations, read_list
from .namespaces import Strangers, namespaces_in, other_namespaces, with_plain_attributes
from .shared_checks import refuse_repeats, renamed
from .walk import WalkedPath, parsed, walk

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
        refusal = _refusal_for_rows(operation, source, status)
        return refusal or _repaired(source, lambda usable: read_list(operation, usable, status))
    try:
        fast = _read_fast(operation, source, status)
    except MalformedBody:
        fast = None  # control characters can be put right
    return fast or _repaired(source, lambda usable: _read_whole(operation, usable, status))


def _refusal_for_rows(
    operation: Operation[Any], source: XmlSource, status: int
) -> DecodedBody | None:
    """Return the refusal that came in the place of rows; None: it may be anything else.

    Rows have no place in XML, so that each element of a root might be one, also its verdict.
    """
    reply = operation.reply
    if reply.payload or reply.item or not operation.verdicts:
        return None
    found = _repaired(source, lambda usable: _read_whole(operation, usable, status))
    return None if found.judged.failure is None else found


def xml_deviations(operation: Operation[Any], body: bytes, content_type: str) -> Iterator[Problem]:
    """Yield how an XML reply that can be read departs from the document.

    Raises:
        MalformedBody: it is not XML.
    """
    source = open_xml(body, content_type)
    is_list = operation.reply.shape == "list" and operation.reply.check_message is None
    listed = list_deviations if is_list else _whole_deviations
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
        refuse_repeats(operation, tree)
    return tree


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
    root = with_plain_attributes(operation, root)
    return shaped_tree(operation, read_marks(root, outer_marks(operation)), repeats)


def _whole_deviations(operation: Operation[Any], source: XmlSource) -> Iterator[Problem]:
    for rule, message in source.repairs:
        yield problem_at("", rule, message)
    reply = operation.reply
    if reply.root and (name := _root_name(source)) != reply.root:
        yield renamed(reply.root, name)
    if reply.namespaces is not None:
        strangers = Strangers(reply.namespaces)
        strangers.inspect(parsed(source))
        yield from strangers.problems()
    elif reply.namespace:
        yield from other_namespaces(reply, namespaces_in(parsed(source)))
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
    empty: set[str] = set()
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
            if values.setdefault(field.name, []):
                return None  # among others it is an item
            empty.add(field.name)
            continue
        if field.name in empty:
            return None
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
