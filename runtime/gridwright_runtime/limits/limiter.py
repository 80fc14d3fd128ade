"""Give calls their turns: a limiter for threads and one for tasks, over the same queue."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from msgspec import structs

from ..clock import AlarmClock, Clock, SystemClock
from ..errors import StoreError
from ..shared_server.address import address_in_environment
from .granted_turn import Turn
from .kinds import Limits, Scope
from .queue import AccountQueue, RuleContext
from .rules import RuleBook
from .store import PROCESS_STORE, LimitStore, account_of
from .turn_request import LONG_SECONDS, Delay, TurnRequest, WantedTurn
from .wakeups import TaskWakeup, ThreadWakeup

__all__ = ["Limiter", "Turn", "counting_key"]


class Limiter:
    """The limits of one system for one company.

    All limiters with the same server, account and store share one queue: threads and tasks,
    sync and async, and with a `FileLimitStore` the processes of one user on this machine. Safe
    to share between threads and event loops.

    Args:
        limits: of the system.
        system: name of the system, for errors.
        server: what the limits are kept for, such as the address of the service.
        account: who they are kept for, such as the company's id. Only a hash of it is stored.
        credentials: what tells one set of credentials from another; only a hash is stored, too.
            Limits of scope ``account`` are kept for it, those of ``host`` for all of ``host``.
            Where limits of several scopes meet, all are kept for the widest: none is broken, and
            calls may wait longer than they must.
        host: of the server; by default ``server``.
        store: where calls and queue are kept; by default at the server that ``GRIDWRIGHT_STORE``
            names, else in a `FileLimitStore` in the user's cache folder, or with a clock that is
            not the machine's, which no other process has, `PROCESS_STORE`.
        clock: tells the time and waits; by default the machine's clock.
        margin_seconds: added to the time of each rate and spacing, for requests that do not all
            take the same time to the server. A turn that is older when it should be used is given
            back; with 0, only one that is a quarter of a second old.
        unanswered_seconds: how long the server may be at work on a request after the client gave
            up on it, or ended; what it holds is taken for so long.
        unknown_is_same: whether calls of which it is not known what they touch touch the same;
            else spacings do not concern them.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        system: str,
        server: str,
        account: str,
        store: LimitStore | None = None,
        clock: Clock | None = None,
        margin_seconds: float = 0.04,
        unanswered_seconds: float = 1.0,
        unknown_is_same: bool = False,
        credentials: str = "",
        host: str = "",
    ) -> None:
        if margin_seconds < 0 or unanswered_seconds < 0:
            raise ValueError("margin_seconds and unanswered_seconds must be 0 or more")
        self._system = system
        server, account = counting_key(
            limits.scope, server=server, host=host, company=account, credentials=credentials
        )
        self._account = account_of(server, account)
        self._secret = sha256(f"keys\n{server}\n{account}".encode()).digest()
        self._store = store
        clock = clock or SystemClock()
        self._context = RuleContext(RuleBook(limits, margin_seconds, unanswered_seconds), clock)
        self._alarm: AlarmClock | None = clock if isinstance(clock, AlarmClock) else None
        self._unknown_is_same = unknown_is_same
        self._queue: AccountQueue | None = None
        self._logged_until: datetime | None = None

    def take(
        self,
        operation: str,
        key: str | Mapping[str, str | None] | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Wait for the turn of one request; each repetition takes another.

        Args:
            operation: the name of the operation.
            key: what it touches, such as the number of the application; where limits go by several
                arguments, values by name of the argument. None: not known.
            timeout_seconds: how long the call may run, at most; it must end before the service
                closes.
            within_seconds: how long to wait for the turn, at most; None: as long as need be.
            wait: False: raise where it is not the call's turn at once.
            again: the call had a turn and gave it back unspent: it stands in front of the others.

        Raises:
            ClosedHoursError: the service is closed and the call may not wait so long, or it would
                close before the call is over; ``opens_at`` says until when.
            LimitError: it does not wait, or would wait too long; ``retry_at`` says when it may go
                at the earliest, where that is known.
            ConfigurationError: there is nowhere to keep limits.
        """
        if not self._context.book.is_limited(operation):
            return self._free_turn()
        request = self._request(operation, key, timeout_seconds, within_seconds, wait, again)
        for attempt in count():
            turn = self._wait(self._turn_request(request))
            if turn.is_current():
                break
            turn.unspent()
            self._require_near(attempt)
            request = structs.replace(request, again=True)
        return turn

    async def take_async(
        self,
        operation: str,
        key: str | Mapping[str, str | None] | None = None,
        *,
        timeout_seconds: float = 0.0,
        within_seconds: float | None = None,
        wait: bool = True,
        again: bool = False,
    ) -> Turn:
        """Wait for the turn of one request, leaving the event loop free; see `take`.

        A task that is cancelled gives its place back.
        """
        if not self._context.book.is_limited(operation):
            return self._free_turn()
        request = self._request(operation, key, timeout_seconds, within_seconds, wait, again)
        for attempt in count():
            turn = await self._wait_async(self._turn_request(request))
            if turn.is_current():
                break
            turn.unspent()
            self._require_near(attempt)
            request = structs.replace(request, again=True)
        return turn

    def is_limited(self, operation: str) -> bool:
        """Say whether any limit is about an operation."""
        return self._context.book.is_limited(operation)

    def note_reply(self, operation: str, key: str | Mapping[str, str | None]) -> None:
        """Note that a reply that just came was about something that its request did not name.

        An application gets its number by the reply: from then on, spacings hold for it. Never
        waits.

        Args:
            operation: the name of the operation.
            key: what the reply names, as in `take`.
        """
        if self._context.book.is_limited(operation):
            request = self._request(operation, key, 0.0, None, wait=False)
            self._turn_request(request).note_reply()

    def note_used_up(
        self,
        operation: str,
        limit: str,
        key: str | Mapping[str, str | None] | None = None,
    ) -> datetime | None:
        """Note that the service just said that a limit is used up: nothing leaves until it resets.

        Never waits.

        Args:
            operation: the name of the operation that was refused.
            limit: the name of a rate or a quota.
            key: what the call touched, as in `take`: it alone is used up, where the limit is
                counted by values.

        Returns:
            Until when; None: the operation has no such limit.
        """
        if not self._context.book.is_limited(operation):
            return None
        request = self._request(operation, key, 0.0, None, wait=False)
        return self._turn_request(request).note_used_up(limit)

    def __repr__(self) -> str:
        return f"<limits of {self._system}>"

    def _request(
        self,
        operation: str,
        key: str | Mapping[str, str | None] | None,
        timeout_seconds: float,
        within_seconds: float | None,
        wait: bool,
        again: bool = False,
    ) -> WantedTurn:
        values: tuple[tuple[str, str | None], ...]
        values = tuple(key.items()) if isinstance(key, Mapping) else (("", key),)
        return WantedTurn(
            self._system, operation, values, timeout_seconds, within_seconds, wait, again
        )

    def _free_turn(self) -> Turn:
        now = self._context.clock.monotonic()
        return Turn(None, self._context, 0, False, granted_at=now, since=now)

    def _turn_request(self, request: WantedTurn) -> TurnRequest:
        queue = self._queue
        if queue is None or queue.is_foreign:
            if self._store is None:
                self._store = _default_store(self._context.clock)
            queue = self._queue = self._store.queue(self._account, self._context.clock)
        return TurnRequest(queue, self._context, request, self._secret, self._unknown_is_same)

    def _wait(self, pending: TurnRequest) -> Turn:
        try:
            while True:
                found = pending.step(ThreadWakeup)
                if isinstance(found, Turn):
                    return found
                if found <= 0:
                    continue
                if pending.delay is not None:
                    self._log(pending.delay, pending.operation)
                found = max(found, _LEAST_SECONDS)
                wakeup = pending.wakeup
                if self._alarm is not None and isinstance(wakeup, ThreadWakeup):
                    self._alarm.wait(wakeup.event, found)
                else:
                    self._context.clock.sleep(found)
        except BaseException:
            pending.withdraw()
            raise

    def _log(self, delay: Delay, operation: str) -> None:
        """Log that a long wait begins: once for all that wait for the same."""
        logged = self._logged_until
        if logged is not None and delay.until - logged < timedelta(seconds=LONG_SECONDS):
            return
        self._logged_until = delay.until
        _LOGGER.info(
            "%s: %s waits until %s: %s",
            self._system,
            operation,
            delay.until.isoformat(timespec="seconds"),
            delay.said,
            extra={"delay": delay},
        )

    def _require_near(self, attempt: int) -> None:
        """Say that turns are too old when they come, again and again.

        Raises:
            StoreError: they come from too far away.
        """
        queue = self._queue
        if attempt >= _MOST_STALE and queue is not None and queue.ledger.is_remote:
            raise StoreError(
                f"{self._system}: turns take longer than {self._context.book.margin_seconds} s "
                "from the server that keeps the limits, and are too old when they come: nothing "
                "was sent. Keep limits at a server nearer to this machine, or give the machine "
                "less to do"
            )

    async def _wait_async(self, pending: TurnRequest) -> Turn:
        try:
            while True:
                if pending.is_remote:
                    from .ask_in_thread import ask_in_thread  # most limits are kept on this machine

                    found = await ask_in_thread(pending)
                else:
                    found = pending.step(TaskWakeup)
                if isinstance(found, Turn):
                    return found
                if found <= 0:
                    continue
                if pending.delay is not None:
                    self._log(pending.delay, pending.operation)
                found = max(found, _LEAST_SECONDS)
                wakeup = pending.wakeup
                if self._alarm is not None and isinstance(wakeup, TaskWakeup):
                    await self._alarm.async_wait(wakeup.event, found)
                else:
                    from anyio.lowlevel import checkpoint

                    await checkpoint()  # an injected clock need not leave the loop
                    await self._context.clock.async_sleep(found)
        except BaseException:
            pending.withdraw()
            raise


def counting_key(
    scope: Scope, *, server: str, host: str, company: str, credentials: str
) -> tuple[str, str]:
    """Return the server and the account by which calls are counted, for `account_of`."""
    if scope == "host":
        return host or server, "every account"
    # No company has a line break in its name.
    return server, f"credentials\n{credentials}" if scope == "account" else company


def _default_store(clock: Clock) -> LimitStore:
    if not isinstance(clock, SystemClock):
        return PROCESS_STORE
    if url := address_in_environment():
        from .valkey import ValkeyLimitStore

        return ValkeyLimitStore(url)
    from .files import FileLimitStore  # most tests need none

    return FileLimitStore()


_LOGGER = logging.getLogger("gridwright")
_MOST_STALE = 20
# A clock may count in microseconds, and must move on.
_LEAST_SECONDS = 1e-5
