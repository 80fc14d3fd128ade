"""One granted turn of the limiter, taken and given back, beside the bare lock under it.

The limits are those of a busy service: a rate, a concurrency, a pause for each application, closed
hours. They are wide enough that nobody waits, so that what is measured is the work alone, by the
seconds that go by. In memory it stands beside a bare `threading.Lock`; across processes beside a
bare lock on a file, and beside an SQLite transaction that changes one row, which is what the store
could have been instead; across machines beside a bare round trip to the server.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.shared_server.servers import begin_long_ago, own_server

from bench.equal import require_equal
from bench.rows import Estimate, Row, Target
from bench.sizes import Size
from bench.timing import Turns, take_turns
from gridwright_runtime.clock import SystemClock
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limits,
    RateLimit,
    SpacingLimit,
    closed_weekly,
)
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore
from gridwright_runtime.limits.valkey import ValkeyLimitStore

__all__ = ["rows"]

_LIMITS = Limits(
    (
        RateLimit(name="rate", requests=1, per_seconds=1e-9),
        ConcurrencyLimit(name="at_once", at_most=8),
        SpacingLimit(name="pause", wait_seconds=1e-9, same="number"),
        closed_weekly("closed", "sunday 01:00-03:00", "Asia/Tokyo"),
    )
)


class _Midweek(SystemClock):
    """A clock on whose wall it is never Sunday night."""

    def now(self) -> datetime:
        return datetime(2024, 10, 2, tzinfo=UTC)


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    with TemporaryDirectory() as folder:
        return [_memory(size), _processes(size, Path(folder)), _machines(size, Path(folder))]


def _memory(size: Size) -> Row:
    lock = threading.Lock()

    def bare() -> None:
        with lock:
            pass

    take = _take(MemoryLimitStore())
    turns = take_turns(
        {"lock": _repeat(bare, size.turns), "turn": _repeat(take, size.turns)},
        size.rounds,
        clock=time.perf_counter,
    )
    what = "one turn among threads and tasks, beside a bare threading.Lock"
    return _row("limit-memory", what, turns, size, 50.0)


def _processes(size: Size, folder: Path) -> Row:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    with closing(sqlite3.connect(folder / "turns.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=OFF")
        database.execute("CREATE TABLE turns (number INTEGER)")
        database.execute("INSERT INTO turns VALUES (0)")

        def file_lock() -> None:
            fcntl.lockf(descriptor, fcntl.LOCK_EX)
            fcntl.lockf(descriptor, fcntl.LOCK_UN)

        def transaction() -> None:
            database.execute("BEGIN IMMEDIATE")
            database.execute("UPDATE turns SET number = number + 1")
            database.execute("COMMIT")

        turns = take_turns(
            {
                "lock": _repeat(file_lock, size.turns),
                "sqlite": _repeat(transaction, size.turns),
                "turn": _repeat(_take(FileLimitStore(folder / "limits")), size.turns),
            },
            size.rounds,
            clock=time.perf_counter,
        )
        (counted,) = database.execute("SELECT number FROM turns").fetchone()
    os.close(descriptor)
    require_equal(counted, size.turns * (size.rounds + 1), "turns and transactions")
    what = "one turn among processes, beside a bare lock on a file"
    return _row("limit-processes", what, turns, size, 1000.0)


def _machines(size: Size, folder: Path) -> Row:
    times = max(size.turns // 10, 10)
    with own_server(folder) as server:
        begin_long_ago(server.server)

        def round_trip() -> None:
            server.server.ask("PING")

        take = _take(ValkeyLimitStore(server.url))
        turns = take_turns(
            {"round_trip": _repeat(round_trip, times), "turn": _repeat(take, times)},
            size.rounds,
            clock=time.perf_counter,
        )
    to_us = 1e6 / times
    beside = turns.best("round_trip") * to_us
    return Row(
        name="limit-machines",
        what="one turn among machines, beyond a bare round trip to their server",
        unit="us",
        estimate=Estimate(
            turns.best("turn") * to_us - beside, median(turns.seconds["turn"]) * to_us - beside
        ),
        target=Target("at most", 2000.0),
        compared=times,
        details={"round_trip_us": beside, "x_round_trip": turns.ratio("turn", "round_trip").median},
    )


def _take(store: LimitStore) -> Callable[[], None]:
    gate = Limiter(
        _LIMITS,
        system="bench",
        server="https://bench.invalid",
        account="bench",
        store=store,
        clock=_Midweek(),
        margin_seconds=0.0,
    )

    def take() -> None:
        gate.take("look", "0000000001").done()

    return take


def _row(name: str, what: str, turns: Turns, size: Size, most: float) -> Row:
    """Judge by microseconds; how many times as long as what stands beside it is in the details."""
    to_us = 1e6 / size.turns
    beside = [other for other in turns.seconds if other != "turn"]
    return Row(
        name=name,
        what=what,
        unit="us",
        estimate=Estimate(turns.best("turn") * to_us, median(turns.seconds["turn"]) * to_us),
        target=Target("at most", most),
        compared=size.turns,
        details={
            **{f"{other}_us": turns.best(other) * to_us for other in turns.seconds},
            **{f"x_{other}": turns.ratio("turn", other).median for other in beside},
        },
    )


def _repeat(turn: Callable[[], None], times: int) -> Callable[[], int]:
    def run() -> int:
        for _ in range(times):
            turn()
        return times

    return run
