"""A process of its own that calls, and tells by lines: ``-m tests.limits.worker PLACE WHAT SKEW``.

The place is a folder or the address of a server, the skew how wrong its clocks are, in seconds.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from gridwright_runtime.clock import SystemClock
from gridwright_runtime.errors import LimitError
from gridwright_runtime.limits.files import FileLimitStore
from gridwright_runtime.limits.kinds import (
    ConcurrencyLimit,
    QuotaLimit,
    RateLimit,
    SpacingLimit,
)
from gridwright_runtime.limits.limiter import Limiter
from gridwright_runtime.limits.store import LimitStore
from gridwright_runtime.limits.valkey import ValkeyLimitStore

from .support import limiter_of

# A hundred a second.
RATE = RateLimit(name="rate", requests=20, per_seconds=0.2)
FOUR_AT_ONCE = ConcurrencyLimit(name="four", at_most=4, operations=("change", "undo"))
PAUSE = SpacingLimit(name="pause", wait_seconds=0.02, same="number", operations=("change",))
LONG_PAUSE = SpacingLimit(name="long", wait_seconds=60.0, same="number", operations=("touch",))
HOURLY = RateLimit(name="hourly", requests=3, per_seconds=3600.0, operations=("ask",))
BY_METER = RateLimit(
    name="by_meter", requests=1, per_seconds=3600.0, same="number", operations=("show",)
)
YEARLY = QuotaLimit(name="yearly", requests=3, each="year", operations=("count",))
LONG = (LONG_PAUSE, HOURLY, BY_METER, YEARLY)
ONE_AT_ONCE = ConcurrencyLimit(name="one", at_most=1)
STRESS = (RATE, FOUR_AT_ONCE, PAUSE)
CALLS = 36
THREADS = 3
LEASE_SECONDS = 1.0


class SkewedClock(SystemClock):
    """A clock of another machine: both of its times are off."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return super().monotonic() + 2 * self._seconds


def limiter(
    place: str, *limits: "RateLimit | ConcurrencyLimit | SpacingLimit | QuotaLimit", skew: str = "0"
) -> Limiter:
    store: LimitStore
    if "://" in place:
        store = ValkeyLimitStore(place, lease_seconds=LEASE_SECONDS)
    else:
        store = FileLimitStore(Path(place))
    return limiter_of(*limits, clock=SkewedClock(float(skew)), store=store)


def main(place: str, what: str, skew: str = "0") -> None:
    if what == "stress":
        _stress(limiter(place, *STRESS, skew=skew), time.time if "://" in place else time.monotonic)
        return
    one = limiter(place, ONE_AT_ONCE, skew=skew)
    if what in ("hold", "hold long", "wait then hold"):
        if what == "wait then hold":
            print("waiting", flush=True)
        turn = one.take("look", timeout_seconds=600.0 if what == "hold long" else 0.0)
        print("held", flush=True)
        sys.stdin.readline()
        turn.done()
        print("done", flush=True)
    elif what == "fork":
        turn = one.take("look")
        child = os.fork()
        if child == 0:
            turn.done()  # it is not the child's
            print(f"child {os.getpid()} {_may_go(one)}", flush=True)
        sys.stdin.readline()
    elif what == "obey":
        _obey(limiter(place, FOUR_AT_ONCE, *LONG, skew=skew))
    elif what == "wait":
        print("waiting", flush=True)
        one.take("look").done()
        print("done", flush=True)


def _may_go(one: Limiter) -> bool:
    try:
        one.take("look", wait=False).done()
    except LimitError:
        return False
    return True


def _obey(shared: Limiter) -> None:
    """Take turns as told by lines, keep them, and print how many there were."""
    kept = []
    print("ready", flush=True)
    for text in sys.stdin:
        operation, number = text.split()
        granted = 0
        for _ in range(1 if operation in ("touch", "show") else int(number)):
            try:
                turn = shared.take(operation, number, wait=False)
            except LimitError:
                break
            granted += 1
            if operation == "change":
                kept.append(turn)
            else:
                turn.done()
        print(granted, flush=True)


def _stress(busy: Limiter, present: Callable[[], float]) -> None:
    """Call from threads and tasks; print operation, key, grant and reply of each call."""
    lines: list[str] = []

    def note(operation: str, key: str, granted_at: float) -> None:
        lines.append(f"{operation} {key} {granted_at!r} {present()!r}")

    def in_thread(number: int) -> None:
        for call in range(CALLS // (2 * THREADS)):
            key, operation = _call(number + call)
            with busy.take(operation, key) as turn:
                if call % 2:
                    time.sleep(0.001)  # a reply that takes its time
                note(operation, key, turn.granted_at)

    async def in_task(number: int) -> None:
        for call in range(CALLS // (2 * THREADS)):
            key, operation = _call(number + call)
            with await busy.take_async(operation, key) as turn:
                note(operation, key, turn.granted_at)

    async def in_tasks() -> None:
        await asyncio.gather(*(in_task(number) for number in range(THREADS)))

    print("ready", flush=True)
    sys.stdin.readline()
    threads = [threading.Thread(target=in_thread, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    asyncio.run(in_tasks())
    for thread in threads:
        thread.join()
    print("\n".join(lines))


def _call(number: int) -> tuple[str, str]:
    seed = number * 7 + os.getpid()
    return f"A{seed % 40}", ("look", "change", "undo")[seed % 3]


if __name__ == "__main__":
    main(*sys.argv[1:])
