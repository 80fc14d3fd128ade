"""Resolve parameters: which value travels where, and who gives it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gridwright.ir import (
    CodeType,
    Field,
    ListType,
    Parameter,
    Place,
    Presented,
    TextType,
)
from gridwright.resolve.context import (
    Context,
    path_of,
    word,
)
from gridwright.resolve.fields import (
    REPLY_KEYS,
    check_beside,
    check_keys,
    check_names,
    credential_of,
    resolve_field,
)
from gridwright.resolve.sources import field_source
from gridwright.source import Entry, Node
from gridwright.spec_names import RESERVED_ARGUMENTS

__all__ = ["resolve_parameters", "with_presented"]


def resolve_parameters(node: Node, context: Context) -> tuple[Parameter, ...]:
    """Resolve the parameters of an operation, in the order of the document."""
    for entry in node.children("request"):
        check_keys(entry.value, REPLY_KEYS, "a reply", context)
    parameters = tuple(_parameter(e, context) for e in node.children("request"))
    for entry, parameter in zip(node.children("request"), parameters, strict=True):
        check_beside(parameter.field, entry.value, {p.field.wire for p in parameters}, context)
    check_parameter_names(parameters, context)
    return parameters


def with_presented(
    operation: str, parameters: Sequence[Parameter], presented: Sequence[Presented]
) -> tuple[Parameter, ...]:
    """Fill parameters that the document lists with what `auth: {present: …}` says of them."""
    known = {
        (item.wire, item.place): item.source
        for item in presented
        if not item.operations or operation in item.operations
    }
    return tuple(
        replace(p, source=known.get((p.field.wire, p.place), p.source)) if p.is_argument else p
        for p in parameters
    )


def check_parameter_names(parameters: Sequence[Parameter], context: Context) -> None:
    """Report names that two values share: a wire name may stand in two places of a request."""
    check_names([p.field for p in parameters], context, RESERVED_ARGUMENTS, wires=False)
    by_place: dict[tuple[Place, tuple[str, ...]], list[Field]] = {}
    for parameter in parameters:
        by_place.setdefault((parameter.place, parameter.under), []).append(parameter.field)
    for fields in by_place.values():
        check_names(fields, context, frozenset(), names=False)


def _parameter(entry: Entry, context: Context) -> Parameter:
    node = entry.value
    credential_of(entry, context)
    selects = node.get("selects")
    values = [(e.value.text or "", e.key) for e in node.children("values")]
    if selects is not None and not values:
        context.report(
            node.span,
            "selector-without-values",
            f"{entry.key!r} selects the format, but not which value selects which",
            'add `values: {"01": xml, "02": json}`',
        )
    field = resolve_field(entry, context)
    if isinstance(field.type, TextType | CodeType) and field.type.size is not None:
        for _, value in values:
            if len(value) > field.type.size:
                context.report(
                    node.span,
                    "code-too-long",
                    f"value {value!r} of {entry.key!r} does not fit size {field.type.size}",
                    "correct the size or the value by an erratum",
                )
    place = word(Place, node.string("in"), Place.QUERY)
    _check_join(entry, field, place, context)
    return Parameter(
        field=replace(field, under=()),
        place=place,
        source=field_source(entry, context),
        under=path_of(node.get("under")),
        join=node.string("join"),
    )


def _check_join(entry: Entry, field: Field, place: Place, context: Context) -> None:
    """Report a list that its place cannot hold, and what joins the items of no list."""
    join, is_list = entry.value.get("join"), isinstance(field.type, ListType)
    if join is None:
        if is_list and place is Place.PATH:
            context.report(
                field.span,
                "list-in-path",
                f"{entry.key!r} is a list, and its name stands in the address once",
                'add `join: ","`, or what stands between the items',
            )
        return
    if not is_list or place in (Place.BODY, Place.SOAP_HEADER):
        what = "is no list" if not is_list else f"travels in the {place.value.replace('_', ' ')}"
        context.report(
            join.span,
            "join-without-list",
            f"{entry.key!r} {what}, and `join:` says what stands between the items of a list "
            "outside of a body",
            "say `type: list, of: text`, or leave `join:` out",
        )
    elif place is Place.COOKIE and re.search(r"""[\s",;\\]|[^\x21-\x7e]""", join.text or ""):
        context.report(
            join.span,
            "join-without-list",
            f"{join.text!r} cannot stand in a cookie, and would join the items of {entry.key!r}",
            'write a sign that a cookie holds, such as `join: "|"`',
        )
    elif not join.text:
        context.report(
            join.span,
            "join-without-list",
            f"nothing would stand between the items of {entry.key!r}",
            'write the sign, such as `join: ","`; without `join:` the name is repeated',
        )
