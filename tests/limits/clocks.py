"""Clocks of tests: time passes when everybody waits, in threads and in an event loop."""

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import anyio

__all__ = ["START", "LoopClock", "ThreadClock", "run_in_virtual_time"]

T = TypeVar("T")
START = datetime(2024, 10, 2, 3, 4, 5, tzinfo=UTC)  # a Wednesday


class ThreadClock:
    """Moves on to the next who wakes, as soon as all of its threads wait."""

    def __init__(self, start: datetime = START) -> None:
        self.seconds = 100.0
        self.start = start
        self._change = threading.Condition()
        self._running = 0
        self._waiting: dict[int, tuple[float, threading.Event]] = {}

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds - 100.0)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.wait(threading.Event(), seconds)

    async def async_sleep(self, seconds: float) -> None:
        raise NotImplementedError

    async def async_wait(self, event: anyio.Event, seconds: float) -> None:
        raise NotImplementedError

    def wait(self, event: threading.Event, seconds: float) -> None:
        mine = threading.get_ident()
        with self._change:
            until = self.seconds + seconds
            self._waiting[mine] = (until, event)
            self._running -= 1
            self._move_on()
            while not (event.is_set() or self.seconds >= until):
                self._change.wait(20.0)  # a hanging test should end
            del self._waiting[mine]
            self._running += 1

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Run each in a thread of its own; time stands still while any of them runs."""
        errors: list[BaseException] = []

        def worker(work: Callable[[], None]) -> None:
            try:
                work()
            except BaseException as error:
                errors.append(error)
            finally:
                with self._change:
                    self._running -= 1
                    self._move_on()

        self._running = len(works)
        threads = [threading.Thread(target=worker, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        if errors:
            raise errors[0]

    def _move_on(self) -> None:
        if self._running or not self._waiting:
            return
        if not any(event.is_set() for _, event in self._waiting.values()):
            self.seconds = max(self.seconds, min(until for until, _ in self._waiting.values()))
        self._change.notify_all()


class LoopClock:
    """The time of the event loop that runs, see `run_in_virtual_time`."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    def wait(self, event: threading.Event, seconds: float) -> None:
        raise NotImplementedError

    async def async_sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def async_wait(self, event: anyio.Event, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            await event.wait()


class _Hasty(selectors.DefaultSelector):
    """Skips what there is to wait."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self.skipped += timeout
        return found


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._hasty = _Hasty()
        super().__init__(self._hasty)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._hasty.skipped


def run_in_virtual_time(main: Coroutine[Any, Any, T]) -> T:
    """Run in an event loop whose time jumps to the next who wakes."""
    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(main)
