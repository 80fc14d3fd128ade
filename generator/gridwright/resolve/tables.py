"""Resolve how tables in CSV are written: for the whole document, or for one operation."""

from collections.abc import Sequence

from gridwright.ir import CsvForm, Operation
from gridwright.resolve.context import Context, cite, whole_number, yes
from gridwright.resolve.types import check_encoding
from gridwright.source import Node

__all__ = ["check_tables", "csv_form"]

_YES_OR_NO = ("", "yes", "no", "true", "false")
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
    heading = node.string("heading")
    form = CsvForm(
        separator=separator[:1] or ",",
        heading=yes(node, "heading", default=True) if heading.lower() in _YES_OR_NO else True,
        skip=whole_number(skip, context) or 0,
        encoding=node.string("encoding"),
        missing=node.strings("missing"),
        ignore=node.strings("ignore"),
        rows=node.string("rows"),
        end=node.string("end"),
        heading_line="" if heading.lower() in _YES_OR_NO else heading,
        cite=cite(node, context, "the form of tables"),
        span=node.span,
    )
    _check_lines(node, form, context)
    return form


def _check_lines(node: Node, form: CsvForm, context: Context) -> None:
    """Report what no line can begin with, and a heading that does not fit its rows."""
    for key in ("heading", "rows", "ignore", "end"):
        said = node.get(key)
        for text in () if said is None else said.items or (said,):
            begin = text.text or ""
            has_signs = any(sign in begin for sign in ('"', "\r", "\n"))
            if not begin or has_signs or _cannot_stand(begin, form.encoding):
                context.report(
                    text.span,
                    "malformed-value",
                    f"{begin!r} is nothing that a line of cells can begin with",
                    'write how the line begins, without quotes: `D,PRICE,` for `D,"PRICE",`',
                )
    if not form.heading_line:
        return
    cells = [_count_cells(text, form.separator) for text in (form.heading_line, form.rows)]
    if not form.rows or cells[0] != cells[1]:
        context.report(
            (node.get("heading") or node).span,
            "malformed-value",
            f"{form.heading_line!r} begins the line that names the columns, and `rows` does not"
            " say as many cells",
            "write at `rows` what each row begins with, cell for cell as the heading",
        )


def _count_cells(text: str, separator: str) -> int:
    return text.removesuffix(separator).count(separator) + 1


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
        _check_ignored_heading(operation, form, context)


def _check_ignored_heading(operation: Operation, form: CsvForm, context: Context) -> None:
    """Report a heading that is ignored where it stands as the document has its columns."""
    if form.rows:
        return
    names = form.separator.join(field.wire for field in operation.reply.record.fields)
    for text in filter(None, (*form.ignore, form.end)):
        if names.startswith(text):
            context.report(
                form.span,
                "malformed-value",
                f"{text!r} begins lines that are no rows, and the heading begins so",
                "write more of what these lines begin with",
            )


def _cannot_stand(wire: str, encoding: str) -> bool:
    try:
        wire.encode(encoding or "utf-8")
    except (UnicodeError, LookupError):
        return True
    return False
