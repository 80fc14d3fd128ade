"""Part files: written whole, under their final name or not at all, and never changed."""

import os
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["KeyNotUniqueError", "check_key", "find_parts", "remove_part", "write_part"]

_FOLDER = "parts"


class KeyNotUniqueError(ValueError):
    """Two rows of one reply have one key, so that one of them would be lost."""


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
        raise KeyNotUniqueError(
            f"{table.num_rows} rows have only {counted.num_rows} keys ({', '.join(key)}): "
            "the key lacks what tells them apart, such as the number of the meter"
        )


def write_part(folder: Path, group: str, table: pa.Table) -> str:
    """Write a part, and return its name below the folder; it is on the disk when this returns."""
    name = f"{_FOLDER}/{group}/{token_hex(12)}.parquet"
    path = folder / name
    made = not path.parent.is_dir()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    if made:
        _sync(path.parent.parent)
    return name


def find_parts(folder: Path) -> set[str]:
    """Return the names of all part files that are there, half-written ones too."""
    return {
        path.relative_to(folder).as_posix()
        for suffix in ("parquet", "part")
        for path in (folder / _FOLDER).glob(f"*/*.{suffix}")
    }


def remove_part(folder: Path, name: str) -> None:
    """Remove a part that nothing names any more."""
    (folder / name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
