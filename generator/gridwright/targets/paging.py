"""Long answers that are read in parts: where a page says what, and how one is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from gridwright.ir import Field, Interface, ListType, Operation, Record, RecordType
from gridwright.naming import constant_name, fields_on
from gridwright.targets.expressions import OWN, Call, Expression, Name, call
from gridwright.targets.replies import payload_of_reply
from gridwright.targets.requests import request_of

__all__ = [
    "USUAL_PAGE_SIZE",
    "PageArguments",
    "item_of",
    "page_arguments",
    "pages",
    "pages_constant",
]

USUAL_PAGE_SIZE = 1000
"""Records asked for at a time, where the spec does not say it."""


@dataclass(frozen=True, slots=True)
class PageArguments:
    """The arguments that say which records a page holds, from ``first`` to ``last``.

    Attributes:
        names: the fields of the request that they fill.
        named: what is given for each.
    """

    names: frozenset[str]
    named: tuple[tuple[str, Expression], ...]


def pages_constant(operation: Operation) -> str:
    """Return the name of the constant that says how an answer is read in parts."""
    return f"{constant_name(operation.name)}_PAGES"


def pages(interface: Interface, operation: Operation) -> Call:
    """Return where the payload of a reply says what a page needs, in Python names.

    A list is the payload itself, in the ``records`` of its reply.
    """
    paging = operation.paging
    if paging is None:
        raise TypeError("asked only for operations with paging")
    whole = operation.reply.record
    payload = payload_of_reply(interface, operation)
    # The runtime is handed the payload: its paths are ours, and begin below it.
    before = f"{'.'.join(payload.path)}." if payload.path and payload.is_whole else ""

    def ours(path: str) -> str:
        names = [field.name for field in fields_on(interface, whole, path)]
        return ".".join(names[len(payload.path) :] if before and path.startswith(before) else names)

    keys = {field.wire: field.name for field in item_of(interface, operation).fields}
    size: dict[str, Expression] = {}
    if paging.page_size not in (None, USUAL_PAGE_SIZE):
        size = {"page_size": paging.page_size}
    return call(
        Name("Pages", "gridwright_runtime.paging"),
        records="records" if payload.is_list else ours(paging.records),
        total=ours(paging.total),
        key=keys.get(paging.key, ""),
        **size,
    )


def page_arguments(interface: Interface, operation: Operation) -> PageArguments:
    """Return the arguments that ask for one page."""
    paging, body = operation.paging, operation.body
    if paging is None:
        raise TypeError("asked only for operations with paging")
    record = request_of(interface, operation).record
    before = f"{body.arguments}." if body and body.arguments else ""
    begin = fields_on(interface, record, paging.begin.removeprefix(before))
    end = fields_on(interface, record, paging.end.removeprefix(before))
    if begin[0] is not end[0]:
        named = ((begin[0].name, Name("first")), (end[0].name, Name("last")))
        return PageArguments(frozenset({begin[0].name, end[0].name}), named)
    inner = _nested(begin, end)
    return PageArguments(frozenset({begin[0].name}), ((begin[0].name, inner),))


def item_of(interface: Interface, operation: Operation) -> Record:
    """Return the record of which a long answer holds any number."""
    payload, paging = payload_of_reply(interface, operation), operation.paging
    if paging is None or payload.is_list:
        return payload.record
    listed = fields_on(interface, operation.reply.record, paging.records)[-1]
    inner = listed.type.item if isinstance(listed.type, ListType) else listed.type
    name = inner.record if isinstance(inner, RecordType) else ""
    return next(known for known in interface.records if known.name == name)


def _nested(begin: Sequence[Field], end: Sequence[Field]) -> Call:
    """Make the records around two fields, outermost first; both are within the same ones."""
    holder = begin[0].type
    name = holder.record if isinstance(holder, RecordType) else ""
    if len(begin) > 2 and len(end) > 2 and begin[1] is end[1]:
        given: dict[str, Expression] = {begin[1].name: _nested(begin[1:], end[1:])}
    else:
        given = {begin[1].name: Name("first"), end[1].name: Name("last")}
    return call(Name(f"models.{name}", OWN), **given)
