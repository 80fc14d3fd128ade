"""Tables of parameters, fields and elements of reference pages, and ways to things."""

from collections.abc import Sequence
from typing import assert_never

from gridwright.analysis.source_words import describe_filled
from gridwright.analysis.type_words import describe_type
from gridwright.ir import (
    Argument,
    Basic,
    CodeType,
    Element,
    Field,
    Filled,
    FormatWord,
    Parameter,
    Place,
    Reply,
    Text,
    UsernameToken,
)
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.pages.overview import in_namespace
from gridwright.targets.pages.tables import MarkdownTable, describe_source
from gridwright.targets.value_facts import facts_said

__all__ = ["PLACES", "element_table", "field_table", "parameter_table", "show_path"]


def parameter_table(parameters: Sequence[Parameter]) -> MarkdownTable:
    """Return the table of the parameters of a request."""
    return MarkdownTable(
        ("Python", "Wire", "Label", "Meaning", "Type", "Size", "Required", "Source"),
        tuple(
            (
                _argument(p),
                show_path((*p.under, p.field.wire))
                + in_namespace(p.field.namespace)
                + PLACES[p.place],
                markdown(p.field.label),
                markdown(p.field.en),
                _type(p.field, is_asked=True)
                + (f", joined by {markdown_code(p.join)}" if p.join else ""),
                markdown(p.field.printed_size),
                "yes" if p.is_needed else "no",
                describe_source(p.field.cite),
            )
            for p in parameters
        ),
    )


PLACES = {
    Place.QUERY: "",
    Place.PATH: " in the path",
    Place.HEADER: " in a header",
    Place.COOKIE: " in a cookie",
    Place.FORM: " in the body",
    Place.BODY: " in the body",
    Place.PART: " as a part of the form",
    Place.SOAP_HEADER: " in the SOAP header",
}
"""Where a value travels that is not in the query."""


def _argument(parameter: Parameter) -> str:
    if parameter.credential:
        return f"{markdown_code(parameter.credential)} of the client"
    if parameter.formats:
        return "`format`: " + ", ".join(f"{markdown_code(v)} = {f}" for f, v in parameter.formats)
    match parameter.source:
        case Text(constant=str() as constant):
            return f"always {markdown_code(constant)}"
        case Text(pieces=pieces):
            texts = [p if isinstance(p, str) else f"{{{p.kind}.{p.name}}}" for p in pieces]
            return f"{markdown_code(''.join(texts))}, filled in by the client"
        case Basic():
            return "user and password, by the client"
        case Filled():
            return _describe_filled(parameter.source)
        case Argument() | FormatWord() | UsernameToken():
            return markdown_code(parameter.field.name)
        case _:
            assert_never(parameter.source)


def _describe_filled(source: Filled) -> str:
    match source.with_:
        case "service":
            return "the name of the operation"
        case "option":
            return f"{markdown_code(source.name)} of the client"
        case _:
            return describe_filled(source)


def field_table(fields: Sequence[Field], *, is_sent: bool = False) -> MarkdownTable:
    """Return the table of the fields of a record; of one that is sent, with what must be given."""
    return MarkdownTable(
        ("Python", "Wire", "Label", "Meaning", "Type", "Size", "Unit", "Source"),
        tuple(
            (
                _python_name(f),
                _wire_names(f),
                markdown(f.label),
                markdown(f.en),
                _type(f) + ("; required" if is_sent and f.required else ""),
                markdown(f.printed_size),
                markdown(f.unit_text),
                describe_source(f.cite),
            )
            for f in fields
        ),
    )


def _python_name(field: Field) -> str:
    if field.series is None or not field.series.labels:
        return markdown_code(field.name)
    first, last = field.series.labels[0], field.series.labels[-1]
    return f"`{field.name}_{first}` … `{field.name}_{last}`"


def _wire_names(field: Field) -> str:
    way = (field.block, field.wire) if field.block else (*field.under, field.wire)
    names = [show_path(way)]
    if field.item:
        names[0] += f", in XML each item {markdown_code(field.item)}"
    names[0] += in_namespace(field.namespace)
    if field.block:
        names[0] += " in the SOAP header"
    elif field.in_header:
        names[0] += " in a header"
    names[0] += " (provisional)" if field.provisional else ""
    names += [f"also {markdown_code(w.name)}" for w in field.also]
    return ", ".join(names)


def _type(field: Field, *, is_asked: bool = False) -> str:
    text = markdown(describe_type(field.type))
    if isinstance(field.type, CodeType) and field.type.codes is not None:
        text += f" of [`{field.type.codes.name}`](codes.md#{field.type.codes.name})"
    if field.series is not None:
        what = "register states" if field.series.register else "intervals"
        text += (
            f"; {len(field.series.labels)} {what} by position"
            if field.series.by_position
            else (
                f"; {len(field.series.labels)} {what}, a label marks the "
                f"{field.series.marks.value if not field.series.register else 'instant'}"
            )
        )
    text = "; ".join([text, *map(_fact, facts_said(field))])
    echo = ".".join(field.echoes)
    marks = [
        mark
        for mark, on in (
            ("may be absent", field.optional and not field.required and not is_asked),
            (f"default {markdown_code(field.default or '')}", field.default is not None),
            ("required, unless a call overrules it", field.optional and field.required),
            (f"filled with the credential `{field.credential}`", field.credential is not None),
            (f"says again what was asked: {markdown_code(echo)}", bool(echo)),
            (
                f"missing where it says {', '.join(map(markdown_code, field.missing))}",
                bool(field.missing),
            ),
            ("personal", field.personal),
            ("secret", field.secret),
        )
        if on
    ]
    if field.note:
        marks.append(f"note: {markdown(field.note)}")
    return "; ".join([text, *marks])


def _fact(said: str) -> str:
    """Lay out what is said of a value; an expression as code."""
    before, mark, expression = said.partition("matches ")
    return f"{before}{mark}{markdown_code(expression)}" if mark else markdown(said)


def element_table(parts: Sequence[tuple[str, Element]], reply: Reply) -> MarkdownTable:
    """Return the table of the elements around what a reply brings."""
    rows = [
        (
            what,
            (show_path(reply.payload) if e is reply.list else markdown_code(e.wire))
            + ("" if e is reply.root else in_namespace(e.namespace)),
            markdown(e.label),
            describe_source(e.cite),
        )
        for what, e in parts
    ]
    if reply.list is None and reply.payload and not reply.is_message:
        rows.append(("what it brings", show_path(reply.payload), "", ""))
    return MarkdownTable(("Element", "Wire", "Label", "Source"), tuple(rows))


def show_path(names: Sequence[str]) -> str:
    """Show the way to a thing, from the outside in."""
    return " › ".join(map(markdown_code, names))
