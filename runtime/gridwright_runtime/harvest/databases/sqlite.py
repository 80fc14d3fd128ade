"""A ledger in SQLite: a file in the lake, for all processes of one machine.

A worker holds a lock on a file of its own; the kernel lets go of it, however the worker ends.
"""

import errno
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from .database import Cursor, LedgerError
from .layout import LAYOUT, check_layout

try:
    import fcntl
except ImportError:  # not a Unix; said when a worker begins
    fcntl = None  # type: ignore[assignment]

__all__ = ["SQLITE_NAME", "SqliteDatabase"]

SQLITE_NAME = "ledger.sqlite"
_WAIT_SECONDS = 60.0
"""For others that write."""
_SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists chunks (
    id integer primary key,
    subject text not null,
    shown text not null,
    start text not null,
    "end" text not null,
    state text not null default 'due',
    worker text not null default '',
    attempts integer not null default 0,
    code text not null default '',
    error text not null default '',
    fetched_at text not null default '',
    rows integer not null default 0,
    unique (subject, start)
);
create index if not exists by_state on chunks (state, id);
create index if not exists by_end on chunks ("end");
create index if not exists by_told on chunks (state, subject, start) where error <> '';
create table if not exists parts (
    name text primary key,
    chunk integer,
    fetched_at text not null,
    rows integer not null
);
create index if not exists by_chunk on parts (chunk);
create table if not exists counts (state text primary key, number integer not null);
create trigger if not exists counted_in after insert on chunks begin
    insert into counts values (new.state, 1)
        on conflict (state) do update set number = number + 1;
end;
create trigger if not exists counted_out after delete on chunks begin
    update counts set number = number - 1 where state = old.state;
end;
create trigger if not exists counted_on after update of state on chunks
when old.state is not new.state begin
    update counts set number = number - 1 where state = old.state;
    insert into counts values (new.state, 1)
        on conflict (state) do update set number = number + 1;
end;
create table if not exists stored (
    one integer primary key check (one = 1), parts integer not null, rows integer not null
);
insert into stored select 1, count(*), coalesce(sum(rows), 0) from parts
    where not exists (select 1 from stored) having not exists (select 1 from stored);
create trigger if not exists stored_in after insert on parts begin
    update stored set parts = parts + 1, rows = rows + new.rows;
end;
create trigger if not exists stored_out after delete on parts begin
    update stored set parts = parts - 1, rows = rows - old.rows;
end;
create temp table told (subject text, shown text, start text, "end" text);
"""


class SqliteDatabase:
    """One connection to the ledger of a lake.

    Args:
        folder: of the lake.
    """

    skip_locked = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Who may not write to a lake reads what it holds.
        is_read_only = (folder / SQLITE_NAME).is_file() and not os.access(folder, os.W_OK)
        if not is_read_only:
            (folder / "workers").mkdir(parents=True, exist_ok=True)
        with _told():
            self._connection = sqlite3.connect(
                _read_only_address(folder) if is_read_only else folder / SQLITE_NAME,
                timeout=_WAIT_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                uri=is_read_only,
            )
        self._is_durable = True
        try:
            with _told():
                if is_read_only:
                    self._check_layout()
                else:
                    self._prepare()
        except BaseException:
            self._connection.close()
            raise
        self._worker: tuple[str, IO[bytes]] | None = None
        self._lake: IO[bytes] | None = None

    def _check_layout(self) -> None:
        find = "select 1 from sqlite_master where type = 'table' and name = 'facts'"
        if self._connection.execute(find).fetchone() is not None:
            check_layout(dict(self._connection.execute("select name, value from facts")))

    def _prepare(self) -> None:
        self._check_layout()
        self._write_ahead()
        self._connection.execute("pragma synchronous = full")
        self._connection.executescript(_SCHEMA)
        note = "insert into facts values ('layout', ?) on conflict (name) do nothing"
        self._connection.execute(note, (str(LAYOUT),))

    def _write_ahead(self) -> None:
        """Write to a log ahead of the file, so that readers and a writer work at once."""
        began = time.monotonic()
        while True:
            try:
                self._connection.execute("pragma journal_mode = wal")
            except sqlite3.OperationalError as error:
                # SQLite itself waits for nobody here.
                is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not is_busy or time.monotonic() - began > _WAIT_SECONDS:
                    raise
                time.sleep(0.01)
            else:
                return

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        """Carry out one statement."""
        with _told():
            return self._connection.execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each row."""
        with _told():
            self._connection.executemany(statement, rows)

    @contextmanager
    def writing(self, *, exclusively: bool = False, durably: bool = True) -> Iterator[None]:
        """Change something as a whole or not at all; one does so at a time in any case."""
        if durably != self._is_durable:
            self.execute(f"pragma synchronous = {'full' if durably else 'normal'}")
            self._is_durable = durably
        self.execute("begin immediate")
        try:
            yield
            self.execute("commit")
        except BaseException:
            # It has ended already where the disk is full.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("rollback")
            raise

    def work(self) -> str:
        """Become a worker: a lock on a file says that it lives."""
        if fcntl is None:
            raise OSError("this platform has no fcntl to lock files with")
        self._lake = (self._folder / "lake.lock").open("ab")
        fcntl.flock(self._lake, fcntl.LOCK_SH)
        name = f"{os.getpid()}-{token_hex(8)}"
        # Nobody must find the file before it is locked: he would take the worker for dead.
        hidden = self._folder / "workers" / f".{name}"
        file = hidden.open("wb")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        hidden.rename(self._folder / "workers" / name)
        self._worker = (name, file)
        return name

    def dead(self, workers: Collection[str]) -> set[str]:
        """Return those that do not live any more."""
        return set(workers) - self._living()

    def living_others(self) -> int:
        """Return how many workers live, but for this one."""
        return len(self._living() - ({self._worker[0]} if self._worker else set()))

    def _living(self) -> set[str]:
        """Return all workers that live; files of dead ones are removed."""
        own = self._worker[0] if self._worker else ""
        found = {own} if own else set()
        for path in (self._folder / "workers").iterdir():
            if path.name == own or path.name.startswith("."):
                continue
            try:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink(missing_ok=True)
            except BlockingIOError:
                found.add(path.name)
            except (FileNotFoundError, PermissionError):
                continue
            except OSError as error:
                if error.errno != errno.EROFS:
                    raise
        return found

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep all workers out, and say whether that was possible."""
        with (self._folder / "lake.lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def close(self) -> None:
        """Close it, and give up being a worker."""
        self._connection.close()
        if self._worker is not None:
            name, file = self._worker
            file.close()
            (self._folder / "workers" / name).unlink(missing_ok=True)
            self._worker = None
        if self._lake is not None:
            self._lake.close()
            self._lake = None


@contextmanager
def _told() -> Iterator[None]:
    """Say of the file's errors what they are, such as a full disk; errors of ours stay."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        help = ""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            help = "; who changes a lake must be allowed to write to its folder"
        raise LedgerError(f"the ledger cannot be used: {error}{help}") from None


def _read_only_address(folder: Path) -> str:
    """Return the address of a ledger whose folder cannot be written to."""
    file = (folder / SQLITE_NAME).absolute()
    log = file.with_name(f"{SQLITE_NAME}-wal")
    if log.is_file() and log.stat().st_size:
        # A worker is at work, or was killed: what is in the log counts.
        return f"{file.as_uri()}?mode=ro"
    return f"{file.as_uri()}?mode=ro&immutable=1"
