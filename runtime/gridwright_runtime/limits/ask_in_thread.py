"""Ask for a turn in a thread where the store is remote, so that the event loop stays free."""

from threading import Lock

from .granted_turn import Turn
from .turn_request import TurnRequest
from .wakeups import TaskWakeup

__all__ = ["ask_in_thread"]


async def ask_in_thread(pending: TurnRequest) -> Turn | float:
    """Ask whether it is a call's turn, leaving the event loop free; see `TurnRequest.step`."""
    from anyio.to_thread import run_sync  # comes with httpx2

    asking = _Asking(pending, TaskWakeup())
    try:
        return await run_sync(asking.run, abandon_on_cancel=True)
    except BaseException:
        asking.abandon()
        raise


class _Asking:
    """One question; what comes of it when nobody waits for it any more is given back."""

    def __init__(self, pending: TurnRequest, wakeup: TaskWakeup) -> None:
        self._pending = pending
        self._wakeup = wakeup
        self._lock = Lock()
        self._is_abandoned = False

    def run(self) -> Turn | float:
        """Ask, in whatever thread."""
        found: Turn | float | None = None
        try:
            found = self._pending.step(lambda: self._wakeup)
            return found
        finally:
            with self._lock:
                is_abandoned = self._is_abandoned
            if is_abandoned:
                if isinstance(found, Turn):
                    found.unspent()
                self._pending.withdraw()

    def abandon(self) -> None:
        """Say that nobody waits for the answer."""
        with self._lock:
            self._is_abandoned = True
