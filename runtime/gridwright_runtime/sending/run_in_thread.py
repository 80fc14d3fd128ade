"""Do in a thread what may wait for a server, so that the event loop stays free."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["run_in_thread"]

T = TypeVar("T")


async def run_in_thread(work: Callable[[], T], undo: Callable[[T], None] | None = None) -> T:
    """Do something in a thread, to its end, even where the caller is cancelled meanwhile.

    What is held is given back in its turn, and what was got is saved; who is cancelled waits for
    that as long as the server is asked, which is some seconds at most.

    Args:
        work: what is to be done.
        undo: takes back what it gave, where the caller is cancelled.
    """
    import anyio  # comes with httpx2; few logins are kept at a server
    from anyio.lowlevel import checkpoint_if_cancelled
    from anyio.to_thread import run_sync

    once = _Once(work)
    cancelled: BaseException | None = None
    while not once.is_done:
        try:
            # A shield holds off anyio's cancellation; asyncio's own comes through, once each time.
            with anyio.CancelScope(shield=True):
                await run_sync(once.run)
        except anyio.get_cancelled_exc_class() as error:
            cancelled = error
    try:
        await checkpoint_if_cancelled()
    except anyio.get_cancelled_exc_class() as error:
        cancelled = error
    if cancelled is None:
        return once.result()
    if undo is not None and once.error is None:
        found = once.result()
        await run_in_thread(lambda: undo(found))
    raise cancelled


class _Once(Generic[T]):
    """Something that is done once, however often it is begun."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._lock = Lock()
        self._found: list[T] = []
        self.error: Exception | None = None
        self.is_done = False

    def run(self) -> None:
        """Do it, or wait until it is done."""
        with self._lock:
            if self.is_done:
                return
            try:
                self._found.append(self._work())
            except Exception as error:
                self.error = error
            self.is_done = True

    def result(self) -> T:
        """Return what it gave, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return self._found[0]
