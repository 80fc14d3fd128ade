"""Resolve how tables in CSV are written: for the whole document, or for one operation."""

from collections.abc import Sequence

from gridwright.ir import CsvForm, Operation
from gridwright.resolve.context import Context, cite, whole_number, yes
from gridwright.resolve.types import check_encoding
from gridwright.source import Node

__all__ = ["check_tables", "csv_form"]

_NO_SEPARATORS = ('"', "\r", "\n", "")


def csv_form(node: Node | None, context: Context) -> CsvForm | None:
    """Return what a spec says of tables; None: nothing."""
    if node is None:
        return None
    separator, skip = node.string("separator", ","), node.get("skip")
    if len(separator) != 1 or separator in _NO_SEPARATORS:
        context.report(
            (node.get("separator") or node).span,
            "malformed-value",
            f"{separator!r} cannot stand between the cells of a row",
            'write one sign, such as `separator: ";"` or `separator: "\\t"`',
        )
    check_encoding(node.get("encoding"), context)
    return CsvForm(
        separator=separator[:1] or ",",
        heading=yes(node, "heading", default=True),
        skip=whole_number(skip, context) or 0,
        encoding=node.string("encoding"),
        missing=node.strings("missing"),
        cite=cite(node, context, "the form of tables"),
        span=node.span,
    )


def check_tables(root: Node, operations: Sequence[Operation], context: Context) -> None:
    """Report what is said of tables where there are none, and headings that cannot be written."""
    shared = (root.get("conventions") or root).get("csv")
    if shared is not None and not any("csv" in operation.formats for operation in operations):
        context.report(
            shared.span,
            "unused",
            "no operation has a reply in CSV",
            "add csv to the `formats:` of one, or remove it",
        )
    for operation in operations:
        form = operation.reply.csv
        if form is None or not form.heading:
            continue
        for field in operation.reply.record.fields:
            if _cannot_stand(field.wire, form.encoding):
                context.report(
                    field.span,
                    "wire-not-csv",
                    f"{field.wire!r} cannot be written in {form.encoding}, in which tables are",
                    "correct the name or the encoding by an erratum",
                )


def _cannot_stand(wire: str, encoding: str) -> bool:
    try:
        wire.encode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        return True
    return False
