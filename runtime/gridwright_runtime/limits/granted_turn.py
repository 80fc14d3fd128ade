"""A granted turn: permission to send one request, until it is given back."""

from .queue import AccountQueue, RuleContext, Work
from .scheduling import finish

__all__ = ["STALE_SECONDS", "Turn"]

STALE_SECONDS = 0.25
"""How old a turn may ever be when it is used; older ones are of a process that was stopped."""


class Turn:
    """Permission to send one request; give it back with `done`, or use it in ``with``.

    Where nothing is sent after all, give it back with `unspent`: then it counts for nothing.

    In ``with``, a block that raises counts as unanswered.
    """

    __slots__ = (
        "_context",
        "_holds",
        "_id",
        "_is_over",
        "_queue",
        "_since",
        "_take_back",
        "granted_at",
    )

    def __init__(
        self,
        queue: AccountQueue | None,
        context: RuleContext,
        call_id: int,
        holds: bool,
        *,
        granted_at: float,
        since: float,
        take_back: Work[bool] | None = None,
    ) -> None:
        self._holds = holds
        self._is_over = False
        self._take_back = take_back
        self._queue = queue
        self._context = context
        self._id = call_id
        self._since = since
        self.granted_at = granted_at
        """In seconds of the store's clock: what rates are counted by."""

    def done(self, *, answered: bool = True) -> None:
        """Give the turn back, at the time of the reply; once is enough, more do nothing.

        Never waits, and may be called from any thread, and while a task is being cancelled.

        Args:
            answered: whether the server is done with the request for certain: its reply is here as
                a whole, or the request never left. Else the server may still be at work on it, and
                what it holds stays taken for the ``unanswered_seconds`` of the limiter.
        """
        is_over, self._is_over = self._is_over, True
        if is_over or not self._holds or self._queue is None:
            return
        call_id, at = self._id, self._queue.ledger.seconds(self._context.clock)
        self._queue.calls.pop(call_id, None)
        self._queue.give_back(
            self._context,
            lambda state, rules, now: finish(
                state, rules, call_id, min(at, now), answered=answered
            ),
        )

    def unspent(self) -> None:
        """Give the turn back as if it had never been granted: nothing was sent by it.

        Never waits, like `done`; after that, or after `done`, it does nothing.
        """
        is_over, self._is_over = self._is_over, True
        if is_over or self._queue is None or self._take_back is None:
            return
        self._queue.calls.pop(self._id, None)
        self._queue.give_back(self._context, self._take_back)

    def is_current(self) -> bool:
        """Say whether the turn was granted just now, so that it may still be used.

        Ask this right before sending. A request that leaves later than the margin of the limits
        allows for, since its process was stopped or still loads modules, would come too close to
        the next one: such a turn must be given back, and another one taken.
        """
        if self._queue is None:
            return True  # of an operation without limits: no time is anybody else's
        late = min(STALE_SECONDS, self._context.book.margin_seconds or STALE_SECONDS)
        return self._context.clock.monotonic() - self._since <= late

    def __enter__(self) -> "Turn":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.done(answered=kind is None)

    def __del__(self) -> None:
        if self._holds and not self._is_over:  # forgotten
            self.done(answered=False)

    def __repr__(self) -> str:
        return "<turn>"
