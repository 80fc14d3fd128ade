"""A ledger in PostgreSQL: a schema for each lake, for processes of several machines.

A worker holds an advisory lock of its session; the server lets go of it when the connection ends,
or when the machine at its other end is silent for a minute.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from secrets import randbits
from typing import Any

import psycopg

from .database import Cursor, LedgerError
from .layout import LAYOUT, check_layout

__all__ = ["PostgresDatabase"]

# Silence of half a minute is looked into; three questions without an answer end the session.
_KEPT_ALIVE = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 "
    "-c client_min_messages=warning"
)
_SCHEMA = (
    "create table facts (name text primary key, value text not null)",
    """create table chunks (
        id bigint generated always as identity primary key,
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
        rows bigint not null default 0,
        unique (subject, start)
    )""",
    "create index by_state on chunks (state, id)",
    'create index by_end on chunks ("end")',
    "create index by_told on chunks (state, subject, start) where error <> ''",
    """create table parts (
        name text primary key,
        chunk bigint,
        fetched_at text not null,
        rows bigint not null
    )""",
    "create index by_chunk on parts (chunk)",
    # A row for each session, so that no session waits for the counts of another.
    """create table counts (
        state text not null, session integer not null, number bigint not null,
        primary key (state, session)
    )""",
    """create function counted() returns trigger language plpgsql as $body$
    begin
        if tg_op <> 'INSERT' then
            insert into counts select state, pg_backend_pid(), -count(*) from before group by state
            on conflict (state, session) do update set number = counts.number + excluded.number;
        end if;
        if tg_op <> 'DELETE' then
            insert into counts select state, pg_backend_pid(), count(*) from after group by state
            on conflict (state, session) do update set number = counts.number + excluded.number;
        end if;
        return null;
    end $body$""",
    """create table stored (
        session integer primary key, parts bigint not null, rows bigint not null
    )""",
    """create function stored() returns trigger language plpgsql as $body$
    begin
        if tg_op = 'INSERT' then
            insert into stored select pg_backend_pid(), count(*), coalesce(sum(rows), 0) from after
            on conflict (session) do update
            set parts = stored.parts + excluded.parts, rows = stored.rows + excluded.rows;
        else
            insert into stored select pg_backend_pid(), -count(*), -coalesce(sum(rows), 0)
            from before on conflict (session) do update
            set parts = stored.parts + excluded.parts, rows = stored.rows + excluded.rows;
        end if;
        return null;
    end $body$""",
    "create trigger stored_in after insert on parts referencing new table as after "
    "for each statement execute function stored()",
    "create trigger stored_out after delete on parts referencing old table as before "
    "for each statement execute function stored()",
    "create trigger counted_in after insert on chunks referencing new table as after "
    "for each statement execute function counted()",
    "create trigger counted_out after delete on chunks referencing old table as before "
    "for each statement execute function counted()",
    "create trigger counted_on after update on chunks referencing old table as before "
    "new table as after for each statement execute function counted()",
)
_TOLD = 'create temp table told (subject text, shown text, start text, "end" text)'


class PostgresDatabase:
    """One connection to the ledger of a lake.

    Args:
        address: of the database, without a password: that is asked of the environment.
        lake: name of the schema; it is made if need be.

    Raises:
        LedgerError: the server cannot be reached.
    """

    skip_locked = " for update skip locked"

    def __init__(self, address: str, lake: str) -> None:
        if not lake.isidentifier():
            raise ValueError("a lake has a name of letters and digits")
        self._lake = lake
        self._worker = 0
        with _translate_errors():
            self._connection = psycopg.connect(
                address, autocommit=True, connect_timeout=20, options=_KEPT_ALIVE
            )
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        with self.writing(exclusively=True):
            found = self.execute("select 1 from pg_namespace where nspname = ?", (self._lake,))
            is_new = found.fetchone() is None
            if is_new:
                self.execute(f"create schema {self._lake}")
            self.execute(f"set local search_path = {self._lake}, pg_temp")
            if not is_new:
                check_layout(dict(self.execute("select name, value from facts").fetchall()))
            for statement in _SCHEMA if is_new else ():
                self.execute(statement)
            note = "insert into facts values ('layout', ?) on conflict (name) do nothing"
            self.execute(note, (str(LAYOUT),))
        self.execute(f"set search_path = {self._lake}, pg_temp")
        self.execute(_TOLD)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        """Carry out one statement."""
        with _translate_errors():
            # Statements are our own; values never stand in them.
            return self._connection.execute(statement.replace("?", "%s"), values or None)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each row."""
        with _translate_errors(), self._connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s"), rows)

    @contextmanager
    def writing(self, *, exclusively: bool = False, durably: bool = True) -> Iterator[None]:
        """Change something as a whole or not at all; see `Database`."""
        with _translate_errors(), self._connection.transaction():
            if not durably:
                self.execute("set local synchronous_commit = off")
            if exclusively:
                lock = "select pg_advisory_xact_lock(hashtext(?), 1)"
                self.execute(lock, (self._lake,))
            yield

    def work(self) -> str:
        """Become a worker: a lock of this session says that it lives."""
        self.execute("select pg_advisory_lock_shared(hashtext(?), 2)", (self._lake,))
        self._worker = randbits(62)
        self.execute("select pg_advisory_lock(?)", (self._worker,))
        return str(self._worker)

    def dead(self, workers: Collection[str]) -> set[str]:
        """Return those that do not live any more: nobody holds their locks."""
        found = set()
        for worker in workers:
            if int(worker) == self._worker:
                continue
            row = self.execute("select pg_try_advisory_lock(?)", (int(worker),)).fetchone()
            if row[0]:
                self.execute("select pg_advisory_unlock(?)", (int(worker),))
                found.add(worker)
        return found

    def living_others(self) -> int:
        """Return how many workers live, but for this one."""
        found = self.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock' "
            "and granted and objsubid = 2 and objid = 2 "
            "and classid = (hashtext(?)::bigint & 4294967295)::oid "
            "and database = (select oid from pg_database where datname = current_database()) "
            "and pid <> pg_backend_pid()",
            (self._lake,),
        )
        return int(found.fetchone()[0])

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep all workers out, and say whether that was possible."""
        asked = "select pg_try_advisory_lock(hashtext(?), 2)"
        is_alone = bool(self.execute(asked, (self._lake,)).fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                self.execute("select pg_advisory_unlock(hashtext(?), 2)", (self._lake,))

    def close(self) -> None:
        """Close it, and give up being a worker."""
        with suppress(psycopg.Error):
            self._connection.close()


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Say of the server's errors what they are; a connection that is lost has lost its claims."""
    try:
        yield
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise LedgerError(f"the ledger cannot be reached: {said[0]}") from None
