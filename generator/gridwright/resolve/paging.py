"""Resolve how a long answer is asked for in parts, and what its parts say."""

from collections.abc import Mapping

from gridwright.ir import InReply, Paging
from gridwright.ir.words import PagingForm
from gridwright.resolve.context import Context, cite, path_of, whole_number
from gridwright.source import Entry, Node

__all__ = ["PAGE_FORMS", "resolve_paging"]

_FORMS: Mapping[str, PagingForm] = {
    "begin": "rows",
    "page": "page",
    "offset": "offset",
    "token": "token",
    "link": "link",
}
PAGE_FORMS = tuple(_FORMS)
"""The words that say how a page is asked for; one stands for each form."""
_HEADER, _BODY = "header ", "body "


def resolve_paging(entry: Entry, context: Context) -> Paging | None:
    """Resolve how the answer of an operation is walked; None where it has no iterator."""
    node = entry.value
    paging, walk = node.get("paging"), node.get("walk")
    if paging is None and walk is None:
        return None
    said = paging or node
    own = paging or Node(span=node.span, entries=())
    forms = [word for word in PAGE_FORMS if own.get(word) is not None]
    _check_forms(own, forms, context)
    form = forms[0] if forms else ""
    keys = path_of(own.get("key")) or path_of(node.get("key"))
    total = own.get("total")
    is_plain = total is not None and total.text is not None and not _is_place(total.text)
    token = own.get("token") or Node(span=node.span, entries=())
    more = next(iter(own.children("more")), None)
    first = own.get("first")
    return Paging(
        name=node.string("walk") or own.string("name"),
        form=_FORMS.get(form, "whole"),
        begin=own.string("begin"),
        end=own.string("end"),
        sends=token.string("send") or (own.string(form) if form in _SENT else ""),
        first=_first(first, context, usual=0 if form == "offset" else 1),
        at_most=whole_number(own.get("at_most"), context),
        read=_place(token.get("read") if form == "token" else own.get("link")),
        size=own.string("size"),
        total=total.text or "" if total is not None and is_plain else "",
        total_at=None if is_plain else _place(total),
        pages=_place(own.get("pages")),
        more=None if more is None else _place_of_text(more.key),
        more_values=() if more is None else tuple(i.text or "" for i in more.value.items or ()),
        records=own.string("records"),
        key=keys[0] if len(keys) == 1 else "",
        keys=keys,
        page_size=whole_number(own.get("page_size"), context),
        cite=cite(said, context, "paging"),
        span=said.span,
    )


def _check_forms(paging: Node, forms: list[str], context: Context) -> None:
    if len(forms) > 1:
        one, other = forms[:2]
        context.report(
            paging.span,
            "two-ways-of-paging",
            f"{one!r} and {other!r} are two ways to ask for a page",
            "keep one: " + ", or ".join(_SHOWN[word] for word in forms),
        )
    if ("begin" in forms) != (paging.get("end") is not None):
        lacking = "end" if "begin" in forms else "begin"
        context.report(
            paging.span,
            "missing-key",
            f"a page by rows needs the fields of its first and its last row, and {lacking!r} is "
            "missing",
            f"add `{lacking}:` with the field of the request",
        )
    for word, users in _WITH.items():
        said = paging.get(word)
        if said is not None and not users.intersection(forms):
            context.report(
                said.span,
                "word-without-use",
                f"`{word}:` says nothing of pages that are not asked for by "
                + " or ".join(f"`{user}:`" for user in sorted(users)),
                f"leave `{word}:` out",
            )


def _first(node: Node | None, context: Context, *, usual: int) -> int:
    text = node.text if node is not None else None
    if node is None or text is None:
        return usual
    if text in ("0", "1"):
        return int(text)
    context.report(
        node.span,
        "not-a-size",
        f"{text!r} is no number of a first page or record",
        "write `first: 0`, or 1",
    )
    return usual


def _place(node: Node | None) -> InReply | None:
    """Read a place: ``header NAME``, ``body PATH``, a path with dots, or a list of names."""
    if node is None:
        return None
    if node.text is None:
        return InReply(path=path_of(node))
    return _place_of_text(node.text)


def _place_of_text(text: str) -> InReply:
    if text.startswith(_HEADER):
        return InReply(header=text.removeprefix(_HEADER).strip())
    return InReply(path=tuple(text.removeprefix(_BODY).strip().split(".")))


def _is_place(text: str) -> bool:
    return text.startswith((_HEADER, _BODY))


_SENT = ("page", "offset")
_WITH: Mapping[str, frozenset[str]] = {
    "first": frozenset({"offset", "page"}),
    "at_most": frozenset({"offset"}),
}
"""Words that say something of some ways to ask for a page alone."""
_SHOWN = {
    "begin": "`begin: FIELD, end: FIELD`",
    "page": "`page: FIELD`",
    "offset": "`offset: FIELD`",
    "token": "`token: {send: FIELD, read: PLACE}`",
    "link": "`link: PLACE`",
}
