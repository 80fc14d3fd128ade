"""The ledger: a row for each chunk, in SQLite or in PostgreSQL.

A chunk is ``due`` until a worker claims it, ``running`` while it does, and then ``done``,
``nothing`` (the service says so), ``refused`` (consent begins later) or ``failed``. Only ``done``
and ``nothing`` are complete. No subject stands here in clear.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .databases.database import LedgerError
from .databases.places import connect, has_ledger

__all__ = ["COMPLETE", "Chunk", "Ledger", "LedgerError", "State", "has_ledger"]

State = str
COMPLETE = ("done", "nothing")


class Chunk(NamedTuple):
    """What one call reads, by the hash of its subject."""

    id: int
    subject: str
    shown: str
    start: date
    end: date
    fetched_at: str = ""
    """When its newest reply had come, as the ledger has it; empty: it has none."""


class Ledger:
    """The ledger of a lake; each thread opens its own.

    Args:
        folder: of the lake; it is made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._database = connect(folder)
        self._worker = ""

    def close(self) -> None:
        """Close it, and give up being a worker."""
        self._database.close()
        self._worker = ""

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- workers ------------------------------------------------------------------------------

    def work(self) -> None:
        """Become a worker, whose life others can see."""
        self._worker = self._database.work()

    def alone(self) -> AbstractContextManager[bool]:
        """Keep all workers out, and say whether that was possible; for who removes files."""
        return self._database.alone()

    def living_others(self) -> int:
        """Return how many workers live, but for this one."""
        return self._database.living_others()

    def release_dead(self) -> int:
        """Give back what workers hold that do not live any more; returns how many chunks."""
        database, count = self._database, 0
        with database.writing(exclusively=True):
            held = database.execute("select distinct worker from chunks where state = 'running'")
            # Asked after that: who had claimed by then can be seen to live.
            for worker in sorted(database.dead({name for (name,) in held.fetchall()})):
                count += database.execute(
                    "update chunks set state = 'due', worker = '' "
                    "where state = 'running' and worker = ?",
                    (worker,),
                ).rowcount
        return count

    def changing(self) -> AbstractContextManager[None]:
        """Change several things as a whole or not at all, while no other process does."""
        return self._database.writing(exclusively=True)

    # --- facts --------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Return a fact about the lake; an empty text: it is not there."""
        row = self._database.execute("select value from facts where name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        """Note a fact about the lake."""
        self._database.execute(
            "insert into facts values (?, ?) "
            "on conflict (name) do update set value = excluded.value",
            (name, value),
        )

    # --- chunks -------------------------------------------------------------------------------

    def add(self, rows: Iterable[tuple[str, str, date, date]]) -> None:
        """Add chunks that are not there yet: hash and mask of the subject, start and end.

        A last window that was cut short by the end of the harvest grows, and is read again; so does
        what was split off it, where consent began within.
        """
        database = self._database
        with database.writing(exclusively=True):
            database.execute("delete from told")
            database.executemany(
                "insert into told values (?, ?, ?, ?)",
                ((hash, shown, str(start), str(end)) for hash, shown, start, end in rows),
            )
            # Most are there already, or are of days that nobody has asked for.
            database.execute(
                "delete from told where exists (select 1 from chunks c where "
                "c.subject = told.subject and c.start = told.start "
                'and c."end" >= told."end")'
            )
            database.execute(
                'insert into chunks (subject, shown, start, "end") '
                'select subject, shown, start, "end" from told where not exists '
                "(select 1 from chunks c where c.subject = told.subject "
                'and c.start < told."end" and c."end" > told.start)'
            )
            database.execute(
                "delete from told where exists (select 1 from chunks c where "
                "c.subject = told.subject and c.start = told.start "
                'and c."end" >= told."end")'
            )
            overlapping = database.execute(
                'select subject, shown, start, "end" from told order by subject, start'
            ).fetchall()
            for hash, shown, start, end in overlapping:
                self._grow(hash, shown, start, end)

    def _grow(self, hash: str, shown: str, start: str, end: str) -> None:
        """Add a window beside chunks that lie within it."""
        execute = self._database.execute
        refused = execute(
            "select \"end\" from chunks where subject = ? and start = ? and state = 'refused'",
            (hash, start),
        ).fetchone()
        until = end if refused is None else str(refused[0])
        if until < end:
            grown = execute(
                "update chunks set \"end\" = ?, state = 'due' where subject = ? and start > ? "
                "and start < ? and \"end\" < ? and state not in ('running', 'refused')",
                (end, hash, start, end, end),
            )
            if grown.rowcount == 0:
                execute(_ADD, (hash, shown, until, end))
        execute(
            f'{_ADD_FIRST} do update set "end" = excluded."end", state = \'due\' '
            'where excluded."end" > chunks."end" '
            "and chunks.state not in ('running', 'refused')",
            (hash, shown, start, end),
        )

    def begin_run(self, again_from: date) -> None:
        """Begin a run, or go on with one that is under way or was killed: what failed is due again.

        Where a run begins, so is what may have changed. A window that was read while its values
        could still change is read again, however long ago that was.

        Args:
            again_from: windows that end after this day may still change.
        """
        database = self._database
        with database.writing(exclusively=True):
            database.execute("update chunks set state = 'due' where state = 'failed'")
            # Of several that begin at once, one does.
            begun = database.execute(
                "insert into facts values ('run', 'open') on conflict (name) "
                "do update set value = 'open' where facts.value <> 'open'"
            )
            if begun.rowcount != 1:
                return
            before = self.fact("again_from") or str(again_from)
            database.execute(
                "update chunks set state = 'due' where \"end\" > ? "
                "and state in ('done', 'nothing')",
                (min(before, str(again_from)),),
            )
            self.set_fact("again_from", str(again_from))

    def settled(self, again_from: date) -> list[tuple[str, str, str]]:
        """Return hash, start and end of what the next run does not read, sorted.

        Args:
            again_from: as `begin_run` would be told.
        """
        is_open = self.fact("run") == "open"
        last = min(self.fact("again_from") or str(again_from), str(again_from))
        found: list[tuple[str, str, str]] = self._database.execute(
            "select subject, start, \"end\" from chunks where state = 'refused' "
            "or (state in ('done', 'nothing') and (\"end\" <= ? or ? = 1)) "
            "order by subject, start",
            (last, int(is_open)),
        ).fetchall()
        return found

    def claim(self) -> Chunk | None:
        """Claim the next chunk; None: there is none that is due."""
        if not self._worker:
            raise TypeError("only a worker claims chunks")
        database = self._database
        # Who loses the claim by a loss of power has lost the chunk in hand by it, too.
        with database.writing(durably=False):
            row = database.execute(
                "update chunks set state = 'running', worker = ?, attempts = attempts + 1 where id "  # noqa: S608  # a word of ours
                "= (select id from chunks where state = 'due' order by id limit 1"
                f'{database.skip_locked}) returning id, subject, shown, start, "end", fetched_at',
                (self._worker,),
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
        """Say what became of a chunk, with the names of its parts and their rows.

        A chunk that is done may have an ``error`` to tell, too: how its reply departs from the
        document. One that failed may have parts: of a list, what came is kept.
        """
        at = "" if fetched_at is None else fetched_at.isoformat()
        rows = sum((parts or {}).values())
        database = self._database
        with database.writing():
            ended = database.execute(
                "update chunks set state = ?, worker = '', code = ?, error = ?, rows = ?, "
                "fetched_at = case when cast(? as text) = '' then fetched_at else ? end "
                "where id = ? and worker = ?",
                (state, code, error, rows, at, at, chunk.id, self._worker),
            )
            if ended.rowcount != 1:
                raise LedgerError("another worker has the chunk: this one was taken for dead")
            for name, count in (parts or {}).items():
                database.execute(
                    "insert into parts values (?, ?, ?, ?)", (name, chunk.id, at, count)
                )

    def refuse_before(self, chunk: Chunk, first: date, code: str) -> None:
        """Note that a subject's data begin on a day: windows before it are refused, uncalled."""
        database = self._database
        with database.writing():
            if first < chunk.end:
                if first > chunk.start:
                    database.execute(
                        "update chunks set \"end\" = ?, state = 'refused', worker = '', code = ? "
                        "where id = ?",
                        (str(first), code, chunk.id),
                    )
                    database.execute(_ADD, (chunk.subject, chunk.shown, str(first), str(chunk.end)))
                else:
                    # The service refuses a day that it says it has.
                    database.execute(
                        "update chunks set state = 'failed', worker = '', code = ?, "
                        "error = 'refused although consent is older' where id = ?",
                        (code, chunk.id),
                    )
            database.execute(
                "update chunks set state = 'refused', worker = '', code = ? where subject = ? "
                "and \"end\" <= ? and (state = 'due' or id = ?)",
                (code, chunk.subject, str(first), chunk.id if first >= chunk.end else -1),
            )

    def fail_subject(self, chunk: Chunk, *, code: str, error: str) -> None:
        """Let a chunk have failed, and all that are due of the same subject, uncalled."""
        with self._database.writing():
            self._database.execute(
                "update chunks set state = 'failed', worker = '', code = ?, error = ? "
                "where subject = ? and (state = 'due' or id = ?)",
                (code, error, chunk.subject, chunk.id),
            )

    def counts(self) -> dict[State, int]:
        """Return how many chunks are in each state; the time does not depend on how many."""
        found = self._database.execute(
            "select state, sum(number) from counts group by state having sum(number) > 0"
        )
        return {state: int(number) for state, number in found.fetchall()}

    def incomplete(self) -> list[tuple[str, str, str, State, str, str]]:
        """Return mask, start, end, state, code and error of what is not complete."""
        found: list[tuple[str, str, str, State, str, str]] = self._database.execute(
            'select shown, start, "end", state, code, error from chunks '
            "where state not in ('done', 'nothing') order by subject, start"
        ).fetchall()
        return found

    def without_data(self) -> list[tuple[str, str, str, State, str]]:
        """Return mask, start, end, state and code of that of which the service has nothing."""
        found: list[tuple[str, str, str, State, str]] = self._database.execute(
            'select shown, start, "end", state, code from chunks '
            "where state = 'nothing' order by subject, start"
        ).fetchall()
        return found

    def told(self) -> list[tuple[str, str, str, str]]:
        """Return mask, start, end and what is said of chunks that are done all the same."""
        found: list[tuple[str, str, str, str]] = self._database.execute(
            'select shown, start, "end", error from chunks '
            "where state = 'done' and error <> '' order by subject, start"
        ).fetchall()
        return found

    def complete(self) -> list[tuple[str, str, str, str, State]]:
        """Return hash, mask, start, end and state of what is complete."""
        found: list[tuple[str, str, str, str, State]] = self._database.execute(
            'select subject, shown, start, "end", state from chunks '
            "where state in ('done', 'nothing') order by subject, start"
        ).fetchall()
        return found

    # --- parts --------------------------------------------------------------------------------

    def parts(self) -> dict[str, int]:
        """Return the names of all parts that count, and their rows."""
        return dict(self._database.execute("select name, rows from parts").fetchall())

    def stored(self) -> tuple[int, int]:
        """Return how many parts and rows there are; the time does not depend on how many."""
        found = self._database.execute("select sum(parts), sum(rows) from stored").fetchone()
        return int(found[0] or 0), int(found[1] or 0)

    def read_again(self, months: Mapping[str, str]) -> int:
        """Forget parts that are lost, and let the chunks be due whose rows they held.

        Args:
            months: by the name of the part, the month in which its chunks begin, such as 2024-03: a
                part that was made of many names none of them.

        Returns:
            How many chunks are due by it.
        """
        database, count = self._database, 0
        with database.writing(exclusively=True):
            for name, month in months.items():
                where, whose = self._held_by(name, month)
                count += database.execute(
                    "update chunks set state = 'due' where state in ('done', 'nothing') "  # noqa: S608  # words of ours
                    f"and {where}",
                    (whose,),
                ).rowcount
                database.execute("delete from parts where name = ?", (name,))
        return count

    def windows_of(self, name: str, month: str) -> list[tuple[str, str, str]]:
        """Return mask, start and end of the chunks whose rows a part holds.

        Args:
            name: of the part.
            month: as in `read_again`.
        """
        where, whose = self._held_by(name, month)
        found: list[tuple[str, str, str]] = self._database.execute(
            f"select shown, start, \"end\" from chunks where {where} and state <> 'refused' "  # noqa: S608  # words of ours
            "order by subject, start",
            (whose,),
        ).fetchall()
        return found

    def _held_by(self, name: str, month: str) -> tuple[str, Any]:
        """Return a condition on the chunks whose rows a part holds, and the value in it."""
        row = self._database.execute("select chunk from parts where name = ?", (name,)).fetchone()
        if row is None:
            return "id = ?", -1
        if row[0] is None:
            return "substr(start, 1, 7) = ?", month
        return "id = ?", row[0]

    def replace_parts(self, old: Iterable[str], new: Mapping[str, int], at: datetime) -> None:
        """Let new parts stand for old ones."""
        database = self._database
        with database.writing():
            database.executemany("delete from parts where name = ?", ((one,) for one in old))
            database.executemany(
                "insert into parts values (?, null, ?, ?)",
                [(name, at.isoformat(), rows) for name, rows in new.items()],
            )


_ADD_FIRST = (
    'insert into chunks (subject, shown, start, "end") values (?, ?, ?, ?) '
    "on conflict (subject, start)"
)
_ADD = f"{_ADD_FIRST} do nothing"


def _chunk(row: tuple[int, str, str, str, str, str]) -> Chunk:
    id, subject, shown, start, end, fetched_at = row
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return Chunk(id, subject, shown, first, last, fetched_at)
