"""Long answers that are read in parts: where a page says what, and how one is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gridwright.analysis.naming import arguments_path, constant_name, fields_on
from gridwright.analysis.reply_places import PAYLOAD_LIST, listed_record, names_at, place_of
from gridwright.ir import (
    Field,
    InReply,
    Interface,
    Operation,
    Paging,
    Record,
    RecordType,
)
from gridwright.ir.words import PagingForm
from gridwright.targets.calls.replies import payload_of_reply
from gridwright.targets.calls.requests import request_of
from gridwright.targets.expressions import OWN, Call, Expression, Name, call

__all__ = [
    "USUAL_PAGE_SIZE",
    "PageArguments",
    "item_of",
    "page_argument_names",
    "page_arguments",
    "pages",
    "pages_constant",
]

USUAL_PAGE_SIZE = 1000
"""Records asked for at a time, where the spec does not say it."""
_FORMS = "gridwright_runtime.walks.pages"
# What a page is asked for by, in the order in which the runtime gives it.
_ASKED_BY: Mapping[PagingForm, tuple[str, ...]] = {
    "rows": ("first", "last"),
    "page": ("number", "size"),
    "offset": ("offset", "size"),
    "token": ("token", "size"),
    "link": ("size",),
    "whole": (),
}


@dataclass(frozen=True, slots=True)
class PageArguments:
    """The arguments that say which records a page holds.

    Attributes:
        names: the fields of the request that they fill.
        named: what is given for each.
        asked: the names by which the runtime gives them.
    """

    names: frozenset[str]
    named: tuple[tuple[str, Expression], ...]
    asked: tuple[str, ...]


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
    payload = payload_of_reply(interface, operation)
    known = {field.wire: field.name for field in item_of(interface, operation).fields}
    keys = tuple(known.get(wire, "") for wire in paging.keys)
    keywords: dict[str, Expression] = {
        "records": PAYLOAD_LIST
        if payload.is_list
        else names_at(interface, operation, place_of(paging.records))
    }
    total = place_of(paging.total) if paging.total else paging.total_at
    keywords["total"] = names_at(interface, operation, total) if total is not None else ""
    keywords["key"] = keys[0] if len(keys) == 1 else keys or ""
    if paging.page_size not in (None, USUAL_PAGE_SIZE):
        keywords["page_size"] = paging.page_size
    if paging.form != "rows":
        keywords |= _form(interface, operation, paging)
    if total is not None and total.header:
        keywords["total_at"] = _in_reply(interface, operation, total)
    if paging.pages is not None:
        keywords["pages_at"] = _in_reply(interface, operation, paging.pages)
    if paging.more is not None:
        keywords["more_at"] = _in_reply(interface, operation, paging.more)
        keywords["more"] = paging.more_values
    return call(Name("Pages", "gridwright_runtime.paging"), **keywords)


def page_argument_names(paging: Paging) -> tuple[str, ...]:
    """Return the names by which the runtime gives what a page is asked for by."""
    return _ASKED_BY[paging.form]


def page_arguments(interface: Interface, operation: Operation) -> PageArguments:
    """Return the arguments that ask for one page."""
    paging = operation.paging
    if paging is None:
        raise TypeError("asked only for operations with paging")
    record = request_of(interface, operation).record
    taken = {field.name for field in record.fields}
    # They are given by their order, so that a name of the document's own hides none.
    asked = tuple(f"{name}_" if name in taken else name for name in page_argument_names(paging))
    paths = [paging.begin, paging.end] if paging.form == "rows" else [paging.sends, paging.size]
    paths = [path for path in paths if path or paging.form != "link"]
    ways = [
        (fields_on(interface, record, ".".join(arguments_path(operation, path))), name)
        for path, name in zip(paths, asked, strict=False)
        if path
    ]
    named = tuple(_page_arguments(ways))
    return PageArguments(frozenset(name for name, _ in named), named, asked)


def item_of(interface: Interface, operation: Operation) -> Record:
    """Return the record of which a long answer holds any number."""
    return listed_record(interface, operation) or payload_of_reply(interface, operation).record


def _form(interface: Interface, operation: Operation, paging: Paging) -> Mapping[str, Expression]:
    keywords: dict[str, Expression] = {}
    given: dict[str, Expression] = {}
    match paging.form:
        case "page":
            given = {} if paging.first == 1 else {"first": paging.first}
            keywords["form"] = call(Name("Numbers", _FORMS), **given)
        case "offset":
            given = {} if paging.first == 0 else {"first": paging.first}
            if paging.at_most is not None:
                given["at_most"] = paging.at_most
            if not paging.size and paging.page_size:
                given["step"] = paging.page_size
            keywords["form"] = call(Name("Offsets", _FORMS), **given)
        case "token":
            keywords["form"] = call(
                Name("Tokens", _FORMS), _next_page(interface, operation, paging)
            )
        case "link":
            keywords["form"] = call(Name("Links", _FORMS), _next_page(interface, operation, paging))
        case "whole":
            keywords["form"] = call(Name("Undivided", _FORMS))
        case "rows":
            pass  # the form of pages that are not said to have another
        case _:
            assert_never(paging.form)
    if not paging.size:
        keywords["is_sized"] = False
    if paging.page_size is not None:
        keywords["is_usual"] = True
    return keywords


def _next_page(interface: Interface, operation: Operation, paging: Paging) -> Call:
    """Return where a page gives the token or the address of the next."""
    if paging.read is None:
        raise TypeError(f"asked only where a page by {paging.form} says where the next is")
    return _in_reply(interface, operation, paging.read)


def _in_reply(interface: Interface, operation: Operation, place: InReply) -> Call:
    if place.header:
        return call(Name("InReply", _FORMS), header=place.header)
    return call(Name("InReply", _FORMS), names_at(interface, operation, place))


def _page_arguments(ways: Iterable[tuple[Sequence[Field], str]]) -> list[tuple[str, Expression]]:
    """Return what fills the arguments: a value, or a record around several."""
    grouped: dict[str, list[tuple[Sequence[Field], str]]] = {}
    for way, name in ways:
        grouped.setdefault(way[0].name, []).append((way, name))
    found: list[tuple[str, Expression]] = []
    for argument, members in grouped.items():
        way, name = members[0]
        if len(way) == 1:
            found.append((argument, Name(name)))
            continue
        holder = way[0].type
        model = holder.record if isinstance(holder, RecordType) else ""
        inner = dict(_page_arguments((way[1:], name) for way, name in members))
        found.append((argument, call(Name(f"models.{model}", OWN), **inner)))
    return found
