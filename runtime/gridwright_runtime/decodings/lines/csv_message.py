"""Read a reply in CSV: columns at once where all is as the document says, else row by row."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from ...interface import Operation
from ...message import RawReply
from ...problems import Problem
from ...record import Record
from ...texts.numerals import read_decimal
from ...values.convert import ModelField, shape_of
from ..beside import list_beside_deviations
from ..bounds import MOST_PROBLEMS, refuse_sparse_records
from ..decoded_body import DecodedBody, problem_at
from ..deviations import record_deviations
from ..echoes import Answers, other_than_asked
from ..field_places import is_plain
from ..items import FailedItem, came
from ..json.plans import is_exact
from ..trees import is_list_filler, read_one
from .csv_rows import CsvTable

__all__ = ["csv_deviations", "read_csv"]

Reader = Callable[[list[list[str]]], list[Record] | None]
"""Reads rows that are just as the document says; None for others."""


def read_csv(operation: Operation[Any], raw: RawReply) -> DecodedBody:
    """Return the records of a table; it says nothing of success.

    Raises:
        MalformedBody: it is none, or cannot be told apart.
    """
    table = CsvTable(operation.reply, raw.body, raw.content_type)
    model: Any = operation.reply.model
    read_fast = _fast(operation, table)
    fields = len(shape_of(model).fields)
    records: list[Any] = []
    unreadable: list[Problem] = [*table.columns.unreadable]
    failed: list[FailedItem] = []
    for rows in table.chunks():
        found = read_fast(rows) if read_fast is not None else None
        if found is not None:
            records += found
        else:
            _read_rows(operation, table, rows, records, unreadable, failed)
        if len(unreadable) >= MOST_PROBLEMS:
            break
        refuse_sparse_records(len(records), fields, len(raw.body))
    return DecodedBody(payload=records, unreadable=unreadable, around={}, failed=failed)


def csv_deviations(operation: Operation[Any], raw: RawReply, answers: Answers) -> Iterator[Problem]:
    """Yield how a table that can be read departs from the document."""
    table = CsvTable(operation.reply, raw.body, raw.content_type)
    yield from table.unusual
    yield from table.columns.unusual
    unusual: list[Problem] = []
    yield from record_deviations(operation, table.records(unusual))
    yield from unusual
    yield from list_beside_deviations(operation, {}, raw, "csv")
    if answers:
        again = CsvTable(operation.reply, raw.body, raw.content_type)
        yield from other_than_asked(operation, list(again.records([])), "csv", answers)


def _read_rows(
    operation: Operation[Any],
    table: CsvTable,
    rows: Sequence[Sequence[str]],
    records: list[Any],
    unreadable: list[Problem],
    failed: list[FailedItem],
) -> None:
    """Add the records of rows, one by one; what cannot be read is added to ``unreadable``."""
    for row in filter(None, rows):
        path = f"records[{len(records)}]"
        wire = table.wire(row)
        if wire is None:
            what = f"has {len(row)} cells, and the table {table.columns.width} columns"
            unreadable.append(problem_at(path, "other-cells", what))
            records.append(None)
        elif is_list_filler(operation, wire):
            continue
        elif came(operation.reply, wire, len(records) + len(failed), path, failed, unreadable):
            records.append(read_one(operation, wire, path, unreadable))
        if len(unreadable) >= MOST_PROBLEMS:
            return


def _fast(operation: Operation[Any], table: CsvTable) -> Reader | None:
    """Return a reader of many rows at once; None where each needs a closer look."""
    model: Any = operation.reply.model
    fields = shape_of(model).fields
    columns = table.columns
    is_flat = all(field.model is None and not (field.many or field.beside) for field in fields)
    if not is_exact(model) or not is_plain(model) or not is_flat:
        return None
    if operation.reply.variants or operation.reply.verdict is not None:
        return None
    absent = {*columns.absent}
    if columns.unreadable or any(f.wire in absent and not f.nullable for f in fields):
        return None
    there = [field for field in fields if field.wire in columns.places]
    make = _maker(
        model,
        tuple(field.name for field in there),
        tuple(field.name for field in fields if field.wire in absent),
    )
    width = columns.width

    def read(rows: list[list[str]]) -> list[Record] | None:
        if {*map(len, rows)} != {width}:
            return None
        cells = list(zip(*rows, strict=True))
        values = []
        for field in there:
            column_cells = cells[columns.places[field.wire]]
            column = _column(field, column_cells, table.missing_among(column_cells))
            if column is None:
                return None
            values.append(column)
        return list(map(make, *values))

    return read


@cache
def _maker(
    model: type[Record], given: tuple[str, ...], missing: tuple[str, ...]
) -> Callable[..., Record]:
    """Return a function that makes a record of the values of some fields, in their order."""
    # Made as dataclasses make theirs, of names of fields alone: to gather the keywords of each
    # row takes three times as long, and is half of the time in which a table is read.
    values = [f"{name}=v{number}" for number, name in enumerate(given)]
    values += [f"{name}=None" for name in missing]
    arguments = ", ".join(f"v{number}" for number in range(len(given)))
    text = f"lambda {arguments}: model({', '.join(values)})"
    return cast("Callable[..., Record]", eval(text, {"model": model}))  # noqa: S307


def _column(
    field: ModelField, cells: tuple[str, ...], missing: frozenset[str]
) -> Sequence[object] | None:
    """Return the values of a column; None where a cell needs a closer look.

    Args:
        field: of which the column is.
        cells: of the column.
        missing: those of them that hold nothing.
    """
    if missing:
        if not field.nullable:
            return None
        there = [None if cell in missing else cell for cell in cells]
        values = _values(field, [cell for cell in there if cell is not None])
        if values is None:
            return None
        following = iter(values)
        return [None if cell is None else next(following) for cell in there]
    return _values(field, cells)


def _values(field: ModelField, cells: Sequence[str]) -> Sequence[object] | None:
    if field.is_text:
        return cells
    if field.read is read_decimal:
        return _decimals(cells)
    try:
        # Most dates, times and codes come again and again.
        known = {cell: field.read(cell) for cell in {*cells}}
    except ValueError:
        return None
    return [known[cell] for cell in cells]


def _decimals(cells: Sequence[str]) -> Sequence[Decimal] | None:
    letters = "".join(cells)
    # Decimal takes 1_5, digits of other scripts, NaN and Infinity for numbers; every spelling of
    # those two has one of these letters.
    if "_" in letters or not letters.isascii() or any(letter in letters for letter in "aAfF"):
        return None
    try:
        return list(map(Decimal, cells))
    except InvalidOperation:
        return None
