"""Headers of replies that mean something: values beside a payload, and what leads to other pages.

A header is a text, whatever it says: its schema is that of a value in the header of a request.
"""

from collections.abc import Iterator
from dataclasses import replace

from gridwright.ir import Argument, Field, ListType, Operation, Parameter, Place
from gridwright.ir.operations import Paging
from gridwright.targets.json_schema.fields import parameter_schema
from gridwright.targets.openapi.facts import Json, field_facts
from gridwright.targets.python import source_of

__all__ = ["headers_of_success"]

_IGNORED = frozenset({"content-type"})
"""OpenAPI says of this header by the key of `content`."""


def headers_of_success(operation: Operation) -> Json:
    """Describe the headers of a success; empty: none is documented."""
    beside = operation.reply.beside
    found: dict[str, Json] = {}
    for field in beside.fields if beside is not None else ():
        if field.in_header and not field.block:
            found[field.wire] = _header(field)
    known = {name.lower() for name in found}
    for name, told in _of_pages(operation.paging) if operation.paging is not None else ():
        if name.lower() not in known:
            known.add(name.lower())
            found[name] = {"description": told, "schema": {"type": "string"}}
    return {name: said for name, said in found.items() if name.lower() not in _IGNORED}


def _header(field: Field) -> Json:
    sent = Parameter(
        field=replace(field, required=False), place=Place.HEADER, source=Argument()
    )  # fmt: skip
    schema = parameter_schema(sent)
    about = schema.pop("description")
    schema.pop("title", None)
    if isinstance(field.type, ListType):
        schema = {"type": "string"}
    elif field.missing:
        schema = {"anyOf": [schema, {"enum": list(field.missing)}]}
    return {
        "description": about,
        **({} if field.optional else {"required": True}),
        "schema": schema,
        "x-gridwright": field_facts(field),
    }


def _of_pages(paging: Paging) -> Iterator[tuple[str, str]]:
    """Yield the headers that say what pages there are, with what each says."""
    next_page = "what asks for the next page; none where there is none"
    if paging.form == "link":
        next_page = "the address of the next page, or links of which one has `rel=next`"
    places = (
        (paging.read, next_page),
        (paging.total_at, "how many records there are in all"),
        (paging.pages, "how many pages there are"),
        (paging.more, _of_more(paging)),
    )
    for place, told in places:
        if place is not None and place.header:
            yield place.header, f"{told}; {source_of(paging.cite)}"


def _of_more(paging: Paging) -> str:
    values = " or ".join(repr(value) for value in paging.more_values)
    return f"another page follows where this is {values}" if values else "more pages follow"
