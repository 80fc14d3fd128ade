"""Give numbers that only grow, for requests that are told apart by a number in sequence."""

import os
import threading
import time
from collections.abc import Callable

__all__ = ["SerialNumbers", "next_serial"]


class SerialNumbers:
    """Numbers each of which is larger than all before it, whatever the threads that ask.

    A number is the time in microseconds and three digits of the process, so that processes and
    restarts of one machine share no number, and a later one gives larger numbers. A clock that is
    set back does not make them smaller.
    """

    def __init__(
        self, now: Callable[[], int] = time.time_ns, process: Callable[[], int] = os.getpid
    ) -> None:
        """Begin at the present.

        Args:
            now: the time since 1970 in nanoseconds.
            process: the number of the process, asked each time, since a process may fork.
        """
        self._now = now
        self._process = process
        self._last = 0
        # By process: a child that was forked off must not inherit a lock that is held.
        self._locks: dict[int, threading.Lock] = {}

    def next(self) -> str:
        """Return the next number, as text of digits alone."""
        with self._locks.setdefault(os.getpid(), threading.Lock()):
            self._last = max(self._now() // 1000, self._last + 1)
            return f"{self._last}{self._process() % 1000:03d}"


def next_serial() -> str:
    """Return a number larger than all that this process has given."""
    return _NUMBERS.next()


_NUMBERS = SerialNumbers()
