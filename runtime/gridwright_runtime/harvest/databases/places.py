"""Find the ledger of a lake: a file of its own, or a schema in a database that several machines
use.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import msgspec
from msgspec import Struct

from .database import Database, LedgerError
from .sqlite import SQLITE_NAME, SqliteDatabase

__all__ = ["connect", "has_ledger", "place_ledger"]

_NAME = "ledger.json"


class _Place(Struct, frozen=True, kw_only=True):
    """What `ledger.json` says."""

    address: str
    lake: str


def place_ledger(folder: Path, address: str) -> None:
    """Say where the ledger of a lake is, before it is opened for the first time.

    Args:
        folder: of the lake, which all machines see.
        address: of a PostgreSQL database, such as ``postgresql://host/name``; empty: where it is.

    Raises:
        ValueError: the address has a password, or the lake has its ledger elsewhere.
    """
    if not address:
        return
    if not address.startswith(("postgresql://", "postgres://")):
        raise ValueError("a ledger is at an address such as postgresql://host/name")
    if re.match(r"[a-z]+://[^/@]*:[^/@]*@", address) or "password=" in address:
        raise ValueError(
            "the address of a ledger has no password: give it by PGPASSWORD, or in ~/.pgpass"
        )
    known = _place(folder)
    if known is None and not (folder / SQLITE_NAME).exists():
        made = folder / f".{_NAME}.{os.getpid()}"
        place = _Place(address=address, lake=f"gridwright_{token_hex(8)}")
        made.write_bytes(msgspec.json.encode(place) + b"\n")
        with suppress(FileExistsError):
            os.link(made, folder / _NAME)  # whoever comes first has made it
        made.unlink()
        known = _place(folder)
    if known is None or known.address != address:
        where = f"in {folder / SQLITE_NAME}" if known is None else f"at {known.address}"
        raise ValueError(f"the ledger of this lake is {where}")


def has_ledger(folder: Path) -> bool:
    """Whether there is a lake in a folder."""
    return (folder / SQLITE_NAME).is_file() or (folder / _NAME).is_file()


def connect(folder: Path) -> Database:
    """Connect to the ledger of a lake; it is made if need be.

    Raises:
        LedgerError: it cannot be reached.
    """
    place = _place(folder)
    if place is None:
        return SqliteDatabase(folder)
    try:
        from .postgres import PostgresDatabase
    except ModuleNotFoundError:
        message = "psycopg is not installed: pip install 'gridwright[postgres]'"
        raise LedgerError(message) from None
    return PostgresDatabase(place.address, place.lake)


def _place(folder: Path) -> _Place | None:
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=_Place)
    except FileNotFoundError:
        return None
