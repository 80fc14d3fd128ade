"""Write tables in CSV, and lines of JSON, as a service does.

Written by itself, not with what clients read with: so each is a check on the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ...interface import CsvForm
from ..texts.wire_text import json_text

__all__ = ["csv_text", "jsonl_text", "plain_text"]


def csv_text(form: CsvForm, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    """Write a table with all that stands before it; its lines end as RFC 4180 says."""
    lines = [f"mock line {number}" for number in range(1, form.skip + 1)]
    others = dict.fromkeys(name for row in rows for name in row if name not in columns)
    names = [*columns, *others]
    lines += _ignored_lines(form)
    kind = _first_cells(form, form.rows)
    if form.heading:
        unnamed = f"kind{form.separator}" * kind.count(form.separator)
        lines.append((_first_cells(form, form.heading_line) or unnamed) + _line(form, names))
    lines += [kind + _line(form, [row.get(name) for name in names]) for row in rows]
    lines += _ignored_lines(form)
    lines += [form.end] if form.end else []
    return "".join(f"{line}\r\n" for line in lines)


def jsonl_text(rows: Sequence[object]) -> str:
    """Write a record a line."""
    return "".join(f"{json_text(row)}\n" for row in rows)


def plain_text(value: object) -> str:
    """Write one value as a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _ignored_lines(form: CsvForm) -> list[str]:
    """Write a line of each kind that clients are to ignore, but for those that would be rows."""
    own = [text for text in (form.rows, form.heading_line) if text]
    texts = [f"{text}mock line" for text in form.ignore]
    return [text for text in texts if not text.startswith(tuple(own))]


def _first_cells(form: CsvForm, begin: str) -> str:
    """Return what a line begins with, up to where its columns do."""
    return f"{begin.removesuffix(form.separator)}{form.separator}" if begin else ""


def _line(form: CsvForm, cells: Sequence[object]) -> str:
    return form.separator.join(_cells(form, cells))


def _cells(form: CsvForm, cells: Sequence[object]) -> Iterator[str]:
    for cell in cells:
        text = plain_text(cell)
        missing = form.missing[0] if form.missing else ""
        # A line without anything would be none.
        is_quoted = (len(cells) == 1 and not text and not missing) or any(
            sign in text for sign in (form.separator, '"', "\r", "\n")
        )
        written = text or missing
        yield '"' + written.replace('"', '""') + '"' if is_quoted else written
