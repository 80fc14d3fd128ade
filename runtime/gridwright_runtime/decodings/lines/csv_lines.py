"""Tell the rows of a table from lines of other kinds that stand among them."""

from collections.abc import Iterable, Iterator, Sequence

from ...codecs.body import MalformedBody
from ...interface import CsvForm

__all__ = ["count_cells", "kept_lines"]


def kept_lines(lines: Iterable[list[str]], form: CsvForm) -> Iterator[list[str]]:
    """Yield the heading, where one is due, and all rows.

    Raises:
        MalformedBody: a line is neither of these, and the document does not have it ignored; or
            the last line is not that with which tables end.
    """
    # Cells are compared, not lines: a quoted cell may hold lines of its own.
    rows = _cells(form.rows, form.separator)
    named_by = _cells(form.heading_line, form.separator)
    ignored = [_cells(text, form.separator) for text in form.ignore]
    end = _cells(form.end, form.separator)
    has_ended = False
    heading: list[str] | None = None
    for number, line in enumerate(lines, form.skip + 1):
        is_heading = bool(named_by) and _begins(line, named_by)
        is_row = not is_heading and _begins(line, rows)
        if line and end:
            has_ended = _begins(line, end)
            if has_ended:
                continue
        if not line or (not (is_row and rows) and not is_heading and _is_any(line, ignored)):
            continue
        if form.heading and heading is None and (is_heading or not named_by):
            heading = line
        elif is_heading and line == heading:
            continue
        elif is_heading:
            raise MalformedBody(f"the CSV body names other columns again in row {number}")
        elif not is_row:
            raise MalformedBody(
                f"row {number} of the CSV body begins neither as the table's rows do nor as those"
                " that the document has ignored"
            )
        elif form.heading and heading is None:
            raise MalformedBody("the CSV body has rows before the line that names their columns")
        yield line
    if end and not has_ended:
        raise MalformedBody("the CSV body is cut off: its last line is not that of the document")


def count_cells(begin: str, separator: str) -> int:
    """Return over how many cells the text goes that lines begin with; empty: none."""
    return begin.removesuffix(separator).count(separator) + 1 if begin else 0


def _cells(begin: str, separator: str) -> Sequence[str]:
    return begin.split(separator) if begin else ()


def _is_any(line: Sequence[str], begins: Iterable[Sequence[str]]) -> bool:
    return any(_begins(line, begin) for begin in begins)


def _begins(line: Sequence[str], begin: Sequence[str]) -> bool:
    """Return whether a line begins with whole cells and the first signs of one more."""
    if not begin:
        return True
    whole = len(begin) - 1
    return (
        len(line) > whole
        and line[whole].startswith(begin[whole])
        and line[:whole] == [*begin[:whole]]
    )
