"""Read a list in XML in one pass over its records, fast where they are as documented."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ...codecs.xml_codec import XmlSource, local_name, outer_lists, plain
from ...interface import Operation, ReplySpec
from ...problems import Problem
from ...record import Record
from ...values.convert import shape_of
from ...values.filler import is_filler
from ..bounds import MOST_PROBLEMS, refuse_sparse_records
from ..decoded_body import DecodedBody, Outside, problem_at
from ..deviations import outer_deviations, record_deviations
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
    read_one,
    with_lists,
)
from ..verdicts import is_notice, wire_names
from .fields import fast_record
from .namespaces import Strangers, namespaces_in, other_namespaces, with_plain_attributes
from .shared_checks import refuse_repeats, renamed
from .walk import WalkedPath, walk

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["list_deviations", "read_list"]


def read_list(operation: Operation[Any], source: XmlSource, status: int) -> DecodedBody:
    """Return what a list holds, record by record.

    Raises:
        MalformedBody: it is not XML, or it is a guess what counts in it.
    """
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


def _path_of_item(reply: ReplySpec[Any]) -> tuple[str, ...]:
    place = _place(reply)
    return (*place.path, place.item or reply.item)


def _wire(
    operation: Operation[Any], element: "_Element", path: str
) -> tuple[Mapping[str, object], list[Problem]]:
    """Return a record as JSON would have it, and the fields that it has more than once."""
    model: Any = operation.reply.model
    repeats: list[Problem] = []
    marks = marks_of(model)
    if marks is None:
        return with_lists(plain(element) if len(element) else {}, model, path, repeats), repeats
    element = with_plain_attributes(operation, element, _path_of_item(operation.reply))
    found: Any = normalized_record(operation.reply, read_marks(element, marks), "xml")
    return with_lists(found, model, path, repeats), repeats


def _stands_for_nothing(reply: ReplySpec[Any], wire: Mapping[str, object]) -> bool:
    return reply.model is not None and is_filler(wire, reply.model.__filler__)


def _around_records(operation: Operation[Any], root: "_Element") -> dict[str, object]:
    """Return what stands around the records."""
    rest = read_marks(with_plain_attributes(operation, root), outer_marks(operation))
    _refuse_repeats_around(operation, rest)
    return rest


def _refuse_repeats_around(operation: Operation[Any], rest: Mapping[str, object]) -> None:
    if operation.verdict is not None and not operation.verdict.in_list:
        refuse_repeats(operation, rest)


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


def list_deviations(operation: Operation[Any], source: XmlSource) -> Iterator[Problem]:
    """Yield how a list that can be read departs from the document."""
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
        yield from other_namespaces(reply, namespaces_in(root[0]) | spaces)
    name = local_name(root[0])
    if reply.root and name != reply.root:
        yield renamed(reply.root, name)
    if len(_lists(reply, root[0])) > 1:  # their records are all read
        yield problem_at(_place(reply).path[-1], "repeated-field", REPEATED)
    rest = read_marks(with_plain_attributes(operation, root[0]), outer_marks(operation))
    yield from outer_deviations(operation, rest, "xml", ())


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
    reply, item = operation.reply, _path_of_item(operation.reply)
    for part, element in walk(source, _place(reply)):
        if part == "root":
            root.append(element)
            continue
        if strangers is not None:
            strangers.inspect(element, item)
        elif reply.namespace:
            spaces.update(namespaces_in(element))
        wire, _repeats = _wire(operation, element, "")
        name = local_name(element)
        yield Renamed(wire, name) if reply.item and name != reply.item else wire


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


_BETWEEN_LOOKS = 1000
"""Records between two looks at whether they have enough of their fields."""
