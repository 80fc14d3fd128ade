"""Part files: written whole, under their final name or not at all, and never changed.

The name of a part has a digest of its bytes, so that a byte that changed on the disk is found. A
random salt in the file keeps who knows names alone from guessing by them whose readings a part has.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from secrets import token_hex

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "KeyNotUniqueError",
    "LostPartsError",
    "check_key",
    "find_changed",
    "find_damaged",
    "find_parts",
    "kind_of_part",
    "metadata_of_part",
    "month_of_part",
    "remove_part",
    "write_parts",
]

_FOLDER = "parts"
_SALT = b"gridwright.salt"
_DIGEST_LENGTH = 32
"""Of the digest in a name, in hexadecimal digits; earlier releases wrote a random number of 24."""


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
        raise KeyNotUniqueError(
            f"{table.num_rows} rows have only {counted.num_rows} keys ({', '.join(key)}): "
            "the key lacks what tells them apart, such as the number of the meter"
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
            whole = _as_parquet(tables[of])
            written[of] = place / f"{of}-{_digest(whole)}.parquet"
            _write_whole(whole, written[of].with_suffix(".part"))
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


def metadata_of_part(folder: Path, name: str) -> dict[bytes, bytes] | None:
    """Return what the schema of a part says beside its columns."""
    found = dict(pq.read_schema(folder / name).metadata or {})
    found.pop(_SALT, None)
    return found or None


def find_changed(folder: Path, names: Iterable[str]) -> list[str]:
    """Return the names of parts whose bytes are not those that were written.

    Nothing is said of parts that are not there, or whose names have no digest.
    """
    return _those(folder, names, lambda path, name: not _has_digest(name) or _is_as_written(path))


def find_damaged(folder: Path, parts: Mapping[str, int]) -> list[str]:
    """Return the names of parts that are there and do not hold what was written.

    Of a part whose name has no digest, all that is known is whether it can be read.

    Args:
        folder: of the lake.
        parts: by name, how many rows a part has.
    """
    return _those(
        folder,
        parts,
        lambda path, name: (
            _is_as_written(path) if _has_digest(name) else _count_rows(path) == parts[name]
        ),
    )


def _those(folder: Path, names: Iterable[str], is_whole: Callable[[Path, str], bool]) -> list[str]:
    found = []
    for name in sorted(names):
        try:
            if is_whole(folder / name, name):
                continue
        except FileNotFoundError:  # lost, or compacted by now
            continue
        except (OSError, ValueError):  # pyarrow says it by either
            pass
        found.append(name)
    return found


def _has_digest(name: str) -> bool:
    return len(Path(name).stem.partition("-")[2]) == _DIGEST_LENGTH


def _is_as_written(path: Path) -> bool:
    return _digest(path.read_bytes()) == path.stem.partition("-")[2]


def _count_rows(path: Path) -> int:
    with path.open("rb") as file:
        return int(pq.read_table(file, use_threads=False).num_rows)


def remove_part(folder: Path, name: str) -> None:
    """Remove a part that nothing names any more."""
    (folder / name).unlink(missing_ok=True)


def _as_parquet(table: pa.Table) -> pa.Buffer:
    salted = {**(table.schema.metadata or {}), _SALT: token_hex(16).encode()}
    # In one piece: a table writes many small ones.
    whole = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(salted), whole, compression="zstd")
    return whole.getvalue()


def _digest(whole: bytes | pa.Buffer) -> str:
    return hashlib.sha256(whole).hexdigest()[:_DIGEST_LENGTH]


def _write_whole(whole: pa.Buffer, path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        left = memoryview(whole)
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
