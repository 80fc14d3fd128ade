"""The interface of stores for the state of limits, and a store in memory."""

import os
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from secrets import randbits
from typing import Protocol

from ..clock import Clock, SystemClock
from .ledger import Held
from .queue import AccountQueue
from .scheduling import rebase
from .state import State

__all__ = ["PROCESS_STORE", "LimitStore", "MemoryLimitStore", "account_of"]


class LimitStore(Protocol):
    """Keeps the state of each account; an account is a hash, see `account_of`."""

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        """Return where the calls of this process wait for an account: always the same.

        A forked child has another than its parent.

        Raises:
            ConfigurationError: there is nowhere to keep limits.
        """


class MemoryLimitStore:
    """Keeps limits for as long as it lives, for the clients of one process that are given it.

    Clients that share an account share its limits only where they also share a clock; all
    `SystemClock` are one.
    """

    def __init__(self) -> None:
        self._queues: dict[tuple[int, str, int], tuple[AccountQueue, Clock]] = {}

    def queue(self, account: str, clock: Clock) -> AccountQueue:
        """Return where calls wait for an account; see `LimitStore`."""
        kind = 0 if type(clock) is SystemClock else id(clock)
        key = (os.getpid(), account, kind)
        found = self._queues.get(key)
        if found is None:
            # setdefault is atomic; a lock might be held by another thread during a fork. The clock
            # is kept so that its id stays its own.
            found = self._queues.setdefault(key, (AccountQueue(MemoryLedger()), clock))
        return found[0]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class MemoryLedger:
    """The state of one account in one process; its queue alone guards it."""

    is_shared = False
    is_remote = False
    ends_by_time = False
    unseen_seconds = 0.0
    beat_seconds = 0.0
    freed_when_held = 0
    busy = "another thread holds the limits and does not go on"

    def __init__(self) -> None:
        self.owner = randbits(60)
        self._state = State()
        self._now = 0.0

    def hold(self, clock: Clock) -> Held:
        """Take the state."""
        now = clock.monotonic()
        if now < self._now:  # of a clock that is set back, in a test
            rebase(self._state, now - self._now)
        self._now = now
        return Held(self._state, now, False)

    def save(self, state: State, *, frees: bool) -> bool:
        """Nothing need be saved."""
        return True

    def let_go(self) -> None:
        """Nobody else waits for it."""

    def freed(self) -> int:
        """Nobody else changes it."""
        return 0

    def mark(self, *, holds: bool) -> None:
        """Nobody else looks."""

    def holders(self) -> set[int]:
        """Nobody else has part in it."""
        return set()

    def common_place(self, owners: Collection[int]) -> int:
        """Nobody else has part in it."""
        return 0

    def ended(self, owners: Collection[int]) -> set[int]:
        """Nobody else has part in it."""
        return set()

    def seconds(self, clock: Clock) -> float:
        """Return what the clock says: the machine has one."""
        return clock.monotonic()

    def since(self, clock: Clock) -> float:
        """Return what it says."""
        return clock.monotonic()

    def wall(self, clock: Clock, now: float) -> datetime:
        """Return what it says."""
        return clock.now()


def account_of(server: str, account: str) -> str:
    """Return the name of an account: the same for all clients of one company at one server."""
    return sha256(f"limits\n{server}\n{account}".encode()).hexdigest()[:32]


PROCESS_STORE = MemoryLimitStore()
"""Shared by all clients of a process that are given it."""
