"""What wakes one that waits, from any thread: one kind for threads, one for tasks."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

__all__ = ["Bell", "TaskBell", "ThreadBell"]


class Bell(Protocol):
    """Wakes one waiter."""

    alarm: float
    """When it wakes by itself, in seconds of the store's clock."""
    is_known: bool
    """Whether it knows when it may go, if nobody in front gives up."""
    rung: bool
    """Whether it was rung since it was last set."""

    def ring(self) -> None:
        """Wake the waiter, from whatever thread."""

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be rung again."""


class ThreadBell:
    """Wakes a thread."""

    __slots__ = ("alarm", "event", "is_known", "rung")

    def __init__(self) -> None:
        self.alarm, self.is_known = 0.0, False
        self.rung = False
        self.event = threading.Event()

    def ring(self) -> None:
        """Wake the thread."""
        self.rung = True
        self.event.set()

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be rung again."""
        self.alarm, self.is_known = alarm, is_known
        self.rung = False
        self.event.clear()


class TaskBell:
    """Wakes a task; made and set in its event loop."""

    __slots__ = ("_call_soon", "_make", "alarm", "event", "is_known", "rung")

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
        self.rung = False
        self.event: anyio.Event = anyio.Event()

    def ring(self) -> None:
        """Wake the task."""
        if not self.rung:
            self.rung = True
            with suppress(RuntimeError):  # its loop is closed, and nobody waits any more
                self._call_soon(self.event.set)

    def set(self, alarm: float, is_known: bool) -> None:
        """Get ready to be rung again."""
        self.alarm, self.is_known = alarm, is_known
        if self.rung:
            self.rung = False
            self.event = self._make()
