"""The ledger: a row for each chunk, in SQLite, for all processes of one machine.

A chunk is ``due`` until a worker claims it, ``running`` while it does, and then ``done``,
``nothing`` (the service says so), ``refused`` (consent begins later) or ``failed``. Only ``done``
and ``nothing`` are complete. No subject stands here in clear.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import IO, NamedTuple

try:
    import fcntl
except ImportError:  # not a Unix; said when a worker begins
    fcntl = None  # type: ignore[assignment]

__all__ = ["COMPLETE", "Chunk", "Ledger", "State"]

State = str
COMPLETE = ("done", "nothing")
_VERSION = "1"
_SCHEMA = """
create table if not exists facts (name text primary key, value text not null);
create table if not exists chunks (
    id integer primary key,
    subject text not null,
    shown text not null,
    start text not null,
    end text not null,
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
create index if not exists by_end on chunks (end);
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
"""


class Chunk(NamedTuple):
    """What one call reads, by the hash of its subject."""

    id: int
    subject: str
    shown: str
    start: date
    end: date


class Ledger:
    """The ledger of a lake; each thread opens its own.

    Args:
        folder: of the lake; it is made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "workers").mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(
            folder / "ledger.sqlite", timeout=60.0, isolation_level=None, check_same_thread=False
        )
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("pragma synchronous = full")
        self._database.executescript(_SCHEMA)
        self._worker: tuple[str, IO[bytes]] | None = None
        self._lake: IO[bytes] | None = None

    def close(self) -> None:
        """Close it, and give up being a worker."""
        self._database.close()
        if self._worker is not None:
            name, file = self._worker
            file.close()
            (self._folder / "workers" / name).unlink(missing_ok=True)
            self._worker = None
        if self._lake is not None:
            self._lake.close()
            self._lake = None

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("begin immediate")
        try:
            yield self._database
            self._database.execute("commit")
        except BaseException:
            self._database.execute("rollback")
            raise

    # --- workers ------------------------------------------------------------------------------

    def work(self) -> None:
        """Become a worker: a lock on a file says that it lives, and the kernel lets go of it."""
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

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep all workers out, and say whether that was possible; for who removes files."""
        with (self._folder / "lake.lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def living_others(self) -> set[str]:
        """Return the workers that live, but for this one; files of dead ones are removed."""
        own = self._worker[0] if self._worker else ""
        found = set()
        for path in (self._folder / "workers").iterdir():
            if path.name == own or path.name.startswith("."):
                continue
            try:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink(missing_ok=True)
            except BlockingIOError:
                found.add(path.name)
            except FileNotFoundError:
                continue
        return found

    def release_dead(self) -> int:
        """Give back what workers hold that do not live any more; returns how many chunks."""
        with self._writing() as database:
            held = database.execute(
                "select distinct worker from chunks where state = 'running'"
            ).fetchall()
            # Asked now, while nobody can claim: who claimed before has locked his file.
            alive = self.living_others() | ({self._worker[0]} if self._worker else set())
            dead = [worker for (worker,) in held if worker not in alive]
            count = 0
            for worker in dead:
                done = database.execute(
                    "update chunks set state = 'due', worker = '' "
                    "where state = 'running' and worker = ?",
                    (worker,),
                )
                count += done.rowcount
        return count

    # --- facts --------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Return a fact about the lake; an empty text: it is not there."""
        row = self._database.execute("select value from facts where name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        """Note a fact about the lake."""
        self._database.execute("insert or replace into facts values (?, ?)", (name, value))

    # --- chunks -------------------------------------------------------------------------------

    def add(self, rows: Iterable[tuple[str, str, date, date]]) -> None:
        """Add chunks that are not there yet: hash and mask of the subject, start and end.

        A last window that was cut short by the end of the harvest grows, and is read again; so does
        what was split off it, where consent began within.
        """
        told = list(rows)
        with self._writing() as database:
            refused = {
                (subject, start): end
                for subject, start, end in database.execute(
                    "select subject, start, end from chunks where state = 'refused'"
                )
            }
            for hash, shown, start, end in told:
                until = refused.get((hash, str(start)), str(end))
                if until >= str(end):
                    continue
                grown = database.execute(
                    "update chunks set end = ?, state = 'due' where subject = ? and start > ? "
                    "and start < ? and end < ? and state not in ('running', 'refused')",
                    (str(end), hash, str(start), str(end), str(end)),
                )
                if grown.rowcount == 0:
                    database.execute(
                        "insert or ignore into chunks (subject, shown, start, end) "
                        "values (?, ?, ?, ?)",
                        (hash, shown, until, str(end)),
                    )
            database.executemany(
                "insert into chunks (subject, shown, start, end) values (?, ?, ?, ?) "
                "on conflict (subject, start) do update set end = excluded.end, state = 'due' "
                "where excluded.end > chunks.end and chunks.state not in ('running', 'refused')",
                ((hash, shown, str(start), str(end)) for hash, shown, start, end in told),
            )

    def begin_run(self, again_from: date) -> None:
        """Begin a run: what failed is due again, and what may have been corrected.

        Args:
            again_from: windows that end after this day may still change.
        """
        with self._writing() as database:
            database.execute("update chunks set state = 'due' where state = 'failed'")
            database.execute(
                "update chunks set state = 'due' where end > ? and state in ('done', 'nothing')",
                (str(again_from),),
            )
            database.execute("insert or replace into facts values ('run', 'open')")

    def claim(self) -> Chunk | None:
        """Claim the next chunk; None: there is none that is due."""
        if self._worker is None:
            raise TypeError("only a worker claims chunks")
        with self._writing() as database:
            row = database.execute(
                "update chunks set state = 'running', worker = ?, attempts = attempts + 1 where id "
                "= (select id from chunks where state = 'due' order by id limit 1) "
                "returning id, subject, shown, start, end",
                (self._worker[0],),
            ).fetchone()
        return None if row is None else _chunk(row)

    def finish(
        self,
        chunk: Chunk,
        state: State,
        *,
        fetched_at: datetime | None = None,
        parts: Mapping[str, int] | None = None,
        code: str = "",
        error: str = "",
    ) -> None:
        """Say what became of a chunk, with the names of its parts and their rows."""
        at = "" if fetched_at is None else fetched_at.isoformat()
        rows = sum((parts or {}).values())
        with self._writing() as database:
            database.execute(
                "update chunks set state = ?, worker = '', code = ?, error = ?, rows = ?, "
                "fetched_at = case when ? = '' then fetched_at else ? end where id = ?",
                (state, code, error, rows, at, at, chunk.id),
            )
            for name, count in (parts or {}).items():
                database.execute(
                    "insert into parts values (?, ?, ?, ?)", (name, chunk.id, at, count)
                )

    def refuse_before(self, chunk: Chunk, first: date, code: str) -> None:
        """Note that a subject's data begin on a day: windows before it are refused, uncalled."""
        with self._writing() as database:
            if first < chunk.end:
                if first > chunk.start:
                    database.execute(
                        "update chunks set end = ?, state = 'refused', worker = '', code = ? "
                        "where id = ?",
                        (str(first), code, chunk.id),
                    )
                    database.execute(
                        "insert or ignore into chunks (subject, shown, start, end) "
                        "values (?, ?, ?, ?)",
                        (chunk.subject, chunk.shown, str(first), str(chunk.end)),
                    )
                else:
                    # The service refuses a day that it says it has.
                    database.execute(
                        "update chunks set state = 'failed', worker = '', code = ?, "
                        "error = 'refused although consent is older' where id = ?",
                        (code, chunk.id),
                    )
            database.execute(
                "update chunks set state = 'refused', worker = '', code = ? where subject = ? "
                "and end <= ? and (state = 'due' or id = ?)",
                (code, chunk.subject, str(first), chunk.id if first >= chunk.end else -1),
            )

    def counts(self) -> dict[State, int]:
        """Return how many chunks are in each state; the time does not depend on how many."""
        found = self._database.execute("select state, number from counts where number > 0")
        return dict(found.fetchall())

    def incomplete(self) -> list[tuple[str, str, str, State, str, str]]:
        """Return mask, start, end, state, code and error of what is not complete."""
        found: list[tuple[str, str, str, State, str, str]] = self._database.execute(
            "select shown, start, end, state, code, error from chunks "
            "where state not in ('done', 'nothing') order by subject, start"
        ).fetchall()
        return found

    def complete(self) -> list[tuple[str, str, str, str, State]]:
        """Return hash, mask, start, end and state of what is complete."""
        found: list[tuple[str, str, str, str, State]] = self._database.execute(
            "select subject, shown, start, end, state from chunks "
            "where state in ('done', 'nothing')"
        ).fetchall()
        return found

    # --- parts --------------------------------------------------------------------------------

    def parts(self) -> dict[str, int]:
        """Return the names of all parts that count, and their rows."""
        return dict(self._database.execute("select name, rows from parts").fetchall())

    def replace_parts(self, old: Iterable[str], new: Mapping[str, int], at: datetime) -> None:
        """Let new parts stand for old ones."""
        with self._writing() as database:
            database.executemany("delete from parts where name = ?", ((one,) for one in old))
            database.executemany(
                "insert into parts values (?, null, ?, ?)",
                ((name, at.isoformat(), rows) for name, rows in new.items()),
            )


def _chunk(row: tuple[int, str, str, str, str]) -> Chunk:
    id, subject, shown, start, end = row
    return Chunk(id, subject, shown, date.fromisoformat(start), date.fromisoformat(end))
