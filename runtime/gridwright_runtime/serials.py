"""Numbers for requests that only grow. Never sends."""

import os
from threading import Lock

from .clock import Clock

__all__ = ["Serials"]


class Serials:
    """Numbers that only grow, also from one process to the next that follows it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_process: dict[int, tuple[Lock, list[int]]] = {}

    def next(self) -> str:
        """Return the next number: microseconds, or one more than the last."""
        lock, last = self._by_process.setdefault(os.getpid(), (Lock(), [0]))
        with lock:
            last[0] = max(last[0] + 1, int(self._clock.now().timestamp() * 1_000_000))
            return str(last[0])
