"""Part files: written whole, under their final name or not at all, and never changed."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "KeyNotUniqueError",
    "LostPartsError",
    "check_key",
    "find_damaged",
    "find_parts",
    "kind_of_part",
    "month_of_part",
    "remove_part",
    "write_parts",
]

_FOLDER = "parts"
_OF_READINGS = ("interval_start", "read_at", "quantity")
"""What tells readings of one series apart."""


class KeyNotUniqueError(ValueError):
    """Two rows of one reply have one key, so that one of them would be lost."""


class LostPartsError(OSError):
    """Part files that the ledger names are gone or damaged: what a lake holds is not whole."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        files = "part file is" if len(names) == 1 else "part files are"
        super().__init__(
            f"{len(names)} {files} lost or damaged, such as {names[0]}: put them back, or read "
            f"them again: gridwright harvest repair {folder} --read-again"
        )
        self.names = tuple(names)


def check_key(table: pa.Table, key: tuple[str, ...]) -> None:
    """Make sure that no two rows have one key.

    Raises:
        KeyNotUniqueError: two have.
        ValueError: there is no such column.
    """
    if unknown := [name for name in key if name not in table.column_names]:
        raise ValueError(
            f"the key names {', '.join(unknown)}; columns: {', '.join(table.column_names)}"
        )
    # A reply is small: threads would cost more than they save.
    grouped = table.select(list(key)).group_by(list(key), use_threads=False)
    counted = grouped.aggregate([([], "count_all")])
    if counted.num_rows != table.num_rows:
        lacking = [name for name in _OF_READINGS if name in set(table.column_names) - set(key)]
        such_as = ", ".join(lacking) or "the number of the meter"
        raise KeyNotUniqueError(
            f"{table.num_rows} rows have only {counted.num_rows} keys ({', '.join(key)}): "
            f"the key lacks what tells them apart, such as {such_as}"
        )


def write_parts(folder: Path, month: str, tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Write a part for each kind of table; all are on the disk when this returns.

    Returns:
        Their names below the folder, and their rows.
    """
    place = folder / _FOLDER / month
    _make(place)
    written: dict[str, Path] = {}
    try:
        for of in tables:
            name = f"{of}-{token_hex(12)}"
            written[of] = place / f"{name}.parquet"
            _write_whole(tables[of], place / f"{name}.part")
        for path in written.values():
            path.with_suffix(".part").replace(path)
    except BaseException:
        for path in written.values():
            path.with_suffix(".part").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        raise
    _sync(place)
    return {
        path.relative_to(folder).as_posix(): tables[of].num_rows for of, path in written.items()
    }


def kind_of_part(name: str) -> str:
    """Return what a part holds: readings, registers or records."""
    _, month, file = name.split("/")
    # The first lakes had a folder for each kind.
    return (file if "-" in file else month).partition("-")[0]


def month_of_part(name: str) -> str:
    """Return the month of a part, such as 2024-03."""
    return name.split("/")[1][-7:]


def find_parts(folder: Path) -> set[str]:
    """Return the names of all part files that are there, half-written ones too."""
    return {
        path.relative_to(folder).as_posix()
        for suffix in ("parquet", "part")
        for path in (folder / _FOLDER).glob(f"*/*.{suffix}")
    }


def find_damaged(folder: Path, parts: Mapping[str, int]) -> list[str]:
    """Return the names of parts that are there and do not hold what they should.

    Args:
        folder: of the lake.
        parts: by name, how many rows a part has.
    """
    found = []
    for name, rows in sorted(parts.items()):
        if not (folder / name).is_file():
            continue
        try:
            is_whole = pq.read_metadata(folder / name).num_rows == rows
        except (OSError, ValueError):  # pyarrow says it by either
            is_whole = False
        if not is_whole:
            found.append(name)
    return found


def remove_part(folder: Path, name: str) -> None:
    """Remove a part that nothing names any more."""
    (folder / name).unlink(missing_ok=True)


def _write_whole(table: pa.Table, path: Path) -> None:
    # In one piece: a table writes many small ones.
    whole = pa.BufferOutputStream()
    pq.write_table(table, whole, compression="zstd")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        left = memoryview(whole.getvalue())
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())


def _make(place: Path) -> None:
    """Make a folder that is still there after a loss of power."""
    if place.is_dir():
        return
    _make(place.parent)
    place.mkdir(exist_ok=True)
    _sync(place.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
