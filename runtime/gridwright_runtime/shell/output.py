"""Write what a call brought: as a table, JSON, lines of JSON or CSV."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import msgspec

from ..record import Record
from ..tables.flatten import Layout, layout_of, rows_of
from .text_table import blocks, text_table, width_of

__all__ = [
    "FORMS",
    "as_plain",
    "cell",
    "form_of",
    "opened",
    "print_object",
    "print_rows",
    "replace_at_end",
    "write_records",
]

FORMS = ("table", "json", "jsonl", "csv", "parquet", "xlsx", "raw")
_BY_SUFFIX = {f".{form}": form for form in FORMS if form not in ("table", "raw")}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def form_of(given: str | None, to: Path | None) -> str:
    """Return the form of the output: what is said, or by the name of the file."""
    return given or (_BY_SUFFIX.get(to.suffix.lower(), "") if to is not None else "") or "table"


def write_records(
    records: Iterable[Record], models: Sequence[type[Record]], form: str, to: Path | None
) -> int:
    """Write records, and return how many there were; a file is there whole, or not at all.

    Args:
        records: may come one by one; lines of JSON and CSV are written as they come.
        models: of the records, of which the first is the declared one.
        form: one of texts.
        to: the file; None: standard output.

    Raises:
        OSError: it cannot be written.
    """
    with opened(to) as file:
        return _WRITERS[form](records, layout_of(models), file)


def print_object(data: object) -> None:
    """Print an object as JSON, in UTF-8; Decimals are numbers, exact as they stand."""
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.format(_ENCODER.encode(data), indent=1) + b"\n")
    sys.stdout.buffer.flush()


def as_plain(record: Any) -> Any:
    """Return a record under our names, as JSON has it; Decimals stay what they are."""
    if isinstance(record, Record):
        return {name: as_plain(getattr(record, name)) for name in record.__struct_fields__}
    if isinstance(record, list | tuple):
        return [as_plain(item) for item in record]
    if isinstance(record, dict):
        return {key: as_plain(item) for key, item in record.items()}
    return _scalar(record)


def _scalar(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return msgspec.to_builtins(value)
    if isinstance(value, bytes):
        from base64 import b64encode

        return b64encode(value).decode()
    if value is None or isinstance(value, str | int | Decimal | bool):
        return value
    return str(value)


def _as_json(records: Iterable[Record], layout: Layout, file: IO[bytes]) -> int:
    found = [as_plain(record) for record in records]
    file.write(msgspec.json.format(_ENCODER.encode(found), indent=1) + b"\n")
    return len(found)


def _as_json_lines(records: Iterable[Record], layout: Layout, file: IO[bytes]) -> int:
    count = 0
    for record in records:
        file.write(_ENCODER.encode(as_plain(record)) + b"\n")
        count += 1
    return count


def _as_csv(records: Iterable[Record], layout: Layout, file: IO[bytes]) -> int:
    import csv  # few results are

    writer = csv.writer(_Encoded(file), lineterminator="\n")
    writer.writerow([column.name for column in layout.columns])
    count = 0
    for row in rows_of(records, layout):
        count += 1
        writer.writerow([cell(value) for value in row])
    return count


def _as_table(records: Iterable[Record], layout: Layout, file: IO[bytes]) -> int:
    names = [column.name for column in layout.columns]
    values = list(rows_of(records, layout))
    print_rows(names, values, file)
    return len(values)


def print_rows(names: Sequence[str], values: Sequence[tuple[Any, ...]], file: IO[bytes]) -> None:
    """Print rows as a table, or as blocks where a table is too wide."""
    rows = [[_cell_text(value) for value in row] for row in values]
    numeric = [
        any(isinstance(row[place], Decimal | int) for row in values) for place in range(len(names))
    ]
    if not rows:
        text = "no records"
    elif width_of(names, rows) <= _columns():
        text = text_table(names, rows, numeric)
    else:
        text = blocks(names, rows)
    file.write(f"{text}\n".encode())


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):  # it is no terminal
        return _USUAL_COLUMNS


_USUAL_COLUMNS = 160
_WRITERS: dict[str, Callable[[Iterable[Record], Layout, IO[bytes]], int]] = {
    "json": _as_json,
    "jsonl": _as_json_lines,
    "csv": _as_csv,
    "table": _as_table,
}


class _Encoded:
    """What the writer of CSV writes to."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def cell(value: Any) -> str:
    """Return a value as the text of a cell; empty where it is missing."""
    if value is None:
        return ""
    if isinstance(value, Record | list | dict):
        return _ENCODER.encode(as_plain(value)).decode()
    if isinstance(value, Decimal):
        # 1E+999999999 is nine letters in a reply, and would be a gigabyte of zeros here.
        return format(value, "f") if abs(value.adjusted()) < _MOST_DIGITS else str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(_scalar(value))


def _cell_text(value: Any) -> str:
    # A control character of a provider's text must not steer the terminal.
    text = value.isoformat(" ") if isinstance(value, datetime) else cell(value)
    return "".join(one if one.isprintable() else " " for one in text)


@contextmanager
def opened(to: Path | None) -> Iterator[IO[bytes]]:
    """Open a file that is there whole or not at all, or standard output."""
    if to is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replace_at_end(to) as path, path.open("wb") as file:
        yield file


@contextmanager
def replace_at_end(to: Path) -> Iterator[Path]:
    """Give a name beside a file, and move what is written there to the file at the end."""
    path = to.with_name(f".{to.name}.part")
    try:
        yield path
        path.replace(to)
    finally:
        path.unlink(missing_ok=True)


_MOST_DIGITS = 100
