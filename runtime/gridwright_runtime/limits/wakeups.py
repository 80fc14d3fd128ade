"""Wake a waiting thread or task from any thread."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

__all__ = ["TaskWakeup", "ThreadWakeup", "Wakeup"]


class Wakeup(Protocol):
    """Wakes one waiter."""

    alarm: float
    """When it wakes by itself, in seconds of the store's clock."""
    is_known: bool
    """Whether it knows when it may go, if nobody in front gives up."""
    is_woken: bool
    """Whether it was woken since it was last set."""

    def wake(self) -> None:
        """Wake the waiter, from whatever thread."""

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be woken again."""


class ThreadWakeup:
    """Wakes a thread."""

    __slots__ = ("alarm", "event", "is_known", "is_woken")

    def __init__(self) -> None:
        self.alarm, self.is_known = 0.0, False
        self.is_woken = False
        self.event = threading.Event()

    def wake(self) -> None:
        """Wake the thread."""
        self.is_woken = True
        self.event.set()

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be woken again."""
        self.alarm, self.is_known = alarm, is_known
        self.is_woken = False
        self.event.clear()


class TaskWakeup:
    """Wakes a task; made and set in its event loop."""

    __slots__ = ("_call_soon", "_make", "alarm", "event", "is_known", "is_woken")

    def __init__(self) -> None:
        import anyio  # comes with httpx2
        from anyio.lowlevel import current_token

        loop: Any = current_token().native_token  # of asyncio or trio, each with its own word
        is_asyncio = hasattr(loop, "call_soon_threadsafe")
        self._call_soon: Callable[[Callable[[], object]], object] = (
            loop.call_soon_threadsafe if is_asyncio else loop.run_sync_soon
        )
        self._make = anyio.Event
        self.alarm, self.is_known = 0.0, False
        self.is_woken = False
        self.event: anyio.Event = anyio.Event()

    def wake(self) -> None:
        """Wake the task."""
        if not self.is_woken:
            self.is_woken = True
            with suppress(RuntimeError):  # its loop is closed, and nobody waits any more
                self._call_soon(self.event.set)

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be woken again."""
        self.alarm, self.is_known = alarm, is_known
        if self.is_woken:
            self.is_woken = False
            self.event = self._make()
