"""One helper for each boundary: limits like those of the documents, limiters, schedules."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tests.shared_server.servers import shared_url

from gridwright_runtime.clock import Clock
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    Limit,
    Limits,
    RateLimit,
    SpacingLimit,
    closed_weekly,
)
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.queue import AccountQueue
from gridwright_runtime.limits.store import LimitStore, MemoryLimitStore, account_of
from gridwright_runtime.limits.valkey import ValkeyLedger, ValkeyLimitStore

from .clocks import ThreadClock, run_in_virtual_time
from .judge import Served

ONE_A_SECOND = RateLimit(name="one_a_second", requests=1, per_seconds=1.0)
TWO_AT_ONCE = ConcurrencyLimit(name="two_at_once", at_most=2)
PAUSE = SpacingLimit(name="pause", wait_seconds=1.0, same="number", operations=("change", "undo"))
SUNDAY = closed_weekly("sunday_night", "sunday 01:00-03:00", "Asia/Tokyo")
SERVER = "https://sample.invalid"
COMPANY = "invented company"
ACCOUNT = account_of(SERVER, COMPANY)


def limiter_of(
    *limits: Limit,
    clock: Clock,
    store: LimitStore | None = None,
    account: str = COMPANY,
    margin_seconds: float = 0.0,
    unanswered_seconds: float = 0.0,
    unknown_is_same: bool = False,
) -> Limiter:
    return Limiter(
        Limits(limits),
        system="sample",
        server=SERVER,
        account=account,
        store=store or MemoryLimitStore(),
        clock=clock,
        margin_seconds=margin_seconds,
        unanswered_seconds=unanswered_seconds,
        unknown_is_same=unknown_is_same,
    )


def store_of(kind: str, folder: Path) -> LimitStore:
    if kind == "valkey":
        return VirtualValkeyStore(folder)
    return MemoryLimitStore() if kind == "memory" else FileLimitStore(folder / "limits")


class VirtualValkeyStore(ValkeyLimitStore):
    """Keeps limits at a real server, which has the time of a test; those of a folder share."""

    def __init__(self, folder: Path) -> None:
        super().__init__(shared_url())
        self._folder = folder

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        return super().queue(f"{account}:{self._folder}", clock)

    def _ledger(self, account: str) -> ValkeyLedger:
        return VirtualValkeyLedger(self._server, account, 15.0)


class VirtualValkeyLedger(ValkeyLedger):
    # Nobody waits in a thread of its own: virtual time would go on without it.
    is_remote = False

    def present(self, clock: Clock, seconds: float) -> float:
        return clock.monotonic()

    def seconds(self, clock: Clock) -> float:
        return clock.monotonic()

    def since(self, clock: Clock) -> float:
        return clock.monotonic()

    def wall(self, clock: Clock, now: float) -> datetime:
        return clock.now()


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One call of a schedule, in seconds."""

    at: float
    lasts: float
    operation: str
    key: str | None = None


def run_tasks(limiters: Sequence[Limiter], plan: Sequence[Planned]) -> list[tuple[Planned, Served]]:
    """Make calls as tasks in virtual time, each limiter in turn, in the order of the grants."""
    served: list[tuple[Planned, Served]] = []

    async def call(limiter: Limiter, planned: Planned) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(planned.at)
        with await limiter.take_async(planned.operation, planned.key):
            began = loop.time()
            await asyncio.sleep(planned.lasts)
            served.append((planned, _served(planned, began, loop.time())))

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for number, planned in enumerate(plan):
                group.create_task(call(limiters[number % len(limiters)], planned))

    run_in_virtual_time(main())
    return sorted(served, key=lambda pair: pair[1].began)


def run_threads(
    clock: ThreadClock, limiters: Sequence[Limiter], plan: Sequence[Planned]
) -> list[tuple[Planned, Served]]:
    """Make calls in threads in virtual time, each limiter in turn, in the order of the grants."""
    served: list[tuple[Planned, Served]] = []

    def call(limiter: Limiter, planned: Planned) -> None:
        if planned.at:
            clock.sleep(planned.at)
        with limiter.take(planned.operation, planned.key):
            began = clock.monotonic()
            if planned.lasts:
                clock.sleep(planned.lasts)
            served.append((planned, _served(planned, began, clock.monotonic())))

    clock.run(
        [
            partial(call, limiters[number % len(limiters)], planned)
            for number, planned in enumerate(plan)
        ]
    )
    return sorted(served, key=lambda pair: pair[1].began)


def _served(planned: Planned, began: float, ended: float) -> Served:
    return Served(operation=planned.operation, key=planned.key, began=began, ended=ended)
