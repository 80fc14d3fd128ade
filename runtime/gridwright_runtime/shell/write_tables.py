"""Write an Arrow table: as a file of Parquet or a spreadsheet, or as text."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow as pa

from .output import cell, opened, print_rows, replace_at_end
from .usage_error import UsageError

__all__ = ["write_table"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_MOST_DIGITS = 15
"""A number of a spreadsheet has no more."""


def write_table(table: pa.Table, form: str, to: Path | None) -> int:
    """Write a table, and return how many rows it has; a file is there whole, or not at all.

    Raises:
        OSError: it cannot be written.
        UsageError: the form is one of files, and there is none, or a library is not installed.
    """
    if form in ("parquet", "xlsx"):
        if to is None:
            raise UsageError(f"--output {form} needs --to FILE")
        with replace_at_end(to) as path:
            _write_file(table, form, path)
    else:
        with opened(to) as file:
            _TEXTS[form](table, file)
    return int(table.num_rows)


def _write_file(table: pa.Table, form: str, path: Path) -> None:
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, path, compression="zstd")
        return
    try:
        import xlsxwriter
    except ModuleNotFoundError:
        raise UsageError("xlsxwriter is not installed: pip install 'gridwright[tables]'") from None
    # No text becomes a formula, a number or a link.
    plain = dict.fromkeys(_MADE_OF_TEXTS, False)
    with xlsxwriter.Workbook(path, {"remove_timezone": False, **plain}) as book:
        sheet = book.add_worksheet("gridwright")
        heading = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, name in enumerate(table.column_names):
            sheet.write_string(0, place, name, heading)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            for number, value in enumerate(column.to_pylist(), 1):
                _write_cell(sheet, number, place, value, day)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    """Write a value; nothing where it is missing, and a text where a number would lose digits."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | Decimal) and _fits(value):
        # A number of so few digits is the same one when it is read again.
        sheet.write_number(row, column, float(value))
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, cell(value))


def _fits(value: int | Decimal) -> bool:
    digits = Decimal(value).normalize().as_tuple().digits
    return len(digits) <= _MOST_DIGITS


def _as_csv(table: pa.Table, file: IO[bytes]) -> None:
    class Encoded:
        def write(self, text: str) -> int:
            return file.write(text.encode())

    writer = csv.writer(Encoded(), lineterminator="\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow([cell(value) for value in row])


def _as_json(table: pa.Table, file: IO[bytes]) -> None:
    rows = [_row_by_name(table, row) for row in _rows(table)]
    file.write(msgspec.json.format(_ENCODER.encode(rows), indent=1) + b"\n")


def _as_json_lines(table: pa.Table, file: IO[bytes]) -> None:
    for row in _rows(table):
        file.write(_ENCODER.encode(_row_by_name(table, row)) + b"\n")


def _as_text(table: pa.Table, file: IO[bytes]) -> None:
    print_rows(table.column_names, _rows(table), file)


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    columns = [_column_values(column) for column in table.columns]
    return list(zip(*columns, strict=True)) if columns else []


def _column_values(column: pa.ChunkedArray) -> list[Any]:
    """Return the values of a column, without zeros that only fill up the decimals of others."""
    values: list[Any] = column.to_pylist()
    if not pa.types.is_decimal(column.type):
        return values
    return [None if one is None else _short(one) for one in values]


def _short(value: Decimal) -> Decimal:
    text = format(value, "f")
    return Decimal(text.rstrip("0").rstrip(".") or "0") if "." in text else value


def _row_by_name(table: pa.Table, row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | Decimal | str | bool) or value is None
        else cell(value)
        for name, value in zip(table.column_names, row, strict=True)
    }  # fmt: skip


_MADE_OF_TEXTS = ("strings_to_formulas", "strings_to_numbers", "strings_to_urls")
_TEXTS: dict[str, Callable[[pa.Table, IO[bytes]], None]] = {
    "table": _as_text,
    "csv": _as_csv,
    "json": _as_json,
    "jsonl": _as_json_lines,
}
